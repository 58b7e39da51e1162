"""Is everything in the archive as it was written? A database's own checks don't see a
changed byte inside a value; hashes do.

Each check is a generator of `Fault`s that calls `step` for every record it has looked
at; memory holds some hundred records, however many there are. What a known redaction
has blanked is no fault; what it should have blanked and hasn't is one.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection, models, transaction

from articles.models import MARKER, Article, Import, Receipt, ReceivedFile, Version
from articles.reindex import differences
from articles.search import SearchField, full_texts

CHUNK, FEW = 200, 10  # records held at a time; files weigh up to 10 MB each
RESTORE = "restore it from a backup"
SINCE = "restore it from a backup made since"
MIGRATE = "run `manage.py migrate`"


@dataclass(frozen=True)
class Fault:
    """One record that isn't as it was written, what is wrong, and a way out."""

    record: str
    wrong: str
    way_out: str = RESTORE

    def __str__(self):
        return f"{self.record}: {self.wrong}; {self.way_out}"


Step = Callable[[], None]
Check = Callable[[Step], Iterator[Fault]]


def each(queryset, step: Step, chunk=CHUNK) -> Iterator[models.Model | Fault]:
    """The records of a queryset by their keys, a few at a time; a Fault where one can't be read."""
    last = None
    while True:
        rest = queryset.order_by("pk") if last is None else queryset.filter(pk__gt=last)
        keys = list(rest.order_by("pk").values_list("pk", flat=True)[:chunk])
        if not keys:
            return
        for record in _read(queryset, keys):
            yield record
            step()
        last = keys[-1]


def _read(queryset, keys):
    try:
        return list(queryset.filter(pk__in=keys).order_by("pk"))
    except Exception as error:  # whatever damaged bytes make of a text, a date, a JSON value
        if len(keys) > 1:
            return [record for key in keys for record in _read(queryset, [key])]
        name = queryset.model._meta.model_name
        return [Fault(f"{name} #{keys[0]}", f"can't be read ({_first_line(error)})")]


def _first_line(error):
    return str(error).split("\n")[0]


def versions(step: Step) -> Iterator[Fault]:
    """Each version's texts have the hash that was written with them."""
    for version in each(Version.objects.select_related("article"), step):
        if isinstance(version, Fault):
            yield version
            continue
        texts = version.headline, version.standfirst, version.body
        name = f"version {version.number} of {name_of(version.article)}"
        if version.redaction_id:
            if any(texts):
                yield Fault(name, "was redacted, and holds text", SINCE)
        elif version.sha256 != Version.hash_of(
            headline=version.headline, standfirst=version.standfirst, body=version.body
        ):
            yield Fault(name, "its text isn't the one that its hash was made of")


def numbers(step: Step) -> Iterator[Fault]:
    """Versions are counted from 1, without a gap."""
    yield from gaps(Version.objects, "article", "article", step)


def gaps(manager, parent, name, step: Step) -> Iterator[Fault]:
    """One Fault for each parent whose numbered records don't count from 1 to their count."""
    counted = manager.order_by(parent).values_list(parent)
    counted = counted.annotate(models.Count("pk"), models.Max("number"))
    for key, count, highest in counted.iterator():
        if count != highest:
            wrong = f"has {count} {manager.model._meta.model_name}s, the last is {highest}"
            yield Fault(f"{name} #{key}", wrong, f"{RESTORE}, since some are missing")
        step()


def files(step: Step) -> Iterator[Fault]:
    """Each received file can be unpacked, and has the size and the hash it came with."""
    for file in each(ReceivedFile.objects.all(), step, FEW):
        if isinstance(file, Fault):
            yield file
            continue
        name, way_out = f"file #{file.pk} ({file})", f"{RESTORE}, or receive the file again"
        if file.redaction_id:
            if file.packed:
                yield Fault(name, "was redacted, and holds bytes", SINCE)
            continue
        try:
            content = file.content
        except zlib.error as error:
            yield Fault(name, f"can't be unpacked ({error})", way_out)
            continue
        if file.sha256 != ReceivedFile.hash_of(content):
            yield Fault(name, "its bytes aren't those that its hash was made of", way_out)
        elif file.size != len(content):
            yield Fault(name, f"holds {len(content)} bytes, and not {file.size}", way_out)


