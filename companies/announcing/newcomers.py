"""Companies that nobody has recorded yet, by their names near markets and withdrawals."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Newcomer:
    """A name that may be a company's, for an editor to decide on."""

    name: str
    start: int  # first place, in code points of headline, two line feeds and body
    end: int
    count: int
    reason: str  # the market and withdrawal words near it


def find_newcomers(headline: str, body: str, language: str, places: dict) -> list[Newcomer]:
    """Names near a market and a withdrawal that no company in `places` goes by."""
    return []
