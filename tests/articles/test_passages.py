import re
from collections import Counter, defaultdict
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.passages import (
    ALIKE,
    CONTEXT,
    NotFound,
    Place,
    locate,
    replace,
    says_the_same,
    text_fragment,
)
from articles.wire import NotAnArticle, WireItem, read

SHARED = Path(__file__).resolve().parents[3] / "shared" / "wire"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
SENTENCE = re.compile(r"(?<![^\s])[^.!?\n\s][^.!?\n]{20,}[.!?]?")
DIGITS = re.compile(r"\d+")
BODY = "Amazon a « suspendu »\u00a0l’envoi de produits.\n\nAWS n’accepte plus de clients. 🙂 Fin."


@pytest.mark.parametrize(
    ("words", "start", "exact"),
    [
        ("Amazon", 0, "Amazon"),
        ("  Amazon \n", 0, "Amazon"),
        ("l’envoi de produits", 22, "l’envoi de produits"),
        ("l'envoi de produits", 22, "l’envoi de produits"),
        ('a " suspendu " l\'envoi', 7, "a « suspendu »\u00a0l’envoi"),
        ("produits.  AWS", 33, "produits.\n\nAWS"),
        ("Fin.", 77, "Fin."),
    ],
)
def test_locate(words, start, exact):
    place = locate(BODY, words)

    assert (place.start, place.exact) == (start, exact)
    assert BODY[place.start :].startswith(place.exact)


@pytest.mark.parametrize("near", [0, 11, 22])
def test_words_that_stand_often_are_taken_where_they_were_pointed_at(near):
    body = "C’est dit. C’est dit. C’est dit."

    assert locate(body, "C'est dit.", near).start == near


@pytest.mark.parametrize(("body", "near", "start"), [("Un mot.", 2, 0), ("Un mot.", 99, 0)])
def test_words_that_stand_once_are_found_wherever_one_pointed(body, near, start):
    assert locate(body, "Un mot.", near).start == start


def test_pointing_beside_words_that_stand_often_is_refused():
    with pytest.raises(NotFound):
        locate("Un mot. Un mot.", "Un mot.", 3)


def test_what_stands_around():
    body = "a" * 40 + "passage" + "b" * 40

    assert locate(body, "passage") == Place(40, "passage", "a" * CONTEXT, "b" * CONTEXT)
    assert locate("passage", "passage") == Place(0, "passage", "", "")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Some text", "other words"),
        ("Some text", "some"),
        ("Some text", ""),
        ("Some text", "  "),
        ("", "Some"),
        ("twice and twice", "twice"),
        ("aaa", "aa"),
        ("l’un et l’un", "l'un"),
    ],
)
def test_words_without_one_place_are_refused(body, words):
    with pytest.raises(NotFound):
        locate(body, words)


def test_the_exact_words_win_over_those_that_look_alike():
    assert locate("l’un et l'un", "l'un").start == 8


@given(st.text(st.sampled_from("ab '’«\"\n\u00a0"), max_size=60), st.data())
def test_a_place_always_holds_what_it_names(body, data):
    start = data.draw(st.integers(0, len(body)))
    words = body[start : data.draw(st.integers(start, len(body)))]
    try:
        place = locate(body, words)
    except NotFound:
        return

    end = place.start + len(place.exact)
    assert body[place.start : end] == place.exact
    assert body[: place.start].endswith(place.prefix)
    assert body[end:].startswith(place.suffix)


FR = (
    "Boréal a annoncé mardi une décision attendue.\n\n"
    "L’entreprise a suspendu « toutes ses livraisons » en Russie, où elle emploie 300 personnes. "
    "Le magasin de Moscou fermera jeudi 6 avril.\n\n"
    "Lumina reste ouverte dans les deux pays. Les syndicats demandent une réunion."
)
EN = (
    "Boreal made a long-awaited decision on Tuesday.\n\n"
    "The company has suspended all deliveries to Russia, where it employs 300 people. "
    "Its Moscow store will close on Thursday, April 6.\n\n"
    "Lumina stays open in both countries. The unions ask for a meeting."
)
SUSPENDED = "L’entreprise a suspendu « toutes ses livraisons » en Russie"
CLOSES = "Le magasin de Moscou fermera jeudi 6 avril."
WHOLE = f"{SUSPENDED}, où elle emploie 300 personnes."
HALTED = "The company has suspended all deliveries to Russia"
SHUTS = "Its Moscow store will close on Thursday, April 6."
NEW_PARAGRAPH = "Une première phrase, ajoutée.\n\n"

