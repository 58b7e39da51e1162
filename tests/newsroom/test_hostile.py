"""No request gives a 5xx: it gives a page, or an error that names the thing."""

import re
from urllib.parse import quote

import pytest

from tests.routes import public_routes, route_of

pytestmark = pytest.mark.django_db

WORDS = [
    "\x00",
    "a\x00b",
    "a\x01b\x0bc",
    "\ud800",
    '"',
    "'",
    "NEAR(",
    "*",
    "a* OR b*",
    "AND",
    "NOT",
    "(",
    ")",
    "l'accord",
    'a"b',
    "-",
    "--",
    "-a",
    "100%",
    "C++",
    "\\",
    "%",
    "_",
    ":*",
    "&",
    "!",
    "<->",
    "{a b}",
    "search:x",
    "^a",
    "𝔸🙂",
    "\u202e\u200b",
    "a" * 100_000,
    " ".join(f"word{number}" for number in range(3_000)),
    "1e400",
    "10" * 15,
    "0000-00-00",
    "2022-02-30",
    "9999-12-31",
    "10000-01-01",
    "2022-03-09T25:00",
    "=1+1",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "ß" * 2_000,
    "ﷺ" * 500,
]
# The shortest of each kind, for the parameters that reach no search.
FEW = [
    "\x00",
    "\x01",
    "\ud800",
    '"',
    "%",
    "10" * 15,
    "0000-00-00",
    "2022-02-30",
    "9999-12-31",
    "2022-03-09T12:00:00+17:23",
    "a" * 100_000,
]
PARAMETERS = [
    "company",
    "market",
    "sector",
    "country",
    "action",
    "stage",
    "publisher",
    "language",
    "as_of",
    "known_at",
    "ordering",
    "page",
    "cursor",
    "page_size",
    "announced_after",
    "published_before",
]
LISTS = [
    "/fr/",
    "/fr/articles/",
    "/fr/companies/",
    "/en/announcements/",
    "/en/search/",
    "/fr/markets/RU/",
    "/api/v1/articles/",
    "/api/v1/companies/",
    "/api/v1/announcements/",
    "/api/v1/mentions/",
    "/api/v1/assessments/",
    "/api/v1/corrections/",
    "/api/v1/publishers/",
    "/api/v1/standings/",
]
# What asks the same filters in another form, or takes days alone.
DOORS = [
    "/en/sectors/G/",
    "/fr/companies/compare/",
    "/fr/corrections/",
    "/en/search/suggestions/",
    "/fr/search/suggestions/companies/",
    "/fr/announcements/feed.atom",
    "/fr/articles/feed.atom",
    "/fr/corrections/feed.atom",
    "/en/announcements/over-time.svg",
    "/en/announcements/announcements.csv",
    "/fr/announcements/announcements.xlsx",
]
FORM = "/fr/corrections/suggest/companies/{company}/"
# Pages, cards, pictures and files of one record: a day may be asked of some.
RECORDS = [
    "/fr/announcements/{announcement}/",
    "/en/announcements/{announcement}/embed/",
    "/fr/announcements/{announcement}/measures.svg",
    "/fr/announcements/{announcement}/cite.bib",
    "/fr/announcements/{announcement}/editions/1/",
    "/fr/announcements/{announcement}/editions/1/cite.ris",
    "/fr/announcements/{announcement}/editions/1/snapshot.json",
    "/fr/articles/{article}/",
    "/fr/articles/{article}/cite.json",
    "/fr/articles/{article}/versions/1/",
    "/fr/articles/{article}/versions/1/cite.bib",
    "/fr/companies/{company}/",
    "/en/companies/{company}/embed/",
    "/fr/companies/{company}/timeline.svg",
    FORM,
    "/fr/publishers/{publisher}/",
    "/api/v1/announcements/{announcement}/",
    "/api/v1/articles/{article}/",
    "/api/v1/companies/{company}/",
    "/api/v1/publishers/{publisher}/",
]
KEYS = [
    *(re.sub(r"\{\w+\}", "{}", path) for path in RECORDS),
    "/fr/announcements/{announcement}/editions/{}/",
    "/fr/announcements/{announcement}/editions/{}/cite.bib",
    "/fr/announcements/{announcement}/editions/{}/snapshot.json",
    "/fr/announcements/{announcement}/cite.{}",
    "/fr/announcements/announcements.{}",
    "/fr/announcements/preview/{}/",
    "/fr/articles/{article}/versions/{}/",
    "/fr/articles/{article}/versions/{}/cite.bib",
    "/fr/articles/{article}/cite.{}",
    "/fr/companies/compare/{}/",
    "/fr/corrections/suggest/announcements/{}/",
    "/fr/corrections/suggest/articles/{}/",
    "/fr/corrections/suggest/{}/x/",
    "/fr/markets/{}/",
    "/fr/sectors/{}/",
    "/sitemap-{}.xml",
]
# Pages and answers that aren't asked anything, and addresses of nothing.
PLAIN = [
    "/fr/announcements/preview/none/",
    "/api/none/",
    "/fr/about/",
    "/fr/data/",
    "/en/data/api/",
    "/api/v1/",
    "/api/docs/",
    "/api/schema/",
    "/robots.txt",
    "/favicon.ico",
    "/sitemap.xml",
    "/sitemap-companies.xml",
    "/healthz",
    "/readyz",
]


