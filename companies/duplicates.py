"""Companies of the archive that may be the one that somebody is about to save."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from articles.doubles import host
from companies.models import Company, Identifier
from companies.trackers.intake import known_companies
from companies.trackers.judge import MAX_CANDIDATES, Known, Why, akin
from companies.trackers.names import far

SITES = 200  # companies whose address holds the host asked for, of which the hosts are compared


@dataclass(frozen=True)
class Asked:
    """What is new on a company's form."""

    names: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()  # (scheme, value)
    website: str = ""
    but: frozenset[int] = frozenset()  # the record itself, and the one that stands for it


@dataclass
class Candidate:
    """A company that stands, and what makes it alike; with `announcements` and `mentions`
    counted on the company."""

    company: Company
    reasons: list[str] = field(default_factory=list)


def candidates(asked: Asked) -> list[Candidate]:
    """The companies that it may be, the likeliest first; in a fixed number of queries."""
    reasons = {}
    for company, reason in [*_by_name(asked), *_by_ticker(asked), *_by_website(asked)]:
        reasons.setdefault(company, []).append(reason)
    keys = [company for company in reasons if company not in asked.but][:MAX_CANDIDATES]
    counted = Company.objects.annotate(
        announced=Count("announcements", distinct=True),
        mentioned=Count("mentions", distinct=True, filter=~Q(mentions__status="rejected")),
    ).in_bulk(keys)
    return [Candidate(counted[key], reasons[key]) for key in keys if key in counted]


def holder(scheme: str, value: str, but: int | None = None) -> Company | None:
    """The other company that has this identifier, if there is one."""
    taken = Identifier.objects.filter(scheme=scheme, value=value).exclude(company=but)
    found = taken.select_related("company").first()
    return found and found.company


def _known_near(names: Iterable[str]) -> Known:
    """The companies without the names that are far from all of these: most of them."""
    known = known_companies()
    return replace(
        known,
        names=[each for each in known.names if not all(far(name, each[1]) for name in names)],
        aliases=[each for each in known.aliases if not all(far(name, each[1]) for name in names)],
    )


def _by_name(asked: Asked) -> Iterable[tuple[int, str]]:
    known = _known_near(asked.names) if asked.names else None
    found = {why: [] for why in Why}
    for name in asked.names:
        for company, why in akin(name, known).items():
            said = _("%(name)s: %(why)s.") % {"name": name, "why": why.label}
            found[why].append((company, said))
    return chain(*found.values())


def _by_ticker(asked: Asked) -> Iterable[tuple[int, str]]:
    """The same symbol at another exchange, or without one."""
    tickers = [value for scheme, value in asked.identifiers if scheme == Identifier.Scheme.TICKER]
    alike = Q()
    for symbol in {value.rpartition(":")[2] for value in tickers} - {""}:
        alike |= Q(value=symbol) | Q(value__endswith=f":{symbol}")
    rows = Identifier.objects.filter(alike, scheme=Identifier.Scheme.TICKER)
    rows = (
        rows.exclude(value__in=tickers).values_list(
            Coalesce("company__absorbed_by", "company"), "value"
        )
        if alike
        else ()
    )
    for company, value in rows[:MAX_CANDIDATES]:
        yield company, _("It has the ticker %(value)s.") % {"value": value}


def _by_website(asked: Asked) -> Iterable[tuple[int, str]]:
    site = host(asked.website)
    rows = Company.objects.filter(website__icontains=site) if site else Company.objects.none()
    for company, website in rows.values_list(Coalesce("absorbed_by", "pk"), "website")[:SITES]:
        if host(website) == site:
            yield company, _("It has the same website.")
