"""A name that is added, changed or removed, and the archive that was searched before."""

import pytest
from django.urls import reverse

from articles.editing.timeline import moment_of
from articles.models import Article
from companies.mentions import (
    BATCH,
    all_names,
    catch_up,
    names_as_they_change,
    names_changed,
    outdated,
    pending,
    recognise,
    recognise_all,
)
from companies.models import CompanyName, Mention
from tests.forms import restoring, typed


@pytest.fixture
def lumina(make_company):
    return make_company(slug="lumina", name="Lumina")


def name(company, text, **fields):
    return CompanyName.objects.create(company=company, name=text, **fields)


def mentions():
    return [*Mention.objects.values_list("article__headline", "company__name", "status")]


@pytest.mark.parametrize(
    ("new", "text"),
    [
        ("Boréal", "Le départ d’Boreal, qu'il dit."),
        ("Boréal", "BOREAL’S shops, l'Bore\u0301al"),
        ("L'Étang", "Chez L’ETANG, L Etang et l'étang."),
        ("O'Hara", "Hier O’Hara."),
        ("O'Hara", "Hier O Hara."),
        ("Coca-Lune", "Le Coca\u2011Lune et le Coca Lune."),
        ("Œuvre & Cœur", "L’OEUVRE & COEUR"),
        ("A&B", "Chez A & B."),
        ("Les Halles “Bleues”", "Aux Halles Bleues, Les Halles “Bleues”."),
        ("Lune.com, Inc.", "Lune.com, Inc. part."),
        ("Sociétés Réunies", "Les Sociétés Réunies."),
        ("E*Lune", "Chez E*Lune."),
        ("月光", "月光 part."),
    ],
)
def test_the_index_tells_the_articles_that_hold_a_new_name(lumina, make_article, new, text):
    article = make_article(headline="Titre", body=text)
    other = make_article(headline="Autre", body="Rien de cela.")
    recognise([article, other])
    name(lumina, new)
    assert names_changed([new]) == [article.pk]
    assert list(pending()) == [article]
    assert [mention.company for batch in catch_up() for mention in batch[article]] == [lumina]


@pytest.mark.parametrize("hidden", [{"status": "withheld"}, {"access": "reference"}])
def test_what_the_public_may_not_read_is_searched_too(lumina, make_article, hidden):
    article = make_article(body="Le groupe Boréal part.", **hidden)
    assert names_changed(["Boréal"]) == [article.pk]


@pytest.mark.parametrize(
    ("status", "left"),
    [
        ("suggested", []),
        ("confirmed", [("A", "Lumina", "confirmed")]),
        ("rejected", [("A", "Lumina", "rejected")]),
    ],
)
def test_a_name_taken_away_takes_its_suggestions_with_it(lumina, make_article, status, left):
    boreal = name(lumina, "Boréal")
    recognise([make_article(headline="A", body="Boréal part.")])
    mention = Mention.objects.get()
    mention.status = status
    mention.save()
    boreal.delete()
    names_changed(["Boréal"])
    assert len([*catch_up()]) == 1
    assert mentions() == left


def test_a_longer_name_gives_its_place_back(lumina, make_company, make_article):
    longer = name(make_company(name="Solano"), "Lumina Bank")
    recognise([make_article(headline="A", body="Lumina Bank part.")])
    assert mentions() == [("A", "Solano", "suggested")]
    longer.delete()
    names_changed(["Lumina Bank"])
    assert len([*catch_up()]) == 1
    assert mentions() == [("A", "Lumina", "suggested")]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("names", [["Boréal"], ["Boréal", "Ondine", "Rien"]])
def test_to_apply_names_takes_a_fixed_number_of_queries(
    lumina, make_article, django_assert_num_queries, count, names
):
    articles = [make_article(body="Boréal et Ondine.") for _ in range(count)]
    recognise(articles)
    with django_assert_num_queries(4):  # savepoint, readings away, keys, its end
        assert names_changed(names) == [article.pk for article in articles]


def test_no_name_concerns_no_article(make_article, django_assert_num_queries):
    make_article()
    with django_assert_num_queries(2):
        assert names_changed([]) == []
    assert names_changed(["…"]) == []


def test_all_articles_are_searched_and_a_stopped_search_goes_on(lumina, make_article):
    for _ in range(BATCH + 2):
        make_article(body="Lumina et Boréal.")
    recognise(Article.objects.all())
    name(lumina, "Boréal")
    names = all_names()
    assert outdated(names).count() == BATCH + 2
    stopped = recognise_all()
    assert len(next(stopped)) == BATCH
    stopped.close()
    assert outdated(names).count() == 2
    assert [len(batch) for batch in recognise_all()] == [2]
    assert [*recognise_all()] == []
    assert {len(mention.places) for mention in Mention.objects.all()} == {2}


