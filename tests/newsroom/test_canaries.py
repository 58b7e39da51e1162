"""What isn't public is found on no route: first it is shown, then hidden, then looked for."""

import io
import re
import zipfile
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import get_resolver
from django.utils import timezone

from articles.models import Article, Entry, Story
from articles.question import Question
from companies import previews
from companies.models import Announcement, Assessment, Mention, Newcomer, Suggestion
from tests.moments import known_now
from tests.routes import public_routes, route_of, routes

pytestmark = pytest.mark.django_db

# Each route with the addresses that the test opens. {article} and the like are
# filled in from the world below. A route that isn't here fails the test.
ROUTES = {
    "": ["/fr/", "/en/"],
    "articles/": ["/fr/articles/", "/en/articles/?q=zzcanary", "/fr/articles/?company={company}"],
    "articles/feed.atom": ["/fr/articles/feed.atom", "/en/articles/feed.atom?q=zzcanary"],
    "articles/<slug:slug>/versions/<int:number>/": [
        "/fr/articles/{article}/versions/1/",
        "/en/articles/{article}/versions/1/",
    ],
    "articles/<slug:slug>/versions/<int:number>/cite.<slug:ending>": [
        f"/en/articles/{{article}}/versions/1/cite.{ending}" for ending in ("bib", "ris", "json")
    ],
    "articles/<slug:slug>/cite.<slug:ending>": [
        f"/en/articles/{{article}}/cite.{ending}" for ending in ("bib", "ris", "json")
    ],
    "articles/<slug:slug>/": ["/fr/articles/{article}/", "/en/articles/{article}/"],
    "companies/": ["/fr/companies/", "/en/companies/?q=zzcanary"],
    "companies/compare/": ["/en/companies/compare/?company={company}"],
    "companies/<slug:slug>/": [
        "/fr/companies/{company}/",
        "/en/companies/{company}/?as_of=2024-01-01",
    ],
    "companies/<slug:slug>/embed/": ["/fr/companies/{company}/embed/"],
    "companies/<slug:slug>/timeline.svg": ["/en/companies/{company}/timeline.svg"],
    "announcements/": [
        "/fr/announcements/",
        "/en/announcements/?q=zzcanary",
        "/fr/announcements/?market=MD&as_of=2024-01-01",
        "/fr/announcements/?company={company}",
        "/fr/announcements/?{now}",
    ],
    "announcements/feed.atom": [
        "/fr/announcements/feed.atom",
        "/en/announcements/feed.atom?company={company}",
    ],
    "announcements/announcements.<slug:ending>": [
        f"/fr/announcements/announcements.{ending}?market=MD" for ending in ("csv", "xlsx", "json")
    ],
    "announcements/over-time.svg": ["/en/announcements/over-time.svg?company={company}"],
    "announcements/preview/<str:key>/": [  # of a draft that rests on the canary article
        "/fr/announcements/preview/{preview}/",
        "/en/announcements/preview/{preview}/",
    ],
    "announcements/<slug:public_id>/": [
        "/fr/announcements/{announcement}/",
        "/en/announcements/{announcement}/",
        "/en/announcements/{announcement}/?{now}",
    ],
    "announcements/<slug:public_id>/embed/": ["/fr/announcements/{announcement}/embed/"],
    "announcements/<slug:public_id>/measures.svg": [
        "/en/announcements/{announcement}/measures.svg"
    ],
    "announcements/<slug:public_id>/cite.<slug:ending>": [
        f"/fr/announcements/{{announcement}}/cite.{ending}" for ending in ("bib", "ris", "json")
    ],
    "announcements/<slug:public_id>/editions/<int:number>/": [
        "/fr/announcements/{announcement}/editions/1/",
        "/en/announcements/{announcement}/editions/1/",
    ],
    "announcements/<slug:public_id>/editions/<int:number>/snapshot.json": [
        "/fr/announcements/{announcement}/editions/1/snapshot.json",
    ],
    "announcements/<slug:public_id>/editions/<int:number>/cite.<slug:ending>": [
        "/fr/announcements/{announcement}/editions/1/cite.bib",
    ],
    "markets/<slug:code>/": [
        "/fr/markets/md/",
        "/fr/markets/MD/",
        "/en/markets/MD/?as_of=2024-01-01",
    ],
    "sectors/<slug:code>/": ["/fr/sectors/G/", "/en/sectors/G/?as_of=2024-01-01"],
    "publishers/<slug:slug>/": ["/fr/publishers/{publisher}/"],
    "corrections/": ["/fr/corrections/", "/en/corrections/?article={article}"],
    "corrections/feed.atom": ["/fr/corrections/feed.atom"],
    "corrections/suggest/<slug:kind>/<slug:key>/": [
        "/fr/corrections/suggest/companies/{company}/",
        "/fr/corrections/suggest/announcements/{announcement}/",
        "/fr/corrections/suggest/articles/{article}/",
    ],
    "search/suggestions/": ["/fr/search/suggestions/?q=zz"],
    "search/suggestions/companies/": ["/en/search/suggestions/companies/?q=zz"],
    "search/": ["/fr/search/?q=zzcanary", "/en/search/?q=zzcanarybody"],
    "api/v1/articles/": ["/api/v1/articles/", "/api/v1/articles/?q=zzcanary"],
    "api/v1/articles/<slug>/": ["/api/v1/articles/{article}/"],
    "api/v1/companies/": ["/api/v1/companies/", "/api/v1/companies/?q=zzcanary"],
    "api/v1/companies/<slug>/": ["/api/v1/companies/{company}/"],
    "api/v1/announcements/": [
        "/api/v1/announcements/",
        "/api/v1/announcements/?market=MD&{now}",
    ],
    "api/v1/announcements/<public_id>/": ["/api/v1/announcements/{announcement}/"],
    "api/v1/mentions/": ["/api/v1/mentions/", "/api/v1/mentions/?company={company}"],
    "api/v1/assessments/": ["/api/v1/assessments/"],
    "api/v1/corrections/": ["/api/v1/corrections/"],
    "api/v1/publishers/": [],  # a publisher hides nothing
    "api/v1/publishers/<slug>/": [],
    "api/v1/standings/": [
        "/api/v1/standings/?market=MD",
        "/api/v1/standings/?company={company}&market=MD",
        "/api/v1/standings/?market=MD&{now}",
    ],
    "api/v1/": [],  # these show no record
    "api/(?:.*/)?": [],
    "api/schema/": [],
    "api/docs/": [],
    "about/": [],
    "data/": [],
    "data/api/": [],
    "robots.txt": [],
    "favicon.ico": [],
    "sitemap.xml": [],  # what it holds is addresses: a test of its own looks at these
    "sitemap-<section>.xml": [],
    "healthz": [],
    "readyz": [],
}


