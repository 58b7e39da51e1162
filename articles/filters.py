from datetime import UTC, date, datetime, time, timedelta

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.chips import rest
from articles.fields import language_label
from articles.hits import Hits
from articles.models import Article, Correction, Publisher
from articles.question import Question
from companies.models import Company, Mention

# The days that a record can bear; beyond them a database's arithmetic may overflow.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


def refuse_surrogates(text):
    """Half a character, which no database takes."""
    if any("\ud800" <= mark <= "\udfff" for mark in text):
        raise ValidationError(_("This isn't valid Unicode text."), code="invalid")


# The words of an order, by what is sorted in it.
BY_DAY = {"": _("Oldest first"), "-": _("Newest first")}
BY_NAME = {"": _("By name, A to Z"), "-": _("By name, Z to A")}
BY_HEADLINE = {"": _("By headline, A to Z"), "-": _("By headline, Z to A")}
BY_COMPANY = {"": _("By company, A to Z"), "-": _("By company, Z to A")}


def both_ways(**words):
    """Parameter → its words, for both directions of each."""
    return {f"{way}{name}": said for name, both in words.items() for way, said in both.items()}


# Of articles with words in them: the order asked for → the Question's method.
RELEVANCE = "relevance"
ORDERS = {RELEVANCE: "best", "-published_at": "newest", "published_at": "oldest"}


def publisher_id(slug):
    """The id of a publisher, 0 of an unknown one, None where none is asked for."""
    if not slug:
        return None
    return Publisher.objects.filter(slug=slug).values_list("pk", flat=True).first() or 0


def midnight(day, days=0):
    """The moment at which a day begins, or one some days later; None stays None."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))


def one_of(values):
    return gettext("One of: %(values)s.") % {"values": ", ".join(values)}


class TextFilter(django_filters.CharFilter):
    """Words or a slug; an unknown slug finds nothing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, validators=[refuse_surrogates], **kwargs)


class ChoiceFilter(django_filters.ChoiceFilter):
    """One of some values; the error names them all."""

    def __init__(self, *args, choices, **kwargs):
        message = lazy(one_of, str)([value for value, label in choices])
        super().__init__(
            *args,
            choices=choices,
            empty_label=_("All"),
            error_messages={"invalid_choice": message},
            **kwargs,
        )


class OrderingFilter(django_filters.OrderingFilter):
    """The order of a list; equals keep the newest record first.

    `words` names each order; `usual` is the one that the list has unasked, of which a form
    makes no second choice.
    """

    def __init__(self, *args, words, usual=None, **kwargs):
        self.words, self.usual = words, usual
        texts = {"label": _("Order"), "help_text": _("How the list is sorted.")}
        super().__init__(*args, empty_label=words.get(usual, _("Usual order")), **texts, **kwargs)
        message = lazy(one_of, str)(list(words))
        self.extra["error_messages"] = {"invalid_choice": message}

    def build_choices(self, fields, labels):
        return list(self.words.items())

    @property
    def field(self):
        field = super().field
        if self.usual:
            field.widget.choices = [pair for pair in field.choices if pair[0] != self.usual]
        return field

    def filter(self, qs, value):
        qs = super().filter(qs, value)
        return qs.order_by(*qs.query.order_by, "-pk") if value else qs


def _name_of(model, told="name"):
    """Slug → what the public record at that address is called; None without one."""

    def tell(slug):
        return model.objects.public().filter(slug=slug).values_list(told, flat=True).first()

    return tell


def _name_of_company(slug):
    company = Company.objects.public().at(slug)
    return company and company.name


# Filters whose values say nothing to a reader → what does.
IN_WORDS = {
    "company": _name_of_company,
    "publisher": _name_of(Publisher),
    "article": _name_of(Article, "headline"),
    "language": language_label,
}


class FilterSet(django_filters.FilterSet):
    """The questions that may be asked of a list."""

    def names(self):
        """Filter → the words of what is asked of it by a slug or a code, where there are any."""
        asked = self.asked
        return {name: tell(asked[name]) for name, tell in IN_WORDS.items() if asked.get(name)}

    def refusal(self):
        """The answer to a file's or a feed's question that makes no sense: what is wrong with
        it, as text. None where nothing is; a page says it beside its filters instead."""
        if self.form.is_valid():
            return None
        faults = (f"{name}: {' '.join(said)}\n" for name, said in self.form.errors.items())
        return HttpResponseBadRequest("".join(faults), content_type="text/plain; charset=utf-8")

    @property
    def asked(self):
        """The values asked for, as far as they make sense."""
        self.form.is_valid()
        return getattr(self.form, "cleaned_data", {})  # a form asked nothing has none

    def without(self, *names):
        """The same question, less some filters; itself, where none of these was asked."""
        if not any(self.data.get(name) for name in names):
            return self
        left = {name: value for name, value in self.data.items() if name not in names}
        return type(self)(left, queryset=self.queryset)


