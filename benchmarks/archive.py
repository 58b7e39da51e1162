"""An archive as readers find it, invented and always the same for one size.

A quarter as many companies as announcements (one in ten a brand of another), as many
articles as announcements, three measures and two pieces of evidence for each: a passage
and, in two of three, a paraphrase beside it. Used by the scripts beside this one.
"""

import random
from datetime import date, timedelta

from django.db import connection, transaction

from articles.models import Article, Publisher, Version
from benchmarks.generate import PUBLISHERS, articles
from companies.models import (
    Activity,
    Announcement,
    Company,
    Edition,
    EditionMeasure,
    Evidence,
    Measure,
    Mention,
)
from companies.models.measure import Action, Stage

MARKETS = ["RU", "BY", "UA", "CN", "IR", "MM", "VE", "CU", "KZ", "TR"]
WEIGHTS = [60, 15, 5, 5, 3, 3, 2, 2, 3, 2]
BATCH = 200  # announcements in one transaction
FIRST = date(2022, 2, 24)


def fill(count):
    """So many announcements with what belongs to them, in an empty database; one that
    holds them is used again. Yields how many there are so far."""
    have = Announcement.objects.count()
    if have >= count:
        return
    if have:
        raise SystemExit(f"{have:,} announcements are there already: empty the database first")
    chance = random.Random(count)
    publishers = [
        Publisher.objects.create(slug=f"publisher-{n}", name=name, country="FR")
        for n, name in enumerate(PUBLISHERS)
    ]
    activities = companies(max(count // 4, 2), chance)
    batch = []
    for number, piece in enumerate(articles(count), start=1):
        batch.append(piece)
        if len(batch) == BATCH or number == count:
            with transaction.atomic():
                announcements(number - len(batch), batch, publishers, activities, chance)
            batch = []
            yield number
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def companies(count, chance):
    """The companies, each as a list of its two activities; every tenth is a brand."""
    made = []
    with transaction.atomic():
        for n in range(count):
            above = made[n - chance.randint(1, min(n, 8))] if n % 10 == 9 else None
            made.append(
                Company.objects.create(
                    slug=f"company-{n}",
                    name=f"{chance.choice('ABCDEFGHIJKLMNOPRSTVW')}company {n}",
                    country=chance.choice(["FR", "US", "DE", "JP", "GB"]),
                    sector=chance.choice(Company.Sector.values),
                    parent=above,
                )
            )
        named = [
            Activity(company=company, name_fr=f"livraisons {k}", name_en=f"deliveries {k}")
            for company in made
            for k in (1, 2)
        ]
        Activity.objects.bulk_create(named)
    return [named[2 * n : 2 * n + 2] for n in range(count)]


def announcements(first, pieces, publishers, activities, chance):
    """One announcement on each piece, its passage from there, and its first edition."""
    found = [_article(first + n, piece, publishers) for n, piece in enumerate(pieces)]
    Article.objects.bulk_create(found)
    texts = [
        Version(
            article=article,
            number=1,
            headline=article.headline,
            body=article.body,
            sha256=f"{first + n:064x}",
        )
        for n, article in enumerate(found)
    ]
    Version.objects.bulk_create(texts)
    owned = [chance.choice(activities) for _ in found]
    made = [
        Announcement(
            company=own[0].company,
            announced_on=FIRST + timedelta(min(int(chance.expovariate(1 / 300)), 1_500)),
            title_fr=f"Annonce {first + n}",
            title_en=f"Announcement {first + n}",
            summary_fr=f"Ce que l’entreprise a dit le jour {first + n}, en une phrase ou deux.",
            summary_en=f"What the company said on day {first + n}, in a sentence or two.",
        )
        for n, own in enumerate(owned)
    ]
    Announcement.objects.bulk_create(made)
    measures, evidence = [], []
    for n, (announcement, own) in enumerate(zip(made, owned, strict=True)):
        markets = list(dict.fromkeys(chance.choices(MARKETS, WEIGHTS, k=12)))[:3]
        measures.append(
            [
                Measure(
                    announcement=announcement,
                    activity=chance.choice([None, *own]),
                    market=market,
                    action=chance.choice(Action.values),
                    stage=chance.choice(Stage.values),
                )
                for market in markets
            ]
        )
        evidence.append(_evidence(n, announcement, found, texts, chance))
    Measure.objects.bulk_create(each for some in measures for each in some)
    Evidence.objects.bulk_create(each for some in evidence for each in some)
    for announcement in made:
        announcement.status = Announcement.Status.PUBLISHED
    Announcement.objects.bulk_update(made, ["status"])  # what proves it comes first
    editions = [_edition(*told) for told in zip(made, measures, evidence, strict=True)]
    Edition.objects.bulk_create(editions)
    EditionMeasure.objects.bulk_create(
        EditionMeasure(
            edition=edition,
            activity=each.activity,
            market=each.market,
            action=each.action,
            stage=each.stage,
        )
        for edition, some in zip(editions, measures, strict=True)
        for each in some
    )
    Mention.objects.bulk_create(
        Mention(article=article, company=own[0].company, role="subject", status="confirmed")
        for article, own in zip(found, owned, strict=True)
    )


def _article(number, piece, publishers):
    names = ("wire_id", "headline", "body", "language", "published_at")
    return Article(
        publisher=publishers[PUBLISHERS.index(piece["publisher"])],
        slug=f"piece-{number}",
        public_from=piece["published_at"],
        rights="cleared",
        status="usable",
        access="full",
        **{name: piece[name] for name in names},
    )


def _evidence(n, announcement, found, texts, chance):
    """A passage of the piece of that place, and in two of three a paraphrase of another."""
    body = found[n].body
    exact = body[: body.index(".") + 1]
    made = [
        Evidence(
            announcement=announcement,
            article=found[n],
            version=texts[n],
            exact=exact,
            suffix=body[len(exact) : len(exact) + 32],
            start=0,
        )
    ]
    if chance.random() < 2 / 3:
        made.append(
            Evidence(
                announcement=announcement,
                article=chance.choice(found),
                paraphrase_fr="La pièce le dit en d’autres mots.",
                paraphrase_en="The piece says so in other words.",
                stance="contradicts" if chance.random() < 0.1 else "supports",
            )
        )
    return made


def _edition(announcement, measures, evidence):
    nothing = {"fr": "", "en": ""}
    company = announcement.company
    snapshot = {
        "id": announcement.public_id,
        "company": {"slug": company.slug, "name": company.name},
        "announced_on": announcement.announced_on.isoformat(),
        "announced_precision": announcement.announced_precision,
        "status": announcement.status,
        "title": {"fr": announcement.title_fr, "en": announcement.title_en},
        "summary": {"fr": announcement.summary_fr, "en": announcement.summary_en},
        "buyer": "",
        "terms": nothing,
        "retraction_reason": nothing,
        "measures": [measure.snapshot() for measure in measures],
        "evidence": [item.snapshot() for item in evidence],
    }
    return Edition(
        announcement=announcement,
        number=1,
        status=announcement.status,
        announced_by=announcement.announced_by,
        snapshot=snapshot,
        sha256=Edition.hash_of(snapshot),
    )
