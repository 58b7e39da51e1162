"""NewsML 1 as agencies write it: a piece of AFP's in its three profiles, and others' ways."""

from datetime import UTC, datetime

import pytest

from articles.wire import newsml1
from articles.wire.item import NotAnArticle, Status, WireItem
from articles.wire.markup import parse

CREATED = datetime(2022, 3, 9, 10, 15, tzinfo=UTC)
TEXT = "<nitf><body><body.content>{}</body.content></body></nitf>"
LINES = "<p>La chaîne l'a dit mardi.</p><p>Tout ferme.</p>"
STORY = f"<ContentItem><DataContent>{TEXT.format(LINES)}</DataContent></ContentItem>"
BODY = "La chaîne l'a dit mardi.\n\nTout ferme."


def item(
    inner=STORY,
    *,
    headline="Boréal ferme ses comptoirs",
    about="",
    status="Usable",
    name="TX-PAR-ABC12",
    lines="",
    before="",
):
    """A <NewsItem> as AFP's wire writes it."""
    return f"""
    <NewsItem xml:lang="fr">
      <Identification><NewsIdentifier>
        <ProviderId>afp.com</ProviderId><DateId>20220309T101500Z</DateId>
        <NewsItemId>{name}</NewsItemId>
        <RevisionId PreviousRevision="2" Update="N">3</RevisionId>
        <PublicIdentifier>urn:newsml:afp.com:20220309T101500Z:{name}:3</PublicIdentifier>
      </NewsIdentifier><NameLabel>Boréal-retrait</NameLabel></Identification>
      <NewsManagement>
        <NewsItemType FormalName="News"/>
        <FirstCreated>20220309T101500+0000</FirstCreated>
        <ThisRevisionCreated>20220309T111500+0100</ThisRevisionCreated>
        <Status FormalName="{status}"/><Urgency FormalName="4"/>{about}
      </NewsManagement>
      <NewsComponent>
        <NewsLines><HeadLine xml:lang="fr">{headline}</HeadLine>{lines}</NewsLines>
        {before}{inner}
      </NewsComponent>
    </NewsItem>"""


def read(*items):
    return newsml1.read(parse(f'<?xml version="1.0"?><NewsML>{"".join(items)}</NewsML>'))


def wire_item(**changed):
    return WireItem(
        **{
            "headline": "Boréal ferme ses comptoirs",
            "body": BODY,
            "wire_id": "urn:newsml:afp.com:20220309T101500Z:TX-PAR-ABC12",
            "version": 3,
            "urgency": 4,
            "language": "fr",
            "published_at": CREATED,
            "revised_at": CREATED,
            **changed,
        }
    )


def afp_text(*paragraphs, headline="Boréal ferme ses comptoirs", **more):
    inner = TEXT.format("".join(f"<p>{text}</p>" for text in paragraphs))
    content = f"<ContentItem><DataContent>{inner}</DataContent></ContentItem>"
    return item(content, headline=headline, **more)


def test_a_piece_of_the_wire_with_all_that_it_says():
    full = item(
        lines="<ByLine>Par Jeanne Petit</ByLine><DateLine>RIGA, 9 mars 2022 (AFP) -</DateLine>"
        "<SlugLine>Boréal</SlugLine><CopyrightLine>© 2022 AFP</CopyrightLine>",
        about='<AssociatedWith NewsItem="urn:newsml:afp.com:20220308T080000Z:TX-PAR-ABA01:2"/>',
        before="""
        <RightsMetadata><UsageRights><UsageType>NO ARCHIVAL USE</UsageType></UsageRights>
        </RightsMetadata>
        <AdministrativeMetadata><Provider><Party FormalName="AFP"/></Provider>
        </AdministrativeMetadata>
        <DescriptiveMetadata><Language FormalName="fr"/>
          <SubjectCode><Subject FormalName="04000000" cat="ECO"/></SubjectCode>
          <SubjectCode><SubjectDetail FormalName="04016026"/></SubjectCode>
          <Location HowPresent="Origin"><Property FormalName="Country" Value="LVA"/>
            <Property FormalName="City" Value="Riga"/></Location>
          <Property FormalName="Keyword" Value="retrait"/>
        </DescriptiveMetadata>""",
    )
    assert read(full) == [
        wire_item(
            byline="Jeanne Petit",
            dateline="RIGA, 9 mars 2022 (AFP)",
            credit="AFP",
            copyright_holder="AFP",
            usage_terms="NO ARCHIVAL USE",
            subjects=("medtop:04000000", "medtop:20000202"),
            places=("Riga", "LVA"),
            related=("urn:newsml:afp.com:20220308T080000Z:TX-PAR-ABA01",),
        )
    ]