def test_a_name_that_comes_during_a_long_search_is_looked_for(lumina):
    names = names_as_they_change()
    first = next(names)
    assert next(names) is first
    name(lumina, "Boréal")
    second = next(names)
    assert second.stamp != first.stamp
    CompanyName.objects.get().delete()
    assert next(names).stamp == first.stamp


def test_a_company_deleted_meanwhile_is_not_suggested(lumina, make_article):
    names = all_names()
    lumina.delete()
    article = make_article(body="Lumina part.")
    assert recognise([article], names) == {article: []}


# --- in the admin ---


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


@pytest.fixture
def save(desk, lumina, django_capture_on_commit_callbacks):
    """Save Lumina's form with some of its fields typed over; returns what the page says."""

    def save(**fields):
        page = reverse("admin:companies_company_change", args=[lumina.pk])
        form = typed(desk.get(page)) | fields
        with django_capture_on_commit_callbacks(execute=True):
            response = desk.post(page, form)
        assert response.status_code == 302
        messages = desk.get(response.url).context["messages"]
        return [str(message) for message in messages if message.level_tag == "info"]

    return save


def named(text, number=0, **fields):
    return {
        "names-TOTAL_FORMS": str(number + 1),
        f"names-{number}-name": text,
        f"names-{number}-kind": "brand",
        **{f"names-{number}-{field}": value for field, value in fields.items()},
    }


@pytest.mark.django_db(transaction=True)  # what is said comes after the commit
def test_a_name_saved_is_found_in_the_archive_at_once(save, make_article, admin_user):
    recognise([make_article(headline="A", body="Boréal part."), make_article()])
    assert save(**named("Boréal")) == ["The names were looked for in 1 article that holds one."]
    assert mentions() == [("A", "Lumina", "suggested")]
    assert Mention.history.get().history_user == admin_user
    # Saved again, and nothing changed.
    assert save() == []
    # Ambiguous from now on: the text shows nothing else.
    assert save(**{"names-0-ambiguous": "on"}) == [
        "The names were looked for in 1 article that holds one."
    ]
    assert mentions() == []
    save(**{"names-0-ambiguous": ""})
    assert mentions() == [("A", "Lumina", "suggested")]
    save(**{"names-0-DELETE": "on"})
    assert mentions() == []


@pytest.mark.django_db(transaction=True)
def test_an_editor_waits_for_the_newest_articles_alone(save, make_article, monkeypatch):
    monkeypatch.setattr("companies.admin.merging.AT_ONCE", 1)
    articles = [make_article(headline=title, body="Boréal part.") for title in "ABC"]
    recognise(articles)
    assert save(**named("Boréal")) == [
        "The names were looked for in 1 article that holds one. "
        "2 older ones follow with the next import, or with manage.py recognise."
    ]
    assert mentions() == [("C", "Lumina", "suggested")]
    assert list(pending().order_by("pk")) == articles[:2]


def test_the_companys_own_name_counts_as_well(save, make_article):
    recognise([make_article(headline="A", body="Boréal part.")])
    save(name="Boréal")
    assert mentions() == [("A", "Boréal", "suggested")]
    save(name="Lumina", legal_name="Boréal")
    assert mentions() == [("A", "Lumina", "suggested")]
    save(legal_name="")
    assert mentions() == []


def test_a_restored_name_is_looked_for(
    save, lumina, desk, make_article, django_capture_on_commit_callbacks
):
    recognise([make_article(headline="A", body="Lumina part.")])
    save(name="Solano")
    assert mentions() == []
    old = lumina.history.last()
    page = reverse(
        "admin:companies_company_simple_history", args=[lumina.pk, moment_of(old.history_date)]
    )
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(page, restoring(desk.get(page)))
    assert mentions() == [("A", "Lumina", "suggested")]


@pytest.mark.parametrize("by_action", [True, False])
def test_a_deleted_company_gives_its_place_back(
    desk, lumina, make_company, make_article, django_capture_on_commit_callbacks, by_action
):
    other = make_company(name="Lumina Bank")
    recognise([make_article(headline="A", body="Lumina Bank part.")])
    page = reverse("admin:companies_company_delete", args=[other.pk])
    data = {"post": "yes"}
    if by_action:
        page = reverse("admin:companies_company_changelist")
        data |= {"action": "delete_selected", "_selected_action": [other.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(page, data)
    assert mentions() == [("A", "Lumina", "suggested")]