def articles(step: Step) -> Iterator[Fault]:
    """Each article reads as its current version; one that was redacted reads as nothing."""
    current = Version.objects.current().filter(article=models.OuterRef("pk"))
    queryset = Article.objects.select_related("redaction").annotate(
        current=models.Subquery(current.values("sha256")[:1])
    )
    for article in each(queryset, step):
        if isinstance(article, Fault):
            yield article
        elif hasattr(article, "redaction"):
            if "".join(article.wording().values()) != MARKER:
                yield Fault(name_of(article), "was redacted, and holds text", SINCE)
        elif article.current is None:
            way_out = "open it in the admin and save it, which keeps its text as a version"
            yield Fault(name_of(article), "has no version", way_out)
        elif article.current != Version.hash_of(**article.wording()):
            way_out = f"{RESTORE}, or copy the text from its newest version"
            yield Fault(name_of(article), "doesn't read as its current version", way_out)


def imports(step: Step) -> Iterator[Fault]:
    """Every file of an import that is said to be finished was taken in to its end."""
    for run in each(Import.objects.all(), step):
        if isinstance(run, Fault):
            yield run
    open_ones = Receipt.objects.filter(finished=False, run__finished_at__isnull=False)
    for receipt in each(open_ones.select_related("run__publisher"), lambda: None):
        if isinstance(receipt, Fault):
            yield receipt
            continue
        wrong = f"stopped after {receipt.taken} pieces, in an import that says it is finished"
        yield Fault(f"receipt #{receipt.pk} ({receipt})", wrong, "import the file again")


def search_index(step: Step) -> Iterator[Fault]:
    """What search looks through is what the articles hold."""
    for key, wrong in differences(step=step):
        record = "search index" if key is None else f"search index, article #{key}"
        yield Fault(record, wrong, "run `manage.py rebuild_search`")


def search_index_of(model, name, step: Step) -> Iterator[Fault]:
    """The same for one model; `name` says how to call a record of it."""
    fields = [field for field in model._meta.local_fields if isinstance(field, SearchField)]
    for record in each(model._base_manager.all(), step):
        if isinstance(record, Fault):
            continue  # its own check has said so
        for field in fields:
            held = getattr(record, field.attname)
            if held != field.pre_save(record, add=False):
                wrong = f"search looks through other words than it holds ({field.column})"
                yield Fault(name(record), wrong, "open it in the admin and save it")
    if connection.vendor != "sqlite":
        return  # an index of PostgreSQL's own, which no row passes by
    for index in (full_text.name for full_text in full_texts(model)):
        with transaction.atomic(), connection.cursor() as cursor:
            try:
                cursor.execute(
                    f'INSERT INTO "{index}"("{index}", rank) VALUES (\'integrity-check\', 1)'
                )
            except DatabaseError as error:
                wrong = f"doesn't hold what its table holds ({_first_line(error)})"
                way_out = f"drop its triggers and {MIGRATE}, which builds it anew"
                yield Fault(f"search index {index}", wrong, way_out)


def orphans(app_config) -> Check:
    """The check that every foreign key of an app's models leads to a record."""

    def check(step: Step) -> Iterator[Fault]:
        for model in app_config.get_models(include_auto_created=True):
            for field in model._meta.local_fields:
                if field.many_to_one or field.one_to_one:
                    yield from _orphans_of(model, field)
            step()

    return check


def _orphans_of(model, field):
    if not field.db_constraint:
        return  # history outlives what it tells of
    there = field.related_model._base_manager.filter(
        **{field.target_field.name: models.OuterRef(field.attname)}
    )
    lost = model._base_manager.filter(~models.Exists(there), **{f"{field.name}__isnull": False})
    for key, target in lost.order_by("pk").values_list("pk", field.attname).iterator():
        wrong = f"its {field.name} #{target} isn't there"
        yield Fault(f"{model._meta.model_name} #{key}", wrong)


def name_of(article):
    return f"article {article.slug} (#{article.pk})"
