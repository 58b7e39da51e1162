"""The pages of the articles."""

import pytest
from django.urls import reverse

from companies.models import Mention

pytestmark = pytest.mark.django_db


def test_a_list_shows_what_is_public_and_asks_a_fixed_number_of_questions(
    client, make_article, django_assert_num_queries
):
    make_article(headline="Shown piece")
    make_article(headline="Withheld piece", status="withheld")
    with django_assert_num_queries(2):
        page = client.get("/fr/articles/").text
    assert ("Shown piece" in page, "Withheld piece" in page) == (True, False)

    make_article()
    make_article()
    with django_assert_num_queries(2):
        client.get("/fr/articles/")


def test_a_page_asks_a_fixed_number_of_questions(
    client, make_article, make_company, make_announcement, django_assert_num_queries
):
    article = make_article()
    queries = 8
    for count in (1, 3):
        while article.evidence.count() < count:
            make_announcement(article=article)
            Mention.objects.create(article=article, company=make_company(), status="confirmed")
        with django_assert_num_queries(queries):
            page = client.get(article.get_absolute_url()).text
        assert page.count('class="card announcement"') == count


@pytest.mark.parametrize(
    ("access", "standfirst", "body"),
    [("full", True, True), ("extract", True, False), ("reference", False, False)],
)
def test_what_rights_allow_is_shown(client, make_article, access, standfirst, body):
    article = make_article(
        access=access,
        standfirst="The standfirst.",
        body="word " * 100 + "\n\nThe last paragraph.",
        abstract_fr="Notre résumé.",
    )

    page = client.get(article.get_absolute_url()).text

    shown = ["Notre résumé." in page, "The standfirst." in page, "The last paragraph." in page]
    assert shown == [True, standfirst, body]


def test_a_subhead_is_a_heading_and_markup_stays_text(client, make_article):
    article = make_article(body="## A subhead\n\n<script>alert(1)</script>", language="en")

    page = client.get(article.get_absolute_url()).text

    assert "<h2>A subhead</h2>" in page
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page


def test_a_headline_says_in_which_language_it_is(client, make_article):
    article = make_article(headline="Amazon suspende vendas", language="pt")

    for address in (reverse("articles:list"), article.get_absolute_url()):
        assert 'lang="pt"' in client.get(address).text


def test_of_a_killed_article_the_notice_is_left(client, make_article):
    article = make_article(headline="A wrong headline", body="A wrong text.")
    address = article.get_absolute_url()
    assert client.get(address).status_code == 200

    article.kill(note_fr="Retiré : faux.", note_en="Withdrawn: wrong.")

    answer = client.get(address)
    assert answer.status_code == 410
    assert "Retiré : faux." in answer.text
    assert "wrong headline" not in answer.text
    assert "wrong text" not in answer.text


@pytest.mark.parametrize("status", ["withheld", "canceled"])
def test_what_is_not_public_is_not_found(client, make_article, status):
    article = make_article()
    assert client.get(article.get_absolute_url()).status_code == 200

    type(article).objects.filter(pk=article.pk).update(status=status)

    assert client.get(article.get_absolute_url()).status_code == 404


def test_a_question_without_sense_is_marked_and_left_aside(client, make_article):
    make_article(headline="Shown all the same")

    answer = client.get("/fr/articles/?published_after=x&utm_source=mail")

    assert answer.status_code == 200
    assert 'class="errorlist"' in answer.text
    assert "Shown all the same" in answer.text


def test_links_to_other_pages_keep_the_questions(client, make_article):
    for _ in range(21):
        make_article(language="fr")

    page = client.get("/fr/articles/?language=fr").text

    assert '<a rel="next" href="?language=fr&amp;page=2">' in page
    assert page.count('<article class="card">') == 20
