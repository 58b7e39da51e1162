"""The pages of companies, announcements and markets."""

import json
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone, translation

from companies.models import Activity, Announcement, Assessment, Mention
from companies.placements import place
from companies.wording import sentences, unchecked
from tests.counting import STATE
from tests.moments import known_now

pytestmark = pytest.mark.django_db

AMAZON = [
    (activity, market, "suspend", "in_effect")
    for activity, markets in (
        ("Retail shipments", "RU BY"),
        ("New AWS customers", "RU BY"),
        ("New third-party sellers", "RU BY"),
        ("Prime Video", "RU"),
        ("Orders for New World", "RU"),
    )
    for market in markets.split()
]


@pytest.fixture
def amazon(make_company):
    return make_company(slug="amazon", name="Amazon")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/fr/companies/amazon/",
            "Le 8 mars 2022, Amazon a annoncé suspendre cinq activités, "
            "dont trois sur deux marchés (huit mesures).",
        ),
        (
            "/en/companies/amazon/",
            "On 8 March 2022, Amazon announced it was suspending five activities, "
            "three of them in two markets (eight measures).",
        ),
        (
            "/en/",
            "On 8 March 2022, Amazon announced it was suspending five activities, "
            "three of them in two markets (eight measures).",
        ),
    ],
)
def test_a_reader_learns_what_was_suspended_and_who_says_so(
    client, amazon, make_announcement, make_article, make_publisher, path, said
):
    bfm = make_publisher(name="BFM Business")
    make_announcement(amazon, measures=AMAZON, article=make_article(publisher=bfm))

    page = client.get(path).text

    assert said in page
    assert "<strong>BFM Business</strong>" in page
    assert ("qui relaie l’entreprise" if path.startswith("/fr") else "relaying the company") in page


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        (
            [(None, "RU", "suspend", "announced")],
            ["announced it was suspending the whole business (Russia)."],
        ),
        (
            [("Cafés", "RU", "resume", "announced")],
            ["announced it was resuming one activity, “Cafés” (Russia)."],
        ),
        (
            [
                ("Cafés", "RU", "scale_back", "announced"),
                ("Shops", "RU", "scale_back", "announced"),
            ],
            ["announced it was scaling back two activities (Russia)."],
        ),
        (
            [("Cafés", "RU", "suspend", "announced"), ("Shops", "BY", "suspend", "announced")],
            ["announced it was suspending two activities in two markets."],
        ),
        (
            [("Cafés", "RU", "exit", "completed"), ("Shops", "RU", "continue", "in_effect")],
            [
                "completed its exit: one activity, “Cafés” (Russia).",
                "said it was continuing: one activity, “Shops” (Russia).",
            ],
        ),
        (
            [(None, "RU", "suspend", "announced"), ("Shops", "BY", "suspend", "announced")],
            [
                "announced it was suspending the whole business (Russia) "
                "and one activity, “Shops” (Belarus)."
            ],
        ),
    ],
)
def test_an_announcement_is_said_in_one_sentence_per_action(
    client, amazon, make_announcement, measures, said
):
    announcement = make_announcement(amazon, measures=measures)

    page = client.get(f"/en/announcements/{announcement.public_id}/").text

    assert [f"On 8 March 2022, Amazon {words}" in page for words in said] == [True] * len(said)


def tell(announcement, speaker):
    """Have its evidence be somebody's words, and publish that."""
    announcement.evidence.update(speaker=speaker)
    announcement.amend(note_fr="Autre source.", note_en="Another source.")


ALL = "the whole business (Russia)"


