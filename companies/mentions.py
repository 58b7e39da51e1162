"""Which companies an article names, as suggestions that an editor decides on."""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from django.db import models, transaction
from django.utils.translation import gettext_noop

from articles.history import record_created
from articles.models import Article, Version
from articles.search import APOSTROPHES, QUOTES
from companies.models import Company, CompanyName, Identifier, Mention, Reading
from companies.recognition import Names, find, guess_roles

BATCH = 50  # articles in one transaction
AT_ONCE = 500  # articles that are searched while an editor waits for a name to be saved
REASON = gettext_noop("Search for names")  # in the history of what it wrote
PHRASES = 20  # names in one question to the search index


def pending():
    """Articles whose current wording isn't the one last searched for names."""
    return Article.objects.filter(pk__in=Reading.objects.due().values("article"))


def outdated(names: Names):
    """Those, and articles last searched with other names than these, or by other rules."""
    readings = Reading.objects.exclude(names=names.stamp) | Reading.objects.due()
    return Article.objects.filter(pk__in=readings.values("article"))


def all_names():
    """Every name of every company; one that was merged answers for the record it went into."""
    return Names(names_in(Company.objects.all()))


def names_of(company: Company) -> set[tuple[int, str, bool]]:
    """Its names as they are stored, those of records merged into it included: (company that
    they are found for, name, ambiguous)."""
    return set(names_in(company.records()))


def names_in(companies) -> list[tuple[int, str, bool]]:
    """(company that it is found for, name, ambiguous). A ticker with its exchange (NYSE:GAP)
    is a name, too."""
    into = Company.objects.ends()
    others = CompanyName.objects.filter(company__in=companies)
    tickers = Identifier.objects.filter(company__in=companies, scheme=Identifier.Scheme.TICKER)
    found = [
        *(
            (pk, name, False)
            for pk, *both in companies.values_list("pk", "name", "legal_name")
            for name in both
            if name
        ),
        *others.values_list("company", "name", "ambiguous"),
        *(
            (pk, value, False)
            for pk, value in tickers.filter(value__contains=":").values_list("company", "value")
        ),
    ]
    return [(into[pk], name, ambiguous) for pk, name, ambiguous in found if pk in into]


def recognise(articles: Iterable[Article], names: Names | None = None):
    """Suggest the companies that the articles name, in a fixed number of queries a batch.

    A confirmed mention gets its places in the current version and nothing else, a
    rejected one stays as it is, a suggestion whose name has gone is dropped.
    `names` saves reading them anew for each call. Returns the mentions found, in
    the order of the text, for each article.
    """
    articles, names = list(articles), names or all_names()
    found = {}
    for start in range(0, len(articles), BATCH):
        found |= _recognise(articles[start : start + BATCH], names)
    return found


def catch_up() -> Iterator[dict]:
    """Search every pending article, batch by batch; see `recognise`."""
    yield from _in_batches(lambda names: pending())


def recognise_all() -> Iterator[dict]:
    """Search every outdated article, batch by batch, in the order of their keys. Stopped
    anywhere, the next call goes on."""
    yield from _in_batches(outdated)


def _in_batches(waiting):
    last = 0
    for names in names_as_they_change():
        articles = waiting(names).filter(pk__gt=last).order_by("pk").defer("body")
        batch = list(articles[:BATCH])
        if not batch:
            break
        yield _recognise(batch, names)
        last = batch[-1].pk


def names_as_they_change() -> Iterator[Names]:
    """All names, without end; read again where one was changed since the last time."""
    seen = names = None
    while True:
        now = [
            model.history.aggregate(newest=models.Max("history_id"))
            for model in (Company, CompanyName, Identifier)
        ]
        if now != seen:
            seen, names = now, all_names()
        yield names


@transaction.atomic
def names_changed(names: Iterable[str]) -> list[int]:
    """Have all articles searched again that hold one of these names: added, changed or removed.

    What is found differs in no other text. The search index tells which they are; they
    are pending once this transaction is through. Returns their keys, the newest last.
    Missed is a text in which an apostrophe holds the name to a word that isn't elided
    (*rock'Amazon*), or stands for its blank or hyphen (*7'Eleven*).
    """
    names = sorted(set(names))
    keys = set()
    for start in range(0, len(names), PHRASES):
        some = [holding(name) for name in names[start : start + PHRASES]]
        articles = Article.objects.filter(reduce(or_, some)).order_by()
        held = articles.values("pk")
        Reading.objects.filter(article__in=held).update(version=None)
        keys |= set(articles.values_list("pk", flat=True))
    return sorted(keys)


