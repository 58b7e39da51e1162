from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.history import is_own
from articles.models import MARKER, Article, Version, in_both, in_language, is_public
from articles.passages import CONTEXT, LONGEST, NotFound, Place, locate, text_fragment
from companies.models.announcement import Announcement


class EvidenceQuerySet(models.QuerySet):
    def public(self):
        """Evidence on a public article."""
        return self.filter(is_public("article"))

    def passages(self):
        """Evidence in an article's own words; what a redaction blanked has none."""
        return self.filter(version__isnull=False, version__redaction=None)

    def for_listing(self):
        """With article, number of version, and where its passage stands in the current one."""
        return (
            self.select_related("article__publisher", "version")
            .defer("article__body", "version__body", "version__standfirst", "version__headline")
            .annotate(
                is_current=models.Exists(
                    Version.objects.current().filter(pk=models.OuterRef("version"))
                )
            )
            .prefetch_related(
                models.Prefetch(
                    "placements",
                    Placement.objects.current()
                    .order_by()  # there is one
                    .select_related("version")
                    .defer("version__body", "version__standfirst", "version__headline"),
                    "current_placements",
                )
            )
        )


class Evidence(models.Model):
    """What supports or contradicts an announcement: a passage, or our paraphrase."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("Supports")
        CONTRADICTS = "contradicts", _("Contradicts")

    class Speaker(models.TextChoices):
        COMPANY = "company", _("The company")
        PUBLISHER = "publisher", _("The publisher")
        OTHER = "other", _("Somebody else")

    announcement = models.ForeignKey(
        Announcement, models.CASCADE, related_name="evidence", verbose_name=_("announcement")
    )
    article = models.ForeignKey(
        Article,
        models.PROTECT,
        related_name="evidence",
        verbose_name=_("article"),
        help_text=_("The archived piece that anybody can open."),
    )
    version = models.ForeignKey(
        Version,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("version"),
        help_text=_("The wording that holds the passage; none for a paraphrase."),
    )
    exact = models.TextField(
        _("passage"), blank=True, help_text=_("Word for word, as the version has it.")
    )
    prefix = models.CharField(
        _("words before"),
        max_length=32,
        blank=True,
        editable=False,
        help_text=_("The 32 characters before the passage."),
    )
    suffix = models.CharField(
        _("words after"),
        max_length=32,
        blank=True,
        editable=False,
        help_text=_("The 32 characters after the passage."),
    )
    start = models.PositiveIntegerField(
        _("start"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Where the passage begins in the version's text, in Unicode code points."),
    )
    in_headline = models.BooleanField(
        _("in the headline"),
        default=False,
        editable=False,
        help_text=_("The passage stands in the headline, and `start` counts from its beginning."),
    )
    paraphrase_fr = models.TextField(
        _("paraphrase in French"),
        blank=True,
        help_text=_("Where the archive doesn't hold the text: what it says, in our words."),
    )
    paraphrase_en = models.TextField(
        _("paraphrase in English"),
        blank=True,
        help_text=_("Where the archive doesn't hold the text: what it says, in our words."),
    )
    stance = models.CharField(
        _("stance"),
        max_length=12,
        choices=Stance,
        default=Stance.SUPPORTS,
        help_text=_("Whether it supports the announcement or contradicts it."),
    )
    speaker = models.CharField(
        _("speaker"),
        max_length=10,
        choices=Speaker,
        default=Speaker.COMPANY,
        help_text=_("Whose words they are."),
    )

    objects = EvidenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["announcement", "-stance", "pk"]  # support before contradiction
        verbose_name = _("piece of evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(
                        version__isnull=False,
                        start__isnull=False,
                        paraphrase_fr="",
                        paraphrase_en="",
                    )
                    & ~models.Q(exact="")
                )
                | (
                    models.Q(
                        version__isnull=True,
                        start__isnull=True,
                        exact="",
                        prefix="",
                        suffix="",
                        in_headline=False,
                    )
                    & ~models.Q(paraphrase_fr="")
                    & ~models.Q(paraphrase_en="")
                ),
                name="evidence_is_passage_or_paraphrase",
            ),
            models.CheckConstraint(
                condition=models.Q(stance__in=["supports", "contradicts"]),
                name="evidence_stance_known",
            ),
            models.CheckConstraint(
                condition=models.Q(speaker__in=["company", "publisher", "other"]),
                name="evidence_speaker_known",
            ),
        ]
        indexes = [
            # Whether something public supports an announcement is read from it alone.
            models.Index(fields=["announcement", "stance", "article"], name="evidence_of_stance")
        ]

    def __str__(self):
        return (self.exact or self.paraphrase)[:80]

    @property
    def paraphrase(self):
        return in_language(self, "paraphrase")

    @property
    def place(self):
        """Where the passage stands in its version; None for a paraphrase."""
        if not self.exact or self.start is None:
            return None
        return Place(self.start, self.exact, self.prefix, self.suffix)

    def text_in(self, version):
        """The text of a version in which the passage is looked for."""
        return version.headline if self.in_headline else version.body

    def is_shown_at(self, place):
        """Whether the article's page shows the words at a place; its headline is always shown."""
        return self.in_headline or self.article.shows(place)

    @property
    def now(self):
        """(state, place) of the passage in the article as it reads now: the place is None
        while nobody has said that it is the passage, both are None for a paraphrase and
        before a later version was looked through. Takes rows of `for_listing`; None, None
        for others."""
        if getattr(self, "is_current", False) and self.place:
            return Placement.State.EXACT, self.place
        for placement in getattr(self, "current_placements", ()):
            return placement.state, placement.place if placement.stands else None
        return None, None

    @property
    def later(self):
        """What became of the passage where the piece reads otherwise now: (state, its present
        words, as far as an editor has said which they are and readers may see them); None
        where it stands as it was quoted. Takes rows of `for_listing`."""
        state, place = self.now
        if state in {None, Placement.State.EXACT, Placement.State.MOVED}:
            return None
        words = place.exact if place and self.is_shown_at(place) else ""
        return None if words == self.exact else (state, words)

    def address(self):
        """The article's page, at the passage itself where rights let the page show it.

        Takes rows of `for_listing`.
        """
        _state, place = self.now
        page = self.article.get_absolute_url()
        if place is None or not self.is_shown_at(place):
            return page
        if self.in_headline:
            return page + text_fragment(place)
        said_above = f"{self.article.headline} {self.article.abstract_fr} "
        said_above += f"{self.article.abstract_en} {self.article.readable_standfirst}"
        alone = len(place.exact) > CONTEXT and place.exact.casefold() not in said_above.casefold()
        return page + text_fragment(place, alone=alone)

    def clean(self):
        """Find the passage in its version, at `start` where it was pointed at, or ask for a
        paraphrase in both languages."""
        if not self.article_id:
            return  # a form asks for it first
        if self.version_id and self.version.article_id != self.article_id:
            raise ValidationError({"version": _("That version belongs to another article.")})
        if self.version_id and self.version.redaction_id and self.exact == MARKER:
            return  # nothing is left to find it in
        if self.exact:
            if self.paraphrase_fr or self.paraphrase_en:
                raise ValidationError(_("Give a passage or a paraphrase, not both."))
            if not self.version_id:
                self.version = self.article.current_version()
            self.in_headline = bool(self.version) and not self.version.body
            try:
                text = self.version.quotable if self.version else ""
                place = locate(text, self.exact, self.start)
            except NotFound as reason:
                raise ValidationError({"exact": str(reason)}) from None
            self.start, self.prefix, self.suffix = place.start, place.prefix, place.suffix
            self.exact = place.exact
            self.refuse_long()
        else:
            self.version, self.start, self.prefix, self.suffix = None, None, "", ""
            self.in_headline = False
            if not (self.paraphrase_fr and self.paraphrase_en):
                raise ValidationError(
                    _("Give a passage, or a paraphrase in French and in English.")
                )

    def refuse_long(self):
        """A passage is a short quotation; one that is older than this rule may stay."""
        count = len(self.exact)
        if count <= LONGEST or Evidence.objects.filter(pk=self.pk, exact=self.exact).exists():
            return
        raise ValidationError(
            {
                "exact": _(
                    "A passage is a short quotation of at most %(most)d characters; this one has "
                    "%(count)d. Choose the sentence that says it, or give a paraphrase."
                )
                % {"most": LONGEST, "count": count}
            }
        )

    def snapshot(self):
        return {
            "article": {
                "slug": self.article.slug,
                "headline": self.article.headline,
                "publisher": self.article.publisher.slug,
            },
            "version": self.version.number if self.version else None,
            "exact": self.exact,
            "prefix": self.prefix,
            "suffix": self.suffix,
            "start": self.start,
            **({"in_headline": True} if self.in_headline else {}),
            "paraphrase": in_both(self, "paraphrase"),
            "stance": self.stance,
            "speaker": self.speaker,
        }


