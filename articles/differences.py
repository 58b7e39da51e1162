"""What changed from one wording to another, word by word."""

import re
from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher

PARAGRAPH_END = re.compile(r"(?<=\n\n)")
PIECE = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")  # a word or a mark, with the blanks before it
SMALL = 10_000  # pairs of pieces in a stretch that are compared each with each
DEPTH = 20  # stretches within stretches


def differences(old: str, new: str) -> list[tuple[str, str]]:
    """Stretches of both texts in their order, as (kind, words); kind is same, gone or new.

    What isn't new makes up `old`, what isn't gone makes up `new`. Paragraphs first, then
    the words of those that differ: what stands once on either side holds the rest in
    place (Bram Cohen's patience diff). A stretch where nothing does, and that is too
    large to compare word with word, is gone and new as a whole: so the time grows with
    the length alone, but for a logarithm.
    """
    found = []
    for same, gone, come in _aligned(PARAGRAPH_END.split(old), PARAGRAPH_END.split(new)):
        if same:
            found.append(("same", same))
        else:
            for alike, lost, added in _aligned(PIECE.findall(gone), PIECE.findall(come)):
                found += [("same", alike), ("gone", lost), ("new", added)]
    return _readable(found)


def _aligned(a, b):
    """(same, "", "") and ("", of a, of b), stretch by stretch, as text."""
    i = k = 0
    for start, there, size in [*_matches(a, 0, len(a), b, 0, len(b), 0), (len(a), len(b), 0)]:
        if i < start or k < there:
            yield "", "".join(a[i:start]), "".join(b[k:there])
        i, k = start + size, there + size
        if size:
            yield "".join(a[start:i]), "", ""


def _matches(a, i, j, b, k, m, depth):
    """(place in a, place in b, size) of what is the same in a[i:j] and b[k:m], in order."""
    head = 0
    while i + head < j and k + head < m and a[i + head] == b[k + head]:
        head += 1
    if head:
        yield i, k, head
    i, k, tail = i + head, k + head, 0
    while i < j - tail and k < m - tail and a[j - tail - 1] == b[m - tail - 1]:
        tail += 1
    yield from _between(a, i, j - tail, b, k, m - tail, depth)
    if tail:
        yield j - tail, m - tail, tail


def _between(a, i, j, b, k, m, depth):
    """The same for stretches that differ at both ends."""
    if i == j or k == m:
        return
    anchors = _anchors(a, i, j, b, k, m) if depth < DEPTH else []
    if anchors:
        for here, there in [*anchors, (j, m)]:
            yield from _matches(a, i, here, b, k, there, depth + 1)
            if here < j:
                yield here, there, 1
            i, k = here + 1, there + 1
    elif (j - i) * (m - k) <= SMALL:
        matcher = SequenceMatcher(None, a[i:j], b[k:m], autojunk=False)
        for here, there, size in matcher.get_matching_blocks():
            if size:
                yield i + here, k + there, size


def _anchors(a, i, j, b, k, m):
    """Places of the pieces that stand once on either side, as many as keep their order."""
    ours, theirs = Counter(a[i:j]), Counter(b[k:m])
    places = {piece: there for there, piece in enumerate(b[k:m], k) if theirs[piece] == 1}
    pairs = [
        (here, places[piece])
        for here, piece in enumerate(a[i:j], i)
        if ours[piece] == 1 and piece in places
    ]
    # The longest increasing run of places, by patience sorting.
    ends, tops, before = [], [], []
    for number, (_here, there) in enumerate(pairs):
        pile = bisect_left(ends, there)
        before.append(tops[pile - 1] if pile else None)
        ends[pile : pile + 1], tops[pile : pile + 1] = [there], [number]
    run, number = [], tops[-1] if tops else None
    while number is not None:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _readable(found):
    """Neighbours joined, and no mark or blank left alone between two changes."""
    result, gone, new, crumb = [], "", "", ""
    for kind, words in [*found, ("same", "\n\n.")]:
        if kind == "same" and not re.search(r"\w|\n\n", words) and (gone or new):
            crumb += words
        elif kind == "same" and words:
            result += [("gone", gone), ("new", new), ("same", crumb + words)]
            gone = new = crumb = ""
        elif words:
            gone, new, crumb = gone + crumb, new + crumb, ""
            gone, new = (gone + words, new) if kind == "gone" else (gone, new + words)
    joined = []
    for kind, words in result:
        if words and joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1] + words)
        elif words:
            joined.append((kind, words))
    kind, words = joined.pop()
    return [*joined, (kind, words[:-3])] if words[:-3] else joined
