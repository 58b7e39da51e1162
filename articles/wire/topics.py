"""What a piece is about, as codes of IPTC Media Topics with French and English labels.

topics.json holds codes and labels of the release of 2019-04-06 and its matches with
the older 8-digit Subject Codes. Media Topics are © IPTC (https://iptc.org), licensed
under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/); definitions and other
languages were left out.
"""

import json
import re
from pathlib import Path

DATA = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
LABELS = DATA["labels"]  # "04000000": [French, English]
SUBJECT_CODES = DATA["subject_codes"]  # "04016026": "20000202"
CODE = re.compile(r"(?:^|\D)(\d{8})$")
SCHEMES = ("subj", "medtop", "mediatopic", "iptc")


def topic_codes(values):
    """The Media Topics (`medtop:20000202`) that `values` stand for, each once, in their order.

    A value is a code, a QCode (`subj:04016026`), an IPTC address or a URN of either
    vocabulary. A Subject Code without a match gives its nearest ancestor's; values of
    other vocabularies and unknown ones are left out.
    """
    found = (topic(value.strip()) for value in values)
    return tuple(dict.fromkeys(f"medtop:{code}" for code in found if code))


def topic(value):
    """The 8 digits of the Media Topic that `value` stands for; None when there is none."""
    match = CODE.search(value[-100:])
    if match is None:
        return None
    code, scheme = match[1], value[: -len(match[1])].lower()
    if scheme and not any(known in scheme for known in SCHEMES):
        return None
    ancestors = (code, f"{code[:5]}000", f"{code[:2]}000000")
    if code in LABELS:
        return code
    return next((SUBJECT_CODES[part] for part in ancestors if part in SUBJECT_CODES), None)


def labels(code):
    """The (French, English) label of `medtop:20000202`; the code twice when it is unknown."""
    return tuple(LABELS.get(code.removeprefix("medtop:"), (code, code)))
