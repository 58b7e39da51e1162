import json

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from articles.models import Article, Publisher
from articles.redaction import PATIENCE, StillSeen, files_holding, scrub
from companies.models import Evidence
from companies.redaction import listed, redact, replay
from newsroom.progress import Progress
from starter.loader import forget


class Command(BaseCommand):
    help = (
        "Take out for good what the law takes out of the archive: the texts of an article, "
        "of its versions and their history, the files it came in, the passages quoted from "
        "it. Hashes, numbers, hours and the reason stay. It can't be undone. "
        "docs/operations.md says what to do with backups."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", nargs="?", metavar="SLUG", help="of the article")
        parser.add_argument("--reason", help="the decision that asks for it; kept for ever")
        parser.add_argument("--yes", action="store_true", help="don't ask")
        parser.add_argument(
            "--later",
            action="store_true",
            help="leave freed bytes in the database's files until `redact --scrub`",
        )
        parser.add_argument(
            "--wait",
            type=float,
            default=PATIENCE,
            metavar="SECONDS",
            help="for other transactions that may still read it (default: %(default)s)",
        )
        instead = parser.add_mutually_exclusive_group()
        instead.add_argument(
            "--scrub",
            action="store_true",
            help="write the tables anew, without the bytes that were deleted; writers wait",
        )
        instead.add_argument("--export", metavar="FILE", help="write the list of all redactions")
        instead.add_argument(
            "--replay", metavar="FILE", help="do again what a restored backup doesn't know of"
        )

    def handle(self, *, slug, reason, later, wait, **options):
        instead = options["scrub"] or options["export"] or options["replay"]
        if bool(slug) == bool(instead) or bool(slug) != bool(reason and reason.strip()):
            raise CommandError("Give SLUG and --reason, or --scrub, --export or --replay.")
        if options["export"]:
            return self.export(options["export"])
        if options["replay"]:
            self.replay(options["replay"])
        elif slug:
            self.redact(slug, reason.strip(), options["yes"])
        if later:
            self.stdout.write("Run `manage.py redact --scrub` at a quiet hour: until then the ")
            self.stdout.write("deleted bytes may still stand in the database's files.")
        else:
            self.stdout.write("Writing the database's files anew …")
            try:
                scrub(patience=wait)
            except StillSeen as older:
                raise CommandError(
                    "What was taken out may still stand in the database's files, because of: "
                    f"{older}. Run `manage.py redact --scrub` when that is over."
                ) from None
            self.stdout.write("Backups still hold what was taken out: see docs/operations.md.")

    def redact(self, slug, reason, sure):
        article = Article.objects.at(slug).select_related("publisher").first()
        if article is None:
            raise CommandError(f"No article “{slug}”.")
        self.stdout.write(f"{article.headline} ({article.publisher}, {article.published_at:%F})")
        if not sure:
            self.ask(slug)
        progress = Progress(self.stderr, "files looked through")
        try:
            files = list(files_holding(article, progress.step))
            progress.close()
            with transaction.atomic():
                redaction = redact(article, reason, files=files)
                forget("article", slug)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        for what, blanked in redaction.blanked.items():
            count = blanked if isinstance(blanked, int) else len(blanked)
            self.stdout.write(f"{count:6} {what} blanked")
        self.remind(article)

    def ask(self, slug):
        if not self.stderr.isatty():
            raise CommandError("There is no terminal to ask on: give --yes if you mean it.")
        if input(f"It can't be undone. Type {slug} to go on: ").strip() != slug:
            raise CommandError("Nothing was done.")

    def remind(self, article):
        """What is in our own words stays, and somebody must read it over."""
        for correction in article.corrections.all():
            self.stdout.write(f"Read over the note “{correction.note}”")
        for item in Evidence.objects.filter(article=article).select_related("announcement"):
            self.stdout.write(f"Read over announcement {item.announcement.public_id}: {item}")

    def export(self, path):
        entries = list(listed())
        try:
            with open(path, "w", encoding="utf-8") as file:
                json.dump(entries, file, ensure_ascii=False, indent=1)
        except OSError as error:
            raise CommandError(f"--export {path}: {error.strerror}") from error
        self.stdout.write(f"{len(entries)} redactions")

    def replay(self, path):
        try:
            with open(path, encoding="utf-8") as file:
                entries = json.load(file)
        except (OSError, ValueError) as error:
            raise CommandError(f"--replay {path}: {error}") from error
        done = failed = 0
        for number, entry in enumerate(entries, start=1):
            try:
                done += replay(entry)
            except (Publisher.DoesNotExist, LookupError, TypeError, ValueError) as error:
                failed += 1
                self.stderr.write(f"entry {number}: {error!r}")
        self.stdout.write(f"{len(entries)} redactions, {done} done again")
        if failed:
            raise CommandError(f"{failed} of {len(entries)} could not be done again.")
