"""A reader's form: what is wrong with a record reaches the desk, without a cookie."""

import re

import pytest
from django.core.cache import cache

from companies.models import CorrectionRequest

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture(autouse=True)
def nobody_counted():
    cache.clear()


@pytest.fixture
def patient(monkeypatch):
    """As if the reader had taken a while to write."""
    monkeypatch.setattr("companies.forms.WRITING", -1)


@pytest.fixture
def announcement(make_announcement):
    return make_announcement()


def path_of(announcement, language="en"):
    return f"/{language}/corrections/suggest/announcements/{announcement.public_id}/"


def send(client, path, *, token=None, headers=None, **data):
    if token is None:
        token = TOKEN.search(client.get(path).text).group(1)
    typed = {"token": token, "text": "It was in June.", **data}
    return client.post(path, typed, headers=headers)


@pytest.mark.parametrize("kind", ["companies", "announcements", "articles"])
def test_it_reaches_the_desk_and_sets_no_cookie(client, announcement, patient, kind):
    article = announcement.evidence.get().article
    key = {
        "companies": announcement.company.slug,
        "announcements": announcement.public_id,
        "articles": article.slug,
    }[kind]
    path = f"/fr/corrections/suggest/{kind}/{key}/"

    sent = send(client, path, source="https://example.org/june", email="reader@example.org")

    assert (sent.status_code, sent["Location"], client.cookies) == (302, f"{path}?sent=1", {})
    asked = CorrectionRequest.objects.waiting().get()
    assert (asked.text, asked.source, asked.email) == (
        "It was in June.",
        "https://example.org/june",
        "reader@example.org",
    )
    abouts = {"companies": announcement.company, "announcements": announcement, "articles": article}
    assert asked.about == abouts[kind]
    assert 'role="status"' in client.get(sent["Location"]).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": ""}, "This field is required."),
        ({"text": "\u200b \n"}, "Say what is wrong."),
        ({"text": "x" * 5_001}, "At most 5000 characters; this has 5001."),
        ({"source": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"homepage": "https://spam.example"}, "was filled in"),
        ({"token": "forged"}, "This page had been open for long."),
        ({"token": ""}, "This page had been open for long."),
    ],
)
def test_what_makes_no_sense_comes_back_with_all_that_was_typed(
    client, announcement, patient, data, said
):
    answer = send(client, path_of(announcement), **{"email": "reader@example.org"} | data)

    assert (answer.status_code, CorrectionRequest.objects.count()) == (200, 0)
    assert said in answer.text
    assert data.get("email", "reader@example.org") in answer.text
    assert data.get("text", "It was in June.").strip("\u200b \n") in answer.text


def test_a_token_is_for_one_record(client, announcement, make_announcement, patient):
    token = TOKEN.search(client.get(path_of(make_announcement())).text).group(1)

    send(client, path_of(announcement), token=token)

    assert not CorrectionRequest.objects.exists()


def test_a_form_that_waited_too_long_can_be_sent_again(client, announcement, patient, monkeypatch):
    with monkeypatch.context() as late:
        late.setattr("companies.forms.LASTS", -1)
        answer = send(client, path_of(announcement))
    token = TOKEN.search(answer.text).group(1)

    again = send(client, path_of(announcement), token=token)

    assert (again.status_code, CorrectionRequest.objects.count()) == (302, 1)


def test_a_machine_is_too_quick(client, announcement):
    answer = send(client, path_of(announcement))

    assert (answer.status_code, CorrectionRequest.objects.count()) == (200, 0)
    assert "That was quick." in answer.text


def test_one_address_sends_ten_an_hour(client, announcement, patient):
    answers = [send(client, path_of(announcement)).status_code for _ in range(11)]

    assert answers == [302] * 10 + [200]
    assert CorrectionRequest.objects.count() == 10


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://testserver", 302), ("https://elsewhere.example", 403), ("null", 403), (None, 302)],
)
def test_another_site_can_not_send_it(client, announcement, patient, origin, status):
    headers = {"Origin": origin} if origin else {}

    assert send(client, path_of(announcement), headers=headers).status_code == status


@pytest.mark.parametrize("kind", ["companies", "announcements", "articles", "users"])
def test_of_what_isnt_public_there_is_no_form(client, make_announcement, kind):
    hidden = make_announcement(publish=False)
    article = hidden.evidence.get().article
    article.withhold()
    key = {"companies": hidden.company.slug, "articles": article.slug}.get(kind, hidden.public_id)

    assert client.get(f"/en/corrections/suggest/{kind}/{key}/").status_code == 404


def test_the_form_is_never_kept(client, announcement):
    assert "no-store" in client.get(path_of(announcement))["Cache-Control"]


def test_an_editor_sees_it_and_answers(admin_client, announcement, client, patient):
    send(client, path_of(announcement), email="reader@example.org")
    asked = CorrectionRequest.objects.get()
    changelist = "/admin/companies/correctionrequest/"

    page = admin_client.get(f"{changelist}{asked.pk}/change/").text
    admin_client.post(changelist, {"action": "accept", "_selected_action": [asked.pk]})

    asked.refresh_from_db()
    assert (asked.status, CorrectionRequest.objects.waiting().count()) == ("accepted", 0)
    assert "It was in June." in page and "reader@example.org" in page
    assert not hasattr(asked.history.first(), "email")
