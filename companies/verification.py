"""Are editions and passages as they were written? See `articles.verification`."""

from collections.abc import Iterator

from articles.models import MARKER
from articles.verification import RESTORE, SINCE, Fault, Step, each, gaps, search_index_of
from companies.models import Announcement, Company, Edition, Evidence, Placement, Suggestion


def editions(step: Step) -> Iterator[Fault]:
    """Each edition's snapshot has the hash that was written with it, or that of what a
    redaction left of it."""
    for edition in each(Edition.objects.select_related("announcement"), step):
        if isinstance(edition, Fault):
            yield edition
            continue
        written = edition.redacted_sha256 if edition.redaction_id else edition.sha256
        if written != Edition.hash_of(edition.snapshot):
            name = f"edition {edition.number} of announcement {edition.announcement.public_id}"
            yield Fault(name, "its snapshot isn't the one that its hash was made of")


def numbers(step: Step) -> Iterator[Fault]:
    """Editions are counted from 1, without a gap."""
    yield from gaps(Edition.objects, "announcement", "announcement", step)


def passages(step: Step) -> Iterator[Fault]:
    """Each passage stands in its version at its place, between its words before and after."""
    quoted = Evidence.objects.filter(version__isnull=False)
    for item in each(quoted.select_related("version", "announcement"), step):
        if isinstance(item, Fault):
            yield item
            continue
        name = f"passage #{item.pk} of announcement {item.announcement.public_id}"
        if item.version.redaction_id:
            if (item.prefix, item.exact, item.suffix) != ("", MARKER, ""):
                yield Fault(name, "was redacted, and holds text", SINCE)
        elif not _stands(item.text_in(item.version), item.place):
            wrong = f"doesn't stand at character {item.start} of version {item.version.number}"
            yield Fault(name, wrong, f"{RESTORE}, or choose the passage anew")


def _stands(text, place):
    return (
        text[place.start : place.end] == place.exact
        and text[: place.start].endswith(place.prefix)
        and text[place.end :].startswith(place.suffix)
    )


def placements(step: Step) -> Iterator[Fault]:
    """Each place of a passage in a later version holds the words that were found there."""
    placed = Placement.objects.filter(start__isnull=False, version__redaction__isnull=True)
    for place in each(placed.select_related("version", "evidence"), step):
        if isinstance(place, Fault):
            yield place
        elif not _stands(place.evidence.text_in(place.version), place.place):
            wrong = f"its words don't stand at character {place.start} of that version"
            yield Fault(f"placement #{place.pk} of passage #{place.evidence_id}", wrong)


def suggestions(step: Step) -> Iterator[Fault]:
    """Each passage of a suggestion stands in its version; of a redacted one none is left."""
    for found in each(Suggestion.objects.select_related("version"), step):
        if isinstance(found, Fault):
            yield found
            continue
        name = f"suggestion #{found.pk}"
        if found.version.redaction_id and found.passages:
            yield Fault(name, "was redacted, and holds text", SINCE)
        for passage in found.passages:
            if found.version.body[passage["start"] : passage["end"]] != passage["exact"]:
                yield Fault(name, f"its words don't stand at character {passage['start']}")


def mergers(step: Step) -> Iterator[Fault]:
    """Each merged company is shown as the record at the end of its mergers."""
    merged = Company.objects.filter(merged_into__isnull=False)
    for company in each(merged.select_related("merged_into"), step):
        if isinstance(company, Fault):
            yield company
        elif company.absorbed_by_id != company.end_of_mergers:
            wrong = f"isn't shown as company #{company.end_of_mergers}, into which it went"
            yield Fault(f"company {company.slug}", wrong, "save its record")


def search_index(step: Step) -> Iterator[Fault]:
    """What search looks through is what announcements hold."""
    yield from search_index_of(
        Announcement, lambda record: f"announcement {record.public_id}", step
    )
