"""What one sentence says: the acts in it, each with its company, activities and markets."""

from dataclasses import dataclass

from companies.announcing.activities import (
    ASSETS,
    GENERIC,
    INVESTMENT,
    INVESTMENT_HEADS,
    PROJECTS,
    Key,
    content,
    key_of,
    read_items,
)
from companies.announcing.acts import ACTS, CONSIDER, GOVERNORS, NOUN, REFLEXIVE, URGE
from companies.announcing.stages import action_of, turned
from companies.announcing.subjects import read_chain
from companies.announcing.verbs import Tense
from companies.announcing.words import (
    ADVERBS,
    DETERMINERS,
    THAT,
)


@dataclass(frozen=True)
class Statement:
    """One company, activity, market and act, in one sentence."""

    company: int
    activity: str
    key: Key
    market: str
    action: str
    stage: str
    hearsay: bool
    own_words: bool  # the company speaks in the first person
    speaker: str
    start: int  # of the sentence, in code points of the whole text
    end: int
    in_headline: bool
    background: bool  # told of the past, in a relative clause
    reason: str


# A gap filled between a verb of leaving and its market: *quitte à son tour le marché russe*.
FILLERS = {
    "fr": frozenset(
        "le la les l de du d des en à au aux son tour sa ses marché marchés territoire définitivement "
        "complètement totalement activités sur présent présente présents actif active implanté "
        "ouvert ouverts sol dans".split()
    ),
    "en": frozenset(
        "the of from in to its market markets completely entirely all open active present out "
        "permanently altogether fully business operations into on".split()
    ),
}
RUMOUR = {
    "fr": [
        ("selon", "des", "sources"),
        ("selon", "une", "source"),
        ("selon", "plusieurs", "sources"),
        ("selon", "la", "presse"),
        ("selon", "des", "médias"),
        ("selon", "plusieurs", "médias"),
        ("selon", "certaines", "sources"),
        ("d", "après", "des", "sources"),
        ("selon", "nos", "informations"),
        ("rumeur",),
        ("rumeurs",),
        ("selon", "certains", "médias"),
        ("de", "sources"),
        ("de", "source"),
        ("proches", "du", "dossier"),
    ],
    "en": [
        ("reportedly",),
        ("sources", "said"),
        ("sources", "say"),
        ("according", "to", "sources"),
        ("according", "to", "people"),
        ("according", "to", "media"),
        ("people", "familiar"),
        ("sources", "familiar"),
        ("rumoured",),
        ("rumored",),
        ("rumours",),
        ("rumors",),
        ("unconfirmed",),
        ("is", "said", "to"),
        ("media", "reports"),
    ],
}
# Shut for good, or shut as a seat: the market is left.
FOR_GOOD = frozenset("définitivement définitive définitif permanently permanent good".split())
SEATS = frozenset(
    "bureau bureaux filiale filiales représentation usine usines site sites succursale office "
    "offices subsidiary plant plants factory factories branch".split()
)
SHUTS = frozenset(["fermer", "close", "shut", "shutter", "shut down", "close down", "fermeture", "closure"])
ENDS_WORK = SHUTS | {"cesser", "arrêter", "stop", "cease", "halt", "end", "stopper", "suspendre"}
# What is cut without a market being left.
NO_ACTIVITY = frozenset(
    "coût coûts prix dette dettes émissions prévision prévisions objectif objectifs taux dividende "
    "dividendes effectifs dépenses consommation pertes impôts "
    "cost costs price prices debt debts emissions forecast forecasts outlook guidance rates rate "
    "dividend dividends workforce headcount spending losses tax taxes stake target targets".split()
)
DONE_WITH = frozenset(  # *le retrait de Nike est achevé*
    "achevé achevée terminé terminée finalisé finalisée effectif effective complete completed "
    "final finalised finalized over bouclé bouclée".split()
)


def read_sentence(scene, sentence, actor) -> list[Statement]:
    """What the sentence says of companies; `actor` knows who acted before."""
    acts = ACTS[scene.language]
    spots = [
        word
        for word in range(sentence.first, sentence.after)
        if scene.words[word] in acts and word not in scene.company_at
    ]
    if not spots or scene.words[sentence.after - 1] == "?":
        return []
    if "?" in scene.words[sentence.after - 2 : sentence.after]:
        return []
    return _Sentence(scene, sentence, actor, spots).statements()


