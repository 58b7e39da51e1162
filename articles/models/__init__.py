from articles.models.act import Act, ActRow
from articles.models.article import EXTRACT_LENGTH, Article, is_public
from articles.models.correction import Correction
from articles.models.entry import Entry
from articles.models.publisher import Publisher, Topic, in_both, in_language
from articles.models.reception import Import, Receipt, ReceivedFile
from articles.models.redaction import MARKER, Redaction, concealed
from articles.models.story import Fingerprint, Story, StoryLink
from articles.models.version import Version

__all__ = [
    "EXTRACT_LENGTH",
    "MARKER",
    "Act",
    "ActRow",
    "Article",
    "Correction",
    "Entry",
    "Fingerprint",
    "Import",
    "Publisher",
    "Receipt",
    "ReceivedFile",
    "Redaction",
    "Story",
    "StoryLink",
    "Topic",
    "Version",
    "concealed",
    "in_both",
    "in_language",
    "is_public",
]
