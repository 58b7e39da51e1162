import os
import sys
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches

from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from articles.archive import Refused, archive
from articles.models import Article, Publisher
from articles.wire import MAX_BYTES, NotAnArticle, read
from companies.mentions import all_names, recognise

STDIN = "-"
DATES = {"%Y-%m-%d": "day", "%Y-%m": "month", "%Y": "year"}


class Command(BaseCommand):
    """Take files from the wire into the archive and find the companies that they name."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="files or folders; - is standard input"
        )
        parser.add_argument("--publisher", required=True, metavar="SLUG", help="who issued them")
        parser.add_argument("--url", default="", help="address of the original (of one file)")
        parser.add_argument("--date", metavar="YYYY-MM-DD", help="when they were published")
        parser.add_argument("--language", default="", help="BCP 47, for instance fr or en")
        parser.add_argument(
            "--status",
            choices=[Article.Status.WITHHELD, Article.Status.USABLE],
            help="how a new article arrives (withheld)",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")

    def handle(self, *, paths, publisher, url, date, language, status, dry_run, **options):
        publisher = find_publisher(publisher)
        said = {"source_url": url, "language": language, **(parse_date(date) if date else {})}
        said = {name: value for name, value in said.items() if value}
        files = list(expand(paths))
        if url and len(files) > 1:
            raise CommandError(f"--url is the address of one piece, and these are {len(files)}.")
        names, refused = all_names(), 0
        for name in files:
            try:
                items = read(receive(name))
                if url and len(items) > 1:
                    raise NotAnArticle(f"--url is the address of one piece, it holds {len(items)}")
                for item in items:
                    self.take_in(replace(item, **said), publisher, status, names, dry_run)
            except (NotAnArticle, Refused) as reason:
                refused += 1
                self.stderr.write(f"refused    {name}: {reason}")
        if refused:
            raise CommandError(f"{refused} of {len(files)} files refused.")

    def take_in(self, item, publisher, status, names, dry_run):
        """One piece in one transaction: all of it, or after a dry run nothing."""
        with transaction.atomic():
            outcome = archive(item, publisher, status=status)
            mentions = recognise([outcome.article], names)[outcome.article]
            lines = [f"{outcome.done:10} {outcome.article.slug}"]
            lines += [
                f"           {mention.company}: {mention.get_role_display()}, "
                f"{mention.get_status_display()}"
                for mention in mentions
            ]
            transaction.set_rollback(dry_run)
        for line in lines:
            self.stdout.write(line)


def find_publisher(slug):
    """The publisher of that slug; a wrong one is answered with the slugs nearest to it."""
    publishers = {publisher.slug: publisher for publisher in Publisher.objects.all()}
    if slug in publishers:
        return publishers[slug]
    near = [known for known in publishers if slug and slug in known]
    near += [known for known in get_close_matches(slug, publishers) if known not in near]
    hint = f" Near it: {', '.join(near[:5])}." if near else ""
    raise CommandError(f"No publisher “{slug}”.{hint}")


def parse_date(text):
    """A day, a month or a year, begun at midnight in the newsroom's zone."""
    for layout, precision in DATES.items():
        try:
            day = datetime.strptime(text, layout)
        except ValueError:
            continue
        return {"published_at": timezone.make_aware(day), "published_precision": precision}
    raise CommandError(f"“{text}” is no date: YYYY-MM-DD, YYYY-MM or YYYY.")


def expand(paths):
    """The files meant by `paths`, in the order given."""
    for path in paths:
        if path != STDIN and os.path.isdir(path):
            yield from sorted(files_in(path))
        else:
            yield path


def files_in(folder):
    """The files under a folder; a folder that can't be opened is listed, to be refused."""
    found = []
    for place, _folders, names in os.walk(folder, onerror=lambda e: found.append(e.filename)):
        paths = [os.path.join(place, name) for name in names if not name.startswith(".")]
        found.extend(filter(os.path.isfile, paths))
    return found


def receive(name):
    """The bytes of a file, or as many as show that it is too large."""
    if name == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with open(name, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotAnArticle(error.strerror) from error
