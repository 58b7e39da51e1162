"""Terms of use that agencies write where the name of a copyright's holder belongs."""

import re

RESERVED = re.compile(
    r"all rights reserved|tous droits (?:[\w’']{1,20} ){0,4}réservés|alle rechte vorbehalten",
    re.IGNORECASE,
)
PARTS = re.compile(r"[\s'’]+")
# Words in lower case that stand in names and beside them.
IN_NAMES = frozenset(
    "a and by c copr copyright d da de del der des di du e et for für in l la le les of the und "
    "van von y".split()
)
# Any one of these, in capitals too, is of terms: “AFP – NO ARCHIVES”.
OF_TERMS = frozenset(
    "no not non only never use used usage utilisation archive archives archived archival archiving "
    "archivage pas sans ne interdit interdite interdits forbidden prohibited restricted "
    "restrictions reproduction redistribution diffusion permission license licence embargo".split()
)


def beyond_names(*notices: str) -> list[str]:
    """Those of `notices`, lines on a copyright, that say more than who holds it.

    `© 2022 Agence Boréale. All rights reserved.` says no more.
    """
    return list(dict.fromkeys(notice for notice in notices if says_more(notice)))


def says_more(notice):
    """Whether there are words of terms in it, or two that are no part of a name."""
    words = [part.strip('.,;:!?()[]«»“”"–—-') for part in PARTS.split(RESERVED.sub(" ", notice))]
    others = [word for word in words if word.isalpha() and word.islower() and word not in IN_NAMES]
    return len(others) > 1 or not OF_TERMS.isdisjoint(word.casefold() for word in words)
