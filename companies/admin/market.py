"""A market as an editor writes it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.editing import PlainText
from articles.search import words
from companies.countries import NAMES, country_name

CODES = {" ".join(words(name)): code for names in NAMES.values() for code, name in names.items()}


class MarketField(PlainText):
    """A country, by its code or by its name in French or English."""

    def prepare_value(self, value):
        return country_name(value) if value in NAMES["en"] else value

    def to_python(self, value):
        value = super().to_python(value)
        code = value.upper() if value.upper() in NAMES["en"] else CODES.get(" ".join(words(value)))
        if value and not code:
            raise ValidationError(
                _("“%(name)s” is no country that we know."), params={"name": value}
            )
        return code or ""
