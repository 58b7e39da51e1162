import os
import signal
import time
from collections import Counter
from difflib import get_close_matches
from itertools import chain, islice

from django.core.management import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.utils import translation

from articles.delivery import contents, files, watch
from articles.intake import REFUSED, Rules, reworded, take_in
from articles.models import Article, Publisher
from articles.wire.said import parse_date
from companies import mentions, placements, suggestions
from newsroom.progress import Progress
from newsroom.report import Report

BATCHES = 20  # of articles that a run looks through beside its own
PATIENCE = 5  # seconds until a watching command asks a lost database again


class Command(BaseCommand):
    help = (
        "Take files from the wire into the archive, find the companies that they name, "
        "find again the passages quoted from what they revise, and suggest what they announce. "
        "May be stopped and run again: what is done is not done twice. Each piece is created; "
        "revised; late (an older wording, kept beside the newer one); unchanged; killed; skipped "
        "(--since); or refused, with the reason. In brackets stands what keeps the public from "
        "reading it. Ends with an error when a file, or a piece in one, was refused; all the "
        "others are in."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "paths",
            nargs="+",
            metavar="PATH",
            help="files, folders or zip archives; - is standard input",
        )
        parser.add_argument("--publisher", required=True, metavar="SLUG", help="who issued them")
        parser.add_argument("--url", default="", help="address of the original (of one piece)")
        parser.add_argument(
            "--date",
            metavar="YYYY-MM-DD",
            help="when those were published whose file doesn't say",
        )
        parser.add_argument("--language", default="", help="BCP 47, for instance fr or en")
        parser.add_argument(
            "--status",
            default="",
            choices=[Article.Status.WITHHELD, Article.Status.USABLE],
            help="how a new article arrives whose rights are cleared (withheld)",
        )
        parser.add_argument(
            "--since",
            metavar="YYYY-MM-DD",
            help="skip pieces dated before, but no kills",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        parser.add_argument("--report", metavar="FILE.json", help="write what became of each piece")
        parser.add_argument(
            "--watch", action="store_true", help="PATH is a drop folder: stay, and take what comes"
        )

    @translation.override("en")
    def handle(self, *, paths, report, **options):
        self.rules = rules_of(options)
        self.check_paths(paths, options)
        self.names, self.counts, self.stopped = mentions.names_as_they_change(), Counter(), False
        self.files = self.refused = 0
        self.last = self.last_refused = None
        with Report("--report", report) as self.report:
            if options["watch"]:
                self.stay(paths[0])
            else:
                self.take(paths)
        self.conclude()

    def check_paths(self, paths, options):
        """Learn before the work what can't be meant."""
        if options["watch"] and (len(paths) > 1 or not os.path.isdir(paths[0])):
            raise CommandError("--watch takes one folder, and it must be there.")
        count = len(list(files(paths))) if options["url"] else 1
        if count > 1 or (options["url"] and options["watch"]):
            raise CommandError(f"--url is the address of one piece, and these are {count}.")

    def take(self, paths):
        total = sum(1 for _ in files(paths)) if self.stderr.isatty() else None
        progress, before = Progress(self.stderr, "files", total), self.files
        for batch in take_in(contents(paths), self.rules):
            self.tell(batch)
            progress.step(self.files - before - progress.count)
            if self.stopped:
                break
        progress.close()
        if not self.rules.dry_run:
            for _found in chain(mentions.catch_up(), placements.catch_up()):
                pass  # what a run that was stopped had archived and not searched
            self.look_through()

    def look_through(self):
        """Suggest what a run that was stopped had archived. A whole archive that nobody has
        looked through yet, as after an upgrade, isn't read in silence."""
        batches = sum(1 for _found in islice(suggestions.catch_up(), BATCHES))
        if batches == BATCHES and suggestions.pending().exists():
            self.say(
                "Older pieces wait to be looked through for announcements: "
                "run manage.py suggest_announcements."
            )

    def stay(self, folder):
        """Until a signal to stop, which waits for the batch in hand."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.say(f"Watching {folder}; Ctrl-C stops.")
        for ready in watch(folder, until=lambda: self.stopped):
            while ready and not self.stopped:
                try:
                    self.take(ready)
                    break
                except OperationalError as error:  # the database is away; it may come back
                    self.stderr.write(f"waiting    {str(error).splitlines()[0]}")
                    connection.close()
                    time.sleep(PATIENCE)

    def stop(self, *_signal):
        self.stopped = True

    def tell(self, batch):
        """Recognise the companies in what is new, find the passages quoted from it again,
        suggest what it announces, and say what became of each piece."""
        new, found = reworded(batch), {}
        if not self.rules.dry_run:
            found = mentions.recognise(new, next(self.names))
            placements.place(new)
            suggestions.suggest(new)
        for taken in batch:
            self.count(taken)
            self.report.add(taken.as_json())
            if taken.done == REFUSED:
                self.stderr.write(f"{taken.done:10} {taken.name}: {taken.reason}")
                continue
            article = taken.outcome and taken.outcome.article
            if article is None:
                self.say(f"{taken.done:10} {taken.name}: {taken.reason}")
                continue
            hindrance = article.hindrance() or "public"
            self.say(f"{taken.done:10} {article.slug} ({hindrance}), from {taken.name}")
            for mention in found.get(article, ()):
                role, status = mention.get_role_display(), mention.get_status_display()
                self.say(f"           {mention.company}: {role}, {status}")

    def count(self, taken):
        self.counts[taken.done] += 1
        self.files += taken.name != self.last
        self.last = taken.name
        if taken.done == REFUSED:
            self.refused += taken.name != self.last_refused
            self.last_refused = taken.name

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()

    def conclude(self):
        if self.counts.total() > 1:
            counts = ", ".join(f"{count} {done}" for done, count in sorted(self.counts.items()))
            self.say(f"{self.counts.total()} pieces: {counts}")
        if self.rules.dry_run:
            self.say("A dry run: nothing was saved.")
        if self.refused:
            raise CommandError(f"{self.refused} of {self.files} files refused, whole or in part.")


def rules_of(options):
    """What the options say, checked."""
    said = {"source_url": options["url"], "language": options["language"]}
    try:
        said |= parse_date(options["date"]) if options["date"] else {}
        since = options["since"] and parse_date(options["since"])["published_at"]
    except ValueError as text:
        raise CommandError(f"“{text}” is no date: YYYY-MM-DD, YYYY-MM or YYYY.") from None
    return Rules(
        publisher=find_publisher(options["publisher"]),
        status=options["status"],
        said={name: value for name, value in said.items() if value},
        since=since,
        dry_run=options["dry_run"],
    )


def find_publisher(slug):
    """The publisher of that slug; a wrong one is answered with the slugs nearest to it."""
    publishers = {publisher.slug: publisher for publisher in Publisher.objects.all()}
    if slug in publishers:
        return publishers[slug]
    near = [known for known in publishers if slug and slug in known]
    near += [known for known in get_close_matches(slug, publishers) if known not in near]
    hint = f" Near it: {', '.join(near[:5])}." if near else ""
    raise CommandError(f"No publisher “{slug}”.{hint}")
