"""How pieces from the wire enter the archive, and how they are known again."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from articles.history import record_created
from articles.models import (
    Article,
    Publisher,
    ReceivedFile,
    Redaction,
    Topic,
    Version,
    concealed,
)
from articles.reasons import Reason, Refusal
from articles.rights import rights_of
from articles.search import APOSTROPHES
from articles.wire import WireItem
from articles.wire.item import Status
from articles.wire.pieces import known_as
from articles.wire.topics import labels

SLUG = 100  # characters of a headline that an address keeps
TRACKING = ("utm_", "at_", "xtor", "fbclid", "gclid")
FIRST_YEAR, LAST_YEAR = 1900, 2200  # of anything that a piece can bear

REASON = _("Import")  # in the history of what a wire wrote
WORDING = ("headline", "standfirst", "body")
# What a new wording may bring along; what an editor decides (access, status,
# language, abstracts) is no business of the wire's once the piece stands.
REVISED = (
    *WORDING,
    *("byline", "dateline", "credit", "image_caption", "image_credit"),
    *("urgency", "places", "related", "copyright_holder", "usage_terms"),
)
CREATED = (*REVISED, "language", "published_at", "published_precision", "editors_note")

KILL_NOTE_FR = "%(publisher)s a annulé cette pièce et demande qu’elle ne soit plus diffusée."
KILL_NOTE_EN = "%(publisher)s has canceled this piece and asks that it no longer be shown."


class Done(StrEnum):
    CREATED = "created"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    LATE = "late"  # an older wording, kept beside the newer one that stands
    KILLED = "killed"


class Refused(Refusal):
    """The archive can't take the piece in."""


class Redacted(Refused):
    """The piece was taken out by this redaction, and stays out."""

    def __init__(self, redaction):
        super().__init__(_("redacted on %(redaction)s"), redaction=str(redaction))
        self.redaction = redaction


