"""A company named as one types it: found by a slug, by any of its names, or by what is near."""

import re

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.html import escape

from articles import guards
from articles.guards import GUARDS as ARTICLES_GUARDS
from companies.guards import GUARDS as COMPANIES_GUARDS
from companies.models import Company, CompanyName

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(make_company, make_announcement):
    """Slug → a public company, with other names; *orange* is the name of two."""
    found = {}
    for slug, name, others in (
        ("mcdonalds", "McDonald's", ["McDo", "MacDo"]),
        ("coca-cola", "Coca-Cola", ["Coke"]),
        ("coca-cola-hbc", "Coca-Cola HBC", []),
        ("loreal", "L’Oréal", []),
        ("hm", "H&M", []),
        ("orange", "Orange", []),
        ("orange-2", "ORANGE", []),
    ):
        found[slug] = make_company(slug=slug, name=name)
        make_announcement(found[slug])
        for other in others:
            found[slug].names.create(name=other)
    found["hm"].legal_name = "H & M Hennes & Mauritz AB"
    found["hm"].save()
    merged = make_company(slug="mcdonalds-1940", name="Speedee", merged_into=found["mcdonalds"])
    merged.identifiers.create(scheme="ticker", value="NYSE:MCD")
    found["coca-cola"].identifiers.create(scheme="isin", value="US1912161007")
    found["coca-cola"].identifiers.create(scheme="lei", value="UWJFTFRMI0BS0LWGEQ45")
    found["loreal"].identifiers.create(scheme="ticker", value="EURONEXT:ORANGE")
    make_company(slug="hidden", name="Hidden", legal_name="Cachée SA")
    return found


@pytest.mark.parametrize(
    ("typed", "company", "several", "near"),
    [
        ("mcdonalds", "mcdonalds", [], []),  # its slug
        ("mcdonalds-1940", "mcdonalds", [], []),  # that of a record merged into it
        (" macdo ", "mcdonalds", [], []),
        ("Mac Do", "mcdonalds", [], []),
        ("SPEEDEE", "mcdonalds", [], []),
        ("coca cola", "coca-cola", [], []),  # no part of another's name, but the whole of its own
        ("cocacola", "coca-cola", [], []),
        ("coke", "coca-cola", [], []),
        ("l'oreal", "loreal", [], []),
        ("loreal", "loreal", [], []),
        ("H and M", "hm", [], []),
        ("h&m hennes & mauritz ab", "hm", [], []),
        ("hennes", "hm", [], []),  # a part of one name alone
        ("hbc", "coca-cola-hbc", [], []),
        ("coca", None, ["coca-cola", "coca-cola-hbc"], []),
        ("oran", None, ["orange-2", "orange"], []),
        ("Orange", None, ["orange-2", "orange"], []),
        ("Orange (orange-2)", "orange-2", [], []),
        ("mcd", "mcdonalds", [], []),  # its ticker, at whichever exchange
        ("NYSE:MCD", "mcdonalds", [], []),
        ("nasdaq:mcd", None, [], []),
        (" us1912161007 ", "coca-cola", [], []),
        ("uwjftfrmi0bs0lwgeq45", "coca-cola", [], []),
        ("UWJFTFRMI0BS0LWGEQ4", None, [], []),
        ("macdonald", None, [], ["mcdonalds"]),
        ("koka cola", None, [], ["coca-cola", "coca-cola-hbc"]),
        ("Hidden", None, [], []),
        ("hidden", None, [], []),
        ("Cachée", None, [], []),
        ("nothing like it", None, [], []),
        ("-hidden", None, [], []),
        ("!?", None, [], []),
        ("\0", None, [], []),
        ("", None, [], []),
    ],
)
def test_a_company_is_picked(known, typed, company, several, near):
    pick = Company.objects.public().pick(typed)

    assert pick.company == known.get(company)
    assert sorted(c.slug for c in pick.several) == sorted(several)
    assert sorted(c.slug for c in pick.near) == sorted(near)


@pytest.mark.parametrize("slug", ["mcdonalds", "orange", "orange-2"])
def test_what_a_company_is_told_by_picks_it_again(known, slug):
    told = known[slug].told_apart()

    assert (told == known[slug].name) is (slug == "mcdonalds")
    assert Company.objects.public().pick(told).company == known[slug]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cocacola", {"coca-cola"}),
        ("loreal", {"loreal"}),
        ("macdo", {"mcdonalds"}),
        ("speedee", {"mcdonalds"}),
        ("coca -hbc", {"coca-cola"}),
        ("-mcdo", set()),
        ("mcd", {"mcdonalds"}),
        ("Us1912161007", {"coca-cola"}),
        ("-US1912161007", set()),
        ("coca -US1912161007", {"coca-cola", "coca-cola-hbc"}),
        ("orange", {"orange", "orange-2", "loreal"}),
        ("C++", set()),
    ],
)
def test_a_search_finds_a_name_however_it_is_spelled(known, words, found):
    assert {c.slug for c in Company.objects.public().matching(words)} == found


