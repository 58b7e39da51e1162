"""An editor's decisions on what waits in an article, one key press each."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from articles.fields import hour_in_words
from articles.models import Article
from companies.models import Mention, Placement, Sighting, Suggestion
from companies.models.suggestion import BEING_SAVED, RENEWED, hold
from companies.placements import look_again
from companies.recorded import recorded, suggested

State = Placement.State

# What waits for an editor, by the queue's name: its rows, and where they have their article.
QUEUES = {
    "mentions": (Mention.objects.suggested, "article"),
    "suggestions": (Suggestion.objects.open, "article"),
    "passages": (Placement.objects.waiting, "evidence__article"),
    "uncleared": (Article.objects.uncleared, "pk"),
}
MINE = "mine-"  # before the name: of these, what concerns the editor's own records


@dataclass(frozen=True)
class Step:
    """One act: the state that it leads to, who may do it, and the verb; whether that takes
    another record's key, too, and whether the editor is sure."""

    leads_to: str
    permission: str
    verb: Callable
    takes_into: bool = False


@dataclass(frozen=True)
class Kind:
    """What an editor decides on: its rows in an article, the state of one, the acts, and a
    stamp of its contents, where a search may renew them."""

    rows: Callable
    state: Callable
    steps: dict[str, Step]
    stamp: Callable = lambda record: ""


@dataclass(frozen=True)
class Outcome:
    """What became of an act. `code` is as HTTP has it: 200 done, or done before; 403 not
    allowed; 404 gone; 409 decided otherwise meanwhile; 422 refused by the record's rules;
    423 being saved by somebody else. Only after 409 and 423 does a second try make sense."""

    code: int
    record: models.Model | None = None
    said: str = ""


def _undone(suggestion, by):
    """Open again; a draft that nobody has touched since it was made of it goes with the yes."""
    draft = suggestion.announcement
    made = suggestion.status == Suggestion.Status.ACCEPTED and draft
    if made and draft.status == draft.Status.DRAFT:
        draft = hold(draft)
    untouched = (
        made
        and draft.status == draft.Status.DRAFT
        and draft.history.count() == 1
        and draft.evidence.count() == len(suggestion.passages)  # what joined isn't in its history
    )
    if untouched and not suggestion.newer().exists():
        draft._history_user = by
        draft.delete()
        suggestion.refresh_from_db()
    else:
        suggestion.reopen(by=by)


def may_change(user, announcement):
    """Whether the user may change the announcement as it stands."""
    asked = announcement.changed_with
    return user.has_perm("companies.change_announcement") and (not asked or user.has_perm(asked))


def ask_if_public(announcement, sure):
    """Readers of a published announcement see what is added to it, and nothing takes that
    back. Raises ValidationError unless an editor has said that they are sure."""
    if announcement.status == announcement.Status.PUBLISHED and not sure:
        raise ValidationError(
            _("“%(title)s” is published: say first that readers are to see a new edition of it."),
            params={"title": announcement},
        )


def _joined(suggestion, by, into, sure):
    """Its passages are added to an announcement of those that it may be."""
    [found] = recorded([suggested(suggestion)])
    announcement = next((one for one in found if str(one.pk) == into), None)
    if announcement is None:
        raise ValidationError(_("That announcement was deleted or retracted meanwhile."))
    suggestion.join(announcement, by=by)
    if not may_change(by, suggestion.announcement):  # as it stands now that it is held
        raise PermissionDenied
    ask_if_public(suggestion.announcement, sure)


def _standing(placement):
    """Whether it waits, else what was said of it."""
    return placement.state if placement.settled or placement.stands else "waiting"


