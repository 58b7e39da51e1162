"""What companies seem to announce in a text: claims, each with its measures and passages."""

from dataclasses import dataclass, replace

from articles.search import fold
from companies.announcing.activities import Key
from companies.announcing.acts import ACTS
from companies.announcing.clauses import Statement, read_text
from companies.announcing.scene import Scene

LANGUAGES = ("fr", "en")
PAUSE = "pause_investment"
WEIGHTS = ("exit", "suspend", "scale_back", "pause_investment")  # the first weighs most
STAGES = ("announced", "in_effect", "completed")  # those of companies.models, the least first


@dataclass(frozen=True)
class Measure:
    """What a company does about one activity in one market, as a text has it."""

    activity: str  # words of the text; "" is the whole business
    market: str  # ISO 3166-1 alpha-2
    action: str  # a value of Action
    stage: str  # a value of Stage
    passage: int  # index into the claim's passages


@dataclass(frozen=True)
class Claim:
    """What a text says that one company does, for an editor to decide on."""

    company: int
    passages: tuple[tuple[int, int], ...]  # [start, end) in code points of the body: sentences
    measures: tuple[Measure, ...]
    speaker: str  # whose words the first passage is: "company", "publisher" or "other"
    hearsay: bool  # conditional, rumour, « selon des sources »
    reason: str  # the words that decided: "suspendre · Russie"


def find_claims(headline: str, body: str, language: str, places: dict) -> list[Claim]:
    """At most one claim for each company, in the order of the text.

    `places`: company → its [start, end) in code points of headline, two line feeds and body.
    Texts in other languages than French and English have none.
    """
    language = language[:2].lower()
    if language not in LANGUAGES or not any(places.values()):
        return []
    scene = Scene(f"{headline}\n\n{body}", language, places)
    if ACTS[language].keys().isdisjoint(scene.words) or not scene.markets:
        return []
    offset = len(headline) + 2
    own = _own_words(scene)
    found: dict[int, list[Statement]] = {}
    for statement in read_text(scene, offset):
        found.setdefault(statement.company, []).append(statement)
    claims = [_claim(scene, c, said, offset, own.get(c, frozenset())) for c, said in found.items()]
    return [claim for claim in claims if claim]


def _own_words(scene):
    """Company → the folded words that are by themselves its name."""
    found = {}
    for first, after, companies in set(scene.company_at.values()):
        if after - first == 1:
            for company in companies:
                found.setdefault(company, set()).add(fold(scene.words[first]))
    return found


def _claim(scene, company, statements, offset, own):
    """All that is said of one company, each activity in each market once."""
    firm = [one for one in statements if not one.hearsay]
    kept = _merged(scene, firm or statements, own)
    in_body = [one for one in kept if one.start >= offset]
    first_sentence = _first_naming(scene, company, offset)
    passages, measures = [], []
    for one in kept:
        span = (one.start, one.end) if one.start >= offset else first_sentence
        if span is None:
            continue
        if span not in passages:
            passages.append(span)
        measures.append((one, span))
    # Whoever leaves a market closes its shops there: one measure, on both passages.
    left = {one.market for one, _span in measures if not one.activity and one.action == "exit"}
    measures = [pair for pair in measures if not (pair[0].shuts_shops and pair[0].market in left)]
    if not measures:
        return None
    passages.sort()
    first = min(in_body, key=lambda one: one.start, default=kept[0])
    return Claim(
        company=company,
        passages=tuple((start - offset, end - offset) for start, end in passages),
        measures=tuple(
            Measure(one.activity, one.market, one.action, one.stage, passages.index(span))
            for one, span in measures
        ),
        speaker="company" if first.speaker == "publisher" and first.relayed else first.speaker,
        hearsay=not firm,
        reason="; ".join(dict.fromkeys(one.reason for one in kept))[:200],
    )


def _first_naming(scene, company, offset):
    """The first sentence of the body that names the company: the passage of what the headline
    alone says."""
    for sentence in scene.text.sentences:
        start = scene.text.starts[sentence.first]
        if start >= offset and not sentence.subheading:
            for word in range(sentence.first, sentence.after):
                if company in scene.company_at.get(word, (0, 0, ()))[2]:
                    return start, scene.text.ends[sentence.after - 1]
    return None


def _merged(scene, statements, own):
    """Each activity in each market once: the company's own words go before the publisher's,
    then what is told first; the headline comes last."""
    kept = []
    whole = {one.market for one in statements if not one.activity and one.action != PAUSE}
    for one in statements:
        if one.action == PAUSE and not one.activity and one.market in whole:
            one = replace(one, activity=one.words)  # beside what goes for the rest
        for place, other in enumerate(kept):
            if one.market == other.market and _same(one, other, own):
                kept[place] = _better(one, other)
                break
        else:
            kept.append(one)
    # The company's own words on some activities say more than another's on all.
    exact = {one.market for one in kept if one.own_words and one.activity}
    whole = {one.market for one in kept if one.own_words and not one.activity}
    return [one for one in kept if one.activity or one.own_words or one.market not in exact - whole]


def _same(one, other, own):
    if one.activity == other.activity:
        return True
    if not one.activity or not other.activity:
        return False
    keys = [Key(key.names - own, key.things) for key in (one.key, other.key)]
    if one.start == other.start and one.activity != other.activity:
        return False  # listed side by side
    return keys[0].meets(keys[1])


def _better(one, other):
    """Of two statements on the same, the one to keep; it stands where the first did."""
    if one.in_headline != other.in_headline:
        return other if one.in_headline else one
    if one.own_words != other.own_words:
        return one if one.own_words else other
    if one.background != other.background:
        return other if one.background else one
    if one.action != other.action:
        weights = [w.action if w.action in WEIGHTS else "" for w in (one, other)]
        return one if all(weights) and min(weights, key=WEIGHTS.index) == one.action else other
    best = one if len(one.activity) > len(other.activity) else other
    return replace(best, stage=max(one.stage, other.stage, key=STAGES.index))
