"""Files into the archive: read, kept, archived, a batch at a time.

Every batch is one short transaction: the files, what became of their items, and the
receipts that say how far it has come. Whatever stops the work, a second run over the
same files skips what is done and goes on from there. Memory holds some hundred files of
4 MB together, or one larger one, however many there are.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from articles.archive import Arrival, Done, Outcome, Redacted, Refused, archive_all
from articles.fields import iso_date
from articles.models import Import, Publisher, Receipt, ReceivedFile
from articles.reasons import Reason
from articles.reprints import fingerprints
from articles.search import tokens
from articles.stories import suggest
from articles.wire import NotAnArticle, Status, read

LOCK = 0.08  # seconds that a batch may hold the write lock; the next one is cut to fit
MIN_BATCH, MAX_BATCH = 10, 200  # items; smaller ones would cost more than they hold
MAX_TEXTS = 300_000  # characters of text in one transaction
MAX_HELD = 4_000_000  # bytes of files that wait for one transaction
REFUSED, SKIPPED = "refused", "skipped"
DATE = {"published_at", "published_precision"}  # as `articles.wire.said` gives it


@dataclass(frozen=True)
class Rules:
    """What is said of the pieces beside their files."""

    publisher: Publisher
    status: str = ""  # how a new piece whose rights are cleared arrives; "" is withheld
    # Fields of a WireItem, stronger than the file's; a date only where the file has none.
    said: dict = field(default_factory=dict)
    since: datetime | None = None  # what was last touched before is skipped
    by: object = None
    note: str = ""
    dry_run: bool = False

    def as_json(self):
        """What must be the same for a file to count as taken in already."""
        said = {name: str(value) for name, value in sorted(self.said.items())}
        return {"status": self.status, "said": said, "since": str(self.since or "")}


@dataclass(frozen=True)
class Taken:
    """One item of a file: what was done with it, in one word, and its outcome or the
    reason why it has none. A file that was taken in before counts as one."""

    name: str
    done: str  # a value of `Done`, or refused, or skipped
    outcome: Outcome | None = None
    reason: Reason | str = ""  # "" where it has an outcome

    def as_json(self):
        """For a report."""
        article = self.outcome.article if self.outcome else None
        version = self.outcome.version if self.outcome else None
        return {
            "file": self.name,
            "done": self.done,
            "reason": self.reason,
            "article": article and article.slug,
            "wire_id": article and article.wire_id,
            "headline": article and article.headline,
            "published": article and iso_date(day_of(article), article.published_precision),
            "version": version and version.number,
            "hindrance": article and article.hindrance(),
        }


@dataclass
class _File:
    """A file on its way: its record, its receipt, and the items still to be taken."""

    name: str
    record: ReceivedFile | None
    receipt: Receipt
    items: list

    def note(self, taken):
        """Count on the receipt what became of one item."""
        done = self.receipt.done
        done[taken.done] = done.get(taken.done, 0) + 1
        if taken.done == REFUSED:
            self.receipt.refusals.append(taken.reason.as_json())


def day_of(article):
    """When it was published, in the newsroom's time."""
    return timezone.localdate(article.published_at)


def take_in(files: Iterable[tuple[str, bytes | NotAnArticle]], rules: Rules) -> Iterator[list]:
    """Take in files, given as (name, bytes or why they can't be had).

    Yields after every batch what became of it, as a list of `Taken`; by then it is
    committed. After a dry run nothing is, so that later batches don't know of earlier ones.
    """
    run = Import(publisher=rules.publisher, rules=rules.as_json(), author=rules.by)
    if not rules.dry_run:
        run.save()
    size = 2 * MIN_BATCH
    for together in _gather(files):
        opened = _open(together, run, rules)
        while opened:
            batch, opened = _cut(opened, size)
            _analyse(batch)
            started = time.monotonic()
            with transaction.atomic():
                taken = _take(batch, rules)
                transaction.set_rollback(rules.dry_run)
            held = max(time.monotonic() - started, 0.001)
            items = sum(len(items) for _file, items in batch)
            if items:
                size = min(max(round(items * LOCK / held), MIN_BATCH), 2 * size, MAX_BATCH)
            yield taken
    if not rules.dry_run:
        run.finished_at = timezone.now()
        run.save(update_fields=["finished_at"])  # a redaction may have changed the rules


def reworded(batch: list[Taken]) -> list:
    """The articles that got a new wording in a batch, each once."""
    found = [taken.outcome.article for taken in batch if taken.outcome and taken.outcome.version]
    return list(dict.fromkeys(found))


def _gather(files):
    """Lists of files that are looked up together."""
    together, held = [], 0
    for name, data in files:
        together.append((name, data))
        held += 0 if isinstance(data, NotAnArticle) else len(data)
        if len(together) == MAX_BATCH or held >= MAX_HELD:
            yield together
            together, held = [], 0
    if together:
        yield together


