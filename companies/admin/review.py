"""The review screen of one article: what waits in it, decided by keys, and the form of an
announcement beside its text. Mounted under the articles' admin by newsroom.admin."""

import json
from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Q
from django.http import Http404, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from articles.differences import differences
from articles.editing import is_key, refused_by_database
from articles.marks import layers
from articles.models import Article
from articles.passages import Place
from companies.admin.drafting import Draft
from companies.countries import country_choices
from companies.decisions import KINDS, QUEUES, decide, next_waiting
from companies.models import Activity, Announcement, Company, Mention
from companies.placements import place
from companies.suggestions import suggest

AT_ONCE = 100  # acts in one request
OTHERS = 20  # announcements of the companies named that rest on other pieces
NAMING = {"mention", "role"}  # acts that say which companies are named
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

    @property
    def key(self):
        return f"{self.kind}-{self.record.pk}"

    @property
    def waits(self):
        return self.state in WAITING

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
            spans = [(body + one.start, body + one.end) for one in record.offered()]
    return Item(kind, record, KINDS[kind].state(record), spans)


class Screen:
    """Everything that the page shows of one article, in a fixed number of queries."""

    def __init__(self, article, user):
        self.article, self.user = article, user
        self.version = article.versions.select_related("redaction").filter(late=False).last()
        self.redacted = bool(self.version and self.version.redaction_id)
        mentions = self._items("mention", article.mentions.select_related("company"))
        self.mentions = sorted(
            mentions, key=lambda one: (not one.waits, one.spans[:1] or [(1 << 60, 0)])
        )
        self.suggestions = self._items(
            "suggestion", article.suggestions.select_related("company", "announcement")
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
                spans.append((shift + now.start, shift + now.end, f"evidence-{evidence.pk}"))
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
        """Keys of those that an announcement may be of: named and not rejected, their
        parents, and the announcement's own."""
        keys = {record.company_id} if record else set()
        for one in self.mentions:
            if one.state != Mention.Status.REJECTED:
                keys |= {one.record.company_id, one.record.company.parent_id}
        return keys - {None}

    def first_company(self):
        """The likeliest announcer: confirmed before suggested, the subject before others."""
        named = [one for one in self.mentions if one.state != Mention.Status.REJECTED]
        weight = {"subject": 0, "peer": 1, "passing": 2}
        named.sort(key=lambda one: (weight[one.record.role], one.state))
        return named[0].record.company if named else None

    def others(self, keys):
        """The newest announcements of these companies that rest on other pieces."""
        here = {evidence.announcement_id for evidence in self.evidence}
        rows = Announcement.objects.filter(company__in=keys).exclude(pk__in=here)
        rows = rows.exclude(status=Announcement.Status.RETRACTED).select_related("company")
        return rows.defer("search")[:OTHERS]

    def activities(self, keys):
        """(key of a company, its activities and those of its brands)."""
        rows = Activity.objects.filter(Q(company__in=keys) | Q(company__parent__in=keys))
        rows = list(rows.select_related("company"))
        return [
            (key, [row for row in rows if key in (row.company_id, row.company.parent_id)])
            for key in sorted(keys)
        ]

    def pointed_at(self, asked):
        """The passage that an address names by its start and end in the text, if it does."""
        ends = [asked.get("start", ""), asked.get("end", "")]
        if not self.version or self.redacted or not all(map(is_key, ends)):
            return None
        start, end = map(int, ends)
        found = self.version.body[start:end]
        return Place.at(self.version.body, start, end) if found.strip() else None

    def draft(self, record=None, data=None, place=None):
        return Draft(
            self.article,
            self.version,
            Company.objects.filter(pk__in=self.companies(record)),
            self.user,
            data=data,
            record=record,
            company=self.first_company(),
            place=place,
        )


def _look(keys, looks):
    return " ".join(dict.fromkeys(looks[key] for key in keys if looks[key]))


def _may(user):
    """What the user may do here, for the templates."""
    return {
        name: user.has_perm(f"companies.{codename}")
        for name, codename in (
            ("confirm", "confirm_mention"),
            ("decide", "decide_suggestion"),
            ("add", "add_announcement"),
            ("change", "change_announcement"),
            ("publish", "publish_announcement"),
            ("place", "change_placement"),
            ("name", "add_mention"),
        )
    } | {"release": user.has_perm("articles.release_article")}


def _article(request, pk):
    """The article, for who may see articles in the admin."""
    user = request.user
    if not (user.has_perm("articles.view_article") or user.has_perm("articles.change_article")):
        raise PermissionDenied
    return get_object_or_404(Article.objects.select_related("publisher"), pk=pk)


def _queue(request):
    name = request.GET.get("queue", "")
    return name if name in QUEUES else "mentions"


def _address(name, *args, **asked):
    asked = {key: value for key, value in asked.items() if value}
    address = reverse(f"admin:articles_article_{name}", args=args)
    return f"{address}?{urlencode(asked)}" if asked else address


def review(request, pk):
    """Text, list and form; the form comes back here."""
    article, queue = _article(request, pk), _queue(request)
    screen, record = Screen(article, request.user), _asked_for(request)
    if request.method != "POST":
        draft = screen.draft(record, place=screen.pointed_at(request.GET))
        return _page(request, screen, draft, queue, record)
    publishes = "_publish" in request.POST
    if not _may_save(request.user, record) or (
        publishes and not request.user.has_perm("companies.publish_announcement")
    ):
        raise PermissionDenied
    draft = screen.draft(record, request.POST)
    if not draft.is_valid():
        return _page(request, screen, draft, queue, record)
    try:
        announcement = draft.save()
    except (ValidationError, IntegrityError) as refusal:
        if isinstance(refusal, IntegrityError):
            refusal = refused_by_database(refusal)
        # Its records are those of a transaction that was undone: begun anew.
        record = _asked_for(request)
        draft = screen.draft(record, request.POST)
        draft.is_valid()
        draft.refused = refusal.messages
        return _page(request, screen, draft, queue, record)
    place([article])
    suggest([article])
    _log(request, announcement, new=record is None)
    finished = not publishes or _publish(request, announcement)
    address = _address(
        *("review", article.pk), queue=queue, announcement=None if finished else announcement.pk
    )
    return HttpResponseRedirect(address + ("#announcements" if finished else "#draft"))


def _may_save(user, record):
    """Whether the user may make an announcement, or change this one as it stands."""
    if record is None:
        return user.has_perm("companies.add_announcement")
    asked = getattr(record, "changed_with", "")
    return user.has_perm("companies.change_announcement") and (not asked or user.has_perm(asked))


def _asked_for(request):
    """The announcement that the address names."""
    key = request.GET.get("announcement", "")
    if not key:
        return None
    if not is_key(key):
        raise Http404
    rows = Announcement.objects.exclude(status=Announcement.Status.RETRACTED)
    return get_object_or_404(rows.select_related("company"), pk=key)


def _log(request, announcement, *, new):
    record_admin = admin.site.get_model_admin(Announcement)
    if new:
        record_admin.log_addition(request, announcement, [{"added": {}}])
    else:
        record_admin.log_change(request, announcement, [{"changed": {}}])
    text = _("“%(title)s” is saved.") % {"title": announcement}
    messages.success(request, text)


def _publish(request, announcement):
    """Whether it is published now; what is missing is said, and the draft is saved."""
    try:
        announcement.publish(by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return False
    if Announcement.objects.public().filter(pk=announcement.pk).exists():
        text = _("“{}” is published: {}")
        link = format_html(
            '<a href="{}">{}</a>', announcement.get_absolute_url(), _("view it on the site")
        )
        messages.success(request, format_html(text, announcement, link))
    else:
        text = _("Nobody sees “%(title)s” before an article that supports it is released.")
        messages.warning(request, text % {"title": announcement})
    return True


def _page(request, screen, draft, queue, record):
    article, keys = screen.article, screen.companies(record)
    headline, body = screen.texts()
    context = {
        **admin.site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "title": _("Review"),
        "subtitle": article.headline,
        "opts": Article._meta,
        "article": article,
        "screen": screen,
        "headline": headline,
        "body": body,
        "hindrance": article.hindrance(),
        "draft": draft,
        "record": record,
        "may": _may(request.user),
        "may_save": _may_save(request.user, record),
        "markets": [name for _code, name in country_choices()],
        "activities": screen.activities(keys),
        "others": screen.others(keys),
        "queue": queue,
        "here": _address("review", article.pk, queue=queue),
        "back": _address("review", article.pk, queue=queue, announcement=record and record.pk),
        "decide": _address("review_decide", article.pk, queue=queue),
        "next": _address("review", queue=queue, after=article.pk),
    }
    return TemplateResponse(request, "admin/review/review.html", context)


@require_POST
def review_decide(request, pk):
    """Acts on what waits, as JSON from the keys or as a form's button; answers what stands."""
    article = _article(request, pk)
    if request.content_type == "application/json":
        acts = _acts_of(request)
        if acts is None:
            return HttpResponseBadRequest()
        answers = [_answer(request, article, act) for act in acts]
        refused = answers and all(answer["code"] == 403 for answer in answers)
        told = {"answers": answers}
        if any(act["kind"] in NAMING for act in acts) and not refused:
            told["suggestions"] = _suggested(request, article)
        return JsonResponse(told, status=403 if refused else 200)
    words = request.POST.get("act", "").split(" ")
    act = dict(zip(("kind", "key", "act", "seen"), words, strict=False))
    if not _is_act(act):
        return HttpResponseBadRequest()
    outcome = decide(article, request.user, **act)
    if act["kind"] in NAMING:
        suggest([article])
    if outcome.code != 200:
        messages.error(request, outcome.said)
    elif act["kind"] == "status" and outcome.record.hindrance():
        messages.warning(request, f"{outcome.record}: {outcome.record.hindrance()}.")
    kind = "mention" if act["kind"] == "role" else act["kind"]
    return HttpResponseRedirect(
        f"{_address('review', article.pk, queue=_queue(request))}#{kind}-{act['key']}"
    )


def _acts_of(request):
    try:
        acts = json.loads(request.body)["acts"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    known = isinstance(acts, list) and len(acts) <= AT_ONCE and all(map(_is_act, acts))
    return acts if known else None


def _is_act(act):
    return (
        isinstance(act, dict)
        and set(act) == {"kind", "key", "act", "seen"}
        and all(isinstance(value, str) for value in act.values())
        and act["kind"] in KINDS
        and act["act"] in KINDS[act["kind"]].steps
        and is_key(act["key"])
    )


def _answer(request, article, act):
    """What now stands, told and shown."""
    outcome = decide(article, request.user, **act)
    kind = "mention" if act["kind"] == "role" else act["kind"]
    answer = {"code": outcome.code, "said": outcome.said, "item": f"{kind}-{act['key']}"}
    if outcome.record is None or kind not in LOOKS:  # the piece itself is in no list
        return answer
    return answer | _shown(request, article, item(kind, outcome.record, None))


def _shown(request, article, one):
    html = render_to_string(
        one.template,
        {"item": one, "may": _may(request.user), "queue": _queue(request), "article": article},
        request,
    )
    return {"state": one.state, "waits": one.waits, "html": html}


def _suggested(request, article):
    """What the article seems to announce, now that other companies are named in it."""
    suggest([article])
    rows = article.suggestions.for_listing().order_by("pk")
    return [
        {"item": one.key, "key": str(one.record.pk)} | _shown(request, article, one)
        for one in (item("suggestion", row, None) for row in rows)
    ]


@require_GET
def review_next(request):
    """On to the next article that waits; with `after`, the one after that."""
    queue, after = _queue(request), request.GET.get("after", "")
    key = next_waiting(queue, int(after) if is_key(after) else None)
    if key is None:
        messages.info(request, _("Nothing waits in this queue any more."))
        return HttpResponseRedirect(reverse("admin:index"))
    return HttpResponseRedirect(_address("review", key, queue=queue))


_staff = admin.site.admin_view
urlpatterns = [
    path("review/", _staff(review_next), name="articles_article_review"),
    path("<int:pk>/review/", _staff(review), name="articles_article_review"),
    path("<int:pk>/review/decide/", _staff(review_decide), name="articles_article_review_decide"),
]
