from itertools import islice

from django.core.management import BaseCommand

from articles.models import Article
from articles.stories import suggest
from newsroom.progress import Progress

BATCH = 50  # articles that are committed together


class Command(BaseCommand):
    """Look through the whole archive for reprints and updates, oldest article first."""

    help = __doc__

    def handle(self, **options):
        articles = Article.objects.order_by("pk").iterator(BATCH)
        progress, new = Progress(self.stderr, "articles", Article.objects.count()), 0
        while batch := list(islice(articles, BATCH)):
            new += len(suggest(batch))
            progress.step(len(batch))
        progress.close()
        self.stdout.write(f"{progress.count} articles read, {new} new suggestions.")
