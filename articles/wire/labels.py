"""What bylines, sections and keywords say besides names and topics."""

import re

# Agencies that papers name among their authors, as they are written there → as we credit them.
AGENCIES = {
    "AFP": r"AFP|Agence France[- ]Presse",
    "Reuters": r"Reuters",
    "AP": r"AP|Associated Press",
    "Bloomberg": r"Bloomberg",
    "dpa": r"dpa|DPA",
    "Belga": r"Belga",
    "ATS": r"ATS|Keystone-ATS",
    "EFE": r"EFE",
    "ANSA": r"ANSA",
    "Agence QMI": r"Agence QMI|QMI",
    "La Presse Canadienne": r"(?:La )?Presse [Cc]anadienne",
    "PA": r"PA Media|Press Association",
    "TASS": r"TASS",
    "Interfax": r"Interfax",
    "Kyodo": r"Kyodo",
    "Xinhua": r"Xinhua",
}
AGENCY = {name: re.compile(rf"(?<!\w)(?:{said})(?!\w)") for name, said in AGENCIES.items()}
CONNECTING = re.compile(r"\b(?:source|avec|et|with|and|par|by|via|agence)\b", re.IGNORECASE)
SPONSORED = re.compile(
    r"(?<!\w)(?:sponsored|sponsoris[ée]e?s?|publi-?r[ée]dactionnel|publi-?reportage|publi-?info"
    r"|advertorial|branded content|partner content|paid (?:content|post)|brand ?voice"
    r"|contenu (?:de )?(?:partenaire|marque)|contenu propos[ée] par|communiqu[ée] partenaire"
    r"|anzeige|publicit[ée])(?!\w)",
    re.IGNORECASE,
)
SPONSORED_NOTE = "Sponsored content."


def agencies_in(author: str) -> str:
    """The agencies that a byline names, as a credit: "Le HuffPost avec AFP" → "AFP"."""
    return ", ".join(name for name, said in AGENCY.items() if said.search(author))


def sponsored(*labels: str) -> bool:
    """Whether a section, a keyword or a byline says that somebody paid for the piece."""
    return any(SPONSORED.search(label[:200]) for label in labels)


def names_of(authors: list[str]) -> list[str]:
    """The authors that are no agency: "Source AFP" is left out, of "A. B. | AFP" A. B. stays."""
    parts = [part.strip() for author in authors for part in author.split("|")]
    return list(dict.fromkeys(part for part in parts if part and not _agency_alone(part)))


def _agency_alone(author):
    rest = author
    for said in AGENCY.values():
        rest = said.sub("", rest)
    return rest != author and not CONNECTING.sub("", rest).strip(" ,./-&")
