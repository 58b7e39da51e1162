"""What an act is about: activities and markets, found after its verb, or before a passive one."""

from typing import NamedTuple

from companies.announcing.activities import (
    ASSETS,
    GENERIC,
    content,
    is_adverb,
    past_count,
    read_items,
)
from companies.announcing.acts import NOUN
from companies.announcing.words import COMPANY_NOUNS, DETERMINERS

# Between a verb of leaving and its market: *quitte à son tour le marché russe*.
FILLERS = {
    "fr": frozenset(
        "le la les l de du d des en à au aux son tour sa ses marché marchés territoire "
        "définitivement complètement totalement sur présent présente présents actif active "
        "implanté ouvert ouverts ouvertes sol dans leur leurs".split()
    ),
    "en": frozenset(
        "the of from in to its their market markets completely entirely all open active present "
        "out permanently altogether fully into on soil".split()
    ),
}
# What is cut, or who is suspended, without a market being left.
NO_ACTIVITY = frozenset(
    "coût coûts prix dette dettes émissions prévision prévisions objectif objectifs taux dividende "
    "dividendes effectifs dépenses consommation pertes impôts employé employés employée salarié "
    "salariés directeur dirigeant joueur "
    "cost costs price prices debt debts emissions forecast forecasts outlook guidance rates rate "
    "dividend dividends workforce headcount spending losses tax taxes target targets employee "
    "employees executive manager player staff gap ties liens cotation trading rating listing "
    "licence "
    "license".split()
)
STAFF = frozenset("effectif effectifs headcount staff workforce".split())
PLACES = frozenset("market markets territory business soil and".split())
OUTRIGHT = frozenset(["withdraw", "retirer", "pull"])  # also of goods: *withdraws its brands from*
ABSENT = frozenset(["présent", "present", "opérer", "operate", "exercer"])
ALONE = frozenset("fermer rouvrir close reopen shut".split())  # *Nike ferme en Russie*
DOORS = frozenset(["portes", "doors"])  # *fermer ses portes*
KEEPS = frozenset("keep garder conserver".split())
HALVES = frozenset("moitié tiers quart half third quarter par".split())


class Object(NamedTuple):
    """An activity, as (first word, the word after the last), both 0 for the whole business."""

    span: tuple[int, int]
    markets: tuple[str, ...]  # codes; "" is the one named before
    verb: str = ""  # the trade whose object it is


def read_objects(scene, act, spot, chain, first, limit, passive) -> list[Object]:
    """What the act at word `spot` is about, between the words `first` and `limit`; empty where
    nothing fits it."""
    if passive or (chain.subject == "thing" and act.kind != NOUN):
        return _of_subject(scene, chain, first, limit, passive)
    if act.kind == NOUN and act.action == "exit" and spot - 1 in scene.market_at:
        return [Object((0, 0), (scene.market_at[spot - 1].code,))]  # *announces Russia exit*
    if act.lemma == "close" and scene.words[first : first + 1] in (["at"], ["higher"], ["lower"]):
        return []  # shares do
    if act.kind in ("from", "stay") or (act.kind == NOUN and act.action in ("exit", "resume")):
        found = _left(scene, first, limit, act.kind == NOUN)
        if found or act.kind == "stay":
            return found
        if act.action == "exit":
            return _parts_left(scene, act, first, limit)
        if act.kind == "from":
            return []
    if act.kind == NOUN:
        first = _past_adjective(scene, first, limit)
    if act.lemma in ("investir", "invest"):
        while first < limit and scene.words[first] in ("plus", "dans", "in", "any"):
            first += 1
    first = _past_measure(scene, _past_insertion(scene, first, limit), limit)
    if act.lemma in KEEPS and scene.words[first : first + 1] and not _determined(scene, first):
        return []  # *kept quiet*
    if act.action == "continue" and scene.words[first : first + 1] in (
        ["to"],
        ["de"],
        ["d"],
        ["à"],
    ):
        return []  # *continues to pay*: what follows is another verb
    items = read_items(scene, first, limit)
    deep = act.action == "scale_back" and not HALVES.isdisjoint(scene.words[spot:limit])
    items = [item for item in items if _may_stop(content(scene, item), deep)]
    if act.kind == "sell" or act.lemma in ("vente", "sale", "disposal", "cession"):
        return [_object(scene, item) for item in _assets(scene, items)]
    verb = act.lemma if act.kind == "trade" else ""
    if act.kind == "object" and act.lemma not in ALONE:
        items = [item for item in items if item.after]
    return [_object(scene, item, verb, spot) for item in items]


