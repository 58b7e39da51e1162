"""Who acted last, and whose words a quotation is."""

import math
from bisect import bisect_left

from companies.announcing.acts import GOVERNORS, NOUN, PLAN, SAY
from companies.announcing.verbs import Tense
from companies.announcing.words import (
    BEFORE_A_PEER,
    COMPANY_NOUNS,
    COORDINATION,
    DETERMINERS,
    HAVE,
    OUTSIDERS,
    PLURAL,
    PROXIES,
    STATESMEN,
)

AFTER_SAYING = 14  # words in which the speaker is named
TELLS = frozenset(  # beside the verbs of acts.OVER
    "lance lancé écrit confie confié estime estimé juge jugé martèle martelé résume résumé note "
    "rappelle rappelé reconnaît reconnu prévient prévenu commente commenté poursuit conclut "
    "félicité réjoui indigné plaide plaidé "
    "wrote writes notes noted warned warns comments commented told tells insisted".split()
)
LATE = 2  # sentences after which a pronoun stands for nobody
VERY_LATE = 8  # the same for « la firme »


class Actor:
    """Who acted last, as the sentences go by."""

    def __init__(self, scene, offset):
        self.scene, self.offset = scene, offset
        self.companies = ()
        everyone = {c for _first, _after, cs in scene.company_at.values() for c in cs}
        self.only = tuple(everyone) if len(everyone) == 1 else ()
        self.only_from = min(scene.company_at, default=0)  # where it is named first
        self.read = 0  # the first word behind the sentence in which they acted
        self.age = 0  # sentences since
        self.paragraph = (-1, ())  # its first word, and who speaks in it
        self.statements = []  # of the sentence before
        self.speaker_before = ()

    def passes(self, sentence, statements):
        """Take note of a sentence that has been read."""
        self.age += 1
        acting = [one for one in statements if one.start]
        named = self.named(sentence.first, sentence.after)
        if acting:
            self.companies = tuple(dict.fromkeys(one.company for one in acting))
            self.age, self.read = 0, sentence.after
        elif named:
            self.companies, self.age, self.read = named, 0, sentence.after
        self.statements = statements

    def named(self, start, end):
        """The first company between two words that isn't behind a preposition."""
        at, scene = self.scene.company_at, self.scene
        peers = BEFORE_A_PEER[scene.language] - COORDINATION[scene.language]
        word, listed = start, False
        while word < end:
            if word in at:
                first, after, companies = at[word]
                before = scene.words[first - 1] if first > start else ""
                if before in ("d", "de") and scene.words[first - 2 : first - 1] == ["tour"]:
                    return companies
                following = scene.words[after] if after < end else "."
                goes_on = following == "," or following in COORDINATION[scene.language]
                # Behind one that is a peer stand more of them: *after Nike, Puma and Adidas*.
                listed = before in peers or (
                    listed and (goes_on or before in COORDINATION[scene.language])
                )
                if not listed:
                    return companies
                word = after
            else:
                listed = listed and (
                    scene.words[word] in ",encore"
                    or scene.words[word] in COORDINATION[scene.language]
                )
                word += 1
        return ()

    def by_pronoun(self, word):
        plural = self.scene.words[word] in PLURAL
        return self._last(word, 1 if plural and len(self.companies) < 2 else LATE)

    def by_noun(self, word):
        return self._last(word, VERY_LATE) or self._only(word)

    def _last(self, word, limit):
        """Who acted last before a word, if nobody that we don't know has acted since."""
        return self.companies if self.age < limit and not self._stranger(word) else ()

    def _only(self, word):
        """The one company of the text, once it has been named."""
        return self.only if self.only_from < word and not self._stranger(word) else ()

    def _stranger(self, word):
        """Whether a name that is no known company's acts since the last that is one."""
        acting = self.scene.unknown.acting
        place = bisect_left(acting, self.read)
        return place < len(acting) and acting[place] < word

    def speaking(self, word):
        """Who says « nous » at a word: ("company", who), ("other", ()) or ("", ())."""
        start = self.scene.text.paragraph_of(word)
        if self.paragraph[0] != start:
            self.paragraph = (start, self._speaker(start, word))
        return self.paragraph[1]

    def attributed(self, first, after):
        """The companies that a sentence without quotation marks names as its speaker: « Nous
        fermons, a déclaré Nike », "We are closing, Nike said"."""
        scene, words = self.scene, self.scene.words
        for verb in range(first + 1, after):
            sense, tense = GOVERNORS[scene.language].get(words[verb], ("", ""))
            if sense in (SAY, PLAN) and tense in (Tense.DONE, Tense.PRESENT):
                before = verb - 1
                while before > first and words[before] in HAVE[scene.language]:
                    before -= 1
                found = scene.company_at.get(before)
                behind = scene.company_at.get(verb + 1)
                if found and words[found[0] - 1] == ",":
                    return found[2]
                if behind and words[before] == ",":
                    return behind[2]
        return ()

    def _speaker(self, start, word):
        """The speaker of the quotation at a word, in the paragraph that begins at `start`."""
        scene, words = self.scene, self.scene.words
        over, after = GOVERNORS[scene.language], start
        other = False
        while after < len(words) and words[after] != "\n":
            verb = words[after].split("-")[0]
            told = over.get(verb, ("", ""))
            if verb in TELLS or (told[0] in (SAY, PLAN) and told[1] not in ("", NOUN)):
                found = self._behind(after) or self._before(after, start)
                if found and found[0] == "company":
                    return found
                other = other or bool(found)
            after += 1
        if other:
            return ("other", ())
        companies = self._last(word, LATE) or self._only(word)
        return ("company", companies) if companies else ("", ())

    def _acting(self, word):
        companies = self._last(word, math.inf) or self._only(word)
        return ("company", companies) if companies else None

    def others_say(self, first, after):
        """Whether a sentence is told as the words of somebody else: « selon le ministre »."""
        words, language = self.scene.words, self.scene.language
        for word in range(first, after):
            said = words[word]
            if said == "selon" or words[word : word + 2] in (["according", "to"], ["d", "après"]):
                near = words[word + 1 : word + 6]
                others = STATESMEN[language] | OUTSIDERS[language]
                if not others.isdisjoint(near):
                    return True
        return False

    def _behind(self, verb):
        """« indique la compagnie », "said Jane Doe, chief executive of Nike"."""
        scene, language = self.scene, self.scene.language
        words = scene.words
        if words[verb].endswith("-on") and words[verb + 1 : verb + 2] == ["chez"]:
            there = scene.company_at.get(verb + 2)
            return ("company", there[2]) if there else ("other", ())
        if words[verb].endswith(("-elle", "-il", "-ils", "-elles", "-on")):
            return self._acting(verb)
        stop = min(len(words), verb + AFTER_SAYING)
        proxy = other = False
        for word in range(verb + 1, stop):
            said = words[word]
            if said in '.\n"«»“”;:!?' or said in ("que", "qu", "that", "it", "he", "she"):
                break
            if word in scene.company_at:
                return ("company", scene.company_at[word][2])
            if scene.unknown.has_people_at(word):
                return ("other", ())
            if said in OUTSIDERS[language] or said in STATESMEN[language]:
                return ("other", ())
            if said in COMPANY_NOUNS[language] and words[word - 1] in DETERMINERS[language]:
                return self._acting(word)
            if said in PROXIES[language]:
                proxy = True
            elif scene.text.has_capital(word) and word == verb + 1:
                other = other or not proxy
        return (proxy and self._acting(verb)) or (("other", ()) if other else None)

    def _before(self, verb, start):
        """« La firme a déclaré : », "Nike said: "."""
        scene, language = self.scene, self.scene.language
        words = scene.words
        for word in range(verb - 1, max(start - 1, verb - 12), -1):
            said = words[word]
            if said in ".;!?»”":
                break
            if word in scene.company_at:
                return ("company", scene.company_at[word][2])
            if scene.unknown.has_people_at(word):
                return ("other", ())
            if said in COMPANY_NOUNS[language] or said in PROXIES[language]:
                return self._acting(word)
            if said in STATESMEN[language]:
                return ("other", ())
            if said in ("elle", "il", "it"):
                return self._acting(word)
        return None
