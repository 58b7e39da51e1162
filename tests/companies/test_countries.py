import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from companies.countries import NAMES, country_choices, country_name, validate_country


def test_iso_3166_1_names_249_countries():
    """CLDR adds Kosovo, whose code XK is of common use but no part of the standard."""
    assert len(set(NAMES["en"]) - {"XK"}) == 249
    assert set(NAMES["fr"]) == set(NAMES["en"])


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        ("fr", "RU", "Russie"),
        ("en", "RU", "Russia"),
        ("fr", "BY", "Biélorussie"),
        ("de", "RU", "Russie"),
        ("fr", "XX", "XX"),
        ("fr", "", ""),
    ],
)
def test_country_name(language, code, name):
    with translation.override(language):
        assert country_name(code) == name


def test_choices_are_in_the_order_of_names():
    with translation.override("fr"):
        choices = country_choices()

    assert ("DE", "Allemagne") in choices
    names = [name for _code, name in choices]
    some = ["Bénin", "Bermudes", "Égypte", "Fidji", "Îles Åland", "Zimbabwe"]
    assert sorted(some, key=names.index) == some


@pytest.mark.parametrize("code", ["", "ru", "XX", "RUS", "EU", "ZZ", "R", "42", "ＲＵ"])
def test_what_is_no_country_is_refused(code):
    validate_country("RU")

    with pytest.raises(ValidationError):
        validate_country(code)
