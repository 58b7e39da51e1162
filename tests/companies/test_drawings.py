"""Pictures as files."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest

from tests.moments import known_now

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def nordholz(make_company, make_announcement):
    company = make_company(slug="nordholz", name="Nordholz", sector="G")
    make_announcement(company, measures=[("Shops", "RU", "suspend", "in_effect")])
    make_announcement(company, "2022-05-01", [("Shops", "BY", "exit", "completed")])
    return company


def drawn(client, path):
    """The file's marks, by colour, and its words from top to bottom."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["X-Content-Type-Options"] == "nosniff"
    root = ET.fromstring(answer.content)
    return root, [text.text for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("path", "source", "title"),
    [
        ("announcements/over-time.svg", "announcements/", "Announcements over time, by action"),
        (
            "announcements/over-time.svg?market=RU&company=nordholz&page=2&view=table",
            "announcements/?market=RU&company=nordholz",
            "(Company Nordholz · Market Russia)",
        ),
        (
            "companies/nordholz/timeline.svg",
            "companies/nordholz/",
            "Nordholz: what was announced, market by market",
        ),
    ],
)
def test_a_file_says_what_it_shows_and_where_it_is_from(client, nordholz, path, source, title):
    _root, words = drawn(client, f"/en/{path}")

    assert title in " ".join(words)
    said = "".join(words[-2:]).replace(" ", "")
    assert said.endswith(f"http://testserver/en/{source}")


@pytest.mark.parametrize(
    ("path", "marks"),
    [
        ("announcements/over-time.svg", 2),
        ("announcements/over-time.svg?market=BY", 1),
        ("announcements/over-time.svg?as_of=2022-03-31", 1),
        ("announcements/over-time.svg?{now}", 2),
    ],
)
def test_columns_are_of_what_the_tracker_finds(client, nordholz, path, marks):
    root, _words = drawn(client, f"/fr/{path}".format(now=known_now()))

    assert len(root.findall(f".//{SVG}rect[@class]")) == marks


@pytest.mark.parametrize(("query", "marks"), [("", 2), ("?as_of=2022-03-31", 1)])
def test_a_timeline_is_as_of_its_day(client, nordholz, query, marks):
    root, words = drawn(client, f"/en/companies/nordholz/timeline.svg{query}")

    assert len(root.findall(f".//{SVG}path[@d][@transform][@class]")) == marks
    assert ("31 March 2022" in " ".join(words)) == bool(query)


def test_a_brands_timeline_holds_what_touches_it_alone(client, make_company, make_announcement):
    parent = make_company()
    brand = make_company(slug="brand", parent=parent)
    activity = parent.activities.create(name_fr="Marque", name_en="Brand", brand=brand)
    make_announcement(
        parent,
        measures=[(activity, "RU", "exit", "announced"), (None, "BY", "suspend", "announced")],
    )

    root, words = drawn(client, "/en/companies/brand/timeline.svg")

    assert ("Russia" in words, "Belarus" in words) == (True, False)
    assert len(root.findall(f".//{SVG}path[@d][@transform][@class]")) == 1


def test_a_grid_holds_each_measure(client, make_announcement):
    announcement = make_announcement(
        measures=[
            ("Shops & cafés", "RU", "suspend", "in_effect"),
            ("Shops & cafés", "BY", "exit", "completed"),
            (None, "RU", "continue", "announced"),
        ]
    )

    root, words = drawn(client, f"/en/announcements/{announcement.public_id}/measures.svg")

    assert len(root.findall(f".//{SVG}path[@d][@transform][@class]")) == 3
    for said in ("Shops & cafés", "Whole business", "Russia", "Belarus", "Suspension", "Completed"):
        assert said in words


@pytest.mark.parametrize(
    "path",
    [
        "announcements/over-time.svg?market=CU",
        "companies/nordholz/timeline.svg?as_of=2001-01-01",
        "companies/nobody/timeline.svg",
    ],
)
def test_nothing_to_draw_is_no_file(client, nordholz, path):
    assert client.get(f"/fr/{path}").status_code == 404


@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("", "announcements/over-time.svg"),
        ("announcements/?market=RU&page=1", "announcements/over-time.svg?market=RU"),
        ("markets/RU/", "announcements/over-time.svg?market=RU"),
        (
            "markets/RU/?as_of=2022-03-31",
            "announcements/over-time.svg?market=RU&amp;as_of=2022-03-31",
        ),
        ("sectors/G/", "announcements/over-time.svg?sector=G"),
        ("companies/nordholz/", "companies/nordholz/timeline.svg"),
        (
            "companies/nordholz/?as_of=2022-03-31",
            "companies/nordholz/timeline.svg?as_of=2022-03-31",
        ),
    ],
)
def test_each_picture_leads_to_its_file(client, nordholz, page, file):
    assert f'href="/en/{file}"' in client.get(f"/en/{page}").text
    assert client.get(f"/en/{file.replace('&amp;', '&')}").status_code == 200


def test_a_publishers_picture_leads_to_its_file(client, make_announcement, make_article):
    publisher = make_announcement(article=make_article()).evidence.get().article.publisher

    file = f"/en/announcements/over-time.svg?publisher={publisher.slug}"

    assert f'href="{file}"' in client.get(f"/en/publishers/{publisher.slug}/").text
    _root, words = drawn(client, file)
    assert publisher.name in " ".join(words)


def test_the_name_of_a_company_that_isnt_public_is_nowhere(client, make_company, make_announcement):
    make_announcement()
    hidden = make_company(slug="hidden", name="Zzhidden")

    for path in ("announcements/over-time.svg?company=hidden", "announcements/?company=hidden"):
        assert "Zzhidden" not in client.get(f"/en/{path}").text

    make_announcement(hidden, date(2022, 3, 8))
    for path in ("announcements/over-time.svg?company=hidden", "announcements/?company=hidden"):
        assert "Zzhidden" in client.get(f"/en/{path}").text
