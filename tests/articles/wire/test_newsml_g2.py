"""NewsML-G2: what an item says, what a message loses and keeps, what is no article."""

import re
from datetime import UTC, datetime

import pytest

from articles.wire import newsml_g2
from articles.wire.item import NotAnArticle, Status, WireItem
from articles.wire.markup import parse

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
CREATED = datetime(2022, 3, 9, 10, 15, tzinfo=UTC)
REVISED = datetime(2022, 3, 9, 11, 0, tzinfo=UTC)
LATER = "2022-03-10T07:00:00Z"
LATER_AT = datetime(2022, 3, 10, 7, tzinfo=UTC)
EMBARGO_NOTE = "Its embargo has no end that can be read: "
EXPIRY_NOTE = "The end of its right of use can't be read: "
LINES = "<p>The chain said so on Tuesday.</p><p>All of it closes.</p>"
BODY = "The chain said so on Tuesday.\n\nAll of it closes."
PAGE = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head>{{}}{LINES}</html>'
XHTML = f'<inlineXML contenttype="application/xhtml+xml">{PAGE.format("")}</inlineXML>'


def item(
    content=XHTML,
    *,
    guid="urn:newsml:north.example:1",
    kind="text",
    status="",
    about="",
    meta="<headline>Boreal closes</headline>",
    rights="",
):
    return f"""
    <newsItem guid="{guid}" version="3" standard="NewsML-G2" xml:lang="en">
      <catalogRef href="http://127.0.0.1:9/catalog.xml"/>
      {rights}
      <itemMeta>
        <itemClass qcode="ninat:{kind}"/>
        <versionCreated>2022-03-09T11:00:00Z</versionCreated>
        <firstCreated>2022-03-09T10:15:00Z</firstCreated>
        {status}{about}
      </itemMeta>
      <contentMeta>{meta}</contentMeta>
      <contentSet>{content}</contentSet>
    </newsItem>"""


def read(*items):
    document = "".join(items)
    if len(items) > 1:
        document = f"<newsMessage><header/><itemSet>{document}</itemSet></newsMessage>"
    return newsml_g2.read(parse(re.sub(r"<(\w+)", rf"<\1 xmlns='{NAMESPACE}'", document, count=1)))


def wire_item(**changed):
    return WireItem(
        **{
            "headline": "Boreal closes",
            "body": BODY,
            "wire_id": "urn:newsml:north.example:1",
            "version": 3,
            "language": "en",
            "published_at": CREATED,
            "revised_at": REVISED,
            **changed,
        }
    )


def test_an_item_with_all_that_it_says():
    full = item(
        f"""<inlineXML contenttype="application/xhtml+xml"><html><body>
        <header><h1>Boreal closes</h1><ul class="slugline"><li>Chains</li></ul></header>
        <figure><img src="a.jpg"/><figcaption>A closed shop.</figcaption></figure>
        {LINES}<h2>What follows</h2><p>More. (NW)</p><p>jk/al</p></body></html></inlineXML>""",
        rights="""<rightsInfo validto="2022-05-01T00:00:00Z">
          <copyrightHolder uri="http://north.example"><name>Northern Wire</name></copyrightHolder>
          <copyrightNotice>Copyright 2022 Northern Wire, all rights reserved</copyrightNotice>
          <usageTerms>Not outside Latvia</usageTerms></rightsInfo>""",
        status='<pubStatus qcode="stat:usable"/>',
        about="""<provider literal="north.example"/>
          <expires>2022-04-01T00:00:00Z</expires>
          <edNote>Adds reaction.</edNote><edNote role="x:closingline">nw jk</edNote>
          <signal qcode="sig:update"/>
          <link rel="irel:previousVersion" residref="urn:newsml:north.example:1" version="2"/>
          <link rel="irel:seeAlso" residref="urn:newsml:north.example:0"/>
          <link rel="irel:seeAlso" href="https://north.example/boreal"/>
          <link residref="urn:picture"><itemClass qcode="ninat:picture"/></link>""",
        meta="""<urgency>4</urgency>
          <located type="cptype:city" qcode="geo:1"><name>Riga</name>
            <broader type="cptype:country"><name>Latvia</name></broader></located>
          <infoSource literal="Northern Wire"/>
          <creator qcode="staff:al"><name>Ann Lee</name></creator><creator literal="jk"/>
          <language tag="en-GB"/>
          <subject type="cpnat:abstract" qcode="medtop:04000000"><name>economy</name></subject>
          <subject qcode="subj:04016026"/><subject qcode="nw:chains"/>
          <subject type="cpnat:geoArea" qcode="geo:2"><name>Vidzeme</name></subject>
          <subject type="cpnat:geoArea" qcode="geo:3"/>
          <slugline>Boreal</slugline>
          <headline>Boreal closes</headline>
          <headline role="hld:subHeadline">The last chain goes</headline>
          <dateline>RIGA, March 9 (NW) -</dateline>
          <by>By Jo Kalns</by>
          <creditline>Northern Wire/AB</creditline>
          <description role="drol:caption">A closed shop, again</description>""",
    )
    assert read(full) == [
        wire_item(
            standfirst="The last chain goes",
            body=f"{BODY}\n\n## What follows\n\nMore. (NW)",
            expires_at=datetime(2022, 4, 1, tzinfo=UTC),
            urgency=4,
            language="en-GB",
            byline="Jo Kalns",
            dateline="RIGA, March 9 (NW)",
            credit="Northern Wire/AB",
            image_caption="A closed shop.",
            subjects=("medtop:04000000", "medtop:20000202"),
            places=("Riga", "Latvia", "Vidzeme"),
            copyright_holder="Northern Wire",
            usage_terms="Not outside Latvia",
            editors_note="Adds reaction.",
            related=("urn:newsml:north.example:0", "https://north.example/boreal"),
        )
    ]