def test_every_public_route_is_looked_at():
    assert public_routes() == set(ROUTES)
    for route, templates in ROUTES.items():
        keys = {"article": "a", "company": "c", "announcement": "x", "publisher": "p"}
        keys |= {"preview": "k", "now": "2022-03-09"}
        assert {route_of(template.format(**keys)) for template in templates} <= {route}


@pytest.fixture
def world(make_article, make_company, make_announcement, make_publisher):
    """A public article, company and announcement with a canary word in every field."""
    article = make_article(
        headline="Zzcanary headline",
        standfirst="zzcanarystand",
        abstract_fr="zzcanary abstract",
        abstract_en="zzcanary abstract",
        body="A zzcanarybody in the text, said zzcanary.",
        byline="zzcanarybyline",
        editors_note="zzsecret",
    )
    company = make_company(name="Zzcanary Corp", slug="zzcanary-corp", legal_name="Zzcanary Ltd")
    announcement = make_announcement(
        company=company,
        announced_on=date(2023, 5, 9),
        title_fr="zzcanary titre",
        title_en="zzcanary title",
        summary_fr="zzcanary résumé",
        summary_en="zzcanary summary",
        buyer="zzcanarybuyer",
        measures=[(None, "MD", "suspend", "in_effect")],
        article=article,
    )
    make_announcement(article=article, publish=False, public_id="previewed")
    Mention.objects.create(article=article, company=company, status="confirmed")
    Assessment.objects.create(
        company=company,
        assessor=make_publisher(kind="aggregator"),
        market="MD",
        grade="A",
        assessed_on=date(2024, 1, 1),
    )
    version = article.versions.get()
    # What is for editors alone, whether it is decided or not.
    newcomer = Newcomer.objects.create(name="Zzsecret Company")
    newcomer.sightings.create(
        article=article, version=version, start=0, end=1, count=1, sentence="zzsecret example"
    )
    for status, draft in (("open", None), ("dismissed", None), ("accepted", announcement)):
        Suggestion.objects.create(
            article=article,
            company=company,
            version=version,
            measures=[
                {"activity": "zzsecret", "market": "MD", "action": "exit", "stage": "completed"}
            ],
            speaker="other",
            reason="zzsecret",
            status=status,
            announcement=draft,
        )
    article.corrections.create(
        version=version, kind="correction", note_fr="zzcanary note", note_en="zzcanary note"
    )
    return article, company, announcement


