from typing import NamedTuple

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from stdnum import isin, lei

from articles.fields import DerivedForeignKey
from articles.search import APOSTROPHES, SearchField, parse
from companies.countries import country_name, validate_country
from companies.models.merger import Mergeable
from companies.spelling import FoldedField, alike, folded, nearest

SLUG = 80  # characters
TYPED = 200  # characters of a name that is asked for
IN_IDENTIFIERS = dict.fromkeys(map(ord, ":.-"))  # between letters and digits
CHOICES = 12  # offered of a name that several go by
NOTHING = models.Q(pk__in=[])
CANDIDATES = 200  # names of each table that hold most of the letters, of which the nearest count


def free_slug(name, taken):
    """A slug of the name that isn't in `taken`; a name without Latin letters gets one too."""
    slug = slugify(name.translate(APOSTROPHES).replace("'", "").replace(".", " "))
    slug = slug[: SLUG - 10].strip("-") or "company"
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def _has_something_public():
    """A company's own announcement, one that names it as a brand or by an activity, or a
    confirmed mention in a public article."""
    announcements = apps.get_model("companies", "Announcement").objects.public()
    mentions = apps.get_model("companies", "Mention").objects.public()
    return (
        models.Exists(announcements.filter(company=models.OuterRef("pk")))
        | models.Exists(announcements.filter(measures__activity__brand=models.OuterRef("pk")))
        | models.Exists(announcements.filter(measures__activity__company=models.OuterRef("pk")))
        | models.Exists(mentions.filter(company=models.OuterRef("pk")))
    )


def _has_anything_public():
    """The same, of its own record or of one that was merged into it."""
    absorbed = Company.objects.filter(
        _has_something_public(), absorbed_by__isnull=False, absorbed_by=models.OuterRef("pk")
    )
    return _has_something_public() | models.Exists(absorbed)


class Pick(NamedTuple):
    """What a reader typed to name a company: the one that is meant, or those that may be."""

    typed: str
    company: "Company | None" = None
    several: tuple = ()  # that all go by that name
    near: tuple = ()  # with a name much like it, where none goes by that one


