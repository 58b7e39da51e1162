"""What is stopped, and where: the nouns and countries that follow a verb.

*l’expédition de produits aux clients basés en Russie et en Biélorussie* gives one activity and
two markets. Countries belong to the activities before them that have none yet; an
activity without any after it shares those of the one before.
"""

import re
from typing import NamedTuple

from articles.search import fold, singular
from companies.announcing.acts import GOVERNORS, PLAN, SAY
from companies.announcing.verbs import Tense
from companies.announcing.words import ADVERBS, COUNTS, DETERMINERS, NOT_ADVERBS, both

# Here what the verb says is over.
ENDS = both(
    "qui que qu dont où car parce alors tandis après depuis suite afin lorsque quand face malgré "
    "contre selon mais cependant pourtant jusque si comme puis raison cause réaction réponse il "
    "elle ils elles nous on a ont avait est sont sera dénonçant évoquant invoquant estimant "
    "jugeant "
    "avant précisant expliquant ajoutant pendant tant lors cas contrairement conformément grâce",
    "which who that where because while whereas after since following amid when until till "
    "although "
    "though but despite over due citing saying if unless response light reaction he she it they we "
    "has have had is are was were will said says before adding as during pending so once contrary "
    "unlike according regardless thanks",
)
# Here the activity is over, but a country may still follow.
CLOSES = both(
    "vers dans sur auprès chez dès avec pour jusqu en à aux au depuis direction destination par "
    "ici ouvert ouverte ouverts ouvertes notamment sous partir compter basés basé basée basées "
    "situés",
    "to in into from for across within at with on until starting by based throughout via under "
    "last next earlier later effective open running including",
)
SPLITS = both("et ou ni ainsi", "and or nor plus")
SMALL = both("de d du des la le les l à aux au en", "of the a an s")
LEADING = both("de d du des à aux au", "of from on")
KEPT_TOGETHER = {("en", "ligne"), ("en", "magasin"), ("en", "gros"), ("à", "distance")}
GENERIC = both(
    "activité activités opération opérations affaires business présence marché marchés ensemble "
    "totalité intégralité commerciale commerciales commerciaux locale locales filiale filiales "
    "local pays restante restantes territoire actifs aventure travail tout "
    "voilure définitivement définitive complète total totale totalement directe directes",
    "business businesses operation operations presence market markets activities activity unit "
    "units subsidiary subsidiaries arm assets entire whole local commercial remaining country "
    "doing "
    "everything operating work full total direct",
)
INVESTMENT = both(
    "investissement investissements nouveaux nouvel nouvelle nouvelles futurs tout",
    "investment investments new further future investing additional",
)
INVESTMENT_HEADS = frozenset("investissement investissements investment investments".split())
PROJECTS = both(
    "projets projet expansion acquisitions acquisition développement",
    "projects project expansion acquisitions acquisition",
)
ASSETS = both(
    "filiale filiales activités activité usine usines participation participations part parts "
    "actifs actif réseau magasins restaurants division branche succursale entité site sites "
    "opérations business boutiques coentreprise entreprise",
    "subsidiary subsidiaries business businesses unit units stake stakes plant plants factory "
    "factories assets arm division operations network stores restaurants venture ventures holding "
    "shareholding branch interest refinery brewery breweries",
)
# Words that say the same of an activity, and those that say nothing.
SAME = {
    fold(word): key
    for key, words in {
        "ship": "livraison livrer expédition expédier envoi envoyer shipment shipping ship "
        "delivery "
        "deliver deliverie",
        "sale": "vente vendre sale sell selling commercialisation commercialiser",
        "order": "commande commander order",
        "make": "production produire fabrication fabriquer produce manufacturing manufacture",
    }.items()
    for word in words.split()
}
EMPTY = frozenset(
    fold(
        "accès service offre produit article marchandise access offering product good item "
        "activité operation opération tout tous plus son ses leur nos notre the its our their all "
        "any de des du la le les l d en à aux un une of a an and et in ligne online to pour for"
    ).split()
)


