"""What two texts have in common, found through the words that a rewrite keeps.

A text is known by its fingerprints: a hash of each paragraph, and of one in eight of
its runs of five words. Whoever takes over a wire's paragraphs, in whatever order and
with whatever words around them, takes over their fingerprints.
"""

import re
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from zlib import crc32

from articles.search import tokens
from articles.text import paragraphs

RUN = 5  # words that a fingerprint is made of
ONE_IN = 8  # runs of words
TELLING = 60  # bytes, folded, that a paragraph needs to tell one text from another
MAX_FINGERPRINTS = 1_000  # of one text: what some 60 kB have
SHARED = 8  # words in a row that a passage needs to be shown
MAX_PLACES = 4  # of one run of words that are tried
MAX_WORDS = 20_000  # of each text that are compared: some 120 kB
PAGE_WORDS = 3_000  # the same where a page compares one text with many
WORD = re.compile(r"\S+")
BLANK = re.compile(b" ")


def folded(word: str) -> str:
    """What stands between two blanks, as tokens: `qu'Amazon` is one, `a-t-il` three, `–` none."""
    return " ".join(tokens(word))


@lru_cache(maxsize=512)  # worked out before a batch takes the write lock, used within
def fingerprints(text: str) -> frozenset[int]:
    """The fingerprints of a text of paragraphs a blank line apart: signed 64-bit integers.

    They are the same on every machine, and stay so. Paragraphs too short to be telling
    have none. Linear in the length; a text too long keeps the smallest of its hashes,
    so that two of them keep the same ones.
    """
    found = set()
    for _is_subhead, paragraph in paragraphs(text):
        said = " ".join(tokens(paragraph)).encode()
        if len(said) >= TELLING:
            found.add(_hash(said))
            found.update(map(_hash, _chosen(said)))
    return frozenset(sorted(found)[:MAX_FINGERPRINTS])


def _chosen(said):
    """One in eight of the runs of words in a paragraph; the run itself decides whether."""
    starts = [0, *(blank.end() for blank in BLANK.finditer(said))]
    ends = [*(start - 1 for start in starts[1:]), len(said)]
    runs = [said[start:end] for start, end in zip(starts, ends[RUN - 1 :], strict=False)]
    return [run for run, number in zip(runs, map(crc32, runs), strict=True) if not number % ONE_IN]


def _hash(run):
    return int.from_bytes(blake2b(run, digest_size=8).digest(), "big", signed=True)


def shared_passages(a: str, b: str) -> list[tuple[int, int, int, int]]:
    """The longest runs of words that both texts hold: (start, end) in `a`, (start, end) in `b`.

    Positions are in code points. A passage has `SHARED` words or more, equal once folded;
    each word of `a` stands in one passage at most, and they come in the order of `a`.
    Linear in the length of both, and bounded: of a run that `b` repeats the first few
    places are tried, of a text too long its first `MAX_WORDS` words are read.
    """
    return _shared(_words(a), _words(b))


def _shared(ours, theirs):
    places = {}
    for place in range(len(theirs) - RUN + 1):
        there = places.setdefault(tuple(word for word, *_ in theirs[place : place + RUN]), [])
        if len(there) < MAX_PLACES:
            there.append(place)
    passages, here = [], 0
    while here <= len(ours) - RUN:
        run = tuple(word for word, *_ in ours[here : here + RUN])
        size, there = max(
            ((_in_common(ours, here, theirs, place), -place) for place in places.get(run, ())),
            default=(0, 0),
        )
        if size < SHARED:
            here += 1
            continue
        mine, yours = ours[here : here + size], theirs[-there : size - there]
        passages.append((mine[0][1], mine[-1][2], yours[0][1], yours[-1][2]))
        here += size
    return passages


def in_common(a: str, others: list[str]) -> list[list[str]]:
    """For each of the others the words of the passages that it shares with `a`, as `a` has
    them; of each text its first `PAGE_WORDS` words are read."""
    ours = _words(a, PAGE_WORDS)
    return [
        [a[start:end] for start, end, *_ in _shared(ours, _words(other, PAGE_WORDS))]
        for other in others
    ]


def marked(text, spans):
    """The paragraphs of a text as (is_subhead, [(words, whether a span holds them)]).

    `spans` are (start, end) pairs in code points, in any order; they may overlap.
    """
    found, reached = [[]], 0
    for start, end in [*sorted(spans), (len(text), len(text))]:
        for words, shared in (
            (text[reached:start], False),
            (text[max(reached, start) : end], True),
        ):
            first, *more = words.split("\n\n")
            found[-1].append((first, shared))
            found += [[(part, shared)] for part in more]
        reached = max(reached, end)
    return [_paragraph(parts) for parts in found if any(words.strip() for words, _ in parts)]


def _paragraph(parts):
    whole = [(words, shared) for words, shared in parts if words]
    is_subhead = whole[0][0].startswith("## ")
    if is_subhead:
        whole[0] = (whole[0][0].removeprefix("## "), whole[0][1])
    return is_subhead, [(words, shared) for words, shared in whole if words]


def _words(text, most=MAX_WORDS):
    """(folded word, start, end) of what stands between blanks, but for what folds to nothing."""
    read = islice(WORD.finditer(text), most)
    found = ((folded(word.group()), *word.span()) for word in read)
    return [word for word in found if word[0]]


def _in_common(ours, here, theirs, there):
    """How many words are the same from these two places on."""
    size, most = 0, min(len(ours) - here, len(theirs) - there)
    while size < most and ours[here + size][0] == theirs[there + size][0]:
        size += 1
    return size