@pytest.mark.parametrize("speaker", ["publisher", "other"])
@pytest.mark.parametrize(
    ("action", "stage", "said"),
    [
        ("exit", "announced", f"it was reported that Amazon was leaving: {ALL}."),
        ("exit", "in_effect", f"according to reports, Amazon was leaving: {ALL}."),
        ("exit", "completed", f"according to reports, Amazon completed its exit: {ALL}."),
        ("suspend", "announced", f"it was reported that Amazon was suspending {ALL}."),
        ("suspend", "in_effect", f"according to reports, Amazon suspended {ALL}."),
        ("suspend", "completed", f"according to reports, Amazon suspended {ALL}."),
        ("scale_back", "announced", f"it was reported that Amazon was scaling back {ALL}."),
        ("scale_back", "in_effect", f"according to reports, Amazon scaled back {ALL}."),
        (
            "pause_investment",
            "announced",
            f"it was reported that Amazon was pausing investment: {ALL}.",
        ),
        (
            "pause_investment",
            "in_effect",
            f"according to reports, Amazon paused investment: {ALL}.",
        ),
        ("resume", "announced", f"it was reported that Amazon was resuming {ALL}."),
        ("resume", "in_effect", f"according to reports, Amazon resumed {ALL}."),
        ("continue", "announced", f"it was reported that Amazon was continuing: {ALL}."),
        ("continue", "in_effect", f"according to reports, Amazon was continuing: {ALL}."),
    ],
)
@pytest.mark.parametrize(
    ("precision", "when"), [("day", "On 1 May 2022"), ("month", "In May 2022"), ("year", "In 2022")]
)
def test_what_others_alone_tell_was_reported(
    amazon, make_announcement, speaker, action, stage, said, precision, when
):
    announcement = make_announcement(
        amazon, "2022-05-01", [(None, "RU", action, stage)], announced_precision=precision
    )
    tell(announcement, speaker)

    [told] = Announcement.objects.public().for_listing()

    with translation.override("en"):
        assert sentences(told) == [f"{when}, {said}"]


@pytest.mark.parametrize(
    "door",
    [
        "",
        "announcements/",
        "announcements/{}/",
        "announcements/{}/embed/",
        "announcements/feed.atom",
    ],
)
def test_a_report_is_a_report_at_every_door(client, amazon, make_announcement, door):
    announcement = make_announcement(amazon)
    address = f"/en/{door.format(announcement.public_id)}"
    assert "On 8 March 2022, Amazon announced it was suspending" in client.get(address).text

    tell(announcement, "publisher")

    page = client.get(address).text
    assert "On 8 March 2022, according to reports, Amazon suspended the whole business" in page
    assert "Amazon announced it was" not in page


def test_one_source_that_relays_the_company_is_enough(
    client, amazon, make_announcement, make_article
):
    announcement = make_announcement(amazon)
    tell(announcement, "publisher")
    own = make_article()
    announcement.evidence.create(
        article=own, speaker="company", paraphrase_fr="Oui.", paraphrase_en="Yes."
    )
    address = f"/en/announcements/{announcement.public_id}/"
    assert "Amazon announced it was suspending" in client.get(address).text

    own.withhold()

    assert "according to reports, Amazon suspended" in client.get(address).text


def test_an_edition_speaks_by_its_own_evidence(client, amazon, make_announcement):
    announcement = make_announcement(amazon)
    tell(announcement, "publisher")
    pages = [
        client.get(f"/en/announcements/{announcement.public_id}/editions/{number}/").text
        for number in (1, 2)
    ]

    assert "Amazon announced it was suspending" in pages[0]
    assert "according to reports, Amazon suspended" in pages[1]