@dataclass(frozen=True)
class Arrival:
    """A piece with the file that it came in, and what else is said of it."""

    item: WireItem
    file: ReceivedFile | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a piece: its article, and its new version if it has one."""

    done: Done
    article: Article
    version: Version | None = None


def archive(item: WireItem, publisher, **rules) -> Outcome:
    """Take in one piece; see `archive_all`. Raises Refused."""
    [outcome] = archive_all([Arrival(item)], publisher, **rules)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


@transaction.atomic
def archive_all(
    arrivals: Iterable[Arrival], publisher: Publisher, **rules
) -> list[Outcome | Refused]:
    """Take in pieces, in their order: each a new article, a new wording of one, or nothing new.

    A new one arrives withheld unless `status` says otherwise and its rights are cleared.
    An older wording never takes the place of a newer one, and one that the archive has
    held before is nothing new, so the same files may be read again in any order. New
    articles take a fixed number of queries together. What can't be taken in stands in
    the result as its refusal. `rules` are `status`, `by` and `note`.
    """
    arrivals = list(arrivals)
    try:
        with transaction.atomic():
            return _Batch(publisher, **rules).take(arrivals)
    except (DataError, IntegrityError, OverflowError, ValueError) as error:
        # One piece spoils no other; and what another import has just taken in is now seen.
        if len(arrivals) == 1:
            return [
                Refused(_("the database refuses it: %(error)s"), error=str(error).splitlines()[0])
            ]
        return [archive_all([arrival], publisher, **rules)[0] for arrival in arrivals]


@dataclass
class _Batch:
    publisher: Publisher
    status: str = ""
    by: object = None
    note: str = ""
    known: dict = field(default_factory=dict)  # wire id → article that stands already
    held: dict = field(default_factory=dict)  # article's key → hashes of its wordings
    fresh: dict = field(default_factory=dict)  # wire id → (place, arrival, unsaved article)

    def take(self, arrivals):
        self.outcomes = [None] * len(arrivals)
        ids = []
        for place, arrival in enumerate(arrivals):
            try:
                _check(arrival.item)
                ids.append(_clean("wire_id", identity(arrival.item)))
            except Refused as reason:
                ids.append(None)
                self.outcomes[place] = reason
        self.recall(ids)
        for place, (wire_id, arrival) in enumerate(zip(ids, arrivals, strict=True)):
            if wire_id is None:
                continue
            try:
                self.take_one(place, wire_id, arrival)
            except Refused as reason:
                self.outcomes[place] = reason
        self.create()
        return self.outcomes

    def recall(self, ids):
        """The articles that stand already, and the wordings that they have had."""
        names = {concealed(wire_id): wire_id for wire_id in ids if wire_id}
        standing = self.publisher.articles.select_for_update().filter(
            wire_id__in=[*names, *names.values()]
        )
        self.known = {names.get(each.wire_id, each.wire_id): each for each in standing}
        for article in self.known.values():
            article._change_reason = REASON
        versions = Version.objects.filter(article__in=self.known.values())
        for article, digest in versions.values_list("article", "sha256"):
            self.held.setdefault(article, set()).add(digest)

    def take_one(self, place, wire_id, arrival):
        if wire_id in self.fresh:  # it comes twice in one batch
            self.create()
        article = self.known.get(wire_id)
        if article:
            self.outcomes[place] = self.again(article, arrival)
        else:
            self.fresh[wire_id] = place, arrival, self.new(wire_id, arrival.item)

    # --- new ones ---

    def new(self, wire_id, item):
        """An unsaved article."""
        if not (item.published_at or item.revised_at or item.status == Status.CANCELED):
            raise Refused(_("no date of publication: give one"))
        if not (item.headline or item.status == Status.CANCELED):
            raise Refused(_("no headline"))
        values = {
            "wire_id": wire_id,
            "source_url": _clean("source_url", canonical(item.source_url)),
            "published_at": item.revised_at or timezone.now(),
            "access": self.publisher.access,
            "rights": rights_of(item, self.publisher),
            "rights_until": item.expires_at,
            "wire_version": item.version,
            "revised_at": item.revised_at,
            "language": "und",  # BCP 47 for what nobody could determine
        }
        article = Article(publisher=self.publisher, **values | _said(item, CREATED))
        if item.embargo:
            article.public_from = item.embargo
        if item.status == Status.CANCELED:
            article.status = Article.Status.CANCELED
            article.headline = article.headline or wire_id  # a kill may come before its piece
        elif (item.status, article.rights) == (Status.USABLE, Article.Rights.CLEARED):
            article.status = self.status or Article.Status.WITHHELD
        return article

    def create(self):
        """Save the new ones: articles, their history, first versions and topics."""
        if not self.fresh:
            return
        arrived, self.fresh = list(self.fresh.values()), {}
        articles = [article for _place, _arrival, article in arrived]
        _name_addresses(articles, self.publisher)
        record_created(Article.objects.bulk_create(articles), by=self.by, reason=REASON)
        versions = Version.objects.bulk_create(
            self.first_version(article, arrival) for _place, arrival, article in arrived
        )
        _add_topics([(article, arrival.item.subjects) for _place, arrival, article in arrived])
        for (place, _arrival, article), version in zip(arrived, versions, strict=True):
            killed = article.status == Article.Status.CANCELED
            done = Done.KILLED if killed else Done.CREATED
            self.outcomes[place] = Outcome(done, article, version)
            self.known[article.wire_id] = article
            self.held[article.pk] = {version.sha256}

    def first_version(self, article, arrival):
        wording = article.wording()
        return Version(
            article=article,
            number=1,
            sha256=Version.hash_of(**wording),
            wire_version=article.wire_version,
            revised_at=article.revised_at,
            author=self.by,
            note=self.note_on(arrival.item),
            file=arrival.file,
            **wording,
        )

    # --- known ones ---

    def again(self, article, arrival):
        """A piece that stands already: is it newer, does it say anything new?"""
        item, newer = arrival.item, age(arrival.item, article)
        held = self.held.setdefault(article.pk, set())
        draft = _said(item, REVISED)
        own = {name: draft.get(name, "") for name in WORDING}
        if item.body:  # the message is the whole wording; what it leaves out is gone
            draft |= own
        # A kill came before its piece: whatever comes is kept for editors.
        late = newer < 0 or (article.status == Article.Status.CANCELED and not article.body)
        wording = own if late else article.wording() | {n: draft[n] for n in WORDING if n in draft}
        digest = Version.hash_of(**wording)
        if article.status == Article.Status.CANCELED:
            redaction = Redaction.objects.filter(article=article).first()
            if redaction:
                raise Redacted(redaction)
            if item.status == Status.CANCELED or digest in held:
                return Outcome(Done.UNCHANGED, article)
            if late:
                return self.late(article, arrival, wording, digest)
            raise Refused(_("the article was killed and takes no new text"))
        if item.status == Status.CANCELED:
            return self.killed(article, item)
        if late:
            return self.late(article, arrival, wording, digest)
        if digest in held and newer < 1:
            draft = {}  # a wording that was held before, and isn't said to be newer
        draft |= self.state(article, item)
        changed = {name for name, value in draft.items() if getattr(article, name) != value}
        topics = _add_topics([(article, item.subjects)])
        if not (changed or topics):
            return Outcome(Done.UNCHANGED, article)
        version = article.revise(note=self.note_on(item), by=self.by, file=arrival.file, **draft)
        if version:
            held.add(version.sha256)
        said = changed - {"wire_version", "revised_at"} or topics
        return Outcome(Done.REVISED if said else Done.UNCHANGED, article, version)

    def state(self, article, item):
        """What a newer message changes beside the words."""
        return self.closings(article, item) | {
            "wire_version": max(item.version, article.wire_version),
            "revised_at": item.revised_at or article.revised_at,
        }

    def closings(self, article, item):
        """What any message, an older one too, closes. Nothing that an editor or another
        message has closed is opened: an embargo and an end hold for all versions."""
        draft = {"public_from": max(item.embargo or article.public_from, article.public_from)}
        if item.expires_at:
            draft["rights_until"] = min(item.expires_at, article.rights_until or item.expires_at)
        if rights_of(item, self.publisher) == Article.Rights.FORBIDDEN:
            draft["rights"] = Article.Rights.FORBIDDEN
        withheld = item.status == Status.WITHHELD or "rights" in draft
        if withheld and article.status == Article.Status.USABLE:
            draft["status"] = Article.Status.WITHHELD
        return {name: value for name, value in draft.items() if getattr(article, name) != value}

    def late(self, article, arrival, wording, digest):
        """An older wording is kept beside the newer one; what it closes is closed all the same."""
        item, version = arrival.item, None
        closed = self.closings(article, item)
        if item.status == Status.WITHHELD:
            closed.pop("status", None)  # the newer message has lifted that
        if closed:
            article.revise(by=self.by, **closed)
        if digest not in self.held[article.pk]:
            version = article.keep_late(
                wording,
                wire_version=item.version,
                revised_at=item.revised_at,
                note=self.note_on(item),
                author=self.by,
                file=arrival.file,
            )
            self.held[article.pk].add(digest)
        return Outcome(Done.LATE if closed or version else Done.UNCHANGED, article, version)

    def killed(self, article, item):
        names = {"publisher": self.publisher.name}
        article.wire_version = max(item.version, article.wire_version)
        article.revised_at = item.revised_at or article.revised_at
        article.kill(note_fr=KILL_NOTE_FR % names, note_en=KILL_NOTE_EN % names, by=self.by)
        return Outcome(Done.KILLED, article)

    def note_on(self, item):
        return self.note or item.editors_note.split("\n\n")[0][:500]


def age(item: WireItem, article: Article) -> int:
    """Whether a message is older (-1) or newer (1) than the newest that the article has had.

    The agency's version counts, then the hour at which the version was made; where
    neither tells them apart it is 0, and the order counts in which they came.
    """
    if item.version and article.wire_version and item.version != article.wire_version:
        return 1 if item.version > article.wire_version else -1
    ours, theirs = article.revised_at, item.revised_at
    if theirs is None or theirs == ours:
        return int(item.version > article.wire_version)
    return 1 if ours is None or theirs > ours else -1


def _check(item):
    """What no field's own check sees, and a database wouldn't take. Raises Refused."""
    if not 0 <= item.version < 2**31:
        raise Refused(_("version: %(number)s is no version"), number=str(item.version))
    if item.urgency is not None and not 1 <= item.urgency <= 9:
        raise Refused(_("urgency: %(number)s isn't 1 to 9"), number=str(item.urgency))
    for name, value in vars(item).items():
        if isinstance(value, datetime) and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise Refused(_("%(field)s: the year %(year)s"), field=name, year=str(value.year))
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and ("\0" in text or (not text.isascii() and _broken(text))):
                raise Refused(_("%(field)s: not valid text"), field=name)
    if any(len(code) > 40 for code in item.subjects):
        raise Refused(_("subjects: a code is too long"))


def _broken(text):
    """Whether it holds half a character, which no database takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _said(item, names):
    """What the wire says of these fields; what it leaves empty stays as it is."""
    values = {name: getattr(item, name) for name in names}
    return {
        name: _clean(name, list(value) if isinstance(value, tuple) else value)
        for name, value in values.items()
        if value
    }


