"""The page of each wording: what it shows, to whom, and what a cite leads to."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, Redaction
from tests.counting import STATE

pytestmark = pytest.mark.django_db

LONG = "mot " * 90


def text_of(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_each_wording_has_a_page_with_what_changed(client, make_article):
    article = make_article(
        slug="piece", headline="Before", body="It left on Monday.", language="en"
    )
    version = article.revise(headline="After", body="It left on Tuesday.")
    article.corrections.create(
        kind="correction", version=version, note_fr="Mardi.", note_en="Tuesday it was."
    )

    first, second = (client.get(f"/en/articles/piece/versions/{n}/").text for n in (1, 2))

    assert "It left on Monday." in first and "Tuesday" not in first
    assert "<ins>" not in first and "Read the present wording" in text_of(first)
    assert "It left on Tuesday." in second and version.sha256 in second
    changed = text_of(second).partition("What changed since version 1")[2]
    assert "[taken out:] Monday [end]" in changed and "[put in:] Tuesday [end]" in changed
    assert "Tuesday it was." in second and "Tuesday it was." not in first
    assert "http://testserver/en/articles/piece/versions/2/ (read" in second
    page = client.get("/en/articles/piece/").text
    assert all(f'href="/en/articles/piece/versions/{n}/"' in page for n in (1, 2))


@pytest.mark.parametrize(
    ("access", "in_headline", "in_extract", "behind", "differs"),
    [
        ("full", True, True, True, True),
        ("extract", True, True, False, True),
        ("reference", True, False, False, False),
    ],
)
def test_a_wording_shows_what_rights_allow(
    client, make_article, access, in_headline, in_extract, behind, differs
):
    article = make_article(
        headline="Zzhead",
        standfirst="Zzstand",
        body=f"Zzearly. {LONG}Zzlate.",
        access=access,
    )
    article.revise(body=f"Zznewer. {LONG}Zzafter.")

    pages = [client.get(f"{article.get_absolute_url()}versions/{n}/").text for n in (1, 2)]

    for page, early, late in zip(pages, ("Zzearly", "Zznewer"), ("Zzlate", "Zzafter"), strict=True):
        shown = ["Zzhead" in page, "Zzstand" in page, early in page, late in page]
        assert shown == [in_headline, in_extract, in_extract, behind]
    assert ("<del>" in pages[1], "Zzearly" in pages[1]) == (differs, differs)
    assert ("Zzlate" in pages[1]) is behind


def test_a_late_wording_follows_on_none(client, make_article):
    article = make_article(body="The text.")
    article.keep_late({"headline": "Older", "standfirst": "", "body": "The older text."})

    page = client.get(f"{article.get_absolute_url()}versions/2/").text
    current = client.get(f"{article.get_absolute_url()}versions/1/").text

    assert "The older text." in page and "<ins>" not in page
    assert "n’a jamais été" in page or "it was never the text" in page
    assert "The older text." not in current


def test_a_note_that_came_with_a_file_stays_at_the_desk(client, make_article, make_user):
    article = make_article(editors_note="Zzdesk")
    article.revise(body="New.", note="Zzimported")
    article.revise(body="Newer.", note="Zztyped", by=make_user())

    pages = [client.get(f"{article.get_absolute_url()}versions/{n}/").text for n in (1, 2, 3)]

    shown = [word in "".join(pages) for word in ("Zzdesk", "Zzimported", "Zztyped")]
    assert shown == [False, False, True]


def test_whoever_types_a_note_is_told_that_readers_see_it(admin_client, make_article):
    page = f"/admin/articles/article/{make_article().pk}/change/"

    form = admin_client.get(page, headers={"accept-language": "en"}).text

    assert "Public note on the change" in form
    assert "Readers see it with the version" in form


def hide(article, how):
    fields = {
        "withheld": {"status": "withheld"},
        "embargoed": {"public_from": timezone.now() + timedelta(hours=1)},
        "its rights have ended": {"rights_until": timezone.now() - timedelta(seconds=1)},
    }[how]
    Article.objects.filter(pk=article.pk).update(**fields)


ROUTES = ["", "versions/1/", "versions/2/", "versions/2/cite.bib", "cite.ris"]


@pytest.mark.parametrize("how", ["withheld", "embargoed", "its rights have ended"])
def test_what_is_not_public_is_not_found(client, make_article, how):
    article = make_article(headline="Zzcanary", body="Zzcanary one.", abstract_fr="Zzcanary.")
    article.revise(body="Zzcanary two.")
    addresses = [article.get_absolute_url() + route for route in ROUTES]
    assert all("Zzcanary" in client.get(address).text for address in addresses)
    assert "Zzcanary" in client.get("/fr/articles/feed.atom?q=zzcanary").text

    hide(article, how)

    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, "Zzcanary" in answer.text) == (404, False)
    assert "Zzcanary" not in client.get("/fr/articles/feed.atom").text


def test_of_a_killed_article_no_wording_is_left(client, make_article):
    article = make_article(headline="Zzcanary", body="Zzcanary one.")
    article.revise(body="Zzcanary two.")
    article.kill(note_fr="Retiré : faux.", note_en="Withdrawn: wrong.")

    for route in ("", "versions/1/", "versions/2/", "versions/9/", "versions/1/cite.bib"):
        answer = client.get(article.get_absolute_url() + route)
        assert (answer.status_code, "Zzcanary" in answer.text) == (410, False)
        assert "Retiré : faux." in answer.text and 'href="/fr/corrections/"' in answer.text


def test_a_redacted_wording_says_so(client, make_article):
    article = make_article(headline="Kept", body="Zzcanary.")
    hashed = article.current_version().sha256
    redaction = Redaction.objects.create(article=article, reason="A court asked.")
    article.current_version().blank(redaction)

    page = client.get(f"{article.get_absolute_url()}versions/1/").text

    assert "Zzcanary" not in page and "A court asked." not in page and hashed in page
    assert "raisons juridiques" in page or "legal reasons" in page


@pytest.mark.parametrize("number", ["3", "0", "01x", "-1", "9" * 40])
def test_a_number_that_no_wording_has_is_not_found(client, make_article, number):
    article = make_article()
    article.revise(body="Another.")

    assert client.get(f"{article.get_absolute_url()}versions/{number}/").status_code == 404


def test_a_wording_asks_a_fixed_number_of_questions(
    client, make_article, django_assert_num_queries
):
    article = make_article()
    article.revise(body="Other 0.")
    queries = 5  # the killed, the article, its versions, two texts, corrections
    for more in (0, 3):
        for n in range(more):
            version = article.revise(body=f"Other {n + 1}.")
            article.corrections.create(
                kind="correction", version=version, note_fr="Corrigé.", note_en="Corrected."
            )
        number = article.versions.count()
        with django_assert_num_queries(queries + STATE):
            client.get(f"{article.get_absolute_url()}versions/{number}/")


@pytest.mark.parametrize(("ending", "status"), [("bib", 200), ("json", 200), ("pdf", 404)])
def test_a_wording_is_cited_with_its_own_hash(client, make_article, ending, status):
    article = make_article(slug="cited")
    first = article.current_version()
    article.revise(body="Another.")

    answer = client.get(f"/fr/articles/cited/versions/1/cite.{ending}")

    assert answer.status_code == status
    assert status == 404 or (first.sha256 in answer.text and "/cited/versions/1/" in answer.text)
