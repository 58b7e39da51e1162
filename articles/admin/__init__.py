"""The editors' door to the archive."""

from articles.admin.act import ActAdmin
from articles.admin.article import ArticleAdmin
from articles.admin.publisher import PublisherAdmin, TopicAdmin
from articles.admin.reception import ImportAdmin, ReceiptAdmin
from articles.admin.story import StoryAdmin, StoryLinkAdmin
from articles.admin.version import VersionAdmin

__all__ = [
    "ActAdmin",
    "ArticleAdmin",
    "ImportAdmin",
    "PublisherAdmin",
    "ReceiptAdmin",
    "StoryAdmin",
    "StoryLinkAdmin",
    "TopicAdmin",
    "VersionAdmin",
]
