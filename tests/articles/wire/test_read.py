"""How the reader is chosen by the content of a file, and what is refused by name."""

import gzip

import pytest

from articles.wire import MAX_BYTES, NotAnArticle, WireItem, first_element, read


def by_reason(value):
    """A short name for a case: its data may be megabytes long."""
    return value[:60] if isinstance(value, str) else ""


NINJS = '{"uri": "urn:1", "headline": "Boréal ferme", "language": "fr"}'
RSS = "<rss><channel><item><title>Boréal ferme</title></item></channel></rss>"
PAGE = (
    "<html lang=fr><head><meta property=og:type content=article></head>"
    "<body><article><h1>Boréal ferme</h1><p>{}</p></article></body></html>"
).format("La chaîne l'a dit mardi à ses salariés. " * 20)
NITF = (
    "<nitf><body><body.head><hedline><hl1>Boréal ferme</hl1></hedline></body.head>"
    "<body.content><p>Tout ferme.</p></body.content></body></nitf>"
)
NEWSML = (
    "<NewsML><NewsItem><NewsComponent><NewsLines><HeadLine>Boréal ferme</HeadLine></NewsLines>"
    "<ContentItem><DataContent><p>Tout ferme.</p></DataContent></ContentItem>"
    "</NewsComponent></NewsItem></NewsML>"
)
NEWSML_G2 = (
    '<newsItem guid="urn:1" version="1"><contentMeta><headline>Boréal ferme</headline>'
    "</contentMeta><contentSet><inlineXML><html><body><p>Tout ferme.</p></body></html>"
    "</inlineXML></contentSet></newsItem>"
)
TEXT = "Boréal ferme\n\nTout ferme."
IN_FRONT = " \n<?xml version='1.0'?>\n<!-- <html> -->\n<!DOCTYPE a [<!ENTITY % b 'c'>]>\n"


@pytest.mark.parametrize("text", [NINJS, RSS, PAGE, NITF, NEWSML, NEWSML_G2, TEXT])
def test_the_content_chooses_the_reader(text):
    [item] = read(text.encode())
    assert item.headline == "Boréal ferme"


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_every_format_comes_in_every_charset(charset):
    for text in (NINJS, RSS, PAGE, NITF, NEWSML_G2, TEXT):
        [item] = read(text.encode(charset))
        assert item.headline == "Boréal ferme"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<rss>", "rss"),
        ("<rdf:RDF xmlns:rdf='x'>", "RDF"),
        (IN_FRONT + "<nitf/>", "nitf"),
        ("<!DOCTYPE nitf SYSTEM 'nitf.dtd'><nitf/>", "nitf"),
        ("<!doctype HTML><p>", "html"),
        ("<a:b.c-d e='f'>", "b.c-d"),
    ],
)
def test_the_first_element_is_found_behind_what_stands_before_it(text, name):
    assert first_element(text) == name


@pytest.mark.parametrize(
    "text",
    ["<", "<!--", "<!-- a", "<?xml", "<!DOCTYPE a [", "<!DOCTYPE a [ ]", "< a>", "<a", "<!>x"],
)
def test_markup_may_end_before_its_first_element(text):
    with pytest.raises(NotAnArticle):
        read(text.encode())


def test_a_piece_among_others_is_refused_in_its_place():
    first, refused, last = read(
        b'[{"uri": "a", "headline": "A"}, {"uri": "b", "type": "video"},'
        b' {"uri": "c", "headline": "C"}]'
    )
    assert (first, str(refused), last) == (
        WireItem("A", wire_id="a"),
        "b: type video: no article",
        WireItem("C", wire_id="c"),
    )


def test_where_no_piece_can_be_read_the_file_is_refused():
    with pytest.raises(NotAnArticle) as refused:
        read(b'[{"uri": "a", "type": "audio"}, {"uri": "b", "type": "video"}]')
    assert str(refused.value) == (
        "none of 2 pieces can be read; the first: a: type audio: no article"
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('{"headline": "Boréal", "language": "fre"}', "fr"),
        ('{"headline": "Boréal", "language": "x-none"}', ""),
        (
            '{"headline": "Boréal ferme ses comptoirs", "language": "", '
            '"body_text": "La chaîne l\'a dit mardi, sans donner de raison."}',
            "fr",
        ),
    ],
)
def test_the_language_is_normalised_or_found(text, language):
    [item] = read(text.encode())
    assert item.language == language


