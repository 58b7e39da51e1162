"""Links for people without an account: what they open, for how long, and what stays hidden."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from companies import previews
from companies.models import Activity

pytestmark = pytest.mark.django_db


def path(announcement, language="en", **options):
    key, _until = previews.make(announcement, **options)
    return f"/{language}/announcements/preview/{key}/"


@pytest.fixture
def draft(make_announcement):
    return make_announcement(publish=False, title_en="Only for a few", title_fr="Pour quelques-uns")


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [
        ("en", "Only for a few", "Preview: this isn’t public."),
        ("fr", "Pour quelques-uns", "2 "),
    ],
)
def test_a_link_opens_a_draft_for_anybody(client, draft, language, title, said):
    response = client.get(path(draft, language))

    assert response.status_code == 200
    assert title in response.text
    assert said in unescape(response.text)
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "no-store" in response["Cache-Control"]
    assert response.cookies == {}
    assert client.get(f"/{language}/announcements/{draft.public_id}/").status_code == 404


def test_the_page_is_the_readers_own(client, draft):
    preview = client.get(path(draft)).text
    draft.publish()
    page = client.get(f"/en/announcements/{draft.public_id}/").text

    def part(text, start, end):
        return text[text.index(start) : text.index(end, text.index(start))]

    for start, end in (("<h1>", "<section"), ('<h2 id="measures">', "</section>")):
        assert part(preview, start, end) == part(page, start, end)
    assert part(preview, '<h2 id="evidence">', "</section>") == part(
        page, '<h2 id="evidence">', "</section>"
    )


def test_it_shows_what_is_saved_when_it_is_opened(client, draft):
    link = path(draft)
    draft.publish(at=(timezone.now() + timedelta(hours=2)).replace(microsecond=0))
    draft.title_en = "Changed since"
    draft.save()
    draft.amend()

    page = client.get(link).text

    assert "Changed since" in page
    assert "It opens on " in page
    assert "Editions of this record" not in page


def test_once_public_a_link_leads_to_the_page(client, draft):
    link = path(draft)
    draft.publish()
    assert client.get(link)["Location"] == f"/en/announcements/{draft.public_id}/"
    draft.retract(reason_fr="Faux.", reason_en="Wrong.")
    assert client.get(link, follow=True).status_code == 410


@pytest.mark.parametrize("end", ["expired", "withdrawn", "made anew", "deleted"])
def test_a_link_ends(client, draft, end):
    link = path(draft, lasts=timedelta(seconds=-1) if end == "expired" else previews.LASTS)
    if end in ("withdrawn", "made anew"):
        assert client.get(link).status_code == 200
        previews.withdraw(draft)
    if end == "made anew":
        assert client.get(path(draft)).status_code == 200
    if end == "deleted":
        draft.delete()

    answer = client.get(link)

    assert answer.status_code == 410
    assert "Only for a few" not in answer.text
    assert "This preview has ended" in answer.text
    assert 'href="/en/announcements/"' in answer.text
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("forge", ["last", "first", "cut", "nothing", "slash"])
def test_a_link_that_was_changed_leads_nowhere(client, draft, forge):
    link = path(draft)
    start, key = link[: link.index("preview/") + 8], link[link.index("preview/") + 8 : -1]
    forged = {
        "last": key[:-1] + ("A" if key[-1] != "A" else "B"),
        "first": ("A" if key[0] != "A" else "B") + key[1:],
        "cut": key[: len(key) // 2],
        "nothing": "x",
        "slash": "%00",
    }[forge]

    answer = client.get(f"{start}{forged}/")

    assert answer.status_code == 404
    assert "Only for a few" not in answer.text
    assert "This link leads to no preview" in answer.text
    assert answer["Referrer-Policy"] == "no-referrer"


def test_a_link_opens_no_other_announcement(client, draft, make_announcement):
    """The key of one record and the signature of another don't go together."""
    other = make_announcement(publish=False)
    one, two = (previews.make(record)[0].split(":") for record in (draft, other))

    assert client.get(f"/en/announcements/preview/{one[0]}:{two[1]}/").status_code == 404


@pytest.mark.parametrize(
    "hide",
    [
        {"status": "withheld"},
        {"public_from": timezone.now() + timedelta(days=1)},
        {"rights_until": timezone.now() - timedelta(days=1)},
    ],
)
def test_what_readers_may_not_see_is_not_previewed(client, draft, make_article, hide):
    hidden = make_article(headline="Zzhidden piece", **hide)
    draft.evidence.create(
        article=hidden,
        version=hidden.current_version(),
        exact="First paragraph",
        prefix="zzhidden",
        start=0,
    )

    page = unescape(client.get(path(draft)).text)

    assert "zzhidden" not in page.lower()
    assert "First paragraph" not in page
    assert "1 piece of evidence isn’t shown" in page


def test_a_preview_links_to_nothing_that_is_not_public(client, make_company, make_announcement):
    company = make_company(slug="zzcompany")
    brand = make_company(slug="zzbrand", parent=company)
    activity = Activity.objects.create(company=company, name_fr="M", name_en="M", brand=brand)
    draft = make_announcement(
        company, measures=[(activity, "RU", "exit", "announced")], publish=False
    )

    page = client.get(path(draft)).text

    assert "zzcompany" not in page
    assert "zzbrand" not in page


def test_an_editor_makes_and_withdraws_links(admin_client, client, draft, make_user):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = reverse("admin:companies_announcement_preview", args=[draft.pk])
    change = reverse("admin:companies_announcement_change", args=[draft.pk])
    assert f'href="{page}"' in admin_client.get(change).text
    before = draft.history.count()

    made = admin_client.post(page, {"make": ""})

    link = made.context["link"]
    assert f'value="{link}"' in made.text
    assert "It works until " in made.text
    assert client.get(link).status_code == 200
    assert draft.history.count() == before
    admin_client.post(page, {"withdraw": ""})
    assert client.get(link).status_code == 410


def test_previews_are_made_by_those_who_may_change_it(client, draft, make_user):
    client.force_login(make_user(is_staff=True))
    page = reverse("admin:companies_announcement_preview", args=[draft.pk])

    assert client.post(page, {"make": ""}).status_code in (302, 403, 404)
    draft.refresh_from_db()
    assert draft.preview_key == ""
