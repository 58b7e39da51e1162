"""Where the passages that announcements rest on stand in an article's current version."""

from collections.abc import Iterable, Iterator

from django.db import models, transaction
from django.utils.translation import gettext_noop

from articles.history import record_created
from articles.models import Article, Version
from articles.passages import replace
from companies.models import Evidence, Placement

BATCH = 50  # articles in one transaction
State = Placement.State
REASON = gettext_noop("Search for passages")  # in the history of what it wrote


def owed():
    """Passages that weren't looked for yet in the current version, `current`, of their article."""
    current = Version.objects.current().filter(article=models.OuterRef("article"))
    placed = Placement.objects.filter(
        evidence=models.OuterRef("pk"), version=models.OuterRef("current")
    )
    return (
        Evidence.objects.passages()
        .annotate(current=models.Subquery(current.values("pk")[:1]))
        .exclude(version=models.F("current"))
        .filter(~models.Exists(placed), current__isnull=False)
    )


def pending():
    """Articles whose passages weren't all looked for in their current version."""
    return Article.objects.filter(pk__in=owed().values("article"))


def place(articles: Iterable[Article]) -> list[Placement]:
    """Look for each passage of the articles in their current version, in a fixed number of
    queries a batch.

    What an editor said of an earlier version holds: a wording that they accepted is
    looked for too, and what they said is gone isn't asked again unless there is
    something new to see. Returns the new placements; a second call makes none.
    """
    articles = list(articles)
    batches = (articles[start : start + BATCH] for start in range(0, len(articles), BATCH))
    return [placement for batch in batches for placement in _place(batch)]


def look_again(placement: Placement, *, by=None):
    """Forget what was said of a passage in this version, look for it anew, and ask anew."""
    anew = _placement(placement.evidence, placement.version, None)
    for name in ("state", "start", "text", "prefix", "suffix", "others", "similarity", "settled"):
        setattr(placement, name, getattr(anew, name))
    if by:
        placement._history_user = by
    placement.save()


def catch_up() -> Iterator[list[Placement]]:
    """Place the passages of every pending article, batch by batch; see `place`."""
    while batch := list(pending().order_by("pk").defer("body")[:BATCH]):
        yield _place(batch)


def _place(articles):
    passages = list(owed().filter(article__in=articles).select_related("version"))
    if not passages:
        return []
    versions = Version.objects.in_bulk({passage.current for passage in passages})
    before = {}
    earlier = Placement.objects.filter(evidence__in=passages).select_related("version")
    for placement in earlier.order_by("version__number"):
        before[placement.evidence_id] = placement  # the newest one stays
    found = [
        _placement(passage, versions[passage.current], before.get(passage.pk))
        for passage in passages
    ]
    return _keep(found, {passage.article_id for passage in passages})


@transaction.atomic
def _keep(found, articles):
    """Write what was found; the articles are locked, so that nobody places the same."""
    list(Article.objects.select_for_update().filter(pk__in=articles).values_list("pk"))
    still = set(owed().filter(article__in=articles).values_list("pk", "current"))
    new = [each for each in found if (each.evidence_id, each.version_id) in still]
    record_created(Placement.objects.bulk_create(new), reason=REASON)
    return new


def _placement(passage, version, before):
    text = passage.text_in(version)
    found = replace(passage.text_in(passage.version), text, passage.place)
    placement = Placement(evidence=passage, version=version)
    accepted = before and before.state == State.EDITED and before.place
    if accepted and found.state not in {State.EXACT, State.MOVED}:
        again = replace(passage.text_in(before.version), text, before.place)
        if again.state in {State.EXACT, State.MOVED}:
            placement.state, placement.settled = State.EDITED, before.settled
            placement.similarity = before.similarity
            placement.put(again.place)
            return placement
    placement.state, placement.similarity = found.state, found.similarity
    placement.put(found.place)
    placement.others = [[other.start, other.end] for other in found.others]
    if (
        before
        and before.settled
        and before.state == State.GONE
        and _seen(found, passage.text_in(before.version))
    ):
        placement.state, placement.settled, placement.others = State.GONE, True, []
        placement.put(None)
    return placement


def _seen(found, text):
    """Whether an editor had these words before them when they said that it was gone."""
    if found.state in {State.EXACT, State.MOVED, State.EDITED}:
        return False
    places = [found.place, *found.others] if found.place else []
    return all(place.exact in text for place in places)
