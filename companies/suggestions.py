"""What articles seem to announce, and names in them that nobody knows yet, for editors to
decide on. The rules themselves are in `companies.announcing`."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from django.db import models, transaction

from articles.history import record_created
from articles.models import Article, Version
from articles.passages import SENTENCE_END, Place, replace
from companies import announcing
from companies.announcing import find_claims
from companies.announcing.newcomers import find_newcomers
from companies.mentions import names_in
from companies.models import (
    Company,
    CompanyName,
    Evidence,
    Mention,
    Newcomer,
    Perusal,
    Placement,
    Sighting,
    Suggestion,
)
from companies.models.newcomer import LONGEST, name_key
from companies.recognition import Names, find

BATCH = 50  # articles in one transaction
EXAMPLE = 300  # characters of a sentence that shows an unknown name
FOUND = {"exact", "moved", "edited"}  # states of a passage that is known in a later version


def _stamp():
    """Of the rules as they are written: another one where they may find something else."""
    files = sorted(Path(announcing.__file__).parent.glob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


RULES = _stamp()


def pending():
    """Articles that were searched for names, and not looked through since then: their
    wording is another one, or something happened to their mentions."""
    return Article.objects.filter(pk__in=Perusal.objects.due().values("article"))


def outdated():
    """Those, and articles last looked through by other rules than today's."""
    perusals = Perusal.objects.exclude(rules=RULES).filter(read__isnull=False)
    perusals = perusals | Perusal.objects.due()
    return Article.objects.filter(pk__in=perusals.values("article"))


def suggest(articles: Iterable[Article]) -> dict[Article, list[Suggestion]]:
    """Look articles through that were searched for names, in a fixed number of queries a
    batch, and suggest what they announce.

    What an editor has accepted or dismissed, and passages that an announcement of the
    company rests on, aren't offered again; an open suggestion is renewed, and goes when
    the text no longer says it. Returns each article's open suggestions.
    """
    articles, found = list(articles), {}
    for start in range(0, len(articles), BATCH):
        found |= _suggest(articles[start : start + BATCH])
    return found


def catch_up() -> Iterator[dict]:
    """Look every pending article through, batch by batch; see `suggest`."""
    yield from _in_batches(pending)


def suggest_all() -> Iterator[dict]:
    """Look every outdated article through, batch by batch, in the order of their keys.
    Stopped anywhere, the next call goes on."""
    yield from _in_batches(outdated)


def _in_batches(waiting):
    last = 0
    while batch := list(waiting().filter(pk__gt=last).order_by("pk").defer("body")[:BATCH]):
        yield _suggest(batch)
        last = batch[-1].pk


def _suggest(articles):
    keys = [article.pk for article in articles]
    # Counted before the mentions are read: what happens in between makes it pending again.
    changes = Perusal.objects.filter(article__in=keys).values_list("article", "told")
    changes = dict(changes)
    mentions = {key: [] for key in keys}
    for mention in Mention.objects.filter(article__in=keys):
        mentions[mention.article_id].append(mention)
    into = _standing({each.company_id for those in mentions.values() for each in those})
    current = Version.objects.current().filter(article__in=keys).select_related("article")
    versions = {version.article_id: version for version in current.defer("article__body")}
    denied = _denied(mentions, versions)
    companies = Company.objects.filter(pk__in=set().union(*denied.values()))
    names = Names(names_in(companies)) if denied else None
    looked = {
        key: _look_through(version, mentions[key], into, names if key in denied else None)
        for key, version in versions.items()
        if version.article.status != Article.Status.CANCELED
    }
    result = _keep(articles, versions, looked, into, changes)
    return {article: [] for article in articles} | result


def _standing(companies):
    """Company → the one that stands for it, or itself."""
    merged = Company.objects.filter(absorbed_by__isnull=False)
    return {key: key for key in companies} | dict(merged.values_list("pk", "absorbed_by"))


def _denied(mentions, versions):
    """Article → companies of which an editor has said, of an earlier wording, that it doesn't
    name them: where their names stand in this one nobody has written down."""
    found = {}
    for key, version in versions.items():
        for mention in mentions[key]:
            if mention.status == Mention.Status.REJECTED and mention.version_id != version.pk:
                found.setdefault(key, set()).add(mention.company_id)
    return found


