"""Codes of either IPTC vocabulary become Media Topics."""

import pytest

from articles.wire.topics import LABELS, SUBJECT_CODES, labels, topic_codes


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("medtop:20000202", ("medtop:20000202",)),
        ("20000202", ("medtop:20000202",)),
        ("http://cv.iptc.org/newscodes/mediatopic/20000202", ("medtop:20000202",)),
        ("subj:04016026", ("medtop:20000202",)),
        ("04016026", ("medtop:20000202",)),
        ("http://cv.iptc.org/newscodes/subjectcode/04016026", ("medtop:20000202",)),
        ("urn:newsml:iptc.org:20020708:IptcSubjectCodes:04016026", ("medtop:20000202",)),
        ("04000000", ("medtop:04000000",)),
        ("04011999", ("medtop:20000294",)),  # by its ancestor 04011000
        ("04999999", ("medtop:04000000",)),
        ("99999999", ()),
        ("medtop:29999999", ()),
        ("20220309", ()),
        ("120000202", ()),
        ("wd:20000202", ()),
        ("ECO", ()),
        ("", ()),
    ],
)
def test_a_code_gives_its_topic(value, codes):
    assert topic_codes([value]) == codes


def test_each_topic_comes_once_in_the_order_of_the_wire():
    assert topic_codes(["11000000", "ECO", "04000000", "subj:11000000"]) == (
        "medtop:11000000",
        "medtop:04000000",
    )


def test_topics_have_labels_in_french_and_english():
    assert labels("medtop:20000202") == ("Accords de licence", "licensing agreement")
    assert labels("medtop:99999999") == ("medtop:99999999", "medtop:99999999")


def test_every_subject_code_leads_to_a_topic_with_labels():
    assert set(SUBJECT_CODES.values()) <= LABELS.keys()
    assert all(len(both) == 2 and all(both) for both in LABELS.values())