@pytest.mark.parametrize(
    ("door", "said"),
    [
        ("en/", '</time> <small class="unchecked">(day not checked)</small>'),
        ("en/", "On 8 March 2022 (day not checked), Amazon"),
        ("en/announcements/", '</time> <small class="unchecked">(day not checked)</small>'),
        (
            "en/announcements/?view=table",
            '</time> <small class="unchecked">(day not checked)</small>',
        ),
        ("en/announcements/{}/", '</time> <small class="unchecked">(day not checked)</small>'),
        ("en/announcements/{}/editions/1/", '<small class="unchecked">(day not checked)</small>'),
        (
            "en/announcements/{}/embed/",
            '</time> <small class="unchecked">(day not checked)</small>',
        ),
        ("en/announcements/feed.atom", "On 8 March 2022 (day not checked), Amazon"),
        ("en/companies/amazon/", "announced on 8 March 2022 (day not checked)</time>"),
        ("en/companies/amazon/", "8 March 2022</a> <small"),  # the timeline as a table
        ("en/companies/amazon/", "Announced on 8 March 2022 (day not checked)</title>"),
        ("en/companies/amazon/?known_at={now}", "announced on 8 March 2022 (day not checked)"),
        ("en/companies/amazon/embed/", "announced on 8 March 2022 (day not checked)"),
        ("en/companies/compare/?company=amazon", "announced on 8 March 2022 (day not checked)"),
        ("en/search/suggestions/?q=Announce", "8 March 2022 (day not checked)"),
        ("api/v1/announcements/", '"announced_sourced":false'),
        ("api/v1/standings/?company=amazon", '"since_sourced":false'),
        ("api/v1/standings/?company=amazon&known_at={now}", '"since_sourced":false'),
        ("en/announcements/announcements.json", '"announced_sourced": false'),
        ("en/announcements/announcements.csv", ",2022-03-08,false,"),
    ],
)
def test_a_day_that_no_source_gives_is_marked(client, amazon, make_announcement, door, said):
    measures = [(None, "RU", "suspend", "announced")]
    sourced = make_announcement(amazon, measures=measures)
    now = quote(timezone.now().isoformat())
    unsourced = f"/{door}".format(sourced.public_id, now=now)
    assert said not in _text(client.get(unsourced))
    Announcement.objects.get(pk=sourced.pk).retract(reason_fr="Non.", reason_en="No.")
    marked = make_announcement(amazon, measures=measures, announced_sourced=False)
    now = quote(timezone.now().isoformat())

    assert said in _text(client.get(f"/{door}".format(marked.public_id, now=now)))


def _text(answer):
    return answer.getvalue().decode() if answer.streaming else answer.text


@pytest.mark.parametrize(
    ("precision", "sourced", "said"),
    [("day", True, ""), ("day", False, "day not checked"), ("month", False, "date not checked")],
)
def test_a_date_says_whether_it_was_checked(precision, sourced, said):
    with translation.override("en"):
        assert unchecked(precision, sourced) == said


@pytest.mark.parametrize(
    ("day", "precision", "said"),
    [
        ("2022-03-01", "day", "Le 1er mars 2022, Amazon"),
        ("2022-03-01", "month", "En mars 2022, Amazon"),
        ("2022-01-01", "year", "En 2022, Amazon"),
    ],
)
def test_a_date_is_said_as_exactly_as_it_is_known(
    client, amazon, make_announcement, day, precision, said
):
    announcement = make_announcement(amazon, day, announced_precision=precision)

    assert said in client.get(f"/fr/announcements/{announcement.public_id}/").text


def test_a_passage_is_quoted_and_a_paraphrase_is_not(client, make_announcement, make_article):
    article = make_article(
        body="We have suspended shipments.", language="en", source_url="https://example.org/a"
    )
    announcement = make_announcement()
    evidence = announcement.evidence.model(
        announcement=announcement, article=article, exact="We have suspended shipments."
    )
    evidence.full_clean()
    evidence.save()

    page = client.get(f"/fr/announcements/{announcement.public_id}/").text

    assert (
        '<blockquote lang="en" cite="https://example.org/a">'
        "<p>«\N{NO-BREAK SPACE}We have suspended shipments.\N{NO-BREAK SPACE}»</p></blockquote>"
    ) in page
    paraphrase = announcement.evidence.exclude(pk=evidence.pk).get().paraphrase_fr
    assert f'<span class="label">Notre reformulation</span> {paraphrase}' in page
    assert page.count("<blockquote") == 1


def test_evidence_on_a_withheld_article_is_not_shown(client, make_announcement, make_article):
    announcement = make_announcement()
    article = make_article(headline="A second source")
    announcement.evidence.create(
        article=article, paraphrase_fr="Le contraire.", paraphrase_en="No.", stance="contradicts"
    )
    address = f"/fr/announcements/{announcement.public_id}/"
    assert "Le contraire." in client.get(address).text

    article.withhold()

    page = client.get(address).text
    assert "Le contraire." not in page
    assert "A second source" not in page


