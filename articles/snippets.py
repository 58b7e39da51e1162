"""Where in a text the words asked for stand: parts to show, never markup."""

import re
from functools import lru_cache

from articles.search import APOSTROPHES, ELISIONS, SHAPE, fold, singular, words

LENGTH = 240  # characters of a snippet, about
LEAD = 60  # of them before the first hit
LONGEST = 50_000  # characters of a text that are looked through
RUN = re.compile(r"\S+")


def marked(text, clauses):
    """`text` as (part, is_hit) pairs."""
    return _parts(text, _merged(_hits(text, clauses)), 0, len(text))


def snippet(text, clauses):
    """The stretch of `text` that holds most of what was asked, as (part, is_hit) pairs.

    Empty where no clause stands in one paragraph. Takes time in proportion to the text.
    """
    best, most = None, 0
    for paragraph in text[:LONGEST].split("\n\n"):
        paragraph = paragraph.removeprefix("## ")
        hits = _hits(paragraph, clauses)
        for place, (start, _end, _clause) in enumerate(hits):
            near = {c for s, e, c in hits[place : place + 30] if e - start <= LENGTH - LEAD}
            if len(near) > most:
                best, most = (paragraph, hits, start), len(near)
    if best is None:
        return []
    paragraph, hits, start = best
    begin = _word_start(paragraph, start - LEAD) if start > LEAD else 0
    end = _word_end(paragraph, begin + LENGTH)
    parts = _parts(paragraph, _merged(hits), begin, end)
    if begin:
        parts.insert(0, ("… ", False))
    if end < len(paragraph):
        parts.append((" …", False))
    return parts


@lru_cache(maxsize=2**15)
def _analysed(run):
    """The words of one run of letters, as written and in the singular, and where the
    first one starts, behind its elisions."""
    found, start = words(run), 0
    if len(run) < 100:
        plain = run.translate(APOSTROPHES)
        while plain[start:].partition("'")[1] and fold(plain[start:].partition("'")[0]) in ELISIONS:
            start += plain[start:].index("'") + 1
    return tuple((word, singular(word)) for word in found), start if start < len(run) else 0


def _hits(text, clauses):
    """(start, end, clause's number) of each clause that isn't excluded, in order."""
    found, spans = [], []
    for run in RUN.finditer(text.translate(SHAPE)):
        analysed, start = _analysed(run.group())
        found += analysed
        spans += [(run.start() + start, run.end())] * len(analysed)
    hits = []
    for number, clause in enumerate(clauses):
        if clause.excluded:
            continue
        first, length = clause.tokens[0], len(clause.tokens)
        for place, (_word, token) in enumerate(found):
            if token == first or (length == 1 and clause.prefix and token.startswith(first)):
                window = [token for _word, token in found[place : place + length]]
                if _is(clause, window):
                    hits.append((spans[place][0], spans[place + length - 1][1], number))
    return sorted(hits)


def _is(clause, window):
    if not clause.prefix:
        return window == list(clause.tokens)
    return (
        len(window) == len(clause.tokens)
        and window[:-1] == list(clause.tokens[:-1])
        and window[-1].startswith(clause.tokens[-1])
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