class CompanyQuerySet(models.QuerySet):
    def standing(self):
        """Those that weren't merged into another."""
        return self.filter(merged_into__isnull=True)

    def public(self):
        """Those that stand, where a record of theirs, one merged into them included, has
        something public."""
        return self.standing().filter(_has_anything_public())

    def readable(self):
        """Public ones, and the records merged into these."""
        end = Coalesce(models.OuterRef("absorbed_by"), models.OuterRef("pk"))
        return self.filter(models.Exists(Company.objects.public().filter(pk=end)))

    def ends(self):
        """Key → the key of the record that stands for it, which may be its own."""
        return dict(self.order_by().values_list("pk", Coalesce("absorbed_by", "pk")))

    def of(self, slug):
        """All records of the company at that address: the one that stands, and those merged
        into it, whichever of them the address is."""
        own = Company.objects.filter(slug=slug).values(end=Coalesce("absorbed_by", "pk"))
        return self.filter(models.Q(pk__in=own) | models.Q(absorbed_by__in=own))

    def at(self, slug):
        """The one at that address, also where it is that of a record merged into it, or None."""
        own = Company.objects.filter(slug=slug).values(end=Coalesce("absorbed_by", "pk"))
        return self.filter(pk__in=own).first()

    def now_at(self, slugs):
        """Slugs, each once and as they were asked, where those of merged records are that of
        the record that stands for them."""
        slugs = list(slugs)
        merged = self.filter(slug__in=slugs, absorbed_by__isnull=False)
        stands = dict(merged.values_list("slug", "absorbed_by__slug"))
        return list(dict.fromkeys(stands.get(slug, slug) for slug in slugs))

    def under(self, slug):
        """The same with all records of its brands."""
        own = Company.objects.of(slug).values("pk")
        brands = Company.objects.standing().filter(parent__in=own).values("pk")
        return self.filter(
            models.Q(pk__in=own) | models.Q(pk__in=brands) | models.Q(absorbed_by__in=brands)
        )

    def matching(self, words):
        """Companies of which one name holds the words, or is spelled by the same letters
        (*cocacola*, *loreal*), or that have them for an identifier; of a merged one the record
        that stands for it, too."""
        asked = parse(words)
        plain = asked and not any(clause.excluded for clause in asked)
        typed = words.removesuffix("*") if plain else ""
        return self._bearing(folded(typed), models.Q(search__matches=words), typed)

    def beginning(self, words):
        """Those with a name that holds the words, the last of which may be its beginning."""
        # A single letter begins half of all names: it waits for the next.
        *before, last = words.split() or [""]
        asked = f"{words}*" if len(last) > 1 or not before else " ".join(before)
        return self.matching(asked).begun_first(words)

    def begun_first(self, words):
        """In order of their names, those before the others whose own begins with the words."""
        start = models.Case(models.When(name__istartswith=words, then=0), default=1)
        return self.order_by(start, "name", "pk")

    def named(self, text):
        """Those that go by just this name, however it is spelled; of a merged one the record
        that stands for it, too."""
        return self._bearing(folded(text))

    def identified(self, text):
        """Those that a register knows by just this; see `IdentifierQuerySet.written`."""
        return self._bearing("", identifier=text)

    def _bearing(self, letters, asked=NOTHING, identifier=""):
        """Those with a name that is spelled by just these letters, or of which `asked` is true,
        or with this identifier, and the records that stand for them. As keys in one set, since
        each part has an index of its own."""
        spelled = models.Q(folded=letters) if letters else NOTHING
        legal = models.Q(legal_folded=letters) if letters else NOTHING
        rows = Company.objects.order_by().filter(spelled | legal | asked)
        names = CompanyName.objects.order_by().filter(spelled | asked)
        identifiers = Identifier.objects.order_by().written(identifier)
        keys = rows.values_list("pk").union(
            rows.filter(absorbed_by__isnull=False).values_list("absorbed_by"),
            names.values_list("company"),
            names.filter(company__absorbed_by__isnull=False).values_list("company__absorbed_by"),
            identifiers.values_list(Coalesce("company__absorbed_by", "company")),
        )
        return self.filter(pk__in=keys)

    def pick(self, typed):
        """A Pick among these by a slug, also that of a record merged into one of them, or by
        a name of theirs, an identifier, or a part of a name."""
        typed = typed.replace("\0", "").strip()[:TYPED]
        if not typed:
            return Pick(typed)
        slug = typed[typed.rfind("(") + 1 :].removesuffix(")")  # as `told_apart` writes it
        if slug_re.match(slug):
            company = self.at(slug)
            if company:
                return Pick(typed, company)
        ways = (self.named, self.identified, self.beginning)
        found = next(filter(None, (way(typed)[:CHOICES] for way in ways)), ())
        if len(found) == 1:
            return Pick(typed, found[0])
        return Pick(typed, several=tuple(found), near=() if found else self.near(typed))

    def near(self, words):
        """At most three of these whose names are written much like `words`, the nearest first;
        two queries beside its own, each a walk through short names that the database makes."""
        ends = Coalesce("company__absorbed_by", "company")
        own = alike(Company.objects.all(), words).values_list("name", Coalesce("absorbed_by", "pk"))
        other = alike(CompanyName.objects.all(), words).values_list("name", ends)
        rows = [*own[:CANDIDATES], *other[:CANDIDATES]]
        known = self.in_bulk({key for _name, key in rows})
        bearers = {}
        for name, key in rows:
            if key in known:
                bearers.setdefault(name, known[key])
        return tuple(dict.fromkeys(bearers[name] for name in nearest(words, bearers)))

    def for_listing(self):
        """With its parent, where that is public itself or merged into one that is."""
        return self.defer("search").prefetch_related(
            models.Prefetch("parent", Company.objects.readable().select_related("absorbed_by"))
        )

    def in_full(self):
        """With names, identifiers and public brands of all its records, in a fixed number of
        queries."""
        brands = models.Prefetch("brands", Company.objects.public(), "public_brands")
        absorbed = Company.objects.prefetch_related("names", "identifiers", brands)
        return self.prefetch_related(
            "names", "identifiers", brands, models.Prefetch("absorbed", absorbed)
        )


