"""What is left where an announcement stood that readers could read once."""

from dataclasses import dataclass, field

from django.utils import timezone

from articles.models import Article, Correction
from companies.models import Announcement, Evidence


@dataclass
class Tombstone:
    """Of a retracted announcement its reason is left; of one whose last source was killed the
    public notices of the kills, and nothing of its own."""

    announcement: Announcement
    notices: list[Correction] = field(default_factory=list)

    @property
    def retracted(self):
        return self.announcement.status == Announcement.Status.RETRACTED


def tombstone(public_id: str) -> Tombstone | None:
    """None where an announcement is public, and where nobody ever could read one: that id
    answers as an unknown one does."""
    rows = Announcement.objects.taken_back().select_related("company__absorbed_by")
    announcement = rows.filter(public_id=public_id).first()
    made_public = announcement and _made_public(announcement)
    if not made_public:
        return None
    left = Tombstone(announcement)
    if not left.retracted:
        killed = Correction.objects.public().for_listing().filter(kind=Correction.Kind.KILL)
        resting = Evidence.objects.filter(announcement=announcement, stance="supports")
        killed = killed.filter(article__in=resting.values("article"))
        left.notices = list(killed.filter(article__slug__in=made_public))
    return left if left.retracted or left.notices else None


def _made_public(announcement):
    """The slugs of the articles through which anyone could read it: those that supported one
    of its published editions, and were public while that was the newest."""
    editions = list(announcement.editions.order_by("number"))
    ends = [*(later.made_at for later in editions[1:]), timezone.now()]
    stood = [
        (edition.made_at, end, item["article"]["slug"])
        for edition, end in zip(editions, ends, strict=True)
        if edition.status == Announcement.Status.PUBLISHED
        for item in edition.snapshot["evidence"]
        if item["stance"] == "supports"
    ]
    articles = Article.objects.filter(slug__in={slug for _since, _end, slug in stood})
    keys = dict(articles.values_list("slug", "pk"))
    spans = articles.when_public()
    return {
        slug
        for since, end, slug in stood
        for opens, closes in spans.get(keys.get(slug), ())
        if max(since, opens) < min(end, closes)
    }