# words quoted, what the next version replaces by what, what becomes of them, how they read
REVISIONS = {
    "nothing": (FR, SUSPENDED, [], "exact", SUSPENDED),
    "a change elsewhere, of the same length": (
        *(FR, SUSPENDED, [("Les syndicats", "Des syndicats")], "exact", SUSPENDED),
    ),
    "another number in the sentence": (FR, SUSPENDED, [("300", "350")], "exact", SUSPENDED),
    "a paragraph before": (FR, CLOSES, [("Boréal a", f"{NEW_PARAGRAPH}Boréal a")], "moved", CLOSES),
    "an English paragraph before": (EN, SHUTS, [("Boreal", "New.\n\nBoreal")], "moved", SHUTS),
    "blanks that don't break": (
        *(FR, SUSPENDED, [("« toutes", "«\u00a0toutes"), ("ons »", "ons\u00a0»")], "exact"),
        "L’entreprise a suspendu «\u00a0toutes ses livraisons\u00a0» en Russie",
    ),
    "straight apostrophes and quotes": (
        *(FR, SUSPENDED, [("L’", "L'"), ("«", '"'), ("»", '"')], "exact"),
        'L\'entreprise a suspendu " toutes ses livraisons " en Russie',
    ),
    "a paragraph joined": (FR, CLOSES, [(". Le magasin", ".\n\nLe magasin")], "moved", CLOSES),
    "a long sentence moved to the end": (
        *(FR, WHOLE, [(f"{WHOLE} ", ""), ("réunion.", f"réunion.\n\n{WHOLE}")], "moved", WHOLE),
    ),
    "a comma": (
        *(FR, WHOLE, [("Russie, où", "Russie où")], "edited", WHOLE.replace("Russie,", "Russie")),
    ),
    "a misspelling": (
        *(FR, SUSPENDED, [("livraisons", "livraissons")], "edited"),
        SUSPENDED.replace("livraisons", "livraissons"),
    ),
    "quotation marks taken away": (
        *(FR, SUSPENDED, [("« toutes ses livraisons »", "toutes ses livraisons")], "edited"),
        "L’entreprise a suspendu toutes ses livraisons en Russie",
    ),
    "an English misspelling": (
        *(EN, HALTED, [("deliveries", "delliveries")], "edited"),
        HALTED.replace("deliveries", "delliveries"),
    ),
    "an English article": (
        *(EN, HALTED, [("to Russia", "to the Russia")], "edited"),
        HALTED.replace("to Russia", "to the Russia"),
    ),
    # what must never pass by itself
    "another date": (
        *(FR, CLOSES, [("fermera jeudi 6 avril", "fermera jeudi 13 avril")], "changed"),
        "Le magasin de Moscou fermera jeudi 13 avril.",
    ),
    "put off": (
        *(FR, "fermera jeudi 6 avril", [("fermera jeudi 6 avril", "reporté au 13 avril")]),
        *("changed", "reporté au 13 avril"),
    ),
    "another month": (
        *(FR, CLOSES, [("6 avril", "6 août")], "changed", CLOSES.replace("avril", "août")),
    ),
    "another English day": (
        *(EN, SHUTS, [("Thursday", "Tuesday ")], "changed", SHUTS.replace("Thursday", "Tuesday ")),
    ),
    "another English date": (
        *(EN, SHUTS, [("April 6", "April 16")], "changed", SHUTS.replace("April 6", "April 16")),
    ),
    "another figure": (FR, WHOLE, [("300", "30")], "changed", WHOLE.replace("300", "30")),
    "a negation": (
        *(FR, WHOLE, [("a suspendu", "n’a pas suspendu")], "changed"),
        WHOLE.replace("a suspendu", "n’a pas suspendu"),
    ),
    "a negation before the words": (
        *(FR, "suspendu « toutes ses livraisons »", [("a suspendu", "n’a pas suspendu")]),
        *("changed", "suspendu « toutes ses livraisons »"),
    ),
    "an English negation": (
        *(EN, HALTED, [("has suspended", "has not suspended")], "changed"),
        HALTED.replace("has", "has not"),
    ),
    "an English negation before the words": (
        *(EN, "suspended all deliveries", [("has suspended", "hasn't suspended")]),
        *("changed", "suspended all deliveries"),
    ),
    "a doubt": (
        *(EN, HALTED, [("has suspended", "may have suspended")], "changed"),
        HALTED.replace("has", "may have"),
    ),
    "the opposite verb": (
        *(
            EN,
            HALTED,
            [("suspended", "resumed")],
            "changed",
            HALTED.replace("suspended", "resumed"),
        ),
    ),
    "another country": (
        FR,
        WHOLE,
        [("Russie", "Serbie")],
        "changed",
        WHOLE.replace("Russie", "Serbie"),
    ),
    "a word that limits": (
        *(FR, WHOLE, [("suspendu", "suspendu en partie")], "changed"),
        WHOLE.replace("suspendu", "suspendu en partie"),
    ),
    "another tense": (
        *(FR, WHOLE, [("a suspendu", "va suspendre")], "changed"),
        WHOLE.replace("a suspendu", "va suspendre"),
    ),
    "a word that goes on": (
        *(FR, "Lumina reste ouvert", [("ouverte dans", "ouvertement dans")], "changed"),
        "Lumina reste ouvertement",
    ),
    "a sentence taken out": (FR, CLOSES, [(f" {CLOSES}", "")], "gone", None),
    "a paragraph taken out": (EN, HALTED, [(EN.split("\n\n")[1] + "\n\n", "")], "gone", None),
    "the same few words of another company": (
        *(FR, "reste ouverte", [("Lumina reste ouverte dans les deux pays. ", "")]),
        *("gone", None),
    ),
}


