"""Two texts as the words that went, that came and that stayed. Needs no database."""

import re
from difflib import SequenceMatcher

AROUND = 8  # words that are shown on either side of a difference
LONG = 2000  # words; in longer passages the most frequent ones don't count as landmarks

WORDS = re.compile(r"\s*\S+|\s+")


def differences(old: str, new: str) -> list[tuple[str, str]]:
    """The texts as (kind, words): "same", "gone" and "new", in the order of the text.

    Paragraphs are compared first, then the words of those that differ; of what stayed
    only the words beside a difference are given, with “…” for the others.
    """
    runs = []
    for kind, before, after in _matched(_paragraphs(old), _paragraphs(new)):
        if kind == "equal":
            _add(runs, "same", before)
        else:
            _add_words(runs, "".join(before), "".join(after))
    last = len(runs) - 1
    return [
        (kind, _shortened(words, first=place == 0, last=place == last) if kind == "same" else words)
        for place, (kind, words) in enumerate((kind, "".join(parts)) for kind, parts in runs)
    ]


def _paragraphs(text):
    return re.findall(r".*?\n\n|.+\Z", text, re.DOTALL)


def _matched(before, after):
    matcher = SequenceMatcher(None, before, after, autojunk=len(after) > LONG)
    for kind, a, b, c, d in matcher.get_opcodes():
        yield kind, before[a:b], after[c:d]


def _add_words(runs, old, new):
    for kind, before, after in _matched(WORDS.findall(old), WORDS.findall(new)):
        if kind == "equal":
            _add(runs, "same", before)
        else:
            _add(runs, "gone", before)
            _add(runs, "new", after)


def _add(runs, kind, words):
    if not words:
        return
    if runs and runs[-1][0] == kind:
        runs[-1][1].extend(words)
    else:
        runs.append((kind, list(words)))


def _shortened(text, *, first, last):
    words = WORDS.findall(text)
    if len(words) <= 2 * AROUND:
        return text
    head = "" if first else "".join(words[:AROUND]) + " "
    tail = "" if last else " " + "".join(words[-AROUND:]).lstrip()
    return f"{head}…{tail}"
