"""How many rewrites are found, against MinHash, and what looking for them costs an import.

    DEBUG=1 python benchmarks/reprints.py [--only cost] [--sizes 20000 200000]

Wires are generated; rewrites are made of them by rule, as desks make theirs "avec AFP".
The database is a new one: SQLite in a temporary directory, or what DATABASE_URL names.
"""

import argparse
import os
import random
import sys
import tempfile
from hashlib import blake2b
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
HOME = tempfile.TemporaryDirectory()
os.environ |= {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DATA_DIR": HOME.name}

import django

django.setup()

# ruff: noqa: E402 - models can be imported only now
from django.core.management import call_command
from django.db import connection, transaction

from articles.models import Article, Fingerprint, Publisher, StoryLink
from articles.reprints import fingerprints
from articles.search import words
from articles.stories import suggest
from benchmarks.generate import articles, sentence
from benchmarks.generate import words as vocabulary

BATCH = 50  # articles that an import commits together
WIRES, REWRITTEN = 1_500, 300
BACKGROUND, EACH = 40, 12  # paragraphs that an agency repeats, and in how many wires
HASHES = 128  # of a MinHash signature


def rewritten(body, own, chance, *, longer, edited):
    """A third to a half of the paragraphs, in another order, under a first one of the desk's.

    `longer`: the desk adds as much again of its own. `edited`: it changes one word in
    twenty of what it keeps.
    """
    paragraphs = body.split("\n\n")[1:]
    kept = chance.sample(paragraphs, max(2, round(len(paragraphs) * chance.uniform(1 / 3, 1 / 2))))
    if edited:
        kept = [
            " ".join(
                chance.choice(own).strip(".") if chance.random() < 1 / 20 else word
                for word in text.split(" ")
            )
            for text in kept
        ]

    def new(length):
        return sentence(chance.choices(own, k=length))

    added = [new(len(text.split())) for text in kept] if longer else []
    told = kept + added
    chance.shuffle(told)
    return "\n\n".join([new(40), *told, "(avec AFP)"])


def minhash(text, masks):
    """The signature of a text's runs of five words."""
    said = words(text)
    runs = {
        int.from_bytes(blake2b(" ".join(said[at : at + 5]).encode(), digest_size=8).digest())
        for at in range(len(said) - 4)
    }
    return [min((run ^ mask for run in runs), default=0) for mask in masks]


def quality(publishers, *, longer, edited):
    """Recall, and what is suggested without being a rewrite, of us and of MinHash."""
    chance = random.Random(5)
    own = vocabulary("fr")[0][200:5_000]
    wires = [dict(piece) for piece in articles(WIRES, seed=11)]
    for _ in range(BACKGROUND):
        paragraph = sentence(chance.choices(own, k=45))
        for wire in chance.sample(wires, EACH):
            wire["body"] += f"\n\n{paragraph}"
    rewrites = [
        piece
        | {
            "wire_id": f"rewrite-{piece['wire_id']}",
            "body": rewritten(piece["body"], own, chance, longer=longer, edited=edited),
        }
        for piece in wires[:REWRITTEN]
    ]
    archived = store(wires, publishers[0]) + store(rewrites, publishers[1])
    pairs = {
        (rewrite.pk, wire.pk) for wire, rewrite in zip(archived, archived[WIRES:], strict=False)
    }
    for start in range(0, len(archived), BATCH):
        suggest(archived[start : start + BATCH])
    links = StoryLink.objects.values_list("article", "other")
    rows = [
        ("fingerprints", set(links)),
        ("… as reprints", set(links.filter(reason=StoryLink.Reason.REPRINT))),
    ]
    masks = [chance.getrandbits(64) for _ in range(HASHES)]
    signed = {article.pk: minhash(article.body, masks) for article in archived}
    likeness = {
        (later.pk, wire.pk): sum(
            a == b for a, b in zip(signed[later.pk], signed[wire.pk], strict=True)
        )
        / HASHES
        for later in archived[WIRES:]
        for wire in archived[:WIRES]
    }
    for least in (0.5, 0.2):
        rows.append((f"MinHash at {least}", {p for p, like in likeness.items() if like >= least}))
    for name, suggested in rows:
        print(
            f"  {name:16} found {len(suggested & pairs):4} of {len(pairs)}, "
            f"{len(suggested - pairs):4} others suggested"
        )
    empty()


def store(pieces, publisher):
    """Articles of these pieces, in the table without their search columns."""
    with transaction.atomic():
        return Article.objects.bulk_create(
            Article(
                publisher=publisher,
                slug=piece["wire_id"].replace(":", "-").replace(".", "-"),
                **{name: piece[name] for name in ("wire_id", "headline", "body", "published_at")},
            )
            for piece in pieces
        )


def empty():
    for model in (StoryLink, Fingerprint, Article):
        model.objects.all().delete()


def cost(size, publisher):
    """The time of a batch beside the bare insert of as many rows, in a table of `size` articles."""
    before = disk()
    fill(size)
    width = (disk() - before) / Fingerprint.objects.count()
    pieces = store(articles(40 * BATCH, seed=23), publisher)
    rows = {
        piece.pk + 10**9: [(value ^ 1, piece.pk + 10**9) for value in fingerprints(piece.body)]
        for piece in pieces
    }
    bare = ours = alone = 0.0
    for start in range(0, len(pieces), BATCH):
        batch = pieces[start : start + BATCH]
        same = [row for piece in batch for row in rows[piece.pk + 10**9]]
        began = perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO articles_fingerprint (hash, article_id) VALUES (%s, %s)", same
            )
        bare += perf_counter() - began
        began = perf_counter()
        with transaction.atomic():
            suggest(batch)
        ours += perf_counter() - began
        began = perf_counter()
        for piece in batch:
            fingerprints(piece.body)
        alone += perf_counter() - began
    each = 1_000 / len(pieces)
    print(
        f"  {size:7,} articles, {sum(map(len, rows.values())) / len(pieces):.0f} rows each, "
        f"{width:.0f} bytes a row: bare insert {bare * each:.2f} ms "
        f"an article; all of it {ours * each:.2f} ms (×{ours / bare:.1f}), of which reading the "
        f"text {alone * each:.2f} ms"
    )
    empty()