RESTARTS = both("ses sa son nos notre leurs leur", "its our their")
BINDS = frozenset(
    "de d à et ou ni sur pour dans en vers avec of to and or for in on with as from tout toute "
    'toutes tous all both , " «'.split()
)


REACHING = frozenset("accès abonnement abonnements access subscription subscriptions".split())
DAYS_AND_MONTHS = frozenset(
    "january february march april may june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday".split()
)
# How and until when: no part of what is stopped, wherever it stands.
ADVERBIAL = {
    language: [phrase.split() for phrase in phrases.split("/")]
    for language, phrases in {
        "fr": "avec effet immédiat/jusqu à nouvel ordre/jusqu à nouvel avis/pour le moment/"
        "pour l instant/dans l immédiat/à titre provisoire/à titre temporaire/"
        "à titre conservatoire/de manière temporaire/de façon temporaire/de son côté/"
        "de leur côté/à son tour/à leur tour/de son propre chef",
        "en": "with immediate effect/until further notice/for the time being/for the moment/"
        "for now/on a temporary basis/as a precaution/in turn/for its part",
    }.items()
}
ADVERBIAL_FIRST = {key: {phrase[0] for phrase in ADVERBIAL[key]} for key in ADVERBIAL}
BY_THEN = {"fr": ["d", "ici"], "en": ["by"]}  # an hour or a day follows
TIMES = both(
    "à au la le les l de d du des fin début mi milieu an ans année semaine semaines mois jour "
    "jours heures trimestre semestre été automne hiver printemps prochain prochaine prochains "
    "prochaines deux trois quatre six dix janvier février mars avril mai juin juillet août "
    "septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi dimanche",
    "the of this next end middle year week month quarter summer autumn winter spring day january "
    "february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday",
)
ATTRIBUTION = 8  # words of *, three people briefed on the matter said*


class Item(NamedTuple):
    """One activity: its words as (first, after), both 0 where the whole business is meant."""

    first: int
    after: int
    markets: tuple[str, ...]


def read_items(scene, first: int, after: int) -> list[Item]:
    """Activities and their markets, as codes or "" for the market named before, from the word
    `first` to the one before `after` or where the clause ends."""
    joined, waiting = [], []  # [words, markets]; those still without markets
    for words, markets in _collect(scene, first, after):
        if words:
            joined.append([words, markets])
            waiting.append(joined[-1])
        elif joined and joined[-1][1]:
            joined[-1][1].extend(markets)  # the list is shared by all that it holds for
        elif not joined:
            joined.append([words, markets])
        if markets and (words or joined[-1][1] is not markets):
            for one in waiting:
                one[1] = markets if words else joined[-1][1] or markets
            waiting = []
    for one in waiting:
        one[1] = joined[joined.index(one) - 1][1] if joined.index(one) else []
    return [
        Item(words[0] if words else 0, words[-1] + 1 if words else 0, tuple(dict.fromkeys(markets)))
        for words, markets in joined
    ]


def _collect(scene, first, after):
    """[(words of the activity, its markets)], split at *et*, *ni*, commas."""
    words, language = scene.words, scene.language
    found, said, markets, is_open = [], [], [], True
    word = first
    quoted = scene.text.quotations[first - 1] if first else 0  # whether the verb is
    while word < after:
        past = _past_adverbial(scene, word, after)
        if past > word:
            is_open = is_open and not said
            word = past
            continue
        here = words[word]
        market = scene.market_at.get(word)
        if market:
            if not said or not _keeps_open(scene, market, said):
                is_open = is_open and not said
            markets.append(market.code)
            word = market.after
            continue
        if here in ENDS[language] and word not in scene.company_at:
            # *ainsi que*, *as well as* list further things.
            if not (here in ("que", "qu") and words[word - 1] == "ainsi") and not (
                here == "as" and "well" in words[word - 1 : word + 2]
            ):
                break
        elif (
            here in ";:()—–.!?…\n"
            or (here == "-" and said)
            or (scene.text.quotations[word] != quoted and quoted)
        ):
            break
        elif here == "," and _in_number(scene, word):
            pass
        elif here == "," or here in SPLITS[language]:
            if _ends_at(scene, word, after):
                break
            if said or markets:
                found.append((_trimmed(scene, said), markets))
            said, markets, is_open = [], [], True
        elif here in '"«»“”':
            pass
        elif is_open and _closes(scene, word):
            is_open = not said
        elif (
            said and here in RESTARTS[language] and words[word - 1] not in BINDS | CLOSES[language]
        ):
            said, is_open = [], is_open or not markets  # *en revanche ses ventes*
        elif is_open and not is_adverb(scene, word):
            said.append(word)
        word += 1
    if said or markets:
        found.append((_trimmed(scene, said), markets))
    return found


