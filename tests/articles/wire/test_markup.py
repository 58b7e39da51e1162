"""Markup is parsed safely, and its blocks become the archive's plain text."""

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from lxml import etree

from articles.wire.fragments import block_markup
from articles.wire.item import NotAnArticle, Status, WireItem
from articles.wire.markup import (
    blocks,
    few_attributes,
    is_endless,
    mail_date,
    moment,
    parse,
    plain_blocks,
)
from articles.wire.pieces import author, holder, language, number, piece, urgency

BOMB = '<!DOCTYPE a [<!ENTITY a "ha">{}]>'.format(
    "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(20))
)
MANY = " ".join(f"a{number}" for number in range(300_000))
REMOTE = "http://127.0.0.1:9/x"  # nothing answers there; asking would be an error, not an answer


@pytest.mark.parametrize(
    "text",
    [
        "<a>é</a>",
        "\ufeff<?xml version='1.0' encoding='utf-16'?><a>é</a>",
        "<?xml version='1.0' encoding='klingon'?>\n<a>é</a>",
        "\n\n<?xml version='1.0'?><a>é</a>",
        "<a>&eacute;</a>",
        "<a>\x1fé\x00</a>",
        "<a><!-- é --><?pi é?>é</a>",
        "<a><![CDATA[é]]></a>",
        f"<!DOCTYPE a SYSTEM '{REMOTE}'><a>é</a>",
        # So do agencies in Zurich and Tokyo.
        f"<!DOCTYPE a [<!ENTITY % news SYSTEM '{REMOTE}'> %news;]><a>é</a>",
        f"<!DOCTYPE a PUBLIC '-//X//Y' '{REMOTE}' [<!ENTITY % news '<!ENTITY x \"y\">'>]><a>é</a>",
    ],
)
def test_what_wires_really_send_is_parsed(text):
    root = parse(text)
    assert (root.tag, root.text) == ("a", "é")


