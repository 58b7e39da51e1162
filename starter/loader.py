"""The starter archive, put into the database without undoing an editor's work.

Field by field: what an editor changed since it was last loaded stays, what only
the starter changed is updated. What an editor deleted isn't made again.
"""

import json
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from articles.models import Article, Publisher
from companies.models import (
    Activity,
    Announcement,
    Assessment,
    Company,
    CompanyName,
    Evidence,
    Identifier,
    Measure,
    Mention,
)
from starter.models import LoadedRecord

DATA = Path(__file__).parent / "data"
PARIS = ZoneInfo("Europe/Paris")
REASON = "Starter archive"  # in the history of what a load wrote
NOTES = {
    "note_fr": "Mise à jour de l’archive de départ.",
    "note_en": "Update of the starter archive.",
}


class BadData(ValueError):
    """A record of the starter archive can't be loaded; says which one and why."""


def load(folder=DATA, say=print):
    """Load the JSON files of `folder`; `say` gets a line for each of them.

    A record is written together with all that belongs to it in one transaction,
    so a load that was interrupted goes on where it stopped. Returns a Counter of
    the rows `created` and `updated`. Raises BadData.
    """
    loader = Loader()
    steps = [
        ("publishers", loader.publisher),
        ("companies", loader.company),
        ("companies", loader.activities),  # of which some are brands, companies themselves
        ("articles", loader.article),
        ("announcements", loader.announcement),
        ("assessments", loader.assessment),
    ]
    files = {name: _read(folder / f"{name}.json") for name, step in steps}
    for name, step in steps:
        before = loader.count.copy()
        for data in files[name]:
            with _naming(f"{name}.json", data), transaction.atomic():
                step(data)
        done = loader.count - before
        what = step.__name__ if step == loader.activities else name
        say(f"  {what}: {done['created']} rows new, {done['updated']} updated")
    return loader.count


