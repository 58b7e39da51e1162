"""A first title for an announcement, made of its measures. Needs no database."""

from collections.abc import Iterable

from babel.lists import format_list
from django.utils import translation
from django.utils.functional import Promise

from companies.countries import country_name

COLON = {"fr": "\u00a0: ", "en": ": "}
LONGEST = 300  # characters of a title


def proposed_title(company: str, measures: Iterable[tuple[Promise, str]], language: str) -> str:
    """“Amazon: suspension (Russia and Belarus)”, in French ("fr") or English ("en").

    `measures` are (label of the action, ISO 3166-1 alpha-2), the weightiest action first.
    """
    places = {}
    with translation.override(language):
        for label, market in measures:
            places.setdefault(str(label).lower(), {})[country_name(market)] = None
        said = [
            f"{label} ({format_list([*names], locale=language)})" for label, names in places.items()
        ]
    return f"{company}{COLON[language]}{', '.join(said)}"[:LONGEST]