def _in_number(scene, comma):
    """Whether a comma stands within digits: *1,200 shops*."""
    beside = scene.words[max(0, comma - 1)], *scene.words[comma + 1 : comma + 2]
    close = scene.text.starts[comma + 1 : comma + 2] == [scene.text.ends[comma - 1] + 1]
    return close and all(map(str.isdigit, beside))


def past_count(scene, first: int, after: int) -> int:
    """The word behind a count at the start of an activity: *32 boutiques*, *847 of its
    restaurants*. What has a capital behind it is a name: *20 Minutes*."""
    language, word = scene.language, first
    drop = DETERMINERS[language] | SMALL[language] | {","}
    while word < after and (_is_count(scene, word) or (word > first and scene.words[word] in drop)):
        word += 1
    named = word < after and scene.text.has_capital(word) and word not in scene.market_at
    return first if word == after or named else word


def _is_count(scene, word):
    parts = re.split(r"[-\u2010\u2011]", scene.words[word])
    return all(part.isdigit() or part in COUNTS[scene.language] for part in parts)


def _past_adverbial(scene, word, after):
    """The word behind *avec effet immédiat*, *d’ici la fin du mois* that begin at this word."""
    language = scene.language
    if scene.words[word] in ADVERBIAL_FIRST[language]:
        for phrase in ADVERBIAL[language]:
            if scene.words[word : word + len(phrase)] == phrase:
                return min(word + len(phrase), after)
    opening = BY_THEN[language]
    if scene.words[word : word + len(opening)] != opening:
        return word
    past = word + len(opening)
    while past < after and (scene.words[past] in TIMES[language] or scene.words[past].isdigit()):
        past += 1
    return past if past > word + len(opening) else word


def _keeps_open(scene, market, said):
    """A demonym stands within the activity (*activités russes de fret*)."""
    if market.demonym:
        return True
    following = scene.words[market.after : market.after + 1]
    names = all(scene.words[w] in DETERMINERS[scene.language] for w in said)
    return names and bool(following)


def _closes(scene, word):
    here, language = scene.words[word], scene.language
    if here not in CLOSES[language]:
        return False
    if (here, *scene.words[word + 1 : word + 2]) in KEPT_TOGETHER:
        return False
    # A name follows: *l’accès à Prime Video*, *orders for New World*.
    named = (
        word + 1 < len(scene.words)
        and scene.text.has_capital(word + 1)
        and scene.words[word + 1] not in DAYS_AND_MONTHS
    )
    opens = here in ("pour", "for") or (
        here in ("à", "au", "aux", "to") and scene.words[word - 1] in REACHING
    )
    if opens and named:
        return word + 1 in scene.market_at
    return True


def is_adverb(scene, word: int) -> bool:
    """Whether a word says how or when, and is no part of what is stopped."""
    here = scene.words[word]
    if here in ADVERBS[scene.language] and here != "s":
        return True
    suffix = "ment" if scene.language == "fr" else "ly"
    return here.endswith(suffix) and here not in NOT_ADVERBS and not _is_noun(here)


def _is_noun(word):
    return word.endswith(("issement", "pement", "nement", "cement", "tement")) or word in (
        "recrutement financement chargement abonnement acheminement assembly"
    )


