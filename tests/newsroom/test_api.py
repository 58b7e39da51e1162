"""What all of the API has in common: strictness, pages, problems, its description."""

import html
import re
from io import StringIO

import jsonschema_rs
import pytest
from django.core.management import call_command

LISTS = [
    "articles",
    "publishers",
    "corrections",
    "companies",
    "announcements",
    "mentions",
    "assessments",
    "standings",
]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def problem(*errors):
    return {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "The request has parameters that can't be understood.",
        "errors": [{"parameter": name, "detail": detail} for name, detail in errors],
    }


def test_errors_name_the_parameter_and_what_it_takes(client):
    known = "country, kind, ordering, page, page_size"

    answer = client.get("/api/v1/publishers/?kind=blog&color=red")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == problem(
        ("color", f"Unknown parameter. Known here: {known}."),
        ("kind", "One of: agency, outlet, company, aggregator."),
    )


DATE = "A date as YYYY-MM-DD, for instance 2022-03-09."
MOMENT = "A moment as YYYY-MM-DDThh:mm:ss+hh:mm, or a date as YYYY-MM-DD."
COUNTRY = "A country as two capital letters of ISO 3166-1, for instance RU."
ACTIONS = "One of: exit, suspend, scale_back, pause_investment, resume, continue."
SIZE = "A whole number from 1 to 100."


@pytest.mark.parametrize(
    ("name", "value", "detail"),
    [
        ("market", "ZZ", COUNTRY),
        ("market", "ru", COUNTRY),
        ("country", "'; --", COUNTRY),
        (
            "action",
            "leave",
            "One of: exit, suspend, scale_back, pause_investment, resume, continue.",
        ),
        ("stage", "done", "One of: announced, in_effect, completed."),
        ("contradicted", "1", "One of: true, false."),
        ("ordering", "password", "One of: announced_on, -announced_on, company, -company."),
        ("as_of", "0000-01-01", DATE),
        ("as_of", "1" * 30, DATE),
        ("as_of", "2022-02-30", DATE),
        ("as_of", "08/03/2022", DATE),
        ("as_of", "\0", DATE),
        ("as_of", "9999-12-31", "This day hasn't come yet."),
        ("as_of", "2099-01-01", "This day hasn't come yet."),
        ("announced_after", "9999-12-31", "Ensure this value is less than or equal to 2100-12-31."),
        ("as_of", "0001-01-01", "Ensure this value is greater than or equal to 1900-01-01."),
        ("known_at", "yesterday", MOMENT),
        ("known_at", "2022-02-30T00:00:00", MOMENT),
        ("known_at", "9999-12-31T23:59:59-14:00", MOMENT),
        ("known_at", "0001-01-01T00:00:00+14:00", MOMENT),
        ("known_at", "2022-13-01", MOMENT),
        ("known_at", "20220309", MOMENT),
        ("known_at", "2022-03-09T", MOMENT),
        ("q", "\0", "Null characters are not allowed."),
        ("company", "a\0", "Null characters are not allowed."),
        ("page_size", "0", SIZE),
        ("page_size", "101", SIZE),
        ("page_size", "-1", SIZE),
        ("page_size", "many", SIZE),
        ("page_size", "9" * 5000, SIZE),
        ("page_size", "", SIZE),
        ("page_size", "²", SIZE),
    ],
)
def test_a_value_that_is_not_understood_is_refused(client, name, value, detail):
    answer = client.get("/api/v1/announcements/", {name: value})

    assert answer.status_code == 400
    assert answer.json() == problem((name, detail))


def test_a_parameter_given_twice_is_refused(client):
    answer = client.get("/api/v1/announcements/?market=RU&market=BY")

    assert answer.json() == problem(("market", "Given more than once."))


@pytest.mark.parametrize(
    "path", ["articles/it", "companies/it", "announcements/it", "publishers/it"]
)
def test_a_single_record_takes_no_filter(client, path):
    answer = client.get(f"/api/v1/{path}/?q=x")

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == ["q"]


HOSTILE = [
    "page=0",
    "page=-1",
    "page=999999999",
    f"page={'9' * 30}",
    f"page={'9' * 5000}",
    "page=x",
    "page=%00",
    "cursor=bzE9MQ%3D%3D",
    "format=xml",
    "q=%00",
    "q=%ED%A0%80",
    "q=" + "(" * 3000,
    "ordering=%00",
    "ordering=,",
    "ordering=-",
    "company=%F0%9F%98%80",
    "company__merged_into=1",
    "as_of=%FF",
    "known_at=%F0%9F%98%80",
    "publisher=" + "a" * 3000,
]


@pytest.mark.parametrize("path", LISTS)
def test_no_request_breaks_a_list(client, make_announcement, path):
    make_announcement()

    for query in HOSTILE:
        answer = client.get(f"/api/v1/{path}/?{query}")

        assert answer.status_code in (200, 400, 404), query
        if answer.status_code != 200:
            assert answer["Content-Type"] == "application/problem+json", query


@pytest.mark.parametrize(
    "address",
    [
        "/api/",
        "/api/v1/nothing/",
        "/api/v2/articles/",
        "/api/v1/articles/unknown/",
        "/api/v1/articles/a%00b/",
        "/api/v1/articles/%ED%A0%80/",
        "/api/v1/companies/unknown/",
        "/api/v1/companies/..%2f/",
        "/api/v1/announcements/unknown/",
        "/api/v1/announcements/draft00001/",
        "/api/v1/publishers/unknown/",
        "/api/v1/mentions/1/",
        "/api/v1/articles/?page=999999999",
    ],
)
def test_what_is_not_there_is_one_problem(client, make_announcement, address):
    make_announcement(publish=False, public_id="draft00001")

    answer = client.get(address)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
    }


