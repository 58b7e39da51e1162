"""Damaged files never crash a reader of XML: items come out, or a reason."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.wire import newsml1, newsml_g2, nitf
from articles.wire.fragments import block_markup
from articles.wire.item import NotAnArticle, WireItem
from articles.wire.markup import parse
from benchmarks.generate import articles, newsml

READERS = {"NewsML": newsml1.read, "nitf": nitf.read, "newsMessage": newsml_g2.read}
[ARTICLE] = articles(1)
TEXT = "".join(f"<p>{text}</p>" for text in ARTICLE["body"].split("\n\n")[:3])
FILES = [
    newsml({**ARTICLE, "body": "Un.\n\n## Deux\n\nTrois."}).decode(),
    f"""<!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf><head><docdata management-status="embargoed">
    <doc-id id-string="a"/><urgency ed-urg="4"/><date.issue norm="20220309T101500Z"/>
    <date.release norm="20220310T101500Z"/><doc.copyright holder="NW"/><ed-msg info="x"/></docdata>
    </head><body><body.head><hedline><hl1>Boreal</hl1></hedline><byline>By Jo</byline></body.head>
    <body.content>{TEXT}<table><tr><td>1</td></tr></table><ul><li>a</li></ul></body.content></body>
    </nitf>""",
    f"""<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
    <newsItem guid="a" version="3"><itemMeta><itemClass qcode="ninat:text"/>
    <embargoed>2022-03-10T07:00:00Z</embargoed><pubStatus qcode="stat:usable"/></itemMeta>
    <contentMeta><headline>Boreal</headline><subject qcode="medtop:04000000"/></contentMeta>
    <contentSet><inlineXML><html><body>{TEXT}</body></html></inlineXML></contentSet></newsItem>
    <packageItem><groupSet><group><itemRef residref="a"><title>B</title></itemRef></group>
    </groupSet>
    </packageItem></itemSet></newsMessage>""",
]


def damaged(text, chance):
    """`text` with one to four damages, such as transmissions and bad programs do."""
    for _ in range(chance.randint(1, 4)):
        start, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        piece = text[start : min(end, start + 400)]
        tags = [part.split(">")[0] for part in text.split("<")[1:]] or [""]
        text = chance.choice(
            [
                text[:start],
                text[end:],
                text[:start] + text[start + 1 :],
                text[:start] + chr(chance.randrange(0x3000)) + text[start + 1 :],
                text[:start] + piece + text[start:],
                text[:start] + text[start + len(piece) :],
                text.replace(chance.choice(tags), chance.choice(tags)),
                text.replace(f"<{chance.choice(tags)}>", "", 1),
                text.replace(">", f">{piece.replace('<', '&lt;').replace('&', '&amp;')}", 1),
                text.replace('="', '="' + chance.choice(["", "9" * 30, "é", "\u202e", "urn:"])),
            ]
        )
    return text


def check(text):
    """Read `text` as what its root says it is. Whether it could be parsed."""
    try:
        root = parse(text)
    except NotAnArticle as refused:
        assert str(refused)
        return False
    for read in READERS.values():
        try:
            found = read(root)
        except NotAnArticle as refused:
            assert str(refused)
        else:
            assert any(isinstance(item, WireItem) for item in found)
            assert all(isinstance(item, WireItem | NotAnArticle) for item in found)
            assert all(item.headline for item in found if isinstance(item, WireItem))
    return True


@pytest.mark.parametrize("text", FILES, ids=READERS)
def test_a_damaged_file_gives_items_or_a_reason(text):
    assert check(text)
    chance = random.Random(text)
    parsed = [check(damaged(text, chance)) for _ in range(400)]
    assert 0 < sum(parsed) < len(parsed)


@pytest.mark.parametrize("text", FILES, ids=READERS)
def test_elements_in_the_wrong_place_give_items_or_a_reason(text):
    chance = random.Random(text)
    for _ in range(400):
        root = parse(text)
        elements = list(root.iter())
        for _ in range(chance.randint(1, 6)):
            moved, place = chance.choice(elements), chance.choice(elements)
            act = chance.randrange(4)
            if act == 0:
                moved.tag = place.tag
            elif act == 1:
                moved.text = chance.choice([None, "", " ", place.text, "20220310T101500Z"])
            elif act == 2:
                for key in moved.attrib:
                    moved.set(key, chance.choice(["", "x", *place.attrib.values()]))
            elif moved is not root and moved not in place.iterancestors() and moved is not place:
                place.insert(chance.randrange(len(place) + 1), moved)
        for read in READERS.values():
            try:
                assert read(root)
            except NotAnArticle as refused:
                assert str(refused)


MARKUP = st.lists(
    st.sampled_from(
        "< > </ /> <p> </p> <br> <table> <tr> <td> <ul> <li> <b a='x'> &amp; &lt; &#0; &nbsp; "
        "<![CDATA[ ]]> <!-- --> <script> <h2> é \0 \ud800".split()
    )
    | st.text(max_size=3)
).map("".join)


@given(MARKUP)
@settings(max_examples=200)
def test_any_html_becomes_text_or_is_refused(text):
    try:
        assert "\0" not in block_markup(text)
    except NotAnArticle as refused:
        assert str(refused)


@given(MARKUP)
@settings(max_examples=200)
def test_any_text_is_parsed_or_refused(text):
    try:
        assert parse(f"<a>{text}</a>").tag == "a"
    except NotAnArticle as refused:
        assert str(refused)
