from functools import reduce
from operator import or_

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from drf_spectacular.drainage import set_override

from articles.filters import (
    BY_COMPANY,
    BY_DAY,
    BY_NAME,
    ChoiceFilter,
    DateFilter,
    DayFilter,
    FilterSet,
    MomentFilter,
    OrderingFilter,
    TextFilter,
    both_ways,
)
from companies.countries import country_choices
from companies.models import (
    Announcement,
    Assessment,
    Company,
    EditionMeasure,
    Evidence,
    Measure,
    Mention,
)
from companies.models.measure import Action, Stage

YES_NO = [("true", _("Yes")), ("false", _("No"))]
COMPANY = _("Slug of the company; a company's list holds its brands' too.")
OF_COMPANY = _("Slug of the company.")


class CountryFilter(django_filters.ChoiceFilter):
    """A country by its code."""

    def __init__(self, *args, help_text, **kwargs):
        # In the API's description a pattern stands for all the codes.
        schema = {"type": "string", "pattern": "^[A-Z]{2}$", "description": help_text}
        set_override(self, "field", schema)
        message = _("A country as two capital letters of ISO 3166-1, for instance RU.")
        super().__init__(
            *args,
            choices=country_choices,
            empty_label=_("All"),
            error_messages={"invalid_choice": message},
            help_text=help_text,
            **kwargs,
        )


class SectorFilter(ChoiceFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(
            *args,
            choices=Company.Sector.choices,
            label=_("Sector"),
            help_text=_("Section of ISIC, revision 4."),
            **kwargs,
        )


class KnownAtFilter(MomentFilter):
    """The archive's own clock. Whoever knows it asks by the address: a form for readers only
    keeps it."""

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args,
            label=_("Known at"),
            help_text=_("What this archive knew at this moment; a bare date means its end."),
            widget=forms.HiddenInput,
            **kwargs,
        )


