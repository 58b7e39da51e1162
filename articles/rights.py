"""What a piece's own terms of use mean for this archive. Needs no database.

An archive shows pieces for years. Terms that let a piece be used once, or not kept,
forbid that, whatever the agreement with the publisher is.
"""

from articles.models.publisher import Rights
from articles.search import fold

# Words of agencies' terms, folded. “No archival use” is AFP's, “no archive” AP's and EPA's.
FORBIDDING = (
    *("no archival use", "no archive", "no archiving", "not for archive", "no archival"),
    *("pas d'archive", "pas d'archivage", "archivage interdit", "sans archivage"),
    *("single use", "one-time use", "one time use", "usage unique", "utilisation unique"),
    *("not for publication", "not for use", "do not use", "ne pas diffuser", "ne pas publier"),
)


def forbids(terms: str) -> bool:
    """Whether terms of use forbid to keep a piece on show."""
    folded = " ".join(fold(terms.replace("’", "'")).split())
    return any(words in folded for words in FORBIDDING)


def rights_of(terms: str, publisher) -> Rights:
    """The rights of a piece that arrives with these terms: forbidden where they say so,
    else what the agreement with its publisher says."""
    return Rights.FORBIDDEN if forbids(terms) else Rights(publisher.rights)
