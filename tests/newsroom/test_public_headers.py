"""What goes along with each page, file and feed for readers: the same for everyone, and safe."""

import pytest

from companies import previews
from companies.mergers import merge
from tests.routes import public_routes, route_of, whenever

pytestmark = pytest.mark.django_db
# Besides the pages: files, feeds, and what machines read.
OTHERS = [
    "/fr/announcements/feed.atom?market=RU",
    "/en/articles/feed.atom",
    "/en/corrections/feed.atom",
    "/fr/announcements/announcements.csv",
    "/fr/announcements/announcements.json?market=BY",
    "/en/announcements/announcements.xlsx",
    "/fr/announcements/over-time.svg?company=boreal",
    "/en/announcements/boreal-suspends/measures.svg",
    "/fr/companies/boreal/timeline.svg",
    "/fr/announcements/boreal-suspends/cite.bib",
    "/en/announcements/boreal-suspends/editions/1/cite.json",
    "/en/announcements/boreal-suspends/editions/1/snapshot.json",
    "/fr/articles/boreal-suspend/cite.ris",
    "/fr/articles/boreal-suspend/cite.json",
    "/en/articles/boreal-suspend/versions/1/cite.bib",
    "/fr/search/suggestions/?q=bor",
    "/fr/search/suggestions/companies/?q=bor",
    "/api/v1/",
    "/api/v1/announcements/",
    "/api/v1/articles/",
    "/api/v1/articles/boreal-suspend/",
    "/api/v1/assessments/",
    "/api/v1/companies/",
    "/api/v1/companies/boreal/",
    "/api/v1/corrections/",
    "/api/v1/mentions/",
    "/api/v1/publishers/",
    "/api/v1/publishers/gazette/",
    "/api/v1/standings/?market=RU",
    "/api/docs/",
    "/api/nothing/",
    "/api/schema/",
    "/sitemap.xml",
    "/sitemap-companies.xml",
    "/robots.txt",
    "/favicon.ico",
    "/healthz",
    "/readyz",
]
# Any page may show these in a frame.
EMBEDDED = [
    "/fr/announcements/boreal-suspends/embed/",
    "/en/announcements/retracted/embed/",
    "/en/companies/boreal/embed/",
]
# They hold a token of their own, or are for who was sent the address.
NO_COPY = {"correction request", "correction request sent", "preview"}


@pytest.fixture
def addresses(one_of_each, make_announcement):
    """Address → its name."""
    key, _until = previews.make(make_announcement(publish=False))
    record = f"/api/v1/announcements/{make_announcement().public_id}/"
    named = one_of_each | {"preview": f"announcements/preview/{key}/"}
    pages = {f"/{lang}/{path}": name for name, path in named.items() for lang in ("fr", "en")}
    return pages | {path: path for path in [*OTHERS, *EMBEDDED, record]}


def test_every_answer_is_safe_and_sets_no_cookie(client, addresses):
    faults = {}
    for address, name in addresses.items():
        answer = client.get(address)
        policy = answer["Content-Security-Policy"].split("; ")
        anywhere = address in EMBEDDED
        wrong = [
            not {"default-src 'self'", "object-src 'none'", "base-uri 'self'"} <= set(policy),
            ("frame-ancestors *" if anywhere else "frame-ancestors 'none'") not in policy,
            "unsafe" in answer["Content-Security-Policy"],
            answer["X-Content-Type-Options"] != "nosniff",
            answer["Referrer-Policy"] != ("no-referrer" if name == "preview" else "same-origin"),
            answer.get("X-Frame-Options") != (None if anywhere else "DENY"),
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


def test_what_is_gone_or_leads_on_is_asked_about_each_time(
    client, one_of_each, make_company, make_announcement, make_article
):
    """A browser would keep a 301 for good, and a 410 as long as it likes."""
    known, other = make_company(), make_company()
    make_announcement(known)
    merge(other, into=known)
    retracted = make_announcement(known)
    retracted.retract(reason_fr="Erreur.", reason_en="An error.")
    killed = make_article()
    killed.kill(note_fr="Annulé.", note_en="Killed.")
    addresses = {
        f"/fr/companies/{other.slug}/": 301,
        f"/api/v1/companies/{other.slug}/": 301,
        retracted.get_absolute_url(): 410,
        f"/api/v1/announcements/{retracted.public_id}/": 410,
        killed.get_absolute_url(): 410,
        f"/api/v1/articles/{killed.slug}/": 410,
        "/en/companies/nobody/": 404,
        "/api/v1/companies/nobody/": 404,
        "/api/v1/companies/?nothing=1": 400,
    }

    found = {}
    for address in addresses:
        answer = client.get(address)
        assert (answer["Cache-Control"], answer.has_header("ETag")) == ("public, no-cache", False)
        found[address] = answer.status_code

    assert found == addresses


def test_a_page_shows_nothing_of_who_asked_for_it(client, admin_client, addresses):
    """An editor first, then anyone: a cache between them could only ever hold the one page."""
    differ = [
        address
        for address, name in addresses.items()
        if name not in NO_COPY
        and whenever(admin_client.get(address).getvalue())
        != whenever(client.get(address).getvalue())
        and not address.endswith(".xlsx")  # which holds the second in which it was made
    ]

    assert differ == []


def test_the_pages_and_files_of_this_list_are_all_there_are(addresses):
    """A new route for readers has to be named here, or in `one_of_each`."""
    nowhere = {address for address in addresses if "/nowhere/" in address}

    assert {route_of(address) for address in addresses.keys() - nowhere} == public_routes()
