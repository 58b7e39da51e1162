from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.history import is_own
from articles.models import Article
from companies.models.announcement import Announcement
from companies.models.company import Company

AN_HOUR = timedelta(hours=1)
AT_MOST = 10  # requests an hour from one address


class CorrectionRequestQuerySet(models.QuerySet):
    def waiting(self):
        """Those that nobody has seen to."""
        return self.filter(status=CorrectionRequest.Status.OPEN)

    def concerning(self, user):
        """Those about records that `user` recorded or was the last to edit."""
        return self.filter(
            is_own(Company, user, "company")
            | is_own(Announcement, user, "announcement")
            | is_own(Article, user, "article")
        )

    def for_listing(self):
        return self.select_related("company", "announcement", "article").defer(
            "announcement__search", "company__search", "article__body"
        )


class CorrectionRequest(models.Model):
    """What a reader says is wrong with a record. Readers never see it."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    company = models.ForeignKey(
        Company,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="correction_requests",
        verbose_name=_("company"),
    )
    announcement = models.ForeignKey(
        Announcement,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="correction_requests",
        verbose_name=_("announcement"),
    )
    article = models.ForeignKey(
        Article,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="correction_requests",
        verbose_name=_("article"),
    )
    text = models.TextField(_("what is wrong"), help_text=_("In the reader's words."))
    source = models.URLField(
        _("source"), max_length=1000, blank=True, help_text=_("Where one can read what is right.")
    )
    email = models.EmailField(
        _("address"), blank=True, help_text=_("For our answer; deleted with the request.")
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.OPEN,
        help_text=_("What became of it."),
    )
    remark = models.TextField(
        _("remark"), blank=True, help_text=_("The desk's own, for instance why it was declined.")
    )
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)

    objects = CorrectionRequestQuerySet.as_manager()
    # The address is a person's: it stands in the request alone.
    history = HistoricalRecords(excluded_fields=["email"])

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("correction request")
        verbose_name_plural = _("correction requests")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "accepted", "declined"]),
                name="correction_request_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    company__isnull=False, announcement__isnull=True, article__isnull=True
                )
                | models.Q(company__isnull=True, announcement__isnull=False, article__isnull=True)
                | models.Q(company__isnull=True, announcement__isnull=True, article__isnull=False),
                name="correction_request_of_one_record",
            ),
        ]
        indexes = [models.Index(fields=["status", "-received_at"], name="correction_request_open")]

    def __str__(self):
        return f"{self.about}: {self.text[:60]}"

    @property
    def about(self):
        """The record that it is about."""
        return self.company or self.announcement or self.article

    def accept(self):
        """It was right: the record has been mended."""
        self.status = self.Status.ACCEPTED
        self.save()

    def decline(self):
        """It wasn't, or can't be shown to be."""
        self.status = self.Status.DECLINED
        self.save()


class SendingQuerySet(models.QuerySet):
    def outlived(self):
        """Those that count no longer."""
        return self.filter(at__lte=timezone.now() - AN_HOUR)

    def admit(self, address):
        """Count one more request from an address, which may be None; returns None, or the
        time at which the next may come.

        Every worker takes its places here, and of two at once only one gets the last.
        """
        self.outlived().delete()
        sender = keyed_hash(address)
        mine = self.filter(sender=sender)
        taken = set(mine.values_list("place", flat=True))
        for place in range(1, AT_MOST + 1):
            if place not in taken and self.get_or_create(sender=sender, place=place)[1]:
                return None
        return mine.aggregate(first=models.Min("at", default=timezone.now()))["first"] + AN_HOUR


class Sending(models.Model):
    """One of the requests that an address may send within an hour.

    The address isn't kept: a hash of it is, which nobody can count back without the
    installation's key, and only for as long as it counts.
    """

    sender = models.CharField(_("sender"), max_length=64)
    place = models.PositiveSmallIntegerField(_("place"))
    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)

    objects = SendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        constraints = [
            models.UniqueConstraint(fields=["sender", "place"], name="sending_place_taken_once"),
            models.CheckConstraint(
                condition=models.Q(place__range=(1, AT_MOST)), name="sending_places"
            ),
        ]

    def __str__(self):
        return f"{self.sender[:8]}, {self.place}"


def keyed_hash(address):
    """What an address is known by here: the same in every worker, 64 hexadecimal digits."""
    return salted_hmac("companies.sending", address or "", algorithm="sha256").hexdigest()
