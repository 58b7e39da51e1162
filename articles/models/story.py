from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.history import is_own
from articles.models.article import Article

ELSEWHERE = 20  # other articles of a story that a page or an answer shows, the newest


class Story(models.Model):
    """The articles that are one story: a wire, its updates, reprints and rewrites.

    Confirmed links hold it together; nobody puts an article into one by hand.
    """

    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def __str__(self):
        return _("story %(number)s") % {"number": self.pk}


class StoryLinkQuerySet(models.QuerySet):
    def of(self, article):
        """The links that the article is one end of."""
        return self.filter(models.Q(article=article) | models.Q(other=article))

    def confirmed(self):
        return self.filter(status=StoryLink.Status.CONFIRMED)

    def waiting(self):
        """The desk's queue: suggested, neither killed, and not yet one story by other links."""
        return self.filter(
            models.Q(article__story=None)
            | models.Q(other__story=None)
            | ~models.Q(article__story=models.F("other__story")),
            status=StoryLink.Status.SUGGESTED,
        ).exclude(
            models.Q(article__status=Article.Status.CANCELED)
            | models.Q(other__status=Article.Status.CANCELED)
        )

    def concerning(self, user):
        """Those of articles that `user` recorded or was the last to edit."""
        return self.filter(is_own(Article, user, "article") | is_own(Article, user, "other"))

    def for_listing(self):
        """With both articles and their publishers."""
        return self.select_related("article__publisher", "other__publisher").defer(
            "article__body", "other__body"
        )


class StoryLink(models.Model):
    """Two articles that may be one story; an editor decides. A no outlives later searches."""

    class Reason(models.TextChoices):
        REPRINT = "reprint", _("Reprint or rewrite")
        UPDATE = "update", _("Update")
        RELATED = "related", _("Passages in common")

    class Status(models.TextChoices):
        SUGGESTED = "suggested", _("Suggested")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Rejected")

    article = models.ForeignKey(
        Article,
        models.CASCADE,
        related_name="story_links",
        verbose_name=_("article"),
        help_text=_("The one that was archived later."),
    )
    other = models.ForeignKey(
        Article,
        models.CASCADE,
        related_name="story_links_of_later",
        verbose_name=_("other article"),
        help_text=_("The one that was archived before."),
    )
    reason = models.CharField(
        _("reason"),
        max_length=10,
        choices=Reason,
        default=Reason.RELATED,
        help_text=_("Why they may be one story."),
    )
    score = models.FloatField(
        _("score"),
        default=0,
        help_text=_("Which share of the shorter text stands in the other one too, 0 to 1."),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.SUGGESTED,
        help_text=_("An editor's word stays through later searches."),
    )
    created_at = models.DateTimeField(_("suggested at"), auto_now_add=True)

    objects = StoryLinkQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-article_id", "-score", "-pk"]
        verbose_name = _("link between articles")
        verbose_name_plural = _("links between articles")
        indexes = [models.Index(fields=["status", "-article"], name="story_link_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["article", "other"], name="story_link_once_per_pair"),
            models.CheckConstraint(
                condition=models.Q(article__gt=models.F("other")), name="story_link_later_first"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["suggested", "confirmed", "rejected"]),
                name="story_link_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=["reprint", "update", "related"]),
                name="story_link_reason_known",
            ),
            models.CheckConstraint(
                condition=models.Q(score__range=(0, 1)), name="story_link_score_0_to_1"
            ),
        ]

    def __str__(self):
        return f"{self.article} · {self.other}"

    @property
    def earlier_first(self):
        """Both articles, in the order of their publication."""
        return sorted([self.other, self.article], key=lambda a: (a.published_at, a.pk))

    def confirm(self, *, by=None):
        """An editor's yes: both articles, and what was one story with either, are one story."""
        self._decide(self.Status.CONFIRMED, by)

    def reject(self, *, by=None):
        """An editor's no: it outlives later searches, and takes back an earlier yes."""
        self._decide(self.Status.REJECTED, by)

    def put_back(self, earlier, *, by=None):
        """Take a decision back: the link is again what it was in `earlier`, and so are the
        stories that follow from it."""
        self._decide(earlier.status, by)

    @transaction.atomic
    def _decide(self, status, by):
        ends = Article.objects.select_for_update().filter(pk__in=[self.article_id, self.other_id])
        if status == self.Status.CONFIRMED and any(
            article.status == Article.Status.CANCELED for article in ends.only("status")
        ):
            raise ValidationError(
                _("“%(link)s”: a killed article belongs to no story."), params={"link": self}
            )
        self.status = status
        if by:
            self._history_user = by
        self.save()
        gather([self.article_id, self.other_id], by=by)
        self.refresh_from_db(fields=["article", "other"])


def gather(articles, *, by=None):
    """Make one story of what confirmed links hold together, around these articles' keys.

    What they no longer hold together parts; an article on its own is in no story.
    """
    stories = Article.objects.filter(pk__in=articles, story__isnull=False).values("story")
    around = (
        Article.objects.for_listing()
        .select_for_update(of=["self"])
        .filter(models.Q(pk__in=articles) | models.Q(story__in=stories))
        .order_by("published_at", "pk")
    )
    members = {article.pk: article for article in around}
    links = StoryLink.objects.confirmed().filter(article__in=members, other__in=members)
    free = {article.story_id for article in members.values()} - {None}
    for group in _held_together(members, links.values_list("article", "other")):
        held = [members[key] for key in group]
        story = None
        if len(held) > 1:
            known = next((a.story_id for a in held if a.story_id in free), None)
            story = Story.objects.get(pk=known) if known else _log(Story(), by)
            free.discard(story.pk)
        for article in held:
            if article.story_id != (story and story.pk):
                article.story = story
                _log(article, by, update_fields=["story", "modified_at"])
    for story in Story.objects.filter(pk__in=free):
        story.delete()


def _log(record, by, **options):
    if by:
        record._history_user = by
    record.save(**options)
    return record


def _held_together(keys, pairs):
    """The keys in groups that the pairs connect, in the order of the keys."""
    group_of = {key: [key] for key in keys}
    for a, b in pairs:
        joined, added = group_of[a], group_of[b]
        if joined is not added:
            joined += added
            group_of |= dict.fromkeys(added, joined)
    order = {key: place for place, key in enumerate(keys)}
    groups = {id(group): sorted(group, key=order.get) for group in group_of.values()}
    return list(groups.values())


class Fingerprint(models.Model):
    """One fingerprint of an article's wording; see `articles.reprints.fingerprints`.

    Some seventy to an article, so the table holds two numbers a row and nothing more:
    its key answers which articles have a hash, its index which hashes an article has.
    """

    pk = models.CompositePrimaryKey("hash", "article")
    hash = models.BigIntegerField()
    # Without the database's own check, which would cost as much as the rows do.
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="fingerprints", db_constraint=False
    )

    def __str__(self):
        return f"{self.hash} · {self.article_id}"