def _look_through(version, mentions, into, denied=None):
    """(claims, newcomers) of one wording. A name that an editor has rejected is no
    company's there, but nothing unknown either; those in `denied` are looked for."""
    named, seen = {}, {}
    for mention in mentions:
        if mention.version_id != version.pk:
            continue  # its places are those of another wording
        places = [tuple(place) for place in mention.places]
        seen.setdefault(into[mention.company_id], []).extend(places)
        if mention.status != Mention.Status.REJECTED:
            named.setdefault(into[mention.company_id], []).extend(places)
    named, seen = ({key: sorted(each[key]) for key in each} for each in (named, seen))
    if denied:
        for company, found in find(f"{version.headline}\n\n{version.body}", denied).items():
            seen[company] = sorted({*seen.get(company, ()), *found.places})
    text = version.headline, version.body, version.article.language
    return find_claims(*text, named), find_newcomers(*text, seen)


@transaction.atomic
def _keep(articles, versions, looked, into, changes):
    """Write what was found; the articles are locked, so that no one else suggests the same."""
    keys = [article.pk for article in articles]
    list(Article.objects.select_for_update().filter(pk__in=keys).values_list("pk"))
    now = Version.objects.current().filter(article__in=keys)
    now = set(now.values_list("pk", flat=True))
    articles = [each for each in articles if each.pk in versions and versions[each.pk].pk in now]
    offered = _offered(articles, versions, looked, into)
    result = _keep_suggestions(articles, versions, offered)
    _keep_sightings(articles, versions, looked)
    Perusal.objects.bulk_create(
        [
            Perusal(
                article=article,
                version=versions[article.pk],
                changes=changes.get(article.pk, 0),
                rules=RULES,
            )
            for article in articles
        ],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["version", "changes", "rules"],
    )
    return result


# --- suggestions ---


def _offered(articles, versions, looked, into):
    """(article, company) → what to suggest: the claim without what was decided before."""
    claims = {
        (article.pk, claim.company): claim
        for article in articles
        for claim in looked.get(article.pk, ([], []))[0]
    }
    parents = Company.objects.filter(pk__in={company for _article, company in claims})
    parents = dict(parents.values_list("pk", "parent"))
    decided = _decided(articles, versions, into)
    offered = {}
    for (article, company), claim in claims.items():
        if company not in parents:
            continue  # deleted since
        version = versions[article]
        taken = decided.get((article, company), []) + decided.get((article, parents[company]), [])
        left = _left(claim, [_now(place, version) for place in taken])
        if left:
            offered[article, company] = _shown(claim, *left, version)
    return offered


def _decided(articles, versions, into):
    """(article, company) → (version, start, end) of the passages of which an editor has
    said something, by a suggestion or in an announcement."""
    keys, decided = [article.pk for article in articles], {}
    said = Suggestion.objects.exclude(status=Suggestion.Status.OPEN).filter(article__in=keys)
    for each in said.select_related("version"):
        for passage in each.passages:
            place = each.version, passage["start"], passage["end"]
            company = into.get(each.company_id, each.company_id)
            decided.setdefault((each.article_id, company), []).append(place)
    for each in _quoted(keys):
        company = each.announcement.company_id
        places = decided.setdefault((each.article_id, into.get(company, company)), [])
        places.append((each.version, each.place.start, each.place.end))
        for placed in each.current_placements:
            if placed.stands:
                places.append((placed.version, placed.place.start, placed.place.end))
    return decided


def _quoted(articles):
    """Evidence in the articles' own words, and where it stands now."""
    placed = Placement.objects.current().select_related("version")
    return (
        Evidence.objects.passages()
        .filter(article__in=articles, in_headline=False)
        .select_related("version", "announcement")
        .prefetch_related(models.Prefetch("placements", placed, "current_placements"))
    )


def _now(place, version):
    """(start, end) in this version of a passage of another one; an empty span where it
    isn't known there any more."""
    then, start, end = place
    if then.pk == version.pk:
        return start, end
    found = replace(then.body, version.body, Place.at(then.body, start, end))
    return (found.place.start, found.place.end) if found.state in FOUND else (0, 0)


def _left(claim, taken):
    """(numbers of passages, measures) of a claim beside the passages that are taken; None
    where no measure is left."""
    free = [
        number
        for number, (start, end) in enumerate(claim.passages)
        if not any(start < until and since < end for since, until in taken)
    ]
    measures = [measure for measure in claim.measures if measure.passage in free]
    return (free, measures) if measures else None


