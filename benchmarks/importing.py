"""What it costs to take wires in, beside a bare script that writes the same rows.

    DEBUG=1 python benchmarks/importing.py 20000

Generated NewsML files of about 5 kB go the whole way: read, kept, archived with history,
compared with what may be the same story, indexed, searched for company names. Then a
bare script writes the very rows that came of it into an empty database of the same
schema, by `executemany`, and so feeds the same search index; all that it computes are
the words of that index. Prints both rates, their ratio (beside it, the ratio to a script
that is given the words too), how long recognition took of ours, and the peak of memory;
given two sizes, the ratio of their peaks. SQLite alone: it copies from file to file.
"""

import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.generate import articles, newsml

COMPANIES = 1_000
TOGETHER = 1_000  # rows of one executemany


def main(sizes):
    peaks = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="exeunt-") as folder:
            ours, recognition, analysis, peaks[size] = whole(size, folder)
            copying = copy(folder)
        bare = copying + analysis
        print(
            f"{size:,} pieces: {size / ours:,.0f} a second, {recognition / ours:.0%} of it "
            f"recognition; the bare script {size / bare:,.0f}; ratio {bare / ours:.2f}, without "
            f"recognition {bare / (ours - recognition):.2f} (given the words too "
            f"{copying / ours:.2f}, {copying / (ours - recognition):.2f}); "
            f"peak {peaks[size]:,.0f} MB",
            flush=True,
        )
    if len(sizes) > 1:
        low, high = min(sizes), max(sizes)
        print(f"peak of memory at {high:,} over {low:,}: {peaks[high] / peaks[low]:.2f}")


def whole(size, folder):
    """Seconds of an import in a process of its own, of its recognition, of analysing the
    same texts, and its peak of memory in MB."""
    line = [sys.executable, __file__, "--import", str(size)]
    environment = os.environ | {
        "DATA_DIR": folder,
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    }
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(line, env=environment, check=True, capture_output=True, text=True)
    *seconds, kilobytes = map(float, done.stdout.split())
    return *seconds, kilobytes / 1_000


def import_all(size):
    """The import itself; generating the files is not counted."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from articles.index import filed
    from articles.intake import Rules, reworded, take_in
    from articles.models import Article, Publisher
    from companies.mentions import all_names, recognise
    from companies.models import Company

    settings.DEBUG = False  # or every query would be remembered
    call_command("migrate", verbosity=0)
    publisher = Publisher.objects.create(slug="agency", name="Agency", rights="cleared")
    for number in range(COMPANIES):
        Company.objects.create(slug=f"c{number}", name=f"Company {number}")
    names, generating = all_names(), 0.0

    def files():
        nonlocal generating
        pieces = articles(size)
        for number in range(size):
            began = time.perf_counter()
            data = newsml(next(pieces))
            generating += time.perf_counter() - began
            yield f"{number}.xml", data

    began, recognition = time.perf_counter(), 0.0
    for batch in take_in(files(), Rules(publisher)):
        started = time.perf_counter()
        recognise(reworded(batch), names)
        recognition += time.perf_counter() - started
    print(time.perf_counter() - began - generating, recognition)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    for article in Article.objects.iterator(chunk_size=500):
        filed(article, article.searched())
    print(time.perf_counter() - began, peak)


def copy(folder):
    """Seconds that the bare script takes."""
    source = sqlite3.connect(Path(folder) / "db.sqlite3")
    target = sqlite3.connect(Path(folder) / "bare.sqlite3")
    target.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    schema = source.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE "
        "'sqlite_%' ORDER BY type = 'trigger', rowid"
    ).fetchall()
    shadows = tuple(
        f"{name}_{part}"
        for _type, name, sql in schema
        if sql.startswith("CREATE VIRTUAL")
        for part in ("data", "idx", "content", "docsize", "config")
    )
    for _type, name, sql in schema:
        if name not in shadows:
            target.execute(sql)
    tables = [
        name
        for kind, name, sql in schema
        if kind == "table" and name not in shadows and not sql.startswith("CREATE VIRTUAL")
    ]
    seconds = 0.0
    for table in tables:
        rows = source.execute(f'SELECT * FROM "{table}"')
        marks = ", ".join("?" * len(rows.description))
        while some := rows.fetchmany(TOGETHER):
            began = time.perf_counter()
            target.executemany(f'INSERT INTO "{table}" VALUES ({marks})', some)
            target.commit()
            seconds += time.perf_counter() - began
    return seconds


if __name__ == "__main__":
    if sys.argv[1:2] == ["--import"]:
        import_all(int(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]] or [20_000])