class Company(Mergeable, models.Model):
    """A company, or a brand with an identity of its own under its parent."""

    class Sector(models.TextChoices):
        """The sections of ISIC, revision 4 (United Nations, 2008)."""

        A = "A", _("Agriculture, forestry and fishing")
        B = "B", _("Mining and quarrying")
        C = "C", _("Manufacturing")
        D = "D", _("Electricity and gas")
        E = "E", _("Water and waste")
        F = "F", _("Construction")
        G = "G", _("Trade")
        H = "H", _("Transport and storage")
        I = "I", _("Accommodation and food")  # noqa: E741 (ISIC's own letter)
        J = "J", _("Information and communication")
        K = "K", _("Finance and insurance")
        L = "L", _("Real estate")
        M = "M", _("Professional and technical services")
        N = "N", _("Administrative services")
        O = "O", _("Public administration")  # noqa: E741 (ISIC's own letter)
        P = "P", _("Education")
        Q = "Q", _("Health and social work")
        R = "R", _("Arts and recreation")
        S = "S", _("Other services")
        T = "T", _("Households as employers")
        U = "U", _("Extraterritorial organisations")

    slug = models.SlugField(
        _("slug"), max_length=SLUG, unique=True, help_text=_("In addresses; never changes.")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("As readers know it."))
    legal_name = models.CharField(
        _("legal name"), max_length=300, blank=True, help_text=_("As registered.")
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        db_index=True,
        validators=[validate_country],
        help_text=_("Where it has its seat: ISO 3166-1 alpha-2."),
    )
    sector = models.CharField(
        _("sector"),
        max_length=1,
        blank=True,
        choices=Sector,
        db_index=True,
        help_text=_("Section of ISIC, revision 4."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="brands",
        verbose_name=_("parent"),
        help_text=_("The company whose brand this is; it has no parent itself."),
    )
    website = models.URLField(_("website"), blank=True, help_text=_("Its home page."))
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
        help_text=_("The record that stands for this one now."),
    )
    absorbed_by = DerivedForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="absorbed",
        verbose_name=_("stands for it"),
        help_text=_("The record at the end of its mergers."),
        derive=lambda company: company.end_of_mergers,
    )
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    modified_at = models.DateTimeField(_("modified at"), auto_now=True)
    search = SearchField(derive=lambda company: f"{company.name}\n{company.legal_name}")
    folded = FoldedField(derive=lambda company: folded(company.name))
    # Without a legal name the other, since an index of which half is empty isn't used.
    legal_folded = FoldedField(derive=lambda company: folded(company.legal_name or company.name))

    objects = CompanyQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search", "folded", "legal_folded", "absorbed_by"])

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("pk")) & ~models.Q(merged_into=models.F("pk")),
                name="company_is_not_its_own_parent",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="company_has_name"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True, absorbed_by__isnull=True)
                | models.Q(merged_into__isnull=False, absorbed_by__isnull=False),
                name="company_merged_stands_elsewhere",
            ),
        ]
        permissions = [("merge_company", _("Can merge companies"))]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("companies:detail", args=[self.slug])

    def clean(self):
        parent = self.parent and self.parent.shown_as
        if parent and parent.pk == self.pk:
            raise ValidationError({"parent": _("A company is no brand of itself.")})
        if parent and parent.parent_id:
            raise ValidationError(
                {
                    "parent": _("%(name)s is a brand itself; choose its parent %(parent)s.")
                    % {"name": parent, "parent": parent.parent.shown_as}
                }
            )
        if parent and self.pk and Company.objects.filter(parent__in=self.records()).exists():
            raise ValidationError(
                {"parent": _("%(name)s has brands, so it can't be one.") % {"name": self}}
            )

    def told_apart(self):
        """Its name, as `pick` finds it again: with its slug where another goes by it too."""
        others = Company.objects.public().named(self.name).exclude(pk=self.pk)
        return f"{self.name} ({self.slug})" if others.exists() else self.name

    @property
    def brand_of(self):
        """Its parent as readers see it; see `for_listing`."""
        return self.parent and self.parent.shown_as

    @property
    def all_names(self):
        """Its other names and all of the records merged into it, each once; see `in_full`."""
        names = {name.name: name for name in self.names.all()}
        for record in self.absorbed.all():
            names.setdefault(record.name, CompanyName(company=record, name=record.name))
            if record.legal_name:
                legal = CompanyName(company=record, name=record.legal_name, kind="legal")
                names.setdefault(record.legal_name, legal)
            for name in record.names.all():
                names.setdefault(name.name, name)
        known = {self.name, self.legal_name}
        return sorted(
            (name for said, name in names.items() if name.pk or said not in known),
            key=lambda name: name.name,
        )

    @property
    def all_identifiers(self):
        """Those of all its records; see `in_full`."""
        records = [self, *self.absorbed.all()]
        found = [identifier for record in records for identifier in record.identifiers.all()]
        return sorted(found, key=lambda identifier: (identifier.scheme, identifier.value))

    @property
    def all_brands(self):
        """The public ones of all its records; see `in_full`."""
        records = [self, *self.absorbed.all()]
        return sorted(
            (brand for record in records for brand in record.public_brands),
            key=lambda brand: brand.name,
        )

    @property
    def country_name(self):
        return country_name(self.country)