class AnnouncementFilter(FilterSet):
    """The questions a reader may ask of the announcements, on the page and in the API.

    Market, action and stage ask for one and the same measure. With `known_at`, they
    and the dates ask the edition of that time; everything else asks the present.
    """

    q = TextFilter(
        method="search",
        label=_("Search"),
        help_text=_("Words; “in a row”, -without, begin*."),
    )
    company = TextFilter(method="later", label=_("Company"), help_text=COMPANY)
    market = CountryFilter(
        method="later", label=_("Market"), help_text=_("ISO 3166-1 alpha-2, for instance RU.")
    )
    sector = SectorFilter(method="of_companies")
    country = CountryFilter(
        method="of_companies",
        label=_("Seat"),
        help_text=_("Where the company has its seat: ISO 3166-1 alpha-2."),
    )
    action = ChoiceFilter(
        choices=Action.choices,
        method="later",
        label=_("Action"),
        help_text=_("What the company does there."),
    )
    stage = ChoiceFilter(
        choices=Stage.choices,
        method="later",
        label=_("Stage"),
        help_text=_("How far it has come."),
    )
    publisher = TextFilter(
        method="proved_by",
        label=_("Publisher"),
        help_text=_("Slug of a publisher of its evidence."),
    )
    contradicted = ChoiceFilter(
        choices=YES_NO,
        method="spoken_against",
        label=_("Contradicted"),
        help_text=_("Does a piece of evidence contradict it?"),
    )
    announced_after = DateFilter(
        method="later", label=_("From"), help_text=_("Announced on this day or later.")
    )
    announced_before = DateFilter(
        method="later", label=_("To"), help_text=_("Announced on this day or earlier.")
    )
    as_of = DayFilter(
        method="later", label=_("As of"), help_text=_("What the world could know on this day.")
    )
    known_at = KnownAtFilter(method="later")
    ordering = OrderingFilter(
        fields={"announced_by": "announced_on", "company__name": "company"},
        words=both_ways(announced_on=BY_DAY, company=BY_COMPANY),
        usual="-announced_on",
    )

    class Meta:
        model = Announcement
        fields = []

    def filter_queryset(self, queryset):
        asked = self.asked
        queryset = super().filter_queryset(queryset)
        if asked.get("known_at"):
            order = queryset.query.order_by or Announcement._meta.ordering
            moment = asked["known_at"]
            queryset = queryset.known_at(moment).in_order_of_then(order, moment)
        for name, lookup in (("announced_after", "gte"), ("announced_before", "lte")):
            if asked.get(name):
                queryset = queryset.filter(**{f"{queryset.dated_by}__{lookup}": asked[name]})
        if asked.get("as_of"):
            queryset = queryset.as_of(asked["as_of"])
        return self._with_measure(queryset)

    def measures(self):
        """(the measures that it asks about, the name of their key to `holder`, `holder`):
        the present ones with their announcement, or those of the editions known then."""
        known = self.asked.get("known_at")
        if known:
            return EditionMeasure.objects.all(), "edition", "known_edition"
        return Measure.objects.all(), "announcement", "pk"

    def asked_of_measures(self):
        """(conditions on one measure, on the announcement, on a measure in its place): what
        market, action, stage and company ask. A company's are its own announcements
        whatever they touch, and others' measures on a part of it."""
        asked = self.asked
        measure = {name: asked[name] for name in ("market", "action", "stage") if asked.get(name)}
        company = asked.get("company")
        if not company:
            return Q(**measure), None, None
        records = Company.objects.of(company).values("pk")
        own = Q(company__in=Company.objects.under(company).values("pk"))
        part = Q(activity__brand__in=records) | Q(activity__company__in=records)
        return Q(**measure), own, part

    def measures_asked(self):
        """The measures that its question about measures and company picks: of a company's
        announcements all, of others' those on a part of it."""
        rows, key, _holder = self.measures()
        measure, own, part = self.asked_of_measures()
        rows = rows.filter(measure)
        if own is None:
            return rows
        announcement = key if key == "announcement" else f"{key}__announcement"
        announced = Announcement.objects.filter(own).values("pk")
        return rows.filter(Q(**{f"{announcement}__in": announced}) | part)

    def _with_measure(self, queryset):
        rows, key, holder = self.measures()
        measure, own, part = self.asked_of_measures()
        rows = rows.filter(**{key: OuterRef(holder)})
        some = Q(Exists(rows.filter(measure))) if measure else Q()
        if own is None:
            return queryset.filter(some)
        return queryset.filter((own & some) | Exists(rows.filter(part, measure)))

    def of_companies(self, queryset, name, value):
        """By what is said of the record that stands for the announcer."""
        return queryset.filter(
            Q(company__absorbed_by__isnull=True, **{f"company__{name}": value})
            | Q(**{f"company__absorbed_by__{name}": value})
        )

    def search(self, queryset, name, value):
        return queryset.matching(value)

    def later(self, queryset, name, value):
        """Asked in `filter_queryset`, since it hangs together with others."""
        return queryset

    def proved_by(self, queryset, name, value):
        evidence = Evidence.objects.public().filter(article__publisher__slug=value)
        return queryset.filter(Exists(evidence.filter(announcement=OuterRef("pk"))))

    def spoken_against(self, queryset, name, value):
        against = Exists(
            Evidence.objects.public().filter(
                announcement=OuterRef("pk"), stance=Evidence.Stance.CONTRADICTS
            )
        )
        return queryset.filter(against if value == "true" else ~against)


class CompanyFilter(FilterSet):
    """The questions a reader may ask of the companies, on the page and in the API."""

    q = TextFilter(method="search", label=_("Search"), help_text=_("A name, or the start* of one."))
    sector = SectorFilter()
    country = CountryFilter(
        label=_("Seat"), help_text=_("Where it has its seat: ISO 3166-1 alpha-2.")
    )
    market = CountryFilter(
        method="acting_in",
        label=_("Market"),
        help_text=_("Where it announced something: ISO 3166-1 alpha-2."),
    )
    ordering = OrderingFilter(fields={"name": "name"}, words=both_ways(name=BY_NAME), usual="name")

    class Meta:
        model = Company
        fields = []

    def search(self, queryset, name, value):
        return queryset.matching(value)

    def acting_in(self, queryset, name, value):
        acting = [Q(pk__in=rows.filter(market=value).values("end")) for rows in actors()]
        return queryset.filter(reduce(or_, acting))