_RELEASE = "articles.release_article"
_CONFIRM = "companies.confirm_mention"
_PLACE = "companies.change_placement"
KINDS = {
    "rights": Kind(
        lambda article: Article.objects.filter(pk=article.pk),
        lambda article: article.rights,
        {"clear": Step("cleared", _RELEASE, lambda article, by: article.clear_rights())},
    ),
    "status": Kind(
        lambda article: Article.objects.filter(pk=article.pk),
        lambda article: article.status,
        {
            "release": Step("usable", _RELEASE, lambda article, by: article.release()),
            "withhold": Step("withheld", _RELEASE, lambda article, by: article.withhold()),
        },
    ),
    "mention": Kind(
        lambda article: article.mentions.select_related("company"),
        lambda mention: mention.status,
        {
            "accept": Step("confirmed", _CONFIRM, lambda mention, by: mention.confirm()),
            "reject": Step("rejected", _CONFIRM, lambda mention, by: mention.reject()),
            "ask": Step("suggested", _CONFIRM, lambda mention, by: mention.ask_again()),
        },
    ),
    "role": Kind(
        lambda article: article.mentions.select_related("company"),
        lambda mention: mention.role,
        {
            role: Step(role, _CONFIRM, lambda mention, by, role=role: mention.take_role(role))
            for role in Mention.Role.values
        },
    ),
    "suggestion": Kind(
        lambda article: article.suggestions.for_listing().select_related("version"),
        lambda suggestion: suggestion.status,
        {
            "accept": Step("accepted", "companies.add_announcement", Suggestion.accept),
            "join": Step("joined", "companies.change_announcement", _joined, takes_into=True),
            "reject": Step("dismissed", "companies.decide_suggestion", Suggestion.dismiss),
            "ask": Step("open", "companies.decide_suggestion", _undone),
        },
        lambda suggestion: suggestion.stamp,
    ),
    "newcomer": Kind(
        lambda article: article.sightings.select_related("newcomer"),
        lambda sighting: sighting.newcomer.status,
        {
            "reject": Step(
                "dismissed",
                "companies.decide_suggestion",
                lambda sighting, by: sighting.newcomer.dismiss(by=by),
            ),
            "ask": Step(
                "open",
                "companies.decide_suggestion",
                lambda sighting, by: sighting.newcomer.reopen(by=by),
            ),
        },
    ),
    "placement": Kind(
        lambda article: (
            Placement.objects.current()
            .filter(evidence__article=article)
            .select_related("version", "evidence__version", "evidence__announcement__company")
        ),
        _standing,
        {
            "accept": Step(State.EDITED, _PLACE, Placement.accept),
            "reject": Step(State.GONE, _PLACE, Placement.say_gone),
            "ask": Step("waiting", _PLACE, look_again),
        },
    ),
}


def decide(article, by, *, kind, key, act, seen, stamp="", into="", sure="") -> Outcome:
    """Do one act on one row of the article, unless somebody decided otherwise meanwhile.

    `seen` is the state that the editor had before them, `stamp` that of a suggestion's
    contents, where it is known: what was renewed meanwhile is shown first. `into` is the key
    of the announcement that a suggestion's passages join, `sure` isn't empty where an editor
    knows that readers will see it. An act that was done before is
    done: it is safe to send it twice. Raises KeyError for a kind or an act that isn't.
    """
    step = KINDS[kind].steps[act]
    with transaction.atomic():
        # Everything that is written about a piece is written under its lock.
        Article.objects.select_for_update().filter(pk=article.pk).values("pk").first()
        record = KINDS[kind].rows(article).filter(pk=key).first()
        if record is None:
            return Outcome(404, None, _("It is gone: the text or the names have changed."))
        if not by.has_perm(step.permission):
            return Outcome(403, record, _("You may not decide on this."))
        now = KINDS[kind].state(record)
        if now == step.leads_to:
            return Outcome(200, record)
        if now != seen:
            return Outcome(409, record, told(record))
        if stamp and stamp != KINDS[kind].stamp(record):
            return Outcome(409, record, RENEWED)
        try:
            with transaction.atomic():
                more = {"into": into, "sure": sure} if step.takes_into else {}
                step.verb(record, by=by, **more)
        except PermissionDenied:
            return Outcome(403, record, _("You may not decide on this."))
        except ValidationError as refusal:
            record = KINDS[kind].rows(article).get(pk=key)
            code = 423 if refusal.messages == [BEING_SAVED] else 422
            return Outcome(code, record, " ".join(refusal.messages))
        except IntegrityError:
            record = KINDS[kind].rows(article).get(pk=key)
            return Outcome(422, record, _("The archive's rules refuse this."))
        return Outcome(200, record)


def told(record):
    """Who decided last on a record, and when."""
    subject = record.newcomer if isinstance(record, Sighting) else record
    last = subject.history.select_related("history_user").order_by("-history_id").first()
    who = last and last.history_user
    return _("%(who)s decided on this (%(hour)s); it stays so until you say otherwise.") % {
        "who": who or _("Somebody"),
        "hour": hour_in_words(last.history_date) if last else "–",
    }


def is_queue(name):
    return name.removeprefix(MINE) in QUEUES


def next_waiting(queue, user, after=None):
    """Key of the next article of a queue, the newest first and round again; None at its end."""
    rows, article = QUEUES[queue.removeprefix(MINE)]
    waiting = rows().concerning(user) if queue.startswith(MINE) else rows()
    keys = Article.objects.filter(pk__in=waiting.order_by().values(article))
    keys = keys.order_by("-pk").values_list("pk", flat=True)
    if after is None:
        return keys.first()
    return keys.filter(pk__lt=after).first() or keys.exclude(pk=after).first()
