"""The pages of the articles."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.facets import SHOWN
from articles.models import Article
from companies.models import Evidence, Mention
from tests.counting import STATE

pytestmark = pytest.mark.django_db


def test_a_list_shows_what_is_public_and_asks_a_fixed_number_of_questions(
    client, make_article, django_assert_num_queries
):
    make_article(headline="Shown piece")
    make_article(headline="Withheld piece", status="withheld")
    queries = 3  # publishers, counts, the page
    with django_assert_num_queries(queries + STATE):
        page = client.get("/fr/articles/").text
    assert ("Shown piece" in page, "Withheld piece" in page) == (True, False)

    make_article()
    make_article()
    with django_assert_num_queries(queries + STATE):
        client.get("/fr/articles/")


def test_a_page_asks_a_fixed_number_of_questions(
    client, make_article, make_company, make_announcement, django_assert_num_queries
):
    article = make_article()
    queries = 9
    for count in (1, 3):
        while article.evidence.count() < count:
            make_announcement(article=article)
            Mention.objects.create(article=article, company=make_company(), status="confirmed")
        with django_assert_num_queries(queries + STATE):
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


def test_a_search_shows_where_the_words_stand(client, make_article):
    make_article(headline="Nike s’en va", body="Rien d’autre.\n\nLes <b>Nike</b> partent.")

    for address in ("/fr/articles/?q=nike", "/fr/search/?q=nike"):
        page = client.get(address).text
        assert "<mark>Nike</mark> s’en va" in page
        assert "Les &lt;b&gt;<mark>Nike</mark>&lt;/b&gt; partent." in page
    assert "<mark>" not in client.get("/fr/articles/").text


def test_a_snippet_says_in_which_language_it_is(client, make_article):
    make_article(headline="A", body="Ela vai.", language="pt", abstract_fr="Elle part.")

    assert 'class="snippet" lang="pt"' in client.get("/fr/articles/?q=vai").text
    assert '<p class="snippet">' in client.get("/fr/articles/?q=part").text


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("", ["In the text", "Nike"]),
        ("&ordering=-published_at", ["In the text", "Nike"]),
        ("&ordering=published_at", ["Nike", "In the text"]),
        ("&ordering=relevance", ["Nike", "In the text"]),
        ("&ordering=headline", ["In the text", "Nike"]),
        ("&ordering=nonsense", ["In the text", "Nike"]),
        ("&ordering=-headline", ["Nike", "In the text"]),
    ],
)
def test_a_reader_chooses_the_order(client, make_article, order, found):
    for days, headline, body in ((2, "Nike", ""), (1, "In the text", "Nike")):
        published = timezone.now() - timedelta(days=days)
        make_article(headline=headline, body=body, published_at=published)

    hits = client.get(f"/fr/articles/?q=nike{order}").context["object_list"]

    assert [article.headline for article in hits] == found
    assert client.get("/fr/articles/?ordering=relevance").status_code == 200


def test_counts_stand_beside_the_filters_and_keep_the_question(
    client, make_article, make_publisher
):
    mine, other_slug = make_publisher(slug="mine", name="Mine"), "other"
    theirs = make_publisher(slug=other_slug, name="Other")
    for year, language, publisher in ((2021, "fr", mine), (2022, "en", mine), (2022, "fr", theirs)):
        make_article(
            headline="Nike",
            publisher=publisher,
            language=language,
            published_at=datetime(year, 6, 1, tzinfo=UTC),
        )
    make_article(headline="Nike", status="withheld", publisher=mine)

    answer = client.get("/fr/articles/?q=nike&page=1")
    said = [
        (title, [(f.label, f.hits, f.query) for f in values])
        for title, values, _rest in answer.context["facets"]
    ]
    year = "q=nike&published_after={0}-01-01&published_before={0}-12-31"
    assert [title for title, _values in said] == ["Éditeur", "Langue", "Année"]
    assert said[0][1][0] == ("Mine", 2, "q=nike&publisher=mine")
    assert said[1][1] == [
        ("Français", 2, "q=nike&language=fr"),
        ("Anglais", 1, "q=nike&language=en"),
    ]
    assert said[2][1] == [("2022", 2, year.format(2022)), ("2021", 1, year.format(2021))]

    for _title, values in said:
        for _label, hits, query in values:
            assert client.get(f"/fr/articles/?{query}").context["paginator"].count == hits
    for words, without in (("q=nike&", "q=nike"), ("", "")):
        page = client.get(f"/fr/articles/?{words}publisher=mine")
        chosen, other = page.context["facets"][0][1]
        assert (chosen.label, chosen.hits, chosen.chosen) == ("Mine", 2, True)
        assert chosen.query == without
        assert (other.hits, other.query, other.chosen) == (
            1,
            f"{words}publisher={other_slug}",
            False,
        )
        address = f"/fr/articles/?{without}"
        assert f'href="{address}" aria-current="true">Mine</a>' in page.text
        [chip] = [chip for chip in page.context["chips"] if chip.value == "Mine"]
        assert chip.query == without


def test_the_form_offers_what_the_list_holds(client, make_article, make_publisher):
    publisher = make_publisher(slug="mine", name="Mine")
    make_article(publisher=publisher, language="fr")
    make_article(publisher=publisher, language="en")
    make_article(publisher=make_publisher(name="Hidden"), status="withheld", language="pt")

    form = client.get("/fr/articles/?language=de").context["filter"].form

    assert form.fields["publisher"].widget.choices == [("", "Tous")]
    assert form.fields["language"].widget.choices == [
        ("", "Tous"),
        ("de", "Allemand (0)"),
        ("en", "Anglais (1)"),
        ("fr", "Français (1)"),
    ]
    form = client.get("/fr/articles/").context["filter"].form
    assert form.fields["publisher"].widget.choices == [("", "Tous"), ("mine", "Mine (2)")]


def test_an_empty_list_says_what_to_try(client, make_article):
    make_article(language="fr")

    page = client.get("/fr/articles/?language=de&q=nothing").text

    assert 'href="/fr/articles/?language=de"' in page and 'href="/fr/articles/?q=nothing"' in page


@pytest.mark.parametrize("order", ["published_at", "-published_at", "headline", "-headline"])
def test_equals_have_one_order_with_words_and_without(client, make_article, order):
    for _ in range(3):
        make_article(headline="Nike", published_at=datetime(2020, 1, 1, tzinfo=UTC))

    for address in ("/fr/articles/", "/api/v1/articles/"):
        with_words, without = (
            re.findall(r"article-\d+", client.get(f"{address}?ordering={order}{words}").text)
            for words in ("&q=nike", "")
        )
        assert list(dict.fromkeys(with_words)) == list(dict.fromkeys(without))
        assert len(set(without)) == 3


def test_what_the_filters_leave_out_is_counted(client, make_article):
    for day in (datetime(1850, 5, 1, tzinfo=UTC), *[datetime(2020, 5, 1, tzinfo=UTC)] * 9):
        make_article(headline="Nike", language="pt", published_at=day)

    page = client.get("/en/articles/?q=nike")

    publishers, years = page.context["facets"]
    assert (len(publishers[1]), publishers[2]) == (SHOWN, "2 from other publishers")
    assert [(f.label, f.hits) for f in years[1]] == [("2020", 9)]  # no filter takes 1850
    assert years[2] == "1 from other years"
    for rest in (publishers[2], years[2]):
        assert page.text.count(f'<li class="meta">{rest}</li>') == 1
    make_article(headline="Nike")
    assert ">Portuguese</a>" in client.get("/en/articles/?q=nike").text


@pytest.mark.parametrize(
    ("order", "present", "other"),
    [
        ("", "Le plus récent d’abord", "Le plus pertinent d’abord"),
        ("&ordering=-published_at", "Le plus récent d’abord", "Le plus pertinent d’abord"),
        ("&ordering=relevance", "Le plus pertinent d’abord", "Le plus récent d’abord"),
    ],
)
def test_the_present_order_is_no_link(client, make_article, order, present, other):
    make_article(headline="Nike")

    page = client.get(f"/fr/articles/?q=nike{order}").text.partition('<p class="count"')[2]

    assert present in page and f"{present}</a>" not in page
    assert f"{other}</a>" in page


@pytest.mark.parametrize("order", ["published_at", "-published_at", "headline", "relevance"])
def test_an_order_is_chosen_by_its_link_and_kept_by_the_form(client, make_article, order):
    make_article(headline="Nike")

    form = client.get(f"/en/articles/?q=nike&ordering={order}").text
    form = form.partition('<form class="filter"')[2].partition("</form>")[0]

    assert f'<input type="hidden" name="ordering" value="{order}"' in form
    assert form.index('name="ordering"') < form.index('id="fields"')  # which is replaced
    assert form.count('name="ordering"') == 1
    assert 'name="ordering"' not in client.get("/en/articles/?q=nike").text
    assert "One of: relevance," in client.get("/en/articles/?ordering=nonsense").text


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/fr/articles/?q=nike", 4),  # publishers, counts, ids, articles
        ("/fr/articles/?q=nike&ordering=relevance&language=fr", 5),  # and counts without it
        ("/fr/articles/?language=fr", 4),
        ("/fr/articles/feed.atom", 1),
        ("/fr/articles/feed.atom?q=nike", 2),
        ("/api/v1/articles/?q=nike", 4),  # counts, ids, articles, companies
    ],
)
def test_a_search_asks_a_fixed_number_of_questions(
    client, make_article, django_assert_num_queries, address, queries
):
    client.get(address)  # PostgreSQL's statistics are read once
    for rows in (1, 3):
        while Article.objects.count() < rows:
            make_article(headline="Nike", language="fr")
        with django_assert_num_queries(queries + STATE):
            client.get(address)


def test_a_page_says_what_the_wire_says_of_rights_and_versions(client, make_article):
    article = make_article(language="und", copyright_holder="Agence Boréale")
    article.keep_late({"headline": "Avant", "standfirst": "", "body": "Un texte d’avant."})
    page = client.get(f"/fr/articles/{article.slug}/").content.decode()
    assert "langue indéterminée" in page and " · © Agence Boréale</dd>" in page
    assert "une version plus ancienne, arrivée après coup" in page
    assert '<h1 lang="und" dir="auto">' in page  # Arabic reads from the right
    assert "Un texte d’avant." not in page


@pytest.mark.parametrize(
    ("ending", "media", "begins"),
    [
        ("bib", "application/x-bibtex; charset=utf-8", "@article{exeunt-cited,"),
        ("ris", "application/x-research-info-systems; charset=utf-8", "TY  - NEWS\r\n"),
        ("json", "application/vnd.citationstyles.csl+json", '[\n  {\n    "id": "cited"'),
    ],
)
def test_an_article_is_cited_with_its_version_and_hash(client, make_article, ending, media, begins):
    article = make_article(slug="cited", headline="A company leaves")
    version = article.current_version()
    page = client.get(article.get_absolute_url()).text

    answer = client.get(f"/fr/articles/cited/cite.{ending}")

    assert f"/fr/articles/cited/cite.{ending}" in page
    assert (answer["Content-Type"], answer.text.startswith(begins)) == (media, True)
    assert "A company leaves" in answer.text and version.sha256 in answer.text
    assert answer["Content-Disposition"] == f'attachment; filename="cited.{ending}"'


@pytest.mark.parametrize("path", ["cited/cite.pdf", "hidden/cite.bib", "nothing/cite.bib"])
def test_what_can_not_be_cited_isnt_found(client, make_article, path):
    make_article(slug="cited")
    make_article(slug="hidden", status="withheld")

    assert client.get(f"/fr/articles/{path}").status_code == 404


def test_a_piece_is_credited_cited_and_led_on_from(client, make_article, make_publisher):
    article = make_article(
        slug="piece",
        publisher=make_publisher(slug="gazette", name="Gazette"),
        byline="Jeanne Martin",
        credit="Agence Boréale",
        image_credit="Photo Nord",
        source_url="https://gazette.example/piece",
    )
    version = article.revise(body="Corrigé.")
    article.corrections.create(
        kind="correction", version=version, note_fr="Mercredi, non mardi.", note_en="Wednesday."
    )

    page = client.get("/fr/articles/piece/").text

    assert "<dd>Jeanne Martin · Agence Boréale</dd>" in page and "<dd>Photo Nord</dd>" in page
    for address in (
        "/fr/publishers/gazette/",
        "/fr/articles/piece/versions/2/",  # the archive's copy, and the correction's wording
        "https://gazette.example/piece",
        "/fr/corrections/suggest/articles/piece/",
        "/fr/articles/piece/cite.bib",
    ):
        assert f'href="{address}"' in page
    assert page.index(" Mercredi, non mardi.") < page.index("<p>Corrigé.</p>")
    assert "http://testserver/fr/articles/piece/versions/2/" in page  # how to cite
    [steps] = re.findall(r'"@type": "BreadcrumbList", "itemListElement": (\[.*?\])', page)
    assert [step["item"] for step in json.loads(steps)] == [
        f"http://testserver/fr/{path}" for path in ("", "articles/", "articles/piece/")
    ]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "author not given"),
        ({"image_credit": "Photo Nord"}, "author not given"),
        ({"copyright_holder": "Agence"}, "author not given · © Agence"),
        ({"credit": "Agence Boréale"}, "Agence Boréale"),
        ({"byline": "Jeanne Martin"}, "Jeanne Martin"),
    ],
)
def test_a_text_without_author_says_so_apart_from_its_picture(client, make_article, fields, text):
    article = make_article(**fields)

    page = client.get(f"/en/articles/{article.slug}/").text

    assert f"<dt>Text</dt><dd>{text}</dd>" in page
    assert page.count("<dd>Photo Nord</dd>") == ("image_credit" in fields)


RIGHTS = (
    "The rights on this piece let us show its headline, publisher, date and link; not its text."
)
NO_TEXT = "The archive holds the headline, not the text."


@pytest.mark.parametrize(
    ("fields", "note", "section", "copy"),
    [
        ({"body": ""}, NO_TEXT, "The headline", "The headline as archived"),
        ({"body": "", "access": "reference"}, NO_TEXT, "The headline", "The headline as archived"),
        ({"access": "reference"}, RIGHTS, "The wording", "The archive’s copy"),
        ({}, None, "The wording", "The archive’s copy"),
    ],
)
def test_a_piece_says_whether_the_archive_holds_its_text(
    client, make_article, fields, note, section, copy
):
    address = f"/en/articles/{make_article(**fields).slug}/"

    pages = [client.get(address).text, client.get(f"{address}versions/1/").text]

    for page in pages:
        assert [said for said in (RIGHTS, NO_TEXT) if said in page] == [note] * bool(note)
    assert f">{copy}</a>" in pages[0] and f'<h2 id="wording">{section}</h2>' in pages[1]


def test_a_passage_of_a_headline_leads_to_it(client, make_article, make_announcement):
    article = make_article(headline="Boréal quitte la Russie", body="", access="reference")
    announcement = make_announcement(article=make_article())
    passage = Evidence(
        announcement=announcement,
        article=article,
        exact="quitte la Russie",
        stance="contradicts",
        speaker="publisher",
    )
    passage.full_clean()
    passage.save()

    page = client.get(f"/en/articles/{article.slug}/").text
    record = client.get(f"/en/announcements/{announcement.public_id}/").text

    assert 'id="announcements">Announcements that it supports or contradicts</h2>' in page
    assert "<strong>Contradicts</strong>: " in page and "in its own words · in its headline" in page
    assert "“quitte la Russie”" in page
    assert f"/en/articles/{article.slug}/#:~:text=quitte%20la%20Russie" in record


@pytest.mark.parametrize(("access", "marked"), [("full", 1), ("extract", 1), ("reference", 0)])
def test_what_rests_on_a_piece_stands_beside_it(
    client, make_article, make_announcement, access, marked
):
    article = make_article(body="Nike arrête en Russie. Rien d’autre.", access=access)
    quoted, told = make_announcement(article=article), make_announcement(article=article)
    make_announcement(article=make_article())  # on another piece
    passage = Evidence(announcement=quoted, article=article, exact="Nike arrête en Russie.")
    passage.full_clean()
    passage.save()

    page = client.get(article.get_absolute_url()).text

    beside = re.findall(r'class="card announcement" id="announcement-(\w+)"', page)
    assert set(beside) == {quoted.public_id, told.public_id}
    assert page.count(f'<span id="passage-{passage.pk}"></span>') == marked
    assert page.count(f'href="#passage-{passage.pk}"') == marked
    assert page.count("<blockquote") == 1  # the quotation stands there whatever the access


def test_a_draft_marks_nothing(client, make_article, make_announcement, make_company):
    article = make_article(body="Nike arrête en Russie.")
    draft = make_announcement(article=article, publish=False, title_fr="Zzdraft")
    passage = Evidence(announcement=draft, article=article, exact="Nike arrête en Russie.")
    passage.full_clean()
    passage.save()
    Mention.objects.create(
        article=article,
        company=make_company(name="Zznike"),
        version=article.current_version(),
        places=[[len(article.headline) + 2, len(article.headline) + 6]],
        status="suggested",
    )

    page = client.get(article.get_absolute_url()).text
    assert [word in page for word in ("passage-", "Zzdraft", "Zznike", 'class="name')] == [
        False
    ] * 4

    draft.publish()
    article.mentions.get().confirm()
    page = client.get(article.get_absolute_url()).text
    assert [word in page for word in ("passage-", "Zzdraft", "Zznike", 'class="name')] == [True] * 4


@pytest.mark.parametrize(("public", "named"), [(True, "Zznike"), (False, "nike")])
def test_a_chip_names_no_company_that_is_not_public(
    client, make_company, make_announcement, public, named
):
    make_announcement(make_company(slug="nike", name="Zznike"), publish=public)

    page = client.get("/fr/articles/?company=nike")

    assert [chip.value for chip in page.context["chips"]] == [named]
    assert ("Zznike" in page.text) is public