def _ends_at(scene, word, after):
    """Whether a new clause begins behind a comma or an "and"."""
    language = scene.language
    behind = word + 1
    while behind < after and scene.words[behind] in SPLITS[language]:
        behind += 1
    if behind == word + 1 < after and scene.words[word] == ",":
        named = behind not in scene.market_at and behind not in scene.company_at
        if named and scene.text.has_capital(behind):
            return True  # *Nike suspends sales, Puma follows*
    if behind >= after:
        return True
    told_by = scene.company_at.get(behind)
    if told_by and told_by[1] < len(scene.words):
        verb = GOVERNORS[language].get(scene.words[told_by[1]], ("",))
        if verb[0] in (SAY, PLAN):
            return True  # *, Nike said*
    if scene.words[word] == "," and _attributed(scene, behind, after):
        return True
    said = scene.words[behind]
    return (
        (said in ENDS[language] and said not in ("que", "qu"))
        or said in ("including", "notamment", "such", "compris")
        or scene.words[behind : behind + 2] == ["y", "compris"]
        or (_ends_like_a_participle(said, language) and _alone(scene, behind))
        or "-t-" in said
        or said.endswith(("-elle", "-il"))
        or GOVERNORS[language].get(said.split("-")[0], ("",))[0] in (SAY, PLAN)
        or (language == "fr" and said.endswith(("é", "és")) and scene.words[behind - 1] == "et")
        or (said in ("que", "qu") and scene.words[behind - 1] != "ainsi")
    )


def _attributed(scene, first, after):
    """Whether *a spokeswoman said*, *two sources said* begins at this word."""
    for word in range(first, min(after, first + ATTRIBUTION)):
        sense, tense = GOVERNORS[scene.language].get(scene.words[word], ("", ""))
        if sense == SAY and tense in (Tense.DONE, Tense.PRESENT):
            return True
        if not scene.words[word].isalnum() or word in scene.market_at:
            break
    return False


def _ends_like_a_participle(said, language):
    """Whether a word has the ending of a participle: *joining*, *rejoignant*."""
    return said.endswith("ing" if language == "en" else "ant")


def _alone(scene, word):
    """Whether a participle stands alone: not *shipping, and sales*."""
    following = scene.words[word + 1 : word + 2]
    return bool(following) and following[0] not in ("and", "or", ",", "in", "to", "et", "en", "of")


def _trimmed(scene, said):
    """Without determiners and small words at either end."""
    language = scene.language
    drop = (
        DETERMINERS[language]
        | SMALL[language]
        | LEADING[language]
        | {"que", "well", "as", "plus", "longer"}
    )
    while said and scene.words[said[0]] in drop and said[0] not in scene.company_at:
        said = said[1:]
    while said and scene.words[said[-1]] in drop | CLOSES[language]:
        said = said[:-1]
    return said


class Key(NamedTuple):
    """What an activity is about, whatever words it is told in."""

    names: frozenset[str]
    things: frozenset[str]

    def meets(self, other) -> bool:
        """Whether both are the same activity, one maybe told more exactly."""
        if self.names and other.names and not self.names & other.names:
            return False
        nested = self.things <= other.things or other.things <= self.things
        if not self.things or not other.things:
            return nested and bool(self.names & other.names or not (self.things or other.things))
        return nested


def key_of(scene, first: int, after: int, own: frozenset = frozenset(), verb: str = "") -> Key:
    """The key of the activity in these words; `verb` is a trade that they are the object of.

    `own` are the folded words that name the company itself.
    """
    names, things = set(), set()
    for word in range(first, after):
        said = fold(scene.words[word])
        if (
            word in scene.market_at
            or said in EMPTY
            or said in own
            or (not said.isalnum() and "-" not in said)
        ):
            continue
        if scene.text.has_capital(word):
            names.add(said)
        else:
            things.add(SAME.get(singular(said), singular(said)))
    if verb:
        things.add(SAME.get(fold(verb), fold(verb)))
    return Key(frozenset(names), frozenset(things))


def content(scene, item) -> set[str]:
    """The words of an activity that say something."""
    return {
        scene.words[word]
        for word in range(item.first, item.after)
        if scene.words[word] not in DETERMINERS[scene.language] | SMALL[scene.language]
        and scene.words[word].isalnum()
        and word not in scene.market_at
    }
