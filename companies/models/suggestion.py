import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.fields import DerivedCharField, Precision
from articles.history import is_own
from articles.models import Article, Version
from articles.passages import Place
from companies.activities import in_both_languages, meaning
from companies.announcing.days import told_on
from companies.countries import country_name
from companies.models.activity import Activity
from companies.models.announcement import Announcement
from companies.models.company import Company
from companies.models.evidence import Evidence
from companies.models.measure import Action, Measure, Stage
from companies.titles import proposed_title

RENEWED = _("The text or the rules have changed meanwhile; look at what is suggested now.")
BEING_SAVED = _("Somebody is saving that announcement at this moment; try again.")


class SuggestionQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for an editor, in pieces that weren't killed: the desk's queue."""
        return self.filter(status=Suggestion.Status.OPEN).exclude(
            article__status=Article.Status.CANCELED
        )

    def concerning(self, user):
        """Those in articles that `user` recorded or was the last to edit."""
        return self.filter(is_own(Article, user, "article"))

    def for_listing(self):
        """With company, article and draft, in one query."""
        return self.select_related(
            "company__absorbed_by", "article__publisher", "announcement"
        ).defer("article__body", "company__search", "announcement__search")


class Suggestion(models.Model):
    """An announcement that an article seems to tell of; nothing is recorded before an
    editor accepts it. Their word stays through later searches."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        JOINED = "joined", _("Added as evidence")
        DISMISSED = "dismissed", _("Dismissed")

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="suggestions", verbose_name=_("article")
    )
    company = models.ForeignKey(
        Company, models.CASCADE, related_name="suggestions", verbose_name=_("company")
    )
    version = models.ForeignKey(
        Version,
        models.PROTECT,
        related_name="+",
        verbose_name=_("version"),
        help_text=_("The wording that holds the passages."),
    )
    passages = models.JSONField(
        _("passages"),
        default=list,
        help_text=_("start, end (in Unicode code points of the text) and exact words of each."),
    )
    measures = models.JSONField(
        _("measures"),
        default=list,
        help_text=_("activity (empty: the whole business), market, action, stage, and passage."),
    )
    markets = DerivedCharField(
        max_length=400,
        derive=lambda s: " ".join(dict.fromkeys(each["market"] for each in s.measures)),
    )
    speaker = models.CharField(
        _("speaker"),
        max_length=10,
        choices=Evidence.Speaker,
        help_text=_("Whose words they seem to be."),
    )
    hearsay = models.BooleanField(
        _("hearsay"),
        default=False,
        help_text=_("Told as a rumour or on condition: nobody stands for it."),
    )
    reason = models.CharField(
        _("reason"), max_length=300, help_text=_("The words of the text that decided.")
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.OPEN,
        editable=False,
        help_text=_("Changed by an editor's decision alone."),
    )
    announcement = models.ForeignKey(
        Announcement,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="suggestions",
        verbose_name=_("announcement"),
        help_text=_("The draft that was made of it, or what its passages were added to."),
    )
    created_at = models.DateTimeField(_("suggested at"), default=timezone.now, editable=False)

    objects = SuggestionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["markets"])

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("suggested announcement")
        verbose_name_plural = _("suggested announcements")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "company"],
                condition=models.Q(status="open"),
                name="suggestion_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "accepted", "joined", "dismissed"]),
                name="suggestion_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(announcement__isnull=True)
                | models.Q(status__in=["accepted", "joined"]),
                name="suggestion_with_draft_is_accepted",
            ),
            models.CheckConstraint(
                condition=models.Q(speaker__in=["company", "publisher", "other"]),
                name="suggestion_speaker_known",
            ),
        ]
        indexes = [
            models.Index(fields=["-id"], name="suggestion_queue", condition=models.Q(status="open"))
        ]

    def __str__(self):
        return f"{self.company} · {self.article}"

    @property
    def places(self):
        """Where the passages stand in the version's text, as evidence names them."""
        body = self.version.body
        return [Place.at(body, each["start"], each["end"]) for each in self.passages]

    def in_words(self):
        """Its measures for an editor: “Shops · Russia, Belarus · Suspension · Announced”."""
        markets = {}
        for each in self.measures:
            told = each["activity"], Action(each["action"]).label, Stage(each["stage"]).label
            markets.setdefault(told, []).append(country_name(each["market"]))
        return [
            f"{activity or _('whole business')} · {', '.join(names)} · {action} · {stage}"
            for (activity, action, stage), names in markets.items()
        ]

    def announced_on(self):
        """(day, precision): the day that its passages name for it, if they agree on one, else
        that of the piece."""
        article, precision = self.article, self.article.published_precision
        day = timezone.localdate(article.published_at, timezone.get_default_timezone())
        if precision != Precision.DAY or self.speaker == Evidence.Speaker.OTHER:
            return day, precision
        language = article.language[:2].lower()
        told = {told_on(each["exact"], language, day) for each in self.passages} - {None}
        return (told.pop() if len(told) == 1 else day), precision

    @property
    def stamp(self):
        """Of what an editor sees of it; another one once it was renewed."""
        told = json.dumps(
            [self.version_id, self.company_id, self.passages, self.measures], sort_keys=True
        )
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @transaction.atomic
    def accept(self, *, by=None, seen=""):
        """An editor's yes: a draft of the article's day, with the measures and the passages.

        `seen` is the stamp of what they had before them, if that is known. Returns the
        draft; a second yes returns the same one. Raises ValidationError where it was
        decided otherwise or renewed meanwhile, or the piece was killed.
        """
        article = self._hold()
        if self.status == self.Status.ACCEPTED and self.announcement:
            return self.announcement
        self._refuse_yes(article, seen)
        # One draft of a company at a time, so that an activity isn't made twice.
        company = self.company.shown_as
        company = Company.objects.select_for_update().get(pk=company.pk)
        draft = _saved(self._draft(company), by)
        self._record_measures(draft, by)
        self._record_evidence(draft, by)
        self._decide(self.Status.ACCEPTED, draft, by)
        return draft

    @transaction.atomic
    def join(self, announcement, *, by=None, seen=""):
        """An editor's yes to what is recorded already: its passages become evidence of that
        announcement, and its measures are left to it. Readers of a published one are told.

        Raises ValidationError as `accept` does, where the announcement was retracted or
        deleted meanwhile, and where readers of it can't open the article.
        """
        article = self._hold()
        if self.status == self.Status.JOINED and self.announcement == announcement:
            return
        self._refuse_yes(article, seen)
        announcement = hold(announcement)
        announcement.refuse_hidden(article)
        self._decide(self.Status.JOINED, announcement, by)  # first: what it adds is younger
        self._record_evidence(announcement, by)
        announcement.amend(by=by, **announcement.notes_on_a_source())

    def _refuse_yes(self, article, seen):
        self._refuse_unless(self.Status.OPEN)
        if seen and seen != self.stamp:
            raise ValidationError(RENEWED)
        if article.status == Article.Status.CANCELED:
            raise ValidationError(
                _("“%(headline)s” was killed: nothing can rest on it."),
                params={"headline": article},
            )

    @transaction.atomic
    def dismiss(self, *, by=None):
        """An editor's no: these passages aren't offered again for the company."""
        self._hold()
        if self.status == self.Status.DISMISSED:
            return
        self._refuse_unless(self.Status.OPEN)
        self._decide(self.Status.DISMISSED, None, by)

    @transaction.atomic
    def reopen(self, *, by=None):
        """Take a decision back; the draft that was made must be deleted first. Passages that
        were added to a draft are taken out of it again."""
        self._hold()
        if self.status == self.Status.JOINED:
            self._part(by)
        elif self.announcement:
            raise ValidationError(
                _("An announcement was made of it: “%(title)s”. Delete that one first."),
                params={"title": self.announcement},
            )
        if self.newer().exists():
            raise ValidationError(
                _("A newer suggestion for %(company)s is open in this piece; decide on that one."),
                params={"company": self.company},
            )
        self._decide(self.Status.OPEN, None, by)

    def newer(self):
        """An open one of the same company in the same piece."""
        same = Suggestion.objects.filter(article=self.article_id, company=self.company_id)
        return same.filter(status=self.Status.OPEN).exclude(pk=self.pk)

    def _added(self):
        """The evidence that its passages became; not what stood there before they joined."""
        before = self.history.exclude(status=self.Status.JOINED).latest("history_id")
        joined = self.history.filter(history_id__gt=before.history_id).earliest("history_id")
        made = Evidence.history.filter(history_type="+", history_date__gte=joined.history_date)
        rows = self.announcement.evidence.filter(version=self.version_id, pk__in=made.values("id"))
        places = {(passage["start"], passage["exact"]) for passage in self.passages}
        return [evidence for evidence in rows if (evidence.start, evidence.exact) in places]

    def _part(self, by):
        added = self._added()
        if added and self.announcement.status != Announcement.Status.DRAFT:
            raise ValidationError(
                _(
                    "Its passages are evidence of “%(title)s”, which was published: take them out "
                    "there first."
                ),
                params={"title": self.announcement},
            )
        for evidence in added:
            evidence._history_user = by
            evidence.delete()

    def _hold(self):
        """Lock it as a search does, the article first, and read it anew; the article."""
        article = Article.objects.select_for_update().get(pk=self.article_id)
        try:
            self.refresh_from_db(from_queryset=Suggestion.objects.select_for_update())
        except Suggestion.DoesNotExist:
            raise ValidationError(
                _("The text or the rules have changed: this isn't suggested any more.")
            ) from None
        return article

    def _refuse_unless(self, status):
        if self.status != status:
            raise ValidationError(
                _("%(suggestion)s: decided already (%(status)s); reopen it first."),
                params={"suggestion": self, "status": self.get_status_display()},
            )

    def _decide(self, status, announcement, by):
        self.status, self.announcement = status, announcement
        _saved(self, by)

    def _draft(self, company):
        day, precision = self.announced_on()
        told = [
            (Action(each["action"]).label, each["market"])
            for each in sorted(self.measures, key=lambda each: Action.values.index(each["action"]))
        ]
        return Announcement(
            company=company,
            announced_on=day,
            announced_precision=precision,
            title_fr=proposed_title(company.name, told, "fr"),
            title_en=proposed_title(company.name, told, "en"),
        )

    def _record_measures(self, draft, by):
        known = Activity.objects.by_meaning(draft.company)
        seen = set()
        for each in self.measures:
            activity = self._activity(draft.company, each["activity"], known, by)
            if (activity, each["market"]) in seen:
                continue  # two wordings of one activity
            seen.add((activity, each["market"]))
            measure = Measure(
                announcement=draft,
                activity=activity,
                market=each["market"],
                action=each["action"],
                stage=each["stage"],
            )
            _saved(measure, by)

    def _activity(self, company, words, known, by):
        if not words:
            return None
        names = in_both_languages(
            words[: Activity._meta.get_field("name_en").max_length],
            self.version.article.language[:2].lower(),
        )
        keys = [meaning(name, company.name) for name in (words, *names.values()) if name]
        activity = next((known[key] for key in keys if key in known), None)
        if activity is None:
            named = {f"name_{language}": name for language, name in names.items()}
            activity = _saved(Activity(company=company, **named), by)
        known |= dict.fromkeys(keys, activity)
        return activity

    def _record_evidence(self, draft, by):
        there = draft.evidence.filter(version=self.version).values_list("start", "exact")
        there = set(there)
        for place in self.places:
            if (place.start, place.exact) in there:
                continue
            evidence = Evidence(
                announcement=draft,
                article=self.article,
                version=self.version,
                exact=place.exact,
                prefix=place.prefix,
                suffix=place.suffix,
                start=place.start,
                speaker=self.speaker,
            )
            evidence.refuse_long()
            _saved(evidence, by)


@receiver(models.signals.pre_delete, sender=Announcement)
def reopen_with(sender, instance, **kwargs):
    """What was made of a suggestion is deleted: it waits again, as its history says. Where a
    newer one waits in its place, that one takes its passages back, and this one goes."""
    by = getattr(instance, "_history_user", None)
    for suggestion in Suggestion.objects.filter(announcement=instance):
        if suggestion.newer().exists():
            suggestion._history_user = by
            suggestion.delete()
        else:
            suggestion._decide(Suggestion.Status.OPEN, None, by)


def hold(announcement):
    """Lock an announcement whose article is held already, and read it anew. Whoever saves it
    holds it before the article: waiting for them here might last for ever."""
    rows = Announcement.objects.filter(pk=announcement.pk)
    rows = rows.exclude(status=Announcement.Status.RETRACTED)
    held = rows.select_for_update(no_key=True, skip_locked=True).first()
    if held is None and rows.exists():
        raise ValidationError(BEING_SAVED)
    if held is None:
        raise ValidationError(_("That announcement was deleted or retracted meanwhile."))
    return held


def _saved(record, by):
    if by:
        record._history_user = by
    record.save()
    return record
