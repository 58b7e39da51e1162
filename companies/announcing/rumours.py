"""Words that make a sentence hearsay, or take back what it says, whatever its verbs."""

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
_GIVEN_UP = {
    "fr": """
y renoncer/y a renoncé/y renonça/y ont renoncé/y avait renoncé/se raviser/s est ravisé
s est ravisée/s était ravisé/s était ravisée/changer d avis/a changé d avis/faire marche arrière
fait marche arrière/faire machine arrière/fait machine arrière/abandonner l idée/abandonné l idée
abandonner ce projet/abandonné ce projet
""",
    "en": """
decided against/deciding against/changed its mind/changing its mind/thought better of it
thinking better of it/abandoned the idea/abandoning the idea/dropped the idea/dropping the idea
abandoned the plan/abandoning the plan/dropped the plan/dropping the plan/shelved the plan
shelving the plan/backed down/backing down/backtracked/backtracking/gave up the idea
""",
}


def _lines(tables):
    """Language → its phrases, each between blanks."""
    return {
        language: tuple(f" {form} " for form in forms.strip().replace("\n", "/").split("/"))
        for language, forms in tables.items()
    }


RUMOURS, GIVEN_UP = _lines(_SOURCES), _lines(_GIVEN_UP)


def is_rumour(scene, first: int, after: int) -> bool:
    """Whether the sentence from word `first` to the one before `after` is told by hearsay."""
    return _holds(scene, first, after, RUMOURS)


def is_given_up(scene, first: int, after: int) -> bool:
    """Whether what was planned at the word `first` is dropped before `after`: *avant d’y
    renoncer*, "but decided against it"."""
    return _holds(scene, first, after, GIVEN_UP)


def _holds(scene, first, after, phrases):
    line = f" {' '.join(scene.words[first:after])} "
    return any(form in line for form in phrases[scene.language])
