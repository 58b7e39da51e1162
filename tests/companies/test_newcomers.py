"""Names that nobody knows yet, one record for the whole archive."""

import pytest
from django.core.exceptions import ValidationError

from companies.mentions import recognise
from companies.models import CompanyName, Newcomer, Perusal, Sighting
from companies.suggestions import catch_up, pending, suggest

LEAVES = "{} quitte la Russie."


@pytest.fixture
def make_piece(make_article):
    """An article that was searched for names and looked through."""

    def make(*names, **fields):
        body = "\n\n".join([*map(LEAVES.format, names), "Un mot à la fin."])
        article = make_article(headline="Un titre", body=body, language="fr", **fields)
        look([article])
        return article

    return make


def look(articles):
    recognise(articles)
    suggest(articles)


def seen():
    """(name, status, articles, example) of each."""
    rows = Newcomer.objects.order_by("pk").for_listing()
    return [(each.name, each.status, each.articles, each.example) for each in rows]


def test_a_name_is_one_record_however_it_is_written(make_piece):
    piece = make_piece("Vesta", "Lumina")
    make_piece("VESTA")
    make_piece("Vésta")
    assert seen() == [
        ("Vesta", "open", 3, "Vésta quitte la Russie."),
        ("Lumina", "open", 1, "Lumina quitte la Russie."),
    ]
    sighting = Sighting.objects.get(article=piece, newcomer__name="Vesta")
    text = f"{piece.headline}\n\n{piece.body}"
    assert text[sighting.start : sighting.end] == "Vesta"
    assert (sighting.version, sighting.count) == (piece.current_version(), 1)
    assert "quitte" in sighting.reason
    for newcomer in Newcomer.objects.all():
        assert newcomer.history.get().history_type == "+"


def test_a_second_search_changes_nothing(make_piece):
    piece = make_piece("Vesta")
    before = seen(), Newcomer.history.count(), Sighting.objects.get().pk
    Perusal.objects.all().delete()
    look([piece])
    assert (seen(), Newcomer.history.count(), Sighting.objects.get().pk) == before


def test_sightings_follow_the_text(make_piece):
    piece = make_piece("Vesta", "Lumina")
    piece.revise(body=f"Un mot devant. {LEAVES.format('Lumina')}")
    look([piece])
    assert [row[2] for row in seen()] == [0, 1]
    assert [each.name for each in Newcomer.objects.open()] == ["Lumina"]
    assert Sighting.objects.get().version.number == 2


def test_a_name_that_a_company_has_is_not_unknown(make_piece, make_company):
    company = make_company(name="Vesta")
    CompanyName.objects.create(company=company, name="Orange", ambiguous=True)
    piece = make_piece("Vesta", "Orange", "Lumina")
    assert [row[0] for row in seen()] == ["Lumina"]
    piece.mentions.get().reject()  # another Vesta, and no unknown one
    assert list(pending()) == [piece]
    list(catch_up())
    assert [row[0] for row in seen()] == ["Lumina"]


def test_a_rejected_name_is_not_unknown_in_a_later_wording(make_piece, make_company):
    company = make_company(name="Vesta")
    CompanyName.objects.create(company=company, name="Vesta Energia")
    piece = make_piece("Vesta", "Lumina")
    piece.mentions.get(company=company).reject()

    piece.revise(body="Un mot devant.\n\nVesta quitte la Russie. Vesta Energia quitte l’Ukraine.")
    look([piece])

    assert not Newcomer.objects.filter(name__startswith="Vesta").exists()
    assert piece.mentions.get(company=company).status == "rejected"


def test_an_editors_word_holds_for_the_whole_archive(make_piece, make_user):
    make_piece("Vesta")
    user, newcomer = make_user(), Newcomer.objects.get()
    newcomer.dismiss(by=user)
    newcomer.dismiss(by=user)
    make_piece("Vesta")
    assert (seen()[0][1:3], list(Newcomer.objects.open())) == (("dismissed", 2), [])
    newcomer.reopen(by=user)
    assert list(Newcomer.objects.open()) == [newcomer]
    told = [(each.status, each.history_user) for each in newcomer.history.order_by("history_id")]
    assert told == [("open", None), ("dismissed", user), ("open", user)]


@pytest.mark.parametrize("known_as", ["Vesta", "VESTA", "Lumina"])
def test_a_settled_name_is_the_companys(make_piece, make_company, make_user, known_as):
    piece, user = make_piece("Vesta"), make_user()
    newcomer = Newcomer.objects.get()
    old = make_company(name="Old", merged_into=make_company(name=known_as))
    newcomer.settle(old, by=user)
    newcomer.settle(old, by=user)
    assert (newcomer.status, newcomer.company.name) == ("settled", known_as)
    names = newcomer.company.names.values_list("name", flat=True)
    assert list(names) == (["Vesta"] if known_as == "Lumina" else [])
    with pytest.raises(ValidationError, match="Vesta"):
        newcomer.dismiss()
    look([piece])
    assert (seen()[0][2], piece.mentions.get().company) == (0, newcomer.company)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_names(
    make_article, count, django_assert_num_queries
):
    articles = [
        make_article(body="\n\n".join(LEAVES.format(f"Vesta{letter}{n}") for letter in "ab"[:n]))
        for n in range(1, count + 1)
    ]
    recognise(articles)
    # changes, mentions, mergers, versions; savepoint, lock, versions, decided, evidence, open
    # ones, ambiguous names; newcomers, new ones, whose history, that of the new ones;
    # sightings, new ones, perusals, its end
    with django_assert_num_queries(19):
        suggest(articles)
    assert Newcomer.objects.count() == min(count, 1) + (count > 1) * 4
