"""What the admin's forms take: plain text, and records chosen by suggestions."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models

from articles.text import clean


class PlainText(forms.CharField):
    """What an editor types, cleaned as the archive keeps text."""

    def to_python(self, value):
        return clean(super().to_python(value))


PLAIN_TEXT = {
    models.CharField: {"form_class": PlainText},
    models.TextField: {"form_class": PlainText},
    models.SlugField: {},  # a CharField that checks more than PlainText does
    models.URLField: {"assume_scheme": "https"},
}


def is_key(text):
    """Could it be a record's key? Keys have 64 bits."""
    return text.isascii() and text.isdecimal() and len(text) < 19


class KnownKeys:
    """Before a widget of suggestions: a hostile key chooses nothing, instead of failing."""

    def optgroups(self, name, value, attr=None):
        known = [key for key in value if is_key(str(key))]
        return super().optgroups(name, known, attr)


class RecordSelect(KnownKeys, AutocompleteSelect):
    pass


class RecordSelectMultiple(KnownKeys, AutocompleteSelectMultiple):
    pass


class Suggesting:
    """Before an admin or an inline: its `autocomplete_fields` get the widgets above."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", RecordSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", RecordSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)
