"""How fast names are found, beside pyahocorasick, and what one name more costs.

    DEBUG=1 python benchmarks/recognition.py [--names 10000 100000] [--articles 20000]

Articles and names are generated. The search beside ours is written in C and looks for plain
lower case at the bounds of words; it knows neither accents, elisions nor ambiguous names.
The database is a new one: SQLite in a temporary directory, or what DATABASE_URL names.
"""

import argparse
import os
import random
import sys
import tempfile
from itertools import islice
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
HOME = tempfile.TemporaryDirectory()
os.environ |= {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DATA_DIR": HOME.name}

import ahocorasick
import django

django.setup()

# ruff: noqa: E402 - models can be imported only now
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from articles.models import Article, Publisher, Version
from benchmarks.generate import articles
from benchmarks.generate import words as vocabulary
from companies.mentions import all_names, names_changed, recognise, recognise_all
from companies.models import Company, CompanyName, Mention
from companies.recognition import Names, Words, find

TEXTS = 600  # of 3 kB, for the speed of the search alone
ROUNDS = 3
NAMED = 3  # names put into each article
ROOM = 10_000  # names of companies in the archive to which one is added
RARE, COMMON = 1_000, 50  # of its articles, one holds the name that is added


def invented(count, seed=3):
    """Names of one to three words with capitals, no two alike."""
    chance = random.Random(seed)
    known = vocabulary("fr")[0][500:] + vocabulary("en")[0][500:]
    found = {}
    while len(found) < count:
        some = chance.choices(known, k=chance.choice([1, 2, 2, 3]))
        found[" ".join(word[:1].upper() + word[1:] for word in some)] = None
    return list(found)


def naming(pieces, names, seed=4):
    """The pieces, each with some of the names put between its words."""
    chance = random.Random(seed)
    for piece in pieces:
        said = piece["body"].split(" ")
        for name in chance.sample(names, NAMED):
            said.insert(chance.randrange(len(said)), name)
        yield piece | {"body": " ".join(said)}


class Automaton:
    """The names by pyahocorasick in lower case, the longest first, at the bounds of words."""

    def __init__(self, names):
        self.tree = ahocorasick.Automaton()
        for name in names:
            self.tree.add_word(name.lower(), name)
        self.tree.make_automaton()

    def find(self, text):
        text, found = f" {text.lower()} ", []
        for end, name in self.tree.iter_long(text):
            if not text[end + 1].isalnum() and not text[end - len(name)].isalnum():
                found.append(name)
        return found


def best(work):
    """Seconds of the fastest round."""
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return min(times)


def speed(count):
    names = invented(count)
    texts = [piece["body"] for piece in naming(articles(TEXTS), names)]
    size = sum(len(text.encode()) for text in texts) / 1e6
    began = perf_counter()
    ours = Names((number, name, False) for number, name in enumerate(names))
    built = perf_counter() - began
    theirs = Automaton(names)
    found = sum(len(one.places) for text in texts for one in find(text, ours).values())
    told = sum(len(theirs.find(text)) for text in texts)
    rows = [
        ("ours", best(lambda: [find(text, ours) for text in texts])),
        ("… of which folding", best(lambda: [Words(text) for text in texts])),
        ("pyahocorasick", best(lambda: [theirs.find(text) for text in texts])),
    ]
    print(f"{count:,} names, {TEXTS} articles, {size:.1f} MB; names read in {built:.1f} s")
    for name, seconds in rows:
        print(f"  {name:20}{size / seconds:7.1f} MB/s   ×{rows[-1][1] / seconds:.1f}")
    print(f"  places found: ours {found:,}, pyahocorasick {told:,}")


def fill(count, names, added):
    """An archive of `count` articles of one publisher, and a company for each of the names;
    the names of `added` stand in each of so many articles."""
    publisher = Publisher.objects.create(slug="agency", name="Agency", kind="agency")
    Company.objects.bulk_create(
        Company(slug=f"company-{number}", name=name) for number, name in enumerate(names)
    )
    pieces = (
        piece | {"body": " ".join([piece["body"], *_also(number, added)])}
        for number, piece in enumerate(naming(articles(count), names))
    )
    while batch := list(islice(pieces, 500)):
        with transaction.atomic():
            stored = Article.objects.bulk_create(
                Article(
                    publisher=publisher,
                    slug=piece["wire_id"].replace(":", "-").replace(".", "-"),
                    **{
                        name: piece[name]
                        for name in ("wire_id", "headline", "body", "language", "published_at")
                    },
                )
                for piece in batch
            )
            Version.objects.bulk_create(
                Version(
                    article=article,
                    number=1,
                    sha256=Version.hash_of(**article.wording()),
                    **article.wording(),
                )
                for article in stored
            )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _also(number, added):
    return [f"{name}." for name, every in added.items() if number % every == 0]


def seconds(work):
    began = perf_counter()
    result = work()
    return perf_counter() - began, result


def all_of_them():
    for _found in recognise_all():
        pass


def one_name(count):
    """One name added to an archive of `count` articles, against recognising all again."""
    *names, rare, common = invented(ROOM + 2)
    taken, _done = seconds(lambda: fill(count, names, {rare: RARE, common: COMMON}))
    print(f"{count:,} articles on {connection.vendor}, {ROOM:,} names; stored in {taken:.0f} s")
    first, _done = seconds(all_of_them)
    company, rows = Company.objects.first(), []
    for name in (rare, common):
        CompanyName.objects.create(company=company, name=name)
        asked, keys = seconds(lambda name=name: names_changed([name]))
        found = Article.objects.filter(pk__in=keys).order_by("pk").defer("body")
        read, known = seconds(all_names)
        searched, _found = seconds(lambda found=found, known=known: recognise(found, known))
        rows.append((name, len(keys), asked, read, searched))
    again, _done = seconds(all_of_them)
    print(f"  all of them {first:.1f} s the first time, {again:.1f} s again; one name more:")
    for name, held, *steps in rows:
        print(
            f"  in {held:,} of them ({name}): {sum(steps):.2f} s, 1/{again / sum(steps):.0f} of it "
            "(index {:.2f}, names {:.2f}, texts {:.2f})".format(*steps)
        )
    print(f"  {Mention.objects.filter(company=company).count():,} mentions of them")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--names", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--articles", type=int, default=20_000)
    asked = parser.parse_args()
    settings.DEBUG = False  # or each query would be kept
    for count in asked.names:
        speed(count)
    if asked.articles:
        call_command("migrate", verbosity=0)
        one_name(asked.articles)


if __name__ == "__main__":
    main()
