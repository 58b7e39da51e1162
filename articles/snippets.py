"""Where in a text the words asked for stand: parts to show, never markup."""

import re
from collections import Counter, defaultdict
from functools import lru_cache
from itertools import chain, islice

from articles.search import APOSTROPHES, ELISIONS, SHAPE, fold, tokens

LENGTH = 240  # characters of a snippet, about
LEAD = 30  # of them at a side that a word may take
LONGEST = 50_000  # characters of a text that are looked through
MAX_HITS = 200  # of one clause in a paragraph; later ones are not marked
CUT_START, CUT_END = ("… ", False), (" … ", False)
RUN = re.compile(r"\S+")


def marked(text, clauses):
    """`text` as (part, is_hit) pairs."""
    return _parts(text, _merged(_hits(text, clauses)), 0, len(text))


def snippet(text, clauses):
    """The stretch of `text` that holds most of what was asked, as (part, is_hit) pairs,
    and another with what it lacks.

    Each lies in one paragraph. Empty where no clause stands in any. Takes time in
    proportion to the text.
    """
    paragraphs = [part.removeprefix("## ") for part in text[:LONGEST].split("\n\n")]
    found = [
        (place, hits)
        for place, part in enumerate(paragraphs)
        if _may_hold(part, clauses) and (hits := _hits(part, clauses))
    ]
    first, said = _densest(found, set())
    if first is None:
        return []
    second, _more = _densest([one for one in found if one[0] != first[0]], said)
    if second is None:
        return _stretch(paragraphs[first[0]], *first[1:], LENGTH)
    former, latter = (
        _stretch(paragraphs[place], hits, start, LENGTH // 2)
        for place, hits, start in sorted([first, second], key=lambda one: one[0])
    )
    if former[-1] != CUT_END:
        former.append(CUT_END)
    return former + latter[latter[0] == CUT_START :]


def _densest(found, said):
    """(paragraph, its hits, where to begin) with the most clauses close together that aren't
    `said` already, and these; (None, …) where there are none."""
    best, most = None, set()
    for paragraph, hits in found:
        near, stop = Counter(), 0  # what stands in a window that slides over the hits
        for place, (start, _end, clause) in enumerate(hits):
            stop = max(stop, place)
            while stop < len(hits) and hits[stop][1] - start <= LENGTH // 2 - LEAD:
                if hits[stop][2] not in said:
                    near[hits[stop][2]] += 1
                stop += 1
            if len(near) > len(most):
                best, most = (paragraph, hits, start), set(near)
            if stop > place and clause in near:
                near[clause] -= 1
                if not near[clause]:
                    del near[clause]
    return best, most


def _stretch(text, hits, start, length):
    lead = length // 4
    begin = _word_start(text, start - lead) if start > lead else 0
    end = _word_end(text, begin + length)
    parts = _parts(text, _merged(hits), begin, end)
    if begin:
        parts.insert(0, CUT_START)
    if end < len(text):
        parts.append(CUT_END)
    return parts


@lru_cache(maxsize=2**15)
def _analysed(run):
    """The tokens of one run of letters, and where the first one starts, behind its elisions."""
    start = 0
    if len(run) < 100:
        plain = run.translate(APOSTROPHES)
        while plain[start:].partition("'")[1] and fold(plain[start:].partition("'")[0]) in ELISIONS:
            start += plain[start:].index("'") + 1
    return tokens(run), start if start < len(run) else 0


def _may_hold(text, clauses):
    """Does a clause begin in the text? Quicker to tell than where."""
    said = set(tokens(text))
    return any(
        any(token.startswith(c.tokens[0]) for token in said)
        if c.prefix and len(c.tokens) == 1
        else c.tokens[0] in said
        for c in clauses
        if not c.excluded
    )


def _hits(text, clauses):
    """(start, end, clause's number) of each clause that isn't excluded, in order."""
    found, spans, places = [], [], defaultdict(list)
    for run in RUN.finditer(text.translate(SHAPE)):
        analysed, start = _analysed(run.group())
        found += analysed
        spans += [(run.start() + start, run.end())] * len(analysed)
    for place, token in enumerate(found):
        places[token].append(place)
    hits = []
    for number, clause in enumerate(clauses):
        if not clause.excluded:
            length = len(clause.tokens)
            whole = (p for p in _first(clause, places) if _is(clause, found[p : p + length]))
            for place in islice(whole, MAX_HITS):
                hits.append((spans[place][0], spans[place + length - 1][1], number))
    return sorted(hits)


def _first(clause, places):
    """The places at which a clause may begin, in order. `places` are those of each token."""
    first = clause.tokens[0]
    if not clause.prefix or len(clause.tokens) > 1:
        return places.get(first, [])
    return sorted(chain(*(places[token] for token in places if token.startswith(first))))


def _is(clause, window):
    wanted = list(clause.tokens)
    if not clause.prefix:
        return window == wanted
    return (
        len(window) == len(wanted)
        and window[:-1] == wanted[:-1]
        and window[-1].startswith(wanted[-1])
    )


def _merged(hits):
    """Hits that touch or overlap as one (start, end)."""
    found = []
    for start, end, _clause in hits:
        if found and start <= found[-1][1]:
            found[-1][1] = max(end, found[-1][1])
        else:
            found.append([start, end])
    return found


def _parts(text, spans, begin, end):
    parts, place = [], begin
    for start, stop in spans:
        if start < begin or stop > end:
            continue
        parts += [(text[place:start], False), (text[start:stop], True)]
        place = stop
    parts.append((text[place:end], False))
    return [(part, hit) for part, hit in parts if part]


def _word_start(text, place):
    """The start of the first word that begins at `place` or soon after."""
    blank = text.find(" ", place, place + LEAD)
    return blank + 1 if blank >= 0 else place


def _word_end(text, place):
    """The end of the last word that ends at `place` or shortly before."""
    if place >= len(text):
        return len(text)
    blank = text.rfind(" ", place - LEAD, place + 1)
    return blank if blank > 0 else place
