"""What is read of RSS and Atom, and what is refused and why."""

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from articles.wire import NotAnArticle, Status, WireItem, read

PARIS = timezone(timedelta(hours=1))
FIRST = datetime(2022, 3, 9, 10, 15, tzinfo=PARIS)
LATER = datetime(2022, 3, 9, 12, 0, tzinfo=UTC)
SPACES = (
    'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:wp="http://wordpress.org/export/1.2/"'
)


def rss(*items, channel=""):
    items = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<rss version="2.0" {SPACES}><channel><title>Gazette</title>{channel}{items}'
        "</channel></rss>"
    )


HASHED = f"sha256:{sha256(b'u' * 501).hexdigest()}"
LONG = f"Tout ferme à Riga, dit-on. {'Un mot, encore un mot. ' * 20}".strip()


def read_one(text):
    [item] = read(text.encode())
    return item


RSS_2 = rss(
    """
    <title>Boréal ferme ses comptoirs &amp; s'en va</title>
    <link>https://gazette.example.org/1?utm=a</link>
    <guid isPermaLink="false">gazette-1</guid>
    <pubDate>Wed, 09 Mar 2022 10:15:00 CET</pubDate>
    <dcterms:modified>2022-03-09T12:00:00Z</dcterms:modified>
    <dc:creator>Jeanne Petit</dc:creator><dc:creator>Paul Grand avec AFP</dc:creator>
    <media:content url="https://gazette.example.org/1.jpg" medium="image">
      <media:description>Un comptoir à Riga.</media:description>
      <media:credit>Paul Grand</media:credit>
    </media:content>
    <media:content url="https://gazette.example.org/2.mp4" medium="video">
      <media:description>Un film.</media:description>
    </media:content>
    <description>&lt;p&gt;Onze comptoirs sont touchés.&lt;/p&gt;</description>
    <content:encoded><![CDATA[<p>La chaîne l'a dit mardi.</p><h2>Une page tournée</h2>
      <p>Tout ferme.</p><script>alert(1)</script>]]></content:encoded>
    <category domain="http://cv.iptc.org/newscodes/mediatopic/">04000000</category>
    <category>Économie</category>
    """,
    channel="<language>fr-fr</language><copyright>© La Gazette</copyright>"
    "<link>https://gazette.example.org/</link>",
)
ATOM = """
    <feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"
          xml:lang="fr">
      <title>Gazette</title><rights>© La Gazette</rights>
      <author><name>La rédaction</name></author>
      <entry>
        <id>gazette-1</id>
        <title type="html">Boréal ferme ses comptoirs &amp;amp; s'en va</title>
        <link rel="self" href="https://gazette.example.org/1.atom"/>
        <link href="https://gazette.example.org/1?utm=a"/>
        <published>2022-03-09T10:15:00+01:00</published>
        <updated>2022-03-09T12:00:00Z</updated>
        <author><name>Jeanne Petit</name></author>
        <author><name>Paul Grand avec AFP</name></author>
        <media:group>
          <media:description>Un comptoir à Riga.</media:description>
          <media:credit>Paul Grand</media:credit>
        </media:group>
        <category term="medtop:04000000"/>
        <summary>Onze comptoirs sont touchés.</summary>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
          <p>La chaîne l'a dit mardi.</p><h2>Une page tournée</h2><p>Tout ferme.</p></div></content>
      </entry>
    </feed>"""
ITEM = WireItem(
    "Boréal ferme ses comptoirs & s'en va",
    "La chaîne l'a dit mardi.\n\n## Une page tournée\n\nTout ferme.",
    standfirst="Onze comptoirs sont touchés.",
    wire_id="gazette-1",
    language="fr-FR",
    byline="Jeanne Petit, Paul Grand avec AFP",
    credit="AFP",
    source_url="https://gazette.example.org/1?utm=a",
    image_caption="Un comptoir à Riga.",
    image_credit="Paul Grand",
    subjects=("medtop:04000000",),
    published_at=FIRST,
    published_precision="day",
    revised_at=LATER,
    copyright_holder="© La Gazette",
)


@pytest.mark.parametrize(
    ("feed", "language"),
    [pytest.param(RSS_2, "fr-FR", id="RSS"), pytest.param(ATOM, "fr", id="Atom")],
)
def test_all_that_a_feed_says(feed, language):
    item = read_one(feed)
    assert item.language == language
    assert item == WireItem(**vars(ITEM) | {"language": language})