def addresses(article, company, announcement):
    now = known_now()
    preview, _until = previews.make(Announcement.objects.get(public_id="previewed"))
    for route, templates in ROUTES.items():
        for template in templates:
            yield (
                route,
                template.format(
                    article=article.slug,
                    publisher=article.publisher.slug,
                    company=company.slug,
                    announcement=announcement.public_id,
                    now=now,
                    preview=preview,
                ),
            )


def read(answer):
    """What an answer says, in lower case; of a workbook what its sheets say."""
    content = answer.getvalue()
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(map(book.read, book.namelist()))
    return content.lower()


def withhold(article, announcement):
    article.withhold()


def embargo(article, announcement):
    article.public_from = timezone.now() + timedelta(hours=1)
    article.save()


def expire(article, announcement):
    """Past its rights without a write of its words: the index holds them still."""
    type(article).objects.filter(pk=article.pk).update(
        rights_until=timezone.now() - timedelta(seconds=1)
    )


def kill(article, announcement):
    article.kill(note_fr="Retiré.", note_en="Withdrawn.")


def test_the_canaries_sing_while_they_are_public(client, world):
    silent = []
    for route, address in addresses(*world):
        answer = client.get(address)
        if answer.status_code == 301:
            answer = client.get(answer.url)
        content = read(answer)
        for echo in (b"q=zzcanary", b'value="zzcanary"'):
            content = content.replace(echo, b"")
        if b"zzcanary" not in content:
            silent.append((route, address, answer.status_code))
        assert b"zzsecret" not in content

    assert silent == []


# An echo of the reader's own question is no leak.
ECHOES = [b"q=zzcanarybody", b"q=zzcanary", b'value="zzcanarybody"', b'value="zzcanary"']
ECHOES += ["«\u00a0zzcanarybody\u00a0»".encode(), "«\u00a0zzcanary\u00a0»".encode()]
ECHOES += [b"search: zzcanary <span", b"(zzcanary)"]  # its chip, and the way without it
ECHOES += ["“zzcanarybody”".encode(), "“zzcanary”".encode(), b"zzcanary-corp"]
ECHOES += ["search zzcanary”, exeunt".encode()]  # how the list is cited
ECHOES += [b"search zzcanary</title>"]  # how its feed is called


def leading_to(keys, content, address):
    """The paths in an answer that lead to a record with one of these keys; those of the
    address itself, in either language, are the reader's own."""
    found = re.findall(rb"/(?:companies|articles|announcements)/([\w-]+)/", content)
    own = urlsplit(address).path.encode().lower()
    return {key.decode() for key in found if key.decode() in keys and b"/%s/" % key not in own}


