import secrets
from collections import Counter
from datetime import timedelta

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, Greatest, Least, Now, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.fields import (
    DerivedDateField,
    Precision,
    hour_in_words,
    last_day,
    start_of_tomorrow,
)
from articles.history import is_own
from articles.models import Article, in_both, in_language
from articles.search import SearchField
from companies.models.activity import Activity
from companies.models.company import Company
from companies.models.edition import PARTS, Edition, Status
from companies.models.measure import ADVANCE, WEIGHT, Action, EditionMeasure, Measure, Stage

CHECK_EVERY = timedelta(days=180)
AT_LEAST = timedelta(minutes=1)  # between scheduling and the hour
# Around its hour nothing is changed: readers may open it while an editor's save is on its way.
MOMENT = timedelta(seconds=10)

TEXTS = ("title_fr", "title_en", "summary_fr", "summary_en")  # needed to publish
OF_DATE = ("announced_precision", "announced_sourced")  # what else is known of the date
# What readers are told where a passage joins an open announcement and nothing else is said.
ONE_MORE = {
    "note_fr": "Une source de plus à l’appui.",
    "note_en": "One more source supports it.",
}
ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no letters that look alike, no vowel but a and e


def _evidence():
    return apps.get_model("companies", "Evidence").objects


def own_words(announcement):
    """Whether public evidence that supports an announcement, by the column with its key, has
    the company's own word today."""
    own = _evidence().public().filter(announcement=models.OuterRef(announcement))
    return models.Exists(own.filter(stance="supports", speaker="company").order_by())


def own_words_then(evidence, hidden):
    """The same of an edition's evidence, as its snapshot has it, without that in the articles
    of these slugs, see `hidden_sources`."""
    return any(
        (item["stance"], item["speaker"]) == ("supports", "company")
        and item["article"]["slug"] not in hidden
        for item in evidence
    )


def hidden_sources():
    """Slugs of the articles that are evidence and aren't public today."""
    sources = Article.objects.filter(evidence__isnull=False).order_by()
    public = Article.objects.public().filter(pk=models.OuterRef("pk")).order_by()
    return set(sources.exclude(models.Exists(public)).values_list("slug", flat=True))


