"""Cards for other sites: what they name, and that nothing else may be framed."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.counting import STATE

pytestmark = pytest.mark.django_db


@pytest.fixture
def announcement(make_announcement, make_company):
    return make_announcement(make_company(slug="nordholz", name="Nordholz & Fils"))


def cards(announcement):
    return [
        f"/en/announcements/{announcement.public_id}/embed/",
        "/en/companies/nordholz/embed/",
    ]


def test_only_cards_may_be_framed(client, announcement):
    others = ["/en/", "/en/companies/nordholz/", "/en/announcements/", "/en/markets/RU/"]
    others += [f"/en/announcements/{announcement.public_id}/", "/api/v1/announcements/"]
    others += [f"/en/announcements/{announcement.public_id}/editions/1/", "/en/nothing/embed/"]
    others += ["/en/companies/nordholz/timeline.svg", "/en/announcements/zzzzzzzzzz/embed/"]

    def ancestors(path):
        policy = client.get(path)["Content-Security-Policy"]
        return re.search("frame-ancestors ([^;]*)", policy)[1], client.get(path).headers.get(
            "X-Frame-Options"
        )

    assert {ancestors(path) for path in cards(announcement)} == {("*", None)}
    assert {ancestors(path) for path in others} == {("'none'", "DENY")}


def test_a_card_keeps_the_rest_of_the_policy(client, announcement):
    for path in cards(announcement):
        policy = client.get(path)["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_a_copy_that_is_still_right_keeps_the_policy_it_came_with(client, announcement):
    """A 304's headers would take the place of the kept ones (RFC 9111, 3.2)."""
    for path in cards(announcement):
        tag = client.get(path)["ETag"]
        again = client.get(path, headers={"If-None-Match": tag})

        assert again.status_code == 304
        assert "Content-Security-Policy" not in again.headers
        assert "X-Frame-Options" not in again.headers


def test_a_card_names_its_day_and_its_edition_and_leads_out_of_the_frame(client, announcement):
    announcement.title_en = "Another title"
    announcement.save()
    edition = announcement.amend(note_fr="a", note_en="a")
    permalink = f'href="/en/announcements/{announcement.public_id}/editions/2/" target="_top"'

    for path in cards(announcement):
        page = client.get(path).text
        assert permalink in page
        assert "edition 2" in page
        assert "<script" not in page
        assert all('target="_top"' in link for link in re.findall("<a [^>]*>", page))
        assert f'datetime="{timezone.localdate(edition.made_at):%Y-%m-%d}' in page


def test_a_company_is_carded_as_of_a_day(client, announcement, make_announcement):
    make_announcement(announcement.company, "2022-05-01", [(None, "RU", "exit", "completed")])

    words = [
        re.findall("<strong>(.*?)</strong>", client.get(f"/en/companies/nordholz/embed/{q}").text)
        for q in ("", "?as_of=2022-03-09", "?as_of=2022-03-01")
    ]

    assert words == [["exited"], ["suspended"], []]


@pytest.mark.parametrize(
    ("language", "clock", "said"),
    [
        ("en", "as_of", "This day hasn't come yet."),
        ("fr", "as_of", "Ce jour n’est pas encore venu."),
        ("en", "known_at", "This moment hasn't come yet."),
        ("fr", "known_at", "Cet instant n’est pas encore venu."),
    ],
)
def test_a_card_of_what_has_not_come_is_refused_in_its_frame(
    client, announcement, language, clock, said
):
    coming = timezone.localdate() + timedelta(days=2)

    for path in cards(announcement):
        answer = client.get(f"{path.replace('/en/', f'/{language}/')}?{clock}={coming}")
        assert (answer.status_code, answer.text) == (400, f"{clock}: {said}\n")
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert not answer.has_header("X-Frame-Options")


def test_a_card_tells_that_it_was_retracted(client, announcement):
    announcement.retract(reason_fr="Erreur.", reason_en="A mistake.")

    answer = client.get(cards(announcement)[0])

    assert (answer.status_code, "A mistake." in answer.text) == (410, True)
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert announcement.title_en not in answer.text


def test_the_code_to_copy_is_whole_and_shows_the_card(client, announcement):
    announcement.title_en = 'It’s "over" <b>'
    announcement.save()
    announcement.amend(note_fr="a", note_en="a")

    for page, card in zip(
        (f"/en/announcements/{announcement.public_id}/", "/en/companies/nordholz/"),
        cards(announcement),
        strict=True,
    ):
        text = client.get(page).text
        code = html.unescape(re.search("<textarea[^>]*>(.*?)</textarea>", text, re.S)[1])
        found = re.fullmatch(
            r'<iframe src="(\S+)" title="([^"]*)" width="100%" height="\d+" '
            r'loading="lazy"></iframe>',
            code,
        )
        assert found[1] == f"http://testserver{card}"
        assert html.unescape(found[2]) in ('It’s "over" <b>', "Nordholz & Fils")


def test_cards_ask_a_fixed_number_of_questions(
    client, announcement, make_announcement, django_assert_num_queries
):
    for count in (1, 3):
        while announcement.company.announcements.count() < count:
            market = "BY" if count == 3 else "RU"
            make_announcement(announcement.company, measures=[(None, market, "exit", "announced")])
        with django_assert_num_queries(4 + STATE):
            client.get("/en/companies/nordholz/embed/")