class PlacementQuerySet(models.QuerySet):
    def current(self):
        """Those in the articles' current versions."""
        current = Version.objects.current().filter(pk=models.OuterRef("version"))
        return self.filter(models.Exists(current))

    def decided(self):
        """Those that hold an editor's word; the others can be worked out again."""
        return self.filter(settled=True)

    def waiting(self):
        """The desk's queue: changed or gone in the current version, no editor has said so,
        and neither was the piece killed nor the announcement retracted."""
        return (
            self.current()
            .filter(state__in=[Placement.State.CHANGED, Placement.State.GONE], settled=False)
            .exclude(evidence__article__status=Article.Status.CANCELED)
            .exclude(evidence__announcement__status=Announcement.Status.RETRACTED)
        )

    def concerning(self, user):
        """Those of announcements, or in articles, that `user` recorded or was the last to
        edit."""
        return self.filter(
            is_own(Announcement, user, "evidence__announcement")
            | is_own(Article, user, "evidence__article")
        )

    def for_listing(self):
        """With announcement, article, and the numbers of both versions."""
        return self.select_related(
            *("evidence__announcement__company", "evidence__article__publisher"),
            *("evidence__version", "version"),
        ).defer(
            *("evidence__article__body", "evidence__version__body", "version__body"),
            "evidence__announcement__search",
        )


