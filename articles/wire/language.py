"""The language of a piece: as it declares, in BCP 47, or as its words show."""

import re
from functools import cache
from importlib import import_module

from babel import Locale
from babel.core import get_global

ENOUGH = 50  # letters; in fewer, a name or a foreign word decides
READ = 4000  # characters; more make no difference
SURE = 0.9  # of 1
LONGEST = 35  # characters of a code, as the archive has room for
TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")


def language_of(text: str) -> str:
    """The language that `text` is written in, as a BCP 47 code; "" for one too short or mixed."""
    text = text[:READ]
    if sum(map(str.isalpha, text)) < ENOUGH:
        return ""
    code, likelihood = _identifier().classify(text)
    return code if likelihood >= SURE else ""


@cache
def _identifier():
    """The model, with numpy loaded on first use: a second that most processes needn't spend."""
    langid = import_module("py3langid.langid")
    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)


def normalised(declared: str) -> str:
    """A declared language as a BCP 47 code: fr_FR → fr-FR, fre → fr, English → en.

    "" for what names no language. Codes and names are those of Unicode's CLDR.
    """
    said = re.split(r"[.@\s,;]", declared.strip(), maxsplit=1)[0].replace("_", "-")
    if not TAG.fullmatch(said):
        return _names().get(declared.strip().lower(), "")
    language, *parts = said.lower().split("-")
    language = get_global("language_aliases").get(language, language)
    if language not in Locale("en").languages or language in ("und", "mul", "zxx"):
        return _names().get(language, "")
    parts = [
        part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part
        for part in parts
    ]
    tag = "-".join([language, *parts])
    return tag if len(tag) <= LONGEST else language


@cache
def _names():
    """Name of a language in English and in French, in lower case → its code."""
    return {
        name.lower(): code
        for locale in ("fr", "en")
        for code, name in Locale(locale).languages.items()
        if "_" not in code
    }
