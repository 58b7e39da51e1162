"""How well suggested announcements agree with sentences labelled by hand, field by field.

A measure found is compared with the labelled one of the same company and market that it
agrees with most. Activities agree when both are the whole business, or the words that say
something are the same, nested, or half of them shared; *investments* says nothing beside
the action that pauses them.
"""

import json
from collections import Counter
from pathlib import Path

from articles.search import fold, singular
from companies.announcing import find_claims
from companies.announcing.activities import GENERIC, INVESTMENT, SMALL
from companies.announcing.words import DETERMINERS
from companies.recognition import Names, find

FOLDER = Path(__file__).parent.parent / "tests" / "companies" / "announcing"
HALVES = ("labelled_first.json", "labelled_second.json")
FIELDS = ("company", "market", "action", "stage", "activity", "hearsay", "whole measure")
SAYS_NOTHING = {
    singular(fold(word))
    for table in (GENERIC, INVESTMENT, SMALL, DETERMINERS)
    for words in table.values()
    for word in words
} | {"new", "s"}


def labelled(name):
    """The sentences of one half; None where it isn't there."""
    path = FOLDER / name
    return json.loads(path.read_text()) if path.exists() else None


def suggested(example):
    """What the rules say of one labelled text, in the form of its labels."""
    names = Names(
        (company, spelling, False)
        for company, spellings in example["companies"].items()
        for spelling in spellings
    )
    headline, text = example["headline"], example["text"]
    places = {c: one.places for c, one in find(f"{headline}\n\n{text}", names).items()}
    return [
        {
            "company": claim.company,
            "hearsay": claim.hearsay,
            "measures": [
                {
                    "activity": one.activity,
                    "market": one.market,
                    "action": one.action,
                    "stage": one.stage,
                }
                for one in claim.measures
            ],
        }
        for claim in find_claims(headline, text, example["language"], places)
    ]


def scores(examples):
    """Field → (precision, recall)."""
    right, told, wanted = Counter(), Counter(), Counter()
    for example in examples:
        found = {claim["company"]: claim for claim in suggested(example)}
        gold = {claim["company"]: claim for claim in example["claims"]}
        for company in found.keys() | gold.keys():
            _compare(found.get(company), gold.get(company), right, told, wanted)
    return {
        field: (right[field] / max(1, told[field]), right[field] / max(1, wanted[field]))
        for field in FIELDS
    }


def _compare(found, gold, right, told, wanted):
    for claim, counter in ((found, told), (gold, wanted)):
        if claim:
            counter.update(["company", "hearsay"])
            for field in FIELDS[1:5] + FIELDS[6:]:
                counter[field] += len(claim["measures"])
    if not (found and gold):
        return
    right["company"] += 1
    same_doubt = found["hearsay"] == gold["hearsay"]
    right["hearsay"] += same_doubt
    for agreement in _paired(found["measures"], gold["measures"]):
        right["market"] += 1
        right.update(agreement)
        right["whole measure"] += len(agreement) == 3 and same_doubt


def _paired(found, gold):
    """For each pair of measures on one market, the fields that agree."""
    pairs = sorted(
        (
            (-len(fields), a, b, fields)
            for a, one in enumerate(found)
            for b, other in enumerate(gold)
            if one["market"] == other["market"]
            for fields in [_agreeing(one, other)]
        ),
        key=lambda pair: pair[:3],
    )
    used_found, used_gold = set(), set()
    for _size, a, b, fields in pairs:
        if a not in used_found and b not in used_gold:
            used_found.add(a)
            used_gold.add(b)
            yield fields


def _agreeing(one, other):
    fields = [field for field in ("action", "stage") if one[field] == other[field]]
    return [*fields, "activity"] if same_activity(one["activity"], other["activity"]) else fields


def same_activity(one, other):
    """Whether two wordings mean one activity."""
    a, b = _saying(one), _saying(other)
    if not a or not b:
        return a == b
    return a <= b or b <= a or 2 * len(a & b) >= len(a | b)


def _saying(activity):
    words = "".join(mark if mark.isalnum() else " " for mark in fold(activity)).split()
    return {singular(word) for word in words} - SAYS_NOTHING