def fill(size, rows=70):
    """Rows of articles that nothing else is known of."""
    chance = random.Random(size)
    for start in range(0, size, 2_000):
        made = [
            (chance.getrandbits(64) - 2**63, 10**7 + key)
            for key in range(start, min(size, start + 2_000))
            for _ in range(rows)
        ]
        made.sort()
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.executemany("INSERT INTO articles_fingerprint VALUES (%s, %s)", made)
            else:
                with cursor.copy("COPY articles_fingerprint (hash, article_id) FROM STDIN") as copy:
                    for row in made:
                        copy.write_row(row)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as its autovacuum does within a minute


def disk():
    """Bytes of the table with its indexes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('articles_fingerprint')")
        else:
            cursor.execute(
                "SELECT (page_count - freelist_count) * page_size "
                "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
            )
        return cursor.fetchone()[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[20_000, 200_000])
    parser.add_argument("--only", choices=["quality", "cost"], help="one half of it")
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    publishers = [
        Publisher.objects.create(slug=name, name=name, kind=name) for name in ("agency", "outlet")
    ]
    for longer in (False, True) if asked.only != "cost" else ():
        for edited in (False, True):
            print(
                f"Rewrites, {'as much again added' if longer else 'nothing added'}, "
                f"{'words changed' if edited else 'paragraphs as they were'}"
            )
            quality(publishers, longer=longer, edited=edited)
    for size in asked.sizes if asked.only != "quality" else ():
        print(f"Cost on {connection.vendor}")
        cost(size, publishers[0])


if __name__ == "__main__":
    main()
