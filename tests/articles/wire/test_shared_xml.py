"""Real NewsML and NITF, read as an editor would: who, when, what may be done with it."""

from collections import Counter
from pathlib import Path

import pytest

from articles.wire import NotAnArticle, Status, read
from articles.wire.desk import is_advisory, is_sign_off, subhead

SHARED = Path(__file__).resolve().parents[4] / "shared" / "wire"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")


def items(folder, pattern="*"):
    """The items that the files of a folder give."""
    found = []
    for path in sorted((SHARED / folder).glob(pattern)):
        try:
            found += read(path.read_bytes())
        except NotAnArticle:
            continue
    return [item for item in found if not isinstance(item, NotAnArticle)]


@pytest.mark.parametrize(
    ("folder", "count"),
    [("afp-newsml12", 56), ("newsml12-other", 8), ("newsml-g2", 56), ("nitf", 13)],
)
def test_what_the_desk_wrote_around_a_text_is_gone(folder, count):
    found = items(folder)
    assert len(found) == count
    for item in found:
        texts = item.body.split("\n\n")
        assert not is_sign_off(texts[-1])
        assert not is_advisory(texts[0])
        assert [subhead(text) for text in texts] == texts
        assert item.published_at.tzinfo and item.headline and item.body


def test_pieces_of_afp_are_known_by_its_ids_and_revisions():
    found = items("afp-newsml12")
    ids = {item.wire_id for item in found}
    assert len(ids) == len(found)
    assert all(wire_id.startswith("urn:newsml:afp.com:20") for wire_id in ids)
    assert Counter(item.version for item in found) == {1: 51, 2: 4, 3: 1}
    assert Counter(item.language for item in found) == {"ar": 53, "en": 2, "fr": 1}
    assert {item.status for item in found} == {Status.USABLE}


def test_flashes_of_afp_are_headline_and_text_at_once():
    flashes = [item for item in items("afp-newsml12") if item.urgency == 2]
    assert len(flashes) == 20
    assert all(item.body == item.headline for item in flashes)


def test_pictures_of_afp_stand_beside_its_texts():
    found = items("afp-newsml12", "josiah__newsmlmmd*")
    assert sum(bool(item.image_caption) for item in found) == 28
    assert all(bool(item.image_caption) == bool(item.image_credit) for item in found)


def test_a_piece_for_no_archival_use_says_so():
    [item] = items("afp-newsml12", "sd-core__afp.xml")
    assert item.usage_terms == "NO ARCHIVAL USE"
    assert item.related == ("urn:newsml:afp.com:20140829:ccd3ebb1-ff99-452d-a1c2-5dc0fa24c204",)
    assert item.body.endswith("line of electric cars.")


def test_embargoes_and_rights_of_others():
    [embargoed] = items("nitf", "sd-core__pa3.xml")
    assert (embargoed.status, embargoed.embargo.isoformat()) == (
        Status.USABLE,
        "2016-09-08T23:01:00+00:00",
    )
    [canceled] = items("nitf", "sd-core__nitf-fishing.xml")
    assert canceled.status is Status.CANCELED
    [expired] = items("nitf", "sd-core__aap-1.xml")
    assert expired.expires_at.isoformat() == "2013-11-02T14:35:00+00:00"
    [dpa] = items("newsml-g2", "*rubix_multimedia_testartikel*")
    assert dpa.embargo.isoformat() == "2024-10-22T09:30:00+00:00"
    assert dpa.usage_terms


def test_a_package_lists_what_it_links_to():
    [package] = items("newsml-g2", "sd-core__snep.xml")
    assert len(package.body.split("\n")) == len(package.related) > 5
