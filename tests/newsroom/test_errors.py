"""What can't be answered is said in the site's style, in the reader's language."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import translation

from newsroom import errors

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "title"), [("/fr/nowhere/", "Page introuvable"), ("/en/nowhere/", "Page not found")]
)
def test_a_wrong_address_says_where_to_go(client, path, title):
    answer = client.get(path)

    assert answer.status_code == 404
    assert f"<h1>{title}</h1>" in answer.text and "site.css" in answer.text
    language = path[1:3]
    for place in ("", "search/", "companies/", "announcements/", "articles/", "corrections/"):
        assert f'href="/{language}/{place}"' in answer.text


def test_a_form_from_elsewhere_is_refused_in_style(client, make_article):
    address = f"/fr/corrections/suggest/articles/{make_article().slug}/"
    assert client.get(address).status_code == 200

    answer = client.post(address, headers={"origin": "https://elsewhere.example"})

    assert answer.status_code == 403
    assert answer.text.count("<h1>") == 1 and "site.css" in answer.text


def test_a_form_without_its_token_is_told_so():
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a"})

    assert answer.status_code == 403
    assert answer.text.count("<h1>") == 1 and "site.css" in answer.text
    assert "CSRF" not in answer.text


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/admin/companies/company/add/?article=1", "add/?article=1"),
        ("https://elsewhere.example/admin/", "add/"),
        ("", "add/"),
    ],
)
def test_a_form_of_the_desk_whose_session_ended_leads_back_to_itself(admin_user, referer, back):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(admin_user)
    address = "/admin/companies/company/add/"

    answer = client.post(address, {"name": "Boréal"}, headers={"referer": referer})

    assert answer.status_code == 403
    assert "session of this form has ended" in answer.text and "“Bring it back”" in answer.text
    assert f'href="/admin/companies/company/{back}"' in answer.text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_errors_ask_the_database_nothing(django_assert_num_queries, language):
    request = RequestFactory().get(f"/{language}/nowhere/")
    with translation.override(language), django_assert_num_queries(0):
        answers = [
            errors.not_found(request, None),
            errors.forbidden(request, PermissionDenied()),
            errors.form_refused(request, "no token"),
            get_resolver().resolve_error_handler(500)(request),
        ]

    assert [answer.status_code for answer in answers] == [404, 403, 403, 500]
    assert all(b"site.css" in answer.content for answer in answers)


def test_a_failure_is_told_in_both_languages(client, monkeypatch):
    client.raise_request_exception = False
    # A view that fails as any may: its template is gone.
    monkeypatch.setattr("newsroom.views.About.template_name", "newsroom/gone.html")

    answer = client.get("/en/about/")

    assert answer.status_code == 500
    assert 'lang="en"' in answer.text and "Une erreur s’est produite" in answer.text


def test_a_retracted_announcement_leads_to_the_log(client, make_announcement):
    announcement = make_announcement()
    announcement.retract(reason_fr="Faux.", reason_en="Wrong.")

    answer = client.get(announcement.get_absolute_url())

    assert (answer.status_code, "Faux." in answer.text) == (410, True)
    assert "<main" in answer.text and 'href="/fr/corrections/"' in answer.text
