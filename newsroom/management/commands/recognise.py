from django.core.management import BaseCommand

from companies.mentions import all_names, outdated, recognise_all
from newsroom.progress import Progress


class Command(BaseCommand):
    """Find the companies in every article that wasn't searched yet with the names of today.

    Safe to interrupt, and to run while others write: the next run goes on where it was
    stopped. Editors' confirmed and rejected mentions stay.
    """

    help = __doc__

    def handle(self, **options):
        progress = Progress(self.stderr, "articles", outdated(all_names()).count())
        for found in recognise_all():
            progress.step(len(found))
        progress.close()
        self.stdout.write(f"{progress.count:,} articles searched.")