def _open(together, run, rules):
    """Read files, but for those that an earlier run has finished under the same rules."""
    records = [
        None if isinstance(data, NotAnArticle) else ReceivedFile.of(data)
        for _name, data in together
    ]
    kept = (
        ReceivedFile.objects.select_related("redaction")
        .defer("packed")
        .in_bulk({record.sha256 for record in records if record}, field_name="sha256")
    )
    earlier = {}
    if kept and not rules.dry_run:
        receipts = Receipt.objects.filter(
            file__in=kept.values(), run__publisher=rules.publisher, run__rules=run.rules
        )
        earlier = {receipt.file_id: receipt for receipt in receipts.order_by("pk")}
    opened = []
    for (name, data), record in zip(together, records, strict=True):
        record = record and kept.setdefault(record.sha256, record)
        receipt = Receipt(run=run, name=name[-500:])
        before = earlier.get(record.pk) if record else None
        open_one = before and not before.finished
        if record and record.redaction_id and not open_one:
            items = [NotAnArticle(Redacted(record.redaction).reason)]
        elif before and before.finished and not before.refusals:
            receipt.taken, items = before.taken, []
        else:
            items = _read(data)
            if "source_url" in rules.said and len(items) > 1:
                said = _("an address was given, and it holds %(count)s pieces")
                items = [NotAnArticle(said, count=len(items))]
            if open_one:
                receipt.taken, receipt.done = before.taken, before.done
                receipt.refusals, items = before.refusals, items[before.taken :]
        opened.append(_File(name, record, receipt, items))
    return opened


def _read(data):
    """The items of a file; a refusal stands in the place of what can't be read."""
    if isinstance(data, NotAnArticle):
        return [data]
    try:
        return read(data)
    except NotAnArticle as reason:
        return [reason]


def _cut(opened, size):
    """The next items as (file, items) pairs, and the files with something left: `size` of
    them, or fewer where their texts are long."""
    batch, left, room = [], list(opened), MAX_TEXTS
    while left and size > 0 and room > 0:
        file, count = left[0], 0
        while count < min(size, len(file.items)) and room > 0:
            room -= len(getattr(file.items[count], "body", ""))
            count += 1
        items, file.items = file.items[:count], file.items[count:]
        batch.append((file, items))
        size -= max(count, 1)
        if not file.items:
            left.pop(0)
    return batch, left


def _analyse(batch):
    """Do the long part of the work on texts before the write lock is held: words and
    fingerprints are kept in mind until they are written."""
    for _file, items in batch:
        for item in items:
            if not isinstance(item, NotAnArticle):
                tokens(item.headline)
                fingerprints(item.body)


def _take(batch, rules):
    """Archive one batch, and sign for it."""
    if not rules.dry_run:
        _keep_files([file.record for file, _items in batch if file.record])
    entries = [(file, _prepare(item, file, rules)) for file, items in batch for item in items]
    outcomes = iter(
        archive_all(
            [entry for _file, entry in entries if isinstance(entry, Arrival)],
            rules.publisher,
            status=rules.status,
            by=rules.by,
            note=rules.note,
        )
    )
    taken = [
        Taken(file.name, str(Done.UNCHANGED), reason=Reason(_("taken in before")))
        for file, items in batch
        if not items
    ]
    for file, entry in entries:
        if isinstance(entry, Arrival):
            outcome = next(outcomes)
            if isinstance(outcome, Redacted) and not (rules.dry_run or file.record.redaction_id):
                file.record.blank(outcome.redaction)
            if isinstance(outcome, Refused):
                entry = Taken(file.name, REFUSED, reason=outcome.reason)
            else:
                entry = Taken(file.name, str(outcome.done), outcome)
        taken.append(entry)
        file.note(entry)
    suggest(reworded(taken))
    if not rules.dry_run:
        _sign(batch)
    return taken


def _prepare(item, file, rules):
    """An item as it goes to the archive, or what keeps it from going there."""
    if isinstance(item, NotAnArticle):
        return Taken(file.name, REFUSED, reason=item.reason)
    item = _with_what_is_said(item, rules.said)
    touched = item.revised_at or item.published_at
    killed = item.status == Status.CANCELED  # whenever that was said, it holds
    if rules.since and touched and touched < rules.since and not killed:
        return Taken(
            file.name,
            SKIPPED,
            reason=Reason(_("older than %(day)s"), day=f"{rules.since:%Y-%m-%d}"),
        )
    return Arrival(item, None if rules.dry_run else file.record)


def _with_what_is_said(item, said):
    """The item with the fields that were given beside its file: one date is given for all
    pieces of a run, so it is for those that have none of their own."""
    if item.published_at or item.revised_at:
        said = {name: value for name, value in said.items() if name not in DATE}
    return replace(item, **said)


def _keep_files(records):
    """Save the files that the archive doesn't hold yet; all have their keys afterwards."""
    new = {record.sha256: record for record in records if record.pk is None}
    if not new:
        return
    ReceivedFile.objects.bulk_create(new.values(), ignore_conflicts=True)
    keys = dict(ReceivedFile.objects.filter(sha256__in=new).values_list("sha256", "pk"))
    for sha256, record in new.items():
        record.pk = keys[sha256]


def _sign(batch):
    """Write on the receipts how far each file has come."""
    new = []
    for file, items in batch:
        receipt = file.receipt
        receipt.file = file.record
        receipt.taken += len(items)
        receipt.finished = not file.items
        if receipt.pk is None:
            new.append(receipt)
        else:
            receipt.save()
    Receipt.objects.bulk_create(new)
