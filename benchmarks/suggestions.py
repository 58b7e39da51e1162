"""How far suggested announcements agree with labelled sentences, and how fast they are found.

    DEBUG=1 python benchmarks/suggestions.py [--wrong]

Precision and recall for each field and each half of the sentences labelled by hand; --wrong
shows those that were read otherwise. The second half was labelled by who hadn't read the
rules, and scored once before they were mended by it: whole measure .81 and .81, company .98
and .95, market .93 and .93, action .90 and .90, stage .87 and .87, activity .90 and .90,
hearsay .98 and .95. What is printed since is no longer blind.

The speed is that on generated articles with a name in each, beside the recognition of names
and a plain split into words in the same run; and on the labelled sentences strung together,
where every sentence has an act.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
HOME = tempfile.TemporaryDirectory()
os.environ |= {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DATA_DIR": HOME.name}

import django

django.setup()

# ruff: noqa: E402 - models can be imported only now
from benchmarks.generate import articles
from benchmarks.labelled import FIELDS, HALVES, labelled, scores, suggested
from companies.announcing import find_claims
from companies.announcing.newcomers import find_newcomers
from companies.announcing.sentences import Text
from companies.recognition import Names, find

PIECES = 400  # generated articles of about 3 kB
ROUNDS = 3
TIMES = 20  # the labelled sentences are strung together so often


def agreement(wrong):
    for half in HALVES:
        examples = labelled(half)
        if examples is None:
            print(f"{half}: not there")
            continue
        empty = sum(not example["claims"] for example in examples)
        print(f"{half}: {len(examples)} texts, {empty} with nothing to suggest")
        found = scores(examples)
        for field in FIELDS:
            precision, recall = found[field]
            print(f"  {field:14} precision {precision:.2f}   recall {recall:.2f}")
        for example in examples if wrong else ():
            if min(scores([example])["whole measure"]) < 1 and (
                example["claims"] or suggested(example)
            ):
                print(f"  {example['headline']} | {example['text']}")
                print(f"    labelled {example['claims']}\n    found    {suggested(example)}")


def best(work):
    """Seconds of the fastest round."""
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return min(times)


def speed(title, pieces, names):
    """MB/s of each step over (language, text) pairs."""
    texts = [(language, text, _places(text, names)) for language, text in pieces]
    size = sum(len(text.encode()) for _language, text, _places in texts) / 1e6
    sentences = sum(len(Text(text).sentences) for _language, text, _places in texts)
    rows = [
        ("words alone", lambda: [text.split() for _language, text, _places in texts]),
        ("recognition", lambda: [find(text, names) for _language, text, _places in texts]),
        ("claims", lambda: [find_claims("", t, language, p) for language, t, p in texts]),
        ("newcomers", lambda: [find_newcomers("", t, language, p) for language, t, p in texts]),
    ]
    print(f"{title}: {size:.1f} MB, {sentences:,} sentences")
    seconds = {name: best(work) for name, work in rows}
    for name, taken in seconds.items():
        print(
            f"  {name:14}{size / taken:8.1f} MB/s{sentences / taken:12,.0f} sentences/s"
            f"   ×{seconds['recognition'] / taken:.2f} of recognition"
        )


def _places(text, names):
    return {c: one.places for c, one in find(f"\n\n{text}", names).items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wrong", action="store_true", help="show what was read otherwise")
    agreement(parser.parse_args().wrong)
    examples = [one for half in HALVES for one in labelled(half) or ()]
    companies = {name for one in examples for name in one["companies"]}
    names = Names((name, name, False) for name in companies)
    speed(
        "generated",
        [(p["language"], f"Ikea est là. {p['body']}") for p in articles(PIECES)],
        names,
    )
    dense = {
        language: "\n\n".join(e["text"] for e in examples if e["language"] == language)
        for language in ("fr", "en")
    }
    speed("labelled", [*dense.items()] * TIMES, names)


if __name__ == "__main__":
    main()
