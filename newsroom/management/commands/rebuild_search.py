import time

from django.core.management import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from articles.models import Article
from articles.reindex import differences, rebuild, rebuild_index

EVERY = 5  # seconds between two lines where nobody watches


class Command(BaseCommand):
    """File the words of every article in the search index again.

    Safe to interrupt, to run twice, and to run while others write.
    """

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections))
        parser.add_argument(
            "--check", action="store_true", help="change nothing; say which entries are wrong"
        )

        parser.add_argument(
            "--whole",
            action="store_true",
            help="first build SQLite's index anew from the entries; writers wait meanwhile",
        )

    def handle(self, *, database, check, whole, **options):
        if check:
            return self.compare(database)
        if whole:
            rebuild_index(database)
        total = Article.objects.using(database).count()
        began = said = time.monotonic()
        done, watched = 0, self.stdout.isatty()
        for done in rebuild(database):
            now = time.monotonic()
            if now - said >= (0.2 if watched else EVERY):
                said = now
                line = progress(done, total, now - began)
                self.stdout.write(
                    f"\r{line:60}" if watched else line, ending="" if watched else "\n"
                )
        took = time.monotonic() - began
        self.stdout.write(
            f"{chr(13) * watched}{done:,} articles filed in {took:.0f} s.{'':30}".rstrip()
        )

    def compare(self, database):
        found = 0
        for pk, wrong in differences(database):
            found += 1
            self.stdout.write(f"{'index' if pk is None else f'article {pk}'}: {wrong}")
        if found:
            raise CommandError(f"{found} entries are wrong. Run `manage.py rebuild_search`.")
        self.stdout.write("The index is what it should be.")


def progress(done, total, seconds):
    """`1,500 of 20,000 · 340 a second · 55 s left`"""
    rate = done / seconds if seconds else 0
    left = max(total - done, 0) / rate if rate else 0
    return f"{done:,} of {total:,} · {rate:,.0f} a second · {left:,.0f} s left"
