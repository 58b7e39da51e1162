"""The day on which a sentence says that something was announced."""

from datetime import date, timedelta

from articles.search import fold
from companies.announcing.acts import GOVERNORS, NOUN, SAY
from companies.announcing.sentences import Text

MONTHS = {  # with and without accents
    form: number
    for names in (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), 1)
    for form in (name, fold(name))
}
WEEKDAYS = {
    name: number
    for names in (
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "monday tuesday wednesday thursday friday saturday sunday",
    )
    for number, name in enumerate(names.split())
}
ANNOUNCE = ("annonc", "announc", "déclar", "declar")
BETWEEN = frozenset([",", "on", "le", "ce"])  # a verb and its day
ANOTHER_WEEK = frozenset("dernier prochain suivant précédent s".split())  # behind a weekday
FIRST = frozenset(["1er", "1st"])


def told_on(sentence: str, language: str, published: date) -> date | None:
    """“a annoncé lundi 14 mars 2022”, “said on Monday”: the day right behind a verb of saying,
    none later than `published`. A weekday alone is one of the six days before; where it is
    also that of `published` itself, nobody knows which is meant. None without one, or where
    two are told.
    """
    words = Text(sentence).words
    found = {_day_behind(words, verb, published) for verb in _verbs(words, language)} - {None}
    return found.pop() if len(found) == 1 else None


def _verbs(words, language):
    over = GOVERNORS.get(language, {})
    for place, word in enumerate(words):
        sense, tense = over.get(word, ("", ""))
        says = sense == SAY or word.startswith(ANNOUNCE)  # not *plans on Monday to*
        if says and tense not in ("", NOUN):
            yield place


def _day_behind(words, verb, published):
    word = verb + 1
    while words[word : word + 1] and words[word] in BETWEEN:
        word += 1
    weekday = WEEKDAYS.get(words[word]) if word < len(words) else None
    rest = words[word + (weekday is not None) :][:4]
    written = written_day([said for said in rest if said != ","])
    if written:
        fits = weekday is None or written.weekday() == weekday
        return written if fits and written <= published else None
    if weekday is None or (rest[:1] and (rest[0] in ANOTHER_WEEK or rest[0].isdigit())):
        return None
    ago = (published.weekday() - weekday) % 7
    return published - timedelta(ago) if ago else None


def written_day(words):
    """The date that words, in lower case, begin with: *14 mars 2022*, *March 14 2022*; None
    without a year."""
    if len(words) < 3:
        return None
    day, month, year = words[:3]
    if day in MONTHS:
        day, month = month, day
    day = "1" if day in FIRST else day
    if month not in MONTHS or not (day.isdecimal() and year.isdecimal() and len(year) == 4):
        return None
    try:
        return date(int(year), MONTHS[month], int(day))
    except (ValueError, OverflowError):
        return None
