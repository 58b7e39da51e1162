"""What the review screen shows of one article: its text, cut at every mark, and the list of
what waits in it."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import Q

from articles.differences import differences
from articles.editing import is_key
from articles.marks import layers
from articles.models import Article
from articles.passages import Place
from companies.admin.drafting import Draft
from companies.decisions import KINDS
from companies.models import Activity, Announcement, Company, Mention
from companies.recorded import recorded, suggested

LISTED = 80  # things on one page of the list
OTHERS = 20  # announcements of the companies named that rest on other pieces
WAITING = {"suggested", "open", "waiting"}
# How a thing's words look in the text, by its kind and its state.
LOOKS = {
    "mention": {state: f"name is-{state}" for state in Mention.Status.values},
    "suggestion": {"open": "offered"},
    "newcomer": {"open": "name is-unknown"},
    "placement": {"waiting": "offered"},
}


@dataclass
class Item:
    """One thing in the list: what an editor decides on, and where it stands in the text."""

    kind: str
    record: object
    state: str
    spans: list  # [start, end) in code points of headline, two line feeds, text
    recorded: list = field(default_factory=list)  # announcements that a suggestion may be

    @property
    def key(self):
        return f"{self.kind}-{self.record.pk}"

    @property
    def waits(self):
        return self.state in WAITING

    @property
    def stamp(self):
        """Of what an editor sees of it, where that may be renewed under them."""
        return KINDS[self.kind].stamp(self.record)

    @property
    def template(self):
        return f"admin/review/_{self.kind}.html"

    @property
    def change(self):
        """What became of a passage, word by word."""
        now = self.record.offered()
        return differences(self.record.evidence.exact, now[0].exact if now else "")


def item(kind, record, version):
    """A row as the list shows it; its places are those in the present wording."""
    spans = []
    if version and not version.redaction_id:
        body = len(version.headline) + 2
        if kind == "mention" and record.version_id == version.pk:
            spans = [tuple(span) for span in record.places]
        elif kind == "newcomer" and record.version_id == version.pk:
            spans = [(record.start, record.end)]
        elif kind == "suggestion" and record.version_id == version.pk:
            spans = [(body + each["start"], body + each["end"]) for each in record.passages]
        elif kind == "placement":
            shift = 0 if record.evidence.in_headline else body
            spans = [(shift + one.start, shift + one.end) for one in record.offered()]
    return Item(kind, record, KINDS[kind].state(record), spans)


def look_up(items, *asked):
    """Give each suggestion that waits the announcements that it may be; what is asked
    besides is answered in its order."""
    waiting = [one for one in items if one.kind == "suggestion" and one.waits]
    found = recorded([*(suggested(one.record) for one in waiting), *asked])
    for one in waiting:
        one.recorded = found.pop(0)
    return found


class Screen:
    """Everything that the page shows of one article, in a fixed number of queries."""

    def __init__(self, article, user):
        self.article, self.user = article, user
        self.version = article.versions.select_related("redaction").filter(late=False).last()
        self.redacted = bool(self.version and self.version.redaction_id)
        mentions = article.mentions.select_related(
            "company__parent__absorbed_by", "company__absorbed_by__parent__absorbed_by"
        )
        mentions = self._items("mention", mentions)
        self.mentions = sorted(
            mentions, key=lambda one: (not one.waits, one.spans[:1] or [(1 << 60, 0)])
        )
        self.suggestions = self._items(
            "suggestion",
            article.suggestions.select_related("company__absorbed_by", "announcement"),
        )
        sightings = article.sightings.select_related("newcomer")
        self.newcomers = self._items("newcomer", sightings.exclude(newcomer__status="settled"))
        self.evidence = list(article.evidence.for_listing().select_related("announcement__company"))
        self.placements = [
            one
            for one in map(self._placement, self.evidence)
            if one and (one.waits or one.record.settled)
        ]

    def _items(self, kind, rows):
        return [item(kind, record, self.version) for record in rows]

    def _placement(self, evidence):
        """What became of a passage in the present wording, where that isn't the quoted one."""
        for placement in evidence.current_placements:
            placement.evidence, placement.version = evidence, self.version
            retracted = evidence.announcement.status == Announcement.Status.RETRACTED
            killed = self.article.status == Article.Status.CANCELED
            return None if retracted or killed else item("placement", placement, self.version)
        return None

    @property
    def items(self):
        return [*self.mentions, *self.newcomers, *self.suggestions, *self.placements]

    def page(self, number):
        """A page of the list; where there are several, what waits is on the first ones."""
        items = self.items
        if len(items) > LISTED:
            items = sorted(items, key=lambda one: not one.waits)
        return Paginator(items, LISTED).get_page(number)

    @property
    def waiting(self):
        return sum(one.waits for one in self.items)

    def texts(self):
        """Headline and text as (paragraph, [(words, keys, look)]), cut at every mark."""
        text, shift = self.version or self.article, len((self.version or self.article).headline) + 2
        spans, looks = [], {}
        for one in self.items:
            looks[one.key] = LOOKS[one.kind].get(one.state, "")
            spans += [(start, end, one.key) for start, end in one.spans]
        for evidence in self.evidence:
            _state, now = evidence.now
            if now:
                looks[f"evidence-{evidence.pk}"] = "passage"
                begins = 0 if evidence.in_headline else shift
                spans.append((begins + now.start, begins + now.end, f"evidence-{evidence.pk}"))
        moved = [(start - shift, end - shift, key) for start, end, key in spans if end > shift]
        return [
            [
                (
                    paragraph,
                    [
                        (piece.words, " ".join(piece.keys), _look(piece.keys, looks))
                        for piece in paragraph.pieces
                    ],
                )
                for paragraph in paragraphs
            ]
            for paragraphs in (layers(text.headline, spans), layers(text.body, moved))
        ]

    def resting(self):
        """(announcement, how many passages of the piece it rests on)."""
        found = {}
        for evidence in self.evidence:
            found.setdefault(evidence.announcement, []).append(evidence)
        return list(found.items())

    def companies(self, record=None):
        """Keys of those that an announcement may be of: named and not rejected, or standing
        for these, their parents, and the announcement's own."""
        keys = {record.company_id} if record else set()
        for one in self.mentions:
            if one.state != Mention.Status.REJECTED:
                company = one.record.company.shown_as
                keys |= {company.pk, company.parent and company.parent.shown_as.pk}
        return keys - {None}

    def first_company(self, place=None):
        """The likeliest announcer: named in the passage at `place` before elsewhere, the subject
        before others, confirmed before suggested."""
        named = [one for one in self.mentions if one.state != Mention.Status.REJECTED]
        if place:
            first = len(self.version.headline) + 2 + place.start
            after = first + len(place.exact)
            named = [
                one for one in named if any(s < after and first < e for s, e in one.spans)
            ] or named
        weight = {"subject": 0, "peer": 1, "passing": 2}
        named.sort(key=lambda one: (weight[one.record.role], one.state))
        return named[0].record.company.shown_as if named else None

    def others(self, keys):
        """The newest announcements of these companies that rest on other pieces."""
        here = {evidence.announcement_id for evidence in self.evidence}
        whose = Q(company__in=keys) | Q(company__absorbed_by__in=keys)
        rows = Announcement.objects.filter(whose).exclude(pk__in=here)
        rows = rows.exclude(status=Announcement.Status.RETRACTED).select_related("company")
        return rows.defer("search")[:OTHERS]

    def activities(self, keys):
        """(key of a company, its activities and those of its brands)."""
        whose = Q(company__in=keys) | Q(company__parent__in=keys)
        whose |= Q(company__absorbed_by__in=keys)
        rows = Activity.objects.filter(whose).select_related("company")
        found = {key: [] for key in sorted(keys)}
        for row in rows:
            company = row.company
            for key in {company.pk, company.parent_id, company.absorbed_by_id} & found.keys():
                found[key].append(row)
        return list(found.items())

    def pointed_at(self, asked):
        """The passage that an address names by its start and end in the text, if it does."""
        ends = [asked.get("start", ""), asked.get("end", "")]
        if not self.version or self.redacted or not all(map(is_key, ends)):
            return None
        start, end = map(int, ends)
        found = self.version.body[start:end]
        return Place.at(self.version.body, start, end) if found.strip() else None

    def draft(self, record=None, data=None, place=None, *, joins=False):
        named = self.companies(record)
        return Draft(
            self.article,
            self.version,
            Company.objects.filter(pk__in=named) if named else None,
            self.user,
            data=data,
            record=record,
            company=self.first_company(place),
            place=place,
            joins=joins,
        )


def _look(keys, looks):
    return " ".join(dict.fromkeys(looks[key] for key in keys if looks[key]))
