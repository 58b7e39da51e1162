"""The whole of a redaction: the article, and the words of it that announcements rest on."""

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from articles.models import (
    MARKER,
    Article,
    Publisher,
    ReceivedFile,
    Redaction,
    StoryLink,
    concealed,
)
from articles.redaction import files_holding
from articles.search import words
from companies.models import (
    Announcement,
    Edition,
    Evidence,
    Mention,
    Newcomer,
    Placement,
    Sighting,
    Suggestion,
)


def redact(article: Article, reason: str, *, by=None, made_at=None, files=None) -> Redaction:
    """Take out for good what the law takes out, wherever the archive holds it.

    See `Article.redact`. Beside it, passages, their places in later versions and the
    quotations in editions are blanked, mentions lose their places and suggestions their
    words, undecided ones go with the names that no other piece holds, and the admin's log
    forgets what it said of all these. What we wrote ourselves
    (announcements, paraphrases, corrections) stays. `files` saves looking for those that
    hold the piece; `article` is blank afterwards. Raises ValidationError where it was
    redacted already.
    """
    files = list(files_holding(article)) if files is None else files
    with transaction.atomic():
        article.refresh_from_db(from_queryset=Article.objects.select_for_update())
        passages = Evidence.objects.filter(article=article, version__isnull=False)
        resting = _resting_on(article)
        editions = [each for each in _editions(resting) if _quotes(each, article)]
        address, names = article.slug, _names_in(article)
        redaction = article.redact(
            reason,
            by=by,
            made_at=made_at,
            files=files,
            beside={
                "passages": passages.count(),
                "editions": [edition.sha256 for edition in editions],
            },
        )
        for edition in editions:
            edition.blank(address, redaction)
        _blank_passages(passages, article)
        _blank_mentions(article)
        _blank_suggestions(article)
        unknown = _forget_names(article, names)
        _blank_log(article, resting, unknown)
    return redaction


def _resting_on(article):
    """Keys of the announcements that cite it, or did."""
    return {
        key
        for cited in (Evidence.objects, Evidence.history)
        for key in cited.filter(article=article).values_list("announcement", flat=True)
    }


def _editions(announcements):
    return Edition.objects.filter(announcement__in=announcements).order_by("pk").iterator()


def _quotes(edition, article):
    return any(item["article"]["slug"] == article.slug for item in edition.snapshot["evidence"])


def _blank_passages(passages, article):
    for passage in passages:
        passage.exact, passage.prefix, passage.suffix = MARKER, "", ""
        passage.save()
    for placements in (Placement.objects, Placement.history):
        placements.filter(version__article=article).update(text="", prefix="", suffix="")
    told = Evidence.history.filter(article=article).exclude(exact="")
    told.update(exact=MARKER, prefix="", suffix="")


def _blank_mentions(article):
    article.mentions.filter(status=Mention.Status.SUGGESTED).delete()
    for mention in article.mentions.exclude(places=[], named_as=""):
        mention.places, mention.named_as = [], ""
        mention.save()
    Mention.history.filter(article=article).update(places=[], named_as="")


def _blank_suggestions(article):
    """That an editor decided stays; what of goes."""
    blank = {"passages": [], "measures": [], "reason": MARKER}
    article.suggestions.filter(status=Suggestion.Status.OPEN).delete()
    for suggestion in article.suggestions.all():
        suggestion.passages, suggestion.measures = [], []
        suggestion.reason = MARKER
        suggestion.save()
    Suggestion.history.filter(article=article).update(**blank)


def _names_in(article):
    """Keys of the unknown names that stand in one of its wordings."""
    texts = [
        f" {' '.join(words(text))} "
        for version in article.versions.all()
        for text in (version.headline, version.body)
    ]
    seen = set(article.sightings.values_list("newcomer", flat=True))
    names = Newcomer.objects.values_list("pk", "key").iterator()
    return seen | {pk for pk, key in names if any(f" {key} " in text for text in texts)}


def _forget_names(article, names):
    """The keys of those that no other piece holds, and that are gone."""
    article.sightings.all().delete()
    held = Sighting.objects.filter(newcomer=models.OuterRef("pk"))
    alone = Newcomer.objects.filter(~models.Exists(held), pk__in=names)
    keys = list(alone.values_list("pk", flat=True))
    alone.delete()
    Newcomer.history.filter(id__in=keys).delete()
    return keys


def _blank_log(article, announcements, unknown):
    """Who did what to which record, and when, stays; how it was called goes."""
    mentions = Mention.history.filter(article=article).values_list("id", flat=True)
    links = StoryLink.objects.of(article).values_list("pk", flat=True)
    placements = Placement.history.filter(version__article=article).values_list("id", flat=True)
    suggestions = Suggestion.history.filter(article=article).values_list("id", flat=True)
    for model, keys, called in (
        (StoryLink, links, {"object_repr": MARKER}),
        (Article, [article.pk], {"object_repr": MARKER}),
        (Mention, set(mentions), {"object_repr": MARKER}),
        (Placement, set(placements), {"object_repr": MARKER}),
        (Suggestion, set(suggestions), {"object_repr": MARKER}),
        (Newcomer, unknown, {"object_repr": MARKER}),
        (Announcement, announcements, {}),
    ):
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=[str(key) for key in keys],
        )
        entries.update(change_message="", **called)


def listed():
    """Every redaction, oldest first, as JSON values that name nothing in the clear."""
    for redaction in Redaction.objects.select_related("article__publisher").order_by("pk"):
        files = ReceivedFile.objects.filter(sha256__in=redaction.blanked["files"])
        yield {
            "publisher": redaction.article.publisher.slug,
            "wire_id": redaction.article.wire_id,
            "slug": redaction.article.slug,
            "reason": redaction.reason,
            "made_at": redaction.made_at.isoformat(),
            "files": {file.sha256: file.size for file in files.defer("packed")},
        }


@transaction.atomic
def replay(entry) -> bool:
    """Do again, in an archive restored from a backup, a redaction that was `listed`.

    An article or a file that came after the backup was made gets a blank record, so that
    it is refused when it comes again. Returns False where it stands already. Raises
    Publisher.DoesNotExist, KeyError and ValueError.
    """
    publisher = Publisher.objects.get(slug=entry["publisher"])
    made_at = datetime.fromisoformat(entry["made_at"])
    article = _named(publisher, entry["wire_id"]) or publisher.articles.create(
        wire_id=concealed(entry["wire_id"]),
        slug=concealed(entry["slug"]),
        headline=MARKER,
        status=Article.Status.CANCELED,
        published_at=made_at,
    )
    redaction = Redaction.objects.filter(article=article).first()
    new = redaction is None
    if new:
        redaction = redact(article, entry["reason"], made_at=made_at)
    for sha256, size in entry["files"].items():
        file, _created = ReceivedFile.objects.get_or_create(
            sha256=sha256, defaults={"size": size, "packed": b"", "redaction": redaction}
        )
        if not file.redaction_id:
            file.blank(redaction)
    return new


def _named(publisher, wire_id):
    """The publisher's article whose wire id, concealed, is this one."""
    for key, name in publisher.articles.values_list("pk", "wire_id").iterator():
        if concealed(name) == wire_id:
            return Article.objects.get(pk=key)
    return None
