"""Did you mean: the names nearest to what was typed, by the letters that they share."""

from collections.abc import Iterable

from articles.search import LETTERS

ENOUGH = 0.3  # of the letters in threes, as Jaccard counts them; pg_trgm's own threshold
MOST = 3  # names
LONG = 4  # letters of a word that may be a name by itself


def trigrams(text: str) -> set[str]:
    """The folded letters in threes, with two blanks before each word and one after it, as
    PostgreSQL's pg_trgm has them."""
    found = set()
    for word in text.translate(LETTERS).replace("'", "").split():
        padded = f"  {word} "
        found |= {padded[n : n + 3] for n in range(len(padded) - 2)}
    return found


def nearest(words: str, names: Iterable[str]) -> list[str]:
    """At most three of the names that are written much like `words`, or like one of them, the
    nearest first."""
    said = {words, *(word for word in words.split() if len(word) >= LONG)}
    asked = [letters for letters in map(trigrams, said) if letters]
    if not asked:
        return []
    found = []
    for name in names:
        letters = trigrams(name)
        share = max(len(one & letters) / len(one | letters) for one in asked)
        if share >= ENOUGH:
            found.append((-share, name))
    return [name for _share, name in sorted(found)[:MOST]]