class DateField(forms.DateField):
    """A day of the ISO 8601 calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("A date as YYYY-MM-DD, for instance 2022-03-09.")}
    default_validators = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "input_formats": ["%Y-%m-%d"]})


class DateFilter(django_filters.DateFilter):
    field_class = DateField


def refuse_days_to_come(day):
    """A day after today's in the newsroom, of which nobody knows anything yet."""
    if day > timezone.localdate():
        raise ValidationError(_("This day hasn't come yet."), code="to_come")


class DayField(DateField):
    """A day about which one asks what the world could know."""

    default_validators = [MinValueValidator(FIRST_DAY), refuse_days_to_come]


class DayFilter(django_filters.DateFilter):
    field_class = DayField


def refuse_moments_to_come(moment):
    """A moment after this one, of which the archive knows nothing yet. The running second
    counts as a whole, since a list is cited by its end."""
    if moment > timezone.now() + timedelta(seconds=1):
        raise ValidationError(_("This moment hasn't come yet."), code="to_come")


class MomentField(forms.CharField):
    """A moment about which one asks what the archive knew, in ISO 8601; a bare date is the end
    of that day, no offset the site's time zone."""

    default_validators = [refuse_moments_to_come]
    default_error_messages = {
        "invalid": _("A moment as YYYY-MM-DDThh:mm:ss+hh:mm, or a date as YYYY-MM-DD.")
    }

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        if text[-6:-5] == " ":  # an unquoted "+" of the address arrives as a blank
            text = f"{text[:-6]}+{text[-5:]}"
        try:
            if len(text) == 10:
                moment = datetime.combine(date.fromisoformat(text), time.max)
            else:
                moment = parse_datetime(text) if text[10:11] in ("T", " ") else None
        except ValueError:
            moment = None
        if moment is None or not FIRST_DAY <= moment.date() <= LAST_DAY:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        return moment.astimezone(UTC)  # PostgreSQL refuses some offsets that ISO 8601 allows


class MomentFilter(django_filters.IsoDateTimeFilter):
    field_class = MomentField


CLOCKS = {"as_of": DayField(required=False), "known_at": MomentField(required=False)}


def clocks_of(query):
    """The reader's two clocks in an address's query, as they were written there, as far as
    they make sense."""
    return {name: query[name] for name, field in CLOCKS.items() if _told(field, query.get(name))}


def _told(field, text):
    try:
        return field.clean(text)
    except ValidationError:
        return None


class ByCompany:
    """A list that may be asked for one company: by its slug, or by a name as one types it,
    which leads on to the address with the slug. The form shows the name."""

    def get(self, request, *args, **kwargs):
        asked = request.GET.get("company", "")
        companies = Company.objects.public().for_listing() if asked else Company.objects.none()
        self.pick = companies.pick(asked)
        if self.pick.company and self.pick.company.slug != asked:
            return redirect(f"{request.path}?{asking_for([self.pick.company.slug], request.GET)}")
        return super().get(request, *args, **kwargs)

    def get_filterset(self, filterset_class):
        found = super().get_filterset(filterset_class)
        field = found.form.fields["company"]
        field.help_text = _("A name, or a part of one.")
        field.widget.attrs["data-suggestions"] = reverse("company-suggestions")
        return found

    def get_context_data(self, **context):
        """With what may be `meant`, where it isn't plain which company is."""
        context = super().get_context_data(**context)
        form, company = self.filterset.form, self.pick.company
        if company:
            name = company.told_apart()
            form.data = form.data.copy()
            form.data["company"] = name
            form.fields["company"].widget.attrs |= {"data-slug": company.slug, "data-name": name}
        unsure = self.pick.typed and not company
        return context | {"meant": meant(self.pick, self.request.GET) if unsure else None}


def asking_for(slugs, query):
    """An address's query with other companies, from its first page on."""
    query = rest(query, "company")
    query.setlist("company", list(slugs))
    return query.urlencode()


def meant(pick, query, beside=()):
    """A Pick without a company in words: what was typed, and (company, the address's query
    for it) of each that may be meant. `beside` are slugs that the query keeps."""
    ways = [(c, asking_for([*beside, c.slug], query)) for c in pick.several or pick.near]
    return {"typed": pick.typed, "several": bool(pick.several), "ways": ways}