def test_tags_lose_their_namespace_and_attributes_keep_theirs():
    root = parse('<x:a xmlns:x="urn:x" xmlns="urn:y" x:b="1"><c xml:lang="fr"/></x:a>')
    assert [(one.tag, dict(one.attrib)) for one in root.iter()] == [
        ("a", {"{urn:x}b": "1"}),
        ("c", {"{http://www.w3.org/XML/1998/namespace}lang": "fr"}),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (BOMB + "<a>&u;</a>", "broken XML, line 1: Maximum entity"),
        (BOMB + '<a b="&u;"/>', "broken XML, line 1: Maximum entity"),
        (BOMB + "<a>&b;</a>", "XML with entities of its own"),
        (f"<!DOCTYPE a [<!ENTITY b '{'x' * 99_999}'>]><a>{'&b;' * 50_000}</a>", "broken XML"),
        ("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "XML with entit"),
        (f"<!DOCTYPE a [<!ENTITY b SYSTEM '{REMOTE}'>]><a>&b;</a>", "XML with entities of its own"),
        ("<!DOCTYPE a [<!ENTITY b 'x'>]><a b='&b;'/>", "XML with entities of its own"),
        (f"<!DOCTYPE a SYSTEM '{REMOTE}'><a>&b;</a>", "XML with an entity that it doesn't declare"),
        (
            f"<!DOCTYPE a [<!ENTITY % b SYSTEM '{REMOTE}'> %b;]><a>&c;</a>",
            "XML with an entity that it doesn't declare",
        ),
        ("<a>&b;</a>", "broken XML, line 1: Entity 'b' not defined"),
        ("<a>" * 100_000 + "</a>" * 100_000, "broken XML, line 1: Excessive depth"),
        ("<a>" * 200_000, "broken XML, line 1: Excessive depth"),
        ("<a>" + "<b/>" * 300_000 + "</a>", "XML with more than 300,000 tags and attributes"),
        (
            "<a " + " ".join(f'b{n}="1"' for n in range(300_000)) + "/>",
            "XML with more than 300,000 tags and attributes",
        ),
        ("<a>" + "b" * 10_000_001 + "</a>", "broken XML, line 1"),
        ("<a>\n<b>half of", "broken XML, line 2: Premature end of data in tag b line 2"),
        ("<a><b></a></b>", "broken XML, line 1: Opening and ending tag mismatch"),
        ("<a/><a/>", "broken XML, line 1: Extra content"),
        ("<a>R&D</a>", "broken XML, line 1"),
        ("", "broken XML, line 1: Document is empty"),
    ],
    ids=range(20),
)
def test_what_is_hostile_or_broken_is_refused(text, reason):
    with pytest.raises(NotAnArticle) as refused:
        parse(text)
    assert str(refused.value).startswith(reason)


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("", ""),
        ("<p>One</p><p> </p><p>Two</p>", "One\n\nTwo"),
        ("<p>\n  One\n  and <b>a <i>half</i> </b>more\n</p>", "One and a half more"),
        ("<p>a<b> <i>b</i></b></p>", "a b"),
        ("<p>5 % « enfin »</p>", "5 % « enfin »"),
        ("lead <p>One</p> tail", "lead\n\nOne\n\ntail"),
        ("<p>One<br/>Two<br/><br/>Three</p>", "One\nTwo\n\nThree"),
        ("<h2>Sub <b>head</b></h2><p>One</p>", "## Sub head\n\nOne"),
        ("<hl2>Subhead</hl2><block><p>One</p></block>", "## Subhead\n\nOne"),
        ("<p><h3>Inside</h3></p>", "## Inside"),
        ("<ul><li>One</li><li/><li>Two <b>x</b></li></ul>", "- One\n- Two x"),
        ("<ol><li>One<ul><li>Inner</li></ul></li></ol>", "- One\n- Inner"),
        (
            "<table><caption>Sales</caption><thead><tr><th>Year</th><th>m</th></tr></thead>"
            "<tr><td>2021</td><td><p>4</p><p>5</p></td></tr><tr><td/><td/></tr></table>",
            "Sales\nYear | m\n2021 | 4 5",
        ),
        ("<pre>a  b\n   c\n</pre>", "a  b\n   c"),
        ("<p>One</p><media><media-caption>No</media-caption></media><p>Two</p>", "One\n\nTwo"),
        ("<script>no()</script><figure><figcaption>No</figcaption></figure><p>One</p>", "One"),
        (
            "<p>A line that was broken for a teleprinter after so many <br/>signs.</p>",
            "A line that was broken for a teleprinter after so many signs.",
        ),
    ],
)
def test_blocks_become_plain_text(inner, text):
    assert blocks(parse(f"<body>{inner}</body>")) == text
    assert blocks(etree.fromstring(f"<body><!-- no -->{inner}</body>")) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<P>One</P><P>Two <a href='x'>three</a>", "One\n\nTwo three"),
        ("<nitf><body><body.content><p>One</p></body.content></body></nitf>", "One"),
        ("<Result><Home>Riga</Home><Goals>2</Goals></Result>", ""),
        (f"<p {MANY}>One</p>", "One"),
        ("<", ""),
    ],
    ids=range(5),
)
def test_html_inside_a_document_becomes_plain_text(html, text):
    assert block_markup(html) == text


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<ul><li>", "<table><tr><td>"])
def test_html_that_is_nested_too_deeply_is_refused(tag):
    with pytest.raises(NotAnArticle, match=r"HTML nested too deep|more than 100,000 tags"):
        block_markup(tag * 100_000)


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>One</p>", "<p>One</p>"),
        ("<a href='/x?a=1' title=\"it's > 1\" hidden>One</a>", None),
        ("<img src=x.png alt=''/><br /><b\nid = 'x'class=y>", None),
        ("1 < 2 <!-- <p a> --> <!DOCTYPE html>", None),
        (f"<p {MANY}>One</p>", "<p>One</p>"),
        (f"<p a='>' {MANY}>One", f"<p>' {MANY}>One"),
        (f'<p x" a=">" {MANY}>One', f'<p>" {MANY}>One'),
        (f"<p {MANY}", "<p>"),
        ("<p a='" * 300_000, "<p>"),
        ("<p" + " " * 300_000, "<p>"),
        (f"<p>One</p {MANY}>", "<p>One</p>"),
    ],
    ids=range(11),
)
def test_tags_with_too_many_attributes_lose_them(html, kept):
    assert few_attributes(html) == (html if kept is None else kept)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("\n One\n\tTwo\n", "One\n\nTwo"),
        ("One\ntwo\n\n \nThree\n", "One two\n\nThree"),
        ("One\r\n\r\nTwo", "One\n\nTwo"),
    ],
)
def test_plain_text_inside_a_document(text, expected):
    assert plain_blocks(text) == expected


