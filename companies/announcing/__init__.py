"""What a text says that companies announced. Needs no database."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    activity: str
    market: str
    action: str
    stage: str
    passage: int


@dataclass(frozen=True)
class Claim:
    company: int
    passages: tuple[tuple[int, int], ...]
    measures: tuple[Measure, ...]
    speaker: str
    hearsay: bool
    reason: str


def find_claims(headline, body, language, places):
    return []
