from django.core.management import BaseCommand

from companies.suggestions import outdated, suggest_all
from newsroom.progress import Progress


class Command(BaseCommand):
    """Look every article through that wasn't yet, by the rules of today, for announcements
    and for companies that nobody knows, and suggest them to the editors.

    Safe to interrupt, and to run while others write: the next run goes on where it was
    stopped. What editors have accepted or dismissed stays. Articles that wait to be searched
    for names come after `manage.py recognise`.
    """

    help = __doc__

    def handle(self, **options):
        progress = Progress(self.stderr, "articles", outdated().count())
        suggested = 0
        for found in suggest_all():
            progress.step(len(found))
            suggested += sum(map(len, found.values()))
        progress.close()
        self.stdout.write(
            f"{progress.count:,} articles looked through, {suggested:,} suggestions open in them."
        )
