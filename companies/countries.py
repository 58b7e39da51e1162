"""Countries: ISO 3166-1 alpha-2 codes with CLDR's names in French and English."""

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from articles.search import alphabetical

# Two letters in CLDR, but no country of ISO 3166-1.
NOT_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())
NAMES = {
    language: {
        code: name
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    }
    for language in ("fr", "en")
}


def country_name(code):
    """The country's name in the reader's language; an unknown code is its own name."""
    language = "en" if (translation.get_language() or "fr").startswith("en") else "fr"
    return NAMES[language].get(code, code)


def country_choices():
    """(code, name) pairs in the order of the reader's alphabet."""
    return alphabetical((code, country_name(code)) for code in NAMES["en"])


def validate_country(code):
    if code not in NAMES["en"]:
        raise ValidationError(
            _("“%(code)s” is no country code; two capital letters of ISO 3166-1, for instance RU."),
            params={"code": code},
        )
