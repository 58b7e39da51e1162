"""A text with its companies and markets: what the rules look at, word by word."""

from bisect import bisect_left
from functools import cached_property

from companies.announcing.markets import STATE, find_markets
from companies.announcing.names import UnknownNames
from companies.announcing.sentences import Text
from companies.announcing.words import COMPANY_NOUNS, OURS, POSSESSIVE

PARTS = frozenset(
    "filiale branche division antenne unit arm branch subsidiary direction management board".split()
)


class Scene:
    """A `Text` in one language, and who and what stands at each of its words."""

    def __init__(self, text: str, language: str, places: dict):
        self.text, self.language, self.places = Text(text), language, places
        self.words = self.text.words

    @cached_property
    def company_at(self) -> dict[int, tuple]:
        """Word → (first, after, companies) of the name that it is a part of; the longest."""
        found = {}
        for company, spans in self.places.items():
            for start, end in spans:
                first, after = self.text.word_at(start), self.text.word_at(end)
                for word in range(first, after):
                    known = found.get(word)
                    if known and known[:2] == (first, after):
                        found[word] = (first, after, (*known[2], company))
                    elif known is None or known[1] - known[0] < after - first:
                        found[word] = (first, after, (company,))
        return found

    @cached_property
    def unknown(self):
        return UnknownNames(self)

    @cached_property
    def markets(self):
        """The countries that are markets: not theatres of war, not states that act."""
        return [market for market in self.countries if not self._state(market)]

    @cached_property
    def countries(self):
        return find_markets(self.text, self.language)

    @cached_property
    def country_words(self):
        return {word for market in self.countries for word in range(market.first, market.after)}

    @cached_property
    def market_at(self):
        return {word: m for m in self.markets for word in range(m.first, m.after)}

    @cached_property
    def _market_words(self):
        return [market.first for market in self.markets]

    def has_market(self, first: int, after: int) -> bool:
        """Whether a market is named between two words."""
        place = bisect_left(self._market_words, first)
        return place < len(self._market_words) and self._market_words[place] < after

    @cached_property
    def _named_markets(self):
        return [market for market in self.markets if market.code]

    def market_before(self, word: int) -> str:
        """The country named last before a word; "" without one."""
        place = bisect_left(self._named_markets, (word,))
        return self._named_markets[place - 1].code if place else ""

    def _another_name(self, market):
        """*France Inter*, *France 2*; English headlines have capitals everywhere."""
        after = market.after
        if self.language == "en" or market.demonym or not market.code or after == len(self.words):
            return False
        beside = self.text.starts[after] == self.text.ends[after - 1] + 1
        named = self.text.has_capital(after) or self.words[after].isdigit()
        return beside and named and after not in self.company_at

    def _nationality(self, market):
        """*la firme américaine*, *the South Korean giant*: where a company is from. With a
        possessive it is a part of one: *its Russian chain*."""
        nouns = COMPANY_NOUNS[self.language] - PARTS
        first, after = market.first, market.after
        if self.language == "fr":
            near, before = (
                self.words[max(0, first - 2) : first],
                self.words[max(0, first - 4) : first],
            )
        else:
            near, before = self.words[after : after + 3], self.words[max(0, first - 2) : first]
        owned = POSSESSIVE[self.language] | OURS[self.language] | {"s"}
        return not nouns.isdisjoint(near) and owned.isdisjoint(before)

    def _state(self, market):
        states, words = STATE[self.language], self.words
        if self._another_name(market) or (market.demonym and self._nationality(market)):
            return True
        if market.demonym:
            beside = words[market.first - 1 : market.first] if market.first else []
            if self.language == "en":
                beside = words[market.after : market.after + 2]
            return not states.isdisjoint(beside)
        behind = words[market.after : market.after + 3]
        if self.language == "en" and behind[:1] == ["s"]:  # Russia's invasion
            return not states.isdisjoint(behind[1:])
        word = market.first - 1
        while word >= max(0, market.first - 5):
            if words[word] in states:
                return True
            if not words[word].isalpha() or words[word] in ("vers", "from", "to"):
                return False
            if words[word] in ("et", "and") and word - 1 in self._state_words:
                return True
            word -= 1
        return False

    @cached_property
    def _state_words(self):
        """Words of countries that a state word stands before: « en Russie et en Ukraine »."""
        found = set()
        for market in self.countries:
            if not STATE[self.language].isdisjoint(
                self.words[max(0, market.first - 3) : market.first]
            ):
                found.update(range(market.first, market.after))
        return found