def actors():
    """Who acts where: querysets of public measures with `market` and `end`, the key of the
    record that stands for who announced it, for the brand or the company of which it touches
    a part, or for the parent of the announcer."""
    measures = Measure.objects.public().order_by()
    for path in ("announcement__company", "activity__brand", "activity__company"):
        yield _ends(measures, path)
    standing = measures.filter(announcement__company__absorbed_by__isnull=True)
    yield _ends(standing, "announcement__company__parent")
    yield _ends(measures, "announcement__company__absorbed_by__parent")


def _ends(measures, path):
    rows = measures.filter(**{f"{path}__isnull": False})
    return rows.annotate(end=Coalesce(f"{path}__absorbed_by", path)).values("market", "end")


class MentionFilter(FilterSet):
    """The questions a reader may ask of the mentions."""

    company = TextFilter(method="of_company", label=_("Company"), help_text=OF_COMPANY)
    article = TextFilter(
        field_name="article__slug", label=_("Article"), help_text=_("Slug of the article.")
    )
    publisher = TextFilter(
        field_name="article__publisher__slug",
        label=_("Publisher"),
        help_text=_("Slug of the publisher."),
    )
    role = ChoiceFilter(
        choices=Mention.Role.choices, label=_("Role"), help_text=_("How the piece speaks of it.")
    )
    ordering = OrderingFilter(
        fields={"article__published_at": "published_at", "company__name": "company"},
        words=both_ways(published_at=BY_DAY, company=BY_COMPANY),
    )

    class Meta:
        model = Mention
        fields = []

    def of_company(self, queryset, name, value):
        return queryset.filter(company__in=Company.objects.of(value).values("pk"))


class AssessmentFilter(FilterSet):
    """The questions a reader may ask of the grades that others gave."""

    company = TextFilter(method="of_company", label=_("Company"), help_text=OF_COMPANY)
    assessor = TextFilter(
        field_name="assessor__slug", label=_("Assessor"), help_text=_("Slug of who gave it.")
    )
    market = CountryFilter(label=_("Market"), help_text=_("ISO 3166-1 alpha-2, for instance RU."))
    as_of = DayFilter(
        method="newest",
        label=_("As of"),
        help_text=_("Each assessor's newest grade up to this day."),
    )
    ordering = OrderingFilter(
        fields={"assessed_on": "assessed_on", "company__name": "company"},
        words=both_ways(assessed_on=BY_DAY, company=BY_COMPANY),
    )

    class Meta:
        model = Assessment
        fields = []

    def of_company(self, queryset, name, value):
        return queryset.filter(company__in=Company.objects.of(value).values("pk"))

    def newest(self, queryset, name, value):
        return queryset.as_of(value)


class StandingFilter(FilterSet):
    """Whose standing, where and when: it picks the companies; market and days are
    for `companies.standing`."""

    company = TextFilter(method="the_one", label=_("Company"), help_text=OF_COMPANY)
    sector = SectorFilter()
    country = CountryFilter(
        label=_("Seat"), help_text=_("Where it has its seat: ISO 3166-1 alpha-2.")
    )
    market = CountryFilter(
        method="beside", label=_("Market"), help_text=_("ISO 3166-1 alpha-2, for instance RU.")
    )
    as_of = DayFilter(
        method="beside", label=_("As of"), help_text=_("What the world could know on this day.")
    )
    known_at = KnownAtFilter(method="beside")

    class Meta:
        model = Company
        fields = []

    def the_one(self, queryset, name, value):
        return queryset.filter(pk__in=Company.objects.of(value).values("pk"))

    def beside(self, queryset, name, value):
        """No matter of the company itself."""
        return queryset
