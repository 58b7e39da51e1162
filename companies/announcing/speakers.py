"""Who acted last, and whose words a quotation is."""

from companies.announcing.acts import GOVERNORS, NOUN, PLAN, SAY
from companies.announcing.words import (
    BEFORE_A_PEER,
    COMPANY_NOUNS,
    COORDINATION,
    DETERMINERS,
    PLURAL,
    PROXIES,
    STATESMEN,
)

AFTER_SAYING = 14  # words in which the speaker is named
LATE = 2  # sentences after which a pronoun stands for nobody
VERY_LATE = 8  # the same for « la firme »


class Actor:
    """Who acted last, as the sentences go by."""

    def __init__(self, scene, offset):
        self.scene, self.offset = scene, offset
        self.companies = ()
        self.age = 0  # sentences since
        self.paragraph = (-1, ())  # its first word, and who speaks in it
        self.statements = []  # of the sentence before
        self.speaker_before = ()

    def passes(self, sentence, statements):
        """Take note of a sentence that has been read."""
        self.age += 1
        acting = [one for one in statements if one.start]
        named = self._named(sentence)
        if acting:
            self.companies = tuple(dict.fromkeys(one.company for one in acting))
            self.age = 0
        elif named:
            self.companies, self.age = named, 0
        if statements or named:
            self.statements = statements

    def _named(self, sentence):
        """The first company in a sentence that isn't behind a preposition."""
        at, scene = self.scene.company_at, self.scene
        peers = BEFORE_A_PEER[scene.language] - COORDINATION[scene.language]
        word, listed = sentence.first, False
        while word < sentence.after:
            if word in at:
                first, after, companies = at[word]
                before = scene.words[first - 1] if first > sentence.first else ""
                if before in ("d", "de") and scene.words[first - 2 : first - 1] == ["tour"]:
                    return companies
                following = scene.words[after] if after < sentence.after else "."
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

    def by_pronoun(self, pronoun):
        limit = 1 if pronoun in PLURAL and len(self.companies) < 2 else LATE
        return self.companies if self.age < limit else ()

    def by_noun(self):
        return self.companies if self.age < VERY_LATE else ()

    def speaking(self, word):
        """Who says « nous » at a word: ("company", who), ("other", ()) or ("", ())."""
        start = word
        words = self.scene.words
        while start > 0 and words[start - 1] != "\n":
            start -= 1
        if self.paragraph[0] != start:
            self.paragraph = (start, self._speaker(start))
        return self.paragraph[1]

    def _speaker(self, start):
        """The speaker of the quotations in the paragraph that begins at a word."""
        scene, words = self.scene, self.scene.words
        over, after = GOVERNORS[scene.language], start
        other = False
        while after < len(words) and words[after] != "\n":
            verb = words[after].split("-")[0]
            if over.get(verb, ("", ""))[0] in (SAY, PLAN) and over[verb][1] not in ("", NOUN):
                found = self._behind(after) or self._before(after, start)
                if found and found[0] == "company":
                    return found
                other = other or bool(found)
            after += 1
        if other:
            return ("other", ())
        return ("company", self.companies) if self.age < LATE and self.companies else ("", ())

    def _behind(self, verb):
        """« indique la compagnie », "said Jane Doe, chief executive of Nike"."""
        scene, language = self.scene, self.scene.language
        words = scene.words
        if words[verb].endswith(("-elle", "-il", "-ils", "-elles", "-on")):
            return ("company", self.companies) if self.companies else None
        stop = min(len(words), verb + AFTER_SAYING)
        proxy = other = False
        for word in range(verb + 1, stop):
            said = words[word]
            if said in '.\n"«»“”;:!?' or said in ("que", "qu", "that", "it", "he", "she"):
                break
            if word in scene.company_at:
                return ("company", scene.company_at[word][2])
            if said in COMPANY_NOUNS[language] and words[word - 1] in DETERMINERS[language]:
                return ("company", self.companies) if self.companies else None
            if said in PROXIES[language]:
                proxy = True
            elif said in STATESMEN[language]:
                other = True
            elif scene.text.has_capital(word) and word == verb + 1:
                other = other or not proxy
        if proxy and self.companies:
            return ("company", self.companies)
        return ("other", ()) if other else None

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
            if said in COMPANY_NOUNS[language] or said in PROXIES[language]:
                return ("company", self.companies) if self.companies else None
            if said in STATESMEN[language]:
                return ("other", ())
            if said in ("elle", "il", "it"):
                return ("company", self.companies) if self.companies else None
        return None
