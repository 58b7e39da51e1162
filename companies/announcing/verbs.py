"""The forms of French and English verbs, each with its tense, from short tables."""

from enum import StrEnum


class Tense(StrEnum):
    """What a form says about time, as far as stages need it."""

    INFINITIVE = "infinitive"
    PRESENT = "present"
    FUTURE = "future"
    CONDITIONAL = "conditional"
    PAST = "past"  # French imperfect and simple past
    DONE = "done"  # a participle, or English -ed and the like
    GERUND = "gerund"


ER = {
    Tense.INFINITIVE: "er",
    Tense.PRESENT: "e es ons ez ent",
    Tense.FUTURE: "erai era erons erez eront",
    Tense.CONDITIONAL: "erais erait erions eriez eraient",
    Tense.PAST: "ais ait aient a èrent",
    Tense.DONE: "é ée és ées",
    Tense.GERUND: "ant",
}
RE = {
    Tense.INFINITIVE: "re",
    Tense.PRESENT: "s ons ez ent e",
    Tense.FUTURE: "rai ra rons rez ront",
    Tense.CONDITIONAL: "rais rait rions riez raient",
    Tense.PAST: "ais ait aient it irent",
    Tense.DONE: "u ue us ues",
    Tense.GERUND: "ant",
}
IR = {
    Tense.INFINITIVE: "ir",
    Tense.PRESENT: "is it issons issez issent isse",
    Tense.FUTURE: "irai ira irons irez iront",
    Tense.CONDITIONAL: "irais irait irions iriez iraient",
    Tense.PAST: "issait issais issaient irent",
    Tense.DONE: "i ie is ies",
    Tense.GERUND: "issant",
}
# Verb → tense → its forms, all of them.
IRREGULAR = {
    "suspendre": {Tense.PRESENT: "suspend suspends suspendons suspendez suspendent suspende"},
    "vendre": {Tense.PRESENT: "vend vends vendons vendez vendent vende"},
    "revendre": {Tense.PRESENT: "revend revends revendons revendent revende"},
    "interrompre": {Tense.PRESENT: "interrompt interromps interrompons interrompent interrompe"},
    "étendre": {Tense.PRESENT: "étend étends étendons étendent"},
    "entendre": {Tense.PRESENT: "entend entends entendons entendent"},
    "sortir": {
        Tense.PRESENT: "sort sors sortons sortez sortent sorte",
        Tense.PAST: "sortait sortaient sortit",
        Tense.GERUND: "sortant",
    },
    "partir": {
        Tense.PRESENT: "part pars partons partez partent parte",
        Tense.PAST: "partait partaient partit",
        Tense.GERUND: "partant",
    },
    "servir": {
        Tense.PRESENT: "sert servons servez servent serve",
        Tense.PAST: "servait servaient",
        Tense.GERUND: "servant",
    },
    "revenir": {
        Tense.PRESENT: "revient revenons reviennent revienne",
        Tense.FUTURE: "reviendra reviendrons reviendront",
        Tense.CONDITIONAL: "reviendrait reviendraient",
        Tense.PAST: "revenait revenaient revint",
        Tense.DONE: "revenu revenue revenus revenues",
        Tense.GERUND: "revenant",
    },
    "maintenir": {
        Tense.PRESENT: "maintient maintenons maintiennent maintienne",
        Tense.FUTURE: "maintiendra maintiendrons maintiendront",
        Tense.CONDITIONAL: "maintiendrait maintiendraient",
        Tense.PAST: "maintenait maintenaient maintint",
        Tense.DONE: "maintenu maintenue maintenus maintenues",
        Tense.GERUND: "maintenant",
    },
    "rouvrir": {
        Tense.PRESENT: "rouvre rouvrent rouvrons",
        Tense.PAST: "rouvrait rouvraient",
        Tense.DONE: "rouvert rouverte rouverts rouvertes",
        Tense.GERUND: "rouvrant",
    },
    "ouvrir": {
        Tense.PRESENT: "ouvre ouvrent ouvrons",
        Tense.DONE: "ouvert ouverte",
        Tense.GERUND: "ouvrant",
    },
    "réduire": {
        Tense.INFINITIVE: "réduire",
        Tense.PRESENT: "réduit réduisons réduisent réduise",
        Tense.PAST: "réduisait réduisaient réduisit",
        Tense.DONE: "réduite réduits réduites",
        Tense.GERUND: "réduisant",
    },
    "produire": {
        Tense.INFINITIVE: "produire",
        Tense.PRESENT: "produit produisons produisent produise",
        Tense.PAST: "produisait produisaient",
        Tense.DONE: "produite produites",
        Tense.GERUND: "produisant",
    },
    "restreindre": {
        Tense.PRESENT: "restreint restreignons restreignent",
        Tense.PAST: "restreignait restreignaient",
        Tense.DONE: "restreinte restreints restreintes",
        Tense.GERUND: "restreignant",
    },
    "poursuivre": {
        Tense.PRESENT: "poursuit poursuivons poursuivent poursuive",
        Tense.DONE: "poursuivi poursuivie poursuivis poursuivies",
    },
    "mettre": {
        Tense.PRESENT: "met mets mettons mettez mettent mette",
        Tense.DONE: "mis mise mises",
        Tense.PAST: "mettait mettaient mit mirent",
    },
    "prendre": {
        Tense.PRESENT: "prend prends prenons prenez prennent prenne",
        Tense.PAST: "prenait prenaient prit prirent",
        Tense.DONE: "pris prise prises",
        Tense.GERUND: "prenant",
    },
    "reprendre": {
        Tense.PRESENT: "reprend reprends reprenons reprennent reprenne",
        Tense.PAST: "reprenait reprenaient reprit reprirent",
        Tense.DONE: "repris reprise reprises",
        Tense.GERUND: "reprenant",
    },
    "céder": {Tense.PRESENT: "cède cèdes cédons cédez cèdent"},
    "geler": {
        Tense.PRESENT: "gèle gèlent gelons gelez",
        Tense.FUTURE: "gèlera gèlerons gèleront",
        Tense.CONDITIONAL: "gèlerait gèleraient",
    },
    "faire": {
        Tense.INFINITIVE: "faire",
        Tense.PRESENT: "fait faisons font fasse",
        Tense.FUTURE: "fera ferons feront",
        Tense.CONDITIONAL: "ferait feraient",
        Tense.PAST: "faisait faisaient fit firent",
        Tense.DONE: "faite faites",
        Tense.GERUND: "faisant",
    },
    "vouloir": {
        Tense.INFINITIVE: "vouloir",
        Tense.PRESENT: "veut voulons veulent",
        Tense.FUTURE: "voudra voudront",
        Tense.CONDITIONAL: "voudrait voudraient",
        Tense.PAST: "voulait voulaient",
        Tense.DONE: "voulu",
        Tense.GERUND: "voulant",
    },
    "dire": {
        Tense.INFINITIVE: "dire",
        Tense.PRESENT: "dit disons disent",
        Tense.FUTURE: "dira diront",
        Tense.PAST: "disait disaient",
        Tense.DONE: "dite",
        Tense.GERUND: "disant",
    },
    "prévoir": {
        Tense.INFINITIVE: "prévoir",
        Tense.PRESENT: "prévoit prévoyons prévoient",
        Tense.PAST: "prévoyait prévoyaient",
        Tense.DONE: "prévu prévue prévus prévues",
        Tense.GERUND: "prévoyant",
    },
    "promettre": {Tense.PRESENT: "promet promettent", Tense.DONE: "promis promise"},
    "exclure": {
        Tense.INFINITIVE: "exclure",
        Tense.PRESENT: "exclut excluent",
        Tense.PAST: "excluait excluaient",
        Tense.DONE: "exclu exclue",
    },
    "conclure": {
        Tense.INFINITIVE: "conclure",
        Tense.PRESENT: "conclut concluent",
        Tense.DONE: "conclu conclue",
    },
    "disparaître": {
        Tense.PRESENT: "disparaît disparait disparaissent",
        Tense.DONE: "disparu disparue",
    },
    "démentir": {Tense.PRESENT: "dément démentent", Tense.PAST: "démentait démentit"},
    "appeler": {
        Tense.PRESENT: "appelle appellent appelons appelez",
        Tense.FUTURE: "appellera appelleront",
        Tense.CONDITIONAL: "appellerait appelleraient",
    },
}