@pytest.mark.parametrize(
    ("old", "words", "changes", "state", "now"), REVISIONS.values(), ids=REVISIONS
)
def test_what_becomes_of_a_passage(old, words, changes, state, now):
    new = old
    for before, after in changes:
        assert new.count(before) == 1
        new = new.replace(before, after)

    found = replace(old, new, locate(old, words))

    assert (found.state, found.place and found.place.exact) == (state, now)


QUOTED = "Boréal ferme son usine de Tver."
TWICE = f"Un titre. {QUOTED} Les salariés l’ont appris hier.\n\nLe groupe se tait. Rien de plus."

# the passage is QUOTED in TWICE; a next version → state, how many other places are offered
LOOKALIKES = {
    "a copy elsewhere, the first where it was": (
        f"{TWICE}\n\nÀ lire aussi : une série à Paris. {QUOTED} Abonnez-vous à la lettre du soir.",
        *("exact", 0),
    ),
    "a copy before, the other where it was": (
        f"En bref : {QUOTED} Le titre recule en Bourse cet après-midi encore.\n\n{TWICE}",
        *("moved", 0),
    ),
    "two copies amid new words": (
        f"Alpha bêta gamma. {QUOTED} Delta.\n\nZêta êta thêta. {QUOTED} Iota kappa lambda mu.",
        *("changed", 1),
    ),
    "two copies amid the old words": (
        "\n\n".join(2 * [f"La page entière se répète, par mégarde. {TWICE}"]),
        *("changed", 1),
    ),
    "many copies": (" ".join([QUOTED] * 40), "changed", 9),
    "few words amid new ones": (
        f"Alpha bêta gamma delta epsilon zêta. {QUOTED} Omicron pi rhô sigma tau upsilon phi.",
        *("changed", 0),
    ),
    "corrected in place and quoted in a note": (
        TWICE.replace("Tver", "Toula")
        + f"\n\nRectificatif : nous avions écrit par erreur « {QUOTED} »",
        *("changed", 1),
    ),
    "corrected in place and quoted without a word": (
        TWICE.replace("ferme", "agrandit") + f"\n\nPremière version : {QUOTED} Elle a couru.",
        *("changed", 1),
    ),
    "two new sentences nearly the same": (
        TWICE.replace(QUOTED, "Boréal ferme son usinne de Tver.").replace(
            "Rien de plus.", "Boréal ferme son ussine de Tver."
        ),
        *("changed", 1),
    ),
    "denied in the same sentence": (
        TWICE.replace(QUOTED, "Boréal ferme son usine de Tver, dément la direction."),
        *("changed", 0),
    ),
    "an older sentence that looks alike": (
        TWICE.replace(f"{QUOTED} ", "").replace("Rien", "Lumina ferme son usine de Tver. Rien"),
        *("changed", 0),
    ),
    "another text": ("Tout autre chose, sans rapport aucun.", "gone", 0),
    "no text": ("", "gone", 0),
}


@pytest.mark.parametrize(("new", "state", "others"), LOOKALIKES.values(), ids=LOOKALIKES)
def test_a_passage_is_never_attached_to_a_lookalike(new, state, others):
    found = replace(TWICE, new, locate(TWICE, QUOTED))

    assert (found.state, len(found.others)) == (state, others)
    for there in [found.place, *found.others] if found.place else []:
        assert new[there.start : there.end] == there.exact


