"""Picking a company among many: DEBUG=1 DATA_DIR=/tmp/bench python benchmarks/names.py 20000

Fills an empty database of its own with so many companies and two more names for each (one
that holds them is used again), all public by a mention, on SQLite or, by DATABASE_URL,
PostgreSQL. The best of some rounds counts. Beside what is asked now stands the plain way to
ask it, in the same run: suggestions by conditions on each row, “did you mean” by comparing
all names in Python.
"""

import os
import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

import django  # noqa: E402  after the path is known

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles.models import Article, Publisher  # noqa: E402
from benchmarks.generate import words  # noqa: E402
from companies.models import Company, CompanyName, Mention  # noqa: E402
from companies.spelling import nearest  # noqa: E402

ROUNDS = 5
KINDS = "Group Bank Energy Foods Motors Steel Holding Services Pharma Air".split()
BEGUN = ["ma", "mac", "amazon", "group", "coca c"]
NAMED = ["coca cola", "Amazon", "McDo"]
MISSPELT = ["amazone", "Macdonalds", "coka cola", "some words that no company is called by"]


def main(count):
    settings.DEBUG = False  # or each query would be logged
    call_command("migrate", verbosity=0)
    fill(count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{Company.objects.count():,} companies, {CompanyName.objects.count():,} other names")
    public = Company.objects.public()
    for typed in BEGUN:
        now, before = public.beginning(typed), plainly_beginning(public, f"{typed}*")
        show(f"suggestions for “{typed}”", lambda f=now: f.all()[:8], lambda f=before: f.all()[:8])
    for typed in NAMED:
        show(f"“{typed}” led on", lambda typed=typed: [public.pick(typed).company])
    for typed in MISSPELT:
        show(
            f"did you mean, “{typed}”",
            lambda typed=typed: public.near(typed),
            lambda typed=typed: nearest(typed, public.values_list("name", flat=True)),
        )


def plainly_beginning(companies, words):
    asked = Q(search__matches=words)
    found = asked | Q(pk__in=CompanyName.objects.filter(asked).values("company"))
    merged = Company.objects.filter(found, absorbed_by__isnull=False).values("absorbed_by")
    return companies.filter(found | Q(pk__in=merged)).begun_first(words[:-1])


def show(what, ask, plainly=None):
    best = min(timed(ask) for _round in range(ROUNDS))
    found = ", ".join(str(company) for company in list(ask())[:3])
    ratio = f"{timed(plainly) / best:6.1f} ×" if plainly else " " * 8
    print(f"{what:60}{best * 1000:8.1f} ms{ratio}  {found}")


def timed(ask):
    start = time.perf_counter()
    list(ask())
    return time.perf_counter() - start


def fill(count):
    if Company.objects.count() >= count:
        return
    chance = random.Random(1)
    said = [word.title() for word in words("en")[0][50:] + words("fr")[0][50:]]
    known = ["Amazon", "McDonald's", "Coca-Cola", "Coca-Cola HBC", "Nike", "Netflix"]
    now = timezone.now()
    article = Article.objects.create(
        publisher=Publisher.objects.create(slug="bench", name="Bench"),
        wire_id="bench",
        slug="bench",
        headline="Bench",
        body="Bench.",
        published_at=now,
        public_from=now,
        status="usable",
        rights="cleared",
    )

    def name():
        return " ".join([*chance.choices(said, k=chance.randint(1, 2)), chance.choice(KINDS)])

    names = known + [name() for _n in range(count - len(known))]
    made = [Company(slug=f"bench-{n}", name=each) for n, each in enumerate(names)]
    Company.objects.bulk_create(made, batch_size=500)
    other = (CompanyName(company=c, name=f"{name()} {n}") for c in made for n in (1, 2))
    CompanyName.objects.bulk_create(other, batch_size=500)
    CompanyName.objects.create(company=made[1], name="McDo")
    mentions = (Mention(article=article, company=c, status="confirmed") for c in made)
    Mention.objects.bulk_create(mentions, batch_size=500)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
