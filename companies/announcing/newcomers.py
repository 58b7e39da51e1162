"""Companies that nobody has recorded yet: names that would have a claim if they were known.

A name is one or more words with capitals (*Zorblax*, *Verdan & Fils*, *Groupe H2V*), in a
sentence with a market and a withdrawal. It is offered when it acts there, by the rules for
companies, or when a word for a company or a legal form stands beside it. Left out are
countries, cities, institutions, months, people (by their first names and titles), what
stands beside a demonym, and whatever has a capital only because a sentence begins.
"""

from collections import Counter
from dataclasses import dataclass

from articles.search import fold
from companies.announcing.acts import ACTS
from companies.announcing.clauses import LONGEST, read_text
from companies.announcing.outsiders import (
    CITIES,
    FIRST_NAMES,
    INSTITUTIONS,
    NOT_NAMES,
    TITLES,
)
from companies.announcing.scene import Scene
from companies.announcing.words import COMPANY_NOUNS
from companies.contexts import FORMS

LANGUAGES = ("fr", "en")
MOST_WORDS = 5  # of a name
WITHIN = frozenset("& de du d of von van di".split())  # between two words of a name
EXAMPLES = frozenset("dont comme like unlike notamment including".split())
LISTING = frozenset([",", "et", "and"])  # between companies
MARKED = 0.75  # share of words with capitals in a headline that sets each with one


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
    names = _Names(known) if near else None
    candidates = names.candidates(near) if names else {}
    if not candidates:
        return []
    spans = dict(places)
    for name in candidates:
        starts, ends = known.text.starts, known.text.ends
        spans[name] = [(starts[first], ends[after - 1]) for first, after in names.all[name]]
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


class _Names:
    """The capitalised names of a text, and which of them may be companies."""

    def __init__(self, scene):
        self.scene, self.text, self.language = scene, scene.text, scene.language
        self.all = {}  # name → [(first word, the word after the last)]
        self.inside = Counter()  # words with a capital within a sentence
        self.people = set()
        self.loud = set()  # first words of sentences that set nearly each word with a capital
        self.lower = {word for word in scene.text.spoken if word.islower()}
        for sentence in scene.text.sentences:
            self._read(sentence)

    def _read(self, sentence):
        word, capitals, letters = sentence.first, 0, 0
        found = []
        while word < sentence.after:
            if self._is_free(word) and self.text.has_capital(word):
                after = self._end(word, sentence.after)
                found.append((word, after))
                if word > sentence.first:
                    self.inside.update(self.scene.words[word:after])
                capitals += after - word
                letters += after - word
                word = after
            else:
                letters += self.scene.words[word].isalpha()
                capitals += self.text.has_capital(word)
                word += 1
        if letters > 5 and capitals > MARKED * letters:
            self.loud.add(sentence.first)
            return
        for first, after in found:
            self._keep(first, after, sentence.first)

    def _is_free(self, word):
        return word not in self.scene.company_at and word not in self.scene.market_at

    def _end(self, word, stop):
        """The word after the last of the name that begins here."""
        last = word
        while word + 1 < stop:
            follows = self._is_free(word + 1) and self.text.has_capital(word + 1)
            joined = (
                not follows
                and self.scene.words[word + 1] in WITHIN
                and word + 2 < stop
                and self._is_free(word + 2)
                and self.text.has_capital(word + 2)
            )
            if not follows and not joined:
                break
            word += 2 if joined else 1
            last = word
        return last + 1

    def _keep(self, first, after, opening):
        words = self.scene.words
        while first < after and (words[first] in NOT_NAMES or words[first] in WITHIN):
            first += 1
        while after > first and words[after - 1] in NOT_NAMES:
            after -= 1
        if first == after or after - first > MOST_WORDS or self._beside_a_demonym(first, after):
            return
        said = words[first:after]
        before = words[first - 1] if first > opening else ""
        titled = before in TITLES or words[max(opening, first - 2) : first][:1] == ["m"]
        if titled or said[0] in TITLES or said[0].split("-")[0] in FIRST_NAMES:
            self.people.update([said[-1], " ".join(said)])
            return
        self.all.setdefault(self.text.said(first, after), []).append((first, after))

    def _beside_a_demonym(self, first, after):
        """*Russian Railways*: where the name begins isn't known."""
        at = self.scene.market_at
        return any(w in at and at[w].demonym for w in (first - 1, after)) and self.language == "en"

    def candidates(self, near):
        """Name → why it is a company's, "" where only its acts can tell; for names in the
        sentences that `near` lists."""
        found = {}
        near = [place for place in near if place[0].first not in self.loud]
        for name, spots in self.all.items():
            if not self._may_be_a_company(spots[0]):
                continue
            for first, after in spots:
                place = _holding(near, first)
                if place and self._has_a_name_of_its_own(first, after, place[0].first):
                    known = found.get(name, "")
                    found[name] = known or (place[1] if self._is_called_one(first, after) else "")
        return found

    def _may_be_a_company(self, spot):
        first, after = spot
        said = self.scene.words[first:after]
        folded = {fold(word) for word in said}
        return (
            not folded & INSTITUTIONS
            and fold(" ".join(said)) not in CITIES
            and " ".join(said) not in self.people
            and not (len(said) == 1 and said[0] in self.people)
            and any(len(word) > 1 for word in said)
            and not said[0].isdigit()
            and not self._is_a_dateline(after)
        )

    def _is_a_dateline(self, after):
        """*LIMA, Jan 21 (Reuters)*, *PARIS (AFP)*."""
        first = self.text.said(after - 1, after)
        following = self.scene.words[after : after + 1]
        return first.isupper() and len(first) > 3 and following in ([","], ["("])

    def _has_a_name_of_its_own(self, first, after, opening):
        """A single word that begins a sentence counts if it has a capital elsewhere, or looks
        like no other word: *IBM*, *H2V*; in French, where a noun needs its article, any does."""
        if first > opening and self.scene.words[first - 1] not in '"«“:':
            return True
        said = self.text.said(first, first + 1)
        if said.lower() in self.lower or (self.language == "en" and said.endswith("ing")):
            return False
        if after - first > 1 or said[1:] != said[1:].lower() or not said.isalpha():
            return True
        return said.lower() in self.inside or self.language == "fr" or not said.endswith("s")

    def _is_called_one(self, first, after):
        """*le constructeur Zorblax*, *Zorblax Inc.*, *dont Zorblax*, *Nike and Zorblax*."""
        words, at = self.scene.words, self.scene.company_at
        before = words[first - 1] if first else ""
        if before in EXAMPLES or words[max(0, first - 2) : first] == ["such", "as"]:
            return True
        if (before in LISTING and first - 2 in at) or (
            words[after : after + 1] and words[after] in LISTING and after + 1 in at
        ):
            return True
        return before in COMPANY_NOUNS[self.language] - {"numéro"} or any(
            word in FORMS and self.text.has_capital(place)
            for place, word in enumerate(words[first + 1 : after + 1], first + 1)
        )


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
