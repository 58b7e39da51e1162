"""Announcements as their editions told them."""

from datetime import date

from articles.models import Article, Version
from companies.models import Activity, Company, Edition, Evidence, Measure, Reply


def recall(announcements):
    """Give announcements of `known_at()` the words of the edition known then.

    Changes them in memory alone, and in a fixed number of queries; they must never
    be saved. Evidence stays on those articles that are public today.
    """
    editions = Edition.objects.in_bulk([a.known_edition for a in announcements])
    slugs = {
        item["article"]["slug"]
        for edition in editions.values()
        for item in edition.snapshot["evidence"]
    }
    readable = Article.objects.public().for_listing()
    articles = readable.in_bulk(slugs, field_name="slug")
    for announcement in announcements:
        _retell(announcement, editions[announcement.known_edition], articles)
    return announcements


def _retell(announcement, edition, articles):
    told = edition.snapshot
    announcement.company = Company(pk=announcement.company_id, **told["company"])
    announcement.announced_on = date.fromisoformat(told["announced_on"])
    announcement.announced_precision = told["announced_precision"]
    announcement.announced_sourced = told.get("announced_sourced", True)
    announcement.announced_by = edition.announced_by
    for name in ("title", "summary", "terms", "retraction_reason"):
        for language in ("fr", "en"):
            setattr(announcement, f"{name}_{language}", told[name][language])
    announcement.buyer = told["buyer"]
    announcement.edition_number = edition.number
    announcement.edition_sha256 = edition.sha256
    announcement.edition_made_at = edition.made_at
    announcement.edition_note_fr, announcement.edition_note_en = edition.note_fr, edition.note_en
    # As a prefetch would leave them, so that action and stage are derived from these.
    announcement._prefetched_objects_cache = getattr(
        announcement, "_prefetched_objects_cache", {}
    ) | {
        "measures": _measures(told["measures"]),
        "replies": [_reply(reply) for reply in reversed(told.get("replies", []))],
    }
    announcement.public_evidence = sorted(
        (
            _evidence(item, articles[item["article"]["slug"]])
            for item in told["evidence"]
            if item["article"]["slug"] in articles
        ),
        key=lambda item: item.stance,
        reverse=True,  # support before contradiction, as in the database
    )


def _measures(told):
    """Measures in memory; by one key of its own each activity is known as the same."""
    names = [(m["activity"]["fr"], m["activity"]["en"]) for m in told if m["activity"]]
    activities = {
        (fr, en): Activity(pk=key, name_fr=fr, name_en=en)
        for key, (fr, en) in enumerate(dict.fromkeys(names), start=1)
    }
    return [
        Measure(
            activity=m["activity"] and activities[m["activity"]["fr"], m["activity"]["en"]],
            market=m["market"],
            action=m["action"],
            stage=m["stage"],
            effective_on=m["effective_on"] and date.fromisoformat(m["effective_on"]),
            effective_precision=m["effective_precision"],
        )
        for m in told
    ]


def _reply(told):
    return Reply(
        asked_on=date.fromisoformat(told["asked_on"]),
        answered_on=told["answered_on"] and date.fromisoformat(told["answered_on"]),
        answer_fr=told["answer"]["fr"],
        answer_en=told["answer"]["en"],
    )


def _evidence(told, article):
    return Evidence(
        article=article,
        version=Version(number=told["version"]) if told["version"] else None,
        paraphrase_fr=told["paraphrase"]["fr"],
        paraphrase_en=told["paraphrase"]["en"],
        in_headline=told.get("in_headline", False),
        **{
            name: told[name] for name in ("exact", "prefix", "suffix", "start", "stance", "speaker")
        },
    )