def test_the_multimedia_profile_has_pictures_beside_its_text():
    multimedia = item(
        f"""
        <NewsComponent><ContentItem><MediaType FormalName="Text"/><DataContent>
          <media media-type="image"><media-reference data-location="#photo0"/></media>{LINES}
        </DataContent></ContentItem></NewsComponent>
        <NewsComponent Duid="photo0">
          <NewsLines><HeadLine>Un comptoir fermé</HeadLine><CreditLine>AFP</CreditLine>
            <ByLine>Jeanne Petit</ByLine>
            <NewsLine><NewsLineType FormalName="AdvisoryLine"/>
              <NewsLineText>RESTRICTED TO EDITORIAL USE</NewsLineText></NewsLine></NewsLines>
          <DescriptiveMetadata>
            <Property FormalName="Keyword" Value="Anna Ozola" Role="PersonInImage"/>
          </DescriptiveMetadata>
          <NewsComponent><Role FormalName="Caption"/><ContentItem><DataContent>
            <p>Un comptoir fermé à Riga, le 9 mars.</p></DataContent></ContentItem>
          </NewsComponent>
          <NewsComponent><Role FormalName="HighDef"/><ContentItem Href="a.jpg">
            <MediaType FormalName="Photo"/></ContentItem></NewsComponent>
        </NewsComponent>
        <NewsComponent Duid="photo1"><Role FormalName="Photo"/>
          <NewsLines><HeadLine>La tour de Boréal</HeadLine><CreditLine>AFP</CreditLine></NewsLines>
          <ContentItem Href="b.jpg"><MediaType FormalName="Photo"/></ContentItem>
        </NewsComponent>"""
    )
    assert read(multimedia) == [
        wire_item(
            image_caption="Un comptoir fermé à Riga, le 9 mars.\n\nLa tour de Boréal",
            image_credit="Jeanne Petit - AFP; AFP",
        )
    ]


def test_a_photo_is_no_article():
    photo = item(
        """<Role FormalName="Main"/><NewsComponent><Role FormalName="Caption"/>
        <ContentItem><DataContent><p>Un comptoir.</p></DataContent></ContentItem></NewsComponent>
        <NewsComponent><Role FormalName="HighDef"/><ContentItem Href="a.jpg">
        <MediaType FormalName="Photo"/></ContentItem></NewsComponent>"""
    )
    with pytest.raises(NotAnArticle) as refused:
        read(photo)
    reason = "urn:newsml:afp.com:20220309T101500Z:TX-PAR-ABC12: no text, only photo"
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("made", "changed"),
    [
        # A flash: no headline, one paragraph, the desk's sign-off.
        (
            afp_text("Boréal ferme ses comptoirs", "asl/tib/pid", "", headline=""),
            {"body": "Boréal ferme ses comptoirs"},
        ),
        (
            afp_text("بوريال تغلق متاجرها", "ع ز/ماب/ب ق", headline=""),
            {"headline": "بوريال تغلق متاجرها", "body": "بوريال تغلق متاجرها"},
        ),
        # Sign-offs go, with the quoted companies' names after them; what ends so in earnest stays.
        (afp_text("Fin juin.", "bur-asl/tib/pid/cac"), {"body": "Fin juin."}),
        (afp_text("Fin juin.", "asl/tib", "BOREAL GROUP", "LE FANAL"), {"body": "Fin juin."}),
        (afp_text("Fin juin.", "Et/ou en mai."), {"body": "Fin juin.\n\nEt/ou en mai."}),
        (afp_text("Fin juin.", "BOREAL GROUP"), {"body": "Fin juin.\n\nBOREAL GROUP"}),
        (afp_text("asl/tib"), {"body": "asl/tib"}),
        # AFP's subheads.
        (afp_text("Avant.", "- Et ensuite -", "Après."),
         {"body": "Avant.\n\n## Et ensuite\n\nAprès."}),
        (afp_text("Avant.", "<hl2>- « Fini » -</hl2>", "Après."),
         {"body": "Avant.\n\n## « Fini »\n\nAprès."}),
        # Advisory lines are for the desk.
        (
            afp_text("ATTENTION - ACTUALISE avec réactions ///", "Fin juin."),
            {"body": "Fin juin.", "editors_note": "ATTENTION - ACTUALISE avec réactions ///"},
        ),
        (
            afp_text("(CORRECTS year in para 4)", "Fin juin."),
            {"body": "Fin juin.", "editors_note": "(CORRECTS year in para 4)"},
        ),
        (
            item(
                lines="<NewsLine><NewsLineType FormalName='AdvisoryLine'/>"
                "<NewsLineText>RECASTS, ADDS quotes</NewsLineText></NewsLine>"
            ),
            {"editors_note": "RECASTS, ADDS quotes"},
        ),
        # An embargo in words holds the piece back until an editor has read it.
        (
            afp_text("EMBARGO : jeudi 8h00", "Fin juin."),
            {"body": "EMBARGO : jeudi 8h00\n\nFin juin.", "status": Status.WITHHELD},
        ),
        (
            afp_text("Sous embargo jusqu'à jeudi", "Fin juin."),
            {"body": "Sous embargo jusqu'à jeudi\n\nFin juin.", "status": Status.WITHHELD},
        ),
        (
            afp_text("L'embargo sur le pétrole dure.", "Embargo or not, it sells."),
            {"body": "L'embargo sur le pétrole dure.\n\nEmbargo or not, it sells."},
        ),
    ],
)  # fmt: skip
def test_what_a_desk_writes_around_a_text(made, changed):
    assert read(made) == [wire_item(**changed)]


