"""A text cut where something begins or ends in it: names, passages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """Words of one paragraph, and the keys of the spans that hold them."""

    words: str
    keys: tuple


@dataclass(frozen=True)
class Paragraph:
    """What blank lines part; `start` is where its words begin, in code points of the text."""

    start: int
    is_subhead: bool
    pieces: tuple[Piece, ...]


def layers(text: str, spans) -> list[Paragraph]:
    """The paragraphs of a text, cut at the ends of `spans`: (start, end, key) in code points.

    Spans may overlap, and reach over paragraphs or beyond the text. Blank lines and the
    “## ” of a subhead belong to no piece.
    """
    within = [(max(start, 0), min(end, len(text)), key) for start, end, key in spans]
    edges = sorted(
        edge
        for start, end, key in within
        if start < end
        for edge in ((start, 1, key), (end, 0, key))
    )
    found, start, covering, next_edge = [], 0, [], 0
    for part in text.split("\n\n"):
        end, is_subhead = start + len(part), part.startswith("## ")
        reached = begins = start + 3 * is_subhead
        pieces = []
        while next_edge < len(edges) and edges[next_edge][0] < end:
            place, opens, key = edges[next_edge]
            next_edge += 1
            if place > reached:
                pieces.append(Piece(text[reached:place], tuple(covering)))
                reached = place
            covering.append(key) if opens else covering.remove(key)
        if reached < end:
            pieces.append(Piece(text[reached:end], tuple(covering)))
        if pieces and part.strip():
            found.append(Paragraph(begins, is_subhead, tuple(pieces)))
        start = end + 2
    return found