class ArticleOrderingFilter(OrderingFilter):
    """With words to look for, the best match first is an order too; without, it is none.

    The oldest first is the very reverse of the newest first, as the index of words has it.
    """

    def filter(self, qs, value):
        names = [name for name in value or [] if name != RELEVANCE]
        qs = super().filter(qs, names)
        return qs.order_by("published_at", "pk") if names == ["published_at"] else qs


class ArticleFilter(FilterSet):
    """The questions a reader may ask of the archive, on the page and in the API."""

    q = TextFilter(
        method="search",
        label=_("Search"),
        help_text=_("Words; “in a row”, -without, begin*."),
    )
    company = TextFilter(
        method="naming", label=_("Company"), help_text=_("Slug of a company that it names.")
    )
    publisher = TextFilter(
        field_name="publisher__slug", label=_("Publisher"), help_text=_("Slug of the publisher.")
    )
    language = TextFilter(label=_("Language"), help_text=_("BCP 47, for instance fr or en."))
    published_after = DateFilter(
        field_name="published_at",
        lookup_expr="date__gte",
        label=_("From"),
        help_text=_("Published on this day or later."),
    )
    published_before = DateFilter(
        field_name="published_at",
        lookup_expr="date__lte",
        label=_("To"),
        help_text=_("Published on this day or earlier."),
    )
    as_of = DayFilter(
        method="until", label=_("As of"), help_text=_("What could be read on this day.")
    )
    ordering = ArticleOrderingFilter(
        fields={"published_at": "published_at", "headline": "headline"},
        words={
            RELEVANCE: _("Best match first"),
            **both_ways(published_at=BY_DAY, headline=BY_HEADLINE),
        },
        widget=forms.HiddenInput,  # the page has a link for each
    )

    class Meta:
        model = Article
        fields = []

    def filter_queryset(self, queryset):
        """The articles asked for; where words are, and an order that the index knows, its
        Hits, which are a page's worth of work however many there are."""
        asked = self.form.cleaned_data
        order = ",".join(asked.get("ordering") or ["-published_at"])
        if not asked.get("q") or order not in ORDERS:
            return super().filter_queryset(queryset)
        circle = queryset
        for name in ("company", "as_of"):  # what the index doesn't know
            if asked.get(name):
                circle = self.filters[name].filter(circle, asked[name])
        question = Question(
            asked["q"],
            language=asked.get("language", ""),
            publisher=publisher_id(asked.get("publisher")),
            since=midnight(asked.get("published_after")),
            until=midnight(asked.get("published_before"), days=1),
            within=None if circle is queryset else circle,
        )
        return Hits(queryset, question, ORDERS[order])

    def search(self, queryset, name, value):
        return queryset.matching(value)

    def naming(self, queryset, name, value):
        records = Company.objects.of(value).values("pk")
        mentions = Mention.objects.public().filter(company__in=records)
        return queryset.filter(Exists(mentions.filter(article=OuterRef("pk"))))

    def until(self, queryset, name, value):
        return queryset.as_of(value)


class PublisherFilter(FilterSet):
    """The questions a reader may ask of the publishers."""

    kind = ChoiceFilter(
        choices=Publisher.Kind.choices, label=_("Kind"), help_text=_("How it ranks as a source.")
    )
    country = TextFilter(label=_("Country"), help_text=_("ISO 3166-1 alpha-2, for instance FR."))
    ordering = OrderingFilter(fields={"name": "name"}, words=both_ways(name=BY_NAME))

    class Meta:
        model = Publisher
        fields = []


class CorrectionFilter(FilterSet):
    """The questions a reader may ask of the corrections."""

    article = TextFilter(
        field_name="article__slug", label=_("Article"), help_text=_("Slug of the article.")
    )
    publisher = TextFilter(
        field_name="article__publisher__slug",
        label=_("Publisher"),
        help_text=_("Slug of the publisher."),
    )
    kind = ChoiceFilter(
        choices=Correction.Kind.choices, label=_("Kind"), help_text=_("What sort of note it is.")
    )
    issued_after = DateFilter(
        field_name="created_at",
        lookup_expr="date__gte",
        label=_("From"),
        help_text=_("Issued on this day or later."),
    )
    issued_before = DateFilter(
        field_name="created_at",
        lookup_expr="date__lte",
        label=_("To"),
        help_text=_("Issued on this day or earlier."),
    )
    ordering = OrderingFilter(
        fields={"created_at": "created_at"},
        words=both_ways(created_at=BY_DAY),
        usual="-created_at",
    )

    class Meta:
        model = Correction
        fields = []
