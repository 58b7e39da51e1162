"""The countries that a text names: their names and demonyms in French and English."""

from typing import NamedTuple

from companies.countries import NAMES

# Other names than CLDR's, and those that CLDR writes with an article or a bracket.
OTHERS = {
    "fr": {
        "RU": "Fédération de Russie|Federation de Russie",
        "BY": "Bélarus|Belarus|Bielorussie|Biélorussie",
        "US": "Etats-Unis|États-Unis d’Amérique|USA",
        "GB": "Grande-Bretagne|Angleterre",
        "CN": "Chine populaire|Chine continentale",
        "HK": "Hong Kong|Hong-Kong",
        "MM": "Birmanie|Myanmar",
        "AE": "Emirats arabes unis|Émirats",
        "SA": "Arabie Saoudite|Arabie séoudite",
        "KR": "Corée",
        "TW": "Taiwan|Taïwan",
        "NL": "Hollande",
        "VN": "Vietnam|Viêt-Nam",
        "ZA": "Afrique du Sud",
        "MO": "Macao",
        "CZ": "République tchèque",
        "EG": "Egypte",
        "ET": "Ethiopie",
        "EC": "Equateur",
    },
    "en": {
        "RU": "Russian Federation|the Russian Federation",
        "BY": "Belarus|Byelorussia|Belorussia",
        "US": "United States of America|USA",
        "GB": "Britain|Great Britain|UK|England",
        "CN": "mainland China",
        "HK": "Hong Kong",
        "MM": "Burma|Myanmar",
        "AE": "Emirates|UAE",
        "KR": "Korea",
        "TR": "Turkey|Türkiye|Turkiye",
        "CZ": "Czech Republic",
        "NL": "Holland",
        "BA": "Bosnia|Bosnia and Herzegovina",
        "MO": "Macao|Macau",
        "CD": "DR Congo|Democratic Republic of Congo",
        "CI": "Ivory Coast",
        "SZ": "Swaziland",
    },
}
# Capitals and seats of power that stand for the country only in "the Kremlin's country" and
# the like are left out: "Moscow suspends deliveries" is the state's act, not a market.
EPITHETS = {
    "fr": {"RU": "pays de Vladimir Poutine|pays de Poutine|géant russe de l’Est"},
    "en": {"RU": "country of Vladimir Putin|Putin’s Russia"},
}
# Demonyms: French masculine, feminine where it isn't the masculine with -e; English ones.
DEMONYMS = """
RU russe russe|Russian
BY biélorusse biélorusse|Belarusian Belarussian
UA ukrainien ukrainienne|Ukrainian
CN chinois chinoise|Chinese
US américain américaine|American
GB britannique britannique|British
FR français française|French
DE allemand allemande|German
IT italien italienne|Italian
ES espagnol espagnole|Spanish
PT portugais portugaise|Portuguese
BE belge belge|Belgian
NL néerlandais néerlandaise|Dutch
CH suisse suisse|Swiss
AT autrichien autrichienne|Austrian
PL polonais polonaise|Polish
CZ tchèque tchèque|Czech
SK slovaque slovaque|Slovak Slovakian
HU hongrois hongroise|Hungarian
RO roumain roumaine|Romanian
BG bulgare bulgare|Bulgarian
RS serbe serbe|Serbian
HR croate croate|Croatian
SI slovène slovène|Slovenian Slovene
GR grec grecque|Greek
TR turc turque|Turkish
FI finlandais finlandaise|Finnish
SE suédois suédoise|Swedish
NO norvégien norvégienne|Norwegian
DK danois danoise|Danish
IE irlandais irlandaise|Irish
EE estonien estonienne|Estonian
LV letton lettonne|Latvian
LT lituanien lituanienne|Lithuanian
MD moldave moldave|Moldovan
GE géorgien géorgienne|Georgian
AM arménien arménienne|Armenian
AZ azerbaïdjanais azerbaïdjanaise|Azerbaijani
KZ kazakh kazakhe|Kazakh Kazakhstani
UZ ouzbek ouzbèke|Uzbek
IR iranien iranienne|Iranian
IQ irakien irakienne|Iraqi
SY syrien syrienne|Syrian
IL israélien israélienne|Israeli
LB libanais libanaise|Lebanese
SA saoudien saoudienne|Saudi
AE émirati émiratie|Emirati
QA qatari qatarie|Qatari
EG égyptien égyptienne|Egyptian
MA marocain marocaine|Moroccan
DZ algérien algérienne|Algerian
TN tunisien tunisienne|Tunisian
LY libyen libyenne|Libyan
SN sénégalais sénégalaise|Senegalese
CI ivoirien ivoirienne|Ivorian
ML malien malienne|Malian
NE nigérien nigérienne|Nigerien
NG nigérian nigériane|Nigerian
GH ghanéen ghanéenne|Ghanaian
CM camerounais camerounaise|Cameroonian
KE kényan kényane|Kenyan
ET éthiopien éthiopienne|Ethiopian
ZA sud-africain sud-africaine|South African
ZW zimbabwéen zimbabwéenne|Zimbabwean
SD soudanais soudanaise|Sudanese
IN indien indienne|Indian
PK pakistanais pakistanaise|Pakistani
BD bangladais bangladaise|Bangladeshi
AF afghan afghane|Afghan
LK sri-lankais sri-lankaise|Sri Lankan
MM birman birmane|Burmese
TH thaïlandais thaïlandaise|Thai
VN vietnamien vietnamienne|Vietnamese
MY malaisien malaisienne|Malaysian
SG singapourien singapourienne|Singaporean
ID indonésien indonésienne|Indonesian
PH philippin philippine|Philippine Filipino
JP japonais japonaise|Japanese
KR sud-coréen sud-coréenne|South Korean
KP nord-coréen nord-coréenne|North Korean
TW taïwanais taïwanaise|Taiwanese
HK hongkongais hongkongaise|Hongkonger
MN mongol mongole|Mongolian
AU australien australienne|Australian
NZ néo-zélandais néo-zélandaise|New Zealand
CA canadien canadienne|Canadian
MX mexicain mexicaine|Mexican
BR brésilien brésilienne|Brazilian
AR argentin argentine|Argentine Argentinian
CL chilien chilienne|Chilean
CO colombien colombienne|Colombian
PE péruvien péruvienne|Peruvian
VE vénézuélien vénézuélienne|Venezuelan
CU cubain cubaine|Cuban
NI nicaraguayen nicaraguayenne|Nicaraguan
"""
# A market named before: « dans le pays », "there".
BACK = {
    "fr": [("le", "pays"), ("ce", "pays"), ("du", "pays"), ("ce", "marché"), ("sur", "place")],
    "en": [
        ("the", "country"),
        ("that", "country"),
        ("this", "market"),
        ("that", "market"),
        ("there",),
    ],
}
# Beside these a country is a theatre or a state, no market.
STATE = {
    "fr": frozenset(
        "guerre invasion offensive attaque agression conflit crise situation armée armées "
        "gouvernement président présidente ministre ministère ambassade ambassadeur troupes "
        "soldats forces intervention opération autorités état parlement sanctions sanction "
        "réfugiés diplomatie frontière événements évènements solidarité soutien "
        "bombardements embargo".split()
    ),
    "en": frozenset(
        "war invasion offensive attack aggression conflict crisis situation army government "
        "president minister ministry embassy ambassador troops soldiers forces authorities "
        "state parliament sanctions sanction refugees border events support solidarity "
        "military regime".split()
    ),
}