def test_a_draft_is_not_found_and_a_retracted_announcement_leaves_its_reason(
    client, make_announcement
):
    draft = make_announcement(publish=False)
    address = f"/fr/announcements/{draft.public_id}/"
    assert client.get(address).status_code == 404

    draft.publish()
    assert client.get(address).status_code == 200

    draft.retract(reason_fr="La source s’est dédite.", reason_en="The source took it back.")
    answer = client.get(address)
    assert answer.status_code == 410
    assert "La source s’est dédite." in answer.text
    assert draft.title_fr not in answer.text


def test_editions_and_replies_stand_on_the_page(client, make_announcement):
    announcement = make_announcement()
    announcement.replies.create(
        asked_on="2022-04-01",
        answered_on="2022-04-02",
        answer_fr="Nous confirmons.",
        answer_en="We confirm.",
    )
    announcement.title_fr = "Un titre corrigé"
    announcement.save()
    edition = announcement.amend(note_fr="Titre corrigé.", note_en="Title corrected.")

    page = client.get(f"/fr/announcements/{announcement.public_id}/").text

    for words in ("Nous confirmons.", "Titre corrigé.", edition.sha256, '<li value="2">'):
        assert words in page


def test_a_merged_company_leads_to_its_successor(client, amazon, make_company, make_announcement):
    make_announcement(amazon)
    second = make_company(slug="amazon-2", merged_into=amazon)
    make_company(slug="amazon-3", merged_into=second)

    for slug in ("amazon-2", "amazon-3"):
        answer = client.get(f"/en/companies/{slug}/")
        assert (answer.status_code, answer["Location"]) == (301, "/en/companies/amazon/")


def test_a_parent_is_named_once_it_is_public(client, make_company, make_announcement):
    parent = make_company(name="Kanarienvogel")
    brand = make_company(parent=parent)
    make_announcement(brand)
    pages = ["/en/companies/", f"/en/companies/{brand.slug}/", "/en/markets/RU/"]
    pages.append(f"/en/search/?q={brand.name}")

    hidden = [parent.name in client.get(page).text for page in pages]
    make_announcement(parent)
    shown = [parent.name in client.get(page).text for page in pages]

    assert (hidden, shown) == ([False] * 4, [True] * 4)


def test_a_company_without_a_public_record_is_not_found(client, amazon, make_announcement):
    announcement = make_announcement(amazon, publish=False)
    assert client.get("/fr/companies/amazon/").status_code == 404

    announcement.publish()

    assert client.get("/fr/companies/amazon/").status_code == 200


def test_a_company_page_tells_its_names_numbers_brands_and_grades(
    client, amazon, make_company, make_announcement, make_publisher, make_article
):
    brand = make_company(name="Prime Video", parent=amazon)
    activity = Activity.objects.create(
        company=amazon, name_fr="Vidéo", name_en="Video", brand=brand
    )
    make_announcement(amazon, measures=[(activity, "RU", "suspend", "in_effect")])
    amazon.names.create(name="Amazon.com")
    amazon.identifiers.create(scheme="wikidata", value="Q3884")
    Assessment.objects.create(
        company=amazon,
        assessor=make_publisher(name="Yale CELI"),
        grade="B",
        assessed_on="2025-05-21",
    )
    piece = make_article(headline="A piece about it")
    Mention.objects.create(article=piece, company=amazon, status="confirmed", role="subject")

    page = client.get("/en/companies/amazon/").text

    for words in (
        brand.get_absolute_url().replace("/fr/", "/en/"),
        "Amazon.com",
        'href="https://www.wikidata.org/wiki/Q3884"',
        'Yale CELI, <time datetime="2025-05-21">21 May 2025</time>: <strong>B</strong>',
        "nearest to C (Yale CELI), scalingback (KSE)",
        "Partly suspended: 1 activity",
        "A piece about it",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("query", "standing"),
    [
        ("?as_of=2022-03-07", "Nothing announced by that day."),
        ("?as_of=2022-03-08", "Suspended"),
        ("", "Exited"),
        ("?as_of=yesterday", "Exited"),
        ("?known_at=2001-01-01", "Nothing announced by that day."),
    ],
)
@pytest.mark.parametrize("page", ["companies/amazon", "markets/RU"])
def test_a_standing_is_that_of_the_day_asked_for(
    client, amazon, make_announcement, page, query, standing
):
    make_announcement(amazon, "2022-03-08")
    make_announcement(amazon, "2022-05-01", [(None, "RU", "exit", "completed")])
    words = ("Nothing announced by that day.", "Suspended", "Exited")

    text = client.get(f"/en/{page}/{query}").text

    assert [word for word in words if f"{word}</" in text] == [standing]


