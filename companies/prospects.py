"""What names would find in the archive, looked at before they are saved. Writes nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import IntegerField, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Version
from articles.search import fold
from companies.contexts import FORMS, KNOWN
from companies.countries import NAMES
from companies.mentions import holding, names_in
from companies.models import Company, Mention
from companies.recognition import Names, Words, find
from companies.trackers.names import key

MAX_NAMES = 30  # that are looked at, the first on the form; the others are left out
LOOKED_AT = 200  # articles for each name, the newest
CHARACTERS = 4_000_000  # of texts that are looked through in all
EXAMPLES = 3
AROUND = 110  # characters of an example on either side of the name
OWN = 0  # the key by which the typed names are looked for; no record has it
SHORT = 3  # letters of a name that many other things are called by, too
COUNTRIES = frozenset(key(name) for names in NAMES.values() for name in names.values())
FIRST_NAMES = frozenset(
    fold(
        "Adam Alain Alexandre Alice Anna Anne Antoine Arthur Bernard Camille Charles Charlotte "
        "Christian Claire Claude Daniel David Emma Éric François Frédéric George Georges Guillaume "
        "Hélène Henri Henry Hugo Isabelle Jack Jacques James Jean Jeanne John Joseph Julie Julien "
        "Laura Laurent Léa Louis Louise Lucas Marc Marie Mark Martin Mary Mathieu Michael Michel "
        "Nathalie Nicolas Olivier Oscar Pascal Patrick Paul Peter Philippe Pierre Robert Sarah "
        "Simon Sophie Stéphane Thomas Vincent William"
    ).split()
)


@dataclass(frozen=True)
class Typed:
    """A name as it stands on the form now."""

    field: str  # the name of the form's control
    name: str
    ambiguous: bool = False


@dataclass
class Example:
    """A place in an article that the name would match."""

    article: int
    headline: str
    before: str
    said: str
    after: str


@dataclass
class Prospect:
    """What one name would match, by the rule that recognition goes by."""

    field: str
    name: str
    count: int = 0  # articles
    at_least: bool = False  # there are more that weren't looked at
    examples: list[Example] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    bearers: list[Company] = field(default_factory=list)  # others that have the name already

    @property
    def said(self):
        if self.at_least:
            return ngettext(
                "at least %(count)d article", "at least %(count)d articles", self.count
            ) % {"count": self.count}
        return ngettext("%(count)d article", "%(count)d articles", self.count) % {
            "count": self.count
        }


@dataclass
class Loss:
    """What would go with a name that was taken off the form."""

    name: str
    suggested: int = 0  # mentions that would vanish
    confirmed: int = 0  # mentions that would stay, without a place in the text
    at_least: bool = False


def prospects(
    typed: Iterable[Typed], company: Company | None = None, kept: Iterable[Typed] = ()
) -> tuple[list[Prospect], list[Loss]]:
    """What the typed names would match, and what the saved ones that are missing among
    them and among the `kept`, which nobody looks at, would take along.

    Bounded whatever is typed, and in a fixed number of queries: the index tells the newest
    articles that hold each name, and the exact rule reads those.
    """
    typed = [each for each in typed if key(each.name)]
    saved, others, merged = _saved(company)
    own = [*typed, *kept]
    now, typed = {each.name for each in own}, typed[:MAX_NAMES]
    gone = sorted(saved - now)[:MAX_NAMES]
    names = Names([*others, *merged, *((OWN, each.name, each.ambiguous) for each in own)])
    asked = list(dict.fromkeys([*(each.name for each in typed), *gone]))
    articles, texts = _texts(asked)
    found = {pk: find(text, names).get(OWN) for pk, (_headline, text) in texts.items()}
    matched = _matched(found, texts)
    bearers = _bearers(typed, others)
    records = company.records() if company else Company.objects.none()
    rows = Mention.objects.filter(company__in=records, article__in=list(texts))
    mentions = dict(rows.values_list("article", "status"))
    return (
        [_prospect(each, articles[each.name], matched, texts, bearers) for each in typed],
        [_loss(name, articles[name], found, mentions) for name in gone],
    )


def _saved(company):
    """(the record's own names; other companies'; those of records that are one with it, by
    the key of the typed names)."""
    if company is None:
        return set(), names_in(Company.objects.all()), []
    own = names_in(Company.objects.filter(pk=company.pk))
    rest = names_in(Company.objects.exclude(pk=company.pk))
    end = company.shown_as.pk
    return (
        {name for _bearer, name, _ambiguous in own},
        [each for each in rest if each[0] != end],
        [(OWN, name, ambiguous) for bearer, name, ambiguous in rest if bearer == end],
    )


def _texts(names):
    """(name → keys of the articles that hold its words, the newest first and one more than
    are looked at; article → (headline, text) of those that are read)."""
    articles = {name: [] for name in names}
    parts = [
        Article.objects.filter(
            pk__in=Article.objects.filter(holding(name))
            .order_by("-pk")
            .values("pk")[: LOOKED_AT + 1]
        )
        .order_by()
        .annotate(number=Value(number, IntegerField()))
        .values_list("number", "pk")
        for number, name in enumerate(names)
    ]
    for number, pk in parts[0].union(*parts[1:], all=True) if parts else ():
        articles[names[number]].append(pk)
    for keys in articles.values():
        keys.sort(reverse=True)
    wanted = {pk for keys in articles.values() for pk in keys[:LOOKED_AT]}
    versions = Version.objects.current().filter(article__in=wanted).order_by("-article")
    texts, room = {}, CHARACTERS
    for pk, headline, body in versions.values_list("article", "headline", "body").iterator():
        if room <= 0:
            break
        text = f"{headline}\n\n{body}"
        texts[pk], room = (headline, text[:room]), room - len(text)
    return articles, texts


def _line(name):
    """What tells names apart in a text: their folded words and what parts these."""
    words = Words(name)
    return words.line, words.gaps(0, len(words.folded))


def _matched(found, texts):
    """What is said → [(article, place), …], the newest article first."""
    matched, lines = defaultdict(dict), {}
    for pk, one in found.items():
        for place in one.places if one else ():
            said = texts[pk][1][slice(*place)]
            if said not in lines:
                lines[said] = _line(said)
            matched[lines[said]].setdefault(pk, place)
    return matched


def _bearers(typed, others):
    """Key of a name → the other companies that have it."""
    asked = {key(each.name) for each in typed}
    found = defaultdict(set)
    for company, name, _ambiguous in others:
        if (said := key(name)) in asked:
            found[said].add(company)
    companies = Company.objects.in_bulk({pk for keys in found.values() for pk in keys})
    return {said: [companies[pk] for pk in sorted(keys)] for said, keys in found.items()}


def _prospect(each, articles, matched, texts, bearers):
    places = matched.get(_line(each.name), {})
    read = [pk for pk in articles if pk in texts]
    found = Prospect(
        field=each.field,
        name=each.name,
        count=len(places),
        at_least=len(read) < len(articles),
        examples=[_example(pk, place, texts[pk]) for pk, place in [*places.items()][:EXAMPLES]],
        bearers=bearers.get(key(each.name), []),
    )
    if not each.ambiguous:
        found.warnings = list(_warnings(each.name, len(read), places, texts))
    return found


def _example(pk, place, headline_and_text):
    headline, text = headline_and_text
    start, end = place
    before = text[max(0, start - AROUND) : start].rpartition("\n\n")[2]
    after = text[end : end + AROUND].partition("\n\n")[0]
    if start - len(before) > 0 and len(before) == AROUND:
        before = "… " + before.partition(" ")[2]
    if len(after) == AROUND:
        after = after.rpartition(" ")[0] + " …"
    return Example(pk, headline, before, text[start:end], after)


def _warnings(name, read, places, texts):
    """Why it may have to be marked as ambiguous, in words."""
    said = key(name)
    if said in COUNTRIES:
        yield _("It is the name of a country.")
    if said in FIRST_NAMES:
        yield _("It is a first name.")
    if len(said.replace(" ", "")) <= SHORT:
        yield _("It is so short that other things may be called so.")
    missed = read - len(places)
    if missed >= 3 and missed * 2 >= read:
        yield _(
            "%(missed)d of the %(read)d articles that hold these words don't name it: there they "
            "have no capital, or belong to another name."
        ) % {"missed": missed, "read": read}
    joined = sum(_runs_on(texts[pk][1], end) for pk, (_start, end) in places.items())
    if joined >= 2 and joined * 2 >= len(places):
        yield _(
            "In %(joined)d of %(count)d articles a word with a capital follows: it may be a part "
            "of another name there."
        ) % {"joined": joined, "count": len(places)}


def _runs_on(text, end):
    """Whether a word with a capital follows, which is neither a legal form nor a small word."""
    words = text[end : end + 40].split(maxsplit=1)
    if not text[end : end + 1].isspace() or "\n" in text[end : end + 1] or not words:
        return False
    word = words[0].strip(".,;:!?()«»“”\"'")
    return word[:1].isupper() and fold(word) not in KNOWN | FORMS


def _loss(name, articles, found, mentions):
    gone = [pk for pk in articles if pk in found and found[pk] is None]
    return Loss(
        name,
        suggested=sum(mentions.get(pk) == Mention.Status.SUGGESTED for pk in gone),
        confirmed=sum(mentions.get(pk) == Mention.Status.CONFIRMED for pk in gone),
        at_least=any(pk not in found for pk in articles),
    )
