from django.core.management import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from articles.models import Article
from articles.reindex import differences, rebuild, rebuild_index
from newsroom.progress import Progress


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
        progress = Progress(self.stderr, "articles", total)
        for done in rebuild(database):
            progress.step(done - progress.count)
        progress.close()
        self.stdout.write(f"{progress.count:,} articles filed.")

    def compare(self, database):
        found = 0
        for pk, wrong in differences(database):
            found += 1
            self.stdout.write(f"{'index' if pk is None else f'article {pk}'}: {wrong}")
        if found:
            raise CommandError(f"{found} entries are wrong. Run `manage.py rebuild_search`.")
        self.stdout.write("The index is what it should be.")
