from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.history import is_own
from articles.models import Article, Version, is_public
from companies.models.company import Company


class MentionQuerySet(models.QuerySet):
    def public(self):
        """Confirmed by an editor, in a public article; once, where several records of one
        company were: the one that stands goes first, then the oldest."""
        stands = models.OuterRef("company__absorbed_by")
        same = Mention.objects.filter(
            models.Q(company=stands)
            | models.Q(company__absorbed_by=stands, pk__lt=models.OuterRef("pk")),
            status=Mention.Status.CONFIRMED,
            article=models.OuterRef("article"),
        )
        return self.filter(
            is_public("article"),
            models.Q(company__absorbed_by__isnull=True) | ~models.Exists(same),
            status=Mention.Status.CONFIRMED,
        )

    def suggested(self):
        """Those that wait for an editor's word, in pieces that weren't killed."""
        return self.filter(status=Mention.Status.SUGGESTED).exclude(
            article__status=Article.Status.CANCELED
        )

    def concerning(self, user):
        """Those in articles that `user` recorded or was the last to edit."""
        return self.filter(is_own(Article, user, "article"))

    def weightiest_first(self):
        """The subject, then its peers, then those named in passing."""
        return self.order_by("-role", "company__name")  # the words' alphabet, backwards

    def for_listing(self):
        """With company, the record that stands for it, and article."""
        return self.select_related("company__absorbed_by", "article__publisher").defer(
            "article__body"
        )


class Mention(models.Model):
    """A company found in an article. A rejection outlives the next search."""

    class Status(models.TextChoices):
        SUGGESTED = "suggested", _("Suggested")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Rejected")

    class Role(models.TextChoices):
        SUBJECT = "subject", _("Subject")
        PEER = "peer", _("Peer")
        PASSING = "passing", _("In passing")

    class Reason(models.TextChoices):
        """What showed that a company is meant; see companies.recognition."""

        NAME = "name", _("By a name of its own")
        FORM = "form", _("By an ambiguous name with a legal form")
        TICKER = "ticker", _("By an ambiguous name with a ticker")
        NEAR = "near", _("By an ambiguous name near a word for a company")

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="mentions", verbose_name=_("article")
    )
    company = models.ForeignKey(
        Company, models.CASCADE, related_name="mentions", verbose_name=_("company")
    )
    version = models.ForeignKey(
        Version,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version"),
        help_text=_("The wording in which the places were found."),
    )
    places = models.JSONField(
        _("places"),
        default=list,
        blank=True,
        help_text=_(
            "[start, end] pairs, in Unicode code points of headline, two line feeds, text."
        ),
    )
    reason = models.CharField(
        _("reason"),
        max_length=6,
        blank=True,
        choices=Reason,
        help_text=_("What showed that the company is meant; empty where an editor added it."),
    )
    named_as = models.CharField(
        _("named as"),
        max_length=300,
        blank=True,
        help_text=_("The name that decided, as it stands in the text."),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.SUGGESTED,
        help_text=_("An editor's word stays through later searches."),
    )
    role = models.CharField(
        _("role"),
        max_length=10,
        choices=Role,
        default=Role.PASSING,
        help_text=_(
            "Whether the piece is about it, or it stands beside the subject or is named in passing."
        ),
    )
    created_at = models.DateTimeField(_("found at"), auto_now_add=True)

    objects = MentionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["created_at"])

    class Meta:
        ordering = ["article", "company"]
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            models.UniqueConstraint(fields=["article", "company"], name="mention_once_per_article"),
            models.CheckConstraint(
                condition=models.Q(status__in=["suggested", "confirmed", "rejected"]),
                name="mention_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["subject", "peer", "passing"]),
                name="mention_role_known",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "status"], name="mention_of_company"),
            models.Index(
                # The desk's count and age are read from it alone.
                fields=["status", "created_at"],
                name="mention_suggested",
                condition=models.Q(status="suggested"),
            ),
        ]
        permissions = [("confirm_mention", _("Can confirm and reject mentions"))]

    def __str__(self):
        return f"{self.company} · {self.article}"

    def confirm(self):
        """An editor's yes: readers see it with the article."""
        self.status = self.Status.CONFIRMED
        self.save()

    def reject(self):
        """An editor's no: it outlives the next search."""
        self.status = self.Status.REJECTED
        self.save()

    def ask_again(self):
        """Back among the suggestions, as if nobody had decided."""
        self.status = self.Status.SUGGESTED
        self.save()

    def take_role(self, role):
        """An editor's word on what the piece has to do with the company."""
        self.role = self.Role(role)
        self.save()
