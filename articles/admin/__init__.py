"""The editors' door to the archive."""

from articles.admin.article import (
    ArticleAdmin,
    PublisherAdmin,
    StoryLinkAdmin,
    TopicAdmin,
    VersionAdmin,
)
from articles.admin.reception import ImportAdmin, ReceiptAdmin

__all__ = [
    "ArticleAdmin",
    "ImportAdmin",
    "PublisherAdmin",
    "ReceiptAdmin",
    "StoryLinkAdmin",
    "TopicAdmin",
    "VersionAdmin",
]