PARIS = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20220309T101500+0100", datetime(2022, 3, 9, 10, 15, tzinfo=PARIS)),
        ("2022-03-09T10:15:00.000+01:00", datetime(2022, 3, 9, 10, 15, tzinfo=PARIS)),
        ("20220309T101500Z", datetime(2022, 3, 9, 10, 15, tzinfo=UTC)),
        ("20220309T101500", datetime(2022, 3, 9, 10, 15, tzinfo=UTC)),
        (" 2022-03-09 10:15\n", datetime(2022, 3, 9, 10, 15, tzinfo=UTC)),
        ("20220309T101500 +0100", datetime(2022, 3, 9, 10, 15, tzinfo=PARIS)),
        ("20220309", datetime(2022, 3, 9, tzinfo=UTC)),
        ("2022-03", datetime(2022, 3, 1, tzinfo=UTC)),
        ("2022", datetime(2022, 1, 1, tzinfo=UTC)),
        ("mercredi 9 mars", None),
        ("09/03/2022", None),
        ("20220230", None),
        ("2022-13", None),
        ("٢٠٢٢", None),
        ("1900-01-01T00:00:00Z", datetime(1900, 1, 1, tzinfo=UTC)),
        ("2200-12-31T23:59:59Z", datetime(2200, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("1899-12-31T23:59:59Z", None),
        ("1900-01-01T00:00:00+01:00", None),
        ("2200-12-31T23:59:59-05:00", None),
        ("2201-01-01", None),
        ("9999-12-31T23:59:59-05:00", None),
        ("0001-01-01T00:00:00+05:00", None),
        ("", None),
        (None, None),
    ],
)
def test_moments(text, expected):
    found = moment(text)
    assert found == expected
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "endless"),
    [
        ("9999-12-31T23:59:59-05:00", True),
        ("2201-01-01", True),
        ("2200-12-31", False),
        ("0001-01-01", False),
        ("never", False),
        ("", False),
    ],
)
def test_a_date_far_ahead_is_no_end(text, endless):
    assert is_endless(text) is endless


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 09 Mar 2022 10:15:00 +0100", datetime(2022, 3, 9, 10, 15, tzinfo=PARIS)),
        ("09 Mar 22 10:15 GMT", datetime(2022, 3, 9, 10, 15, tzinfo=UTC)),
        ("Wed, 09 Mar 2022 10:15:00 CET", datetime(2022, 3, 9, 10, 15, tzinfo=PARIS)),
        ("Wed, 09 Mar 2022 10:15:00", datetime(2022, 3, 9, 10, 15, tzinfo=UTC)),
        ("Wed, 09 Mar 2022 10:15:00 XYZ", None),
        ("Wed, 39 Mar 2022 10:15:00 +0100", None),
        ("Wed, 09 Mar 2022 10:15:00 +9999", None),
        ("Wed, 09 Mar 2022 10:15:00 +99999999999999999999", None),
        ("Fri, 31 Dec 9999 23:59:59 -0500", None),
        ("Wed, 01 Jan 1800 00:00:00 +0500", None),
        ("mercredi", None),
        ("", None),
        (None, None),
    ],
)
def test_mail_dates(text, expected):
    found = mail_date(text)
    assert found == expected
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("function", "text", "expected"),
    [
        (language, "FR-fr", "fr-FR"),
        (language, "zh_hans_CN", "zh-Hans-CN"),
        (language, "x-default", ""),
        (language, "français", ""),
        (language, None, ""),
        (number, " 12 ", 12),
        (number, "2147483647", 2147483647),
        (number, "2147483648", None),
        (number, "²", None),
        (number, "-1", None),
        (urgency, "1", 1),
        (urgency, "0", None),
        (urgency, "DEFAULT", None),
        (holder, "© 2022 Agence Boréale", "Agence Boréale"),
        (holder, "Copyright 2022, Agence Boréale. All rights reserved.", "Agence Boréale"),
        (holder, "(c) Le Fanal", "Le Fanal"),
        (author, "By Ann Lee, in Riga", "Ann Lee, in Riga"),
        (author, "Byron Lee", "Byron Lee"),
        (author, "By", "By"),
    ],
)
def test_small_readings(function, text, expected):
    assert function(text) == expected


HASHED = f"sha256:{sha256(b'u' * 501).hexdigest()}"


