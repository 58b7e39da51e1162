"""What a desk writes around a text: sign-offs, advisory lines, embargoes."""

import re

SIGN_OFF = 60  # characters at most
AGENCY = 20  # characters at most, in brackets
COPYRIGHT = 200  # characters at most
ADVISORY = 500  # characters at most
NOTES = 4  # paragraphs at most after a sign-off: the names of quoted companies
INITIALS = re.compile(r"[/\- ]+")
ENDS = frozenset(["ends", "end", "fin", "### end", "###", "-30-", "endit"])
ADVISORY_WORDS = frozenset(
    "ATTENTION RECASTS RECASTING CORRECTS CORRECTING CORRECTION CORRECTED UPDATES UPDATING ADDS "
    "CLARIFIES REPEATS REFILES RESENDS ACTUALISE ACTUALISATION ACTUALISÉ CORRIGE CORRECTIF "
    "RECTIFIE RECTIFICATIF AJOUTE AJOUTS COMPLÈTE COMPLETE PRÉCISE PRECISE MODIFIE REMPLACE "
    "RÉPÉTITION ADVISORY EDITORS".split()
)
EMBARGO = re.compile(
    r"\W{0,5}(?:EMBARGO\s{0,2}[:–-]|(?:not for (?:publication|release) before|"
    r"(?:(?:strictly|sous|under) )?embargo(?:ed|ée?)?\s{1,2}"
    r"(?:until|till|to|for|jusqu|bis)\b))",
    re.IGNORECASE,
)


def without_sign_off(body):
    """`body` without the desk's initials at its end (`asl/tib/pid/cac`) and what follows them.

    After them an agency lists names of quoted companies, in capitals.
    """
    texts = body.rstrip().split("\n\n")
    for place in range(len(texts) - 1, max(len(texts) - 2 - NOTES, 0), -1):
        if is_sign_off(texts[place].strip()):
            return "\n\n".join(texts[:place])
        if texts[place] != texts[place].upper() or len(texts[place]) > SIGN_OFF:
            break
    return body


def is_sign_off(text):
    """Whether a paragraph is initials parted by slashes, a line that marks the end,
    the agency in brackets or its copyright.
    """
    if text.startswith(("©", "(©")) and len(text) <= COPYRIGHT:
        return True
    if len(text) > SIGN_OFF or text.endswith((".", "!", "?")):
        return False
    if text.lower() in ENDS or not any(map(str.isalnum, text)):
        return True
    if text[:1] == "(" and text[-1:] == ")" and " " not in text and len(text) <= AGENCY:
        return True
    initials = [part for part in INITIALS.split(text) if part]
    return (
        "/" in text
        and len(initials) > 1
        and all(part.isalpha() and len(part) <= 5 and part == part.lower() for part in initials)
    )


def advisories(body):
    """(notes, text): the advisory lines that `body` begins with, and what follows them.

    Such a line tells editors what an update changes: `RECASTS, adds quotes ///`.
    """
    texts = body.split("\n\n")
    first = next((place for place, text in enumerate(texts) if not is_advisory(text)), len(texts))
    return texts[:first], "\n\n".join(texts[first:])


def is_advisory(text):
    if len(text) > ADVISORY:
        return False
    word = re.split(r"[\s,:;)]", text.lstrip("(-–—[* "), maxsplit=1)[0]
    return text.rstrip().endswith("///") or word in ADVISORY_WORDS


def embargo_lines(texts):
    """Those of `texts` that hold a piece back (`EMBARGO: …`, `Sous embargo jusqu'à…`).

    Their hour is in words of any language, and is left to an editor.
    """
    return [text for text in texts if len(text) <= ADVISORY and EMBARGO.match(text)]


def subheads(body):
    """`body` with AFP's subheads (`- In the plant -`) marked as ours."""
    if "- " not in body:
        return body
    return "\n\n".join(subhead(text) for text in body.split("\n\n"))


def subhead(text):
    stripped = text.removeprefix("## ").strip()
    if len(stripped) <= 150 and stripped[:2] == "- " and stripped[-2:] == " -" and stripped[2:-2]:
        return "## " + stripped[2:-2].strip()
    return text