@pytest.mark.parametrize(
    ("code", "status"), [("RU", 200), ("ru", 301), ("CU", 200), ("ZZ", 404), ("RUS", 404)]
)
def test_a_market_is_a_country(client, make_announcement, code, status):
    make_announcement()

    assert client.get(f"/fr/markets/{code}/").status_code == status


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/fr/companies/", 8),
        ("/fr/announcements/", 13),
        ("/fr/markets/RU/", 8),
        ("/fr/", 13),
        (
            "/fr/search/?q=company",
            13,
        ),  # companies, announcements, articles, and publishers by that name
    ],
)
def test_a_list_asks_a_fixed_number_of_questions(
    client, make_announcement, django_assert_num_queries, path, queries
):
    for count in (1, 3):
        while client.get("/fr/announcements/").context["paginator"].count < count:
            make_announcement()
        with django_assert_num_queries(queries + STATE):
            assert client.get(path).status_code == 200


def test_filters_narrow_the_list(client, make_announcement):
    shown = make_announcement(measures=[(None, "BY", "exit", "announced")])
    hidden = make_announcement()

    page = client.get("/fr/announcements/?market=BY&action=exit").text

    assert (shown.title_fr in page, hidden.title_fr in page) == (True, False)


def test_known_at_shows_the_words_of_that_time(client, make_announcement):
    announcement = make_announcement(title_fr="Premiers mots")
    first = announcement.editions.get().made_at.isoformat()
    before = announcement.editions.get().made_at - timedelta(seconds=1)
    announcement.title_fr = "Mots corrigés"
    announcement.save()
    announcement.amend(note_fr="Suite.", note_en="More.")
    company = announcement.company

    for address in (
        "/fr/announcements/",
        f"/fr/announcements/{announcement.public_id}/",
        f"/fr/companies/{company.slug}/",
    ):
        now, then = (client.get(address, asked) for asked in ({}, {"known_at": first}))
        assert (
            "Mots corrigés" in now.content.decode(),
            "Premiers mots" in now.content.decode(),
        ) == (
            True,
            False,
        )
        assert "Premiers mots" in then.content.decode()
        assert "Mots corrigés" not in then.content.decode()
    address = f"/fr/announcements/{announcement.public_id}/"
    assert client.get(address, {"known_at": before.isoformat()}).status_code == 404


def test_known_at_keeps_the_activities_apart(client, amazon, make_announcement):
    announcement = make_announcement(amazon, measures=AMAZON)
    sentence = (
        "On 8 March 2022, Amazon announced it was suspending five activities, "
        "three of them in two markets (eight measures)."
    )

    for address in ("/en/companies/amazon/", f"/en/announcements/{announcement.public_id}/"):
        then = client.get(f"{address}?{known_now()}").text

        assert sentence in then
        assert "Whole business" not in then


