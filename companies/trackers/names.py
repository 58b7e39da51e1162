"""When two spellings name one company, and when they are only near. Needs no database.

Two names are the same when their keys are: letters folded, `&` read as *and*, apostrophes
dropped, other marks read as blanks, initials joined (*S.A.* is *SA*). What is the same but
for legal forms at the end (*Nike, Inc.*) or a *The* at the start is the same too, after all
else. Everything beyond that is only near, and near never decides.
"""

from functools import lru_cache

from articles.search import APOSTROPHES, fold

# What a register adds to a name at its end. No *Group* and no *Holding*: they part companies.
LEGAL_FORMS = frozenset(
    "ab ag as asa aps bv co company corp corporation eurl gmbh inc incorporated jsc kg kgaa "
    "limited llc llp lp ltd nv oao ojsc ooo oy oyj pjsc plc pte pty pvt sa sab sarl sas sau se "
    "sl spa sro srl zao zoo".split()
)
JOINED = {"and", "sp", "z", "de", "cv"}  # between legal forms: *GmbH & Co. KG*, *Sp. z o.o.*
MIN_LETTERS = 5  # shorter names are one letter apart by chance: Aon, Eon


@lru_cache(maxsize=2**16)
def key(name):
    """The name as it is compared: folded words parted by single blanks; "" without any."""
    text = fold(name.translate(APOSTROPHES)).replace("'", "").replace("&", " and ")
    words, initials = [], []
    for word in "".join(c if c.isalnum() else " " for c in text).split():
        if len(word) == 1:
            initials.append(word)
            continue
        words += ["".join(initials)] if initials else []
        words.append(word)
        initials = []
    return " ".join(words + (["".join(initials)] if initials else []))


@lru_cache(maxsize=2**16)
def bare(name_key):
    """A key without *the* at its start and legal forms at its end; never empty."""
    words = name_key.split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    kept = list(words)
    while len(kept) > 1 and kept[-1] in LEGAL_FORMS | JOINED:
        kept.pop()
    # Only a legal form makes what joins one superfluous: *Rolls and* stays.
    return " ".join(kept if set(words[len(kept) :]) & LEGAL_FORMS else words)


def form(name_key):
    """The legal form at the end of a key, with what joins it; "" without any."""
    words = name_key.split()
    kept = len(bare(name_key).split()) + (len(words) > 1 and words[0] == "the")
    return " ".join(words[kept:])


def parts(name):
    """The names inside a name: *Faurecia | Forvia*, *General Electric (GE)*; [] for a plain one."""
    text = name
    for mark in "|(),":
        text = text.replace(mark, "\n")
    found = [part.strip() for part in text.split("\n") if part.strip()]
    return found if len(found) > 1 and ("|" in name or "(" in name) else []


def far(name, other):
    """Whether it is plain at a glance that two names are neither the same nor near."""
    if parts(name) or parts(other):
        return False
    keys = [
        (each.replace(" ", ""), bare(each).replace(" ", "")) for each in (key(name), key(other))
    ]
    (whole, own), (other_whole, its) = keys
    if own.startswith(its) or its.startswith(own):
        return False
    if any(set(one) == set(two) for one in (whole, own) for two in (other_whole, its)):
        return False  # maybe the same words in another order
    return abs(len(own) - len(its)) > 1 or len(set(own) ^ set(its)) > 2


class Near:
    """Known names, to find those near another in time that grows with its length alone.

    Near are, in this order: the same letters but for blanks, or a name inside the other's
    brackets or beside its bar; the same words in another order; one letter more, less, other
    or swapped, from five letters on; one name being the first words of the other, or from
    five letters on its first letters.
    """

    def __init__(self, names):
        """`names` are (bearer, name) pairs."""
        self.same, self.turned, self.edited, self.starting = {}, {}, {}, {}
        for bearer, name in names:
            words = bare(key(name)).split()
            self._add(self.same, bearer, _insides(name))
            self._add(self.turned, bearer, _orderless(name))
            self._add(self.edited, bearer, _shorter("".join(words)))
            self._add(self.starting, bearer, _starts(words))

    @staticmethod
    def _add(index, bearer, keys):
        for each in filter(None, keys):
            index.setdefault(each, []).append(bearer)

    def to(self, name):
        """The bearers of names near `name`."""
        words = bare(key(name)).split()
        letters, found = "".join(words), {}
        for index, keys in (
            (self.same, _insides(name)),
            (self.turned, _orderless(name)),
            (self.edited, _shorter(letters)),
            (self.same, _starts(words)),
            (self.starting, [letters]),
        ):
            for each in keys:
                found |= dict.fromkeys(index.get(each, ()))
        return list(found)


def _insides(name):
    """The letters of a name, and of each name inside it."""
    return ["".join(bare(key(part)).split()) for part in [name, *parts(name)]]


def _orderless(name):
    """The words of a name in the alphabet's order, with legal forms (*Inbev AB*) and without."""
    return {" ".join(sorted(each.split())) for each in (key(name), bare(key(name)))}


def _starts(words):
    """The letters of a name's first words, and its own first letters from five on."""
    letters = "".join(words)
    ends = {len("".join(words[:n])) for n in range(1, len(words))}
    return [letters[:end] for end in sorted(ends | set(range(MIN_LETTERS, len(letters))))]


def _shorter(letters):
    """The letters, and each way to leave one out: names one letter apart share one."""
    if len(letters) < MIN_LETTERS:
        return [letters]
    return [letters, *(letters[:n] + letters[n + 1 :] for n in range(len(letters)))]
