"""NITF as agencies write it: what its head says, and what its body becomes."""

from datetime import UTC, datetime

import pytest

from articles.wire import nitf
from articles.wire.item import NotAnArticle, Status, WireItem
from articles.wire.markup import parse

ISSUED = datetime(2022, 3, 9, 10, 15, tzinfo=UTC)
LATER = datetime(2022, 3, 10, 7, tzinfo=UTC)
BODY = "<p>The chain said so on Tuesday.</p><p>All of it closes.</p>"
EMBARGO_NOTE = "Its embargo has no end that can be read: "
EXPIRY_NOTE = "The end of its right of use can't be read: "
ISSUE = '<date.issue norm="20220309T101500Z"/>'


def read(*, head="", docdata=ISSUE, management="", body_head=None, body=BODY, root=""):
    body_head = "<hedline><hl1>Boreal closes</hl1></hedline>" if body_head is None else body_head
    return nitf.read(
        parse(
            f"<nitf {root}><head>{head}<docdata {management}>{docdata}</docdata></head>"
            f"<body><body.head>{body_head}</body.head><body.content>{body}</body.content>"
            "</body></nitf>"
        )
    )


def wire_item(**changed):
    return WireItem(
        **{
            "headline": "Boreal closes",
            "body": "The chain said so on Tuesday.\n\nAll of it closes.",
            "published_at": ISSUED,
            "revised_at": ISSUED,
            **changed,
        }
    )


def test_a_piece_with_all_that_it_says():
    found = nitf.read(
        parse("""<?xml version="1.0"?>
        <!DOCTYPE nitf SYSTEM "http://127.0.0.1:9/nitf-3-2.dtd">
        <nitf baselang="en-GB" version="-//IPTC//DTD NITF 3.2//EN">
        <head>
          <title>1 CITY Boreal</title>
          <tobject tobject.type="news">
            <tobject.subject tobject.subject.refnum="04016026"/>
            <tobject.subject tobject.subject.refnum="04000000"/>
          </tobject>
          <docdata management-status="usable" management-doc-idref="north.1.a">
            <doc-id id-string="north.1.b" regsrc="NW"/>
            <evloc city="Riga" state-prov="Vidzeme" iso-cc="LV"/>
            <del-list><from-src src-name="NW" level-number="1"/></del-list>
            <urgency ed-urg="4"/>
            <date.issue norm="20220309T101500Z"/>
            <date.release norm="20220309T101500Z"/>
            <date.expire norm="20220409T000000Z"/>
            <doc-scope scope="CITY"/>
            <series series.part="1"/>
            <du-key key="boreal" generation="2" version="5"/>
            <ed-msg info="Adds reaction."/>
            <doc.copyright holder="Northern Wire" year="2022"/>
            <doc.rights owner="NW" type="Display only" limitations="No archive" geography="Latvia"
              enddate="20220401T000000Z"/>
            <key-list><keyword key="Boreal"/></key-list>
          </docdata>
        </head>
        <body>
          <body.head>
            <hedline><hl1>Boreal closes</hl1><hl2>The last chain goes</hl2></hedline>
            <note noteclass="editorsnote"><body.content><p>Map available.</p></body.content></note>
            <byline>By <person>Ann Lee</person></byline>
            <distributor><org>Northern Wire</org></distributor>
            <dateline><location><city>Riga</city>, <country>Latvia</country></location></dateline>
            <abstract><p>A chain leaves.</p></abstract>
          </body.head>
          <body.content>
            <media media-type="image"><media-reference source="a.jpg"/>
              <media-caption><p>A closed shop.</p></media-caption>
              <media-producer>Jo Kalns</media-producer></media>
            <p>The chain, <org>Boreal</org>, said so on <chron norm="20220308">Tuesday</chron>.</p>
            <hl2>What follows</hl2>
            <block><p>All of it closes.</p></block>
            <table><tr><th>Shop</th><th>Day</th></tr><tr><td>Riga</td><td>9</td></tr></table>
            <p>ends</p>
          </body.content>
          <body.end><tagline>Copy desk</tagline></body.end>
        </body></nitf>""")
    )
    assert found == [
        WireItem(
            headline="Boreal closes",
            standfirst="A chain leaves.",
            body="The chain, Boreal, said so on Tuesday.\n\n## What follows\n\n"
            "All of it closes.\n\nShop | Day\nRiga | 9",
            wire_id="north.1.b",
            version=5,
            urgency=4,
            expires_at=datetime(2022, 4, 1, tzinfo=UTC),
            language="en-GB",
            byline="Ann Lee",
            dateline="Riga, Latvia",
            credit="Northern Wire",
            image_caption="A closed shop.",
            image_credit="Jo Kalns",
            subjects=("medtop:20000202", "medtop:04000000"),
            places=("Riga", "Vidzeme"),
            published_at=ISSUED,
            revised_at=ISSUED,
            copyright_holder="Northern Wire",
            usage_terms="Display only\n\nNo archive\n\nLatvia",
            editors_note="Adds reaction.\n\nMap available.",
            related=("north.1.a",),
        )
    ]


