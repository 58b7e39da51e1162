"""Words that make a sentence hearsay, whatever its verbs."""

_SOURCES = {
    "fr": """
selon des sources/selon une source/selon plusieurs sources/selon certaines sources/selon la presse
selon des médias/selon plusieurs médias/selon certains médias/selon nos informations
selon des informations/d après des sources/d après une source/d après la presse/selon la rumeur
selon des rumeurs/de sources concordantes/de source proche/proche du dossier/proches du dossier
proche des négociations/aurait l intention/le bruit court
""",
    "en": """
reportedly/sources said/sources say/a source said/source familiar/according to sources
according to a source/according to people/according to media/according to reports/people familiar
sources familiar/sources close/rumoured to/rumored to/rumours that/rumors that/is said to
are said to/media reports/press reports/reports say/reports said/report said/allegedly/unconfirmed
""",
}
RUMOURS = {
    language: tuple(f" {form} " for form in forms.strip().replace("\n", "/").split("/"))
    for language, forms in _SOURCES.items()
}


def is_rumour(scene, first: int, after: int) -> bool:
    """Whether the sentence from word `first` to the one before `after` is told by hearsay."""
    line = f" {' '.join(scene.words[first:after])} "
    return any(form in line for form in RUMOURS[scene.language])
