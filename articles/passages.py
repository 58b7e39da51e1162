"""A quotation and its place in a text, and finding it again in the text's next version."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import quote

from django.utils.translation import gettext as _

CONTEXT = 32  # characters kept on either side
# Characters of a passage at most. The law lets anyone quote shortly, with the source, whatever
# the rights on the piece: Code de la propriété intellectuelle, L122-5, 3° a; Berne Convention, 10.
LONGEST = 600
A_LITTLE = 0.2  # of the words of weight, by which a passage is known in its old place
HALF = 0.5  # of the words of weight, by which a passage is known where it moved and changed
ALMOST = 0.9  # similarity from which a light edit is accepted by itself
TELLING = 8  # words that are known again wherever they stand, without those around them
SIMILAR_AROUND = 0.6  # of the words on one side, for fewer words than that
RIVAL = 0.1  # of similarity, by which a second place is as good as the best
CLEARLY = 0.25  # by which the words around must favour one of several places
MAX_PLACES = 10  # of the same words that are weighed against each other
MAX_WORDS = 2_000  # of each version that are compared word by word
MAX_PARAGRAPHS = 2_000  # of each version that are compared
SHORT = 300  # characters of a passage that an address holds in full
ENDS = 5  # words at either end by which an address names a longer one

# One character for one, so that positions stay true: blanks, apostrophes, quotation marks.
ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2009\n", " "),
        **dict.fromkeys("’‘ʼ", "'"),
        **dict.fromkeys("«»“”„", '"'),
    }
)
TOKEN = re.compile(r"\w+|[^\w\s]")
SENTENCE_END = re.compile(r"[.!?…]\s|\n\n")

# Small words that turn what a sentence says, in French and English: no, perhaps, they say.
TURNING = frozenset(
    "ne n non pas plus jamais rien aucun aucune ni sans sauf nul nulle "
    "not no never nothing none nor neither without except t cannot "
    "pourrait pourraient devrait devraient serait seraient aurait auraient peut selon si "
    "may might could would should reportedly allegedly if unless "
    "faux tort erreur erroné dément démenti nie rectificatif correction corrigé écrit écrivions "
    "false wrong wrongly mistakenly incorrectly error denies denied corrected earlier previously "
    "va vont ont sera seront will has had is was were".split()
)
# Numbers in words and names of days and months, none of which is another's misspelling.
COUNTING = frozenset(
    "un une deux trois quatre cinq six sept huit neuf dix onze douze cent mille tous toutes "
    "one two three four five six seven eight nine ten eleven twelve hundred thousand all half "
    "lundi mardi mercredi jeudi vendredi samedi dimanche hier demain "
    "monday tuesday wednesday thursday friday saturday sunday "
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre "
    "january february march april may june july august september october november december "
    "mon tue tues wed thu thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec "
    "million millions milliard milliards billion billions".split()
)
GOES_ON = re.compile(r"\w(\w+)|\d([.,' ]\d+)")


class NotFound(ValueError):
    """The passage doesn't stand in the text, or stands there more than once."""


@dataclass(frozen=True)
class Place:
    """A passage as W3C's TextQuote and TextPosition selectors name it; offsets in code points."""

    start: int
    exact: str
    prefix: str
    suffix: str

    @property
    def end(self):
        return self.start + len(self.exact)

    @classmethod
    def at(cls, body, start, end):
        """The passage from `start` to `end`, with what stands on either side."""
        before, after = body[max(0, start - CONTEXT) : start], body[end : end + CONTEXT]
        return cls(start, body[start:end], before, after)


@dataclass(frozen=True)
class Found:
    """What became of a passage in another version of its text.

    `state` is exact (the same words at the same position), moved (the same words at
    another one), edited (so lightly that it says the same), changed (an editor must
    look; `place` is where it seems to stand) or gone (`place` is None). Words are the
    same but for blanks, apostrophes and quotation marks. `similarity` is 0 to 1;
    `others` are places that would do as well as `place`.
    """

    state: str
    place: Place | None
    similarity: float
    others: tuple[Place, ...] = ()


def locate(body, words, near=None):
    """Where `words` stand in `body`: exactly, else but for blanks, apostrophes and quotes.

    `near` is where they were seen to begin, in code points: words that stand there are
    taken, however often they stand elsewhere. Raises NotFound when they stand nowhere, or
    in more than one other place.
    """
    words = words.strip()
    for text, wanted in ((body, words), (body.translate(ALIKE), words.translate(ALIKE))):
        if wanted and near is not None and text.startswith(wanted, near):
            return Place.at(body, near, near + len(wanted))
        start = text.find(wanted) if wanted else -1
        if start < 0:
            continue
        if text.find(wanted, start + 1) >= 0:
            raise NotFound(
                _("These words stand in the text more than once; take in some words around them.")
            )
        return Place.at(body, start, start + len(wanted))
    raise NotFound(_("These words don't stand in the text of that version; copy them from it."))