@pytest.mark.parametrize(
    ("status", "changed"),
    [
        ("", {}),
        ('<pubStatus qcode="stat:usable"/>', {}),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/usable"/>', {}),
        ('<pubStatus qcode="stat:withheld"/>', {"status": Status.WITHHELD}),
        ('<pubStatus qcode="stat:canceled"/>', {"status": Status.CANCELED}),
        ('<pubStatus qcode="nw:soon"/>', {"status": Status.WITHHELD}),
        (f"<embargoed>{LATER}</embargoed>", {"embargo": LATER_AT}),
        # until further notice
        ("<embargoed/>", {"status": Status.WITHHELD, "editors_note": f"{EMBARGO_NOTE}no date"}),
        (
            "<embargoed>Thursday</embargoed>",
            {"status": Status.WITHHELD, "editors_note": f"{EMBARGO_NOTE}Thursday"},
        ),
        (
            "<expires>31/12/2021</expires>",
            {"status": Status.WITHHELD, "editors_note": f"{EXPIRY_NOTE}31/12/2021"},
        ),
        ("<expires>9999-12-31T23:59:59-05:00</expires>", {}),
        (
            f'<embargoed>{LATER}</embargoed><pubStatus qcode="stat:canceled"/>',
            {"status": Status.CANCELED, "embargo": LATER_AT},
        ),
    ],
)
def test_status_and_embargo(status, changed):
    assert read(item(status=status)) == [wire_item(**changed)]


@pytest.mark.parametrize(
    "content",
    [
        f"<inlineXML>{PAGE.format('')}</inlineXML>",
        f"<inlineXML>{LINES}</inlineXML>",
        f"<inlineXML><nitf><body><body.content>{LINES}</body.content></body></nitf></inlineXML>",
        '<inlineData contenttype="text/plain">The chain said so on Tuesday.\n\n'
        "All of it closes.</inlineData>",
        f'<inlineData contenttype="text/html"><![CDATA[{LINES}]]></inlineData>',
        f"<remoteContent href='a.pdf'/>{XHTML}",
        f"<inlineXML><events/></inlineXML>{XHTML}",
        f"{XHTML}{XHTML}",  # renditions of one text
    ],
)
def test_the_first_readable_content_counts(content):
    assert read(item(content)) == [wire_item()]


def test_what_the_text_says_fills_what_the_item_leaves_out():
    content = f"""<inlineXML><nitf><body>
      <body.head><hedline><hl1>Boreal closes</hl1></hedline><byline>By Jo Kalns</byline></body.head>
      <body.content>{LINES}</body.content></body></nitf></inlineXML>"""
    assert read(item(content, meta="")) == [wire_item(byline="Jo Kalns")]


