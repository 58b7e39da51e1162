"""What one sentence says: the acts in it, each with its company, activities and markets."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from companies.announcing.activities import INVESTMENT, INVESTMENT_HEADS, PROJECTS, Key, key_of
from companies.announcing.acts import (
    ACTS,
    CONSIDER,
    DENY,
    FINISH,
    GOVERNORS,
    NOUN,
    PLAN,
    REFLEXIVE,
    SAY,
    URGE,
    Act,
)
from companies.announcing.objects import OUTRIGHT, Object, read_objects
from companies.announcing.rumours import is_given_up, is_rumour
from companies.announcing.speakers import Actor
from companies.announcing.stages import action_of, turned
from companies.announcing.subjects import Chain, read_chain
from companies.announcing.verbs import Tense
from companies.announcing.words import BE, DETERMINERS, OUTSIDERS, STATESMEN, THAT

LONGEST = 300  # words; a longer sentence is a table or a list
LOCATIVE = {"fr": frozenset("à en de d au".split()), "en": frozenset("in at from to of".split())}
GUESSES = frozenset(
    "speculation rumours rumors reports possibility idea rumeur rumeurs hypothèse idée".split()
)
BEHIND = frozenset("pas plus jamais encore".split())  # *ne quittera pas encore*
# Past and present look the same: of one company, *Nike cut* is past.
ALIKE = frozenset("cut quit shut put".split())
SUPPOSING = frozenset("si if should unless".split())  # at the start
WHETHER = frozenset("si s whether if".split())
OPENING = 5  # words in which the subject of a sentence is named
BACK = 8  # words between a verb of saying and its *que*
# Shut for good, or shut as a seat: the market is left.
FOR_GOOD = frozenset("définitivement définitive définitif permanently permanent good".split())
SEATS = frozenset(
    "bureau bureaux filiale filiales représentation usine usines site sites succursale succursales "
    "agence agences office offices subsidiary plant plants factory factories branch "
    "branches".split()
)
SHUTS = frozenset("fermer close shut shutter fermeture closure".split()) | {
    "shut down",
    "close down",
}
SHOPS = frozenset(  # closed by whoever leaves; singular and folded
    "magasin boutique point restaurant cafe salon concession enseigne shop store outlet dealership "
    "showroom".split()
)
ENDS_WORK = SHUTS | frozenset("cesser arrêter stop cease halt end stopper suspendre".split())
BY_THEMSELVES = SHUTS | frozenset(  # *ses magasins ferment*, *its shops stay open*
    "available cesser stop cease rouvrir reopen reprendre resume rester stay remain "
    "demeurer".split()
)
ENDED = frozenset(  # of the whole business an exit, of a part a suspension
    ["end", "terminate", *(f"mettre {end}" for end in ("fin à", "fin au", "fin aux"))]
    + [f"mettre un terme {to}" for to in ("à", "au", "aux")]
)
DONE_WITH = frozenset(  # *le retrait de Nike est achevé*
    "achevé achevée terminé terminée finalisé finalisée effectif effective complete completed "
    "final finalised finalized over bouclé bouclée".split()
)


@dataclass(frozen=True)
class Statement:
    """One company, activity, market and act, in one sentence."""

    company: int
    activity: str
    words: str  # those of the activity, also where the whole business is meant
    key: Key
    market: str
    action: str
    stage: str
    hearsay: bool
    speaker: str  # "company" where it speaks in the first person, else "publisher" or "other"
    start: int  # of the sentence, in code points of the whole text
    end: int
    in_headline: bool
    background: bool  # told of the past, in a relative clause
    relayed: bool  # the publisher tells what the company said
    shuts_shops: bool
    reason: str

    @property
    def own_words(self):
        return self.speaker == "company"


@dataclass
class Deed:
    """One act with who does it and what it is about."""

    act: Act
    spot: int
    chain: Chain
    companies: tuple
    speaker: str
    action: str
    stage: str
    hearsay: bool
    background: bool
    relayed: bool
    objects: list[Object] = field(default_factory=list)


def read_text(scene, offset: int) -> Iterator[Statement]:
    """What all sentences say, in the order of the text; the body begins at `offset`."""
    actor = Actor(scene, offset)
    for sentence in scene.text.sentences:
        statements = [] if sentence.subheading else read_sentence(scene, sentence, actor)
        yield from statements
        actor.passes(sentence, statements)


def read_sentence(scene, sentence, actor) -> list[Statement]:
    """What the sentence says of companies; `actor` knows who acted before.

    Questions and conditions say nothing.
    """
    acts, words = ACTS[scene.language], scene.words
    if sentence.after - sentence.first > LONGEST:
        return []
    if not (actor.statements or scene.has_market(sentence.first, sentence.after)):
        return []
    spots = [
        word
        for word in range(sentence.first, sentence.after)
        if words[word] in acts and word not in scene.company_at
    ]
    if not spots or "?" in words[sentence.after - 3 : sentence.after]:
        return []
    if words[sentence.first] in SUPPOSING:
        return []
    return _Sentence(scene, sentence, actor, spots).statements()


class _Sentence:
    def __init__(self, scene, sentence, actor, spots):
        self.scene, self.actor, self.spots = scene, actor, spots
        self.words, self.language = scene.words, scene.language
        self.first, self.after = sentence.first, sentence.after
        self.rumour = is_rumour(scene, self.first, self.after)
        self.companies, self.frame = (), None  # of the act read last
        self.chains = {
            spot: read_chain(scene, spot, self.first, self._is_noun(spot)) for spot in spots
        }

    def statements(self):
        deeds = []
        for place, spot in enumerate(self.spots):
            deed = self._read(spot, self._limit(place, spot))
            if deed:
                deeds.append(deed)
        governing = {word for deed in deeds for word in deed.chain.governing}
        deeds = [deed for deed in deeds if deed.spot not in governing]
        self._lend_markets(deeds)
        return [said for deed in deeds for said in self._told(deed)]

    def _limit(self, place, spot):
        """Where what belongs to an act ends: before the next one's clause begins."""
        limit, acts = self.after, ACTS[self.language]
        for later in self.spots[place + 1 :]:
            chain = self.chains[later]
            starts = [s for s in (chain.start, *chain.resumes) if s > spot]
            trade = all(act.kind == "trade" for act in acts[self.words[later]])
            if trade and chain.start == later:
                continue  # *froze hiring*
            # A verb that governs another has no object of its own.
            if spot in chain.governing or (chain.void and self._is_noun(later)):
                continue
            if starts or not trade:
                limit = min([limit, *starts] if starts else [limit, later])
        return limit

    def _is_noun(self, spot):
        """Whether a word that may be a verb or a noun is a noun here: *its exit*."""
        kinds = {act.kind for act in ACTS[self.language][self.words[spot]]}
        if NOUN not in kinds or len(kinds) == 1:
            return NOUN in kinds
        near = range(max(self.first, spot - 2), spot)
        if self.words[spot - 1] == "to":
            return False
        if spot - 1 in self.scene.market_at:
            return True  # *announces Russia exit*
        return any(
            self.words[word] in DETERMINERS[self.language] and word not in self.scene.company_at
            for word in near
        )

    def _read(self, spot, limit):
        noun = self._is_noun(spot)
        if noun and self.chains[spot].void:
            self.chains[spot] = self._predicate(spot) or self.chains[spot]
        for act in ACTS[self.language][self.words[spot]]:
            object_at = self._after_particles(spot, act)
            if object_at is not None and noun == (act.kind == NOUN):
                deed = self._deed(act, spot, object_at, limit)
                if deed:
                    return deed
        return None

    def _predicate(self, spot):
        """*le retrait de Nike de Russie est achevé*, "Nike's exit from Russia is complete"."""
        after = range(spot + 1, min(self.after, spot + 14))
        ends = [word for word in after if self.words[word] in BE[self.language]]
        if not ends or DONE_WITH.isdisjoint(self.words[ends[0] : ends[0] + 3]):
            return None
        at = self.scene.company_at
        owners = [word for word in range(max(self.first, spot - 4), ends[0]) if word in at]
        if not owners:
            return None
        first, _after, companies = at[owners[0]]
        chain = Chain(min(first, spot), subject="company", companies=companies)
        chain.noun, chain.governors = (first, first + 1), [(FINISH, "")]
        return chain

    def _after_particles(self, spot, act):
        """Where what follows the act begins; None when its particles don't follow."""
        if act.lemma in REFLEXIVE and act.lemma not in OUTRIGHT and not self._reflexive(spot):
            return None
        if not act.particles:
            after = spot + 1
            while after < self.after and self.words[after] in BEHIND:
                after += 1
            return after
        size = len(act.particles)
        for start in range(spot + 1, min(self.after, spot + 8)):
            if tuple(self.words[start : start + size]) == act.particles:
                # *mettre ses projets en pause*: what is stopped stands in between.
                return start + size if start - spot <= 2 else spot + 1
        return None

    def _reflexive(self, spot):
        near = self.words[max(self.first, spot - 4) : spot]
        return not {"se", "s", "nous"}.isdisjoint(near)

    def _deed(self, act, spot, object_at, limit):
        chain = self.chains[spot]
        companies, who = self._companies(chain, spot)
        # *a suspendu … et fermé …*: the second verb shares what stands before the first.
        shares = chain.inherits and self.frame and not (chain.have or chain.be or chain.governors)
        frame = self.frame if shares else chain
        if act.lemma.split()[0] in ALIKE and act.tense == Tense.INFINITIVE:
            plain = not (frame.to or frame.governors) and len(companies) == 1
            if frame.have or frame.be or plain:
                act = act._replace(tense=Tense.DONE)
        compound = (frame.have or frame.be) and not frame.governors
        if self.language == "fr" and act.tense == Tense.PRESENT and compound:
            act = act._replace(tense=Tense.DONE)  # *a réduit*: the present looks the same
        passive = self._passive(act, spot, frame)
        if not companies or chain.void or URGE in frame.senses():
            return None
        if frame.senses() & {PLAN, CONSIDER} and is_given_up(self.scene, spot, self.after):
            return None
        if act.tense == Tense.DONE and self.language == "fr" and not (frame.have or frame.be):
            return None
        if chain.subject == "thing" and not passive and act.lemma not in BY_THEMSELVES:
            return None
        if chain.subject != "thing" and passive and not shares:
            return None
        supposed = "would" in frame.senses() and chain.subject == "company"
        if supposed and not {"if", "unless"}.isdisjoint(self.words[self.first : self.after]):
            return None
        action = action_of(self.scene, act, spot, frame, self.first)
        objects = action and read_objects(
            self.scene, act, spot, chain, object_at, limit, passive and not shares
        )
        if not objects:
            return None
        self.companies, self.frame = companies, frame
        near = self.words[max(self.first, spot - 3) : min(limit, spot + 12)]
        if act.lemma in ENDS_WORK and not FOR_GOOD.isdisjoint(near):
            action = "exit"
        action, stage = turned(act, action, frame, passive)
        if not action:
            return None
        speaker = "company" if who == "first" else self._speaker(chain)
        hearsay = self._hearsay(act, chain, frame) or supposed
        background = chain.relative or frame.had
        relayed = SAY in frame.senses() or self._tells(spot, companies)
        return Deed(
            *(act, spot, chain, companies, speaker, action, stage, hearsay, background),
            relayed,
            objects,
        )

    def _companies(self, chain, spot):
        """Who acts: (companies, how they are named)."""
        if chain.inherits:
            return self.companies or self._opening(spot), "before"
        how = chain.owner if chain.subject == "thing" else chain.subject
        if chain.subject == "thing" and not how and chain.be:
            # *La firme précise que les livraisons sont suspendues*
            that = (
                chain.noun[0] > self.first and self.words[chain.noun[0] - 1] in THAT[self.language]
            )
            return (self._main_subject(chain) or ()) if that else (), "main"
        if how == "company":
            return chain.companies, how
        if how == "first":
            if self.scene.text.quotations[chain.noun[0]]:
                return self.actor.speaking(spot)[1], how
            return self.actor.attributed(spot, self.after), how
        if how == "anaphor":
            return self._here(chain) or self.actor.by_noun(chain.noun[0]), how
        if how == "third":
            main = self._main_subject(chain)
            if main is not None:
                return main, how
            return self._here(chain) or self.actor.by_pronoun(chain.noun[0]), how
        return (), ""

    def _opening(self, spot):
        """Who the sentence begins with: *Nike condemns the attack but stays in Russia*."""
        end = min(spot, self.first + OPENING)
        return self.actor.named(self.first, end)

    def _here(self, chain):
        """Who acted before in this sentence."""
        return self.companies or self.actor.named(self.first, chain.noun[0])

    def _main_subject(self, chain):
        """Of *la firme annonce qu’elle …*, *Nike said it …*: who says so; None without it."""
        word = chain.noun[0] - 1
        if word >= self.first and self.words[word] in WHETHER:
            return ()
        if word >= self.first and self.words[word] in THAT[self.language]:
            chain.reported = True
            word -= 1
        for verb in range(word, max(self.first - 1, word - BACK), -1):
            over = GOVERNORS[self.language].get(self.words[verb])
            if over and over[1] not in ("", NOUN) and verb not in self.scene.company_at:
                return self._who_says(verb, chain)
            if not self.words[verb].isalnum():
                break
        return None

    def _who_says(self, verb, chain):
        main = read_chain(self.scene, verb, self.first)
        over = GOVERNORS[self.language][self.words[verb]]
        senses = main.senses() | {over[0]}
        if main.negated or URGE in senses:
            return ()  # *n’a pas annoncé qu’il …*
        if DENY in senses:
            chain.governors.append((DENY, over[1]))
        if main.inherits:
            return self.companies or None
        if main.subject == "company":
            return main.companies
        if main.subject == "anaphor":
            return self._here(main) or self.actor.by_noun(main.noun[0])
        if main.subject == "third":
            return self._here(main) or self.actor.by_pronoun(main.noun[0])
        return ()

    def _speaker(self, chain):
        """Whose words an act is told in, where the company doesn't speak itself."""
        if self.scene.text.quotations[chain.noun[0] or self.first]:
            kind, companies = self.actor.speaking(chain.start)
            if kind == "other" or (kind == "company" and not set(companies) & set(self.companies)):
                return "other"
        before = chain.start - 1
        if before > self.first and self.words[before] in THAT[self.language]:
            told_by = self.words[self.first : before]
            if not (STATESMEN[self.language] | OUTSIDERS[self.language]).isdisjoint(told_by):
                return "other"
        return "other" if self.actor.others_say(self.first, self.after) else "publisher"

    def _tells(self, spot, companies):
        """Whether the sentence says that the company says so: « Nike annonce qu'il quitte … »,
        "…, Nike said"."""
        said_by = self.actor.attributed(self.first, self.after)
        if not set(said_by).isdisjoint(companies):
            return True
        before = self.words[self.first : spot]
        if not (STATESMEN[self.language] | OUTSIDERS[self.language]).isdisjoint(before):
            return False
        verbs = GOVERNORS[self.language]
        says = any(
            verbs.get(word, ("", ""))[0] in (SAY, PLAN)
            and verbs[word][1] in (Tense.DONE, Tense.PRESENT)
            for word in before
        )
        return says and not set(self.actor.named(self.first, spot)).isdisjoint(companies)

    def _passive(self, act, spot, frame):
        if act.tense != Tense.DONE or act.kind in ("stay", NOUN):
            return False
        if act.kind == "from" and not (act.lemma in OUTRIGHT and not self._reflexive(spot)):
            return False
        return frame.be

    def _hearsay(self, act, chain, frame):
        senses = frame.senses()
        if frame.negated and DENY in senses:
            return True  # *n’exclut pas de quitter*
        said_by = self.words[max(self.first, chain.start - 2) : max(self.first, chain.start - 1)]
        if said_by and said_by[0] in GUESSES and DENY not in senses:
            return True  # *speculation that Nike will leave*
        if self.rumour or (CONSIDER in senses and not frame.negated):
            return True
        return act.tense == Tense.CONDITIONAL and not frame.reported

    def _lend_markets(self, deeds):
        """Acts without a market take the next one's, else the one's before, else another one
        in the sentence, else what the sentence before said of the company."""
        markets = [
            next((one.markets for one in reversed(deed.objects) if one.markets), ())
            for deed in deeds
        ]
        for place, deed in enumerate(deeds):
            if not markets[place]:
                later = next((m for m in markets[place + 1 :] if m), ())
                earlier = next((m for m in reversed(markets[:place]) if m), ())
                lent = later or earlier or self._elsewhere(deed) or self._before(deed)
                deed.objects = [one._replace(markets=one.markets or lent) for one in deed.objects]

    def _elsewhere(self, deed):
        """A market elsewhere in the sentence: « En Russie, Nike suspend … »."""
        first, after = deed.chain.noun
        begin = end = deed.spot  # between semicolons
        while begin > self.first and self.words[begin - 1] != ";":
            begin -= 1
        while end < self.after and self.words[end] != ";":
            end += 1
        found = [
            market.code
            for word in range(begin, end)
            if (market := self.scene.market_at.get(word))
            and word == market.first
            and not first <= word < after
            and not (market.demonym and word < deed.spot)
        ]
        if not found:  # *its Russian unit stops sales*
            near = range(first, min(after, self.after))
            found = [self.scene.market_at[w].code for w in near if w in self.scene.market_at]
        return tuple(dict.fromkeys(found))

    def _before(self, deed):
        """The markets of what the sentence before said of the same company, unless this one
        names a place: *It also closed an office in Paris*. What goes on takes none."""
        if deed.action == "continue":
            return ()
        for word in range(deed.spot, self.after - 1):
            if self.words[word] in LOCATIVE[self.language] and self.scene.text.has_capital(
                word + 1
            ):
                return ()
        return tuple(
            dict.fromkeys(
                said.market for said in self.actor.statements if said.company in deed.companies
            )
        )

    def _told(self, deed):
        """The statements of one act, a row for each company, activity and market."""
        scene, text = self.scene, self.scene.text
        for span, markets, verb in deed.objects:
            action, whole = self._action(deed, span)
            key = Key(frozenset(), frozenset()) if whole else self._key(deed, span, verb)
            codes = [code or scene.market_before(span[0] or deed.spot) for code in markets]
            for code in filter(None, dict.fromkeys(codes)):
                for company in deed.companies:
                    yield Statement(
                        company=company,
                        activity="" if whole else text.said(*span),
                        words=text.said(*span),
                        key=key,
                        market=code,
                        action=action,
                        stage=deed.stage,
                        hearsay=deed.hearsay,
                        speaker=deed.speaker,
                        start=text.starts[self.first],
                        end=text.ends[self.after - 1],
                        in_headline=text.starts[self.first] < self.actor.offset,
                        background=deed.background,
                        relayed=deed.relayed,
                        shuts_shops=deed.act.lemma in SHUTS and not SHOPS.isdisjoint(key.things),
                        reason=f"{self.words[deed.spot]} · {code}",
                    )

    def _key(self, deed, span, verb):
        if span == (deed.spot, deed.spot + 1):
            span = (0, 0)  # the verb stands for the activity
        return key_of(self.scene, *span, verb=verb)

    def _action(self, deed, span):
        """(the action as its activity has it, whether it is the whole business)."""
        whole = not span[1]
        said = set(self.words[slice(*span)]) - DETERMINERS[self.language]
        action, lemma = deed.action, deed.act.lemma
        if action == "exit" and lemma in ENDED and not whole:
            action = "suspend"
        if action != "suspend":
            return action, whole
        if lemma in SHUTS:
            return ("suspend" if said.isdisjoint(SEATS) else "exit"), whole
        if not said.isdisjoint(INVESTMENT_HEADS):
            return "pause_investment", said - {"de", "d", "in"} <= INVESTMENT[self.language]
        if lemma in ("investir", "invest"):
            return "pause_investment", whole or span == (deed.spot, deed.spot + 1)
        return (
            "suspend" if said.isdisjoint(PROJECTS[self.language]) else "pause_investment"
        ), whole