@pytest.mark.parametrize(
    ("now", "settled", "said"),
    [
        ("Nous avons fermé 847 restaurants.", True, "It reads now:"),
        ("Nous avons fermé 847 restaurants.", False, "the piece has been changed there since"),
        ("Rien de tel.", False, "the piece no longer says it"),
    ],
)
def test_readers_learn_that_a_quoted_piece_reads_otherwise_now(
    client, make_announcement, make_article, now, settled, said
):
    was = "Nous avons fermé 850 restaurants."
    article = make_article(body=f"Un mot.\n\n{was}\n\nUn autre.", language="fr")
    announcement = make_announcement(article=article, evidence=False, publish=False)
    announcement.evidence.create(
        article=article, version=article.current_version(), exact=was, start=9
    )
    announcement.publish()
    article.revise(body=f"Un mot.\n\n{now}\n\nUn autre.")
    (placement,) = place([article])
    if settled:
        placement.accept()

    page = client.get(f"/en/announcements/{announcement.public_id}/").text

    assert f"<p>“{was}”</p>" in page
    assert "So it stood in version 1" in page and said in page
    assert (f'<q lang="fr">{now}</q>' in page) is settled


def linked_data(page):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return {data["@type"]: data for data in map(json.loads, found)}


def test_a_company_is_linked_data(client, amazon, make_company, make_announcement):
    amazon.identifiers.create(scheme="wikidata", value="Q3884")
    amazon.names.create(name="Amazon.com")
    make_announcement(amazon)

    page = client.get("/en/companies/amazon/").text
    found = linked_data(page)

    assert found["Organization"] == {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": "Amazon",
        "alternateName": ["Amazon.com"],
        "mainEntityOfPage": "http://testserver/en/companies/amazon/",
        "sameAs": ["https://www.wikidata.org/wiki/Q3884"],
    }
    trail = found["BreadcrumbList"]["itemListElement"]
    assert [step["item"].removeprefix("http://testserver") for step in trail] == [
        "/en/",
        "/en/companies/",
        "/en/companies/amazon/",
    ]
    assert '<meta property="og:title" content="Amazon">' in page
    assert 'property="og:description" content="Russia: suspended. ">' in page


def test_an_announcement_is_linked_data(client, amazon, make_announcement, make_article):
    piece = make_article(headline="A </script> piece")
    announcement = make_announcement(amazon, article=piece, announced_precision="month")

    page = client.get(f"/en/announcements/{announcement.public_id}/").text
    found = linked_data(page)

    report = found["Report"]
    assert (report["headline"], report["abstract"], report["version"]) == (
        announcement.title_en,
        announcement.summary_en,
        "1",
    )
    assert report["temporalCoverage"] == "2022-03"
    assert report["spatialCoverage"] == [{"@type": "Country", "name": "Russia", "identifier": "RU"}]
    assert report["about"]["url"] == "http://testserver/en/companies/amazon/"
    (cited,) = report["citation"]
    assert (cited["headline"], cited["url"]) == (
        "A </script> piece",
        f"http://testserver/en/articles/{piece.slug}/",
    )
    assert len(found["BreadcrumbList"]["itemListElement"]) == 4
    assert f'property="og:description" content="{announcement.summary_en}">' in page
    assert f'<meta property="og:title" content="{announcement.title_en}">' in page


def test_a_page_leads_to_whoever_mends_it(client, amazon, make_announcement):
    announcement = make_announcement(amazon)

    for page, form in (
        ("/en/companies/amazon/", "companies/amazon/"),
        (
            f"/en/announcements/{announcement.public_id}/",
            f"announcements/{announcement.public_id}/",
        ),
    ):
        address = f"/en/corrections/suggest/{form}"
        assert f'href="{address}"' in client.get(page).text
        assert client.get(address).status_code == 200


def test_a_company_page_shows_each_announcement_with_its_measures_and_a_picture(
    client, amazon, make_announcement
):
    make_announcement(amazon, measures=AMAZON)
    make_announcement(amazon, "2022-05-01", [("Cloud", "RU", "exit", "completed")])

    page = client.get("/en/companies/amazon/").text
    known = client.get(f"/en/companies/amazon/?{known_now()}").text
    before = client.get("/en/companies/amazon/?known_at=2001-01-01").text

    assert '<th scope="row">Cloud</th>' in page and '<th scope="row">New AWS customers</th>' in page
    drawn = "<figcaption>Amazon: what was announced, market by market"
    assert [drawn in text for text in (page, known, before)] == [True, True, False]
    for link in (
        "/en/announcements/feed.atom?company=amazon",
        "/en/companies/compare/?company=amazon",
        "/en/sectors/G/",
    ):
        assert f'href="{link}"' in page


