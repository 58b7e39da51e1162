"""What one edition of an announcement changed against another, in words."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.differences import differences
from articles.fields import date_in_words
from articles.models import Article
from companies.countries import country_name
from companies.models import Announcement, Evidence
from companies.models.edition import PARTS
from companies.models.measure import Action, Stage
from companies.wording import dated, in_effect


@dataclass(frozen=True)
class Change:
    """One part of an edition with its old and its new words, in the reader's language."""

    part: str
    runs: list[tuple[str, str]]  # (kind, words); kind is same, gone or new
    listed: bool  # each run is a line of its own


def changes(before: dict, after: dict) -> list[Change]:
    """The parts that differ between two snapshots (Announcement.snapshot), in one query.

    Evidence is told as far as its articles are public today, so a part may have no words.
    """
    readable = _readable(before, after)
    found = []
    for name, label in PARTS.items():
        if name in OF_THE_DATE or all(
            before.get(each) == after.get(each) for each in TOGETHER.get(name, [name])
        ):
            continue
        if name in LISTED:
            old, new = (
                Counter(LISTED[name](row, readable) for row in told.get(name, []))
                for told in (before, after)
            )
            runs = [
                (kind, line)
                for kind, lines in (("gone", old - new), ("new", new - old))
                for line in lines.elements()
                if line
            ]
        else:
            runs = differences(*(_words(told, name) for told in (before, after)))
        found.append(Change(str(label), runs, name in LISTED))
    return found


def _readable(*told):
    """Slug → article, of those in the evidence that anyone may read today."""
    slugs = {item["article"]["slug"] for each in told for item in each["evidence"]}
    return Article.objects.public().for_listing().in_bulk(slugs, field_name="slug")


def _words(told, name):
    value = told[name]
    if name == "company":
        return value["name"]
    if name == "announced_on":
        sourced = told.get("announced_sourced", True)
        return dated(date.fromisoformat(value), told["announced_precision"], sourced)
    if name == "status":
        return str(Announcement.Status(value).label)
    return value[_language()] if isinstance(value, dict) else value


def _language():
    return "en" if get_language() == "en" else "fr"


def _measure(told, _articles):
    activity = told["activity"] and told["activity"][_language()]
    said = [
        activity or _("Whole business"),
        country_name(told["market"]),
        str(Action(told["action"]).label),
        str(Stage(told["stage"]).label),
    ]
    if told["effective_on"]:
        day = date.fromisoformat(told["effective_on"])
        said.append(in_effect(day, told["effective_precision"]))
    return " · ".join(said)


def _evidence(told, articles):
    article = articles.get(told["article"]["slug"])
    if article is None:
        return ""
    if told["exact"]:
        words = _("“%(words)s”") % {"words": told["exact"]}
    else:
        words = told["paraphrase"][_language()]
    stance = Evidence.Stance(told["stance"]).label
    return f"{article.publisher} · {stance} · {words}"


def _reply(told, _articles):
    days = [told["asked_on"], told["answered_on"]]
    said = [date_in_words(date.fromisoformat(day), "day") for day in days if day]
    return " · ".join([*said, told["answer"][_language()]]).removesuffix(" · ")


# A date is told as exactly as it is known, and with whether it is: no parts of their own.
OF_THE_DATE = ["announced_precision", "announced_sourced"]
TOGETHER = {"announced_on": ["announced_on", *OF_THE_DATE]}
LISTED = {"measures": _measure, "evidence": _evidence, "replies": _reply}