def test_a_long_sentence_that_a_note_quotes_is_no_move():
    new = FR.replace("suspendu « toutes", "suspendu « presque toutes")
    new += f"\n\nDans une version du matin, on lisait : « {WHOLE} »"

    found = replace(FR, new, locate(FR, WHOLE))

    assert found.state == "changed"
    assert [there.exact for there in found.others] == [WHOLE]


@needs_shared
def test_nothing_real_is_accepted_with_another_number():
    """Each sentence of real pieces that came in several wordings, looked for in the next."""
    wordings, states = defaultdict(dict), Counter()
    for path in sorted(
        path for name in ("ninjs", "newsml-g2") for path in (SHARED / name).iterdir()
    ):
        with suppress(NotAnArticle):
            for item in read(path.read_bytes()):
                if isinstance(item, WireItem) and item.wire_id:
                    wordings[item.wire_id].setdefault(item.body)
    for old, new in (pair for bodies in wordings.values() for pair in pairwise(bodies)):
        for sentence in SENTENCE.finditer(old):
            place = Place.at(old, *sentence.span())
            found = replace(old, new, place)
            states[found.state] += 1
            if found.state in {"exact", "moved", "edited"}:
                assert DIGITS.findall(found.place.exact) == DIGITS.findall(place.exact)
                assert says_the_same(place.exact, found.place.exact)

    assert states["moved"] > 10 < states["changed"], states


WORDS = st.sampled_from(
    "Boréal ferme suspend ne pas 6 13 avril « » la le. usine\n\n l’ l' x".split(" ")
)
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)


@given(TEXTS, TEXTS, st.data())
def test_an_accepted_place_holds_the_folded_words(old, new, data):
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    if data.draw(st.booleans()):
        new = old[:start] + new + old[start:]  # often the words are still there
    place = Place.at(old, start, end)
    if not place.exact.strip():
        return

    found = replace(old, new, place)

    for there in [found.place, *found.others] if found.place else []:
        assert there == Place.at(new, there.start, there.end)
    if found.state in {"exact", "moved"}:
        assert found.place.exact.translate(ALIKE) == place.exact.translate(ALIKE)
        assert (found.state == "exact") == (found.place.start == start)
    if found.state == "edited":
        assert says_the_same(place.exact, found.place.exact)
        assert numbers(place.exact) == numbers(found.place.exact)
    assert (found.state == "gone") == (found.place is None)


def numbers(text):
    return [word for word in text.split() if word.isdigit()]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("la livraison cesse", "les livraisons cesse", True),
        ("it will stop", "it will stop.", True),
        ("40 %", "40 $", False),
        ("deux pays", "dix pays", False),
        ("en juin 2022", "en juillet 2022", False),
        ("AWS ferme", "IBM ferme", False),
        ("la part quitte", "la part quittera", False),
        ("il quitte", "il quitté", False),
        ("pays", "pays et marchés", False),
    ],
)
def test_what_weighs(a, b, same):
    assert says_the_same(a, b) is same
    assert says_the_same(b, a) is same


@pytest.mark.parametrize(
    ("body", "words", "alone", "fragment"),
    [
        ("Un texte simple.", "texte", True, "texte"),
        ("Coca-Cola, A&B : 5 %.", "Coca-Cola, A&B", True, "Coca%2DCola%2C%20A%26B"),
        ("Elle « part\u00a0».", "« part\u00a0»", True, "%C2%AB%20part%C2%A0%C2%BB"),
        ("Elle part. Elle reste.", "Elle part", False, "Elle%20part,-.%20Elle%20reste."),
        ("Un.\n\nElle part.\n\nDeux.", "Elle part.", False, "Un.-,Elle%20part.,-Deux."),
        (
            f"{'long ' * 9}mots avant le passage cité, et après lui {'long ' * 9}",
            *("le passage cité", False),
            f"{'long%20' * 4}mots%20avant-,le%20passage%20cit%C3%A9,"
            f"-%2C%20et%20apr%C3%A8s%20lui{'%20long' * 3}",
        ),
        (
            "## Titre du bloc\n\nIl part demain.",
            *("## Titre du bloc\n\nIl part demain.", True),
            "Titre%20du%20bloc,Il%20part%20demain.",
        ),
        (
            *(f"Début {'x ' * 200}fin.", f"Début {'x ' * 200}fin.", True),
            "D%C3%A9but%20x%20x%20x%20x,x%20x%20x%20x%20fin.",
        ),
    ],
)
def test_text_fragment(body, words, alone, fragment):
    place = locate(body, words)

    assert text_fragment(place, alone=alone) == f"#:~:text={fragment}"