class Market(NamedTuple):
    first: int  # word
    after: int  # the word after the last
    code: str  # ISO 3166-1 alpha-2; "" where it is the one named before
    demonym: bool


def _split(name):
    return tuple(name.lower().replace("’", " ").replace("'", " ").split())


def _forms(language):
    """First word → [(all words, code, is a demonym)], the longest first."""
    found = {}
    for code, name in NAMES[language].items():
        found[_split(name.split(" (")[0].split(" [")[0])] = (code, False)
    for table in (OTHERS, EPITHETS):
        for code, names in table[language].items():
            found |= {_split(name): (code, False) for name in names.split("|")}
    for line in DEMONYMS.split("\n"):
        if line:
            code, rest = line[:2], line[3:].split("|")
            if language == "fr":
                words = rest[0].split(" ")
                words += [w if w.endswith(("s", "x")) else f"{w}s" for w in words]
                found |= {_split(word): (code, True) for word in words}
            else:
                names = [rest[1]] if rest[1].split(" ")[0] in FIRSTS else rest[1].split(" ")
                found |= {_split(name): (code, True) for name in names}
    for words in BACK[language]:
        found[words] = ("", False)
    starts = {}
    for words in sorted(found, key=len, reverse=True):
        starts.setdefault(words[0], []).append((words, *found[words]))
    return starts


FIRSTS = frozenset("South North Sri New".split())
FORMS = {language: _forms(language) for language in ("fr", "en")}


def find_markets(text, language: str) -> list[Market]:
    """Every country named in a `Text`, in its order, the longest name at one place.

    A country's own name needs a capital, an English demonym too.
    """
    forms, words, found, free = FORMS[language], text.words, [], 0
    for first, word in enumerate(words):
        if word in forms and first >= free:
            for name, code, demonym in forms[word]:
                after = first + len(name)
                if tuple(words[first:after]) == name and (
                    not code
                    or (demonym and language == "fr")
                    or name[0] == "pays"
                    or text.has_capital(first)
                ):
                    found.append(Market(first, after, code, demonym))
                    free = after
                    break
    return found
