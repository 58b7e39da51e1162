"""Capitalised words that are no companies: people, cities, institutions, months."""

from babel import Locale
from babel.core import get_global

from articles.search import fold

FIRST_NAMES = frozenset(
    "adam alain albert alberto alex alexander alexandre alexei alexeï alexey alice ali andré "
    "andrea "
    "andrei andreï andrew angela anna anne anthony antoine antonio antony arnaud arthur barack "
    "benjamin bernard bill björn bob boris brad brian brigitte bruno carl carlos caroline "
    "catherine céline charles chloé chris christian christine christophe christopher claire claude "
    "clément daniel david denis didier dmitri dmitry dominique donald doug edouard elisabeth "
    "elizabeth elon emily emma emmanuel éric eric erik étienne eva fabien fabrice florence "
    "françois françoise frank franck frédéric gabriel george georges gérald gérard gilles giorgia "
    "greg guillaume hans hélène henri henry hervé hugo igor ilham irina isabelle ivan jack jacques "
    "james jane jason jean jeff jennifer jérôme jim joachim joe joel john jonathan jordan josé "
    "joseph juan julia julie julien karim karl kate ken kevin klaus larry laura laurence laurent "
    "léa liz louis luc luca lucas luis marc marco margaret maria marie marine mario mark martin "
    "mary mathieu matteo matthew matthieu maxime mehdi michael michel michelle mike mikhail "
    "mohamed mohammed muriel nadia nancy natalia nathalie neil nicolas nicole nikolaï olaf oleg "
    "olga olivia olivier oscar pascal patricia patrick paul pedro peter philip philippe pierre "
    "rachel recep richard rishi robert roger roman romain ronald rudy sabine sam samuel sandrine "
    "sarah scott sean sébastien serge sergei sergueï sergey simon sophie stefan stéphane stephen "
    "steve steven sundar susan sven sylvain sylvie theresa thierry thomas tim tom tony ursula "
    "valérie vera véronique victor victoria vincent viktor vladimir volodymyr warren william "
    "xavier xi yann yves zoé".split()
)
TITLES = frozenset(
    "m mm mme mlle mr mrs ms dr sir lord lady monsieur madame pdg président présidente ministre "
    "premier directeur directrice patron patronne député députée sénateur sénatrice général "
    "colonel maire juge roi reine prince princesse pape analyste économiste professeur chancelier "
    "chancelière gouverneur oligarque fondateur "
    "president minister chairman chairwoman chief executive ceo senator governor king queen pope "
    "judge mayor general secretary chancellor spokesman spokeswoman analyst economist professor "
    "founder oligarch billionaire officer col gen lt sgt captain capitaine".split()
)
INSTITUTIONS = frozenset(
    fold(
        "union commission parlement senat assemblee ministere conseil cour tribunal onu otan "
        "ue omc fmi bce oms kremlin elysee matignon bercy maison etat etats republique federation "
        "gouvernement armee police universite institut ecole fondation association comite agence "
        "ligue ambassade autorite fonds croix-rouge greenpeace amnesty europe afrique asie "
        "amerique occident ouest est nord sud bourse parti jeux coupe championnat olympique "
        "olympiques fc uefa fifa cio nations douma ong brexit covid covid-19 internet dieu noel "
        "paques rouble dollar euro cac parliament senate assembly ministry council court un nato "
        "eu wto imf ecb who house state states republic federation government army university "
        "institute school foundation committee agency league embassy authority fund cross africa "
        "asia america west east north south exchange party games cup championship olympic "
        "olympics duma congress treasury pentagon downing street centrale reuters afp ap "
        "bloomberg interfax tass dpa figaro monde times journal post guardian echos cnn bbc bfm "
        "bfmtv cnbc poutine putin zelensky zelenskyy biden macron trump scholz merz merkel lavrov "
        "erdogan xi obama johnson sunak starmer orban loukachenko lukashenko medvedev medvedev"
    ).split()
)
NOT_NAMES = frozenset(
    # months and days
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre lundi "
    "mardi mercredi jeudi vendredi samedi dimanche january february march april may june july "
    "august september october november december monday tuesday wednesday thursday friday saturday "
    "sunday "
    # what begins a sentence
    "le la les l un une des du de d au aux ce cet cette ces c son sa ses leur leurs notre nos "
    "votre "
    "mon ma mes il elle ils elles on nous vous je j tu qui que quoi dont où qu si et ou ni mais or "
    "car donc à en dans par pour sur sous vers chez avec sans selon après avant depuis pendant "
    "entre contre malgré comme quand lorsque tandis alors ainsi aussi enfin puis ensuite déjà "
    "hier aujourd hui demain ici là plus moins très tout tous toute toutes aucun aucune certains "
    "certaines plusieurs beaucoup personne rien cela ceci celui celle ceux autre autres quelques "
    "chaque parmi face outre grâce dès jusqu seul seule seuls deux trois quatre cinq six dix "
    "the a an this that these those his her its our their my your he she it we they you i who "
    "what which when where while if and or nor but so yet for from in into on at by with without "
    "to of as about after before since during between against despite like unlike under over "
    "there here now then also still already once all some many most several few each every any "
    "no none nobody everyone others other another such both either neither however meanwhile "
    "moreover because although though amid among two three four five six ten according not "
    "companies firms investors business businesses shops stores customers workers people "
    "analysts experts sales exports imports production management president minister chairman "
    "pdg ceo cfo dg m mm mme mr mrs ms dr société groupe group company".split()
)


def _cities():
    """CLDR's cities of time zones in both languages, and a few that give none their name."""
    found = {
        zone["city"]
        for language in ("fr", "en")
        for zone in Locale(language).time_zones.values()
        if "city" in zone
    }
    found |= {zone.split("/")[-1].replace("_", " ") for zone in get_global("zone_territories")}
    return (
        frozenset(map(fold, found))
        | frozenset(
            "washington bruxelles brussels pekin beijing kiev kyiv geneve geneva la haye the hague "
            "saint-petersbourg petersbourg petersburg minsk new york silicon valley francfort "
            "frankfurt munich hambourg hamburg barcelone barcelona milan mumbai delhi new delhi "
            "seattle detroit san francisco boston houston marseille lyon lille toulouse bordeaux "
            "ottawa canberra ankara abou dhabi abu dhabi tel-aviv tel aviv bakhmout bakhmut "
            "donbass "
            "donbas crimee crimea kherson marioupol mariupol kharkiv odessa siberie siberia "
            "californie california texas floride florida".replace("la haye", "la-haye").split()
        )
        | {
            "la haye",
            "the hague",
            "new york",
            "san francisco",
            "new delhi",
            "abou dhabi",
            "abu dhabi",
        }
    )


CITIES = _cities()
