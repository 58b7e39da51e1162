"""The list of articles as a feed."""

from datetime import UTC, datetime

import pytest
from lxml import etree

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def test_a_feed_holds_what_the_list_does(client, make_article, make_publisher):
    mine = make_publisher(slug="mine")
    for year, publisher in ((2021, mine), (2022, mine), (2022, None)):
        day = datetime(year, 6, 1, tzinfo=UTC)
        make_article(headline=f"Nike {year}", publisher=publisher, published_at=day)
    make_article(headline="Nike hidden", publisher=mine, status="withheld")
    question = "?publisher=mine&q=nike&ordering=headline&page=1"

    page = client.get(f"/fr/articles/{question}")
    root = etree.fromstring(client.get(f"/fr/articles/feed.atom{question}").content)

    titles = [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]
    assert titles == ["Nike 2022", "Nike 2021"]
    assert len(titles) == page.context["paginator"].count
    assert "/fr/articles/feed.atom?publisher=mine&amp;q=nike" in page.text
    address = "http://testserver/fr/articles/?publisher=mine&q=nike"
    assert root.find(f"{ATOM}link[@rel='alternate']").get("href") == address


def test_a_feed_says_in_which_language_each_part_is(client, make_article):
    make_article(headline="Amazon suspende vendas", language="pt", abstract_fr="Elle <part>.")

    root = etree.fromstring(client.get("/fr/articles/feed.atom").content)

    entry = root.find(f"{ATOM}entry")
    summary = entry.find(f"{ATOM}summary")
    assert [root.get(LANG), entry.get(LANG), summary.get(LANG)] == ["fr", "pt", "fr"]
    assert summary.text == "Elle &lt;part&gt;."


@pytest.mark.parametrize("access", ["full", "extract", "reference"])
def test_a_feed_holds_no_text_of_the_piece(client, make_article, access):
    make_article(headline="Shown", body="Zzcanary.", standfirst="Zzcanary.", access=access)

    feed = client.get("/fr/articles/feed.atom").text

    assert ("Shown" in feed, "Zzcanary" in feed) == (True, False)


@pytest.mark.parametrize(
    ("question", "status"),
    [("?q=%00", 400), ("?publisher=%ED%A0%80", 200), ("?published_after=x", 400), ("?q=*", 200)],
)
def test_a_feed_survives_what_is_asked(client, make_article, question, status):
    make_article()

    assert client.get(f"/fr/articles/feed.atom{question}").status_code == status
