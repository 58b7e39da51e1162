"""What waits for an editor: each queue is a question to the database, never a row pushed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Import, Receipt, StoryLink
from companies.decisions import MINE
from companies.models import (
    Announcement,
    CorrectionRequest,
    Mention,
    Newcomer,
    Placement,
    Suggestion,
    TrackerRow,
)
from companies.models.announcement import CHECK_EVERY

SHOWS = ("mine", "all")
RULE = _(
    "Mine is what concerns records that you recorded, by an import too, or were the last to edit."
)
REVIEW = "admin:articles_article_review"  # the screen that goes from piece to piece
TAKEN_IN = TrackerRow.history.filter(id=OuterRef("pk"), history_type="+").values("history_date")


@dataclass(frozen=True)
class Kind:
    """What a queue asks: which records wait, since when, where they are listed."""

    label: str
    waiting: Callable[[], QuerySet]
    since: Any  # expression of the hour or the day since which a record waits, or of its hour
    listed: str  # the model whose list shows them, as the admin names its addresses
    asked: dict[str, str]  # what the list is asked, so that it shows these alone
    may: str  # the permission to act on them
    late: timedelta | None = None  # from then on the oldest has waited too long; None: never
    ahead: bool = False  # whether they wait for an hour that is to come
    grace: timedelta = timedelta()  # between the day of `since` and the waiting
    review: str = ""  # name of the queue on the review screen, where that takes it

    def opens_to(self, user):
        """Whether a user may see the list and act on what is in it."""
        app, model = self.listed.split("_")
        sees = any(user.has_perm(f"{app}.{verb}_{model}") for verb in ("view", "change"))
        return sees and user.has_perm(self.may)

    def ask(self, user, *, mine):
        """The queue as it stands, by one query."""
        rows = self.waiting()
        asked = self.asked
        if mine:
            rows, asked = rows.concerning(user), asked | {"mine": "1"}
        found = rows.aggregate(count=Count("pk"), since=Min(self.since))
        since = found["since"] and _moment(found["since"]) + self.grace
        too_long = self.late and since and timezone.now() - since > self.late
        return Queue(
            label=self.label,
            count=found["count"],
            url=f"{reverse(f'admin:{self.listed}_changelist')}?{urlencode(asked)}",
            since=None if self.ahead else since,
            hour=since if self.ahead else None,
            late=bool(too_long),
            review=self._review(mine) if found["count"] else "",
        )

    def _review(self, mine):
        if not self.review:
            return ""
        name = f"{MINE}{self.review}" if mine else self.review
        return f"{reverse(REVIEW)}?{urlencode({'queue': name})}"


@dataclass(frozen=True)
class Queue:
    """So many records wait, the oldest since then, and here they are listed."""

    label: str
    count: int
    url: str
    since: datetime | None
    hour: datetime | None  # of the first to come, where they wait for an hour
    late: bool
    review: str

    @property
    def age(self):
        """How long the oldest has waited, in words: “3 days”."""
        if self.since is None:
            return ""
        if timezone.now() - self.since < timedelta(minutes=1):
            return gettext("a moment")
        return timesince(self.since, depth=1)


def _moment(since):
    """A day begins at its midnight."""
    if isinstance(since, date) and not isinstance(since, datetime):
        return timezone.make_aware(datetime.combine(since, time.min))
    return since


def _days(number):
    return timedelta(days=number)


# The most pressing first.
KINDS = [
    Kind(
        _("Articles that open today"),
        Article.objects.opening_today,
        "public_from",
        "articles_article",
        {"waiting": "today"},
        "articles.change_article",
        ahead=True,
    ),
    Kind(
        _("Announcements that open today"),
        Announcement.objects.opening_today,
        "public_from",
        "companies_announcement",
        {"waiting": "today"},
        "companies.change_announcement",
        ahead=True,
    ),
    Kind(
        _("Announcements on a killed or corrected source"),
        Announcement.objects.on_troubled_sources,
        "troubled_at",
        "companies_announcement",
        {"waiting": "sources"},
        "companies.change_announcement",
        late=_days(1),
    ),
    Kind(
        _("Evidence to re-check"),
        Placement.objects.waiting,
        "version__created_at",
        "companies_placement",
        {"waiting": "1"},
        "companies.change_placement",
        late=_days(3),
        review="passages",
    ),
    Kind(
        _("Announcements that no public piece supports"),
        Announcement.objects.unsupported,
        "created_at",
        "companies_announcement",
        {"waiting": "unsupported"},
        "companies.change_announcement",
        late=_days(7),
    ),
    Kind(
        _("Pieces whose rights nobody has cleared"),
        Article.objects.uncleared,
        "created_at",
        "articles_article",
        {"waiting": "uncleared"},
        "articles.release_article",
        late=_days(7),
        review="uncleared",
    ),
    Kind(
        _("Cleared pieces that nobody has released"),
        Article.objects.unreleased,
        "modified_at",
        "articles_article",
        {"waiting": "unreleased"},
        "articles.release_article",
        late=_days(7),
    ),
    Kind(
        _("Suggested companies in articles"),
        Mention.objects.suggested,
        "created_at",
        "companies_mention",
        {"waiting": "1"},
        "companies.confirm_mention",
        late=_days(7),
        review="mentions",
    ),
    Kind(
        _("Suggested announcements"),
        Suggestion.objects.open,
        "created_at",
        "companies_suggestion",
        {"waiting": "1"},
        "companies.add_announcement",
        late=_days(3),
        review="suggestions",
    ),
    Kind(
        _("Drafts"),
        Announcement.objects.drafts,
        "created_at",
        "companies_announcement",
        {"waiting": "drafts"},
        "companies.change_announcement",
    ),
    Kind(
        _("Unknown companies"),
        Newcomer.objects.open,
        "created_at",
        "companies_newcomer",
        {"waiting": "1"},
        "companies.change_company",
        late=_days(14),
    ),
    Kind(
        _("Readers’ corrections"),
        CorrectionRequest.objects.waiting,
        "received_at",
        "companies_correctionrequest",
        {"status__exact": "open"},
        "companies.change_correctionrequest",
        late=_days(3),
    ),
    Kind(
        _("Files with refusals"),
        Receipt.objects.with_refusals,
        "run__started_at",
        "articles_receipt",
        {"refused": "1"},
        "articles.view_receipt",
        late=_days(2),
    ),
    Kind(
        _("Imports that didn't finish"),
        Import.objects.stopped,
        "started_at",
        "articles_import",
        {"waiting": "stopped"},
        "articles.add_import",
        late=_days(1),
    ),
    Kind(
        _("Stories to confirm"),
        StoryLink.objects.waiting,
        "created_at",
        "articles_storylink",
        {"waiting": "1"},
        "articles.change_storylink",
        late=_days(14),
    ),
    Kind(
        _("Uncertain grades of trackers"),
        TrackerRow.objects.open,
        Subquery(TAKEN_IN[:1]),
        "companies_trackerrow",
        {"status__exact": "open"},
        "companies.change_trackerrow",
        late=_days(14),
    ),
    Kind(
        _("Announcements unchecked for 180 days"),
        Announcement.objects.unchecked,
        "looked_on",
        "companies_announcement",
        {"waiting": "unchecked"},
        "companies.amend_announcement",
        late=_days(30),
        grace=CHECK_EVERY,
    ),
]


def queues(user, *, mine=False):
    """The queues that a user may act on, the most pressing first; each takes one query."""
    return [kind.ask(user, mine=mine) for kind in KINDS if kind.opens_to(user)]


def shown(request):
    """“mine” or “all”: what the address asks, else what was last asked in this session."""
    asked = request.GET.get("show")
    if asked in SHOWS:
        if request.session.get("desk") != asked:
            request.session["desk"] = asked
        return asked
    return request.session.get("desk", "all")