@pytest.fixture
def archive(make_announcement):
    """The keys of one record of each kind."""
    make_announcement()
    announcement = make_announcement()
    article = announcement.evidence.get().article
    return {
        "announcement": announcement.public_id,
        "article": article.slug,
        "company": announcement.company.slug,
        "publisher": article.publisher.slug,
    }


def test_each_route_is_in_these_tables(archive):
    addresses = [*LISTS, *DOORS, *RECORDS, *PLAIN]

    assert {route_of(path.format(**archive)) for path in addresses} == public_routes()


@pytest.mark.parametrize("path", LISTS)
def test_no_parameter_breaks_a_list(client, archive, path):
    questions = [_query("q", word) for word in WORDS] + _questions(path, PARAMETERS)

    assert _failures(client, path, questions, (200, 301, 302, 400, 404)) == []


@pytest.mark.parametrize("path", DOORS)
def test_no_parameter_breaks_a_door_with_the_same_filters(client, archive, path):
    names = ["q", "market", "company", "as_of", "known_at", "ordering", "page"]

    assert _failures(client, path, _questions(path, names)) == []


@pytest.mark.parametrize("path", RECORDS)
def test_no_parameter_breaks_what_shows_a_record(client, archive, path):
    path = path.format(**archive)
    assert client.get(path).status_code == 200

    assert _failures(client, path, _questions(path, ["as_of", "known_at"])) == []


@pytest.mark.parametrize("name", ["text", "email", "source", "token"])
def test_no_word_breaks_the_readers_form(client, archive, monkeypatch, name):
    monkeypatch.setattr("companies.forms.WRITING", -1)
    path = FORM.format(**archive)
    token = re.search('name="token" value="([^"]+)"', client.get(path).text).group(1)
    typed = {"token": token, "text": "It was in June."}
    failures = []
    for n, word in enumerate(WORDS):
        body = "&".join(_query(*each) for each in (typed | {name: word}).items())
        kind = "application/x-www-form-urlencoded"
        answer = client.post(path, body, content_type=kind, REMOTE_ADDR=f"192.0.2.{n}")
        if answer.status_code not in (200, 302):
            failures.append((word[:20], answer.status_code))

    assert failures == []


def _query(name, word):
    return f"{name}=" + quote(word.encode("utf-8", "surrogatepass"))


def _questions(path, names):
    """Each word by each parameter. A page leaves out what makes no sense there, and so is
    asked by all of them at once; but a page of a list that isn't there would end it."""
    alone = names if path.startswith("/api/") or "." in path else ["q", "page", "cursor"]
    together = [name for name in names if name not in alone]
    each = [_query(name, word) for name in names if name in alone for word in FEW]
    return each + ["&".join(_query(name, word) for name in together) for word in FEW if together]


def _failures(client, path, questions, expected=(200, 400, 404)):
    answers = ((asked, client.get(path, QUERY_STRING=asked).status_code) for asked in questions)
    return [(asked[:80], status) for asked, status in answers if status not in expected]


@pytest.mark.parametrize("path", KEYS)
def test_no_key_breaks_a_page(client, archive, path):
    for word in ("%00", "%ED%A0%80", "%FF", "10" * 15, "a" * 5_000, "..", "%2e%2e", "<x>", "ŒÉ"):
        address = path.format(word if word.startswith("%") else quote(word), **archive)
        assert client.get(address).status_code in (301, 404), address


@pytest.mark.parametrize("path", [path for path in LISTS if path.startswith("/api/")])
def test_the_api_names_what_it_does_not_know(client, path):
    answer = client.get(path, {"nonsense": "1"})

    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert "nonsense" in answer.content.decode()
    assert "page_size" in answer.content.decode()


@pytest.mark.parametrize(
    "path", [*(path for path in LISTS if path.startswith(("/fr", "/en"))), *DOORS[:3]]
)
def test_a_page_leaves_out_what_it_does_not_know(client, archive, path):
    answer = client.get(path, {"nonsense": "zzz"})

    assert answer.status_code == 200
    assert "nonsense" not in answer.content.decode().split('rel="canonical"')[1].split(">")[0]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", [*LISTS, *DOORS])
def test_nothing_is_written_through_the_public_doors(client, path, method):
    answer = getattr(client, method)(path, "[" * 100_000, content_type="application/json")

    assert answer.status_code in (403, 405)


@pytest.mark.parametrize(
    "path",
    [
        *LISTS,
        *DOORS,
        *PLAIN,
        "/fr/none/",
    ],
)
def test_every_answer_carries_the_policy_and_no_cookie(client, path):
    answer = client.get(path)

    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not answer.cookies


def test_the_root_answers_in_the_readers_language(client):
    for language, home in (("fr", "/fr/"), ("en-GB,en", "/en/"), ("de", "/fr/"), ("", "/fr/")):
        answer = client.get("/", headers={"Accept-Language": language})
        assert (answer.status_code, answer.url) == (302, home)


@pytest.mark.parametrize("path", ["/fr/articles", "/api/v1/articles"])
def test_an_address_without_its_slash_leads_on_for_reading_alone(client, settings, path):
    settings.DEBUG = True

    assert client.get(path).url == f"{path}/"
    assert client.post(path, {"any": "thing"}).status_code == 404
