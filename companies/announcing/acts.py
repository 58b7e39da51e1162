"""The lexicon: verbs and nouns of withdrawal, for each action, in French and English.

`ACTS` gives for a word form the `Act` that it may be; `GOVERNORS` the verbs and nouns that
stand over an act and say how far it has come, or that it isn't one (*envisage de quitter*).
"""

from typing import NamedTuple

from companies.announcing.verbs import Tense, english, french


class Act(NamedTuple):
    """A word that may tell of a withdrawal, or of its contrary.

    kind: "object" (what is stopped follows), "from" (a market follows: *quitte la Russie*),
    "sell" (a part of the business follows), "stay" (*reste en Russie*), "trade" (what a
    company does every day: an act only under *ne … plus*, *cesser de*, *continuer à*).
    """

    lemma: str
    action: str
    kind: str
    tense: str  # a Tense, or "noun"
    particles: tuple[str, ...] = ()  # words that must follow: *pull out*, *mettre fin à*


NOUN = "noun"
VERBS = {
    "fr": """
exit from quitter déserter disparaître
exit from désengager retirer sortir partir
exit object liquider
exit sell vendre céder revendre transférer
suspend object suspendre interrompre cesser arrêter stopper geler bloquer fermer couper
suspend object désactiver débrancher annuler
scale_back object réduire limiter restreindre diminuer ralentir alléger
resume object reprendre rouvrir relancer redémarrer rétablir réactiver
resume from revenir retourner
continue object poursuivre maintenir conserver garder continuer
continue stay rester demeurer
suspend trade livrer vendre expédier accepter prendre proposer fournir produire fabriquer
suspend trade exporter importer distribuer commercialiser servir assurer desservir exploiter
suspend trade effectuer réaliser ouvrir lancer signer renouveler recruter accueillir
suspend trade opérer exercer investir acheter envoyer enregistrer offrir honorer
""",
    "en": """
exit from leave/leaves/leaving/left exit quit+/quits/quitting/quit depart abandon disappear
exit from withdraw/withdraws/withdrawing/withdrew/withdrawn
exit object divest liquidate terminate
exit sell sell/sells/selling/sold offload transfer+
suspend object suspend halt stop+ cease pause freeze/freezes/freezing/froze/frozen interrupt
suspend object discontinue block close shutter shut/shuts/shutting/shut scrap+ cancel disable
suspend trade allow launch sign renew hire import process/processes/processing/processed
exit object end
scale_back object reduce limit curb downsize trim+ slash restrict curtail
scale_back object cut/cuts/cutting/cut
resume object resume restart reopen relaunch restore
resume from return
continue object continue maintain keep/keeps/keeping/kept retain
continue stay remain stay
suspend trade deliver sell/sells/selling/sold ship+ accept take/takes/taking/took/taken offer
suspend trade supply provide make/makes/making/made produce export import serve operate
suspend trade fly/flies/flying/flew/flown invest buy/buys/buying/bought manufacture distribute
suspend trade do/does/doing/did/done
""",
}
# Particle verbs: the verb's forms, what must follow, action, kind.
PHRASES = {
    "fr": [
        ("mettre", "fin à", "exit", "object"),
        ("mettre", "fin aux", "exit", "object"),
        ("mettre", "fin au", "exit", "object"),
        ("mettre", "un terme à", "exit", "object"),
        ("mettre", "un terme aux", "exit", "object"),
        ("mettre", "un terme au", "exit", "object"),
        ("mettre", "en pause", "suspend", "object"),
        ("mettre", "à l arrêt", "suspend", "object"),
        ("mettre", "sur pause", "suspend", "object"),
        ("mettre", "en veille", "suspend", "object"),
        ("mettre", "en sommeil", "suspend", "object"),
        ("plier", "bagage", "exit", "from"),
        ("plier", "bagages", "exit", "from"),
        ("mettre", "en vente", "exit", "sell"),
        ("baisser", "le rideau", "exit", "from"),
        ("faire", "une croix sur", "exit", "from"),
        ("tirer", "un trait sur", "exit", "from"),
        ("tourner", "le dos à", "exit", "from"),
        ("dire", "adieu à", "exit", "from"),
        ("couper", "les ponts avec", "exit", "from"),
        ("renoncer", "à", "suspend", "object"),
        ("renoncer", "aux", "suspend", "object"),
    ],
    "en": [
        ("pull", "out of", "exit", "from"),
        ("pull", "out", "exit", "from"),
        ("pull", "the plug on", "exit", "object"),
        ("cut/cuts/cutting/cut", "ties with", "exit", "from"),
        ("sever", "ties with", "exit", "from"),
        ("turn", "its back on", "exit", "from"),
        ("walk", "away from", "exit", "from"),
        ("wind/winds/winding/wound", "down", "exit", "object"),
        ("wind/winds/winding/wound", "up", "exit", "object"),
        ("put/puts/putting/put", "up for sale", "exit", "sell"),
        ("phase", "out", "exit", "object"),
        ("scale", "back", "scale_back", "object"),
        ("scale", "down", "scale_back", "object"),
        ("shut/shuts/shutting/shut", "down", "suspend", "object"),
        ("close", "down", "suspend", "object"),
        ("cut/cuts/cutting/cut", "off", "suspend", "object"),
        ("switch", "off", "suspend", "object"),
        ("put/puts/putting/put", "on hold", "suspend", "object"),
        ("cut/cuts/cutting/cut", "back", "scale_back", "object"),
    ],
}
# *n’est plus présent en Russie*
PRESENT = {"fr": "présent présente présents implanté implantée", "en": "present active"}
# *n’est plus disponible en Russie*
AVAILABLE = {"fr": "disponible disponibles accessible accessibles", "en": "available accessible"}
REFLEXIVE = frozenset(["désengager", "retirer"])  # an act only with "se"
NOUNS = {
    "fr": {
        "exit": "retrait départ désengagement sortie cession liquidation vente",
        "suspend": "suspension interruption arrêt gel fermeture",
        "scale_back": "réduction",
        "resume": "reprise réouverture retour",
    },
    "en": {
        "exit": "exit withdrawal departure divestment pullout sale disposal",
        "suspend": "suspension halt freeze closure shutdown pause",
        "scale_back": "reduction",
        "resume": "resumption return reopening",
    },
}