def french(verb: str) -> dict[str, Tense]:
    """The forms of a French verb."""
    endings = {"er": ER, "re": RE, "ir": IR}[verb[-2:]]
    forms = {}
    for tense, ends in endings.items():
        own = IRREGULAR.get(verb, {}).get(tense)
        for form in own.split() if own else [verb[:-2] + end for end in ends.split()]:
            forms.setdefault(form, tense)
            # Before a and o the sound stays: annonçait, dégageait.
            if form[len(verb) - 2 : len(verb) - 1] in ("a", "o"):
                if verb.endswith("cer"):
                    forms[f"{verb[:-3]}ç{form[len(verb) - 2 :]}"] = tense
                elif verb.endswith("ger"):
                    forms[f"{verb[:-2]}e{form[len(verb) - 2 :]}"] = tense
    return forms


def english(forms: str) -> dict[str, Tense]:
    """The forms of an English verb: its infinitive alone where it is regular ("stop+" doubles
    its last letter), else "leave leaves leaving left"."""
    parts = forms.split("/")
    if len(parts) == 1:
        base = forms.removesuffix("+")
        stem = base + base[-1] if forms.endswith("+") else base.removesuffix("e")
        third = base + "es" if base.endswith(("sh", "ch", "s", "x")) else base + "s"
        if base.endswith("y") and base[-2] not in "aeo":
            third, done = base[:-1] + "ies", base[:-1] + "ied"
        else:
            done = stem + "ed"
        parts = [base, third, base + "ing" if base.endswith("y") else stem + "ing", done]
    found = {parts[0]: Tense.INFINITIVE, parts[1]: Tense.PRESENT, parts[2]: Tense.GERUND}
    for form in parts[3:]:
        found.setdefault(form, Tense.DONE)
    return found