def _clean(name, value):
    try:
        return Article._meta.get_field(name).clean(value, None)
    except ValidationError as error:
        with override("en"):
            told = " ".join(error.messages)
        raise Refused(_("%(field)s: %(error)s"), field=name, error=Reason(told)) from None


def _add_topics(pairs):
    """Give each article the topics of these codes; those that it has stay. Returns how
    many were added."""
    wanted = {code for _article, codes in pairs for code in codes}
    if not wanted:
        return 0
    topics = _topics(wanted)
    through = Article.topics.through
    articles = {article.pk for article, codes in pairs if codes}
    standing = set(
        through.objects.filter(article__in=articles).values_list("article_id", "topic_id")
    )
    rows = {(article.pk, topics[code].pk) for article, codes in pairs for code in codes}
    through.objects.bulk_create(
        through(article_id=article, topic_id=topic) for article, topic in sorted(rows - standing)
    )
    return len(rows - standing)


def _topics(codes):
    """The topics of these codes; those that the archive lacks are added."""
    topics = Topic.objects.in_bulk(codes, field_name="code")
    lacking = sorted(codes - topics.keys())
    if lacking:
        rows = []
        for code in lacking:
            name_fr, name_en = labels(code)
            rows.append(Topic(code=code, name_fr=name_fr, name_en=name_en))
        Topic.objects.bulk_create(rows, ignore_conflicts=True)
        topics = Topic.objects.in_bulk(codes, field_name="code")
    return topics