def _read(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadData(f"{path.name}: {error}") from error


@contextmanager
def _naming(file, data):
    """Say in which file and record something is wrong."""
    record = data.get("slug") or data.get("public_id") or data.get("company")
    try:
        yield
    except KeyError as error:
        raise BadData(f"{file}, {record}: {error} is missing") from error
    except (ValidationError, ValueError) as error:
        raise BadData(f"{file}, {record}: {error}") from error


class Loader:
    """One load: what was loaded before, and the records met so far, each by its key."""

    def __init__(self):
        self.last = {loaded.key: loaded for loaded in LoadedRecord.objects.all()}
        self.records = {}  # None for a record that an editor deleted
        self.count = Counter()

    def publisher(self, data):
        self.put(
            f"publisher:{data['slug']}",
            Publisher,
            _take(data, "slug"),
            _take(data, "name", "kind", "website", "country"),
        )

    def company(self, data):
        slug = data["slug"]
        values = _take(data, "name", "legal_name", "country", "sector", "website")
        values["parent"] = data["parent"] and self.known("company", data["parent"])
        company = self.put(f"company:{slug}", Company, _take(data, "slug"), values)
        if company is None:
            return
        for name in data["names"]:
            self.put(
                f"name:{slug}:{name['name']}",
                CompanyName,
                {"company": company, **_take(name, "name")},
                _take(name, "kind", "language", "ambiguous"),
            )
        for identifier in data["identifiers"]:
            self.put(
                f"identifier:{slug}:{identifier['scheme']}:{identifier['value']}",
                Identifier,
                {"company": company, **_take(identifier, "scheme", "value")},
                _take(identifier, "sourced"),
            )

    def activities(self, data):
        company = self.known("company", data["slug"])
        for activity in data["activities"]:
            key = f"activity:{data['slug']}/{activity['key']}"
            if company is None:
                self.records[key] = None
                continue
            values = _take(activity, "name_fr", "name_en")
            values["brand"] = activity["brand"] and self.known("company", activity["brand"])
            changes = self.count["updated"]
            record = self.put(
                key, Activity, {"company": company, **_take(activity, "name_en")}, values
            )
            if self.count["updated"] > changes:
                record.retell(**NOTES)

    def article(self, data):
        publisher, key = self.known("publisher", data["publisher"]), f"article:{data['slug']}"
        if publisher is None:
            self.records[key] = None
            return
        values = _take(
            data,
            *("headline", "language", "published_precision", "source_url", "byline"),
            *("image_caption", "image_credit", "rights", "access", "status", "usage_terms"),
            *("abstract_fr", "abstract_en"),
        )
        values["published_at"] = datetime.fromisoformat(data["published_at"]).replace(tzinfo=PARIS)
        changes = self.count.total()
        article = self.put(
            key,
            Article,
            {"publisher": publisher, **_take(data, "wire_id")},
            values,
            **_take(data, "slug"),
        )
        if article is None:
            return
        if self.count.total() > changes:
            article.keep(note=REASON)
        for mention in data["mentions"]:
            company = self.known("company", mention["company"])
            if company:
                self.put(
                    f"mention:{data['slug']}:{mention['company']}",
                    Mention,
                    {"article": article, "company": company},
                    {"status": Mention.Status.CONFIRMED, **_take(mention, "role")},
                )

    def announcement(self, data):
        """One announcement with its measures and evidence: published when it is new,
        amended when the starter changed something in it; a retracted one stays so."""
        company = self.known("company", data["company"])
        if company is None:
            return
        changes, key = self.count.total(), f"announcement:{data['public_id']}"
        new = key not in self.last
        announcement = self.put(
            key,
            Announcement,
            _take(data, "public_id"),
            _take(
                data,
                *("announced_on", "announced_precision", "announced_sourced", "title_fr"),
                *("title_en", "summary_fr", "summary_en", "buyer", "terms_fr", "terms_en"),
                "last_checked_on",
            )
            | {"company": company},
        )
        if announcement is None:
            return
        whole = all(
            [self.measure(announcement, each) for each in data["measures"]]
            + [self.evidence(announcement, each) for each in data["evidence"]]
        )
        # What rests on something that an editor deleted may stay a draft.
        draft = announcement.status == Announcement.Status.DRAFT
        if new and draft and (whole or not announcement.missing_to_publish()):
            announcement.publish()
        elif self.count.total() > changes:
            announcement.amend(**NOTES)

    def measure(self, announcement, data):
        """Returns whether all that it names is there."""
        activity = data["activity"] and self.known("activity", data["activity"])
        if data["activity"] and activity is None:
            return False
        return self.put(
            f"measure:{announcement.public_id}:{data['market']}:{data['activity'] or ''}",
            Measure,
            {"announcement": announcement, "activity": activity, **_take(data, "market")},
            _take(data, "action", "stage", "effective_on", "effective_precision"),
        )

    def evidence(self, announcement, data):
        """A passage or a paraphrase. Returns whether all that it names is there."""
        article = self.known("article", data["article"])
        said = ["exact"] if "exact" in data else ["paraphrase_fr", "paraphrase_en"]
        return article and self.put(
            f"evidence:{announcement.public_id}:{data['key']}",
            Evidence,
            {"announcement": announcement, "article": article, **_take(data, said[0])},
            _take(data, *said, "stance", "speaker") | {"article": article},
        )

    def assessment(self, data):
        company = self.known("company", data["company"])
        assessor = self.known("publisher", data["assessor"])
        if company and assessor:
            self.put(
                "assessment:{company}:{assessor}:{market}:{assessed_on}".format(**data),
                Assessment,
                {
                    "company": company,
                    "assessor": assessor,
                    **_take(data, "market", "assessed_on"),
                },
                _take(data, "grade", "source_url", "licence"),
            )

    def known(self, kind, name):
        """The record of that kind and name; None when an editor deleted it."""
        try:
            return self.records[f"{kind}:{name}"]
        except KeyError:
            raise BadData(f"the {kind} “{name}” isn't in the starter archive") from None

    def put(self, key, model, identity, values, **once):
        """Bring one record up to date and return it; None when an editor deleted it.

        `identity` finds a record that stood before the first load, `values` are
        the fields kept in step, `once` is written only into a new record.
        """
        values = _stored(model, values)
        last = self.last.get(key)
        loaded = dict(last.values) if last else {}
        if last:
            record = model.objects.filter(pk=loaded["id"]).first()
        else:
            record = model.objects.filter(**_stored(model, identity)).first()
        self.records[key] = record
        if record is None and last:
            return None
        if record is None:
            record = model(**_stored(model, identity | once) | values)
            self.save(record, "created")
            loaded = {name: _plain(value) for name, value in values.items()}
        elif changes := _due(record, values, loaded):
            for name, value in changes.items():
                setattr(record, name, value)
            self.save(record, "updated")
        self.remember(key, {**loaded, "id": record.pk})
        self.records[key] = record
        return record

    def save(self, record, done):
        record.full_clean(exclude={f.name for f in record._meta.fields if not f.editable})
        record._change_reason = REASON
        record.save()
        self.count[done] += 1

    def remember(self, key, values):
        last = self.last.setdefault(key, LoadedRecord(key=key))
        if last.values != values:
            last.values = values
            last.save()


def forget(kind, name):
    """Keep nothing of what was last loaded into a record that was redacted, but that it
    was: a later load then takes the record for an editor's."""
    for last in LoadedRecord.objects.filter(key=f"{kind}:{name}"):
        last.values = dict.fromkeys(last.values) | {"id": last.values["id"]}
        last.save()


def _due(record, values, loaded):
    """What the starter may write into `record`; notes in `loaded` what it holds then.

    A field last loaded as it stands is nobody's but the starter's; one that was
    never loaded is so while it is empty, and, where the starter has it since its last
    load, as a new record has it.
    """
    changes, was_loaded = {}, bool(loaded)
    for name, value in values.items():
        now, wanted = _plain(getattr(record, name)), _plain(value)
        if now != wanted:
            if name in loaded:
                untouched = now == loaded[name]
            else:
                new = record._meta.get_field(name).get_default()
                untouched = now in ("", None) or (was_loaded and now == _plain(new))
            if not untouched:
                continue
            changes[name] = value
        loaded[name] = wanted
    return changes


def _take(data, *names):
    return {name: data[name] for name in names}


def _stored(model, values):
    """`values` under the names and in the types of the model's columns."""
    fields = {model._meta.get_field(name): value for name, value in values.items()}
    return {
        field.attname: field.to_python(getattr(value, "pk", value))
        for field, value in fields.items()
    }


def _plain(value):
    """`value` as JSON holds it, an hour in UTC."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
    return value.isoformat() if hasattr(value, "isoformat") else value
