"""Which companies an article names, as suggestions that an editor decides on."""

from collections.abc import Iterable, Iterator

from django.db import models, transaction

from articles.history import record_created
from articles.models import Article, Version
from companies.mergers import standing
from companies.models import Company, CompanyName, Mention, Reading
from companies.recognition import Names, find, guess_role

BATCH = 50  # articles in one transaction


def pending():
    """Articles whose current wording isn't the one last searched for names."""
    current = Version.objects.current().filter(article=models.OuterRef("pk"))
    return Article.objects.annotate(current=models.Subquery(current.values("pk")[:1])).filter(
        ~models.Exists(
            Reading.objects.filter(
                article=models.OuterRef("pk"), version=models.OuterRef("current")
            )
        ),
        current__isnull=False,
    )


def all_names():
    """Every name of every company; one that was merged answers for the record it went into."""
    companies = list(Company.objects.values_list("pk", "merged_into", "name", "legal_name"))
    into = standing({own: merged for own, merged, *_names in companies})
    others = CompanyName.objects.values_list("company", "name", "ambiguous")
    return Names(
        [(into[own], name, False) for own, _merged, *both in companies for name in both if name]
        + [(into[own], name, ambiguous) for own, name, ambiguous in others if own in into]
    )


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


def catch_up(names: Names | None = None) -> Iterator[dict]:
    """Search every pending article, batch by batch; see `recognise`."""
    names = names or all_names()
    while batch := list(pending().order_by("pk")[:BATCH]):
        yield _recognise(batch, names)


def _recognise(articles, names):
    current = Version.objects.current().filter(article__in=articles)
    versions = {version.article_id: version for version in current}
    searched = [article for article in articles if article.pk in versions]
    found = {
        article.pk: find(f"{version.headline}\n\n{version.body}", names)
        for article in searched
        for version in (versions[article.pk],)
    }
    return {article: [] for article in articles} | _suggest(searched, versions, found)


@transaction.atomic
def _suggest(articles, versions, found):
    """Write what was found; the articles are locked, so that no one else suggests the same."""
    keys = [article.pk for article in articles]
    list(Article.objects.select_for_update().filter(pk__in=keys).values_list("pk"))
    companies = Company.objects.in_bulk({company for each in found.values() for company in each})
    standing = {key: {} for key in keys}
    for mention in Mention.objects.filter(article__in=keys).select_related("company"):
        standing[mention.article_id][mention.company_id] = mention
    new, result = [], {}
    for article in articles:
        version, places, known = versions[article.pk], found[article.pk], standing[article.pk]
        order = sorted(places, key=lambda company: places[company][0])
        for company in known.keys() - places.keys():
            _gone(known[company], version)
        result[article] = []
        for company in order:
            mention = known.get(company)
            if mention:
                _seen(mention, places[company], version)
            else:
                mention = _suggestion(article, companies[company], version, places, order)
                new.append(mention)
            result[article].append(mention)
    record_created(Mention.objects.bulk_create(new))
    Reading.objects.bulk_create(
        [Reading(article=article, version=versions[article.pk]) for article in articles],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["version"],
    )
    return result


def _suggestion(article, company, version, places, order):
    lead = len(version.headline) + 2 + len(version.body.partition("\n\n")[0])
    first_named = company.pk == order[0]
    role = guess_role(places[company.pk], len(version.headline), lead, first_named)
    return Mention(
        article=article,
        company=company,
        version=version,
        places=[list(place) for place in places[company.pk]],
        role=role,
    )


def _seen(mention, places, version):
    """An editor's mention, or a suggestion, found again."""
    places = [list(place) for place in places]
    same = (mention.version_id, mention.places) == (version.pk, places)
    if not same and mention.status != Mention.Status.REJECTED:
        mention.version, mention.places = version, places
        mention.save()


def _gone(mention, version):
    """The text doesn't name the company, or no longer does."""
    if mention.status == Mention.Status.SUGGESTED and mention.places:
        mention.delete()
    elif mention.status == Mention.Status.CONFIRMED:
        _seen(mention, [], version)
