"""Names with capitals that no known company goes by."""

from collections import Counter
from functools import cached_property

from articles.search import fold
from companies.announcing.acts import ACTS, GOVERNORS, NOUN
from companies.announcing.outsiders import (
    CITIES,
    FIRST_NAMES,
    INSTITUTIONS,
    NOT_NAMES,
    TITLES,
)
from companies.announcing.words import (
    ADVERBS,
    BE,
    BEFORE_A_PEER,
    COMPANY_NOUNS,
    HAVE,
    PROXIES,
)
from companies.contexts import FORMS

MOST_WORDS = 5  # of a name
WITHIN = frozenset("& de du d of von van di".split())  # between two words of a name
EXAMPLES = frozenset("dont comme like unlike notamment including".split())
LISTING = frozenset([",", "et", "and"])  # between companies
MARKED = 0.75  # share of words with capitals in a headline that sets each with one
AUXILIARIES = {
    language: HAVE[language] | BE[language] | ADVERBS[language] for language in ("fr", "en")
}
BELONGING = frozenset("de d chez of at for".split())
INSERTED = 12  # words between the commas of *Verlane, numéro deux de la lampe, suspend …*


class UnknownNames:
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
            if words[first] == "société" and words[first + 1 : after]:
                break  # *Société Générale*: as a common noun it has no capital
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

    def may_be_a_company(self, spot):
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

    def has_a_name_of_its_own(self, first, after, opening):
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

    def is_called_one(self, first, after):
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

    @cached_property
    def places(self) -> dict[int, int]:
        """First word → the word after the last, of the names that may be companies."""
        found = (spots for spots in self.all.values() if self.may_be_a_company(spots[0]))
        return {first: after for spots in found for first, after in spots}

    @cached_property
    def acting(self) -> list[int]:
        """First words, in order, of the names that do or say something as companies do."""
        return sorted(first for first, after in self.places.items() if self._acts(first, after))

    def has_people_at(self, word: int) -> bool:
        """Whether a name begins at a word as one that people belong to: *le patron de Verlane*,
        *Verlane's chief executive*."""
        if word not in self.places:
            return False
        after, words = self.places[word], self.scene.words
        after += words[after : after + 1] == ["s"]
        return words[word - 1] in BELONGING or not PROXIES[self.language].isdisjoint(
            words[after : after + 1]
        )

    def _acts(self, first, after):
        """Whether a name is the subject of a verb. One of several words that only says
        something may be a person nobody knows by the first name: *Ana Roux said*."""
        words = self.scene.words
        if first and words[first - 1] in BEFORE_A_PEER[self.language]:
            return False
        verb = self._verb_behind(after)
        if not PROXIES[self.language].isdisjoint(words[after:verb]) or verb == len(words):
            return False
        acts = {act.kind for act in ACTS[self.language].get(words[verb], ())} - {NOUN}
        if acts or self.is_called_one(first, after):
            return bool(acts) or self._is_verb(verb)
        alone = after - first == 1 and words[first] not in self._surnames
        return alone and self._is_verb(verb)

    @cached_property
    def _surnames(self):
        spots = [places[0] for places in self.all.values()]
        return {self.scene.words[after - 1] for first, after in spots if after - first > 1}

    def _verb_behind(self, word):
        """Where the verb whose subject ends before a word may stand, over what is inserted
        between two commas, and its auxiliaries."""
        words = self.scene.words
        if words[word : word + 1] == [","]:
            closing = [w for w, said in enumerate(words[word + 1 : word + INSERTED]) if said == ","]
            word += closing[0] + 2 if closing else 0
        while word < len(words) and words[word] in AUXILIARIES[self.language]:
            word += 1
        return word

    def _is_verb(self, word):
        said, language = self.scene.words[word], self.language
        before = word - 1
        while self.scene.words[before] in ADVERBS[language]:
            before -= 1
        return (
            self.scene.words[before] in HAVE[language] | BE[language]
            or GOVERNORS[language].get(said, ("", NOUN))[1] not in ("", NOUN)
            or (language == "en" and said.endswith("ed"))
        )
