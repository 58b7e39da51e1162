import argparse
import json
import sys
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils import translation

from articles.models import Publisher
from companies.trackers.form import TrackerForm
from companies.trackers.intake import count, gone, preview, report, take_in
from companies.trackers.judge import Done, Why
from companies.trackers.table import COLUMNS, MAX_BYTES, TableError, parse_columns, read_table
from newsroom.management.commands.import_wire import find_publisher
from newsroom.progress import Progress

STDIN = "-"
MAX_GONE = 20  # companies that are named; the report names all
OPTIONS = {"assessed_on": "date", "source_url": "source-url"}  # fields under another name


class Command(BaseCommand):
    help = f"""Take another tracker's list (CSV) in as assessments.

A row leads to a company by what an editor decided of it before, by identifier, by the
company's name, by another name of it, or by either but for a legal form at its end
(Nike, Inc.). What is less than certain is put on the desk (Uncertain grades), never
guessed. Where nothing is near, the company is created; it isn't public by a grade alone.

The same file twice changes nothing; stopped anywhere, the same command goes on. Other
days' lists keep their grades. A company gone from a later list keeps its last grade, as
of its day; the report names it under "gone".

Columns are found by their usual headings, or told: --column name=Company --column
grade=yaleGrade ({", ".join(COLUMNS)}).

Exit status: 0 when every row was taken in or put on the desk; 1 when the file can't be
read, an option is wrong (nothing is written), or rows were refused (the others are in).
"""

    def create_parser(self, *args, **kwargs):
        return super().create_parser(
            *args, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="a CSV file; - is standard input")
        parser.add_argument("--assessor", required=True, metavar="SLUG", help="whose list it is")
        parser.add_argument("--date", required=True, metavar="YYYY-MM-DD", help="of which day")
        parser.add_argument("--market", default="RU", help="the market that is graded (RU)")
        parser.add_argument("--licence", default="", help="on what terms it may be used")
        parser.add_argument("--source-url", default="", help="where the list stands")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="WHAT=HEADING",
            help="under which heading something stands; may be repeated",
        )
        parser.add_argument("--report", metavar="FILE.json", help="write what became of each row")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, save nothing"
        )

    @translation.override("en")
    def handle(self, *, file, column, dry_run, **options):
        try:
            form = self.fill(parse_columns(column), options)
            table = read_table(receive(file), form.columns)
        except TableError as reason:
            raise CommandError(f"{file}: {' '.join(reason.messages)}") from reason
        tracker = form.tracker
        if dry_run:
            verdicts = preview(tracker, table.rows)
        else:
            progress = Progress(self.stderr, "rows", len(table.rows))
            verdicts = take_in(tracker, table.rows, step=progress.step)
            progress.close()
        self.say(verdicts)
        self.say_counts(verdicts, gone(tracker, verdicts))
        if dry_run:
            self.stdout.write("Nothing was saved.")
        if options["report"]:
            text = json.dumps(report(tracker, table, verdicts), ensure_ascii=False, indent=1)
            try:
                Path(options["report"]).write_text(text + "\n", encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{options['report']}: {error.strerror}") from error
            self.stdout.write(f"What became of each row: {options['report']}")
        refused = count(verdicts)[Done.REFUSED]
        if refused:
            raise CommandError(f"{refused} of {len(verdicts)} rows refused.")

    def fill(self, columns, options):
        """The form of both doors, valid. Raises CommandError, TableError."""
        assessor = find_publisher(options["assessor"])
        if assessor.kind != Publisher.Kind.AGGREGATOR:
            raise CommandError(
                f"{assessor} is a publisher of the kind {assessor.kind}; "
                "an assessor is an aggregator."
            )
        unknown = columns.keys() - COLUMNS.keys()
        if unknown:
            raise CommandError(f"--column knows {', '.join(COLUMNS)}; not {', '.join(unknown)}.")
        form = TrackerForm(
            {
                "assessor": assessor.slug,
                "assessed_on": options["date"],
                **{name: options[name] for name in ("market", "licence", "source_url")},
                **{f"column_{what}": heading for what, heading in columns.items()},
            }
        )
        for name, errors in form.errors.items():
            raise CommandError(f"--{OPTIONS.get(name, name)}: {' '.join(errors)}")
        return form

    def say(self, verdicts):
        """Each row that an editor must look at, or that gave nothing of its own."""
        for verdict in verdicts:
            row, lines = verdict.row, ", ".join(map(str, verdict.lines))
            if verdict.done in (Done.REFUSED, Done.UNCERTAIN) or verdict.why == Why.REPEATED:
                why = (row.refused or verdict.why.label) + (f" (line {lines})" if lines else "")
                write = self.stderr if verdict.done == Done.REFUSED else self.stdout
                write.write(f"{verdict.done:10} line {row.line}, {row.name or '–'}: {why}")
            for doubt in row.doubts:
                self.stdout.write(f"{'':10} line {row.line}, {row.name}: {doubt}")

    def say_counts(self, verdicts, left):
        """How many rows came out how, and which companies are gone."""
        for grade in left[:MAX_GONE]:
            self.stdout.write(f"{'gone':10} {grade.company}: {grade.grade}, {grade.assessed_on}")
        if left[MAX_GONE:]:
            self.stdout.write(f"{'gone':10} … and {len(left) - MAX_GONE} more")
        for done, rows in count(verdicts).items():
            self.stdout.write(f"{done:10} {rows}")
        self.stdout.write(f"{'gone':10} {len(left)}")


def receive(name):
    """The bytes of a file, or as many as show that it is too large. Raises CommandError."""
    if name == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with open(name, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from error