@pytest.mark.parametrize(
    "feed",
    [
        # RSS 1.0 has its items beside the channel, RSS 0.9 has another namespace.
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/"><channel><title>G</title></channel>'
        "<item><title>Boréal ferme</title><link>https://example.org/1</link></item></rdf:RDF>",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>G</title></channel>'
        "<item><title>Boréal ferme</title><link>https://example.org/1</link></item></rdf:RDF>",
        '<rss version="0.91"><channel>'
        "<item><title>Boréal ferme</title><link>https://example.org/1</link></item></channel></rss>",
        # Not one of these is well-formed.
        "<rss><channel><item><title>Boréal ferme</title>"
        "<link>https://example.org/1</link><description><br></description></item>"
        "<item><title>Boréal ferme</title><link>https://example.org/1</link></item></channel></rss>",
        "<rss><channel><item><title>Bor&eacute;al ferme</title>"
        "<link>https://example.org/1</link></item></channel></rss>",
        "<rss><channel><title>A & B</title><item><title>Boréal ferme</title>"
        "<link>https://example.org/1</link></item></channel></rss>",
        "<rss><channel><item><title>Boréal ferme</title><link>https://example.org/1</link></item>",
    ],
)
def test_feeds_of_all_ages_and_states_are_read(feed):
    items = [item for item in read(feed.encode()) if isinstance(item, WireItem)]
    assert items == [WireItem("Boréal ferme", source_url="https://example.org/1")]


@pytest.mark.parametrize(
    ("item", "headline", "body", "standfirst"),
    [
        # A summary alone is no text.
        (
            "<title>A</title><description>Tout ferme à Riga.</description>",
            "A",
            "",
            "Tout ferme à Riga.",
        ),
        (
            "<title>A</title><description>&lt;b&gt;Tout&lt;/b&gt; ferme</description>"
            "<content:encoded>Tout ferme</content:encoded>",
            "A",
            "",
            "Tout ferme",
        ),
        # Several paragraphs are.
        (
            "<title>A</title><description>&lt;p&gt;Un.&lt;/p&gt;&lt;p&gt;Deux.&lt;/p&gt;</description>",
            "A",
            "Un.\n\nDeux.",
            "",
        ),
        (
            "<title>A</title><description>Un. [...]</description>"
            "<content:encoded>&lt;p&gt;Un.&lt;/p&gt;&lt;p&gt;Deux.&lt;/p&gt;</content:encoded>",
            "A",
            "Un.\n\nDeux.",
            "",
        ),
        # Without a headline the first words stand for it.
        (
            "<description>Tout ferme à Riga.</description>",
            "Tout ferme à Riga.",
            "",
            "Tout ferme à Riga.",
        ),
        (
            f"<description>{LONG}</description>",
            "Tout ferme à Riga, dit-on.",
            "",
            LONG,
        ),
        # WordPress keeps paragraphs as blank lines, and has codes of its own.
        (
            "<title>A</title><wp:post_type>post</wp:post_type>"
            "<content:encoded><![CDATA[[dropcap]T[/dropcap]out <b>ferme</b>.\n\n"
            "[contact_form id='1']\n\nIl reste [sic] deux comptoirs.]]></content:encoded>",
            "A",
            "Tout ferme.\n\nIl reste [sic] deux comptoirs.",
            "",
        ),
    ],
)
def test_headline_body_and_standfirst(item, headline, body, standfirst):
    found = read_one(rss(item))
    assert (found.headline, found.body, found.standfirst) == (headline, body, standfirst)


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("<author>redaction@example.org (Jeanne Petit)</author>", "byline", "Jeanne Petit"),
        ("<author>redaction@example.org</author>", "byline", ""),
        ("<itunes:author>Jeanne Petit</itunes:author>", "byline", "Jeanne Petit"),
        ("<dc:creator>AFP</dc:creator>", "credit", "AFP"),
        ("<dc:creator>AFP</dc:creator>", "byline", ""),
        ("<source><title>Agence Boréale</title><id>1</id></source>", "credit", "Agence Boréale"),
        ('<source url="https://example.org/">Agence Boréale</source>', "credit", "Agence Boréale"),
        ("<guid>https://example.org/1</guid>", "source_url", "https://example.org/1"),
        ('<guid isPermaLink="false">https://example.org/1</guid>', "source_url", ""),
        ("<link>/1</link>", "source_url", "https://gazette.example.org/1"),
        ("<link>javascript:alert(1)</link>", "source_url", ""),
        ("<link>http://[</link>", "source_url", ""),
        ("<pubDate>2022-03-09T10:15:00+01:00</pubDate>", "published_at", FIRST),
        ("<dc:date>2022-03-09T10:15:00+01:00</dc:date>", "published_at", FIRST),
        ("<pubDate>mercredi 9 mars</pubDate>", "published_at", None),
        ("<dc:language>de</dc:language>", "language", "de"),
        ("<dc:rights>CC BY 4.0</dc:rights>", "copyright_holder", "CC BY 4.0"),
        ("<category>Contenu partenaire</category>", "editors_note", "Sponsored content."),
        ("<category>Partenaires sociaux</category>", "editors_note", ""),
        ("<media:description>Légende</media:description>", "image_caption", "Légende"),
        ("<wp:status>publish</wp:status>", "status", Status.USABLE),
        ("<wp:status>draft</wp:status>", "status", Status.WITHHELD),
    ],
)
def test_what_an_item_says(said, field, value):
    item = rss(f"<title>A</title>{said}", channel="<link>https://gazette.example.org/</link>")
    assert getattr(read_one(item), field) == value