WARC = "a web archive (WARC or ARC), not read yet: take its pages out of it"
IPTC = "an agency's transmission format (IPTC 7901, ANPA): not read yet"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\n ", "empty"),
        (b"\xff\xfe", "empty"),
        (b"a" * (MAX_BYTES + 1), "larger than 10 MB"),
        (b"a\0b", "binary, not text"),
        # No text at all.
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0", "a JPEG image"),
        (b"GIF89a", "a GIF image"),
        (b"\0\0\0\x18ftypmp42", "a video or image (MP4, HEIF)"),
        (b"%PDF-1.7", "a PDF document"),
        (b"PK\3\4\x14\0", "a zip archive or an Office document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an Office document"),
        (b"{\\rtf1\\ansi", "an RTF document"),
        (gzip.compress(b"text", mtime=0), "compressed by gzip: unpack it first"),
        (gzip.compress(b"WARC/1.0\r\n", mtime=0), WARC),
        (b"\x1f\x8b broken", "compressed by gzip: unpack it first"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n", WARC),
        (b"filedesc://a.arc 0.0.0.0", WARC),
        # Text of other kinds.
        (b"\x01eca0124 3 i 93 abc\r\n\x02Text.", IPTC),
        (b"\x16\x16\x01AW1\x1f_world", IPTC),
        ("\x01eca0124 Müller".encode("cp850"), IPTC),
        (b"\rZCZC ABC\r\n#Slug", IPTC),
        (b"zczc\nKN#News", IPTC),
        (b"BEGIN:VCALENDAR\nVERSION:2.0", "a calendar (iCalendar)"),
        # XML of other kinds.
        (b"<opml/>", "an OPML list of feeds"),
        (b"<urlset/>", "a sitemap"),
        (b"<svg/>", "an SVG image"),
        (b"<xs:schema/>", "an XML schema"),
        (b"<?xml version='1.0'?><a/>", "XML of no known kind: its root is <a>"),
        (b"<" + b"m" * 1000 + b"/>", f"XML of no known kind: its root is <{'m' * 60}>"),
        (b"<planningItem guid='p'/>", "p: a planning item, no article"),
        # JSON of other kinds.
        (
            b'{"version": "https://jsonfeed.org/version/1.1"}',
            "JSON Feed: not read yet; RSS and Atom are",
        ),
        (b'{"@context": "https://schema.org"}', "JSON-LD without the page that it belongs to"),
        (b'{"$schema": "a"}', "a JSON schema"),
        (b'{"type": "FeatureCollection"}', "GeoJSON: places, no article"),
        (b'{"conceptSet": []}', "a vocabulary, no article"),
        (b"[]", "JSON without an object in it"),
        (b"{}", "no headline and no text"),
        (b"[1]", "JSON, but no object"),
    ],
    ids=by_reason,
)
def test_other_kinds_are_refused_by_name(data, reason):
    with pytest.raises(NotAnArticle) as refused:
        read(data)
    assert str(refused.value) == reason


DEEP = 100_000


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"[" * DEEP, "JSON nested too deep"),
        (b'{"a":' * DEEP, "JSON nested too deep"),
        (b'{"a": ' + b"1" * 5000 + b"}", "broken JSON: Exceeds the limit (4300 digits)"),
        (b'{"a": "b', "broken JSON, line 1: Unterminated string starting at"),
        (b"[" + b"1," * 1_000_001, "JSON of more than 1,000,000 parts"),
        (b"[" + b"{}," * 10_000 + b"{}]", "a file of more than 10,000 pieces"),
        (
            b"<rss><channel>" + b"<item/>" * 10_001 + b"</channel></rss>",
            "a feed of more than 10,000 items",
        ),
        (
            b"<rss><channel><d>" + b"a" * 9000 + b"</d>" + b"<item></b></item>" * 3000,
            "broken XML, line 1: Opening and ending tag mismatch",
        ),
        (b"<rss><channel>" + b"&" * 400_000, "broken XML, line 1: "),
        (
            b"<html><script type='application/ld+json'>{" + b"<!--" * 90_000,
            "a page that isn't declared as an article",
        ),
        (b"A\n\n" + b"b\n" * 1_000_001, "a text of more than 2,000,000 characters"),
        (
            b'{"headline": "A", "body_text": "' + b"b" * 2_000_001 + b'"}',
            "a text of more than 2,000,000 characters",
        ),
        (
            b"<!doctype html><body><p>" + b"b " * 1_000_001,
            "a text of more than 2,000,000 characters",
        ),
        (
            b"<!doctype html><p " + b" ".join(b"a%d=1" % n for n in range(60_000)) + b">A",
            "a page that isn't declared as an article",
        ),
        (b"<!-- -->" * 101 + b"<rss/>", "markup without an element near its beginning"),
        (b"<nitf>" + b"<p>" * 1000, "broken XML, line 1: Excessive depth in document: 256"),
        (NITF.encode()[:60], "broken XML, line 1: "),
        (b"<rss><channel>" + b"<a>" * DEEP, "broken XML, line 1: Excessive depth"),
        (b"<!doctype html><body>" + b"<div>" * 90_000, "HTML nested too deep"),
        (
            b"<!doctype html><body>" + b"<p>a</p>" * 50_001,
            "HTML of more than 100,000 tags",
        ),
        (
            b"<!doctype html><body>" + b"<p>a</p>" * 20_000,
            "a page of more than 10,000 elements",
        ),
        (
            b'<!DOCTYPE nitf [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><nitf>&b;</nitf>',
            "XML with entities of its own",
        ),
        (
            b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item>'
            b"<title>&a;</title></item></channel></rss>",
            "XML with entities of its own",
        ),
    ],
    ids=by_reason,
)
def test_hostile_files_are_refused(data, reason):
    with pytest.raises(NotAnArticle) as refused:
        read(data)
    assert str(refused.value).startswith(reason)


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ('{"headline": "A\\ud800B\\u0000C\\u202e"}', "ABC"),
        ('{"headline": "A", "urgency": 1e999, "version": -1}', "A"),
        ("<rss><channel><item><title>A\0&#x202e;B</title></item></channel></rss>", "AB"),
    ],
)
def test_what_cannot_be_seen_is_removed(text, headline):
    [item] = read(text.replace("\0", "\1").encode())
    assert (item.headline, item.urgency) == (headline, None)
