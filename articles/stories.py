"""Which articles may be one story: suggestions that an editor decides on."""

import json
from datetime import timedelta
from itertools import islice

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_noop
from simple_history.utils import bulk_update_with_history

from articles.history import record_created
from articles.models import Article, Fingerprint, StoryLink
from articles.reprints import fingerprints
from articles.search import tokens

REASON = gettext_noop("Search for reprints")  # in the history of what it wrote
LEAST = 4  # fingerprints that two texts must share
COMMON = 100  # articles; what more of them share is boilerplate and tells nothing
MAX_LINKS = 10  # suggested for one article at a time, the likeliest first
MAX_NAMED = 100  # pieces that one names which are looked for, the first ones
REPRINT = 0.5  # of the shorter text
RELATED = 0.15  # of the shorter text
WEAK = 0.5  # of what the later article shares with its nearest kin
SOON = timedelta(hours=48)  # between a piece and its update
ALIKE = 0.5  # of the words of two headlines

# Rows given as one JSON array of [hash, article], so that a batch is one statement.
WRITE = {
    "sqlite": """
        INSERT INTO articles_fingerprint (hash, article_id)
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s)
    """,
    "postgresql": """
        INSERT INTO articles_fingerprint (hash, article_id)
        SELECT (value ->> 0)::bigint, (value ->> 1)::bigint FROM jsonb_array_elements(%s::jsonb)
    """,
}
# The articles that share telling fingerprints with some, and how many. Told to stand
# alone, the first part is small before anything is joined to it.
KIN = """
    WITH telling AS MATERIALIZED (
        SELECT hash, article_id FROM articles_fingerprint AS own
        WHERE article_id IN ({keys}) AND (
            SELECT COUNT(*) FROM (
                SELECT 1 FROM articles_fingerprint AS same WHERE same.hash = own.hash LIMIT %s
            ) AS counted
        ) BETWEEN 2 AND %s
    )
    SELECT telling.article_id, kin.article_id, COUNT(*)
    FROM telling JOIN articles_fingerprint AS kin
    ON kin.hash = telling.hash AND kin.article_id <> telling.article_id
    GROUP BY telling.article_id, kin.article_id HAVING COUNT(*) >= %s
"""


@transaction.atomic
def suggest(articles):
    """Write the fingerprints of these articles' present texts, and suggest their likely kin.

    Kin are those that share enough of a text, and those that a wire names. A batch takes a
    fixed number of queries. What an editor decided stays; a suggestion still waiting gets
    its new score, or goes where nothing speaks for it any more. Returns the new links,
    newest first.
    """
    batch = {article.pk: article for article in articles}
    sizes = _write(batch.values())
    shared, named, standing = _kin(batch), _named(batch), _standing(batch)
    waiting = {pair for pair, link in standing.items() if _waits(link)}
    pairs = shared.keys() | named | waiting
    others = {key for pair in pairs for key in pair} - batch.keys()
    known = batch | Article.objects.for_listing().in_bulk(others)
    named |= _naming(known, {(a.publisher_id, a.wire_id): key for key, a in known.items()})
    sizes |= dict(
        Fingerprint.objects.filter(article__in=others)
        .values_list("article")
        .annotate(size=Count("hash"))
    )
    most = {}
    for (key, _earlier), count in shared.items():
        most[key] = max(count, most.get(key, 0))
    likely, background = [], []
    for pair in pairs:
        later, earlier = (known[key] for key in pair)
        smaller = min(sizes.get(key, 0) for key in pair)
        count = shared.get(pair, 0)
        score = count / smaller if smaller else 0.0
        reason = reason_for(later, earlier, score, pair in named)
        # Whoever rewrites a wire takes over its background, which stands in other wires too.
        weak = reason == StoryLink.Reason.RELATED and count < WEAK * most[pair[0]]
        if reason:
            link = StoryLink(article=later, other=earlier, reason=reason, score=score)
            (background if weak else likely).append(link)
    _renew(standing, {(link.article_id, link.other_id): link for link in likely + background})
    return _add(batch, standing, likely)


