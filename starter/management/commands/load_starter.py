from django.core.management import BaseCommand, CommandError

from starter.loader import BadData, load


class Command(BaseCommand):
    """Load the starter archive; an editor's changes stay, a second run changes nothing."""

    help = __doc__

    def handle(self, **options):
        try:
            done = load(say=self.say)
        except BadData as error:
            raise CommandError(str(error)) from error
        if not done:
            self.say("The starter archive is up to date.")

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()
