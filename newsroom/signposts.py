"""Signposts: the pages, and the tracker's lists, that the words of a search name.

A name is meant where each word begins one of its own, in French or in English, whichever the
reader reads. Nothing is offered that leads to nothing public.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from articles import search
from articles.fields import Precision, date_in_words
from articles.filters import FIRST_DAY, LAST_DAY
from articles.models import Publisher
from companies.announcing.days import WEEKDAYS, written_day
from companies.countries import NAMES, country_name
from companies.filters import AnnouncementFilter
from companies.models import Announcement, Company, Measure
from companies.models.measure import Action, Stage
from companies.standing import PARTLY, WORDS

MOST = 4  # of each kind


@dataclass(frozen=True)
class Signpost:
    """One page that may be meant."""

    kind: str  # what it is about, in the reader's language: a market, a publisher, …
    name: str
    url: str
    size: int | None = None  # announcements on it, where it is one of the tracker's lists

    @property
    def about(self):
        """Its kind, and how much it holds."""
        if self.size is None:
            return self.kind
        held = ngettext("%(count)s announcement", "%(count)s announcements", self.size)
        return f"{self.kind} · {held % {'count': self.size}}"


def signposts(typed: str) -> list[Signpost]:
    """Where the words lead: at most MOST pages of each kind, in at most six queries."""
    asked = search.parse(typed)
    if not asked or any(clause.excluded for clause in asked):
        return []
    words = search.words(typed[: search.MAX_QUERY])[: search.MAX_CLAUSES]
    kinds = (_markets, _publishers, _sectors, _actions, _stages)
    return [*_day(typed, words), *(post for kind in kinds for post in kind(words))]


def _markets(words):
    names = {code: (name, NAMES["en"][code]) for code, name in NAMES["fr"].items()}
    found = _meant(words, names)
    known = set(Measure.objects.public().filter(market__in=found).values_list("market", flat=True))
    for code in [code for code in found if code in known][:MOST]:
        yield Signpost(_("Market"), country_name(code), reverse("markets:detail", args=[code]))


def _publishers(words):
    names = dict(Publisher.objects.public().values_list("slug", "name"))
    for slug in _meant(words, {slug: (name,) for slug, name in names.items()})[:MOST]:
        yield Signpost(_("Publisher"), names[slug], reverse("publishers:detail", args=[slug]))


def _sectors(words):
    found = _meant(words, {sector: _in_both(sector.label) for sector in Company.Sector})
    companies = Company.objects.public().filter(sector__in=found)
    known = set(companies.order_by().values_list("sector", flat=True))
    for sector in [sector for sector in found if sector in known][:MOST]:
        yield Signpost(_("Sector"), sector.label, reverse("sectors:detail", args=[sector.value]))


def _actions(words):
    names = {action: _in_both(action.label, PARTLY[action]) for action in Action}
    for (action, _stage), word in WORDS.items():
        names[action] += _in_both(word)
    return _listed(words, names, "action", _("Action"))


def _stages(words):
    return _listed(words, {stage: _in_both(stage.label) for stage in Stage}, "stage", _("Stage"))


def _listed(words, names, asked, kind):
    """The tracker asked for each of the choices that are meant, by the filter `asked`."""
    found = _meant(words, names)
    rows = Measure.objects.public().filter(**{f"{asked}__in": found}).order_by().values(asked)
    sizes = dict(
        rows.annotate(size=Count("announcement", distinct=True)).values_list(asked, "size")
    )
    for choice in found:
        if choice in sizes:
            yield Signpost(kind, choice.label, _tracker(**{asked: choice.value}), sizes[choice])


def _day(typed, words):
    """What was announced on the day that was typed, and nothing beside it."""
    day = day_typed(typed, words)
    if day is None:
        return
    asked = {"announced_after": day.isoformat(), "announced_before": day.isoformat()}
    size = AnnouncementFilter(asked, queryset=Announcement.objects.public()).qs.count()
    if size:
        name = date_in_words(day, Precision.DAY)
        yield Signpost(_("Announced"), name, _tracker(**asked), size)


def day_typed(typed: str, words: Iterable[str]) -> date | None:
    """*2022-03-08*, *mardi 8 mars 2022*, *March 8, 2022*; `words` are those typed, folded. None
    for all else, and for a day that no record can bear."""
    said = [word for word in words if word not in WEEKDAYS and word != "le"]
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        day = written_day(said) if len(said) == 3 else None
    return day if day and FIRST_DAY <= day <= LAST_DAY else None


def _tracker(**asked):
    return f"{reverse('announcements:list')}?{urlencode(asked)}"


def _in_both(*labels):
    """Labels that are translated when they are read, in both languages."""
    said = []
    for language in ("fr", "en"):
        with override(language):
            said += [_(str(label)) for label in labels]
    return tuple(said)


def _meant(words, names):
    """The keys of those names of which all the words begin one, the shortest names first.
    `names` are tuples, by their keys."""
    found = [
        (len(name), key)
        for key, several in names.items()
        if (name := next((name for name in several if _begun(words, name)), None))
    ]
    return [key for _length, key in sorted(found, key=lambda pair: pair[0])]


def _begun(words, name):
    held = _words(name)
    return all(
        any(own.startswith(word) or search.singular(own) == search.singular(word) for own in held)
        for word in words
    )


@lru_cache(maxsize=4096)
def _words(name):
    return search.words(name)