@pytest.mark.parametrize(
    ("found", "item"),
    [
        ({"headline": "One ", "body": " a\0b "}, WireItem("One", "ab")),
        ({"body": "A flash"}, WireItem("A flash", "A flash")),
        ({"body": "## Sub\n\nText"}, WireItem("Sub", "## Sub\n\nText")),
        ({"headline": "One", "body": "## One\n\nText"}, WireItem("One", "Text")),
        ({"headline": "One", "body": "Text goes on.", "standfirst": "Text"},
         WireItem("One", "Text goes on.")),
        ({"headline": "One", "body": f"RIGA (NW) - {'x' * 61} y", "standfirst": "x" * 61},
         WireItem("One", f"RIGA (NW) - {'x' * 61} y")),
        ({"headline": "One", "body": "It said so.", "standfirst": "said"},
         WireItem("One", "It said so.", "said")),
        ({"body": "word " * 200}, WireItem("word " * 99 + "…", ("word " * 200).strip())),
        ({"headline": "x" * 600, "body": "Text"},
         WireItem("x" * 498 + " …", f"{'x' * 600}\n\nText")),
        ({"headline": "word " * 120, "body": f"{'word ' * 120}\n\nText"},
         WireItem("word " * 99 + "…", f"{('word ' * 120).strip()}\n\nText")),
        ({"body": "Text", "headline": "One", "byline": "By " * 200, "credit": "NW " * 100,
          "image_credit": "x" * 300, "dateline": "R" * 201, "copyright_holder": "c" * 200},
         WireItem("One", "Text", byline="By " * 99 + "…", credit="NW " * 66 + "…",
                  image_credit="x" * 198 + " …", dateline="R" * 198 + " …",
                  copyright_holder="c" * 200)),
        ({"headline": "One", "body": "Text", "wire_id": "u" * 501,
          "related": ("u" * 501, "a\0b", "")},
         WireItem("One", "Text", wire_id=HASHED, related=(HASHED, "ab"))),
        ({"headline": "One", "body": "Text", "wire_id": "u" * 500},
         WireItem("One", "Text", wire_id="u" * 500)),
        ({"headline": "One", "body": "Text", "version": 2**31, "urgency": 10, "language": "x" * 36,
          "subjects": ("medtop:04000000", "m" * 41), "places": ("Ri\0ga", "\ud800", "Riga")},
         WireItem("One", "Text", subjects=("medtop:04000000",), places=("Riga",))),
        ({"headline": "One", "body": "Text", "version": -1, "urgency": 0}, WireItem("One", "Text")),
        ({"headline": "One", "body": "Text", "source_url": "https://north.example/1"},
         WireItem("One", "Text", source_url="https://north.example/1")),
        ({"headline": "One", "body": "Text", "source_url": "https://nor th/1", "editors_note": "N"},
         WireItem("One", "Text", editors_note="N\n\nIts address is none, and was left out: "
                  "https://nor th/1")),
        ({"headline": "One", "body": "Text", "source_url": "javascript:alert(1)"},
         WireItem("One", "Text",
                  editors_note="Its address is none, and was left out: javascript:alert(1)")),
        ({"headline": "One", "body": "Text", "source_url": "https://north.example/" + "x" * 979},
         WireItem("One", "Text", editors_note="Its address is too long, and was left out: "
                  "https://north.example/" + "x" * 178)),
        ({"headline": "One", "body": "Text", "copyright_holder": "NW. No archival use",
          "usage_terms": "Once", "notices": ["NW. No archival use", "© 2022 Northern Wire"]},
         WireItem("One", "Text", copyright_holder="NW. No archival use",
                  usage_terms="Once\n\nNW. No archival use")),
        ({"headline": "One", "alone": True}, WireItem("One")),
        ({"standfirst": "One", "alone": True}, WireItem("One", standfirst="One")),
        ({"status": Status.CANCELED, "wire_id": "urn:1"},
         WireItem("urn:1", status=Status.CANCELED, wire_id="urn:1")),
    ],
)  # fmt: skip
def test_a_piece_is_cleaned_and_has_a_headline(found, item):
    assert piece(**found) == item


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({}, "no text"),
        ({"headline": "One", "body": "\u200b"}, "a headline without text"),
        ({"status": Status.CANCELED}, "no text"),
        ({"body": "a" * 2_000_001}, "a text of more than 2,000,000 characters"),
    ],
    ids=range(4),
)
def test_a_piece_without_text_is_refused(found, reason):
    with pytest.raises(NotAnArticle) as refused:
        piece(**found)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    "text",
    [
        "<a xsi:schemaLocation='b c'><p>One</p></a>",
        "<a x:y='1'><p z:y='2'>One</p></a>",
        "<a>" + "<p x:y='1'>One</p>" * 50 + "</a>",
    ],
    ids=range(3),
)
def test_an_attribute_of_an_undeclared_prefix_does_no_harm(text):
    assert parse(text).findtext("p") == "One"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<a x:y='1'><p>One</a>", "broken XML, line 1: "),
        ("<a x:y='1'><x:p>One</x:p></a>", "broken XML, line 1: "),
        ("<a x:y='1'>&b;</a>", "broken XML, line 1: "),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a x:y='1'>&b;</a>", "XML with entities of its own"),
        ("<a x:y='1'>" + "<p>" * 300 + "</p>" * 300 + "</a>", "broken XML, line 1: "),
        ("<a>" + "<p x:y='1'>One</p>" * 51 + "</a>", "broken XML, line 1: "),
    ],
    ids=range(6),
)
def test_other_faults_beside_it_are_faults(text, reason):
    with pytest.raises(NotAnArticle) as refused:
        parse(text)
    assert str(refused.value).startswith(reason)
