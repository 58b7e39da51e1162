"""What the search for names suggests, and what it leaves to the editors."""

import pytest

from companies.mentions import all_names, catch_up, pending, recognise
from companies.models import CompanyName, Mention
from companies.recognition import find

BODY = "Après Lumina, Boréal ferme.\n\nOndine reste ouverte."


@pytest.fixture
def companies(make_company):
    return {
        name: make_company(slug=name.lower(), name=name) for name in ("Boréal", "Lumina", "Ondine")
    }


@pytest.fixture
def article(make_article):
    return make_article(headline="Boréal ferme", body=BODY)


def mentions():
    return {
        mention.company.name: (mention.status, mention.role, mention.places, mention.version.number)
        for mention in Mention.objects.select_related("company", "version")
    }


def test_companies_are_suggested_with_their_places(companies, article):
    found = recognise([article])
    assert [mention.company.name for mention in found[article]] == ["Boréal", "Lumina", "Ondine"]
    assert mentions() == {
        "Boréal": ("suggested", "subject", [[0, 6], [28, 34]], 1),
        "Lumina": ("suggested", "peer", [[20, 26]], 1),
        "Ondine": ("suggested", "passing", [[43, 49]], 1),
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("BOREAL, Boréal", ("name", "BOREAL")),
        ("Orange part, l’opérateur Orange aussi", ("near", "Orange")),
        ("Orange, puis ORANGE SA", ("form", "ORANGE")),
        ("Orange (NYSE: XYZ)", ("ticker", "Orange")),
        ("Orange, puis Boréal", ("name", "Boréal")),
        ("Orange (NYSE: ORAN), puis NYSE:ORAN", ("name", "NYSE: ORAN")),
    ],
)
def test_a_suggestion_says_by_which_name_and_why(companies, make_article, text, shown):
    company = companies["Boréal"]
    CompanyName.objects.create(company=company, name="Orange", ambiguous=True)
    company.identifiers.create(scheme="ticker", value="NYSE:ORAN")
    company.identifiers.create(scheme="ticker", value="XYZ")  # no name: it may be any word
    recognise([make_article(headline="Titre", body=text)])
    mention = Mention.objects.get()
    assert (mention.reason, mention.named_as) == shown
    history = mention.history.get()
    assert (history.reason, history.named_as) == shown


def test_a_second_search_changes_nothing(companies, article):
    recognise([article])
    before = mentions(), Mention.history.count()
    recognise([article])
    assert (mentions(), Mention.history.count()) == before


@pytest.mark.parametrize(
    ("status", "body", "left"),
    [
        ("suggested", "Et Lumina ferme.", ("suggested", "passing", [[17, 23]], 2)),
        ("confirmed", "Et Lumina ferme.", ("confirmed", "passing", [[17, 23]], 2)),
        ("rejected", "Et Lumina ferme.", ("rejected", "passing", [[20, 26]], 1)),
        ("suggested", "Plus rien.", None),
        ("confirmed", "Plus rien.", ("confirmed", "passing", [], 2)),
        ("rejected", "Plus rien.", ("rejected", "passing", [[20, 26]], 1)),
    ],
)
def test_an_editors_word_outlives_a_new_version(companies, article, status, body, left):
    recognise([article])
    mention = Mention.objects.get(company=companies["Lumina"])
    mention.status, mention.role = status, "passing"
    mention.save()
    article.revise(body=body)
    recognise([article])
    assert mentions().get("Lumina") == left


def test_what_an_editor_suggested_by_hand_stays(companies, article, make_company):
    other = make_company(name="Unnamed there")
    Mention.objects.create(article=article, company=other)
    recognise([article])
    assert Mention.objects.filter(company=other).exists()


def test_articles_wait_until_their_newest_version_is_searched(companies, article):
    assert list(pending()) == [article]
    assert [list(batch) for batch in catch_up()] == [[article]]
    assert list(pending()) == []
    article.revise(body="Et Lumina ferme.")
    assert list(pending()) == [article]


def test_a_record_merged_twice_over_answers_for_the_last_one(
    make_company, django_assert_num_queries
):
    last = make_company(name="Lumina")
    between = make_company(name="Boreal", merged_into=last)
    first = make_company(name="Vesta", merged_into=between)
    first.names.create(name="Vestale")

    with django_assert_num_queries(4):
        names = all_names()

    text = "Lumina, Boreal, Vesta, Vestale."
    assert [len(found.places) for found in find(text, names).values()] == [4]
    assert list(find(text, names)) == [last.pk]


def test_other_names_and_merged_records_answer_for_the_company(companies, article, make_company):
    lumina = companies["Lumina"]
    CompanyName.objects.create(company=lumina, name="LMN")
    CompanyName.objects.create(company=lumina, name="Lum", ambiguous=True)
    old = make_company(name="Vieux Lumina", legal_name="Lumina et Fils", merged_into=lumina)
    CompanyName.objects.create(company=old, name="VL")
    texts = {"LMN part.": 1, "Lum part.": 0, "VL part.": 1, "Lumina et Fils part.": 1}
    for text, found in texts.items():
        article.revise(headline="Titre", body=text)
        recognise([article])
        assert Mention.objects.filter(company=lumina).count() == found, text
    assert not Mention.objects.filter(company=old).exists()


def test_the_number_of_queries_does_not_grow_with_the_names(
    companies, article, make_company, django_assert_num_queries
):
    recognise([article])
    for number in range(20):
        CompanyName.objects.create(company=make_company(), name=f"Name {number}")
    # mergers, names, other names, tickers, versions; savepoint, lock, companies, mentions, reading,
    # its end
    with django_assert_num_queries(11):
        recognise([article])