def reason_for(article, other, score, named=False):
    """Why two articles may be one story; None when nothing speaks for it.

    `score` is the share of the shorter text's fingerprints that the other has; `named`, that
    the wire of one names the other.
    """
    if Article.Status.CANCELED in (article.status, other.status):
        return None
    same_publisher = article.publisher_id == other.publisher_id
    if named:
        return StoryLink.Reason.UPDATE
    if score >= REPRINT:
        soon = same_publisher and abs(article.published_at - other.published_at) <= SOON
        update = soon and _alike(article.headline, other.headline)
        return StoryLink.Reason.UPDATE if update else StoryLink.Reason.REPRINT
    # What one newsroom repeats from piece to piece is background, no reprint.
    return StoryLink.Reason.RELATED if score >= RELATED and not same_publisher else None


def _alike(headline, other):
    ours, theirs = set(tokens(headline)), set(tokens(other))
    return len(ours & theirs) >= ALIKE * max(len(ours), len(theirs))


def _write(articles):
    """The number of fingerprints of each article, once they are in the table."""
    found = {article.pk: fingerprints(article.body) for article in articles}
    rows = sorted((value, key) for key, values in found.items() for value in values)
    Fingerprint.objects.filter(article__in=found).delete()
    with connection.cursor() as cursor:
        cursor.execute(WRITE[connection.vendor], [json.dumps(rows)])
    return {key: len(values) for key, values in found.items()}


def _kin(keys):
    """(later, earlier) → the telling fingerprints that both have, where they are enough."""
    if not keys:
        return {}
    sql = KIN.format(keys=", ".join(["%s"] * len(keys)))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*keys, COMMON + 1, COMMON, LEAST])
        return {_pair(one, another): count for one, another, count in cursor.fetchall()}


def _named(batch):
    """The pairs in which one of these articles' wires names the other, of the same publisher."""
    wanted = {name for article in batch.values() for name in _names(article)}
    publishers = {article.publisher_id for article in batch.values()}
    rows = Article.objects.filter(publisher__in=publishers, wire_id__in=wanted)
    rows = rows.values_list("pk", "publisher", "wire_id")
    return _naming(batch, {(publisher, wire_id): key for key, publisher, wire_id in rows})


def _naming(articles, held):
    """The pairs of one of `articles` and what it names. `held` are keys by publisher and id."""
    found = (
        (key, held.get((article.publisher_id, name), key))
        for key, article in articles.items()
        for name in _names(article)
    )
    return {_pair(*ends) for ends in found if ends[0] != ends[1]}


def _names(article):
    return islice(article.related, MAX_NAMED)


def _standing(keys):
    """(later, earlier) → the link that these articles have already."""
    links = StoryLink.objects.filter(Q(article__in=keys) | Q(other__in=keys))
    return {(link.article_id, link.other_id): link for link in links}


def _waits(link):
    return link.status == StoryLink.Status.SUGGESTED


def _pair(one, another):
    return max(one, another), min(one, another)


def _renew(standing, found):
    """Give the suggestions that wait what is found now, or take them out of `standing` too."""
    changed, gone = [], []
    for pair, link in standing.items():
        if not _waits(link):
            continue
        if pair not in found:
            gone.append(pair)
        elif _said(link) != _said(found[pair]):
            link.reason, link.score = _said(found[pair])
            changed.append(link)
    if changed:
        bulk_update_with_history(
            changed, StoryLink, ["reason", "score"], default_change_reason=REASON
        )
    if gone:
        StoryLink.objects.filter(pk__in=[standing.pop(pair).pk for pair in gone]).delete()


def _add(batch, standing, likely):
    """Add the likeliest links of each article, beside those that wait already."""
    room = dict.fromkeys(batch, MAX_LINKS)
    for pair, link in standing.items():
        if _waits(link):
            room |= {key: room[key] - 1 for key in batch.keys() & set(pair)}
    new = []
    for link in sorted(likely, key=_likeliest_first):
        pair = (link.article_id, link.other_id)
        ends = batch.keys() & set(pair)
        if pair not in standing and all(room[key] > 0 for key in ends):
            room |= {key: room[key] - 1 for key in ends}
            new.append(link)
    new.sort(key=lambda link: (link.article.published_at, link.article_id), reverse=True)
    record_created(StoryLink.objects.bulk_create(new), reason=REASON)
    return new


def _likeliest_first(link):
    return link.reason != StoryLink.Reason.UPDATE, -link.score, -link.article_id, -link.other_id


def _said(link):
    return link.reason, link.score
