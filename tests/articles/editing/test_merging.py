from datetime import UTC, date, datetime

import pytest
from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils import translation

from articles.editing import PlainText
from articles.editing.merging import (
    Opened,
    Outcome,
    RowOutcome,
    as_text,
    digest,
    outcome,
    row_outcome,
    stored,
)
from articles.models import Publisher


@pytest.mark.parametrize(
    ("shown", "now", "typed", "becomes"),
    [
        ("a", "a", "a", Outcome.SETTLED),
        ("a", "a", "b", Outcome.MINE),
        ("a", "b", "a", Outcome.THEIRS),
        ("a", "b", "b", Outcome.SETTLED),  # both typed the same
        ("a", "b", "c", Outcome.CLASH),
        (None, "a", "a", Outcome.SETTLED),
        (None, "a", "b", Outcome.CLASH),  # who doesn't say what they saw overwrites nothing
        (None, digest(""), "b", Outcome.MINE),  # but what is empty
        ("forged", "a", "b", Outcome.CLASH),
    ],
)
def test_a_field_is_merged_on_what_the_form_showed(shown, now, typed, becomes):
    assert outcome(shown, now, typed) == becomes


ONE, OTHER, THIRD = {"stage": "a"}, {"stage": "b"}, {"stage": "c"}


@pytest.mark.parametrize(
    ("shown", "now", "typed", "ticked", "becomes"),
    [
        (ONE, ONE, OTHER, False, RowOutcome.MERGED),
        (ONE, OTHER, THIRD, False, RowOutcome.MERGED),  # its fields may clash
        (None, ONE, None, False, RowOutcome.ADDED),
        (ONE, OTHER, None, False, RowOutcome.LEFT),
        (ONE, ONE, ONE, True, RowOutcome.DELETED),
        (ONE, ONE, OTHER, True, RowOutcome.DELETED),
        (ONE, OTHER, ONE, True, RowOutcome.CHANGED),
        (None, ONE, ONE, True, RowOutcome.CHANGED),
        (ONE, None, ONE, False, RowOutcome.GONE),
        (ONE, None, OTHER, True, RowOutcome.GONE),
        (ONE, None, OTHER, False, RowOutcome.REVIVED),
        (None, None, OTHER, False, RowOutcome.REVIVED),
    ],
)
def test_a_row_is_merged_as_a_whole(shown, now, typed, ticked, becomes):
    assert row_outcome(shown, now, typed, ticked) == becomes


class Typing(forms.Form):
    text = PlainText(required=False, widget=forms.Textarea)
    day = forms.DateField(required=False)
    hour = forms.SplitDateTimeField(required=False, widget=AdminSplitDateTime)
    sure = forms.BooleanField(required=False)
    count = forms.IntegerField(required=False)
    stage = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    one = forms.ModelChoiceField(Publisher.objects.all(), required=False)
    some = forms.ModelMultipleChoiceField(Publisher.objects.all(), required=False)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", ""),
        ("text", None),
        ("text", "Deux lignes.\n\nÀ l’œil nu."),
        ("day", None),
        ("day", date(2022, 3, 9)),
        ("hour", None),
        ("hour", datetime(2022, 3, 9, 7, 30, 5, 999, tzinfo=UTC)),
        ("sure", True),
        ("sure", False),
        ("count", 0),
        ("count", None),
        ("count", 1234),
        ("stage", "b"),
        ("one", None),
        ("one", 7),
        ("some", []),
        ("some", [9, 10]),
    ],
)
def test_what_is_sent_back_untouched_reads_like_what_is_stored(rf, language, name, value):
    """A browser writes a line feed as two characters, and a day in the editor's language."""
    with translation.override(language):
        bound = Typing(initial={name: value})[name]
        sent = {
            key: [text.replace("\n", "\r\n") for text in texts]
            for key, texts in stored(bound).items()
        }
        returned = Typing(rf.post("/", sent).POST)[name]

        assert as_text(bound.field, returned.data) == as_text(bound.field, bound.initial)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("text", {"text": "\0\ud800"}),
        ("day", {"day": "9" * 5000}),
        ("hour", {"hour_0": "x"}),
        ("count", {"count": "9" * 5000}),
        ("one", {"one": "nobody"}),
        ("some", {"some": ["x", "9" * 40]}),
        ("stage", {}),
    ],
)
def test_no_hostile_value_fails(name, sent):
    field = Typing.base_fields[name]
    value = sent["some"] if name == "some" else field.widget.value_from_datadict(sent, {}, name)

    assert len(digest(as_text(field, value))) == 12


def test_what_a_form_showed_travels_in_one_line():
    opened = Opened()
    opened.digests |= {"title": digest("a"), "names-7-kind": digest("b"), "names-71-kind": "c"}

    again = Opened(str(opened))

    assert again.digests == opened.digests
    assert again.row("names-7") == {"kind": digest("b")}
    assert again.row("names-8") is None


@pytest.mark.parametrize("said", ["", "::: \0 : a", "title", "{}", "a:b:c " * 1000])
def test_nonsense_says_nothing(said):
    assert Opened(said).digests.get("title") in {None, ""}
