import pytest
from django.urls import reverse


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def page_of(desk, article, **asked):
    return desk.get(reverse("admin:articles_article_versions", args=[article.pk]), asked)


@pytest.fixture
def article(make_article):
    article = make_article(headline="Nike part", body="Nike ferme lundi.\n\nRien de plus.")
    article.revise(body="Nike ferme mardi.\n\nRien de plus.", note="the day")
    article.revise(headline="Nike s’en va", body="Nike ferme mardi.\n\nRien de plus.")
    article.keep_late({"headline": "Nike", "standfirst": "", "body": "Nike ferme."})
    return article


@pytest.mark.parametrize(
    ("asked", "old", "new", "changed"),
    [
        ({}, 2, 3, ["Headline"]),
        ({"old": "1", "new": "2"}, 1, 2, ["Text"]),
        ({"old": "1"}, 1, 3, ["Headline", "Text"]),
        ({"old": "3", "new": "1"}, 3, 1, ["Headline", "Text"]),
        ({"old": "2", "new": "2"}, 2, 2, []),
        ({"old": "4", "new": "1"}, 4, 1, ["Headline", "Text"]),
        ({"old": "x", "new": "9" * 30}, 2, 3, ["Headline"]),
    ],
)
def test_any_two_versions_are_compared(desk, article, asked, old, new, changed):
    response = page_of(desk, article, **asked)

    found = response.context
    assert (found["old"].number, found["new"].number) == (old, new)
    assert [label for label, _found in found["parts"]] == changed


def test_words_are_marked_and_late_versions_say_so(desk, article):
    page = page_of(desk, article, old="1", new="2").content.decode()

    assert "Nike ferme<del> lundi</del><ins> mardi</ins>." in page
    assert page.count("came in late") == 1
    assert "the day" in page


@pytest.mark.parametrize("revised", [0, 2])
def test_versions_take_a_fixed_number_of_queries(
    desk, make_article, django_assert_num_queries, revised
):
    article = make_article()
    for number in range(revised):
        article.revise(body=f"Wording {number}.")
    with django_assert_num_queries(4 + (revised > 0)):
        page_of(desk, article)


def test_a_redacted_version_says_so(desk, article):
    article.redact("A court’s order.")

    page = page_of(desk, article).content.decode()

    assert "One of these was redacted" in page
    assert "lundi" not in page