@pytest.mark.parametrize(
    ("management", "docdata", "changed"),
    [
        ("", "", {}),
        ("management-status='usable'", "", {}),
        ("management-status='withheld'", "", {"status": Status.WITHHELD}),
        ("management-status='canceled'", "", {"status": Status.CANCELED}),
        ("management-idref-status='canceled'", "", {}),  # says it of another piece
        ("management-status='later'", "", {"status": Status.WITHHELD}),
        ("management-status='embargoed'", "", {"status": Status.WITHHELD}),
        ("management-status='embargoed'", "<date.release norm='20220310T070000Z'/>",
         {"embargo": LATER}),
        ("management-status='embargoed'", "<date.release norm='Thursday'/>",
         {"status": Status.WITHHELD, "editors_note": f"{EMBARGO_NOTE}Thursday"}),
        ("", "<date.release norm='Thursday'/>",
         {"status": Status.WITHHELD, "editors_note": f"{EMBARGO_NOTE}Thursday"}),
        ("", "<date.release norm='9999-12-31'/>",
         {"status": Status.WITHHELD, "editors_note": f"{EMBARGO_NOTE}9999-12-31"}),
        ("", "<date.expire norm='soon'/>",
         {"status": Status.WITHHELD, "editors_note": f"{EXPIRY_NOTE}soon"}),
        ("", "<doc.rights enddate='31/12/2021'/>",
         {"status": Status.WITHHELD, "editors_note": f"{EXPIRY_NOTE}31/12/2021"}),
        ("", "<date.expire norm='99991231T235959-0500'/>", {}),
        ("", "<doc.copyright holder='NW. No archival use'/>",
         {"copyright_holder": "NW. No archival use", "usage_terms": "NW. No archival use"}),
        ("", "<doc.copyright holder='NW'>Not for archive</doc.copyright>",
         {"copyright_holder": "NW", "usage_terms": "Not for archive"}),
        ("management-status='usable'", "<date.release norm='20220310T070000Z'/>",
         {"embargo": LATER}),
        ("", "<date.release norm='20220309T101500Z'/>", {}),
        ("management-status='canceled'", "<date.release norm='20220310T070000Z'/>",
         {"status": Status.CANCELED, "embargo": LATER}),
    ],
)  # fmt: skip
def test_status_and_embargo(management, docdata, changed):
    found = read(management=management, docdata=ISSUE + docdata)
    assert found == [wire_item(**changed)]


@pytest.mark.parametrize(
    ("parts", "changed"),
    [
        ({"body_head": "", "head": "<title>From the head</title>"}, {"headline": "From the head"}),
        ({"body_head": ""}, {"headline": "The chain said so on Tuesday."}),
        (
            {"body_head": "<hedline><hl1>Boreal closes</hl1><hl2>All of it</hl2></hedline>"},
            {"standfirst": "All of it"},
        ),
        # A repetition of the beginning is no standfirst.
        (
            {
                "body_head": "<hedline><hl1>Boreal closes</hl1></hedline>"
                "<abstract><p>The chain said so</p></abstract>"
            },
            {},
        ),
        ({"body": f"<hl2>Boreal closes</hl2>{BODY}"}, {}),
        ({"body": BODY + "<p>(©NW)</p>"}, {}),
        ({"body": f"<pre>A  1\nB  2\n</pre>{BODY}"},
         {"body": "A  1\nB  2\n\nThe chain said so on Tuesday.\n\nAll of it closes."}),
        ({"root": "xmlns='http://iptc.org/std/NITF/2006-10-18/'"}, {}),
        ({"docdata": ""}, {"published_at": None, "revised_at": None}),
        ({"docdata": "<date.issue norm='yesterday'/>"}, {"published_at": None, "revised_at": None}),
        ({"docdata": "<date.issue norm='2022-03-09T10:15:00'/>"}, {}),  # UTC where no zone is
    ],
)  # fmt: skip
def test_what_agencies_leave_out_or_repeat(parts, changed):
    assert read(**parts) == [wire_item(**changed)]


def test_nitf_without_a_head_is_read():
    assert nitf.read(parse("<nitf><body><p>Old text</p></body></nitf>")) == [
        WireItem("Old text", "Old text")
    ]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("<nitf/>", "no text"),
        ("<nitf><body><body.content><media><media-caption>A</media-caption></media>"
         "</body.content></body></nitf>", "no text"),
        ("<nitf><head><title>A</title></head><body/></nitf>", "a headline without text"),
        ("<html/>", "<html> is no NITF"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_refused(document, reason):
    with pytest.raises(NotAnArticle) as refused:
        nitf.read(parse(document))
    assert str(refused.value) == reason