LATER = "20220310T070000Z"
LATER_AT = datetime(2022, 3, 10, 7, tzinfo=UTC)


EMBARGO_NOTE = "Its embargo has no end that can be read: "
EXPIRY_NOTE = "The end of its right of use can't be read: "


def will_be(status, at=LATER):
    return (
        f"<StatusWillChange><FutureStatus FormalName='{status}'/>"
        f"<DateAndTime>{at}</DateAndTime></StatusWillChange>"
    )


@pytest.mark.parametrize(
    ("status", "about", "changed"),
    [
        ("USABLE", "", {}),
        ("", "", {}),
        ("Withheld", "", {"status": Status.WITHHELD}),
        ("Embargoed", "", {"status": Status.WITHHELD}),
        ("Embargoed", will_be("Usable"), {"embargo": LATER_AT}),
        ("Usable", will_be("Canceled"), {"expires_at": LATER_AT}),
        ("Canceled", "", {"status": Status.CANCELED}),
        ("Open", "", {"status": Status.WITHHELD}),  # no status of IPTC's
        ("Usable", "<Instruction FormalName='Kill'/>", {"status": Status.CANCELED}),
        ("Usable", "<Instruction FormalName='Update'/>", {}),
        ("Usable", f"<EmbargoDate>{LATER}</EmbargoDate>", {"embargo": LATER_AT}),
        ("Usable", f"<Property FormalName='Embargo' Value='{LATER}'/>", {"embargo": LATER_AT}),
        (
            "Usable",
            "<EmbargoDate>jeudi</EmbargoDate>",
            {"status": Status.WITHHELD, "editors_note": f"{EMBARGO_NOTE}jeudi"},
        ),
        (
            "Embargoed",
            will_be("Usable", "9999-12-31"),
            {"status": Status.WITHHELD, "editors_note": f"{EMBARGO_NOTE}9999-12-31"},
        ),
        (
            "Usable",
            will_be("Canceled", "soon"),
            {"status": Status.WITHHELD, "editors_note": f"{EXPIRY_NOTE}soon"},
        ),
        ("Usable", will_be("Canceled", "9999-12-31T23:59:59-05:00"), {}),
        (
            "Canceled",
            f"<EmbargoDate>{LATER}</EmbargoDate>",
            {"status": Status.CANCELED, "embargo": LATER_AT},
        ),
    ],
)
def test_status_and_embargo(status, about, changed):
    assert read(item(status=status, about=about)) == [wire_item(**changed)]


@pytest.mark.parametrize(
    ("end", "changed"),
    [
        ("20220401", {"expires_at": LATER_AT}),
        ("20220301", {"expires_at": datetime(2022, 3, 1, tzinfo=UTC)}),
        (
            "31/12/2021",
            {
                "expires_at": LATER_AT,
                "status": Status.WITHHELD,
                "editors_note": f"{EXPIRY_NOTE}31/12/2021",
            },
        ),
    ],
)
def test_the_right_ends_at_the_earliest_date(end, changed):
    rights = f"<RightsMetadata><UsageRights><EndDate>{end}</EndDate></UsageRights></RightsMetadata>"
    [found] = read(item(before=rights, about=will_be("Canceled")))
    assert found == wire_item(**changed)


def test_terms_in_the_copyright_line_count():
    [found] = read(item(lines="<CopyrightLine>© 2022 AFP. No archival use</CopyrightLine>"))
    assert found == wire_item(
        copyright_holder="AFP. No archival use", usage_terms="© 2022 AFP. No archival use"
    )


def test_a_kill_may_come_without_text():
    assert read(item("", status="Canceled")) == [wire_item(status=Status.CANCELED, body="")]