def test_a_missing_slash_is_put_there(client):
    answer = client.get("/api/v1/articles?q=x")

    assert (answer.status_code, answer.url) == (301, "/api/v1/articles/?q=x")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", LISTS)
def test_nothing_is_written(client, path, method):
    answer = getattr(client, method)(f"/api/v1/{path}/")

    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_pages_lead_to_each_other(client, make_article):
    for number in range(3):
        make_article(slug=f"piece-{number}", headline=f"Piece {number}")
    first = "http://testserver/api/v1/articles/?ordering=headline&page_size=1"

    seen, address, back = [], first, []
    while address:
        page = client.get(address).json()
        seen += [row["slug"] for row in page["results"]]
        back.append(page["previous"])
        address = page["next"]

    assert seen == ["piece-0", "piece-1", "piece-2"]
    assert back == [None, first, first.replace("page_size", "page=2&page_size")]


@pytest.mark.parametrize(("query", "shown"), [("", 20), ("?page_size=100", 21)])
def test_sizes_of_pages(client, make_article, make_publisher, query, shown):
    publisher = make_publisher()
    for _ in range(21):
        make_article(publisher=publisher)

    assert len(client.get(f"/api/v1/articles/{query}").json()["results"]) == shown


def test_the_description_gives_no_warning():
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_the_description_is_open(client):
    answer = client.get("/api/schema/")
    schema = answer.json()

    assert answer["Content-Type"] == "application/json"
    assert schema["openapi"] == "3.1.0"
    assert sorted(schema["paths"]) == sorted(
        [f"/api/v1/{name}/" for name in LISTS]
        + [
            "/api/v1/announcements/{public_id}/",
            "/api/v1/articles/{slug}/",
            "/api/v1/companies/{slug}/",
            "/api/v1/publishers/{slug}/",
        ]
    )
    assert client.get("/api/schema/", {"version": "1\n2"}).status_code == 400
    yaml = client.get("/api/schema/", headers={"Accept": "application/yaml"})
    assert yaml.content.startswith(b"openapi: 3.1.0")


@pytest.mark.parametrize("name", LISTS)
def test_every_parameter_is_described(client, name):
    parameters = client.get("/api/schema/").json()["paths"][f"/api/v1/{name}/"]["get"]["parameters"]

    assert [p["name"] for p in parameters if not p.get("description")] == []
    known = client.get(f"/api/v1/{name}/?zz=1").json()["errors"][0]["detail"]
    assert known == (
        f"Unknown parameter. Known here: {', '.join(sorted(p['name'] for p in parameters))}."
    )


@pytest.mark.parametrize("name", LISTS)
def test_answers_keep_to_the_description(
    client, make_announcement, make_article, make_company, make_publisher, name
):
    company, article = make_company(), make_article()
    make_announcement(
        company,
        measures=[("one", "RU", "suspend", "announced"), (None, "BY", "exit", "completed")],
        article=article,
    )
    company.mentions.create(article=article, status="confirmed")
    company.assessments.create(assessor=make_publisher(), grade="B", assessed_on="2022-05-01")
    version = article.revise(body="New.")
    article.corrections.create(kind="correction", version=version, note_fr="Oui.", note_en="Yes.")
    described = client.get("/api/schema/").json()
    answers = described["paths"][f"/api/v1/{name}/"]["get"]["responses"]
    shape = answers["200"]["content"]["application/json"]["schema"]

    results = client.get(f"/api/v1/{name}/").json()

    assert results["results"]
    jsonschema_rs.Draft202012Validator(shape | {"components": described["components"]}).validate(
        results
    )


def test_the_description_is_written_for_readers(client):
    """What an editor is asked, and what a developer has to know, stand elsewhere."""
    schema = client.get("/api/schema/", headers={"Accept-Language": "en"}).json()
    described, waiting = [], [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            described.append(part.get("description", ""))
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    told = " ".join(each for each in described if isinstance(each, str))

    assert "Whether a page that carries it was read" in told
    assert "in square brackets where it is ours" in told
    for inside in (
        "nobody here",
        "Takes rows",
        "Off where",
        "Does it support",
        "for_listing",
        "None",
    ):
        assert inside not in told


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_docs_tell_all_that_the_description_does(client, language):
    described = client.get("/api/schema/", headers={"Accept-Language": language}).json()

    page = client.get("/api/docs/", headers={"Accept-Language": language}, follow=True)
    told = html.unescape(page.text)

    assert page.redirect_chain == [(f"/{language}/data/api/", 302)]
    parts = re.split("<section", told)[1:]
    operations = described["paths"].items()
    objects = described["components"]["schemas"].items()
    assert len(parts) == len(operations) + len(objects) - 1  # NullEnum is no object
    for (path, operation), part in zip(operations, parts, strict=False):
        assert f"{path}</" in part or f">{path}</a>" in part
        assert operation["get"]["summary"] in part
        for parameter in operation["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in part
            assert parameter.get("description", "").split("\n")[0] in part
            for value in parameter["schema"].get("enum", ()):
                assert f"<code>{value}</code>" in part
        for status in operation["get"]["responses"]:
            assert f"<code>{status}</code>" in part
    for name, each in objects:
        if each.get("type") == "null":
            continue
        (part,) = [part for part in parts if f'id="{name}"' in part]
        for said in [*each.get("properties", ()), *each.get("enum", ())]:
            assert f"<code>{said}</code>" in part
