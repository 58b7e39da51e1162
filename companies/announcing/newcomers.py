"""Companies that nobody has recorded yet: names that would have a claim if they were known.

A name is one or more words with capitals (*Zorblax*, *Verdan & Fils*, *Groupe H2V*), in a
sentence with a market and a withdrawal. It is offered when it acts there, by the rules for
companies, or when a word for a company or a legal form stands beside it. Left out are
countries, cities, institutions, months, people (by their first names and titles), what
stands beside a demonym, and whatever has a capital only because a sentence begins.
"""

from dataclasses import dataclass

from companies.announcing.acts import ACTS
from companies.announcing.clauses import LONGEST, read_text
from companies.announcing.scene import Scene

LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class Newcomer:
    """A name that may be a company's, for an editor to decide on."""

    name: str
    start: int  # first place, in code points of headline, two line feeds and body
    end: int
    count: int
    reason: str  # the withdrawal and the market near it


def find_newcomers(headline: str, body: str, language: str, places: dict) -> list[Newcomer]:
    """Names near a market and a withdrawal that no company in `places` goes by, in the order
    of the text. Texts in other languages than French and English have none.
    """
    language = language[:2].lower()
    if language not in LANGUAGES:
        return []
    text = f"{headline}\n\n{body}"
    known = Scene(text, language, places)
    if ACTS[language].keys().isdisjoint(known.words) or not known.markets:
        return []
    near = _near(known)
    candidates = _candidates(known.unknown, near) if near else {}
    if not candidates:
        return []
    spans = dict(places)
    for name in candidates:
        starts, ends = known.text.starts, known.text.ends
        spans[name] = [(starts[first], ends[after - 1]) for first, after in known.unknown.all[name]]
    reasons = {}
    for said in read_text(Scene(text, language, spans), len(headline) + 2):
        if said.company in candidates:
            reasons.setdefault(said.company, said.reason)
    for name, reason in candidates.items():
        if reason and name not in reasons:
            reasons[name] = reason
    return [
        Newcomer(name, *spans[name][0], len(spans[name]), reasons[name])
        for name in sorted(reasons, key=lambda name: spans[name][0])
    ]


def _candidates(names, near):
    """Name → why it is a company's, "" where only its acts can tell; for names in the
    sentences that `near` lists."""
    found = {}
    near = [place for place in near if place[0].first not in names.loud]
    for name, spots in names.all.items():
        if not names.may_be_a_company(spots[0]):
            continue
        for first, after in spots:
            place = _holding(near, first)
            if place and names.has_a_name_of_its_own(first, after, place[0].first):
                known = found.get(name, "")
                found[name] = known or (place[1] if names.is_called_one(first, after) else "")
    return found


def _near(scene):
    """[(sentence, its withdrawal and market in words)] for sentences that have both."""
    found = []
    for sentence in scene.text.sentences:
        first, after, subheading = sentence
        if after - first > LONGEST or subheading or not scene.has_market(first, after):
            continue
        act = next((w for w in range(first, after) if _withdraws(scene, w)), None)
        if act is not None:
            market = next(scene.market_at[w] for w in range(first, after) if w in scene.market_at)
            found.append((sentence, f"{scene.words[act]} · {market.code or '…'}"))
    return found


def _withdraws(scene, word):
    """Whether a word may tell of a withdrawal; what must follow it follows (*pull out*)."""
    return any(
        act.kind != "trade"
        and act.action not in ("continue", "resume")
        and scene.words[word + 1 : word + 1 + len(act.particles)] == [*act.particles]
        for act in ACTS[scene.language].get(scene.words[word], ())
    )


def _holding(near, word):
    """Of (sentence, …) in order, the one that holds a word; None without."""
    low, high = 0, len(near)
    while low < high:
        middle = (low + high) // 2
        if near[middle][0].after <= word:
            low = middle + 1
        else:
            high = middle
    return near[low] if low < len(near) and near[low][0].first <= word else None
