"""No page of the admin is heavy, however much a record holds (bytes, not seconds)."""

import re

import pytest

from companies.mentions import recognise
from companies.models import CompanyName
from companies.suggestions import suggest
from tests.forms import typed

HEAVIEST = 300_000  # bytes
MANY = 200


@pytest.fixture
def crowded(make_article, make_company):
    """An article that names two hundred companies and suggests an announcement of each."""
    names = [f"Zorgu{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(MANY)]
    for name in names:
        make_company(name=name)
    said = "{} suspend ses ventes en Russie, a annoncé {} mardi." + " Le texte continue ici." * 10
    article = make_article(body="\n\n".join(said.format(name, name) for name in names))
    recognise([article])
    suggest([article])
    return article


@pytest.fixture
def many_names(make_company):
    company = make_company()
    for number in range(300):
        company.names.create(name=f"Name {number:03}")
    return company


def test_pages_of_a_piece_with_hundreds_of_mentions_are_light(admin_client, crowded):
    form = admin_client.get(f"/admin/articles/article/{crowded.pk}/change/")
    review = admin_client.get(f"/admin/articles/article/{crowded.pk}/review/")

    assert (crowded.mentions.count(), crowded.suggestions.count()) == (MANY, MANY)
    assert len(form.content) < HEAVIEST
    assert len(review.content) < HEAVIEST


def test_every_mention_and_suggestion_is_on_a_page_of_the_review(admin_client, crowded):
    pages = [
        admin_client.get(f"/admin/articles/article/{crowded.pk}/review/", {"list": number})
        for number in range(1, 6)
    ]

    listed = [item.key for page in pages for item in page.context["page"]]
    expected = {f"mention-{mention.pk}" for mention in crowded.mentions.all()}
    expected |= {f"suggestion-{suggestion.pk}" for suggestion in crowded.suggestions.all()}
    assert sorted(listed) == sorted(expected)
    assert [page.context["elsewhere"] for page in pages] == [320] * 5


def test_what_waits_comes_on_the_first_page_and_a_button_leads_back_to_its_page(
    admin_client, crowded
):
    for mention in crowded.mentions.all()[:150]:
        mention.confirm()
    address = f"/admin/articles/article/{crowded.pk}/review/"
    page = admin_client.get(address, {"list": "2"})
    item = page.context["page"][0]

    answer = admin_client.post(
        page.context["decide"],
        {"act": f"{item.kind} {item.record.pk} reject {item.state} {item.stamp}"},
    )

    assert all(item.waits for item in page.context["page"])
    assert answer.url == f"{address}?queue=mentions&list=2#{item.key}"


@pytest.fixture
def many_measures(make_announcement):
    rows = [(f"Shops {number:03}", "RU", "suspend", "announced") for number in range(60)]
    return make_announcement(measures=rows)


def measures_page(many_measures, number):
    return f"/admin/companies/announcement/{many_measures.pk}/change/?measures_page={number}"


def test_an_announcement_with_many_measures_has_a_light_form(admin_client, many_measures):
    answers = [admin_client.get(measures_page(many_measures, number)) for number in (1, 2, 3)]

    assert max(len(answer.content) for answer in answers) < HEAVIEST
    listed = [name for answer in answers for name in re.findall(r"Shops \d{3} · ", answer.text)]
    assert len(set(listed)) == 60


def test_measures_of_other_pages_count_and_stay(admin_client, many_measures):
    address = measures_page(many_measures, 2)
    first = many_measures.measures.order_by("pk").first()
    sent = typed(admin_client.get(address)) | {"note_fr": "Suite.", "note_en": "More."}
    twice = sent | {"measures-0-activity": first.activity_id, "measures-0-market": "Russie"}
    emptied = sent | {f"measures-{number}-DELETE": "on" for number in range(20)}

    refused = admin_client.post(address, twice, headers={"Accept-Language": "en"})
    saved = admin_client.post(address, emptied)

    assert "Two measures name the same activity in the same market" in refused.text
    assert (saved.status_code, many_measures.measures.count()) == (302, 40)


def test_a_company_with_hundreds_of_names_has_a_light_form(admin_client, many_names):
    answer = admin_client.get(f"/admin/companies/company/{many_names.pk}/change/")

    assert len(answer.content) < HEAVIEST


def test_names_are_edited_page_by_page_and_the_others_stay(admin_client, many_names):
    address = f"/admin/companies/company/{many_names.pk}/change/?names_page=2"
    form = admin_client.get(address)
    names = [row.instance.name for row in form.context["inline_admin_formsets"][0].formset.forms]

    answer = admin_client.post(
        address, typed(form) | {"names-0-name": "Renamed", "names-1-DELETE": "on"}
    )

    assert (answer.status_code, len(names)) == (302, 50)
    left = set(many_names.names.values_list("name", flat=True))
    assert left == {f"Name {n:03}" for n in range(300)} - set(names[:2]) | {"Renamed"}


def test_what_others_delete_from_a_page_shifts_no_row_of_it(
    admin_client, client, many_names, django_user_model
):
    client.force_login(django_user_model.objects.create_superuser("other"))
    address = f"/admin/companies/company/{many_names.pk}/change/?names_page=2"
    form = admin_client.get(address)
    CompanyName.objects.filter(name__in=["Name 000", "Name 051"]).delete()

    answer = admin_client.post(address, typed(form) | {"names-0-name": "Renamed"}, follow=True)

    said = [str(message) for message in answer.context["messages"]]
    assert not any("Name 050" in words for words in said)
    assert many_names.names.filter(name="Renamed").exists()
    assert many_names.names.count() == 298


def test_a_look_at_the_names_loses_none_of_another_page(admin_client, many_names, make_article):
    make_article(body="Un mot de Name 299 ici.")
    address = f"/admin/companies/company/{many_names.pk}/change/"
    form = admin_client.get(address)

    answer = admin_client.post(address, typed(form) | {"_names": "1"})

    assert answer.context["losses"] == []