def _may_stop(said, deep):
    """Whether these words may be an activity. Staff cut by half or a third tells of the
    business; a few of them don't."""
    return (said - STAFF if deep else said).isdisjoint(NO_ACTIVITY)


def _past_adjective(scene, first, limit):
    """Over what describes a noun of an act: *la fermeture temporaire de ses magasins*."""
    for word in range(first, min(limit, first + 3)):
        if scene.words[word] in ("de", "d", "du", "des", "of"):
            return word
    return first


def _determined(scene, word):
    return scene.words[word] in DETERMINERS[scene.language] or scene.words[word].isdigit()


def _past_insertion(scene, first, limit):
    """Over *, jusqu’à nouvel ordre,* right behind the verb."""
    if first < limit and scene.words[first] == ",":
        for word in range(first + 1, min(limit, first + 12)):
            if scene.words[word] == ",":
                return word + 1
    return first


def _past_measure(scene, first, limit):
    """Over *de moitié*, *d’un tiers*, *by half*."""
    for word in range(first, min(limit, first + 3)):
        if scene.words[word] in HALVES:
            return word + 1
    return first


def _left(scene, first, limit, is_noun):
    """The markets right behind a verb of leaving, or of staying."""
    word, language = first, scene.language
    while word < limit and word not in scene.market_at:
        said = scene.words[word]
        owner = is_noun and (word in scene.company_at or said in COMPANY_NOUNS[language])
        if not (owner or said in FILLERS[language] or is_adverb(scene, word)):
            return []
        word += 1
    if word >= limit:
        return []
    market = scene.market_at[word]
    behind = scene.words[market.after : market.after + 1]
    if market.demonym and language == "en" and PLACES.isdisjoint(behind):
        return []  # *left the Russian index*
    markets = [market for item in read_items(scene, word, limit) for market in item.markets]
    return [Object((0, 0), tuple(dict.fromkeys(markets)))]


def _parts_left(scene, act, first, limit):
    """*withdraws from its joint ventures in Russia*: a part of the business, or its goods."""
    items = read_items(scene, first, limit)
    parts = _assets(scene, items)
    if not parts and act.lemma in OUTRIGHT:
        parts = [item for item in items if item.after and item.markets]
    return [_object(scene, item) for item in parts]


def _assets(scene, items):
    assets = ASSETS[scene.language]
    return [item for item in items if not assets.isdisjoint(content(scene, item))]


def _object(scene, item, verb="", spot=0):
    said = content(scene, item)
    if verb in ABSENT or (said and said <= GENERIC[scene.language]):
        return Object((0, 0), item.markets)
    if verb and not said:
        return Object((spot, spot + 1), item.markets, verb)
    first = past_count(scene, item.first, item.after)
    if content(scene, item._replace(first=first)) <= GENERIC[scene.language]:
        first = item.first  # *its three units* aren't the whole business
    return Object((first, item.after), item.markets, verb)


def _of_subject(scene, chain, first, limit, passive):
    """Of a passive verb: what stands before it, without whose it is."""
    behind = read_items(scene, first, limit)
    if not passive and any(item.after and not content(scene, item) <= DOORS for item in behind):
        return []  # *its partner stops deliveries*
    after = [market for item in behind for market in item.markets]
    drop = DETERMINERS[scene.language]
    found = []
    for item in read_items(scene, *chain.noun):
        start, end = item.first, item.after
        while start < end and (start in scene.company_at or scene.words[start] in drop):
            start += 1
        while start < end and (end - 1 in scene.company_at or scene.words[end - 1] in drop):
            end -= 1
        if start < end or item.markets:
            one = _object(scene, item._replace(first=start, after=end))
            found.append(one._replace(markets=one.markets or tuple(after)))
    return found