def test_the_names_that_stand_are_folded_and_taken_back(transactional_db, make_company):
    company = make_company(name="Coca-Cola")
    company.names.create(name="L’Oréal")
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    guards.lift(ARTICLES_GUARDS + COMPANIES_GUARDS)  # as `migrate` does

    executor.migrate([("companies", "0017_due_rows")])
    MigrationExecutor(connection).migrate(newest)

    assert [*Company.objects.values_list("folded", "legal_folded")] == [("cocacola", "cocacola")]
    assert [*CompanyName.objects.values_list("folded", flat=True)] == ["loreal"]


LISTS = ["/fr/announcements/", "/en/articles/"]


@pytest.fixture
def mentioned(known, make_article):
    """The same, each named in an article too."""
    for company in known.values():
        make_article().mentions.create(company=company, status="confirmed")
    return known


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("typed", ["Mac Do", "mcdonalds-1940", " mcdonalds"])
def test_a_list_leads_a_name_on_to_the_address_with_the_slug(client, mentioned, path, typed):
    asked = {"company": typed, "q": "", "ordering": "-headline", "page": 2}

    answer = client.get(path, asked, follow=True)

    assert answer.redirect_chain == [(f"{path}?ordering=-headline&company=mcdonalds", 302)]
    assert answer.context["paginator"].count == 1
    assert [chip.value for chip in answer.context["chips"]] == ["McDonald's"]
    assert 'name="company" value="McDonald&#x27;s"' in answer.text
    assert 'data-slug="mcdonalds" data-name="McDonald&#x27;s"' in answer.text


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ("orange!", ["orange", "orange-2"]),
        ("macdonald", ["mcdonalds"]),
        ("<b>nothing", []),
        ("hidden", []),
    ],
)
def test_where_it_is_not_plain_a_list_offers_what_may_be_meant(
    client, mentioned, path, typed, ways
):
    answer = client.get(path, {"company": typed, "ordering": "-headline", "page": ""})

    assert (answer.status_code, answer.context["paginator"].count) == (200, 0)
    told = answer.text.partition('<div class="note">')[2].partition("</div>")[0]
    assert escape(typed) in told and "<b>" not in told
    for slug in ways:
        assert f'<a href="{path}?ordering=-headline&amp;company={slug}">' in told
    assert told.count(f'<a href="{path}') == len(ways)


def test_two_of_a_name_are_told_apart_in_the_form(client, mentioned):
    page = client.get("/fr/announcements/?company=orange-2").text

    assert 'name="company" value="ORANGE (orange-2)"' in page


@pytest.mark.parametrize("typed", ["us1912161007", "UWJFTFRMI0BS0LWGEQ45"])
def test_an_identifier_is_completed_and_found(client, known, typed):
    for path in ("suggestions/", "suggestions/companies/"):
        page = client.get(f"/en/search/{path}?q={typed}").text
        assert re.findall(r'data-slug="([^"]+)"', page) == ["coca-cola"]
    found = client.get(f"/en/search/?q={typed}").context
    assert [company.slug for company, _standings in found["companies"]] == ["coca-cola"]
    assert client.get(f"/en/announcements/?q={typed}").context["paginator"].count == 1


def test_companies_are_compared_by_the_names_that_one_types(client, known):
    path = "/en/companies/compare/"
    asked = {"company": ["coca-cola", "mcdo", "", "Coke", "mcdonalds-1940"], "as_of": "2022-06-01"}

    answer = client.get(path, asked, follow=True)

    there = f"{path}?as_of=2022-06-01&company=coca-cola&company=mcdonalds"
    assert answer.redirect_chain == [(there, 302)]
    assert [c.slug for c in answer.context["chosen"]] == ["coca-cola", "mcdonalds"]
    for slug in ("coca-cola", "mcdonalds"):
        assert f'<input type="hidden" name="company" value="{slug}">' in answer.text
    rest = "as_of=2022-06-01&company=mcdonalds", "as_of=2022-06-01&company=coca-cola"
    assert tuple(chip.query for chip in answer.context["chips"]) == rest


def test_a_name_that_may_be_several_is_asked_about_beside_those_compared(client, known):
    answer = client.get("/en/companies/compare/", {"company": ["hm", "orange!", "hidden"]})

    assert [c.slug for c in answer.context["chosen"]] == ["hm"]
    several, unknown = answer.context["unsure"]
    assert (several["typed"], unknown["typed"]) == ("orange!", "hidden")
    assert {query for _company, query in several["ways"]} == {
        "company=hm&company=orange",
        "company=hm&company=orange-2",
    }
    assert unknown["ways"] == []


def test_what_is_typed_is_completed_by_companies_alone(client, known):
    page = client.get("/en/search/suggestions/companies/?q=mac").text

    assert re.findall(r'data-slug="([^"]+)"', page) == ["mcdonalds"]
    assert page.count('role="option"') == 1
