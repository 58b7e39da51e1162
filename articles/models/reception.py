import hashlib
import zlib
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.publisher import Publisher
from articles.models.redaction import MARKER, Redaction


class ReceivedFile(models.Model):
    """A file as it was received, byte for byte; the same bytes are kept once."""

    sha256 = models.CharField(
        "SHA-256", max_length=64, unique=True, help_text=_("Of the bytes, in hex.")
    )
    size = models.PositiveIntegerField(_("size"), help_text=_("In bytes."))
    packed = models.BinaryField(_("content"), help_text=_("The bytes, packed by zlib."))
    redaction = models.ForeignKey(
        Redaction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="files",
        verbose_name=_("redaction"),
        help_text=_("Why the content was blanked; the hash and the size are those it had."),
    )
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("received file")
        verbose_name_plural = _("received files")

    def __str__(self):
        return self.sha256[:12]

    @classmethod
    def of(cls, data):
        """An unsaved record of these bytes."""
        # The lightest packing: it halves what is written, and reading a wire takes longer.
        return cls(sha256=cls.hash_of(data), size=len(data), packed=zlib.compress(data, 1))

    @staticmethod
    def hash_of(data):
        return hashlib.sha256(data).hexdigest()

    @property
    def content(self):
        """The bytes as they came; none once they were redacted. Raises zlib.error where
        the disk has changed them."""
        return b"" if self.redaction_id else zlib.decompress(bytes(self.packed))

    def blank(self, redaction):
        """Forget the bytes, and what was said of them when they came."""
        self.packed, self.redaction = b"", redaction
        self.save()
        for receipt in self.receipts.select_related("run"):
            receipt.name, receipt.refusals = MARKER, [MARKER for _reason in receipt.refusals]
            receipt.save()
            if receipt.run.rules.get("said", {}).pop("source_url", None):
                receipt.run.save()


class ImportQuerySet(models.QuerySet):
    def stopped(self):
        """Begun more than an hour ago and not finished, nor has a later import of the
        publisher, which goes on where this one was stopped."""
        later = Import.objects.filter(
            publisher=models.OuterRef("publisher"),
            pk__gt=models.OuterRef("pk"),
            finished_at__isnull=False,
        )
        return self.filter(
            ~models.Exists(later),
            finished_at__isnull=True,
            started_at__lt=Now() - timedelta(hours=1),
        )

    def concerning(self, user):
        """Those that `user` ran."""
        return self.filter(author=user)


class Import(models.Model):
    """One run that took files into the archive."""

    publisher = models.ForeignKey(
        Publisher,
        models.PROTECT,
        related_name="imports",
        verbose_name=_("publisher"),
        help_text=_("Who issued the pieces."),
    )
    rules = models.JSONField(
        _("rules"), default=dict, help_text=_("What was said of the pieces beside their files.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
        help_text=_("Who ran it; nobody for the command."),
    )
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    finished_at = models.DateTimeField(
        _("finished at"), null=True, blank=True, help_text=_("Empty while it runs or was stopped.")
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self):
        return f"{self.publisher}, {timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"


class ReceiptQuerySet(models.QuerySet):
    def with_refusals(self):
        """Files of which something was refused when they last came, and that no editor has
        seen to; each once."""
        same = Receipt.objects.filter(
            models.Q(file=models.OuterRef("file"))
            | models.Q(file=None, name=models.OuterRef("name"))
        )
        newer = same.filter(pk__gt=models.OuterRef("pk"))
        return self.exclude(refusals=[]).filter(
            ~models.Exists(newer), ~models.Exists(same.filter(seen=True))
        )

    def concerning(self, user):
        """Those of imports that `user` ran."""
        return self.filter(run__author=user)


class Receipt(models.Model):
    """What became of one file of an import: the checkpoint from which a second run goes on."""

    run = models.ForeignKey(
        Import, models.CASCADE, related_name="receipts", verbose_name=_("import")
    )
    name = models.CharField(_("name"), max_length=500, help_text=_("Path of the file."))
    file = models.ForeignKey(
        ReceivedFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="receipts",
        verbose_name=_("file"),
        help_text=_("None where it couldn't be read whole."),
    )
    taken = models.PositiveIntegerField(
        _("taken"), default=0, help_text=_("How many of its items have been dealt with.")
    )
    finished = models.BooleanField(
        _("finished"), default=False, help_text=_("All of its items have been dealt with.")
    )
    done = models.JSONField(
        _("done"), default=dict, help_text=_("How many items were created, revised, and so on.")
    )
    refusals = models.JSONField(
        _("refusals"),
        default=list,
        blank=True,
        help_text=_("Why items, or all of it, were refused."),
    )

    seen = models.BooleanField(
        _("seen to"), default=False, help_text=_("An editor knows; the same file is asked no more.")
    )

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        indexes = [models.Index(fields=["file", "finished"], name="receipt_of_file")]

    def __str__(self):
        return self.name

    def see(self):
        """An editor has seen to it: the desk asks no more, even when the file comes again."""
        self.seen = True
        self.save()
