from django.apps import apps
from django.core.management import BaseCommand, CommandError

from articles import verification as archive
from companies import verification as hall
from newsroom.progress import Progress
from newsroom.report import Report

# What is counted → the check; in the order in which one fault explains the next.
CHECKS = {
    "tables of the archive": archive.orphans(apps.get_app_config("articles")),
    "tables on companies": archive.orphans(apps.get_app_config("companies")),
    "received files": archive.files,
    "versions": archive.versions,
    "articles with versions": archive.numbers,
    "articles": archive.articles,
    "articles in the index": archive.search_index,
    "imports": archive.imports,
    "editions": hall.editions,
    "announcements with editions": hall.numbers,
    "passages": hall.passages,
    "places of passages": hall.placements,
    "suggested announcements": hall.suggestions,
    "announcements in the index": hall.search_index,
    "merged companies": hall.mergers,
}


class Command(BaseCommand):
    help = (
        "Prove that the archive is as it was written: the hashes of versions, received files "
        "and editions, passages at their place, nothing missing, search in step. Names each "
        "record that is not, with a way out, and ends with an error. Changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", metavar="FILE", help="write the counts and the faults")

    def handle(self, *, json, **options):
        counts, faults = {}, 0
        with Report("--json", json, "faults") as report:
            for what, check in CHECKS.items():
                progress = Progress(self.stderr, what)
                for fault in check(progress.step):
                    faults += 1
                    report.add({"check": what, **vars(fault)})
                    self.stdout.write(str(fault))
                    self.stdout.flush()
                progress.close()
                counts[what] = progress.count
            report.conclude(checked=counts)
        said = ", ".join(f"{count:,} {what}" for what, count in counts.items())
        if faults:
            raise CommandError(f"{faults:,} faults in {said}.")
        self.stdout.write(f"{said}: all as they were written.")