def identity(item: WireItem) -> str:
    """What a publisher's piece is known by: the agency's id, else its address, else its
    day and headline. Raises Refused."""
    known_by = item.wire_id or canonical(item.source_url)
    if known_by:
        return known_as(known_by)
    if item.published_at is None:
        raise Refused(_("no id, no address and no date to know it by: give a date"))
    headline = slugify(item.headline, allow_unicode=True)[:400]
    return f"{timezone.localdate(item.published_at)} {headline}"


def canonical(url: str) -> str:
    """One address for one page: no fragment, no tracking, the host in lower case.

    What can't be taken apart as an address is returned as it is.
    """
    try:
        parts = urlsplit(url.strip())
        asked = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return url.strip()
    kept = [(name, value) for name, value in asked if not name.lower().startswith(TRACKING)]
    query = parts.query if kept == asked else urlencode(kept)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, query, ""))


def slug_of(headline: str, otherwise: str) -> str:
    """A slug of the headline, or `otherwise` where it isn't Latin."""
    slug = slugify(headline.translate(APOSTROPHES).replace("'", " "))
    if len(slug) > SLUG:
        slug = slug[:SLUG].rpartition("-")[0] or slug[:SLUG]
    return slug or otherwise


def _name_addresses(articles, publisher):
    """Give each new article a slug that no other has, in two queries at most."""
    choices = [list(slugs(article, publisher)) for article in articles]
    first = Counter(each[0] for each in choices)
    taken = _taken(first)
    crowded = [each for each in choices if each[0] in taken or first[each[0]] > 1]
    if crowded:
        taken |= _taken(slug for each in crowded for slug in each)
    for article, each in zip(articles, choices, strict=True):
        article.slug = next(slug for slug in each if slug not in taken)
        taken.add(article.slug)


def _taken(wanted):
    return set(Article.objects.filter(slug__in=list(wanted)).values_list("slug", flat=True))


def slugs(article: Article, publisher: Publisher):
    """The slugs that a new article might have, the best first; the last is its own for sure."""
    day = f"{article.published_at:%Y-%m-%d}"
    slug = slug_of(article.headline, f"{publisher.slug}-{day}")
    yield slug
    yield from (f"{slug}-{number}" for number in range(2, 10))
    yield f"{slug}-{day}"
    yield f"{slug}-{sha256(f'{publisher.slug} {article.wire_id}'.encode()).hexdigest()[:12]}"
