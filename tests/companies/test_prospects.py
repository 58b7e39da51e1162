"""What names would match in the archive, before they are saved."""

import pytest
from django.utils import translation

from articles.models import Article
from companies import prospects as module
from companies.mentions import recognise
from companies.models import CompanyName, Mention
from companies.prospects import Loss, Typed, prospects


def look(*names, company=None):
    return prospects([Typed(f"field-{n}", name) for n, name in enumerate(names)], company)


def test_each_name_is_looked_for_by_the_exact_rule(make_article):
    make_article(headline="A", body="Hier, Lumina part.\n\nLumina revient.")
    make_article(headline="B", body="La lumina est une lampe.")
    make_article(headline="C", body="Boréal et d’autres.")
    (lumina, boreal, other), losses = look("Lumina", "Boréal", "Rien de tel")
    assert [each.count for each in (lumina, boreal, other)] == [1, 1, 0]
    with translation.override("en"):
        assert [each.said for each in (lumina, other)] == ["1 article", "0 articles"]
    (example,) = lumina.examples
    assert (example.headline, example.before, example.said, example.after) == (
        "A",
        "Hier, ",
        "Lumina",
        " part.",
    )
    assert losses == []


def test_a_longer_name_of_another_company_keeps_its_place(make_company, make_article):
    make_company(name="Lumina Bank")
    make_article(body="Lumina Bank part.")
    ((lumina,), _losses) = look("Lumina")
    assert lumina.count == 0


def test_an_ambiguous_name_needs_its_context(make_article):
    make_article(body="Le groupe Orange part.")
    make_article(body="Il a vu Orange hier.")
    asked = [Typed("a", "Orange", True)]
    assert prospects(asked)[0][0].count == 1
    assert prospects([Typed("a", "Orange")])[0][0].count == 2


def test_beyond_the_limit_it_says_at_least(make_article, monkeypatch):
    monkeypatch.setattr(module, "LOOKED_AT", 2)
    articles = [make_article(body="Lumina part.") for _ in range(3)]
    ((lumina,), _losses) = look("Lumina")
    assert (lumina.count, lumina.at_least) == (2, True)
    assert [example.article for example in lumina.examples] == [
        article.pk for article in articles[:0:-1]
    ]


def test_a_text_without_end_is_not_read_to_its_end(make_article, monkeypatch):
    monkeypatch.setattr(module, "CHARACTERS", 40)
    make_article(body="Lumina part.")
    make_article(body=f"Lumina part. {'x' * 100}")
    ((lumina,), _losses) = look("Lumina")
    assert (lumina.count, lumina.at_least) == (1, True)


@pytest.mark.parametrize(
    ("name", "texts", "warned"),
    [
        ("Lumina", ["Lumina part."], False),
        ("France", ["La France part."], True),
        ("Russie", [], True),
        ("Jean", [], True),
        ("BP", [], True),
        ("Orange", ["Une orange."] * 3 + ["Orange part."], True),
        ("Match", ["Chez Match Point."] * 2, True),
        ("Lumina", ["Chez Lumina SA."] * 2, False),
    ],
)
def test_what_may_be_ambiguous_is_said(make_article, name, texts, warned):
    for text in texts:
        make_article(headline="Titre", body=text)
    ((found,), _losses) = look(name)
    assert bool(found.warnings) is warned
    ((found,), _losses) = prospects([Typed("a", name, True)])
    assert found.warnings == []


def test_another_company_that_has_the_name_is_named(make_company):
    other = make_company(name="Luminà")
    own = make_company(name="Lumina")
    ((found,), _losses) = look("LUMINA", company=own)
    assert found.bearers == [other]


def test_what_goes_with_a_name_is_said(make_company, make_article):
    lumina = make_company(name="Lumina")
    CompanyName.objects.create(company=lumina, name="Boréal")
    for title in ("A", "B", "C"):
        make_article(headline=title, body="Boréal part.")
    make_article(headline="D", body="Boréal et Lumina partent.")
    recognise(Article.objects.all())
    Mention.objects.get(article__headline="C").confirm()
    _found, losses = look("Lumina", company=lumina)
    assert losses == [Loss("Boréal", suggested=2, confirmed=1)]
    assert Mention.objects.count() == 4


@pytest.mark.parametrize(
    "name",
    [
        '"',
        "*",
        "NEAR(a b)",
        'Lu" OR "mina',
        "x" * 300,
        "…",
        "\0",
        "AND",
        "-",
        "a" * 60 + " b" * 120,
    ],
)
def test_hostile_names_find_nothing_and_fail_nowhere(make_article, name):
    make_article()
    found, _losses = look(name)
    assert [each.count for each in found] in ([], [0])


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_a_fixed_number_of_queries(
    make_company, make_article, django_assert_num_queries, count
):
    company = make_company(name="Lumina")
    for number in range(count):
        make_company(name=f"Ondine {number}")
        make_article(body=f"Boréal {number} et Ondine {number}.")
    names = [name for n in range(count) for name in (f"Boréal {n}", f"Ondine {n}")]
    with django_assert_num_queries(12):
        found, losses = look(*names, company=company)
    assert [each.count for each in found] == [1] * 2 * count
    assert [len(each.bearers) for each in found] == [0, 1] * count
    assert [loss.name for loss in losses] == ["Lumina"]