def holding(name: str) -> models.Q:
    """Articles that hold the name as words in a row, whatever stands for its apostrophe."""
    name = name.translate({**QUOTES, ord('"'): " "}).replace('"', " ")
    phrases = {name, name.translate({**APOSTROPHES}).replace("'", " ")}
    return reduce(or_, (models.Q(search__matches_inside=f'"{said}"') for said in sorted(phrases)))


def _recognise(articles, names):
    current = Version.objects.current().filter(article__in=articles)
    versions = {version.article_id: version for version in current}
    searched = [article for article in articles if article.pk in versions]
    found = {
        article.pk: find(f"{version.headline}\n\n{version.body}", names)
        for article in searched
        for version in (versions[article.pk],)
    }
    result = _suggest(searched, versions, found, names.stamp)
    return {article: [] for article in articles} | result


@transaction.atomic
def _suggest(articles, versions, found, stamp):
    """Write what was found; the articles are locked, so that no one else suggests the same."""
    keys = [article.pk for article in articles]
    list(Article.objects.select_for_update().filter(pk__in=keys).values_list("pk"))
    companies = Company.objects.in_bulk({company for each in found.values() for company in each})
    standing = {key: {} for key in keys}
    for mention in Mention.objects.filter(article__in=keys).select_related("company"):
        standing[mention.article_id][mention.company_id] = mention
    new, result = [], {}
    for article in articles:
        version, known = versions[article.pk], standing[article.pk]
        # A company may have been deleted since its names were read.
        places = {key: one for key, one in found[article.pk].items() if key in companies}
        roles = _roles(places, version)
        decided = set()  # companies of which a merged record has an editor's word here
        for company in known.keys() - places.keys():
            stands = known[company].company.absorbed_by_id
            if stands in places and known[company].status != Mention.Status.SUGGESTED:
                decided.add(stands)
                _seen(known[company], version, **_shown(places[stands], version))
            else:
                _gone(known[company], version)
        result[article] = []
        for company in sorted(places, key=lambda company: places[company].places[0]):
            mention = known.get(company)
            if mention:
                _seen(mention, version, **_shown(places[company], version))
            elif company in decided:
                continue
            else:
                mention = Mention(
                    article=article,
                    company=companies[company],
                    version=version,
                    role=roles[company],
                    **_shown(places[company], version),
                )
                new.append(mention)
            result[article].append(mention)
    record_created(Mention.objects.bulk_create(new), reason=REASON)
    Reading.objects.bulk_create(
        [
            Reading(article=article, newest=version, version=version, names=stamp)
            for article in articles
            for version in (versions[article.pk],)
        ],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["version", "names"],
    )
    return result


def _roles(found, version):
    lead = len(version.headline) + 2 + len(version.body.partition("\n\n")[0])
    return guess_roles(found, len(version.headline), lead)


def _shown(one, version):
    """What a mention says of a company found in the version: places, reason, name."""
    start, end = one.by
    text = f"{version.headline}\n\n{version.body}"
    length = Mention._meta.get_field("named_as").max_length
    return {
        "places": [list(place) for place in one.places],
        "reason": one.reason,
        "named_as": text[start:end][:length],
    }


def _seen(mention, version, **shown):
    """An editor's mention, or a suggestion, found again."""
    if mention.status == Mention.Status.REJECTED:
        return
    shown["version_id"] = version.pk
    if any(getattr(mention, name) != value for name, value in shown.items()):
        for name, value in shown.items():
            setattr(mention, name, value)
        mention._change_reason = REASON
        mention.save()


def _gone(mention, version):
    """The text doesn't name the company, or no longer does."""
    if mention.status == Mention.Status.SUGGESTED and mention.places:
        mention._change_reason = REASON
        mention.delete()
    elif mention.status == Mention.Status.CONFIRMED:
        _seen(mention, version, places=[], reason="", named_as="")
