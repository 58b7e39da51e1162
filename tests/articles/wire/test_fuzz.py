"""Damaged files of every format: read or refused with a reason, and never anything else."""

import dataclasses
import json
import random
from datetime import UTC, datetime

import pytest

from articles.text import clean
from articles.wire import NotAnArticle, Status, WireItem, pieces, read

SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)
WHOLE = {
    "plain text": "Boréal ferme\n\nUn comptoir. - JEANNE PETIT - AFP\nTout ferme.\nAprès\nRien.",
    "ninjs": json.dumps(
        [
            {
                "uri": "urn:1",
                "type": "text",
                "version": "3",
                "headline": "Boréal ferme",
                "body_html": "<p>Tout <b>ferme</b>.</p><ul><li>Riga</ul>",
                "versioncreated": "2022-03-09T10:15:00+01:00",
                "embargoed": "2022-03-10T07:00:00Z",
                "subject": [{"code": "04000000"}],
                "associations": {"a": {"type": "picture", "description_text": "Riga"}},
            },
            {"uri": "urn:2", "headlines": [{"value": "A"}], "bodies": [{"value": "<p>B"}]},
        ]
    ),
    "RSS": f"<?xml version='1.0' encoding='utf-8'?><rss {SPACES}><channel><language>fr</language>"
    "<item><title>Boréal &amp; Cie</title><link>https://example.org/1</link><guid>1</guid>"
    "<pubDate>Wed, 09 Mar 2022 10:15:00 +0100</pubDate><dc:creator>J. Petit, AFP</dc:creator>"
    "<media:content><media:description>Riga</media:description></media:content>"
    "<content:encoded><![CDATA[<p>Tout ferme.</p><h2>Après</h2>]]></content:encoded></item>"
    "<item><description>Rien.&lt;br&gt;</description></item></channel></rss>",
    "Atom": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>Boréal</title>'
    '<link href="https://example.org/1"/><updated>2022-03-09T10:15:00Z</updated>'
    '<content type="xhtml"><div><p>Tout.</p></div></content></entry></feed>',
    "HTML": "<!DOCTYPE html><html lang=fr><head><meta charset=utf-8><title>Boréal</title>"
    '<link rel=canonical href="https://example.org/a/1">'
    '<script type="application/ld+json">{"@graph":[{"@type":["NewsArticle"],"headline":"Boréal",'
    '"author":[{"name":"Jeanne Petit avec AFP"}],"datePublished":"2022-03-09T10:15:00+01:00",'
    '"image":{"url":"https://example.org/comptoir.jpg"},"articleBody":"Tout ferme à Riga."}]}'
    "</script></head><body><article><h1>Boréal</h1><figure><img src=comptoir.jpg><figcaption>"
    "Riga © AFP</figcaption></figure><p>Tout ferme à Riga, et pour de bon cette fois, dit-on.</p>"
    "<ul><li>Riga</li></ul><table><tr><td>1</td></tr></table></article></body></html>",
    "NITF": '<nitf><head><docdata><doc-id id-string="1"/><date.issue norm="20220309T101500Z"/>'
    "</docdata></head><body><body.head><hedline><hl1>Boréal</hl1></hedline><byline>J. Petit"
    "</byline></body.head><body.content><p>Tout ferme.</p></body.content></body></nitf>",
    "NewsML 1.2": "<NewsML><NewsItem><Identification><NewsIdentifier><NewsItemId>1</NewsItemId>"
    "</NewsIdentifier></Identification><NewsManagement><FirstCreated>20220309T101500Z"
    '</FirstCreated><Status FormalName="Usable"/></NewsManagement><NewsComponent><NewsLines>'
    "<HeadLine>Boréal</HeadLine></NewsLines><ContentItem><DataContent><p>Tout ferme.</p>"
    "</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>",
    "NewsML-G2": '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>'
    '<newsItem guid="urn:1" version="2"><itemMeta><pubStatus qcode="stat:usable"/>'
    "<versionCreated>2022-03-09T10:15:00Z</versionCreated></itemMeta><contentMeta>"
    '<headline>Boréal</headline><subject qcode="medtop:04000000"/></contentMeta><contentSet>'
    "<inlineXML><html><body><p>Tout ferme.</p></body></html></inlineXML></contentSet></newsItem>"
    "</itemSet></newsMessage>",
}
ROUNDS = 150
BITS = (
    *(
        b"<",
        b">",
        b"&",
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b"null",
        b"0",
        b"-1",
        b"\0",
        b"\xff",
        b"\xc3",
    ),
    *(b"&#0;", b"&#xd800;", b"\\ud800", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"1e999", b"{}"),
    *(b"\xe2\x80\xae", b"99999999999", b"http://[", b"</p>", b"true", b"<p>", b"\x01", b"\n\n"),
)


def damaged(data, chance):
    """`data` with up to twenty pieces lost, doubled, replaced, flipped, or its end cut off."""
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        start = chance.randrange(len(data) + 1)
        end = start + chance.choice([0, 1, 3, 10, 100])
        match chance.randrange(5):
            case 0:
                del data[start:end]
            case 1:
                data[start:start] = data[start:end]
            case 2:
                data[start:end] = chance.choice(BITS)
            case 3:
                data[start:end] = bytes(byte ^ 1 << chance.randrange(8) for byte in data[start:end])
            case 4 if chance.random() < 0.2:
                del data[start:]
    return bytes(data)


def check(item):
    """Every field of an item is of its kind, and every text is clean."""
    for field in dataclasses.fields(item):
        value = getattr(item, field.name)
        if isinstance(value, str):
            assert value == clean(value)
        elif isinstance(value, tuple):
            assert all(isinstance(one, str) and one == clean(one) for one in value)
        elif isinstance(value, datetime):
            assert value.tzinfo is UTC and 1900 <= value.year <= 2200
        else:
            assert value is None or isinstance(value, int)
    for name, most in pieces.LIMITS.items() | {("headline", 500), ("wire_id", 500)}:
        assert len(getattr(item, name)) <= most
    assert len(item.language) <= 35
    assert item.status in Status
    assert item.headline or item.status == Status.CANCELED


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_file_is_read(kind):
    for item in read(WHOLE[kind].encode()):
        check(item)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_damaged_file_is_read_or_refused(kind):
    chance = random.Random(kind)
    for _ in range(ROUNDS):
        data = damaged(WHOLE[kind].encode(), chance)
        try:
            found = read(data)
        except NotAnArticle as reason:
            assert str(reason)
            continue
        assert any(isinstance(item, WireItem) for item in found)
        for item in found:
            if isinstance(item, WireItem):
                check(item)
            else:
                assert isinstance(item, NotAnArticle)
                assert str(item)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_may_break_off_anywhere(kind):
    data = WHOLE[kind].encode()
    for end in range(0, len(data), 7):
        try:
            assert read(data[:end])
        except NotAnArticle as reason:
            assert str(reason)
