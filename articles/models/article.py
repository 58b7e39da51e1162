from copy import deepcopy
from datetime import timedelta
from itertools import groupby
from operator import itemgetter

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.fields import Precision, hour_in_words, start_of_tomorrow
from articles.history import is_own
from articles.index import Filing, Texts
from articles.models.publisher import Access, Publisher, Rights, Topic, in_language
from articles.models.redaction import MARKER, Redaction, concealed
from articles.models.version import Version
from articles.passages import CONTEXT

# What a redaction leaves of an article's fields; its slug and wire id are concealed.
BLANKED = {
    "headline": MARKER,
    **dict.fromkeys(("standfirst", "abstract_fr", "abstract_en", "byline", "dateline"), ""),
    **dict.fromkeys(("credit", "image_caption", "image_credit", "source_url"), ""),
    **dict.fromkeys(("copyright_holder", "usage_terms", "editors_note"), ""),
    "places": [],
    "related": [],
}
REDACTED_FR = "Cette pièce a été retirée de l’archive pour des raisons juridiques."
REDACTED_EN = "This piece was taken out of the archive for legal reasons."

EXTRACT_LENGTH = 300  # characters that an article of access "extract" shows


def is_public(article=""):
    """The condition that anyone may read an article, or the one at the end of a path, for
    instance "article": it is usable, its hour has come, and its rights haven't ended.

    A constraint lets no piece be usable whose rights aren't cleared. `Now()` is read by the
    database at each query, so what holds the condition doesn't go stale. An index holds all
    that it asks, since an article's row is long.
    """
    path = f"{article}__" if article else ""
    no_end, end_ahead = {f"{path}rights_until__isnull": True}, {f"{path}rights_until__gt": Now()}
    return models.Q(
        models.Q(**no_end) | models.Q(**end_ahead),
        **{f"{path}status": Article.Status.USABLE, f"{path}public_from__lte": Now()},
    )


class ArticleQuerySet(models.QuerySet):
    def public(self):
        return self.filter(is_public())

    def awaiting(self):
        """Its hour hasn't come, or its rights have ended, whatever its status. What is
        usable is either this or public."""
        return self.filter(models.Q(public_from__gt=Now()) | models.Q(rights_until__lte=Now()))

    def uncleared(self):
        """Withheld, and nobody has said yet what their rights holder allows."""
        return self.filter(status=Article.Status.WITHHELD, rights=Article.Rights.UNKNOWN)

    def unreleased(self):
        """Withheld, although their rights are cleared: somebody may release them."""
        return self.filter(status=Article.Status.WITHHELD, rights=Article.Rights.CLEARED)

    def opening_today(self):
        """Those whose embargo ends later today, in the newsroom's time, whatever they wait for
        beside; killed ones open no more."""
        return self.filter(public_from__gt=Now(), public_from__lt=start_of_tomorrow()).exclude(
            status=Article.Status.CANCELED
        )

    def concerning(self, user):
        """What `user` recorded or was the last to edit."""
        return self.filter(is_own(Article, user))

    def killed(self):
        """Withdrawn for good: only the public notice is left."""
        return self.filter(status=Article.Status.CANCELED, corrections__kind="kill").distinct()

    def at(self, slug):
        """The article of that address, even where a redaction has concealed it."""
        return self.filter(slug__in=[slug, concealed(slug)])

    def matching(self, words):
        """Articles whose public text holds the words; see `articles.search.parse`."""
        return self.filter(search__matches=words)

    def matching_inside(self, words):
        """The same over all that the archive holds: for editors alone."""
        return self.filter(search__matches_inside=words)

    def as_of(self, day):
        """Articles published up to and on `day`; an imprecise date counts from its last day."""
        tomorrow = day + timedelta(days=1)
        return self.filter(
            models.Q(published_precision=Precision.DAY, published_at__date__lt=tomorrow)
            | models.Q(
                published_precision=Precision.MONTH,
                published_at__date__lt=tomorrow.replace(day=1),
            )
            | models.Q(
                published_precision=Precision.YEAR,
                published_at__date__lt=tomorrow.replace(day=1, month=1),
            )
        )

    def when_public(self):
        """Key → the [(from, to)] at which anyone could read it, as its history has it; without
        those that never were. One query."""
        rows = Article.history.filter(id__in=self.order_by().values("pk"))
        rows = rows.order_by("id", "history_date", "history_id")
        told = rows.values_list("id", "history_date", "status", "public_from", "rights_until")
        found, now = {}, timezone.now()
        for key, lines in groupby(told, key=itemgetter(0)):
            lines = list(lines)
            ends = [*(since for _key, since, *_ in lines[1:]), now]
            for (_key, since, status, opens, closes), end in zip(lines, ends, strict=True):
                span = max(since, opens), min(end, closes or end)
                if status == Article.Status.USABLE and span[0] < span[1]:
                    found.setdefault(key, []).append(span)
        return found

    def same_story_as(self, article):
        """The other articles of its story, if it is in one."""
        if article.story_id is None:
            return self.none()
        return self.filter(story=article.story_id).exclude(pk=article.pk)

    def for_listing(self):
        """Everything that one card shows, in a fixed number of queries."""
        return self.select_related("publisher").defer("body")