PLAN, BEGIN, FINISH, CONSIDER, CEASE, KEEP, DENY, URGE, SAY = (
    "plan begin finish consider cease keep deny urge say".split()
)
# What stands over an act. A verb in the conditional is CONSIDER whatever it says.
OVER = {
    "fr": {
        PLAN: "annoncer décider prévoir compter vouloir entendre apprêter préparer promettre "
        "engager choisir conclure accepter planifier confirmer déclarer",
        BEGIN: "commencer entamer débuter finir",
        FINISH: "achever terminer finaliser boucler",
        CONSIDER: "envisager étudier songer considérer évaluer examiner",
        CEASE: "cesser arrêter renoncer",
        KEEP: "continuer",
        DENY: "refuser démentir nier exclure écarter rejeter",
        URGE: "ordonner interdire appeler exhorter presser demander inviter sommer menacer "
        "enjoindre",
        SAY: "dire affirmer indiquer préciser assurer expliquer ajouter souligner révéler",
    },
    "en": {
        PLAN: "plan+ intend announce decide pledge vow agree prepare choose/chooses/choosing/chose "
        "opt+ confirm declare promise set/sets/setting/set",
        BEGIN: "begin/begins/beginning/began/begun start",
        FINISH: "complete finish finalise finalize conclude",
        CONSIDER: "consider weigh mull explore examine study contemplate",
        CEASE: "stop+ cease quit/quits/quitting/quit discontinue",
        KEEP: "continue keep/keeps/keeping/kept",
        DENY: "deny refuse reject dismiss",
        URGE: "urge ask press demand pressure call tell/tells/telling/told threaten order",
        SAY: "say/says/saying/said state explain add reveal report",
    },
}
PLANS = {  # nouns that stand over an act
    "fr": {
        **dict.fromkeys("intention projet décision volonté plan point choix".split(), PLAN),
        **dict.fromkeys("possibilité option hypothèse".split(), CONSIDER),
        "processus": BEGIN,
    },
    "en": {
        **dict.fromkeys("plan plans intention intentions decision verge choice".split(), PLAN),
        **dict.fromkeys("possibility option options talks".split(), CONSIDER),
        "process": BEGIN,
    },
}
# Forms that stand over an act without being a verb of the tables.
WORDS_OVER = {
    "fr": {
        **dict.fromkeys("va vont allons allait allaient".split(), PLAN),
        **dict.fromkeys(
            "pourrait pourraient devrait devraient réfléchit réfléchissent".split(), CONSIDER
        ),
        **dict.fromkeys("aurait auraient serait seraient irait envisagerait".split(), CONSIDER),
        **dict.fromkeys("contraint contrainte contraints forcé forcée dû obligé".split(), BEGIN),
        **dict.fromkeys(
            "interdit interdisent interdisait devons doit doivent faut fallait devait devaient "
            "peut peuvent".split(),
            URGE,
        ),
        "si": URGE,
    },
    "en": {
        **dict.fromkeys("will ll going shall about".split(), PLAN),
        **dict.fromkeys("could may might reportedly likely expected".split(), CONSIDER),
        **dict.fromkeys("forced compelled obliged".split(), BEGIN),
        **dict.fromkeys("should must ought if whether can".split(), URGE),
        "would": "would",
        **dict.fromkeys("give gives giving gave given".split(), CEASE),
        **dict.fromkeys("ruled rules ruling".split(), DENY),
    },
}


def _acts(language):
    forms_of = french if language == "fr" else english
    found = {}
    for line in VERBS[language].strip().split("\n"):
        action, kind, *verbs = line.split()
        for verb in verbs:
            for form, tense in forms_of(verb).items():
                act = Act(verb.split("/")[0].removesuffix("+"), action, kind, tense)
                found.setdefault(form, []).append(act)
    for form in PRESENT[language].split():
        found.setdefault(form, []).append(Act("present", "suspend", "trade", Tense.PRESENT))
    for form in AVAILABLE[language].split():
        found.setdefault(form, []).append(Act("available", "suspend", "trade", Tense.PRESENT))
    for verb, particles, action, kind in PHRASES[language]:
        for form, tense in forms_of(verb).items():
            lemma = f"{verb.split('/')[0]} {particles}"
            act = Act(lemma, action, kind, tense, tuple(particles.split()))
            found.setdefault(form, []).insert(0, act)
    for action, nouns in NOUNS[language].items():
        for noun in nouns.split():
            found.setdefault(noun, []).append(Act(noun, action, NOUN, NOUN))
    return found


def _governors(language):
    forms_of = french if language == "fr" else english
    found = {}
    for sense, verbs in OVER[language].items():
        for verb in verbs.split():
            for form, tense in forms_of(verb).items():
                sense_here = CONSIDER if tense == Tense.CONDITIONAL else sense
                found.setdefault(form, (sense_here, tense))
    found |= {word: (sense, NOUN) for word, sense in PLANS[language].items()}
    found |= {word: (sense, "") for word, sense in WORDS_OVER[language].items()}
    return found


ACTS = {language: _acts(language) for language in ("fr", "en")}
GOVERNORS = {language: _governors(language) for language in ("fr", "en")}
