"""What is read of ninjs in its versions, and what is refused and why."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from articles.wire import NotAnArticle, Status, WireItem, read

SHARED = Path(__file__).resolve().parents[4] / "shared" / "wire"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")

FIRST = datetime(2022, 3, 9, 8, 15, tzinfo=UTC)
LATER = datetime(2022, 3, 9, 10, 30, tzinfo=UTC)
EMBARGO = datetime(2022, 3, 10, 6, 0, tzinfo=UTC)
EXPIRY = datetime(2023, 3, 9, 0, 0, tzinfo=UTC)

# One story as each version of the standard writes it.
FIELDS = {
    "headline": "Boréal ferme ses comptoirs",
    "body": "La chaîne l'a dit mardi.\n\n## Une page tournée\n\nTout ferme.",
    "standfirst": "Onze comptoirs sont touchés.",
    "wire_id": "urn:newsml:example.org:1",
    "version": 3,
    "embargo": EMBARGO,
    "expires_at": EXPIRY,
    "urgency": 4,
    "language": "fr-FR",
    "byline": "Jeanne Petit",
    "dateline": "Riga",
    "image_caption": "Un comptoir à Riga.\n\nLe siège.",
    "image_credit": "Paul Grand - Agence Boréale; Agence Boréale",
    "subjects": ("medtop:04000000",),
    "places": ("Riga", "Lettonie"),
    "published_at": FIRST,
    "published_precision": "day",
    "revised_at": LATER,
    "copyright_holder": "Agence Boréale",
    "usage_terms": "Pas d'archives.\n\nhttps://example.org/rights",
    "editors_note": "Ajoute le siège.",
    "related": ("urn:newsml:example.org:0",),
}
HTML = "<p>La chaîne l'a dit mardi.</p><h2>Une page tournée</h2><p>Tout ferme.</p>"
COMMON = {
    "uri": "urn:newsml:example.org:1",
    "type": "text",
    "version": "3",
    "pubstatus": "usable",
    "urgency": 4,
    "language": "fr_FR",
    "located": "Riga",
    "firstcreated": "2022-03-09T08:15:00Z",
    "versioncreated": "2022-03-09T10:30:00+00:00",
    "embargoed": "2022-03-10T07:00:00+01:00",
    "expires": "2023-03-09T00:00:00Z",
    "copyrightholder": "Agence Boréale",
    "usageterms": "Pas d'archives.",
    "ednote": "Ajoute le siège.",
    "rightsinfo": {"linkedrights": "https://example.org/rights"},
}
PICTURE = {"type": "picture", "source": "Agence Boréale"}
NINJS_1 = COMMON | {
    "headline": "Boréal ferme ses comptoirs",
    "byline": "Jeanne Petit",
    "body_text": "Tout autre chose.",
    "body_xhtml": HTML,
    "description_text": "Onze comptoirs sont touchés.",
    "subject": [
        {
            "name": "Economy",
            "scheme": "http://cv.iptc.org/newscodes/mediatopic/",
            "code": "04000000",
        },
        {"name": "Distribution", "code": "our-17"},
    ],
    "place": [{"name": "Riga"}, {"name": "Lettonie"}, {"name": "Riga"}],
    "person": [{"name": "Paul Grand"}],
    "associations": {
        "a": PICTURE | {"byline": "Paul Grand", "description_text": "Un comptoir à Riga."},
        "b": PICTURE | {"description_text": "Le siège."},
        "c": {"type": "video", "description_text": "Un film."},
        "d": {"type": "text", "uri": "urn:newsml:example.org:0"},
    },
}
NINJS_2 = COMMON | {
    "headlines": [
        {"role": "short", "value": "Boréal"},
        {"role": "main", "value": "Boréal ferme ses comptoirs"},
    ],
    "by": "Jeanne Petit",
    "bodies": [
        {"role": "text", "contenttype": "text/plain", "value": "Tout autre chose."},
        {"role": "xhtml", "contenttype": "text/html", "value": HTML},
    ],
    "descriptions": [
        {"role": "writer", "value": "JP"},
        {"role": "text", "value": "Onze comptoirs sont touchés."},
    ],
    "subjects": [{"name": "Economy", "uri": "http://cv.iptc.org/newscodes/mediatopic/04000000"}],
    "places": [{"name": "Riga"}, {"name": "Lettonie"}],
    "associations": [
        PICTURE
        | {
            "name": "a",
            "by": "Paul Grand",
            "descriptions": [
                {"role": "creditline", "value": "P. G."},
                {"role": "caption", "value": "Un comptoir à Riga."},
            ],
        },
        PICTURE | {"name": "b", "descriptions": [{"value": "Le siège."}]},
        {"name": "d", "type": "text", "uri": "urn:newsml:example.org:0"},
    ],
}
CAMEL = {
    "pubstatus": "pubStatus",
    "firstcreated": "firstCreated",
    "versioncreated": "versionCreated",
    "copyrightholder": "copyrightHolder",
    "usageterms": "usageTerms",
    "ednote": "edNote",
    "rightsinfo": "rightsInfo",
    "contenttype": "contentType",
    "linkedrights": "linkedRights",
}
SUPERDESK = NINJS_1 | {
    "guid": "urn:newsml:example.org:1",
    "uri": "https://desk.example.org/items/1",
    "version": 3,
    "body_html": HTML,
    "body_xhtml": None,
    "subject": [{"code": "04000000", "name": "economy"}],
    "state": "published",
    "evolvedfrom": "urn:newsml:example.org:0",
    "associations": {
        name: picture
        for name, picture in NINJS_1["associations"].items()
        if picture["type"] != "text"
    },
}


def in_camel_case(value):
    if isinstance(value, dict):
        return {CAMEL.get(key, key): in_camel_case(inner) for key, inner in value.items()}
    return list(map(in_camel_case, value)) if isinstance(value, list) else value


def read_one(piece):
    [item] = read(json.dumps(piece).encode())
    return item


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param(NINJS_1, id="1.x"),
        pytest.param(NINJS_2, id="2.x"),
        pytest.param(in_camel_case(NINJS_2), id="3.x"),
        pytest.param(SUPERDESK, id="Superdesk"),
    ],
)
def test_each_version_gives_the_same_item(piece):
    assert read_one(piece) == WireItem(**FIELDS)


@pytest.mark.parametrize(
    ("piece", "headline", "body", "standfirst"),
    [
        # A flash has no headline.
        (
            {"body_text": "Boréal ferme.\nTout ferme."},
            "Boréal ferme.",
            "Boréal ferme.\n\nTout ferme.",
            "",
        ),
        ({"title": "Fermeture", "body_text": "Tout ferme."}, "Fermeture", "Tout ferme.", ""),
        ({"description_text": "Boréal ferme."}, "Boréal ferme.", "", "Boréal ferme."),
        ({"headline": "Boréal ferme"}, "Boréal ferme", "", ""),
        ({"headline_main": "Boréal ferme"}, "Boréal ferme", "", ""),
        # What is said twice stands once.
        (
            {"headline": "Boréal ferme", "body_html": "<h1>Boréal ferme</h1><p>Tout ferme.</p>"},
            "Boréal ferme",
            "Tout ferme.",
            "",
        ),
        (
            {
                "headline": "Boréal",
                "body_html": "<p>Tout ferme à Riga.</p>",
                "description_text": "Tout ferme…",
            },
            "Boréal",
            "Tout ferme à Riga.",
            "",
        ),
        # HTML announced as text, text as HTML, a document where a fragment is meant.
        ({"headline": "B", "body_text": "<p>Tout</p><p>ferme.</p>"}, "B", "Tout\n\nferme.", ""),
        ({"headline": "B", "body_html": "Tout &amp; rien\nferme."}, "B", "Tout & rien ferme.", ""),
        (
            {
                "headline": "B",
                "body_html5": "<html><head><title>x</title></head><body><p>Tout.</p>",
            },
            "B",
            "Tout.",
            "",
        ),
        (
            {
                "headline": "B",
                "body_html": "<figure><figcaption>x</figcaption></figure><p>Tout.<p>A",
            },
            "B",
            "Tout.\n\nA",
            "",
        ),
        (
            {"headline": "B", "body_html": "<table><tr><td>a</td><td>1</td></tr></table>"},
            "B",
            "a | 1",
            "",
        ),
    ],
)
def test_headline_body_and_standfirst(piece, headline, body, standfirst):
    item = read_one(piece)
    assert (item.headline, item.body, item.standfirst) == (headline, body, standfirst)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, "usable"),
        ({"pubstatus": "usable"}, "usable"),
        ({"pubstatus": "withheld"}, "withheld"),
        ({"pubstatus": "canceled"}, "canceled"),
        ({"pubstatus": "Cancelled"}, "canceled"),
        ({"pubstatus": "odd"}, "withheld"),
        ({"state": "published"}, "usable"),
        ({"state": "in_progress"}, "withheld"),
        ({"state": "killed", "pubstatus": "usable"}, "canceled"),
        ({"embargoed": "2022-03-10"}, "usable"),
        ({"embargoed": "next Monday"}, "withheld"),
        ({"expires": "soon"}, "withheld"),
        ({"embargoed": "9999-12-31T23:59:59-05:00"}, "withheld"),
        ({"expires": "9999-12-31T23:59:59-05:00"}, "usable"),
        ({"embargoed": "next Monday", "pubstatus": "canceled"}, "canceled"),
    ],
)
def test_status(said, status):
    assert read_one({"headline": "A"} | said).status == status


def test_a_kill_needs_no_text():
    piece = {"uri": "urn:1", "pubstatus": "canceled"}
    assert read_one(piece) == WireItem("urn:1", wire_id="urn:1", status=Status.CANCELED)


@pytest.mark.parametrize(
    ("version", "number"),
    [("11", 11), (11, 11), ("1.2", 1), ("A", 0), (None, 0), (-1, 0), ("9" * 30, 999_999_999)],
)
def test_version(version, number):
    assert read_one({"headline": "A", "version": version}).version == number


@pytest.mark.parametrize(
    ("urgency", "number"), [(1, 1), ("9", 9), (0, None), ("12", None), ([], None)]
)
def test_urgency(urgency, number):
    assert read_one({"headline": "A", "urgency": urgency}).urgency == number


@pytest.mark.parametrize(
    ("piece", "reason"),
    [
        ({"uri": "urn:1"}, "no headline and no text"),
        ({"title": "an internal name"}, "no headline and no text"),
        ({"pubstatus": "canceled"}, "no headline and no text"),  # nor does it name what it kills
        ({"type": "picture", "headline": "A"}, "type picture: no article"),
        ({"type": "event", "headline": "A"}, "type event: no article"),
        ({"headline": "A", "eventDetails": {}}, "an event or its planned coverage: no article"),
        (
            {"description_text": "A", "renditions": {}},
            "a picture, sound or video, though its type is not named",
        ),
        ({"headline": ["A"]}, "headline is no text"),
        ({"headline": "A", "versioncreated": 2019}, "versioncreated is no text"),
        ({"headline": "A", "ednote": {"text": "B"}}, "ednote is no text"),
        ({"headline": "A", "expires": {}}, "expires is no text"),
        ({"headlines": "A"}, "headlines is no list"),
        ({"headline": "A", "associations": 1}, "associations is no list"),
        ({"type": ["text"], "headline": "A"}, "type is no text"),
    ],
)
def test_what_is_no_article_is_refused(piece, reason):
    with pytest.raises(NotAnArticle) as refused:
        read_one(piece)
    assert str(refused.value) == reason


def test_a_list_of_pieces_keeps_its_order():
    pieces = {"_items": [{"guid": "a", "headline": "A"}, {"type": "audio"}, 7]}
    first, second, third = read(json.dumps(pieces).encode())
    assert (first.wire_id, str(second), str(third)) == (
        "a",
        "number 2: type audio: no article",
        "number 3: JSON, but no object",
    )


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        (
            {"embargoed": "Monday"},
            "editors_note",
            "Its embargo has no end that can be read: Monday",
        ),
        ({"expires": "soon"}, "editors_note", "The end of its right of use can't be read: soon"),
        ({"expires": "9999-12-31"}, "expires_at", None),
        ({"versioncreated": "9999-12-31T23:59:59-05:00"}, "revised_at", None),
        ({"source": "NW " * 100}, "credit", "NW " * 66 + "…"),
        ({"byline": "x" * 400}, "byline", "x" * 298 + " …"),
        ({"headline": "Boréal " * 85}, "headline", "Boréal " * 71 + "…"),
        ({"headline": "Boréal " * 85}, "body", ("Boréal " * 85).strip()),
        ({"uri": "u" * 501}, "wire_id", f"sha256:{sha256(b'u' * 501).hexdigest()}"),
        ({"place": [{"name": "Ri\0ga"}, {"name": "\ud800"}]}, "places", ("Riga",)),
        ({"replacing": ["a\x01", "\ud800"]}, "related", ("a",)),
        ({"ednote": "a\0\ud800b"}, "editors_note", "ab"),
        ({"copyrightnotice": "NW. No archival use"}, "usage_terms", "NW. No archival use"),
        ({"copyrightnotice": "© 2022 Northern Wire"}, "usage_terms", ""),
        (
            {"copyrightholder": "NW", "copyrightnotice": "Not for archive", "usageterms": "Once"},
            "usage_terms",
            "Once\n\nNot for archive",
        ),
    ],
)
def test_what_is_too_long_or_unread_loses_no_piece(said, field, value):
    assert getattr(read_one({"headline": "A"} | said), field) == value