def new_public_id():
    """Ten random characters (49 bits): not to be guessed by counting."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


class AnnouncementQuerySet(models.QuerySet):
    def public(self):
        """Published, its hour has come, and at least one supporting piece of evidence is
        on a public article. The database's clock decides, at each query."""
        return self.filter(
            self._public_support(),
            models.Q(public_from__isnull=True) | models.Q(public_from__lte=Now()),
            status=Status.PUBLISHED,
        )

    def _public_support(self):
        own = _evidence().public().filter(announcement=models.OuterRef("pk"))
        return models.Exists(own.filter(stance="supports"))

    def drafts(self):
        """Those that somebody has begun and nobody has published yet."""
        return self.filter(status=Status.DRAFT)

    def scheduled(self):
        """Ready to be read, once their hour comes."""
        return self.filter(status=Status.PUBLISHED, public_from__gt=Now())

    def concerning(self, user):
        """What `user` recorded or was the last to edit."""
        return self.filter(is_own(Announcement, user))

    def opening_today(self):
        """Those that open later today, in the newsroom's time."""
        return self.scheduled().filter(public_from__lt=start_of_tomorrow())

    def on_troubled_sources(self):
        """What an editor has to look at again: not retracted, and a piece that it rests
        on, for or against, was killed, or was corrected since somebody last looked.

        Annotated with `troubled_at`, the hour of the first of these.
        """
        evidence = _evidence().filter(announcement=models.OuterRef("pk"))
        looked_at = Greatest(
            models.F("created_at"),
            Coalesce("checked_at", "created_at"),
            Coalesce(Edition.newest("made_at"), "created_at"),
        )
        corrected = evidence.filter(
            article__corrections__kind__in=["correction", "clarification"],
            article__corrections__created_at__gt=models.OuterRef("looked_at"),
        ).values(at=models.F("article__corrections__created_at"))
        # The first line that says so: a killed piece may be saved again.
        of_article = Article.history.filter(id=models.OuterRef("article"), status="canceled")
        since = models.Subquery(of_article.order_by("history_date").values("history_date")[:1])
        killed = evidence.filter(article__status="canceled").values(
            at=Coalesce(since, "article__modified_at")
        )
        hours = {
            "corrected_at": models.Subquery(corrected.order_by("at")[:1]),
            "killed_at": models.Subquery(killed.order_by("at")[:1]),
        }
        return (
            self.exclude(status=Status.RETRACTED)
            .alias(looked_at=looked_at)
            .filter(models.Exists(corrected) | models.Exists(killed))
            .alias(**hours)
            .annotate(
                troubled_at=Least(
                    Coalesce("corrected_at", "killed_at"), Coalesce("killed_at", "corrected_at")
                )
            )
        )

    def unchecked(self):
        """Public ones of which nobody has said for 180 days that they still stand.

        Annotated with `looked_on`: the day of the last check, else of the first edition.
        """
        first = Edition.objects.filter(announcement=models.OuterRef("pk")).order_by("number")
        return (
            self.public()
            .annotate(
                looked_on=Coalesce(
                    "last_checked_on", TruncDate(models.Subquery(first.values("made_at")[:1]))
                )
            )
            .filter(looked_on__lte=timezone.localdate() - CHECK_EVERY)
        )

    def unsupported(self):
        """Drafts and published ones that no public piece supports."""
        return self.exclude(self._public_support()).exclude(status=Status.RETRACTED)

    def taken_back(self):
        """Retracted, or published and resting on nothing public since a piece that supports it
        was killed. Readers are told so, if they could read it once; see
        `companies.tombstones`."""
        killed = _evidence().filter(
            announcement=models.OuterRef("pk"), stance="supports", article__status="canceled"
        )
        return self.filter(
            models.Q(status=Status.RETRACTED)
            | models.Q(
                ~self._public_support(),
                models.Q(public_from__isnull=True) | models.Q(public_from__lte=Now()),
                models.Exists(killed),
                status=Status.PUBLISHED,
            )
        )

    def matching(self, words):
        """Announcements whose own words, or whose company's names, hold the words."""
        companies = Company.objects.matching(words).values("pk")
        return self.filter(
            models.Q(search__matches=words)
            | models.Q(company__in=companies)
            | models.Q(company__absorbed_by__in=companies)
        )

    def as_of(self, day):
        """Announced up to and on `day`; an imprecise date counts from its last day."""
        return self.filter(**{f"{self.dated_by}__lte": day})

    def known_at(self, moment):
        """Published as this archive stood at `moment`, with the id of that edition
        as `known_edition` and its date as `known_by`."""
        return self.annotate(
            known_edition=Edition.newest("pk", made_at__lte=moment),
            known_by=Edition.newest("announced_by", made_at__lte=moment),
            known_status=Edition.newest("status", made_at__lte=moment),
        ).filter(known_status=Status.PUBLISHED)

    def in_order_of_then(self, order, moment):
        """In an order of present columns, such as ("company__name", "-pk"), by the dates and the
        names of companies as they were known at `moment`; takes rows of `known_at`."""
        then = {"announced_by": self.dated_by, "company__name": "known_name"}
        by = [(each.lstrip("-"), "-" if each.startswith("-") else "") for each in order]
        name = Edition.newest("snapshot__company__name", made_at__lte=moment)
        in_order = [sign + then.get(column, column) for column, sign in by]
        return self.alias(known_name=name).order_by(*in_order)

    @property
    def of_then(self):
        """Whether they are what was known at a moment gone by, see `known_at`."""
        return "known_edition" in self.query.annotations

    @property
    def dated_by(self):
        """The column with the last day that a date can mean, as it is known."""
        return "known_by" if self.of_then else "announced_by"

    @property
    def _measures(self):
        """All measures as they are known, the column there that says whose each is, and the
        one here that it names."""
        if self.of_then:
            return EditionMeasure.objects.order_by(), "edition", "known_edition"
        return Measure.objects.order_by(), "announcement", "pk"

    def by_day(self, market=None):
        """(day, action, how many announcements) triples, by the last day that a date can
        mean. The action is the weightiest of an announcement's measures, in one market
        if it is given; with `known_at`, of those known then."""
        weight = models.Case(*(models.When(action=each, then=n) for each, n in WEIGHT.items()))
        measures, owner, key = self._measures
        of_one = measures.filter(**{owner: models.OuterRef(key)})
        if market:
            of_one = of_one.filter(market=market)
        weightiest = of_one.values(owner).annotate(least=models.Min(weight)).values("least")
        rows = self.order_by().annotate(weightiest=models.Subquery(weightiest))
        # Counted here, since SQLite takes twice as long to.
        sizes = Counter(rows.values_list(self.dated_by, "weightiest"))
        actions = list(WEIGHT)
        return [
            (day, actions[place], size) for (day, place), size in sizes.items() if place is not None
        ]

    def by_market(self, measures=None):
        """(day, market, action, stage, public id, the day's precision, whether a source gives
        it, whether it is reported, parts, the company's key, its parent's) of each action that
        an announcement takes in a market, at each of its stages there. `parts` are the
        activities that it touches, in memory; none of the whole business. Of all its measures,
        or of those in a queryset; with `known_at`, these are measures of editions."""
        every, owner, key = self._measures
        if self.of_then:
            announcement, hidden = "edition__announcement", hidden_sources()
            date = (KeyTextTransform(name, "edition__snapshot") for name in OF_DATE)
            said = KeyTransform("evidence", "edition__snapshot")
        else:
            announcement = owner
            date = (models.F(f"announcement__{name}") for name in OF_DATE)
            said = own_words(announcement)
        measures = every if measures is None else measures
        rows = measures.filter(**{f"{owner}__in": self.order_by().values(key)})
        found = {}
        stands = [
            Coalesce(f"{announcement}__{record}__absorbed_by", f"{announcement}__{record}")
            for record in ("company", "company__parent")
        ]
        for *row, own, company, parent, activity, name_fr, name_en in rows.values_list(
            *(f"{owner}__announced_by", "market", "action", "stage"),
            *(f"{announcement}__public_id", *date, said),
            *(*stands, "activity", "activity__name_fr", "activity__name_en"),
        ):
            *first, sourced = row
            reported = not (own_words_then(own, hidden) if self.of_then else own)
            # An edition says it where no source gives the date.
            row = (*first, sourced in (True, None), reported)
            parts = found.setdefault((*row, company, parent), {})
            parts[activity] = Activity(pk=activity, name_fr=name_fr, name_en=name_en)
        return [
            (*row, () if None in parts else tuple(parts.values()), company, parent)
            for (*row, company, parent), parts in found.items()
        ]

    def with_edition(self, known_at=None):
        """With number, sha256, made_at, note_fr and note_en of the newest edition, or of the
        one known at a moment, each as `edition_…`."""
        known = {"made_at__lte": known_at} if known_at else {}
        names = ("number", "sha256", "made_at", "note_fr", "note_en")
        return self.annotate(**{f"edition_{name}": Edition.newest(name, **known) for name in names})

    def most_contradicted(self):
        """Those that public pieces contradict: by how many do, then the newest."""
        against = _evidence().public().filter(announcement=models.OuterRef("pk"))
        against = against.filter(stance="contradicts").order_by().values("announcement")
        pieces = against.annotate(pieces=models.Count("article", distinct=True)).values("pieces")
        found = self.annotate(contradicting=models.Subquery(pieces))
        in_order = found.order_by("-contradicting", f"-{self.dated_by}", "-pk")
        return in_order.filter(contradicting__isnull=False)

    def for_listing(self):
        """With company, measures and public evidence, in a fixed number of queries."""
        return (
            self.select_related("company__absorbed_by")
            .defer("search")
            .prefetch_related(
                models.Prefetch(
                    "measures",
                    Measure.objects.select_related(
                        "activity__brand__absorbed_by", "activity__company"
                    ),
                ),
                models.Prefetch(
                    "evidence",
                    _evidence().public().for_listing(),
                    to_attr="public_evidence",
                ),
            )
        )