def test_the_roles_of_components_name_their_texts():
    belga = item(
        """
        <NewsComponent><Role FormalName="Original"/>
          <NewsLines><HeadLine>Boréal ferme ses comptoirs</HeadLine>
            <CreditLine>BELGA</CreditLine></NewsLines>
          <NewsComponent><Role FormalName="Title"/><ContentItem><DataContent>Autre titre
            </DataContent></ContentItem></NewsComponent>
          <NewsComponent><Role FormalName="Lead"/><ContentItem><DataContent>Le chapeau.
            </DataContent></ContentItem></NewsComponent>
          <NewsComponent><Role FormalName="Body"/><ContentItem><DataContent>\tUn.\n\tDeux.
            </DataContent></ContentItem></NewsComponent>
          <NewsComponent><Role FormalName="Contact"/><ContentItem><DataContent>Téléphone
            </DataContent></ContentItem></NewsComponent>
          <NewsComponent><Role FormalName="StyleSheet"/><ContentItem><DataContent>p {}
            </DataContent></ContentItem></NewsComponent>
        </NewsComponent>
        <NewsComponent><Role FormalName="Audio"/><ContentItem Href="a.mp3"/></NewsComponent>""",
        headline="No Headline !",
    )
    assert read(belga) == [wire_item(standfirst="Le chapeau.", body="Un.\n\nDeux.", credit="BELGA")]


@pytest.mark.parametrize(
    "data",
    [
        LINES,
        f"<html xmlns='http://www.w3.org/1999/xhtml'><head><title/></head><body>{LINES}</body></html>",
        f"<![CDATA[{LINES}]]>",
        "La chaîne l'a dit mardi.\n\nTout ferme.\n",
        "La chaîne l'a dit\nmardi.\n\nTout ferme.\n",
    ],
)
def test_text_comes_as_markup_or_plain(data):
    content = f"<ContentItem><DataContent>\n{data}\n</DataContent></ContentItem>"
    assert read(item(content)) == [wire_item()]


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        ("", "no text"),
        ("<ContentItem><DataContent/></ContentItem>", "no text"),
        ("<NewsItemRef NewsItem='a'/><NewsItemRef NewsItem='b'/>",
         "no text, a list of 2 other pieces"),
        ("<ContentItem Href='a.xml'><MediaType FormalName='Text'/></ContentItem>",
         "its text is in a file of its own"),
        ("<ContentItem Href='a.wav'><MediaType FormalName='Audio'/></ContentItem>",
         "no text, only audio"),
        ("<NewsComponent><Role FormalName='Sound'/><ContentItem Href='a'/></NewsComponent>",
         "no text, only audio"),
        ("<ContentItem><DataContent><![CDATA[<Result><Home>2</Home></Result>]]></DataContent>"
         "</ContentItem>", "no text"),
    ],
)  # fmt: skip
def test_what_holds_no_text_is_refused_with_its_id(inner, reason):
    with pytest.raises(NotAnArticle) as refused:
        read(item(inner))
    assert str(refused.value) == f"urn:newsml:afp.com:20220309T101500Z:TX-PAR-ABC12: {reason}"


def test_a_bad_item_does_not_lose_the_good_ones():
    first, refused, last = read(item(name="A"), item("", name="B"), item(name="C"))
    assert [first.wire_id[-2:], last.wire_id[-2:]] == [":A", ":C"]
    assert isinstance(refused, NotAnArticle)
    assert str(refused) == "urn:newsml:afp.com:20220309T101500Z:B: no text"


def test_a_package_and_the_items_inside_it_are_read_apart():
    package = item(f"<NewsComponent>{item(name='B')}</NewsComponent>", name="A")
    outer, inner = read(package)
    assert str(outer) == "urn:newsml:afp.com:20220309T101500Z:A: no text"
    assert inner == wire_item(wire_id="urn:newsml:afp.com:20220309T101500Z:B")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("<NewsML><Catalog/></NewsML>", "NewsML without a NewsItem"),
        ("<newsItem/>", "<newsItem> is no NewsML"),
        ("<NewsML>" + "<NewsItem/>" * 10_001 + "</NewsML>", "more than 10,000 items in one file"),
        ("<NewsML><NewsItem/></NewsML>", "no text"),
        (
            f"<NewsML>{'<NewsItem/>' * 7}</NewsML>",
            "no text; no text; no text; no text; no text; and 2 more",
        ),
    ],
    ids=range(5),
)
def test_a_document_without_a_piece_is_refused(document, reason):
    with pytest.raises(NotAnArticle) as refused:
        newsml1.read(parse(document))
    assert str(refused.value) == reason


def test_changes_to_an_earlier_version_are_refused():
    with pytest.raises(NotAnArticle, match="no text, only changes to an earlier version"):
        read("<NewsItem><Update><Replace/></Update></NewsItem>")


@pytest.mark.parametrize("name", ["", "0"])
def test_without_an_id_of_its_own_a_piece_has_none(name):
    assert read(item(name=name)) == [wire_item(wire_id="")]