def _shown(claim, free, measures, version):
    """What a suggestion says of the claim."""
    longest = Suggestion._meta.get_field("reason").max_length
    passages = [claim.passages[number] for number in free]
    return {
        "version_id": version.pk,
        "passages": [
            {"start": start, "end": end, "exact": version.body[start:end]}
            for start, end in passages
        ],
        "measures": [asdict(each) | {"passage": free.index(each.passage)} for each in measures],
        "speaker": claim.speaker,
        "hearsay": claim.hearsay,
        "reason": claim.reason[:longest],
    }


def _keep_suggestions(articles, versions, offered):
    keys = [article.pk for article in articles]
    opened = Suggestion.objects.select_for_update().filter(
        article__in=keys, status=Suggestion.Status.OPEN
    )
    standing = {(each.article_id, each.company_id): each for each in opened}
    for key in standing.keys() - offered.keys():
        standing.pop(key).delete()
    for key in standing.keys() & offered.keys():
        _renew(standing[key], offered[key])
    new = [
        Suggestion(article_id=article, company_id=company, **shown)
        for (article, company), shown in offered.items()
        if (article, company) not in standing
    ]
    record_created(Suggestion.objects.bulk_create(new))
    result = {article: [] for article in articles}
    named = {article.pk: article for article in articles}
    for each in [*standing.values(), *new]:
        result[named[each.article_id]].append(each)
    return result


def _renew(suggestion, shown):
    if any(getattr(suggestion, name) != value for name, value in shown.items()):
        for name, value in shown.items():
            setattr(suggestion, name, value)
        suggestion.save()


# --- unknown companies ---


def _keep_sightings(articles, versions, looked):
    """Write where unknown names stand. A name that isn't one by itself (ambiguous) is known."""
    known = CompanyName.objects.filter(ambiguous=True).values_list("name", flat=True)
    known = {name_key(name) for name in known}
    found = {
        (article.pk, name_key(one.name)): one
        for article in articles
        for one in reversed(looked.get(article.pk, ([], []))[1])  # the first of a name stays
        if len(one.name) <= LONGEST and name_key(one.name) not in {"", *known}
    }
    newcomers = _newcomers(found)
    keys = [article.pk for article in articles]
    standing = Sighting.objects.filter(article__in=keys).values_list("article", "newcomer", "pk")
    seen = {(article, newcomers[key].pk) for article, key in found}
    gone = [pk for article, newcomer, pk in standing if (article, newcomer) not in seen]
    Sighting.objects.filter(pk__in=gone).delete()
    longest = Sighting._meta.get_field("reason").max_length
    Sighting.objects.bulk_create(
        [
            Sighting(
                newcomer=newcomers[key],
                article_id=article,
                version=versions[article],
                start=one.start,
                end=one.end,
                count=one.count,
                sentence=_sentence(versions[article], one),
                reason=one.reason[:longest],
            )
            for (article, key), one in found.items()
        ],
        update_conflicts=True,
        unique_fields=["newcomer", "article"],
        update_fields=["version", "start", "end", "count", "sentence", "reason"],
    )


def _newcomers(found):
    """Folded name → its record; those that weren't there are made, with their history."""
    names = {key: one.name for (_article, key), one in reversed(found.items())}
    known = {each.key: each for each in Newcomer.objects.filter(key__in=names)}
    new = [Newcomer(name=names[key]) for key in names if key not in known]
    made = Newcomer.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["key"], update_fields=["key"]
    )
    # Somebody else may have made some of them at the same moment.
    told = set(Newcomer.history.filter(id__in=[each.pk for each in made]).values_list("id"))
    record_created([each for each in made if (each.pk,) not in told])
    return known | {each.key: each for each in made}


def _sentence(version, one):
    """The sentence of a name, or as much of it as fits, in which the name stands whole."""
    text = f"{version.headline}\n\n{version.body}"
    before = [match.end() for match in SENTENCE_END.finditer(text, 0, one.start)]
    after = SENTENCE_END.search(text, one.end)
    start, end = before[-1] if before else 0, after.start() + 1 if after else len(text)
    start = max(start, one.end - EXAMPLE)
    return text[start : min(end, start + EXAMPLE)].removeprefix("## ").strip()
