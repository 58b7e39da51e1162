"""Did you mean: the names nearest to what was typed, by the letters that they share."""

from collections.abc import Iterable

from articles.search import LETTERS

ENOUGH = 0.3  # of the letters in threes, as Jaccard counts them; pg_trgm's own threshold
MOST = 3  # names


def trigrams(text: str) -> set[str]:
    """The folded letters in threes, with two blanks before each word and one after it, as
    PostgreSQL's pg_trgm has them."""
    found = set()
    for word in text.translate(LETTERS).replace("'", "").split():
        padded = f"  {word} "
        found |= {padded[n : n + 3] for n in range(len(padded) - 2)}
    return found


def nearest(words: str, names: Iterable[str]) -> list[str]:
    """At most three of the names that are written much like `words`, the nearest first."""
    asked, found = trigrams(words), []
    if not asked:
        return []
    for name in names:
        letters = trigrams(name)
        share = len(asked & letters) / len(asked | letters)
        if share >= ENOUGH:
            found.append((-share, name))
    return [name for _share, name in sorted(found)[:MOST]]
