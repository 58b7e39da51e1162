"""The review screen of one article: what waits in it, decided by keys, and the form of an
announcement beside its text. Mounted under the articles' admin by newsroom.admin."""

import json

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from articles.editing import is_key, kept_in_words, refused_by_database
from articles.models import Article
from companies.admin.drafting import as_new
from companies.admin.screen import LOOKS, Screen, item, look_up
from companies.countries import country_choices
from companies.decisions import KINDS, ask_if_public, decide, is_queue, may_change, next_waiting
from companies.models import Announcement
from companies.placements import place
from companies.recorded import recorded
from companies.suggestions import suggest

AT_ONCE = 100  # acts in one request
ACT = ("kind", "key", "act", "seen", "stamp", "into", "sure")  # what tells one; the first four must


def _may(user):
    """What the user may do here, for the templates."""
    return {
        name: user.has_perm(f"companies.{codename}")
        for name, codename in (
            ("confirm", "confirm_mention"),
            ("decide", "decide_suggestion"),
            ("add", "add_announcement"),
            ("change", "change_announcement"),
            ("amend", "amend_announcement"),
            ("publish", "publish_announcement"),
            ("place", "change_placement"),
            ("name", "add_mention"),
            ("found", "add_company"),
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
    return name if is_queue(name) else "mentions"


def _list(request):
    """The page of the list at hand; "" for the first."""
    number = request.GET.get("list", "")
    return number if is_key(number) and number != "1" else ""


def _address(name, *args, **asked):
    asked = {key: value for key, value in asked.items() if value}
    address = reverse(f"admin:articles_article_{name}", args=args)
    return f"{address}?{urlencode(asked)}" if asked else address


def review(request, pk):
    """Text, list and form; the form comes back here."""
    article, queue = _article(request, pk), _queue(request)
    if request.method == "POST" and "_look" in request.POST:
        return _look(request, article)
    if request.method == "POST":
        with transaction.atomic():
            return _save(request, article, queue)
    screen, record = Screen(article, request.user), _asked_for(request)
    draft = screen.draft(record, place=screen.pointed_at(request.GET))
    return _page(request, screen, draft, queue, record)


def _save(request, article, queue):
    """What was sent, merged with what others saved since it was opened; from here to the
    end of the transaction nobody else saves the announcement."""
    screen = Screen(article, request.user)
    if "_join" in request.POST:
        return _join(request, screen, queue)
    try:
        record = _asked_for(request)
    except Http404:
        return _begin_anew(request, screen, queue)
    if record and record.status != Announcement.Status.DRAFT and "title_fr" in request.POST:
        said = _("“%(title)s” is no draft any more, so nothing of this was saved. You had typed:")
        _give_back(request, said % {"title": record}, screen.draft(None, request.POST).typed())
        return _page(request, screen, screen.draft(record), queue, record)
    publishes = "_publish" in request.POST
    if not _may_save(request.user, record) or (
        publishes and not request.user.has_perm("companies.publish_announcement")
    ):
        raise PermissionDenied
    draft = screen.draft(record, request.POST)
    if not draft.is_valid():
        return _page(request, screen, draft, queue, record)
    if record is None and draft.is_empty:
        said = _("Nothing was said yet, so nothing is saved: select a passage, and say what it is.")
        draft.refused = [said]
        return _page(request, screen, draft, queue, record)
    if record is None and _unseen(request, draft):
        draft.refused = [_("The archive may hold this already: see below. Nothing is saved yet.")]
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
    _read_anew(article)
    _log(request, announcement, new=record is None)
    for text in kept_in_words(draft.opened):
        messages.info(request, text)
    finished = not publishes or _publish(request, announcement)
    address = _address(
        *("review", article.pk), queue=queue, announcement=None if finished else announcement.pk
    )
    return HttpResponseRedirect(address + ("#announcements" if finished else "#draft"))


def _join(request, screen, queue):
    """The passages of a form that was begun join an announcement that is there already; the
    rest that was typed is given back."""
    into, _space, sure = request.POST["_join"].partition(" ")
    record = _announcements(request).filter(pk=_key(into)).first()
    draft = screen.draft(None, request.POST)
    if record is None:
        draft.refused = [_("That announcement was deleted or retracted meanwhile.")]
        return _page(request, screen, draft, queue, None)
    if not may_change(request.user, record):
        raise PermissionDenied
    joining = screen.draft(record, as_new(request.POST), joins=True)
    try:
        ask_if_public(record, sure)
        if not joining.is_valid() or not joining.has_passage:
            raise ValidationError(_("Select the passage that it gets, then choose again."))
        with transaction.atomic():
            joining.save()
    except ValidationError as refusal:
        draft.refused = refusal.messages
        return _page(request, screen, draft, queue, None)
    _read_anew(screen.article)
    _log(request, record, new=False)
    if rest := draft.typed(but_passages=True):
        _give_back(request, _("Its passage alone was added. You had typed:"), rest, messages.INFO)
    return HttpResponseRedirect(
        _address("review", screen.article.pk, queue=queue) + "#announcements"
    )


def _begin_anew(request, screen, queue):
    """What was typed for an announcement that is gone becomes a new one, if that is wished."""
    draft = screen.draft(None, as_new(request.POST))
    said = _("The announcement was deleted or retracted meanwhile, so nothing of this was saved.")
    if "title_fr" in request.POST and request.user.has_perm("companies.add_announcement"):
        kept = _("All that you typed is in the form, as a new one.")
        messages.error(request, f"{said} {kept}")
        return _page(request, screen, draft, queue, None)
    typed = _("You had typed:")
    _give_back(request, f"{said} {typed}", draft.typed())
    return _page(request, screen, screen.draft(), queue, None)


def _give_back(request, said, typed, level=messages.ERROR):
    messages.add_message(request, level, "\n".join([said, *typed]))


def _read_anew(article):
    """What a change of evidence owes: its passages' places, and no more suggestions of it."""
    place([article])
    suggest([article])


def _unseen(request, draft):
    """Whether the archive may hold a new announcement already, and the editor wasn't told."""
    seen = request.POST.get("recorded", "").split(",")
    return any(str(one.pk) not in seen for one in recorded([draft.asked()])[0])


def _look(request, article):
    """What the archive may hold already of a form as it is filled in by now."""
    screen, record = Screen(article, request.user), _asked_for(request)
    asked = screen.draft(record, request.POST).asked()
    context = {
        "found": recorded([asked])[0] if asked else [],
        "may": _may(request.user),
        "joins": record is None,
        "article": article,
    }
    return TemplateResponse(request, "admin/review/_found.html", context)


def _may_save(user, record):
    """Whether the user may make an announcement, or change this one as it stands."""
    if record is None:
        return user.has_perm("companies.add_announcement")
    return may_change(user, record)


def _announcements(request):
    """Those that may be worked on; held to the end of the transaction where it saves."""
    rows = Announcement.objects.exclude(status=Announcement.Status.RETRACTED)
    if request.method == "POST" and "_look" not in request.POST:
        rows = rows.select_for_update(of=["self"], no_key=True)
    return rows.select_related("company")


def _key(words):
    return int(words) if is_key(words) else None


def _asked_for(request):
    """The announcement that the address names."""
    key = request.GET.get("announcement", "")
    return get_object_or_404(_announcements(request), pk=_key(key)) if key else None


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
    for doubt in announcement.doubts():
        messages.warning(request, doubt)
    return True


def _page(request, screen, draft, queue, record):
    article, keys = screen.article, screen.companies(record)
    headline, body = screen.texts()
    resting, others = screen.resting(), screen.others(keys)
    shown = [*(announcement for announcement, _passages in resting), *others]
    asked, page = draft.asked(), screen.page(_list(request))
    found = look_up(page, *([asked] if asked else []))
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
        "page": page,
        "elsewhere": screen.waiting - sum(one.waits for one in page),
        "draft": draft,
        "found": found[0] if found else [],
        "joins": record is None,
        "record": record,
        "may": _may(request.user),
        "may_save": _may_save(request.user, record),
        "markets": [name for _code, name in country_choices()],
        "activities": screen.activities(keys),
        "resting": resting,
        "others": others,
        "open": {one.pk for one in shown if _may_save(request.user, one)},
        "queue": queue,
        "here": _address("review", article.pk, queue=queue, list=_list(request)),
        "back": _address(
            *("review", article.pk),
            queue=queue,
            list=_list(request),
            announcement=record and record.pk,
        ),
        "decide": _address("review_decide", article.pk, queue=queue, list=_list(request)),
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
        done = [act for act, answer in zip(acts, answers, strict=True) if answer["code"] == 200]
        if any(map(_owes_a_look, done)):
            told["suggestions"] = _suggested(request, article)
        return JsonResponse(told, status=403 if refused else 200)
    act = dict(zip(ACT, request.POST.get("act", "").split(" "), strict=False))
    if not _is_act(act):
        return HttpResponseBadRequest()
    outcome = decide(article, request.user, **act)
    if _owes_a_look(act) and outcome.code == 200:
        suggest([article])
    if outcome.code != 200:
        messages.error(request, outcome.said)
    elif act["kind"] == "status" and outcome.record.hindrance():
        messages.warning(request, f"{outcome.record}: {outcome.record.hindrance()}.")
    kind = "mention" if act["kind"] == "role" else act["kind"]
    return HttpResponseRedirect(
        _address("review", article.pk, queue=_queue(request), list=_list(request))
        + f"#{kind}-{act['key']}"
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
        and set(ACT[:4]) <= set(act) <= set(ACT)
        and all(isinstance(value, str) for value in act.values())
        and act["kind"] in KINDS
        and act["act"] in KINDS[act["kind"]].steps
        and is_key(act["key"])
    )


def _owes_a_look(act):
    """Whether something else may follow from the text then: a name is no company's any more,
    or one's again; a draft rests on a passage, or doesn't any more. A yes to a suggested
    name changes nothing, and the text is long."""
    if act["kind"] == "mention":
        return act["act"] == "reject" or act["seen"] == "rejected"
    gives = {"accept", "join"}, {"accepted", "joined"}
    return act["kind"] == "suggestion" and (act["act"] in gives[0] or act["seen"] in gives[1])


def _answer(request, article, act):
    """What now stands, told and shown."""
    outcome = decide(article, request.user, **act)
    kind = "mention" if act["kind"] == "role" else act["kind"]
    answer = {"code": outcome.code, "said": outcome.said, "item": f"{kind}-{act['key']}"}
    if outcome.record is None or kind not in LOOKS:  # the piece itself is in no list
        return answer
    one = item(kind, outcome.record, None)
    look_up([one])
    return answer | _shown(request, article, one)


def _shown(request, article, one):
    html = render_to_string(
        one.template,
        {"item": one, "may": _may(request.user), "queue": _queue(request), "article": article},
        request,
    )
    return {"state": one.state, "stamp": one.stamp, "waits": one.waits, "html": html}


def _suggested(request, article):
    """What the article seems to announce, now that other companies are named in it."""
    suggest([article])
    rows = article.suggestions.for_listing().order_by("pk")
    items = [item("suggestion", row, None) for row in rows]
    look_up(items)
    return [
        {"item": one.key, "key": str(one.record.pk)} | _shown(request, article, one)
        for one in items
    ]


@require_GET
def review_next(request):
    """On to the next article that waits; with `after`, the one after that."""
    queue, after = _queue(request), request.GET.get("after", "")
    key = next_waiting(queue, request.user, int(after) if is_key(after) else None)
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
