"""What shows that an ambiguous name (Orange, Total, Gap, Jean) is a company's here.

The first of these that holds:

1. form: a legal form right after it (*Orange SA*, *Gap, Inc.*), or the word group
   right before or after it (*le groupe Total*, *the Orange group*);
2. ticker: in brackets right after it, an exchange (*Gap (NYSE: GAP)*) or a symbol
   with the exchange's letters (*Total (TTEF.PA)*);
3. near: a word for a company, its trade or its shares at most three words before or
   after, with nothing but blanks, hyphens and apostrophes between (*l'opérateur Orange*,
   *shares in Shell*). A title counts unless it stands right before: *le PDG d'Orange*,
   not *le PDG Jean*.

A capitalised word right beside it makes another name of it (*Paris Match*, *Jean Martin*,
*Orange County*), unless it is one of the words above or a small one (*Chez*, *The*). At
a sentence's start every word has a capital, so that only a legal form in capitals
and a ticker count there (*Total group sales*).
"""

from articles.search import fold

FORMS = frozenset(
    "ab ag aktiengesellschaft as asa bv co company corp corporation gmbh inc incorporated kgaa "
    "limited llc llp lp ltd nv oao ooo oy oyj pao plc pjsc sa sarl sas sca se spa".split()
)
DOTTED = ("S.A.", "S.A ", "S.E.", "S.p.A", "S.P.A", "N.V.", "A.G.", "B.V.", "P.L.C")
GROUP = frozenset("group groupe gruppe gruppo grupo holding holdings".split())
EXCHANGES = frozenset(
    "amex asx bse cboe euronext hkex lse moex nasdaq nse nyse six tsx tyo xetra".split()
)
NEAR = frozenset(
    fold(
        # French
        "actionnaire actionnaires assureur banque chaîne cimentier compagnie concurrent "
        "concurrents constructeur distributeur enseigne entreprise équipementier fabricant "
        "filiale filiales firme fournisseur géant géants industriel magasins major marque "
        "multinationale opérateur pétrolier salariés société "
        # English
        "automaker bank brand carmaker chain company firm giant giants insurer maker manufacturer "
        "multinational operator retailer rival rivals shareholder shareholders shares stock "
        "store stores subsidiary supermarkets supplier"
    ).split()
)
TITLES = frozenset(
    fold(
        "PDG directeur directrice patron patronne CEO CFO chairman chairwoman boss executive"
    ).split()
)
SMALL = frozenset(
    fold(
        "à après au aux avec avant c chez d dans de depuis des donc du en et la l le les mais "
        "ou par pour qu quand que s selon si sur un une "
        "a after an and as at before but by for from if in like of on or since than that the "
        "to under when while with"
    ).split()
)
KNOWN = SMALL | NEAR | TITLES | GROUP  # a capital on one of these makes no name
REACH = 3  # words
OPENING = frozenset("(<[")
WITHIN = frozenset(["", ",", "(", "&", "/"])  # gaps that start no sentence


def context(parts, first: int, after: int) -> str:
    """Why the words from `first` to the one before `after` are a company's name here.

    `parts` are the `Words` of a text. Returns "form", "ticker", "near", or "".
    """
    if _ticker_follows(parts, after):
        return "ticker"
    before, behind = _breath(parts, first, after)
    if before and _another_name(parts, before[0]):
        return ""
    if _form_follows(parts, after):
        return "form"
    if first == 0 or parts.gap(first) not in WITHIN:
        return ""
    if any(parts.folded[word] in GROUP for word in before[:1] + behind[:1]):
        return "form"
    if behind and _another_name(parts, behind[0]):
        return ""
    titled = {parts.folded[word] for word in before[1:] + behind} & TITLES
    near = {parts.folded[word] for word in before + behind} & NEAR
    return "near" if titled or near else ""


def _breath(parts, first, after):
    """The words before and after, nearest first, as far as REACH and nothing parts them."""
    before, behind = [], []
    while len(before) < REACH and first > 0 and parts.gap(first) == "":
        first -= 1
        before.append(first)
    while len(behind) < REACH and after < len(parts.folded) and parts.gap(after) == "":
        behind.append(after)
        after += 1
    return before, behind


def _another_name(parts, word):
    return parts.folded[word] not in KNOWN and parts.said(word)[0].isupper()


def _form_follows(parts, after):
    if after == len(parts.folded) or parts.gap(after) not in ("", ","):
        return False
    said = parts.said(after)
    # Small letters are another word (Orange sa ville), but for plc.
    if parts.folded[after] in FORMS | GROUP and (said[0].isupper() or said == "plc"):
        return True
    return parts.text.startswith(DOTTED, parts.span(after)[0])


def _ticker_follows(parts, after):
    if after == len(parts.folded) or parts.gap(after) not in OPENING:
        return False
    if parts.folded[after] in EXCHANGES:
        return True
    return (
        after + 1 < len(parts.folded)
        and parts.gap(after + 1) == "."
        and _capitals(parts.said(after), 5)
        and _capitals(parts.said(after + 1), 2)
    )


def _capitals(text, most):
    return len(text) <= most and text.isupper()