@pytest.mark.parametrize(
    ("lines", "changed"),
    [
        (
            "<p>ATTENTION - CORRECTS year ///</p>" + LINES,
            {"editors_note": "ATTENTION - CORRECTS year ///"},
        ),
        (
            "<p>Embargoed until Thursday</p>" + LINES,
            {"status": Status.WITHHELD, "body": f"Embargoed until Thursday\n\n{BODY}"},
        ),
    ],
)
def test_lines_for_the_desk(lines, changed):
    assert read(item(f"<inlineXML>{lines}</inlineXML>")) == [wire_item(**changed)]


def test_a_kill_may_come_without_text():
    kill = item("", status='<pubStatus qcode="stat:canceled"/>')
    assert read(kill) == [wire_item(status=Status.CANCELED, body="")]


def test_a_bad_item_does_not_lose_the_good_ones():
    found = read(
        item(guid="a"), item("", guid="b"), "<planningItem guid='c'/>", "<odd/>", item(guid="d")
    )
    assert [one if isinstance(one, WireItem) else str(one) for one in found] == [
        wire_item(wire_id="a"),
        "b: no text",
        "c: a planning item, no article",
        "<odd>, no article",
        wire_item(wire_id="d"),
    ]


def test_a_package_is_a_list_of_links():
    package = """<packageItem guid="urn:p" version="9">
      <itemMeta><versionCreated>2022-03-09T11:00:00Z</versionCreated></itemMeta>
      <contentMeta><headline>Who leaves</headline></contentMeta>
      <groupSet root="g"><group id="g">
        <itemRef residref="urn:a"><headline>Boreal closes</headline><title>No</title></itemRef>
        <itemRef href="https://north.example/b"><title>Fanal stays</title></itemRef>
        <itemRef residref="urn:c"/>
      </group></groupSet></packageItem>"""
    assert read(package) == [
        WireItem(
            headline="Who leaves",
            body="- Boreal closes\n- Fanal stays",
            wire_id="urn:p",
            version=9,
            published_at=REVISED,
            revised_at=REVISED,
            related=("urn:a", "https://north.example/b", "urn:c"),
        )
    ]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (item(kind="picture"), "urn:newsml:north.example:1: no text, only picture"),
        (item(kind="video"), "urn:newsml:north.example:1: no text, only video"),
        (item(""), "urn:newsml:north.example:1: no text"),
        (
            item("<inlineXML><events><event/></events></inlineXML>"),
            "urn:newsml:north.example:1: no text, only <events>",
        ),
        (
            item('<inlineData contenttype="text/plain" encoding="base64">QQ==</inlineData>'),
            "urn:newsml:north.example:1: no text",
        ),
        ('<planningItem guid="a"/>', "a: a planning item, no article"),
        ('<conceptItem guid="a"/>', "a: a concept item, no article"),
        ('<knowledgeItem guid="a"/>', "a: a knowledge item, no article"),
        ('<catalogItem guid="a"/>', "a: a catalogue, no article"),
        ("<conceptSet/>", "a set of concepts, no article"),
        ("<newsMessage><header/></newsMessage>", "an empty news message"),
        ("<newsMessage><itemSet/></newsMessage>", "an empty news message"),
        ('<packageItem guid="a"/>', "a: a package of 0 items without titles"),
        ("<rss/>", "<rss> is no NewsML-G2"),
        (
            f"<newsMessage><itemSet>{'<newsItem/>' * 10_001}</itemSet></newsMessage>",
            "more than 10,000 items in one file",
        ),
    ],
    ids=range(15),
)
def test_what_is_no_article_is_refused_by_name(document, reason):
    with pytest.raises(NotAnArticle) as refused:
        read(document)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("rights", "changed"),
    [
        (
            "<rightsInfo><copyrightNotice>NW. No archival use</copyrightNotice></rightsInfo>",
            {"copyright_holder": "NW. No archival use", "usage_terms": "NW. No archival use"},
        ),
        (
            "<rightsInfo><copyrightNotice>© 2022 NW</copyrightNotice></rightsInfo>",
            {"copyright_holder": "NW"},
        ),
        (
            '<rightsInfo validto="soon"/>',
            {"status": Status.WITHHELD, "editors_note": f"{EXPIRY_NOTE}soon"},
        ),
    ],
)
def test_terms_and_ends_of_rights(rights, changed):
    assert read(item(rights=rights)) == [wire_item(**changed)]