def test_items_come_in_order_with_refusals_in_their_places():
    first, attachment, empty, last = read(
        rss(
            "<title>A</title>",
            "<guid>b</guid><title>B</title><wp:post_type>attachment</wp:post_type>",
            "<link>https://example.org/c</link>",
            "<title>D</title>",
        ).encode()
    )
    assert (first.headline, str(attachment), str(empty), last.headline) == (
        "A",
        "b: WordPress's attachment: no article",
        "https://example.org/c: no headline and no text",
        "D",
    )


def test_a_feed_that_breaks_off_gives_its_whole_items():
    feed = rss("<title>A</title>", "<title>B</title>", "<title>C</title>")
    first, second, rest = read(feed[: feed.index("C</title>")].encode())
    assert (first.headline, second.headline, str(rest)) == (
        "A",
        "B",
        "the feed breaks off in its last item",
    )


def test_a_broken_item_leaves_the_others():
    feed = rss("<title>A</title>", "<title>B</b>", "<title>C</title>")
    first, broken, last = read(feed.encode())
    assert (first.headline, last.headline) == ("A", "C")
    assert str(broken).startswith("number 2: broken XML, line 1: Opening and ending tag mismatch")


@pytest.mark.parametrize(
    ("feed", "reason"),
    [
        ("<rss><channel><title>G</title></channel></rss>", "a feed without items"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "a feed without items"),
        ("<rss><channel><item><title>A", "the feed breaks off in its last item"),
        ("<rss><channel>", "broken XML, line 1: Premature end of data"),
    ],
)
def test_a_feed_without_a_whole_item_is_refused(feed, reason):
    with pytest.raises(NotAnArticle) as refused:
        read(feed.encode())
    assert str(refused.value).startswith(reason)


HOSTILE = 40_000


@pytest.mark.parametrize(
    "item",
    [
        # Each takes feedparser half a minute.
        "".join(f"<category>{number}</category>" for number in range(HOSTILE)),
        "<a " + " ".join(f'a{number}="1"' for number in range(HOSTILE)) + "/>",
        "<description><![CDATA[" + "<b>a</b>" * HOSTILE + "]]></description>",
        "<description>" + "&amp;" * HOSTILE + "</description>",
        "".join(f"<link>https://example.org/{number}</link>" for number in range(HOSTILE)),
    ],
    ids=lambda item: item[:40],
)
def test_heaps_of_one_thing_are_read(item):
    assert read_one(rss(f"<title>A</title>{item}")).headline == "A"


@pytest.mark.parametrize(
    "item",
    [
        "<description><![CDATA[" + "<div>" * HOSTILE + "]]></description>",
        "<description>" + "&lt;div&gt;" * HOSTILE + "</description>",
    ],
    ids=lambda item: item[:40],
)
def test_nesting_is_refused_and_the_rest_goes_in(item):
    refused, last = read(rss(f"<title>A</title>{item}", "<title>B</title>").encode())
    assert (str(refused), last.headline) == ("number 1: HTML nested too deep", "B")


@pytest.mark.parametrize(
    ("inner", "field", "value"),
    [
        ("<dc:rights>NW. No archival use</dc:rights>", "usage_terms", "NW. No archival use"),
        ("<copyright>© La Gazette</copyright>", "usage_terms", ""),
        ("<source>" + "NW " * 100 + "</source>", "credit", "NW " * 66 + "…"),
        ("<dc:creator>" + "x" * 400 + "</dc:creator>", "byline", "x" * 298 + " …"),
        ("<guid>" + "u" * 501 + "</guid>", "wire_id", HASHED),
        ("<link>https://exa mple.org/1</link>", "source_url", ""),
        (
            "<link>https://exa mple.org/1</link>",
            "editors_note",
            "Its address is none, and was left out: https://exa mple.org/1",
        ),
        ("<pubDate>Fri, 31 Dec 9999 23:59:59 -0500</pubDate>", "published_at", None),
        ("<prism:embargoDate>2022-03-09T12:00:00Z</prism:embargoDate>", "embargo", LATER),
        ("<prism:embargoDate>Thursday</prism:embargoDate>", "status", Status.WITHHELD),
        ("<prism:expirationDate>2022-03-09T12:00:00Z</prism:expirationDate>", "expires_at", LATER),
        (
            "<prism:expirationDate>soon</prism:expirationDate>",
            "editors_note",
            "The end of its right of use can't be read: soon",
        ),
    ],
)
def test_what_is_too_long_or_unread_loses_no_item(inner, field, value):
    [item] = read(rss(f"<title>A</title>{inner}").encode())
    assert getattr(item, field) == value


def test_terms_of_a_feed_are_those_of_its_items():
    channel = "<copyright>NW. Not for archive</copyright>"
    [item] = read(rss("<title>A</title><dc:rights>© Gazette</dc:rights>", channel=channel).encode())
    assert (item.copyright_holder, item.usage_terms) == ("© Gazette", "NW. Not for archive")


def test_a_long_headline_is_cut_and_stands_whole_above_the_text():
    headline = ("Boréal " * 85).strip()
    [item] = read(
        rss(f"<title>{headline}</title><content:encoded>Tout.</content:encoded>").encode()
    )
    assert (item.headline, item.body) == ("Boréal " * 71 + "…", f"{headline}\n\nTout.")