class Announcement(models.Model):
    """What a company made known on a day, measure by measure."""

    Status = Status

    public_id = models.CharField(
        _("public id"),
        max_length=20,
        unique=True,
        default=new_public_id,
        editable=False,
        help_text=_("In addresses; never changes."),
    )
    company = models.ForeignKey(
        Company,
        models.PROTECT,
        related_name="announcements",
        verbose_name=_("company"),
        help_text=_("Who made it known."),
    )
    announced_on = models.DateField(
        _("announced on"),
        help_text=_(
            "The day in the announcer's place; the first of the month or year if no more is known."
        ),
    )
    announced_precision = models.CharField(
        _("precision"),
        max_length=5,
        choices=Precision,
        default=Precision.DAY,
        help_text=_("How exactly the day is known."),
    )
    announced_sourced = models.BooleanField(
        _("date sourced"),
        default=True,
        help_text=_("Whether a source gives the date; otherwise it is general knowledge."),
    )
    announced_by = DerivedDateField(
        _("announced by"),
        derive=lambda a: last_day(a.announced_on, a.announced_precision),
        db_index=True,
    )
    title_fr = models.CharField(
        _("title in French"), max_length=300, blank=True, help_text=_("Needed to publish.")
    )
    title_en = models.CharField(
        _("title in English"), max_length=300, blank=True, help_text=_("Needed to publish.")
    )
    summary_fr = models.TextField(
        _("summary in French"), blank=True, help_text=_("Needed to publish.")
    )
    summary_en = models.TextField(
        _("summary in English"), blank=True, help_text=_("Needed to publish.")
    )
    buyer = models.CharField(
        _("buyer"),
        max_length=300,
        blank=True,
        help_text=_("Who took the business over, where it was sold."),
    )
    terms_fr = models.TextField(
        _("terms in French"), blank=True, help_text=_("On what terms it was sold.")
    )
    terms_en = models.TextField(
        _("terms in English"), blank=True, help_text=_("On what terms it was sold.")
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        editable=False,
        help_text=_("Changed by publish and retract alone."),
    )
    public_from = models.DateTimeField(
        _("public from"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Nobody outside reads it before this hour; empty: since it was published."),
    )
    preview_key = models.CharField(
        max_length=20,
        blank=True,
        editable=False,
        help_text=_("Part of every preview link; another one ends those that were made."),
    )
    retraction_reason_fr = models.TextField(
        _("reason of the retraction in French"), blank=True, editable=False
    )
    retraction_reason_en = models.TextField(
        _("reason of the retraction in English"), blank=True, editable=False
    )
    last_checked_on = models.DateField(
        _("last checked on"),
        null=True,
        blank=True,
        help_text=_("When an editor last looked whether it still stands."),
    )
    checked_at = models.DateTimeField(
        _("checked at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The moment at which an editor last said so."),
    )
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    modified_at = models.DateTimeField(_("modified at"), auto_now=True)
    search = SearchField(
        derive=lambda a: "\n".join(
            [a.title_fr, a.title_en, a.summary_fr, a.summary_en, a.buyer, a.terms_fr, a.terms_en]
        )
    )

    objects = AnnouncementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search", "announced_by", "preview_key"])

    class Meta:
        ordering = ["-announced_by", "-pk"]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        indexes = [
            models.Index(fields=["-announced_by", "-id"], name="announcement_newest"),
            models.Index(
                fields=["public_from"],
                name="announcement_opens",
                condition=models.Q(public_from__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "published", "retracted"]),
                name="announcement_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(announced_precision__in=Precision.values),
                name="announcement_precision_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | ~(
                    models.Q(title_fr="")
                    | models.Q(title_en="")
                    | models.Q(summary_fr="")
                    | models.Q(summary_en="")
                ),
                name="announcement_published_in_both_languages",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="draft") | models.Q(public_from__isnull=True),
                name="announcement_draft_has_no_hour",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="retracted")
                | ~(models.Q(retraction_reason_fr="") | models.Q(retraction_reason_en="")),
                name="announcement_retracted_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(announced_on__gte="1900-01-01", announced_on__lte="2100-12-31"),
                name="announcement_date_makes_sense",
            ),
        ]
        permissions = [
            ("amend_announcement", _("Can change announcements that are no longer drafts")),
            ("publish_announcement", _("Can publish and retract announcements")),
            ("decide_suggestion", _("Can dismiss suggested announcements")),
        ]

    def __str__(self):
        return self.title or self.public_id

    def get_absolute_url(self):
        return reverse("announcements:detail", args=[self.public_id])

    @property
    def changed_with(self):
        """The permission that a change of it takes beside the usual one, or ""."""
        return "" if self.status == Status.DRAFT else "companies.amend_announcement"

    @property
    def title(self):
        return in_language(self, "title")

    @property
    def summary(self):
        return in_language(self, "summary")

    @property
    def terms(self):
        return in_language(self, "terms")

    @property
    def retraction_reason(self):
        return in_language(self, "retraction_reason")

    @property
    def action(self):
        """The weightiest action among its measures; "" without any."""
        return min((m.action for m in self.measures.all()), key=WEIGHT.get, default="")

    @property
    def stage(self):
        """The least advanced stage among the measures that give its action."""
        action = self.action
        return min(
            (m.stage for m in self.measures.all() if m.action == action),
            key=ADVANCE.get,
            default="",
        )

    def get_action_display(self):
        return Action(self.action).label if self.action else ""

    def get_stage_display(self):
        return Stage(self.stage).label if self.stage else ""

    @property
    def scheduled(self):
        """Whether its hour lies ahead, for words alone: `public()` asks the database."""
        return (
            self.status == Status.PUBLISHED
            and self.public_from is not None
            and self.public_from > timezone.now()
        )

    @property
    def is_open(self):
        """Whether it is published and no longer waits for an hour."""
        return self.status == Status.PUBLISHED and not self.scheduled

    @property
    def state(self):
        """Its status in words, with the hour where that lies ahead."""
        if self.scheduled:
            return _("Scheduled for %(hour)s") % {"hour": hour_in_words(self.public_from)}
        return self.get_status_display()

    def missing_to_publish(self):
        """What an editor still owes, in words; empty when it may be published."""
        owed = [
            str(self._meta.get_field(name).verbose_name)
            for name in TEXTS
            if not getattr(self, name).strip()
        ]
        if not self.measures.exists():
            owed.append(str(_("a measure")))
        owed += self._names_owed()
        if not self.evidence.filter(stance="supports").exists():
            owed.append(str(_("supporting evidence")))
        return owed

    def doubts(self):
        """What an editor should know of a published one, in words: why nobody sees it, or that
        no passage that supports it stands in its piece as it was quoted."""
        found = []
        if type(self).objects.unsupported().filter(pk=self.pk).exists():
            found.append(
                _("Nobody sees “%(title)s” before an article that supports it is released.")
            )
        supporting = set(self.evidence.filter(stance="supports").values_list("pk", flat=True))
        waiting = apps.get_model("companies", "Placement").objects.waiting()
        waiting = waiting.filter(evidence__in=supporting).values_list("evidence", flat=True)
        if supporting and supporting == set(waiting):
            found.append(
                _(
                    "What “%(title)s” rests on was reworded or is gone from its article since it "
                    "was quoted: look at it under “Evidence to re-check”."
                )
            )
        return [said % {"title": self} for said in found]

    def _names_owed(self):
        """The names that its activities lack in one language, and where an editor gives them."""
        lacking = Activity.objects.filter(models.Q(name_fr="") | models.Q(name_en=""))
        return [
            _(
                "%(field)s of the activity “%(activity)s” (under “Activities”, or beside its "
                "measure in the review of the article)"
            )
            % {"field": Activity._meta.get_field(field).verbose_name, "activity": activity}
            for activity in lacking.filter(measures__announcement=self).distinct()
            for field in activity.unnamed
        ]

    def _refusal(self, why, **told):
        return ValidationError(why, params={"title": self, **told})

    def _refuse_gaps(self, why):
        owed = self.missing_to_publish()
        if owed:
            raise self._refusal(why, owed=", ".join(owed))

    @transaction.atomic
    def publish(self, *, at=None, by=None, note_fr="", note_en=""):
        """Open it to readers, now or `at` an hour, and keep what they see as an edition;
        amend it if it is open.

        The edition of an hour ahead is made at that hour. Until then each change replaces
        it, so readers never hear of what was never open. Raises ValidationError that names
        what is missing.
        """
        if self.is_open:
            if at:
                raise self._refusal(_("“%(title)s” is public already."))
            return self.amend(by=by, note_fr=note_fr, note_en=note_en)
        self._refuse_at_its_hour()
        if at:
            self._refuse_hour(at)
        if self.status == Status.RETRACTED and not (note_fr.strip() and note_en.strip()):
            raise self._refusal(
                _(
                    "Readers were told why “%(title)s” was retracted. Say in one line why it is "
                    "back, in French and in English: “Public note on the change” in its form."
                )
            )
        self._refuse_gaps(_("“%(title)s” can't be published yet; missing: %(owed)s."))
        self.status, self.public_from = Status.PUBLISHED, at
        self.retraction_reason_fr = self.retraction_reason_en = ""
        self.save()
        return self._keep(by, note_fr, note_en)

    def _refuse_hour(self, at):
        if self.status == Status.RETRACTED:
            raise self._refusal(
                _("“%(title)s” was retracted; it can be published again now, not at an hour.")
            )
        if at < timezone.now() + AT_LEAST:
            raise self._refusal(
                _("%(hour)s is past, or less than a minute away. Choose a later hour."),
                hour=hour_in_words(at),
            )

    def _refuse_at_its_hour(self):
        opens = self.public_from if self.status == Status.PUBLISHED else None
        if opens and abs(opens - timezone.now()) < MOMENT:
            raise self._refusal(
                _("“%(title)s” opens at this very moment; save again in ten seconds.")
            )

    @transaction.atomic
    def unschedule(self):
        """Make a draft again of what hasn't opened yet."""
        if not self.scheduled:
            raise self._refusal(_("“%(title)s” isn't waiting for an hour."))
        self._refuse_at_its_hour()
        self._forget_waiting()
        self.status, self.public_from = Status.DRAFT, None
        self.save()

    def say_it_stands(self):
        """An editor's word that it still stands today. Readers see the day."""
        if not self.is_open:
            raise self._refusal(_("“%(title)s” isn't public; nothing of it is to be checked."))
        self.checked_at = timezone.now()
        self.last_checked_on = timezone.localdate(self.checked_at)
        self.save()

    @property
    def newest_edition(self):
        """What readers were told last, or will be told at its hour; None if nothing yet."""
        return self.editions.order_by("-number").first()

    def news(self):
        """What readers would see anew, by the names of an edition's parts: for instance
        ["title", "measures"]. Takes what was published before."""
        told, now = self.newest_edition.snapshot, self.snapshot()
        return [name for name in PARTS if told.get(name) != now.get(name)]

    @transaction.atomic
    def amend(self, *, by=None, note_fr="", note_en="", beside=False):
        """Keep the present state of a published announcement as a new edition.

        Readers are told in one line what changed: once it is open, a change needs both
        notes. Returns the edition, or None when readers would see nothing new: `beside` says
        that they do all the same, in what an edition doesn't hold (the brand of an activity).
        """
        if self.status != Status.PUBLISHED:
            return None
        self._refuse_gaps(_("“%(title)s” is published and can't lose this: %(owed)s."))
        newest = self.newest_edition
        if newest and newest.sha256 == Edition.hash_of(self.snapshot()) and not beside:
            return None
        self._refuse_at_its_hour()
        if not self.scheduled and not (note_fr.strip() and note_en.strip()):
            raise self._refusal(
                _(
                    "Readers would see something new (%(parts)s). Say in one line what changed, "
                    "in French and in English: “Public note on the change”."
                ),
                parts=", ".join(str(PARTS[name]) for name in self.news() or ["measures"]),
            )
        return self._keep(by, note_fr, note_en)

    def refuse_hidden(self, article):
        """Of one more source readers are told when they can open it. Raises ValidationError."""
        hindrance = article.hindrance()
        if self.is_open and hindrance:
            raise self._refusal(
                _(
                    "“%(title)s” is published, and readers can’t open this piece yet "
                    "(%(hindrance)s). Release the piece first, then add its passage."
                ),
                hindrance=hindrance,
            )

    def notes_on_a_source(self):
        """What goes with the edition that one more source makes: nobody has read what waits
        for its hour, so its own notes stay."""
        if not self.scheduled:
            return ONE_MORE
        waiting = self.newest_edition
        return {"note_fr": waiting.note_fr, "note_en": waiting.note_en}

    @transaction.atomic
    def retract(self, *, reason_fr, reason_en, by=None):
        """Take back what was published; the reason is public, the editions stay."""
        if self.status != Status.PUBLISHED:
            raise self._refusal(_("“%(title)s” isn't published, so it can't be retracted."))
        self._refuse_at_its_hour()
        if self.scheduled:
            raise self._refusal(
                _("Nobody has read “%(title)s” yet: cancel its hour instead of retracting it.")
            )
        self.status = Status.RETRACTED
        self.retraction_reason_fr, self.retraction_reason_en = reason_fr, reason_en
        self.save()
        return self._keep(by, reason_fr, reason_en)

    def snapshot(self):
        """All that a reader sees, as JSON values: what an edition keeps.

        What is seldom so is there only where it is so (`replies`, a date that no source
        gives), so that editions which are older than these read as they did.
        """
        replies = [reply.snapshot() for reply in self.replies.order_by("asked_on", "pk")]
        measures = self.measures.select_related("activity").order_by("pk")
        evidence = self.evidence.select_related("article__publisher", "version").order_by("pk")
        return {
            "id": self.public_id,
            "company": {"slug": self.company.shown_as.slug, "name": self.company.shown_as.name},
            "announced_on": self.announced_on.isoformat(),
            "announced_precision": self.announced_precision,
            **({} if self.announced_sourced else {"announced_sourced": False}),
            "status": self.status,
            "title": in_both(self, "title"),
            "summary": in_both(self, "summary"),
            "buyer": self.buyer,
            "terms": in_both(self, "terms"),
            "retraction_reason": in_both(self, "retraction_reason"),
            "measures": [measure.snapshot() for measure in measures],
            "evidence": [item.snapshot() for item in evidence],
            **({"replies": replies} if replies else {}),
        }

    def _forget_waiting(self):
        """Drop the edition that hasn't been made yet; the database refuses any other."""
        for edition in self.editions.filter(made_at__gt=Now()):
            edition.measures.all().delete()
            edition.delete()

    def _keep(self, by, note_fr, note_en):
        longest = Edition._meta.get_field("note_fr").max_length
        if max(len(note_fr), len(note_en)) > longest:
            raise self._refusal(_("A public note has at most %(count)d characters."), count=longest)
        # One edition at a time, so that each gets a number of its own.
        Announcement.objects.select_for_update().values("pk").get(pk=self.pk)
        self._forget_waiting()
        snapshot = self.snapshot()
        newest = self.newest_edition
        edition = self.editions.create(
            number=newest.number + 1 if newest else 1,
            status=self.status,
            announced_by=self.announced_by,
            snapshot=snapshot,
            sha256=Edition.hash_of(snapshot),
            note_fr=note_fr,
            note_en=note_en,
            made_at=self.public_from if self.scheduled else timezone.now(),
            made_by=by,
        )
        EditionMeasure.objects.bulk_create(
            EditionMeasure(
                edition=edition,
                activity_id=m.activity_id,
                market=m.market,
                action=m.action,
                stage=m.stage,
            )
            for m in self.measures.order_by("pk")
        )
        return edition
