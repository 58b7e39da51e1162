"""Who does what a verb says, and what stands between the two.

From the verb the clause is read leftwards: auxiliaries, negation, verbs that govern it
(*annonce vouloir suspendre*), until a noun, a pronoun or a conjunction is met.
"""

from dataclasses import dataclass, field

from companies.announcing.acts import ACTS, GOVERNORS, NOUN, URGE
from companies.announcing.words import (
    ADVERBS,
    BE,
    BEFORE_A_PEER,
    COMPANY_NOUNS,
    CONTRAST,
    COORDINATION,
    DETERMINERS,
    FIRST,
    HAVE,
    NO_MORE,
    NOT,
    NOT_ADVERBS,
    OURS,
    POSSESSIVE,
    PROXIES,
    RELATIVE,
    THAT,
    THIRD,
    YET,
)
from companies.contexts import FORMS

LONGEST = 40  # words of a clause that are read leftwards
LINKS = {"fr": frozenset("de d à".split()), "en": frozenset("to of in from on".split())}
ADRIFT = {  # before an infinitive or a gerund: no statement
    "fr": frozenset("pour sans avant afin".split()),
    "en": frozenset("without before for instead".split()),
}
TURN = frozenset(["tour", "turn"])  # « au tour d’Amazon de … », "it is Amazon's turn to …"
SUBORDINATING = frozenset("while whereas when tandis alors lorsque quand because".split())
HAVE_MAYBE, BE_MAYBE = frozenset(["aurait", "auraient"]), frozenset(["serait", "seraient"])
HAD = frozenset(["avait", "avaient", "avions", "had"])
RULED = frozenset("rule rules ruled ruling".split())
AFTERWARDS = frozenset("après after in by".split())  # *after suspending*, *après avoir suspendu*
DEFINITE = frozenset("le la l cette ce son sa the this its".split())
FORMER = frozenset("ancien anciens ancienne anciennes ceux celles celui celle former those".split())
FIRSTS = frozenset("first latest last premier première premiers dernier dernière".split())
HANGING = frozenset("du des aux au en at for".split())
NEITHER = frozenset(["ni", "neither", "nor"])
# With a noun that governs, these are one verb: *prend la décision de*, "has made plans to".
LIGHT = frozenset(
    "pris prise prend prennent prendre fait faire part made make taken took take".split()
)
EXPECT = frozenset(
    "expect expects expected want wants wanted attend attendent veut veulent souhaite "
    "souhaitent réclame réclament".split()
)
ENDING = frozenset([";", ":", "(", "—", "–", "\n", "-"])


@dataclass
class Chain:
    """A verb with all that governs it, up to its subject."""

    start: int  # leftmost word that belongs to it
    governors: list = field(default_factory=list)  # (sense, tense), nearest first
    governing: list = field(default_factory=list)  # their words
    have: bool = False
    perfect: bool = False  # *annonce avoir vendu*
    to_come: bool = False  # *seront fermés*
    had: bool = False  # pluperfect: told as background
    be: bool = False
    to: bool = False
    negated: bool = False
    no_more: bool = False
    yet: bool = False
    inherits: bool = False  # coordinated with the verb before
    resumes: list = field(default_factory=list)  # words where the clause goes on
    relative: bool = False
    reported: bool = False  # *annonce qu’elle …*
    # "company", "other", "first", "third", "anaphor", "thing" (an activity), "" (none found)
    subject: str = ""
    companies: tuple = ()
    noun: tuple = (0, 0)  # words of the subject
    owner: str = ""  # of a thing: "third", "first", or "company" with `companies`
    void: bool = False  # no statement at all

    def senses(self):
        return {sense for sense, _tense in self.governors}


def read_chain(scene, verb: int, first: int, is_noun: bool = False) -> Chain:
    """What stands before the act at word `verb`, in a sentence that begins at `first`."""
    return _Reader(scene, first).read(verb, is_noun)


