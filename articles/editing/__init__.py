"""What every record of the admin shares: history, plain text, our index, and
refusals that lose nothing of what an editor typed."""

from articles.editing.doubles import CONFIRMED, Double, Doubling
from articles.editing.fields import PLAIN_TEXT, PlainText, RecordSelect, is_key
from articles.editing.forms import (
    NoteForm,
    Paged,
    ReadOnlyInline,
    RecordForm,
    RecordFormSet,
    RecordInline,
)
from articles.editing.lists import MineFilter, QueueFilter, RecordList
from articles.editing.meanwhile import kept_in_words
from articles.editing.merging import Opened, in_words
from articles.editing.naming import called
from articles.editing.records import RecordAdmin
from articles.editing.refusals import refused_by_database
from articles.editing.together import shown_by
from articles.editing.undoing import undo

__all__ = [
    "CONFIRMED",
    "PLAIN_TEXT",
    "Double",
    "Doubling",
    "MineFilter",
    "NoteForm",
    "Opened",
    "Paged",
    "PlainText",
    "QueueFilter",
    "ReadOnlyInline",
    "RecordAdmin",
    "RecordForm",
    "RecordFormSet",
    "RecordInline",
    "RecordList",
    "RecordSelect",
    "called",
    "in_words",
    "is_key",
    "kept_in_words",
    "refused_by_database",
    "shown_by",
    "undo",
]