class Placement(models.Model):
    """Where a passage stands in a later version. The passage itself never changes."""

    class State(models.TextChoices):
        EXACT = "exact", _("Exact")
        MOVED = "moved", _("Moved")
        EDITED = "edited", _("Lightly edited")
        CHANGED = "changed", _("Changed")
        GONE = "gone", _("Gone")

    evidence = models.ForeignKey(
        Evidence, models.CASCADE, related_name="placements", verbose_name=_("evidence")
    )
    version = models.ForeignKey(
        Version, models.PROTECT, related_name="placements", verbose_name=_("version")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, help_text=_("What became of the passage.")
    )
    start = models.PositiveIntegerField(
        _("start"),
        null=True,
        blank=True,
        help_text=_("Where it begins now, in Unicode code points."),
    )
    text = models.TextField(_("text"), blank=True, help_text=_("How it reads now."))
    prefix = models.CharField(
        _("words before"),
        max_length=32,
        blank=True,
        help_text=_("The 32 characters before the passage."),
    )
    suffix = models.CharField(
        _("words after"),
        max_length=32,
        blank=True,
        help_text=_("The 32 characters after the passage."),
    )
    others = models.JSONField(
        _("other places"),
        default=list,
        blank=True,
        help_text=_("[start, end] pairs of places that would do as well, in code points."),
    )
    similarity = models.FloatField(
        _("similarity"), default=1, help_text=_("To the words of the passage, 0 to 1.")
    )
    settled = models.BooleanField(
        _("settled"),
        default=False,
        help_text=_("An editor has said what became of it."),
    )

    objects = PlacementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["evidence", "version"]
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.UniqueConstraint(fields=["evidence", "version"], name="placement_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["exact", "moved", "edited", "changed", "gone"]),
                name="placement_state_known",
            ),
        ]
        indexes = [models.Index(fields=["state", "settled"], name="placement_waiting")]

    def __str__(self):
        return f"{self.evidence}: {self.get_state_display()}"

    @property
    def stands(self):
        """Whether it is known to be the passage: found as it was, or an editor has said so."""
        return self.start is not None and self.state in {
            self.State.EXACT,
            self.State.MOVED,
            self.State.EDITED,
        }

    @property
    def place(self):
        """Where it stands in its version; None where it doesn't."""
        if self.start is None:
            return None
        return Place(self.start, self.text, self.prefix, self.suffix)

    def put(self, place):
        """Stand at a place of the version; nowhere for None. Doesn't save."""
        self.start = place and place.start
        self.text = place.exact if place else ""
        self.prefix = place.prefix if place else ""
        self.suffix = place.suffix if place else ""

    def offered(self):
        """The places that an editor may choose from, the likeliest first."""
        text = self.evidence.text_in(self.version)
        others = [Place.at(text, start, end) for start, end in self.others]
        return ([self.place] if self.place else []) + others

    def accept(self, place=None, *, by=None):
        """An editor's word that the passage stands at `place`, or where it was found."""
        self._refuse_if_found()
        place = place or self.place
        if place is None:
            raise ValidationError(
                _("No words were found that it could stand for; say that it is gone.")
            )
        self.put(place)
        self._settle(self.State.EDITED, by)

    def say_gone(self, *, by=None):
        """An editor's word that the version no longer holds the passage."""
        self._refuse_if_found()
        self.put(None)
        self._settle(self.State.GONE, by)

    def _refuse_if_found(self):
        if self.stands and not self.settled:
            raise ValidationError(_("The passage was found as it was; nothing is to be decided."))

    def _settle(self, state, by):
        self.state, self.settled, self.others = state, True, []
        if by:
            self._history_user = by
        self.save()