class _Reader:
    def __init__(self, scene, first):
        self.scene, self.first = scene, first
        self.words, self.language = scene.words, scene.language
        self.over = GOVERNORS[scene.language]

    def has(self, table, word):
        return word >= self.first and self.words[word] in table[self.language]

    def read(self, verb, is_noun):
        chain = Chain(verb)
        word = verb - 1
        if self.language == "fr" and not {"ne", "n"}.isdisjoint(
            self.words[max(0, verb - 4) : verb]
        ):
            behind = self.words[verb + 1 : verb + 3]  # *ne quittera pas*
            chain.negated = not NOT["fr"].isdisjoint(behind)
            chain.yet = not YET["fr"].isdisjoint(behind)
        if is_noun:
            word = self._governor_of_noun(verb, chain)
        stop = max(self.first - 1, word - LONGEST)
        while word > stop:
            after = self._step(chain, word)
            if after is None:
                return chain
            word = after
        if word < self.first:
            chain.start = self.first
        return chain

    def _governor_of_noun(self, noun, chain):
        """An act named by a noun needs a verb before it: *annonce la suspension*."""
        for word in range(noun - 1, max(self.first - 1, noun - 6), -1):
            found = self.over.get(self.words[word])
            if found and word not in self.scene.company_at and found[1] not in ("", NOUN):
                return word
            if not self.words[word].isalpha() or self.has(RELATIVE, word):
                break
        chain.void = True
        return self.first - 1

    def _step(self, chain, word):
        """The next word to look at, or None when the subject is found."""
        said, language = self.words[word], self.language
        chain.start = word
        if word in self.scene.company_at:
            return self._noun(chain, word)
        if said in HAVE[language]:
            chain.have = True
            chain.had = chain.had or said in HAD
            chain.perfect = chain.perfect or said in ("avoir", "having")
        elif said in BE[language]:
            chain.be = True
            chain.to_come = chain.to_come or said in ("sera", "seront")
        elif said in NOT[language]:
            chain.negated = True
            chain.have = chain.have or said in ("hasn", "haven")
        elif said in NO_MORE[language]:
            chain.no_more = True
        elif said in YET[language]:
            chain.yet = True
        elif said in AFTERWARDS and (chain.have or self.words[word + 1].endswith("ing")):
            chain.subject, chain.noun, chain.had = "third", (word, word + 1), True
            return None
        elif said in ADRIFT[language]:
            chain.void = True
            return None
        elif said in COORDINATION[language] or said in CONTRAST[language]:
            chain.inherits = True
            return None
        elif said in FIRST[language]:
            chain.subject, chain.noun = "first", (word, word + 1)
            return None
        elif said in THIRD[language]:
            chain.subject, chain.noun = "third", (word, word + 1)
            return None
        elif self._governs(said, word, chain):
            chain.governors.append(self.over[said])
            chain.governing.append(word)
            chain.have = chain.have or said in HAVE_MAYBE
            chain.be = chain.be or said in BE_MAYBE
        elif said == "," or said in ")":
            return self._insertion(chain, word)
        elif said in RELATIVE[language]:
            return self._antecedent(chain, word)
        elif said in THAT[language] or said in ENDING:
            return None
        elif not self._passes(said, word, chain):
            return self._noun(chain, word)
        return word - 1

    def _governs(self, said, word, chain):
        if said not in self.over or said in ("a",):
            return False
        sense, tense = self.over[said]
        if sense == "would":
            return True
        # A noun governs only through its link: *l’intention de quitter*, *plans to leave*.
        if tense == NOUN:
            return self.words[word + 1] in LINKS[self.language]
        return True

    def _passes(self, said, word, chain):
        """Whether a word may stand between subject and verb."""
        language = self.language
        if said in LINKS[language]:
            chain.to = chain.to or said == "to"
            return not chain.companies
        if said in ADVERBS[language] or said in '"«»“”' or said.isdigit():
            return True
        if said in "." or (said in FORMS and word - 1 in self.scene.company_at):
            return True  # Nike, Inc.
        if said.endswith("ment" if language == "fr" else "ly") and said not in NOT_ADVERBS:
            return not self.has(DETERMINERS, word - 1)
        if said in LIGHT and any(tense == NOUN for _sense, tense in chain.governors):
            return True
        before = self.words[word - 1]
        if (said == "par" and before.startswith("fini")) or (said == "out" and before in RULED):
            return True
        if said == "up" and before in ("give", "gives", "giving", "gave", "given"):
            return True
        if said == "sur" and self.words[word + 1 : word + 3] == ["le", "point"]:
            return True
        if said in ("the", "le", "la", "les") and self.words[word + 1] in FIRSTS:
            return True
        # Before a noun that governs: *la difficile décision de*.
        nouns = {place for place in chain.governing if self.over[self.words[place]][1] == NOUN}
        if said in DETERMINERS[language]:
            return not nouns.isdisjoint((word + 1, word + 2))
        return word + 1 in nouns and self.has(DETERMINERS, word - 1)

    def _insertion(self, chain, word):
        """Before a comma: over what stands between two (*, comme Netflix,*), else the verb is
        coordinated with the one before."""
        opening = "(" if self.words[word] == ")" else ","
        for start in range(word - 1, max(self.first, word - 20) - 1, -1):
            if self.words[start] == opening:
                between = self.words[start + 1]
                if between in ACTS[self.language] and start + 1 not in self.scene.company_at:
                    break
                chain.resumes.append(word)
                return start - 1
        chain.inherits = True
        return None

    def _antecedent(self, chain, word):
        chain.relative = True
        word -= 1
        if word >= self.first and self.words[word] == ",":
            word -= 1
        if word < self.first:
            return None
        return self._noun(chain, word)

    def _noun(self, chain, last):
        """Read the noun that ends at a word and say what it stands for."""
        start = self._start_of_noun(last)
        chain.start, chain.noun = start, (start, last + 1)
        chain.subject, chain.companies = self._meaning(start, last + 1)
        if chain.subject != "company" and self.has(COORDINATION, start - 1):
            place = self.scene.company_at.get(start - 2)  # *Nike et d’autres marques*
            if place and not self.has(BEFORE_A_PEER, place[0] - 1):
                first = self._start_of_noun(start - 2)
                chain.start, chain.noun = first, (first, last + 1)
                chain.subject, chain.companies = self._meaning(first, start - 1)
        if not NEITHER.isdisjoint(self.words[chain.noun[0] : last + 1]):
            chain.negated = True
        if chain.subject == "thing":
            chain.owner, chain.companies = self._owner(start, last + 1)
        self._check_callers(chain)
        return None

    def _start_of_noun(self, last):
        word, listed = last, last
        while word >= self.first and last - word < 20:
            said = self.words[word]
            if word in self.scene.company_at:
                word = self.scene.company_at[word][0] - 1
                # *Contrairement à Nike, Puma*: the peers before the comma aren't meant.
                if (
                    listed < last
                    and self.has(BEFORE_A_PEER, word)
                    and not self.has(COORDINATION, word)
                ):
                    return listed + 1
                continue
            if said in ENDING or said in '"«»“”)' or said in THAT[self.language]:
                break
            if said in CONTRAST[self.language] or said in SUBORDINATING or said in EXPECT:
                break
            if said in COORDINATION[self.language] and self._between_markets(word):
                word -= 1
                continue
            if said == "," or said in COORDINATION[self.language]:
                if not self._lists_companies(word):
                    break
                if listed == last:
                    listed = word
            elif (
                said in self.over and self.over[said][1] != NOUN and said not in ("present", "plan")
            ):
                break
            elif said in ACTS[self.language] and ACTS[self.language][said][0].kind != NOUN:
                if not self.has(DETERMINERS, word - 1):
                    break
            elif said in HAVE[self.language] or said in BE[self.language]:
                break
            word -= 1
        return word + 1

    def _between_markets(self, word):
        """*vers la Russie et la Biélorussie*: one noun."""
        at, behind = self.scene.market_at, word + 1
        while behind < len(self.words) and self.words[behind] in (
            "la",
            "le",
            "l",
            "en",
            "the",
            "in",
        ):
            behind += 1
        return word - 1 in at and behind in at

    def _lists_companies(self, word):
        """Whether a comma or an "and" stands between companies."""
        at = self.scene.company_at
        behind = word + 1
        while behind < len(self.words) and self.has(DETERMINERS, behind):
            behind += 1
        if self.words[behind] in COORDINATION[self.language]:
            behind += 1
        before = word - 1
        if before >= self.first and self.words[before] == ",":
            before -= 1
        return before in at and behind in at

    def _meaning(self, start, after):
        """("company", who), ("anaphor", ()), ("thing", ()) or ("other", ())."""
        named = []
        word = start
        while word < after:
            if word in self.scene.company_at:
                place = self.scene.company_at[word]
                named.append(place)
                word = place[1]
            else:
                word += 1
        if named and not TURN.isdisjoint(self.words[start:after]):
            return "company", named[-1][2]
        peers = BEFORE_A_PEER[self.language] - COORDINATION[self.language]
        if self.words[start] in peers and named:
            commas = [w for w in range(start, after) if self.words[w] == ","]
            if not commas:
                return "other", ()
            return self._meaning(commas[-1] + 1, after)
        core = self._core(start, after)
        heads = {self.words[word] for word in core if word not in self.scene.company_at}
        own = [p for p in named if p[0] in core]
        if not FORMER.isdisjoint(heads):
            return "other", ()
        nouns, proxies = COMPANY_NOUNS[self.language], PROXIES[self.language]
        if own:
            last, own = own[-1], self._list_of(own)
            trailing = [w for w in range(last[1], core[-1] + 1) if self.words[w] != "s"]
            if not trailing or not {self.words[w] for w in trailing}.isdisjoint(nouns | proxies):
                return "company", tuple(c for p in own for c in p[2])
            return "thing", ()
        if not heads.isdisjoint(nouns | proxies) and not self._foreign_name(core):
            if named:
                return "company", tuple(c for c in named[0][2])
            strangers = map(self.scene.unknown.has_people_at, range(start, after))
            if not heads.isdisjoint(proxies) and any(strangers):
                return "other", ()  # *le patron de Verlane*; *la firme de Cupertino* is known
            if self._definite(start) or not heads.isdisjoint(proxies):
                return "anaphor", ()
            return "other", ()
        return "thing", ()

    def _list_of(self, places):
        """The last of these companies, with those that it is listed with."""
        joints = COORDINATION[self.language] | DETERMINERS[self.language] | {","}
        first = len(places) - 1
        while first and joints.issuperset(self.words[places[first - 1][1] : places[first][0]]):
            first -= 1
        return places[first:]

    def _core(self, start, after):
        """The words of a noun before what hangs on it by a preposition."""
        core = []
        for word in range(start, after):
            said = self.words[word]
            hangs = said in LINKS[self.language] or said in HANGING
            if hangs and any(self.words[w] not in DETERMINERS[self.language] for w in core):
                break
            core.append(word)
        return core

    def _foreign_name(self, core):
        """Whether a name that is none of the companies stands in these words."""
        return any(
            self.scene.text.has_capital(word)
            and word > core[0]
            and word not in self.scene.company_at
            and word not in self.scene.country_words
            and self.words[word] not in COMPANY_NOUNS[self.language] | PROXIES[self.language]
            for word in core
        )

    def _definite(self, start):
        return self.words[start] in DEFINITE

    def _owner(self, start, after):
        """Whose thing it is."""
        for word in range(start, after):
            said = self.words[word]
            if word in self.scene.company_at:
                return "company", self.scene.company_at[word][2]
            if said in POSSESSIVE[self.language]:
                return "third", ()
            if said in OURS[self.language]:
                return "first", ()
        core = {self.words[word] for word in range(start, after)}
        if not core.isdisjoint(COMPANY_NOUNS[self.language]):
            return "third", ()
        return "", ()

    def _check_callers(self, chain):
        """*urged Nike to leave*, *appelle Nike à quitter*, *after Nike*: no statement of Nike's."""
        if {"pas", "question"} <= {*self.words[self.first : chain.noun[1]]}:
            chain.negated = True  # « il n’est pas question pour Nike de … »
        before = chain.start - 1
        skipped = LINKS[self.language] | THAT[self.language] | {"on", "upon"}
        while before >= self.first and self.words[before] in skipped:
            before -= 1
        if before >= self.first and (
            self.over.get(self.words[before], ("",))[0] == URGE or self.words[before] in EXPECT
        ):
            chain.void = True
