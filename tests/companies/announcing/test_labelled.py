"""How far the rules agree with sentences labelled by hand."""

import pytest

from benchmarks.labelled import FIELDS, labelled, same_activity, scores

FLOORS = {"labelled_first.json": 0.95, "labelled_second.json": 0.8}


def test_the_first_half_is_large_and_hard_enough():
    examples = labelled("labelled_first.json")

    assert len(examples) >= 80
    assert sum(not one["claims"] for one in examples) >= len(examples) / 3
    assert 0.4 < sum(one["language"] == "fr" for one in examples) / len(examples) < 0.6


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("half", FLOORS)
def test_both_halves_are_read_well(half, field):
    precision, recall = scores(labelled(half))[field]

    assert min(precision, recall) >= FLOORS[half]


def test_a_wrong_reading_lowers_the_scores():
    [example] = [e for e in labelled("labelled_first.json") if "Ikea a suspendu" in e["text"]]
    example["claims"][0]["measures"][0]["market"] = "BY"

    assert scores([example])["company"] == (1, 1)
    assert scores([example])["whole measure"] == (0, 0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("", "", True),
        ("ventes", "", False),
        ("ses ventes en ligne", "ventes en ligne", True),
        ("ventes", "livraisons", False),
        ("its business", "", True),
        ("new investments", "", True),
    ],
)
def test_activities_agree(one, other, same):
    assert same_activity(one, other) is same
