"""What goes along with each page, file and feed for readers: the same for everyone, and safe."""

import pytest

from tests.newsroom.test_canaries import public_routes

pytestmark = pytest.mark.django_db
# Besides the pages: files, feeds, and what machines read.
OTHERS = [
    "/fr/announcements/feed.atom?market=RU",
    "/en/corrections/feed.atom",
    "/fr/announcements/announcements.csv",
    "/fr/announcements/announcements.json?market=BY",
    "/en/announcements/announcements.xlsx",
    "/fr/articles/boreal-suspend/cite.bib",
    "/fr/articles/boreal-suspend/cite.ris",
    "/fr/articles/boreal-suspend/cite.json",
    "/fr/search/suggestions/?q=bor",
    "/api/v1/announcements/",
    "/api/v1/companies/boreal/",
    "/api/docs/",
    "/api/schema/",
    "/sitemap.xml",
    "/sitemap-companies.xml",
    "/robots.txt",
]
NO_COPY = {"correction request"}  # it holds a token of its own


@pytest.fixture
def addresses(one_of_each):
    """Address → its name."""
    pages = {f"/{lang}/{path}": name for name, path in one_of_each.items() for lang in ("fr", "en")}
    return pages | {path: path for path in OTHERS}


def test_every_answer_is_safe_and_sets_no_cookie(client, addresses):
    faults = {}
    for address in addresses:
        answer = client.get(address)
        policy = answer["Content-Security-Policy"].split("; ")
        wrong = [
            not {"default-src 'self'", "object-src 'none'", "base-uri 'self'"} <= set(policy),
            "frame-ancestors 'none'" not in policy,
            "unsafe" in answer["Content-Security-Policy"],
            answer["X-Content-Type-Options"] != "nosniff",
            answer["Referrer-Policy"] != "same-origin",
            answer["X-Frame-Options"] != "DENY",
            bool(answer.cookies),
            "Cookie" in answer.get("Vary", ""),
        ]
        if any(wrong):
            faults[address] = wrong

    assert faults == {}


def test_a_copy_is_kept_and_costs_nothing_when_it_is_right(client, addresses):
    faults, copies = [], 0
    for address, name in addresses.items():
        first = client.get(address)
        if first.status_code != 200 or not address.startswith(("/fr/", "/en/", "/api/")):
            continue
        if name in NO_COPY:
            assert "no-store" in first["Cache-Control"] and not first.has_header("ETag")
            continue
        again = client.get(address, headers={"If-None-Match": first.get("ETag", "")})
        kept = (first.get("Cache-Control"), again.status_code, again.content, bool(again.cookies))
        if kept != ("public, no-cache", 304, b"", False):
            faults.append((address, kept))
        copies += 1

    assert faults == []
    assert copies > 40


def test_a_page_shows_nothing_of_who_asked_for_it(client, admin_client, addresses):
    """An editor first, then anyone: a cache between them could only ever hold the one page."""
    differ = [
        address
        for address, name in addresses.items()
        if name not in NO_COPY
        and admin_client.get(address).getvalue() != client.get(address).getvalue()
        and not address.endswith(".xlsx")  # which holds the second in which it was made
    ]

    assert differ == []


def test_the_pages_and_files_of_this_list_are_all_there_are(addresses):
    """A new route for readers has to be named here, or in `one_of_each`."""
    untold = [
        route
        for route in public_routes()
        if not route.startswith(("api/", "healthz", "readyz"))
        and route.split("<")[0].strip("/").split("/")[0]
        not in {a.strip("/").split("/")[1] if a.count("/") > 2 else "" for a in addresses}
        | {"robots.txt", "sitemap.xml", "sitemap-"}
    ]

    assert untold == []