class Article(models.Model):
    """One story in the archive, as it reads today."""

    class Status(models.TextChoices):
        WITHHELD = "withheld", _("Withheld")
        USABLE = "usable", _("Usable")
        CANCELED = "canceled", _("Canceled (killed)")

    Rights, Access = Rights, Access

    publisher = models.ForeignKey(
        Publisher,
        models.PROTECT,
        related_name="articles",
        verbose_name=_("publisher"),
        help_text=_("Who issued the piece."),
    )
    wire_id = models.CharField(
        _("wire id"),
        max_length=500,
        help_text=_("The agency's own id; without one, the canonical address."),
    )
    slug = models.SlugField(
        _("slug"), max_length=160, unique=True, help_text=_("In addresses; never changes.")
    )
    headline = models.CharField(
        _("headline"),
        max_length=500,
        help_text=_("Word for word, as published; in square brackets where it is ours."),
    )
    standfirst = models.TextField(
        _("standfirst"), blank=True, help_text=_("The introduction under the headline.")
    )
    abstract_fr = models.TextField(
        _("abstract in French"),
        blank=True,
        help_text=_("What the piece says, in our own words; shown whatever its rights."),
    )
    abstract_en = models.TextField(
        _("abstract in English"),
        blank=True,
        help_text=_("What the piece says, in our own words; shown whatever its rights."),
    )
    body = models.TextField(
        _("text"),
        blank=True,
        help_text=_("Plain text: a blank line between paragraphs, “## ” before a subhead."),
    )
    language = models.CharField(
        _("language"), max_length=35, default="fr", help_text=_("BCP 47, for instance fr or en.")
    )
    byline = models.CharField(_("byline"), max_length=300, blank=True, help_text=_("Who wrote it."))
    dateline = models.CharField(
        _("dateline"), max_length=200, blank=True, help_text=_("Where it was written.")
    )
    credit = models.CharField(
        _("credit of the text"),
        max_length=200,
        blank=True,
        help_text=_("Whom the text credits; a photo's credit doesn't belong here."),
    )
    image_caption = models.TextField(
        _("image caption"), blank=True, help_text=_("The words under the picture.")
    )
    image_credit = models.CharField(
        _("image credit"),
        max_length=200,
        blank=True,
        help_text=_("Whom the picture credits, apart from the text."),
    )
    source_url = models.URLField(
        _("address of the original"),
        max_length=1000,
        blank=True,
        help_text=_("Where the publisher shows it."),
    )
    published_at = models.DateTimeField(
        _("published at"), db_index=True, help_text=_("When the publisher issued it.")
    )
    published_precision = models.CharField(
        _("precision"),
        max_length=5,
        choices=Precision,
        default=Precision.DAY,
        help_text=_("How exactly the date is known."),
    )
    public_from = models.DateTimeField(
        _("public from"),
        default=timezone.now,
        help_text=_("Embargo: nobody outside reads it before this hour."),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.WITHHELD,
        help_text=_("IPTC's publishing status. Only usable pieces are public."),
    )
    urgency = models.PositiveSmallIntegerField(
        _("urgency"), null=True, blank=True, help_text=_("1 (flash) to 9, as IPTC counts.")
    )
    topics = models.ManyToManyField(
        Topic,
        blank=True,
        related_name="articles",
        verbose_name=_("topics"),
        help_text=_("IPTC Media Topics."),
    )
    places = models.JSONField(
        _("places"), default=list, blank=True, help_text=_("Names of places, as the wire has them.")
    )
    related = models.JSONField(
        _("related pieces"),
        default=list,
        blank=True,
        help_text=_("Wire ids or addresses of pieces that this one names as related."),
    )
    wire_version = models.PositiveIntegerField(
        _("wire version"),
        default=0,
        help_text=_("The agency's own count of the newest wording; 0 where it keeps none."),
    )
    revised_at = models.DateTimeField(
        _("revised at"),
        null=True,
        blank=True,
        help_text=_("When the publisher made the newest wording."),
    )
    rights = models.CharField(
        _("rights"),
        max_length=10,
        choices=Rights,
        default=Rights.UNKNOWN,
        help_text=_("Only a piece whose rights are cleared can be released."),
    )
    rights_until = models.DateTimeField(
        _("rights until"),
        null=True,
        blank=True,
        help_text=_("From this hour on it may no longer be shown; empty without such an hour."),
    )
    copyright_holder = models.CharField(
        _("copyright holder"), max_length=200, blank=True, help_text=_("Who holds the rights.")
    )
    access = models.CharField(
        _("access"),
        max_length=10,
        choices=Access,
        default=Access.REFERENCE,
        help_text=_(
            "What the rights let the public read: the text, an extract, or the reference alone."
        ),
    )
    usage_terms = models.TextField(
        _("usage terms"), blank=True, help_text=_("What the rights holder allows.")
    )
    editors_note = models.TextField(
        _("editor's note"), blank=True, help_text=_("For the desk; never public.")
    )
    story = models.ForeignKey(
        "articles.Story",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="articles",
        verbose_name=_("story"),
        help_text=_("What it shares with its reprints and updates; follows from confirmed links."),
    )
    created_at = models.DateTimeField(_("archived at"), auto_now_add=True)
    modified_at = models.DateTimeField(_("modified at"), auto_now=True)
    search = Filing(derive=lambda article: article.searched())

    objects = ArticleQuerySet.as_manager()
    # Wordings are kept by Version, and words to search are derived.
    history = HistoricalRecords(excluded_fields=["body", "search"])

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="article_newest"),
            # The public list is a walk along it.
            models.Index(fields=["status", "-published_at", "-id"], name="article_public_newest"),
            models.Index(fields=["public_from"], name="article_public_from"),
            # What `is_public` asks of an article that evidence, mentions, or notes point to.
            models.Index(
                fields=["id", "status", "public_from", "rights_until"], name="article_is_public"
            ),
            models.Index(fields=["source_url"], name="article_same_address"),
            models.Index(
                fields=["rights_until"],
                name="article_rights_until",
                condition=models.Q(rights_until__isnull=False),
            ),
            models.Index(
                # The desk's count and age are read from it alone.
                fields=["status", "rights", "created_at"],
                name="article_uncleared",
                condition=models.Q(status="withheld", rights="unknown"),
            ),
            models.Index(
                fields=["status", "rights", "modified_at"],
                name="article_unreleased",
                condition=models.Q(status="withheld", rights="cleared"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["publisher", "wire_id"], name="article_once_per_wire_id"
            ),
            models.CheckConstraint(
                condition=~models.Q(headline="") & ~models.Q(wire_id=""),
                name="article_has_headline_and_wire_id",
            ),
            models.CheckConstraint(
                condition=models.Q(urgency__isnull=True) | models.Q(urgency__range=(1, 9)),
                name="article_urgency_1_to_9",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["withheld", "usable", "canceled"]),
                name="article_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(published_precision__in=Precision.values),
                name="article_precision_known",
            ),
            models.CheckConstraint(
                condition=models.Q(access__in=Access.values),
                name="article_access_known",
            ),
            models.CheckConstraint(
                condition=models.Q(rights__in=Rights.values), name="article_rights_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="usable") | models.Q(rights="cleared"),
                name="article_usable_only_when_cleared",
            ),
        ]
        permissions = [
            ("correct_article", _("Can change articles that left the desk")),
            ("release_article", _("Can clear rights, release and withhold articles")),
            ("kill_article", _("Can kill articles")),
            ("redact_article", _("Can redact articles")),
            ("restore_record", _("Can bring back the earlier state of a record")),
        ]

    def __str__(self):
        return self.headline

    def get_absolute_url(self):
        return reverse("articles:detail", args=[self.slug])

    def clean(self):
        if self.status == self.Status.USABLE and self.rights != Rights.CLEARED:
            raise ValidationError(
                {"rights": _("The piece is public: withhold it before its rights change.")}
            )

    @property
    def changed_with(self):
        """The permission that a change of it takes beside the usual one, or ""."""
        return "" if self.status == self.Status.WITHHELD else "articles.correct_article"

    @property
    def abstract(self):
        return in_language(self, "abstract")

    @property
    def readable_standfirst(self):
        """The standfirst, where rights let the public read it."""
        return "" if self.access == self.Access.REFERENCE else self.standfirst

    @property
    def readable_body(self):
        """What rights let the public read of the text."""
        part = self.readable_part(self.body)
        return part if part in ("", self.body) else part + " …"

    def readable_part(self, body):
        """What rights let the public read of a wording's text, without a mark where an
        extract stops."""
        if self.access == self.Access.FULL:
            return body
        if self.access == self.Access.EXTRACT:
            cut = body[:EXTRACT_LENGTH]
            return body if cut == body else cut.rsplit(" ", 1)[0]
        return ""

    def shows(self, place):
        """Whether rights let the public read a passage of the text, a Place; its end alone
        decides where an extract stops, so the text itself isn't needed."""
        if self.access != self.Access.EXTRACT:
            return self.access == self.Access.FULL
        left = EXTRACT_LENGTH - place.end
        # The extract ends with the last whole word, or with the text.
        ends = len(place.suffix) < min(left + 1, CONTEXT)
        return left >= 0 and (ends or " " in place.suffix[:left])

    def searched(self):
        """The texts that a search looks through: by the public what it may read, by
        editors all."""
        shown = {"headline": self.headline, "standfirst": self.readable_standfirst}
        shown |= {"fr": self.abstract_fr, "en": self.abstract_en, "body": self.readable_body}
        held = shown | {"standfirst": self.standfirst, "body": self.body}
        if self.status != self.Status.USABLE:
            shown = dict.fromkeys(shown, "")
        hidden = [text for name, text in held.items() if text != shown[name]]
        return Texts(
            headline=shown.pop("headline"),
            text="\n".join(filter(None, shown.values())),
            inside="\n".join([*hidden, self.image_caption, self.byline, self.editors_note]),
        )

    def wording(self):
        """The text that a version keeps."""
        return {"headline": self.headline, "standfirst": self.standfirst, "body": self.body}

    def current_version(self):
        """The version whose wording the piece has now; None before the first is kept."""
        return self.versions.filter(late=False).order_by("-number").first()

    @transaction.atomic
    def keep(self, *, note="", by=None, file=None):
        """Keep the present wording as a version, with the file that it came in.

        Returns the new version, or None when the current one reads the same.
        """
        wording, current = self.wording(), self.current_version()
        if current and current.sha256 == Version.hash_of(**wording):
            return None
        return self._add_version(
            wording,
            wire_version=self.wire_version,
            revised_at=self.revised_at,
            note=note,
            author=by,
            file=file,
        )

    def keep_late(self, wording, **values):
        """Keep an older wording that came in after a newer one; the text stays as it is."""
        return self._add_version(wording, late=True, **values)

    def _add_version(self, wording, **values):
        newest = self.versions.aggregate(number=models.Max("number"))["number"]
        return self.versions.create(
            number=(newest or 0) + 1, sha256=Version.hash_of(**wording), **wording, **values
        )

    @transaction.atomic
    def revise(self, *, note="", by=None, file=None, **draft):
        """Give the story a new text and keep the one it had.

        `draft` names fields and their new values. Returns the new version, or
        None when the wording stayed as it was.
        """
        self.keep()
        for name, value in draft.items():
            setattr(self, name, value)
        if by:
            self._history_user = by
        self.save()
        return self.keep(note=note, by=by, file=file)

    def hindrance(self):
        """What keeps the public from reading it, in words; "" where nothing does."""
        now = timezone.now()
        if self.status == self.Status.CANCELED:
            return gettext("killed")
        if self.rights != Rights.CLEARED:
            forbidden = self.rights == Rights.FORBIDDEN
            return gettext("its terms forbid it") if forbidden else gettext("rights not cleared")
        if self.status != self.Status.USABLE:
            return gettext("withheld")
        if self.public_from > now:
            return gettext("embargo until %(hour)s") % {"hour": hour_in_words(self.public_from)}
        return gettext("its rights have ended") if (self.rights_until or now) < now else ""

    def clear_rights(self):
        """An editor's word that the rights holder lets the piece be shown."""
        self._refuse_if_killed()
        if self.rights == Rights.FORBIDDEN:
            raise ValidationError(
                _(
                    "The terms of “%(headline)s” forbid to show it. Change its rights on its own "
                    "page if the rights holder agreed to it all the same."
                ),
                params={"headline": self},
            )
        self.rights = Rights.CLEARED
        self.save()

    def release(self):
        """Make the piece usable; an embargo still holds. Rights must be cleared first."""
        self._refuse_if_killed()
        if self.rights == Rights.FORBIDDEN:
            raise ValidationError(
                _("The terms of “%(headline)s” forbid to show it: %(terms)s"),
                params={"headline": self, "terms": self.usage_terms or self.editors_note},
            )
        if self.rights != Rights.CLEARED:
            raise ValidationError(
                _(
                    "The rights of “%(headline)s” aren't cleared. Say first what its rights "
                    "holder allows, under “What the public may read”."
                ),
                params={"headline": self},
            )
        self.status = self.Status.USABLE
        self.save()

    def withhold(self):
        """Take the piece off the public doors for now."""
        self._refuse_if_killed()
        self.status = self.Status.WITHHELD
        self.save()

    @transaction.atomic
    def kill(self, *, note_fr, note_en, by=None):
        """Take the piece off every door for good; the public notice stays.

        Returns the notice, or None for a piece that was never public: a notice would
        make it known.
        """
        self._refuse_if_killed()
        was_public = self._was_public()
        self.status = self.Status.CANCELED
        if by:
            self._history_user = by
        self.save()
        if not was_public:
            return None
        return self.corrections.create(kind="kill", note_fr=note_fr, note_en=note_en)

    @transaction.atomic
    def leave_story(self, *, by=None):
        """Part from its story: the links that held it there count as rejected."""
        links = apps.get_model("articles", "StoryLink").objects.of(self).confirmed()
        for link in links:
            link.reject(by=by)
        self.refresh_from_db(fields=["story"])

    def redact(self, reason, *, by=None, made_at=None, files=(), beside=None):
        """Take out for good what the law takes out: texts, history, and received files.

        The article ends killed. Of each version stay the number, the hash and the hours,
        of each file the hash and the size, even where other articles came in it: they
        keep texts of their own. `files` are those that hold the piece and brought no
        version, `beside` counts what goes along with it elsewhere. Returns the Redaction.
        """
        if Redaction.objects.filter(article=self).exists():
            raise ValidationError(_("It was redacted already."))
        if self.status != self.Status.CANCELED:
            self.kill(note_fr=REDACTED_FR, note_en=REDACTED_EN)
        versions = list(self.versions.select_related("file"))
        held = {file.pk: file for file in [*files, *(v.file for v in versions if v.file)]}
        redaction = Redaction.objects.create(
            article=self,
            reason=reason,
            author=by,
            made_at=made_at or timezone.now(),
            blanked={
                "versions": [version.sha256 for version in versions],
                "files": [file.sha256 for file in held.values()],
                "history": self.history.count(),
                **(beside or {}),
            },
        )
        for kept in [*versions, *(file for file in held.values() if not file.redaction_id)]:
            kept.blank(redaction)
        blanked = deepcopy(BLANKED)
        blanked |= {"slug": concealed(self.slug), "wire_id": concealed(self.wire_id)}
        for name, value in {**blanked, "body": ""}.items():
            setattr(self, name, value)
        self.save()
        self.history.update(**blanked)
        self._part_from_all(by)
        return redaction

    def _part_from_all(self, by):
        """Nothing is left by which its text could be told, or held to be another's."""
        apps.get_model("articles", "Fingerprint").objects.filter(article=self).delete()
        for link in apps.get_model("articles", "StoryLink").objects.of(self):
            link.reject(by=by)
        self.refresh_from_db(fields=["story"])

    def _was_public(self):
        """Whether there was a moment at which anyone could read it."""
        return bool(Article.objects.filter(pk=self.pk).when_public())

    def _refuse_if_killed(self):
        if self.status == self.Status.CANCELED:
            raise ValidationError(
                _("“%(headline)s” was killed, and stays so."), params={"headline": self}
            )