def replace(old: str, new: str, place: Place) -> Found:
    """Find a passage of the version `old`, at `place`, again in the version `new`.

    The same words are taken where they stand once, or where the words around them decide
    clearly; a few words that stand amid others altogether are not. What was edited is
    mapped through a diff of both versions, and accepted when it is similar enough and
    neither a number, a date, a negation nor any word of weight has changed. Whatever is
    accepted must stand in a sentence that says no and perhaps as often as the old one
    did. Linear in the lengths, and bounded beyond: see the `MAX_` above.
    """
    same = _same_words(new, place)
    if len(same) > 1:
        return _the_clear_one(old, new, place, same)
    if same and max(_around(place, same[0])) >= SIMILAR_AROUND:
        return _same(old, new, place, same[0])
    here, elsewhere = _mapped(old, new, place)
    if same:
        return _the_same_elsewhere(old, new, place, same[0], here)
    return _edited(old, new, place, here, elsewhere)


def similarity(a: str, b: str) -> float:
    """How much two texts share in the same order, 0 to 1, blanks and quotes made alike."""
    a, b = _folded(a), _folded(b)
    if len(a) > MAX_WORDS or len(b) > MAX_WORDS:
        a, b = a.split()[:MAX_WORDS], b.split()[:MAX_WORDS]
    return SequenceMatcher(None, a, b, autojunk=len(a) > MAX_WORDS // 2).ratio()


def says_the_same(a: str, b: str) -> bool:
    """Whether two wordings differ in nothing of weight: articles, punctuation, spelling.

    Of weight are numbers, dates, negations, words of doubt and time, abbreviations, and
    any word of four letters or more that isn't the other's misspelling or plural.
    """
    ours, theirs = _tokens(a), _tokens(b)
    diff = SequenceMatcher(None, _keys(ours), _keys(theirs), autojunk=len(ours) > MAX_WORDS)
    for kind, i, j, k, m in diff.get_opcodes():
        if kind == "equal":
            continue
        lost = [word for word, *_ in ours[i:j] if _weighs(word)]
        came = [word for word, *_ in theirs[k:m] if _weighs(word)]
        if len(lost) != len(came) or not all(map(_misspelt, lost, came)):
            return False
    return True


def text_fragment(place: Place, *, alone: bool = True) -> str:
    """`#:~:text=…` that makes a browser show the passage on the page of its text.

    See the draft "URL Fragment Text Directives" (WICG). A long passage, or one of several
    paragraphs, is named by its first and last words. Unless it stands `alone` on the page
    the words around it are named too.
    """
    paragraphs = [part.removeprefix("## ").strip() for part in place.exact.split("\n\n")]
    first, last = paragraphs[0], paragraphs[-1]
    if len(paragraphs) > 1 or len(first) > SHORT:
        first, last = " ".join(first.split()[:ENDS]), " ".join(last.split()[-ENDS:])
        terms = [_encoded(first), _encoded(last)]
    else:
        terms = [_encoded(first)]
    before, after = ("", "") if alone else _whole_words_around(place)
    return "#:~:text=" + ",".join(
        [*([f"{_encoded(before)}-"] if before else []), *terms]
        + ([f"-{_encoded(after)}"] if after else [])
    )


def _encoded(words):
    return quote(words, safe="").replace("-", "%2D")


def _whole_words_around(place):
    """What stands before and after in the nearest paragraph, without words cut in two."""
    before = place.prefix.rstrip().rpartition("\n\n")[2]
    if len(place.prefix) == CONTEXT and before == place.prefix.rstrip():
        before = before.partition(" ")[2]
    after = place.suffix.lstrip().partition("\n\n")[0]
    if len(place.suffix) == CONTEXT and after == place.suffix.lstrip():
        after = after.rpartition(" ")[0]
    return before.removeprefix("## "), after.removeprefix("## ").strip()


def _folded(text):
    return text.translate(ALIKE).casefold()


# --- the same words ---


def _same_words(new, place):
    """The places in `new` of the passage's words, whole, up to MAX_PLACES + 1."""
    for text, wanted in (
        (new, place.exact),
        (new.translate(ALIKE), place.exact.translate(ALIKE)),
    ):
        places, start = [], text.find(wanted)
        while start >= 0 and len(places) <= MAX_PLACES:
            there = Place.at(new, start, start + len(wanted))
            if _whole(place, there):
                places.append(there)
            start = text.find(wanted, start + 1)
        if places:
            return places
    return []


def _whole(place, there):
    """The words at either end go on as they did: “10” isn't the 10 of “10,5”."""
    return all(
        _rest(a) == _rest(b)
        for a, b in (
            (place.exact[-1:] + place.suffix, there.exact[-1:] + there.suffix),
            ((place.prefix + place.exact[:1])[::-1], (there.prefix + there.exact[:1])[::-1]),
        )
    )


def _rest(text):
    """What belongs to the word or number that the text's first character is one of."""
    goes_on = GOES_ON.match(_folded(text))
    return goes_on and goes_on.group()


def _the_clear_one(old, new, place, places):
    """Of several places with the passage's words the one amid the same words as before."""
    if len(places) <= MAX_PLACES:
        ranked = sorted(places, key=lambda there: -sum(_around(place, there)))
        best, second = (sum(_around(place, there)) / 2 for there in ranked[:2])
        if best >= SIMILAR_AROUND and best - second >= CLEARLY:
            return _same(old, new, place, ranked[0])
        places = ranked
    return Found("changed", places[0], 1.0, tuple(places[1:MAX_PLACES]))


def _same(old, new, place, there):
    if not _says_no_as_often(old, new, place, there):
        return Found("changed", there, 1.0)
    return Found("exact" if there.start == place.start else "moved", there, 1.0)


def _around(place, there):
    """How similar the words before are, and those after; an end of the text is a mark too."""
    pairs = ((place.prefix, there.prefix, "\2{}"), (place.suffix, there.suffix, "{}\3"))
    return [
        SequenceMatcher(None, *(_marked_end(text, mark) for text in (a, b)), autojunk=False).ratio()
        for a, b, mark in pairs
    ]


def _marked_end(text, mark):
    return _folded(text if len(text) == CONTEXT else mark.format(text))


def _the_same_elsewhere(old, new, place, there, here):
    """The same words amid others: moved if they are telling, unless the passage was
    rewritten in its old place, `here`, and these quote it."""
    rewritten = here is not None and not _overlap(here, there)
    if rewritten or len(place.exact.split()) < TELLING:
        first, *others = [here, there] if rewritten else [there]
        return Found("changed", first, similarity(place.exact, first.exact), tuple(others))
    return _same(old, new, place, there)


# --- what a sentence says around the passage ---


def _says_no_as_often(old, new, place, there):
    """The rest of the sentences turns what is said (not, perhaps, wrongly) as it did."""
    return _turns(old, place) == _turns(new, there)


def _turns(body, place):
    """The words of TURNING in the sentences of a place, outside it."""
    reach = 20 * CONTEXT
    before, after = body[max(0, place.start - reach) : place.start], body[place.end :][:reach]
    ends = [end.end() for end in SENTENCE_END.finditer(before)]
    before = before[ends[-1] :] if ends else before
    stop = SENTENCE_END.search(f"{place.exact[-1:]}{after}")
    after = after[: max(0, stop.start())] if stop else after
    words = TOKEN.findall(f"{_folded(before)} \n {_folded(after)}")
    return Counter(word for word in words if word in TURNING)


def _weighs(word):
    return (
        any(letter.isdigit() for letter in word)
        or len(word) > 3
        or (len(word) > 1 and word.isupper())
        or word.casefold() in TURNING
        or word.casefold() in COUNTING
        or word in "%€$£"
    )


def _misspelt(a, b):
    """Whether one is the other's plural, or differs inside by a letter or two."""
    a, b = a.casefold(), b.casefold()
    if a == b:
        return True
    if any(letter.isdigit() for letter in a + b) or {a, b} & (TURNING | COUNTING):
        return False
    if f"{a}s" == b or f"{b}s" == a:
        return True
    near = SequenceMatcher(None, a, b, autojunk=False).ratio() >= 0.8
    return min(len(a), len(b)) > 4 and a[0] == b[0] and a[-2:] == b[-2:] and near


# --- through a diff ---


def _edited(old, new, place, here, elsewhere):
    """What has become of the passage's words, of these places where it may stand."""
    scores = {
        there: similarity(place.exact, there.exact)
        for there in ([here] if here else []) + elsewhere
    }
    if not scores:
        return Found("gone", None, 0.0)
    best, *others = sorted(scores, key=scores.get, reverse=True)
    rivals = tuple(there for there in others if scores[there] > scores[best] - RIVAL)
    if (
        scores[best] >= ALMOST
        and not rivals
        and (best == here or len(place.exact.split()) >= TELLING)
        and says_the_same(place.exact, best.exact)
        and _says_no_as_often(old, new, place, best)
    ):
        return Found("edited", best, scores[best])
    return Found("changed", best, scores[best], rivals)


def _tokens(text, offset=0):
    """(word or mark, start, end) in code points."""
    return [(m.group(), offset + m.start(), offset + m.end()) for m in TOKEN.finditer(text)]


def _keys(tokens):
    return [_folded(word) for word, *_ in tokens]


def _paragraphs(body):
    """(folded text, start, end) of what blank lines part."""
    found, start = [], 0
    for part in body.split("\n\n"):
        found.append((_folded(part), start, start + len(part)))
        start += len(part) + 2
    return found


def _mapped(old, new, place):
    """Where the passage seems to stand in `new` now that its words have changed: in its
    old place (or None), and elsewhere.

    Paragraph by paragraph first: what changed around the passage is compared with what
    came instead, word by word. Then what else is new, in case the passage moved as well.
    """
    ours, theirs = _paragraphs(old)[:MAX_PARAGRAPHS], _paragraphs(new)[:MAX_PARAGRAPHS]
    diff = SequenceMatcher(None, [p[0] for p in ours], [p[0] for p in theirs])
    here, fresh = None, []
    for kind, i, j, k, m in diff.get_opcodes():
        if kind == "equal" or k == m:
            continue
        fresh += [(start, end) for _text, start, end in theirs[k:m]]
        if i < j and ours[i][1] <= place.start < ours[j - 1][2]:
            stretch = ours[i][1], max(ours[j - 1][2], place.end)
            here = _through(old, stretch, new, (theirs[k][1], theirs[m - 1][2]), place)
            here = here if here and _share(place.exact, here.exact) >= A_LITTLE else None
    return here, _elsewhere(old, new, place, here, fresh)


def _elsewhere(old, new, place, here, fresh):
    """Places in new paragraphs, but for `here`, that have half of what weighs in the
    passage and didn't read so before."""
    found, before = [], _folded(old)
    for start, end in fresh:
        for stretch in _without(here, start, end):
            if _share(place.exact, new[slice(*stretch)]) < HALF:
                continue
            there = _through(old, (place.start, place.end), new, stretch, place)
            if (
                there
                and _share(place.exact, there.exact) >= HALF
                and _folded(there.exact) not in before
            ):
                found.append(there)
    return found[:MAX_PLACES]


def _without(here, start, end):
    """The stretch from `start` to `end`, in two where `here` is taken out."""
    if here is None or here.end <= start or end <= here.start:
        return [(start, end)]
    return [(a, b) for a, b in ((start, here.start), (here.end, end)) if a < b]


def _share(a, b):
    """The share of the words of weight in `a` that `b` has too."""
    ours = {_folded(word) for word, *_ in _tokens(a) if _weighs(word)}
    return len(ours & set(_keys(_tokens(b)))) / len(ours) if ours else 0.0


def _through(old, ours, new, theirs, place):
    """The words of one stretch that took the place of the passage in another one."""
    mine = _near(_tokens(old[slice(*ours)], ours[0]), place.start, place.end)
    before = place.start - ours[0] + theirs[0]
    yours = _near(_tokens(new[slice(*theirs)], theirs[0]), before, before + len(place.exact))
    inside = [n for n, (_word, a, b) in enumerate(mine) if a < place.end and b > place.start]
    if not inside or not yours:
        return None
    first, last = inside[0], inside[-1]
    diff = SequenceMatcher(None, _keys(mine), _keys(yours), autojunk=len(yours) > MAX_WORDS // 4)
    start = end = None
    for _kind, i, j, k, m in diff.get_opcodes():
        if i <= first < j:
            start = k + round((first - i) * (m - k) / (j - i))
        if i <= last < j:
            end = k + round((last + 1 - i) * (m - k) / (j - i))
    if start >= end:
        return None
    return Place.at(new, yours[start][1], yours[end - 1][2])


def _near(tokens, start, end):
    """At most MAX_WORDS of the tokens, those around a stretch."""
    if len(tokens) <= MAX_WORDS:
        return tokens
    first = sum(token[2] <= start for token in tokens)
    last = sum(token[1] < end for token in tokens)
    cut = max(0, min((first + last - MAX_WORDS) // 2, len(tokens) - MAX_WORDS))
    return tokens[cut : cut + MAX_WORDS]


def _overlap(a, b):
    return a.start < b.end and b.start < a.end