class IdentifierQuerySet(models.QuerySet):
    def written(self, text):
        """Those that are written just so, in capitals or not; a ticker also without its
        exchange (*AMZN* for NASDAQ:AMZN)."""
        value = text.strip().upper()
        if not (value.isascii() and value.translate(IN_IDENTIFIERS).isalnum()):
            return self.none()
        schemes = Identifier.Scheme
        return self.filter(
            models.Q(scheme__in=schemes.values, value=value)
            | models.Q(scheme=schemes.TICKER, value__endswith=f":{value}")
        )


class Identifier(models.Model):
    """A company's id in somebody else's register."""

    class Scheme(models.TextChoices):
        WIKIDATA = "wikidata", "Wikidata"
        LEI = "lei", "LEI"
        ISIN = "isin", "ISIN"
        TICKER = "ticker", _("Ticker")

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="identifiers", verbose_name=_("company")
    )
    scheme = models.CharField(
        _("scheme"), max_length=20, choices=Scheme, help_text=_("Whose register it is.")
    )
    value = models.CharField(
        _("value"), max_length=60, help_text=_("For instance Q3884 or NASDAQ:AMZN.")
    )
    sourced = models.BooleanField(
        _("sourced"),
        default=True,
        help_text=_("Whether a page that carries it was read; otherwise it is general knowledge."),
    )

    objects = IdentifierQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["scheme", "value"]
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "value"], name="identifier_unique")
        ]

    def __str__(self):
        return f"{self.get_scheme_display()} {self.value}"

    @property
    def url(self):
        """Where the register shows it, if it has such a page."""
        base = {
            "wikidata": "https://www.wikidata.org/wiki/",
            "lei": "https://search.gleif.org/#/record/",
        }
        return base[self.scheme] + self.value if self.scheme in base else ""

    def clean(self):
        self.value = self.value.strip()
        wikidata = self.value[:1] == "Q" and self.value[1:].isascii() and self.value[1:].isdigit()
        valid = {
            self.Scheme.WIKIDATA: wikidata,
            self.Scheme.LEI: lei.is_valid(self.value),
            self.Scheme.ISIN: isin.is_valid(self.value),
        }.get(self.scheme, True)
        if not valid:
            raise ValidationError(
                {
                    "value": _("“%(value)s” is no %(scheme)s: check its digits.")
                    % {"value": self.value, "scheme": self.get_scheme_display()}
                }
            )


class CompanyName(models.Model):
    """Another name that a company goes by."""

    class Kind(models.TextChoices):
        BRAND = "brand", _("Brand")
        LEGAL = "legal", _("Legal name")
        ABBREVIATION = "abbreviation", _("Abbreviation")
        FORMER = "former", _("Former name")
        OTHER = "other", _("Other spelling")

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="names", verbose_name=_("company")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("As it stands in articles."))
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        help_text=_("BCP 47; empty when it is the same in all."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=15,
        choices=Kind,
        default=Kind.OTHER,
        help_text=_("What sort of name it is."),
    )
    ambiguous = models.BooleanField(
        _("ambiguous"),
        default=False,
        help_text=_(
            "Also an ordinary word or another's name (Orange, Total): not enough by itself."
        ),
    )
    search = SearchField(derive=lambda name: name.name)
    folded = FoldedField(derive=lambda name: folded(name.name))

    history = HistoricalRecords(excluded_fields=["search", "folded"])

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="company_name_once")
        ]

    def __str__(self):
        return self.name
