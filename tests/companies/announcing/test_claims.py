"""What companies announce in a text. All sentences are invented but for the founding piece,
which is read where it lies."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.announcing import Claim, Measure, find_claims
from companies.announcing.claims import STAGES
from companies.announcing.newcomers import find_newcomers
from companies.models.measure import Action, Stage
from companies.recognition import Names, find

SHARED = Path(__file__).parents[4] / "shared"
NAMES = Names(
    (company, name, False)
    for company, name in enumerate(
        ["Zorblax", "Lumina", "Ondine", "Verdan"],
    )
)


def claims(text, language="fr", headline="", names=NAMES):
    places = {c: one.places for c, one in find(f"{headline}\n\n{text}", names).items()}
    return find_claims(headline, text, language, places)


def rows(text, language="fr", headline=""):
    return [
        (claim.company, m.activity, m.market, m.action, m.stage)
        for claim in claims(text, language, headline)
        for m in claim.measures
    ]


def test_a_claim_has_its_passage_and_its_reason():
    text = "Il pleut. Zorblax suspend ses ventes en Russie et en Biélorussie. Il neige."

    assert claims(text) == [
        Claim(
            company=0,
            passages=((10, 65),),
            measures=(
                Measure("ventes", "RU", "suspend", "announced", 0),
                Measure("ventes", "BY", "suspend", "announced", 0),
            ),
            speaker="publisher",
            hearsay=False,
            reason="suspend · RU; suspend · BY",
        )
    ]
    assert text[10:65] == "Zorblax suspend ses ventes en Russie et en Biélorussie."


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        # Markets go to the activities that the grammar gives them.
        (
            "fr",
            "Zorblax suspend ses ventes et ses livraisons en Russie, et ferme ses cafés en Iran.",
            [
                (0, "ventes", "RU", "suspend", "announced"),
                (0, "livraisons", "RU", "suspend", "announced"),
                (0, "cafés", "IR", "suspend", "announced"),
            ],
        ),
        (
            "fr",
            "« Nous n’accepterons plus de nouveaux clients en Russie et en Biélorussie ni de "
            "nouveaux vendeurs », dit Zorblax.",
            [
                (0, "nouveaux clients", "RU", "suspend", "announced"),
                (0, "nouveaux clients", "BY", "suspend", "announced"),
                (0, "nouveaux vendeurs", "RU", "suspend", "announced"),
                (0, "nouveaux vendeurs", "BY", "suspend", "announced"),
            ],
        ),
        # The market named before.
        (
            "en",
            "Zorblax sells lamps in Iran. The firm said it would leave the country.",
            [(0, "", "IR", "exit", "announced")],
        ),
        # Peers are no subjects.
        (
            "fr",
            "Après Lumina, Ondine et Verdan, au tour de Zorblax d’annoncer son retrait de Russie.",
            [(0, "", "RU", "exit", "announced")],
        ),
        (
            "en",
            "Zorblax will, like Lumina, stop selling lamps in Russia.",
            [(0, "lamps", "RU", "suspend", "announced")],
        ),
        # The same activity told twice, once more exactly: it stands once.
        (
            "fr",
            "Zorblax ne livrera plus en Russie. « Nous avons suspendu l’expédition de lampes en "
            "Russie », précise la société.",
            [(0, "expédition de lampes", "RU", "suspend", "in_effect")],
        ),
        # A past told in passing doesn't hide the news.
        (
            "en",
            "Zorblax, which suspended its operations in Russia in March, is leaving Russia.",
            [(0, "", "RU", "exit", "announced")],
        ),
    ],
)
def test_measures(language, text, found):
    assert rows(text, language) == found


NOUS = "« Nous suspendons nos ventes en Russie »"
AFTER = "Lumina aussi a fermé ses cafés, rappelle un analyste."
BEFORE = "Lumina closed its cafes."


@pytest.mark.parametrize(
    ("language", "headline", "text"),
    [
        # Somebody else acts, and the known company is named later.
        (
            "fr",
            "Ventes : Barlane s’arrête",
            f"Barlane a parlé mardi. {NOUS}, dit le groupe.\n\n{AFTER}",
        ),
        ("fr", "", f"{NOUS}, a déclaré mardi Barlane.\n\n{AFTER}"),
        ("fr", "", f"{NOUS}, a déclaré sa directrice, Ana Roux.\n\n{AFTER}"),
        ("fr", "Barlane quitte la Russie", f"La société suspend ses ventes en Russie.\n\n{AFTER}"),
        (
            "en",
            "",
            "“We are suspending sales in Russia,” Barlane said.\n\nLumina closed its cafes, too.",
        ),
        # Nobody is named before it.
        ("fr", "La guerre", f"Le groupe suspend ses ventes en Russie.\n\n{AFTER}"),
        ("fr", "", f"{NOUS}, explique-t-on.\n\n{AFTER}"),
        ("en", "", "The company is suspending sales in Russia.\n\nLumina closed its cafes, too."),
        # Somebody else acts after the known company did.
        ("fr", "", f"{AFTER}\n\nBarlane s’est exprimé à son tour. {NOUS}, dit la société."),
        ("fr", "", f"{AFTER}\n\nBarlane a suivi mardi. Elle suspend ses ventes en Russie."),
        ("fr", "", f"{AFTER}\n\nLe patron de Barlane a annoncé suspendre ses ventes en Russie."),
        ("fr", "", f"{AFTER}\n\n{NOUS}, a dit Ana Roux, patronne de Barlane."),
        (
            "en",
            "",
            f"{BEFORE}\n\n“We suspend sales in Russia,” said Ana Roux, Barlane’s chief executive.",
        ),
        (
            "en",
            "",
            f"{BEFORE} Barlane, a maker of lamps, followed on Monday. It suspends sales in Russia.",
        ),
    ],
)
def test_what_an_unknown_company_does_is_no_known_one_s(language, headline, text):
    assert rows(text, language, headline) == []


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("", f"{AFTER}\n\n{NOUS}, a dit Ana Roux, patronne de la société."),
        ("", f"{NOUS}, a dit Ana Roux, patronne de Lumina."),
        ("", f"{NOUS}, explique-t-on chez Lumina."),
        ("Lumina s’arrête", f"La guerre dure. {NOUS}, a dit la patronne, Ana Roux."),
        ("", f"Lumina a parlé. Ana Roux s’est exprimée mardi : {NOUS}."),
        ("", "Lumina a parlé. La firme de Barlane suspend ses ventes en Russie."),
    ],
)
def test_people_and_places_with_unknown_names_are_no_companies(headline, text):
    assert rows(text, "fr", headline) == [(1, "ventes", "RU", "suspend", "announced")]


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("fr", "Zorblax ferme ses 32 boutiques en Russie.", ["boutiques"]),
        (
            "fr",
            "Zorblax ferme ses 1 200 boutiques et douze cafés en Russie.",
            ["boutiques", "cafés"],
        ),
        ("fr", "Zorblax ferme trente-deux de ses boutiques en Russie.", ["boutiques"]),
        ("fr", "Les 32 boutiques de Zorblax en Russie sont fermées.", ["boutiques"]),
        ("en", "Zorblax closes its 1,200 shops in Russia.", ["shops"]),
        ("en", "Zorblax closes all 847 of its restaurants in Russia.", ["restaurants"]),
        ("en", "Zorblax’s three shops in Russia are closed.", ["shops"]),
        # A part isn't the whole business, and some names are numbers.
        ("en", "Zorblax closes its three units in Russia.", ["three units"]),
        ("en", "Zorblax suspends 20 Minutes deliveries in Russia.", ["20 Minutes deliveries"]),
    ],
)
def test_a_count_is_no_part_of_a_name(language, text, named):
    assert [activity for _company, activity, *_rest in rows(text, language)] == named


def test_the_company_s_own_words_on_its_activities_go_before_a_headline_on_all():
    text = "Zorblax s’explique.\n\n« Nous suspendons nos ventes en Russie », dit la société."

    assert rows(text, headline="Zorblax quitte la Russie") == [
        (0, "ventes", "RU", "suspend", "announced")
    ]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("fr", "Zorblax quitte la Russie et ferme ses cafés.", [("", "RU")]),
        ("fr", "Zorblax quitte la Russie. La firme y ferme 12 points de vente.", [("", "RU")]),
        ("en", "Zorblax will close its shops in Russia and leave Russia.", [("", "RU")]),
        (
            "en",
            "Zorblax is leaving Russia. It will close its shops in Belarus.",
            [("", "RU"), ("shops", "BY")],
        ),
        (
            "en",
            "Zorblax is leaving Russia. It has suspended online sales in Russia.",
            [("", "RU"), ("online sales", "RU")],
        ),
        (
            "fr",
            "Zorblax suspend ses activités en Russie et ferme ses cafés en Russie.",
            [("", "RU"), ("cafés", "RU")],
        ),
    ],
)
def test_shops_closed_by_whoever_leaves_are_no_second_measure(language, text, found):
    assert [row[1:3] for row in rows(text, language)] == found


def test_the_sentence_on_the_shops_of_whoever_leaves_is_one_more_passage():
    text = "Zorblax quitte la Russie. Zorblax ferme ses cafés en Russie."
    [claim] = claims(text)

    assert [text[slice(*passage)] for passage in claim.passages] == [text[:25], text[26:]]
    assert [measure.passage for measure in claim.measures] == [0]


def test_what_the_headline_alone_says_rests_on_the_first_sentence_that_names_the_company():
    [claim] = claims(
        "Il pleut. C’est une page de l’histoire de Zorblax.", headline="Zorblax quitte la Russie"
    )

    assert claim.passages == ((10, 50),)
    assert [(m.market, m.action) for m in claim.measures] == [("RU", "exit")]


@pytest.mark.parametrize(
    ("text", "speaker", "hearsay"),
    [
        ("Zorblax suspend ses ventes en Russie.", "publisher", False),
        ("« Nous suspendons nos ventes en Russie », dit Zorblax.", "company", False),
        ("Selon le ministre, Zorblax suspend ses ventes en Russie.", "other", False),
        ("Zorblax pourrait suspendre ses ventes en Russie.", "publisher", True),
        ("Zorblax suspend ses ventes en Russie, selon des sources.", "publisher", True),
    ],
)
def test_whose_words(text, speaker, hearsay):
    [claim] = claims(text)

    assert (claim.speaker, claim.hearsay) == (speaker, hearsay)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Zorblax verlässt Russland."),
        ("fr", "Zorblax quitte l’indice vedette à Londres."),
        ("fr", "Zorblax suspend ses ventes."),
        ("fr", "Zorblax vend des lampes en Russie."),
        ("fr", "Zorblax doit quitter la Russie."),
        ("en", ""),
    ],
)
def test_nothing_to_record(language, text):
    assert claims(text, language) == []


def test_without_a_company_nothing_is_looked_for():
    assert find_claims("", "La firme suspend ses ventes en Russie.", "fr", {}) == []


def test_a_subheading_is_no_passage():
    assert claims("## Zorblax quitte la Russie\n\nIl pleut.") == []


def test_the_words_of_actions_and_stages_are_the_records_own():
    assert list(STAGES) == Stage.values
    found = {m.action for text in ACTIONS for claim in claims(text) for m in claim.measures}
    assert found == set(Action.values)


MARKS = [*", . ; : « » ( ) ? - ’".split(), '"', "\n\n", "\n\n## "]
VOCABULARY = {
    "fr": "Zorblax Lumina la le firme elle nous qui que et ne pas plus a est sera suspend suspendu "
    "quitte quitter vendre annonce dément pourrait ses ventes livraisons en Russie Biélorussie "
    "russe pays marché Le Prime Video de à pour après comme retrait ni tour mettre fin",
    "en": "Zorblax Lumina the firm it we which that and not no longer has is will suspends "
    "suspended leave leaving sell said denies may its sales shipments in Russia Belarus Russian "
    "country market The Prime Video of to for after like exit nor turn pull out cut open",
}


@pytest.mark.parametrize("language", ["fr", "en"])
@given(data=st.data())
@settings(max_examples=150)
def test_whatever_is_said_a_claim_is_well_formed(language, data):
    words = [*VOCABULARY[language].split(), *MARKS]
    text = " ".join(data.draw(st.lists(st.sampled_from(words), max_size=60)))

    found = claims(text, language, headline="Zorblax")
    find_newcomers("", text, language, {})

    assert len({claim.company for claim in found}) == len(found)
    for claim in found:
        assert all(0 <= start < end <= len(text) for start, end in claim.passages)
        assert list(claim.passages) == sorted(set(claim.passages))
        told = [(measure.activity, measure.market) for measure in claim.measures]
        assert told and len(set(told)) == len(told)
        assert {m.passage for m in claim.measures} == set(range(len(claim.passages)))
        assert all(m.activity in f"Zorblax\n\n{text}" for m in claim.measures)


ACTIONS = [
    "Zorblax quitte la Russie.",
    "Zorblax suspend ses ventes en Russie.",
    "Zorblax réduit sa production en Russie.",
    "Zorblax gèle ses investissements en Russie.",
    "Zorblax reprend ses ventes en Russie.",
    "Zorblax reste en Russie.",
]


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "« nous suspendons ",
        '"we leave Russia" ',
        "Zorblax quitte la Russie, ",
        "Zorblax, qui quitte la Russie, ",
        "en Russie et ",
        "Zorblax quitte la Russie. ",
        "«»«".replace("»", ". »"),
        "-a",
        "a-",
        "\n\n\n",
        ").",
        "Zorblax et ",
        "annonce vouloir ",
    ],
)
def test_work_grows_with_the_text_and_not_faster(unit):
    """Four times the text takes about four times the steps, whatever is repeated."""
    steps = [_steps(unit * size) for size in (400, 1_600)]

    assert steps[1] <= 5 * steps[0] + 2_000


def _steps(text):
    """How many lines of the rules are run."""
    text = f"Zorblax quitte la Russie. {text}"
    places = {c: one.places for c, one in find(f"\n\n{text}", NAMES).items()}
    lines = 0

    def trace(frame, event, _argument):
        nonlocal lines
        lines += event == "line"
        return trace if "announcing" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        find_claims("", text, "fr", places)
        find_newcomers("", text, "fr", places)
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent: no founding piece")
def test_the_founding_piece_gives_eight_measures_for_amazon_and_none_for_the_others():
    headline, _blank, _caption, *paragraphs = (
        (SHARED / "seed" / "000_1d372549272fe198.txt").read_text().strip().split("\n")
    )
    companies = ["Amazon", "AWS", "Prime Video", "McDonald's", "Starbucks", "Nike", "Coca-Cola"]
    names = Names((name, name, False) for name in [*companies, "Netflix"])

    [claim] = claims("\n\n".join(filter(None, paragraphs)), "fr", headline, names)

    assert (claim.company, claim.speaker, claim.hearsay) == ("Amazon", "company", False)
    assert [(m.activity, m.market, m.action, m.stage) for m in claim.measures] == [
        ("expédition de produits de détail", "RU", "suspend", "in_effect"),
        ("expédition de produits de détail", "BY", "suspend", "in_effect"),
        ("nouveaux clients AWS", "RU", "suspend", "announced"),
        ("nouveaux clients AWS", "BY", "suspend", "announced"),
        ("vendeurs tiers Amazon", "RU", "suspend", "announced"),
        ("vendeurs tiers Amazon", "BY", "suspend", "announced"),
        ("accès à Prime Video", "RU", "suspend", "announced"),
        ("commandes pour New World", "RU", "suspend", "announced"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("fr", "Nike a annoncé jeudi qu'il quittait la Russie.", "company"),
        ("fr", "Nike a indiqué avoir suspendu ses ventes en Russie.", "company"),
        ("en", "Nike said it will stop shipments to Russia.", "company"),
        ("en", "Nike will stop shipments to Russia, Nike said.", "company"),
        ("fr", "Nike quitte la Russie.", "publisher"),
        ("fr", "Le ministre a annoncé que Nike quittait la Russie.", "other"),
    ],
)
def test_whose_words_it_is_told_in(language, text, speaker):
    places = {1: [(2 + n, 6 + n) for n in range(len(text)) if text.startswith("Nike", n)]}

    (claim,) = find_claims("", text, language, places)

    assert claim.speaker == speaker


def test_what_is_done_on_the_side_is_no_activity():
    text = "Nike a suspendu de son côté la livraison de produits en Russie."

    (claim,) = find_claims("", text, "fr", {1: [(2, 6)]})

    assert [measure.activity for measure in claim.measures] == ["livraison de produits"]
