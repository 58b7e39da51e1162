"""What waits for an editor: each queue is a question to the database, never a row pushed."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Receipt, StoryLink
from companies.models import (
    Announcement,
    Mention,
    Newcomer,
    Placement,
    Suggestion,
    TrackerRow,
)


@dataclass(frozen=True)
class Queue:
    """So many records wait, and here they are listed."""

    label: str
    count: int
    url: str


def queues():
    """The desk's queues, the most pressing first; each takes one query."""
    return [
        Queue(label, waiting().count(), reverse(f"admin:{name}_changelist") + asked)
        for label, waiting, name, asked in (
            (
                _("Announcements on a killed source"),
                Announcement.objects.on_killed_sources,
                "companies_announcement",
                "?sources=killed",
            ),
            (
                _("Evidence to re-check"),
                Placement.objects.waiting,
                "companies_placement",
                "?waiting=1",
            ),
            (
                _("Pieces whose rights nobody has cleared"),
                Article.objects.uncleared,
                "articles_article",
                "?status__exact=withheld&rights__exact=unknown",
            ),
            (
                _("Suggested companies in articles"),
                Mention.objects.suggested,
                "companies_mention",
                "?status__exact=suggested",
            ),
            (
                _("Suggested announcements"),
                Suggestion.objects.open,
                "companies_suggestion",
                "?waiting=1",
            ),
            (
                _("Unknown companies"),
                Newcomer.objects.open,
                "companies_newcomer",
                "?waiting=1",
            ),
            (
                _("Files with refusals"),
                Receipt.objects.with_refusals,
                "articles_receipt",
                "?refused=1",
            ),
            (
                _("Stories to confirm"),
                StoryLink.objects.waiting,
                "articles_storylink",
                "?waiting=1",
            ),
            (
                _("Uncertain grades of trackers"),
                TrackerRow.objects.open,
                "companies_trackerrow",
                "?status__exact=open",
            ),
        )
    ]