class _Sentence:
    def __init__(self, scene, sentence, actor, spots):
        self.scene, self.sentence, self.actor, self.spots = scene, sentence, actor, spots
        self.words, self.language = scene.words, scene.language
        self.first, self.after = sentence.first, sentence.after
        self.start = scene.text.starts[self.first]
        self.end = scene.text.ends[self.after - 1]
        self.rumour = self._rumour()

    def _rumour(self):
        words = self.words
        return any(
            tuple(words[word : word + len(form)]) == form
            for form in RUMOUR[self.language]
            for word in range(self.first, self.after)
            if words[word] == form[0]
        )

    def statements(self):
        chains = {
            spot: read_chain(self.scene, spot, self.first, self._is_noun(spot))
            for spot in self.spots
        }
        self.companies, self.last_chain = (), None
        read = []
        for place, spot in enumerate(self.spots):
            starts = [chains[s].start for s in self.spots[place + 1 :] if chains[s].start > spot]
            one = self._read(spot, chains[spot], min([self.after, *starts]))
            if one:
                read.append(one)
        governing = {word for one in read for word in one["chain"].governing}
        read = [one for one in read if one["spot"] not in governing]
        self._lend_markets(read)
        return [said for one in read for said in self._told(one)]

    def _is_noun(self, spot):
        """Whether a word that may be a verb or a noun is a noun here: *its exit*."""
        kinds = {act.kind for act in ACTS[self.language][self.words[spot]]}
        if NOUN not in kinds or len(kinds) == 1:
            return NOUN in kinds
        near = self.words[max(self.first, spot - 2) : spot]
        return not DETERMINERS[self.language].isdisjoint(near)

    def _read(self, spot, chain, limit):
        """One act with its companies, activities and markets, or None."""
        noun = self._is_noun(spot)
        for act in ACTS[self.language][self.words[spot]]:
            object_at = self._after_particles(spot, act)
            if object_at is not None and noun == (act.kind == NOUN):
                read = self._as(act, spot, chain, object_at, limit)
                if read:
                    return read
        return None

    def _after_particles(self, spot, act):
        """Where what follows the act begins; None when its particles don't follow."""
        if act.lemma in REFLEXIVE:
            near = self.words[max(self.first, spot - 4) : spot]
            if "se" not in near and "s" not in near and "nous" not in near:
                return None
        if not act.particles:
            return spot + 1
        size = len(act.particles)
        for start in range(spot + 1, min(self.after, spot + 8)):
            if tuple(self.words[start : start + size]) == act.particles:
                # *mettre ses projets en pause*: what is stopped stands in between.
                return start + size if start - spot <= 2 else spot + 1
        return None

    def _as(self, act, spot, chain, object_at, limit):
        companies, who = self._companies(chain, spot)
        inherited = chain.inherits and self.last_chain is not None
        frame = (
            self.last_chain
            if inherited and not (chain.have or chain.be or chain.governors)
            else chain
        )
        passive = self._passive(act, chain, frame)
        if chain.void or URGE in frame.senses():
            return None
        if act.tense == Tense.DONE and self.language == "fr" and not (frame.have or frame.be):
            return None
        if chain.subject == "thing" and not passive and not self._stops_itself(act, chain):
            return None
        if chain.subject != "thing" and passive:
            return None
        if not companies:
            return None
        action = action_of(self.scene, act, spot, frame, self.first)
        if not action:
            return None
        items = self._items(act, spot, chain, object_at, limit, passive)
        if items is None:
            return None
        self.companies, self.last_chain = companies, frame
        if act.lemma in ENDS_WORK and not FOR_GOOD.isdisjoint(self.words[spot - 1 : limit]):
            action = "exit"
        action, stage = turned(act, action, frame, passive)
        if not action:
            return None
        return {
            "act": act,
            "spot": spot,
            "chain": chain,
            "companies": companies,
            "who": who,
            "action": action,
            "stage": stage,
            "items": items,
            "hearsay": self._hearsay(act, chain, frame),
            "background": chain.relative or frame.had,
        }

    def _companies(self, chain, spot):
        """Who acts: (companies, how they are named)."""
        if chain.inherits:
            return self.companies, "before"
        how = chain.owner if chain.subject == "thing" else chain.subject
        if how == "company":
            return chain.companies, how
        if how == "first":
            quoted = self.scene.text.quotations[chain.noun[0]]
            kind, companies = self.actor.speaking(spot) if quoted else ("", ())
            return (companies if kind == "company" else ()), how
        if how == "anaphor":
            return self.companies or self.actor.by_noun(), how
        if how == "third":
            main = self._main_subject(chain)
            if main is not None:
                return main, how
            return self.companies or self.actor.by_pronoun(self.words[chain.noun[0]]), how
        if chain.relative and chain.subject == "company":
            return chain.companies, how
        return (), ""

    def _main_subject(self, chain):
        """Of *la firme annonce qu’elle …*, *Nike said it …*: who says so."""
        word = chain.noun[0] - 1
        if word >= self.first and self.words[word] in THAT[self.language]:
            word -= 1
        over = GOVERNORS[self.language].get(self.words[word]) if word >= self.first else None
        if over is None or over[1] in ("", NOUN):
            return None
        main = read_chain(self.scene, word, self.first)
        if main.subject == "company":
            return main.companies
        if main.subject == "anaphor":
            return self.companies or self.actor.by_noun()
        if main.subject == "third":
            return self.actor.by_pronoun(self.words[main.noun[0]])
        return ()

    def _passive(self, act, chain, frame):
        if act.kind in ("from", "stay", NOUN) or act.tense != Tense.DONE:
            return False
        return frame.be and not (frame.have and self.language == "fr" and not frame.be)

    def _stops_itself(self, act, chain):
        """*ses magasins ferment*, *its shops will close*."""
        return act.lemma in (
            "fermer",
            "close",
            "cesser",
            "stop",
            "rouvrir",
            "reopen",
            "reprendre",
            "resume",
        )

    def _hearsay(self, act, chain, frame):
        if self.rumour or CONSIDER in frame.senses():
            return True
        reported = chain.noun[0] > self.first and self.words[chain.noun[0] - 1] in THAT["fr"]
        return act.tense == Tense.CONDITIONAL and not reported

    def _items(self, act, spot, chain, object_at, limit, passive):
        """[(activity's (first, after), markets, trade verb)], or None when nothing fits."""
        if passive or (chain.subject == "thing" and act.kind != NOUN):
            return self._items_of_subject(chain, object_at, limit)
        if act.kind in ("from", "stay") or (act.kind == NOUN and act.action in ("exit", "resume")):
            items = self._left(object_at, limit)
            if items or act.kind == "stay":
                return items
            if act.action == "exit":
                return self._parts_left(object_at, limit) or None
            if act.kind == "from":
                return None
        if act.lemma in ("investir", "invest"):
            while object_at < limit and self.words[object_at] in ("plus", "dans", "in", "any"):
                object_at += 1
        items = read_items(self.scene, object_at, limit)
        items = [i for i in items if NO_ACTIVITY.isdisjoint(content(self.scene, i))]
        if act.kind == "sell":
            items = [
                i for i in items if not ASSETS[self.language].isdisjoint(content(self.scene, i))
            ]
            return [self._item(i, "") for i in items] or None
        verb = act.lemma if act.kind == "trade" else ""
        return [self._item(i, verb, spot) for i in items] or None

    def _left(self, object_at, limit):
        """The markets right behind a verb of leaving."""
        word, market_at = object_at, self.scene.market_at
        while word < limit and word not in market_at:
            said = self.words[word]
            if said not in FILLERS[self.language] and said not in ADVERBS[self.language]:
                return None
            word += 1
        if word >= limit:
            return None
        markets = [m for i in read_items(self.scene, word, limit) for m in i.markets]
        return [((0, 0), tuple(dict.fromkeys(markets)), "")]

    def _parts_left(self, object_at, limit):
        """*withdraws from its joint ventures in Russia*: a part of the business."""
        items = read_items(self.scene, object_at, limit)
        assets = ASSETS[self.language]
        return [
            self._item(i, "") for i in items if not assets.isdisjoint(content(self.scene, i))
        ]

    def _item(self, item, verb, spot=0):
        said = content(self.scene, item)
        if said and said <= GENERIC[self.language]:
            return ((0, 0), item.markets, "")
        if verb and not said:
            return ((spot, spot + 1), item.markets, verb)
        return ((item.first, item.after), item.markets, verb)

    def _items_of_subject(self, chain, object_at, limit):
        items = read_items(self.scene, *chain.noun)
        after = [m for i in read_items(self.scene, object_at, limit) for m in i.markets]
        found = []
        for item in items:
            first, end = item.first, item.after
            while first < end and (
                first in self.scene.company_at or self.words[first] in DETERMINERS[self.language]
            ):
                first += 1
            while first < end and (
                end - 1 in self.scene.company_at
                or self.words[end - 1] in ("de", "d", "du", "of", "s")
            ):
                end -= 1
            found.append(self._item(item._replace(first=first, after=end), ""))
        return [(span, markets or tuple(after), verb) for span, markets, verb in found]

    def _lend_markets(self, pending):
        """Acts without a market take the next act's, else the one before, else a fronted one."""
        codes = [
            next((markets for _span, markets, _verb in reversed(one["items"]) if markets), ())
            for one in pending
        ]
        for place, one in enumerate(pending):
            if codes[place]:
                continue
            near = next((c for c in codes[place + 1 :] if c), None) or next(
                (c for c in reversed(codes[:place]) if c), None
            )
            near = near or self._elsewhere(one) or self._before(one)
            one["items"] = [(span, markets or near, verb) for span, markets, verb in one["items"]]

    def _elsewhere(self, one):
        """A market elsewhere in the sentence: « En Russie, Nike suspend … »."""
        noun = one["chain"].noun
        found = [
            market
            for word in range(self.first, self.after)
            if (market := self.scene.market_at.get(word))
            and word == market.first
            and not noun[0] <= word < noun[1]
            and not (market.demonym and word < one["spot"])
        ]
        return tuple(dict.fromkeys(market.code for market in found))

    def _before(self, one):
        """The market of what the sentence before said of the same company."""
        if self.actor.age > 1 and not self.actor.statements:
            return ()
        return tuple(
            dict.fromkeys(
                said.market for said in self.actor.statements if said.company in one["companies"]
            )
        )

    def _market(self, code):
        """A code, or that of the last market before this sentence's own reference to it."""
        return code

    def _told(self, one):
        scene, found = self.scene, []
        for (first, after), markets, verb in one["items"]:
            activity = scene.text.said(first, after)
            action = one["action"]
            if one["act"].lemma in SHUTS and action == "suspend":
                heads = {scene.words[w] for w in range(first, after)}
                action = "suspend" if heads.isdisjoint(SEATS) else "exit"
            said = {scene.words[w] for w in range(first, after)} - DETERMINERS[self.language]
            if action == "suspend" and not said.isdisjoint(INVESTMENT_HEADS):
                action = "pause_investment"
                if said - {"de", "d", "in"} <= INVESTMENT[self.language]:
                    activity = ""
            elif action == "suspend" and one["act"].lemma in ("investir", "invest"):
                action = "pause_investment"
                activity = "" if (first, after) == (one["spot"], one["spot"] + 1) else activity
            elif action == "suspend" and not said.isdisjoint(PROJECTS[self.language]):
                action = "pause_investment"
            for code in markets:
                code = code or self._last_market(first or one["spot"])
                if not code:
                    continue
                for company in one["companies"]:
                    found.append(
                        Statement(
                            company=company,
                            activity=activity,
                            key=key_of(scene, first, after, verb=verb)
                            if activity
                            else Key(frozenset(), frozenset()),
                            market=code,
                            action=action,
                            stage=one["stage"],
                            hearsay=one["hearsay"],
                            own_words=one["who"] == "first",
                            speaker="company" if one["who"] == "first" else "publisher",
                            start=self.start,
                            end=self.end,
                            in_headline=self.start < self.actor.offset,
                            background=one["background"],
                            reason=f"{scene.words[one['spot']]} · {code}",
                        )
                    )
        return found

    def _last_market(self, word):
        """The country named last before a word."""
        for market in reversed(self.scene.markets):
            if market.first < word and market.code:
                return market.code
        return ""