@pytest.mark.parametrize("hide", [withhold, embargo, expire, kill])
def test_no_route_shows_what_was_hidden(client, world, hide):
    article, company, announcement = world
    keys = {article.slug, company.slug, announcement.public_id}
    lead_there = {
        (address, key)
        for _, address in addresses(*world)
        for key in leading_to(keys, read(client.get(address, follow=True)), address)
    }
    hide(article, announcement)
    if hide is kill:
        keys.discard(article.slug)  # its notice stands at its address, and the log leads there

    leaks = []
    for _, address in addresses(*world):
        answer = client.get(address, follow=True)
        content = read(answer)
        if links := leading_to(keys, content, address):
            leaks.append((address, answer.status_code, links))
        for echo in [*ECHOES, article.slug.encode()]:
            content = content.replace(echo, b"")
        if b"zzcanary" in content or answer.status_code >= 500:
            at = content.find(b"zzcanary")
            leaks.append((address, answer.status_code, content[max(0, at - 60) : at + 40]))

    assert {key for _address, key in lead_there} >= keys
    assert leaks == []


@pytest.mark.parametrize("hide", [withhold, embargo, expire, kill])
def test_the_map_of_the_site_leads_to_nothing_hidden(client, world, hide):
    article, company, announcement = world
    records = {
        "articles": article.slug,
        "companies": company.slug,
        "announcements": announcement.public_id,
    }

    def mapped():
        return {
            kind
            for kind, key in records.items()
            if f"/{key}/" in client.get(f"/sitemap-{kind}.xml").text
        }

    assert mapped() == set(records)
    hide(article, announcement)

    assert mapped() == set()
    assert "zzcanary" not in client.get("/sitemap.xml").text


@pytest.mark.parametrize(
    "query",
    [
        "q=zzcanary",
        "q=zzcanary&ordering=relevance",
        "q=zzcanary&ordering=published_at",
        "q=zzcanary&ordering=headline",
        "q=zzcan*",
        "q=%22zzcanary+headline%22&ordering=relevance",
        "q=zzcanary&language=fr&company=zzcanary-corp",
    ],
)
def test_what_expires_once_it_is_indexed_is_neither_found_nor_counted(
    client, world, make_article, query
):
    article = world[0]
    story = Story.objects.create()
    other = make_article(story=story)
    Article.objects.filter(pk=article.pk).update(story=story)
    of_other = f"/api/v1/articles/{other.slug}/"

    def found():
        page = client.get(f"/fr/articles/?{query}")
        answer = client.get(f"/api/v1/articles/?{query}").json()["results"]
        shown = list(page.context["object_list"])
        counted = page.context["paginator"].count
        story = client.get(of_other).json()["story"]
        return len(shown), counted, len(answer), len(story)

    assert found() == (1, 1, 1, 1)
    expire(article, None)
    assert Entry.objects.get(article=article).headline == "zzcanarie headline"

    assert found() == (0, 0, 0, 0)
    assert not client.get(f"/fr/articles/?{query}").context["facets"]
    assert set(map(tuple, Question("zzcanary").facets().values())) == {()}
    assert "zzcanary headline" not in client.get(other.get_absolute_url()).text.lower()


@pytest.mark.parametrize("state", ["draft", "retracted"])
def test_an_unpublished_announcement_is_nowhere(client, world, make_announcement, state):
    article, _, published = world
    hidden = make_announcement(
        company=published.company,
        title_fr="zzhidden",
        title_en="zzhidden",
        summary_fr="zzhidden",
        summary_en="zzhidden",
        buyer="zzhidden",
        measures=[(None, "AM", "exit", "completed")],
        article=article,
        publish=state == "retracted",
    )
    if state == "retracted":
        hidden.retract(reason_fr="Erreur.", reason_en="Mistake.")

    for _, address in addresses(*world):
        assert b"zzhidden" not in read(client.get(address, follow=True))
    for address in ("/fr/announcements/?q=zzhidden", "/fr/search/?q=zzhidden"):
        assert hidden.public_id.encode() not in client.get(address).content
    for address in (
        f"/fr/announcements/{hidden.public_id}/",
        f"/api/v1/announcements/{hidden.public_id}/",
    ):
        answer = client.get(address)
        assert answer.status_code in ((404,) if state == "draft" else (404, 410))
        assert b"zzhidden" not in answer.content
    standings = client.get("/api/v1/standings/?market=AM").json()["results"]
    assert standings == []


