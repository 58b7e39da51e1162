from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


def in_language(record, name):
    """The field `name` of `record` in the reader's language; French stands first."""
    language = (translation.get_language() or "fr")[:2]
    own = getattr(record, f"{name}_{'en' if language == 'en' else 'fr'}")
    return own or getattr(record, f"{name}_fr") or getattr(record, f"{name}_en")


def in_both(record, name):
    """The field `name` of `record` as {"fr": …, "en": …}."""
    return {"fr": getattr(record, f"{name}_fr"), "en": getattr(record, f"{name}_en")}


class Rights(models.TextChoices):
    """Whether the rights holder lets the public see a piece in this archive at all."""

    UNKNOWN = "unknown", _("Unknown")
    CLEARED = "cleared", _("Cleared")
    FORBIDDEN = "forbidden", _("Forbidden")


class Access(models.TextChoices):
    """How much of a piece that may be seen the public may read."""

    FULL = "full", _("Full text")
    EXTRACT = "extract", _("Extract")
    REFERENCE = "reference", _("Reference")


class PublisherQuerySet(models.QuerySet):
    def public(self):
        """Publishers of a public article."""
        articles = apps.get_model("articles", "Article").objects.public()
        return self.filter(models.Exists(articles.filter(publisher=models.OuterRef("pk"))))


class Publisher(models.Model):
    """Who issued a piece. The kind ranks it as a source."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("Agency")
        OUTLET = "outlet", _("Outlet")
        COMPANY = "company", _("Company")
        AGGREGATOR = "aggregator", _("Aggregator")

    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, help_text=_("In addresses; never changes.")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("As readers know it."))
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=Kind,
        default=Kind.OUTLET,
        help_text=_("A company's own blog or filing is of the kind company."),
    )
    website = models.URLField(_("website"), blank=True, help_text=_("Its home page."))
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("ISO 3166-1 alpha-2, for instance FR.")
    )

    rights = models.CharField(
        _("agreement"),
        max_length=10,
        choices=Rights,
        default=Rights.UNKNOWN,
        help_text=_(
            "Cleared where an agreement lets its pieces be shown: what arrives and says nothing "
            "else is cleared too. What a piece says against it counts more."
        ),
    )
    access = models.CharField(
        _("access"),
        max_length=10,
        choices=Access,
        default=Access.REFERENCE,
        help_text=_("What the public may read of its pieces, unless one says otherwise."),
    )

    objects = PublisherQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("publisher")
        verbose_name_plural = _("publishers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["agency", "outlet", "company", "aggregator"]),
                name="publisher_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(rights__in=Rights.values), name="publisher_rights_known"
            ),
            models.CheckConstraint(
                condition=models.Q(access__in=Access.values), name="publisher_access_known"
            ),
        ]

    def __str__(self):
        return self.name


class Topic(models.Model):
    """A subject of the IPTC Media Topics."""

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        help_text=_("IPTC qcode, for instance medtop:04000000."),
    )
    name_fr = models.CharField(
        _("name in French"), max_length=200, help_text=_("IPTC's French label.")
    )
    name_en = models.CharField(
        _("name in English"), max_length=200, help_text=_("IPTC's English label.")
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self):
        return self.name

    @property
    def name(self):
        return in_language(self, "name")