def test_the_tracker_stands_while_the_archive_is_empty(client, db):
    answer = client.get("/fr/announcements/")

    assert (answer.status_code, answer.context["paginator"].count) == (200, 0)


@pytest.mark.parametrize(
    ("more", "quoted", "beyond"),
    [(0, [True, False, False], None), (1, [True, True, False], None), (3, [True, True, False], 2)],
)
def test_a_company_page_quotes_two_sources_of_an_announcement(
    client, amazon, make_announcement, make_article, more, quoted, beyond
):
    announcement = make_announcement(amazon)
    announcement.evidence.update(paraphrase_en="Source 0.")
    for number in range(1, more + 1):
        words = f"Source {number}."
        announcement.evidence.create(
            article=make_article(), paraphrase_fr=words, paraphrase_en=words
        )

    page = client.get("/en/companies/amazon/").text

    assert [f"Source {number}." in page for number in range(3)] == quoted
    assert re.findall(r'#evidence">(\d+) more source', page) == ([str(beyond)] if beyond else [])


@pytest.mark.parametrize("count", [1, 3])
def test_a_company_page_tells_its_replies_in_a_fixed_number_of_questions(
    client, amazon, make_announcement, django_assert_num_queries, count
):
    for number in range(count):
        make_announcement(amazon).replies.create(
            asked_on="2022-04-01",
            answered_on="2022-04-02",
            answer_fr=f"Réponse {number}.",
            answer_en=f"Reply {number}.",
        )
    client.get("/en/companies/amazon/")

    with django_assert_num_queries(16 + STATE):
        page = client.get("/en/companies/amazon/").text

    assert [f"Reply {number}." in page for number in range(3)] == [n < count for n in range(3)]


def test_known_at_tells_the_replies_of_that_time(client, amazon, make_announcement):
    announcement = make_announcement(amazon)
    before = timezone.now().isoformat()
    announcement.replies.create(
        asked_on="2022-04-01", answered_on="2022-04-02", answer_fr="Oui.", answer_en="Of course."
    )
    announcement.amend(note_fr="Réponse.", note_en="Reply.")
    after = timezone.now().isoformat()

    pages = [
        client.get("/en/companies/amazon/", {"known_at": moment}).text for moment in (before, after)
    ]

    assert ["Of course." in page for page in pages] == [False, True]


def test_a_sector_lists_its_companies_page_by_page(client, make_company, make_announcement):
    for number in range(101):
        make_announcement(make_company(name=f"Firm {number:03}"))

    pages = [client.get("/en/sectors/G/", {"page": number}) for number in (1, 2)]

    assert [len(page.context["companies"]) for page in pages] == [100, 1]
    assert 'href="?page=2"' in pages[0].text
    assert dict(pages[1].context["markets"][0][1]) == {"suspended": 101}
    assert client.get("/en/sectors/G/?page=3").status_code == 404


def test_the_most_contradicted_come_first(client, make_announcement, make_article):
    announcements = [make_announcement(day=f"2022-03-{10 + number}") for number in range(7)]
    for number, announcement in enumerate(announcements):
        for _ in range(3 if number == 0 else 1):
            announcement.evidence.create(
                article=make_article(), stance="contradicts", paraphrase_fr="p", paraphrase_en="p"
            )
    quiet = make_announcement(day="2022-03-30")
    for _ in range(5):  # in pieces that nobody may read
        quiet.evidence.create(
            article=make_article(status="withheld"),
            stance="contradicts",
            paraphrase_fr="p",
            paraphrase_en="p",
        )

    found = client.get("/en/markets/RU/").context["contradicted"]

    assert found == [announcements[number] for number in (0, 6, 5, 4, 3)]