def test_a_draft_answers_exactly_like_an_unknown_id(client, make_announcement):
    draft = make_announcement(publish=False)
    unknown = "z" * len(draft.public_id)

    for address in (
        "/fr/announcements/{}/",
        "/fr/announcements/{}/editions/1/",
        "/fr/announcements/{}/embed/",
        "/fr/announcements/{}/measures.svg",
        "/fr/announcements/{}/cite.bib",
        "/fr/corrections/suggest/announcements/{}/",
        "/api/v1/announcements/{}/",
    ):
        answers = [client.get(address.format(key)) for key in (draft.public_id, unknown)]
        bodies = [
            answer.content.replace(key.encode(), b"")
            for answer, key in zip(answers, (draft.public_id, unknown), strict=True)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert bodies[0] == bodies[1]


# What was asked for: as a chip, as what to try without, and as the address of a printed page.
SAID_AGAIN = re.compile(
    '<ul class="chips".*?</ul>|<div class="nothing">.*?</div>|<p class="on-paper">.*?</p>', re.S
)


@pytest.mark.parametrize("access", ["extract", "reference"])
def test_what_rights_hide_is_not_found_and_not_shown(client, make_article, access):
    article = make_article(access=access, body="word " * 200 + "zzdeep", standfirst="zzstand")

    for address in (
        "/fr/articles/?q=zzdeep",
        "/fr/search/?q=zzdeep",
        f"/fr/articles/{article.slug}/",
        f"/api/v1/articles/{article.slug}/",
    ):
        content = client.get(address).content
        content = SAID_AGAIN.sub("", content.decode()).encode()
        for echo in (
            b"q=zzdeep",
            b'value="zzdeep"',
            "«\u00a0zzdeep\u00a0»".encode(),
            "“zzdeep”".encode(),
        ):
            content = content.replace(echo, b"")
        assert b"zzdeep" not in content
    assert client.get("/api/v1/articles/?q=zzdeep").json()["results"] == []
    if access == "reference":
        assert client.get("/api/v1/articles/?q=zzstand").json()["results"] == []
    # Found by what may be read, a piece shows nothing else, and nothing beyond it is counted.
    article.headline = "Zzfound"
    article.save()
    for address in ("/fr/articles/?q=zzfound+-zzdeep", "/fr/search/?q=zzfound"):
        page = SAID_AGAIN.sub("", client.get(address).text).lower()
        assert "<mark>zzfound</mark>" in page
        assert re.search('zzdeep(?![^<]*">)', page) is None
    assert client.get("/fr/articles/?q=zzdeep").context["facets"] == []


def test_the_admin_opens_for_nobody_unknown(client):
    for route in routes(get_resolver().url_patterns):
        if route.startswith("admin/") and "<" not in route and "(" not in route:
            answer = client.get("/" + route)
            to_login = answer.get("Location", "").startswith(("/admin/login/", "/admin/"))
            assert route == "admin/login/" or (answer.status_code, to_login) == (302, True), route
    assert client.get("/admin/articles/article/").url.startswith("/admin/login/")


def test_the_kill_of_a_piece_that_was_never_public_stays_unknown(client, make_article):
    article = make_article(headline="Zzcanary", slug="zzcanary", status="withheld")

    assert article.kill(note_fr="Retiré.", note_en="Withdrawn.") is None
    for address in ("/fr/articles/zzcanary/", "/api/v1/articles/zzcanary/"):
        assert client.get(address).status_code == 404
    assert client.get("/api/v1/corrections/").json()["results"] == []
