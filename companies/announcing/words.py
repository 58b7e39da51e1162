"""Small words of French and English, by what they do in a clause."""


def both(french: str, english: str) -> dict[str, frozenset[str]]:
    """Language → its words, each from one string with blanks."""
    return {"fr": frozenset(french.split()), "en": frozenset(english.split())}


HAVE = both(
    "a ont avait avaient aura auront ai avons ayant avoir avez eu vient viennent venons venait",
    "has have had having ve",
)
BE = both(
    "est sont était étaient été être sera seront sommes étant fut furent soit",
    "is are was were been be being",
)
NOT = both(
    "pas jamais aucun aucune nullement",
    "not never no cannot don doesn didn won hasn haven isn aren wasn weren wouldn nor against",
)
NO_MORE = both("plus", "longer")
YET = both("encore", "yet")
# What may stand between a subject and its verb.
ADVERBS = both(
    "ne n se s y en aussi également déjà donc ainsi désormais toujours encore enfin bien tout "
    "juste "
    "aujourd hui hier lundi mardi mercredi jeudi vendredi samedi dimanche à son tour leur même "
    "elle "
    "tous toutes deux en effet provisoirement au moins t",
    "also now already still then just too today yesterday t re once both all so first even soon "
    "since do does did monday tuesday wednesday thursday friday saturday sunday instead likewise "
    "in "
    "turn therefore",
)
NOT_ADVERBS = frozenset(
    "gouvernement document établissement événement moment investissement abonnement parlement "
    "équipement paiement mouvement segment département traitement lancement désengagement "
    "supply family assembly reply italy company july".split()
)
DETERMINERS = both(
    "le la les l un une des du de d son sa ses leur leurs nos notre ce cette ces cet mon tout "
    "toute "
    "tous toutes aucun aucune quelque quelques certains certaines plusieurs ensemble totalité "
    "quasi autres autre chaque",
    "the a an its their our his her this that these those all any some every each no of "
    "both entire whole several certain other s",
)
COUNTS = both(  # beside digits
    "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt "
    "trente quarante cinquante soixante cent cents mille dizaine dizaines douzaine vingtaine "
    "trentaine quarantaine cinquantaine soixantaine centaine centaines millier milliers environ",
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred "
    "hundreds thousand thousands dozen dozens about around nearly",
)
COORDINATION = both("et ou ni puis", "and or nor then")
CONTRAST = both("mais", "but")
RELATIVE = both("qui", "which who that")
THAT = both("que qu", "that")
THIRD = both("elle il elles ils", "it they")
PLURAL = frozenset("ils elles they".split())
FIRST = both("nous on je j", "we i")
POSSESSIVE = both("son sa ses leur leurs", "its their")
OURS = both("notre nos", "our")
# After these a name is no subject.
BEFORE_A_PEER = both(
    "de d du des à au aux chez comme après avec contre pour par sur dans en vers selon sauf "
    "instar outre avant que qu et ou entre parmi sans depuis voire",
    "of to at for from like after with against by on in into than as unlike before and or "
    "following among without including via alongside",
)
# A definite noun like these stands for the company that acted last.
COMPANY_NOUNS = both(
    "firme société groupe compagnie entreprise géant géante constructeur fabricant enseigne chaîne "
    "marque distributeur banque assureur multinationale opérateur éditeur plateforme équipementier "
    "brasseur pétrolier armateur industriel leader mastodonte transporteur conglomérat avionneur "
    "cimentier chimiste laboratoire cabinet maison mère start-up studio concern raffineur "
    "producteur logisticien énergéticien hôtelier motoriste horloger maroquinier voyagiste "
    "filiale branche division antenne direction mondial numéro",
    "company firm group giant maker carmaker automaker chain retailer brand bank insurer brewer "
    "operator manufacturer corporation conglomerate platform publisher airline supplier producer "
    "developer studio lender distiller miner shipper carrier franchise multinational "
    "subsidiary unit arm division branch management board titan behemoth",
)
# Whoever speaks or acts for a company.
PROXIES = both(
    "pdg patron patronne directeur directrice dg porte-parole parole président présidente "
    "dirigeant dirigeante fondateur responsable",
    "ceo chief boss spokesman spokeswoman spokesperson chairman chairwoman chair executive "
    "president founder head officials",
)
# Whoever speaks of a company without being it.
OUTSIDERS = both(
    "actionnaire actionnaires investisseur investisseurs client clients cliente salarié salariés "
    "syndicat syndicats élu élus militant avocat association associations réfugié",
    "shareholder shareholders investor investors customer customers employee employees union "
    "unions campaigner campaigners lawyer refugee lawmakers",
)
STATESMEN = both(
    "ministre ministère gouvernement kremlin président sénateur député commission analyste "
    "analystes expert experts ong militants économiste premier",
    "minister ministry government kremlin senator lawmaker analyst analysts expert experts "
    "activists economist official prime",
)
