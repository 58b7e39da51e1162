"""An article's text as readers see it: as far as its rights allow, with names and passages
marked, and how one wording came from another."""

import re
from dataclasses import dataclass

from articles.differences import differences
from articles.marks import layers
from articles.models import Article, Version

SUBHEAD = re.compile(r"^## ", re.MULTILINE)


@dataclass(frozen=True)
class Words:
    """Words of a paragraph with what they stand for."""

    words: str
    company: object = None  # the Company that they name
    passage: object = None  # the Evidence that quotes them; the first, where several do
    begins: tuple = ()  # the pieces of evidence whose passage begins here


@dataclass(frozen=True)
class Reading:
    """What the public may read of a text."""

    paragraphs: list[tuple[bool, list[Words]]]  # (whether it is a subhead, its words)
    cut: bool  # more of it isn't shown
    passages: frozenset[int]  # keys of the pieces of evidence that are marked


def reading(article: Article, version: Version | None, mentions=(), evidence=()) -> Reading:
    """The article's present text, marked.

    `version` is its current one: mentions whose places were found in another one, and
    marks that reach beyond what may be read, are left out; so are all of them while the
    text isn't that of the version. `evidence` are rows of `Evidence.objects.for_listing`.
    """
    text = article.readable_part(article.body)
    companies, passages = {}, {}
    spans = []
    if version and version.sha256 == Version.hash_of(**article.wording()):
        shift = len(article.headline) + 2  # places of mentions count from the headline on
        for mention in mentions:
            if mention.version_id == version.pk:
                companies[f"company-{mention.pk}"] = mention.company.shown_as
                spans += [
                    (start - shift, end - shift, f"company-{mention.pk}")
                    for start, end in mention.places
                    if start >= shift
                ]
        for item in evidence:
            _state, place = item.now
            if place and not item.in_headline and item.article_id == article.pk:
                passages[f"passage-{item.pk}"] = item
                spans.append((place.start, place.end, f"passage-{item.pk}"))
    spans = [span for span in spans if span[1] <= len(text)]
    seen, paragraphs = set(), []
    for paragraph in layers(text, spans):
        pieces = []
        for piece in paragraph.pieces:
            quoted = [key for key in piece.keys if key in passages]
            begins = tuple(passages[key] for key in quoted if key not in seen)
            seen.update(quoted)
            named = next((companies[key] for key in piece.keys if key in companies), None)
            passage = passages[quoted[0]] if quoted else None
            pieces.append(Words(piece.words, named, passage, begins))
        paragraphs.append((paragraph.is_subhead, pieces))
    keys = frozenset(passages[key].pk for key in seen)
    return Reading(paragraphs, text != article.body, keys)


@dataclass(frozen=True)
class Change:
    """From one wording to another: stretches of each text, see `articles.differences`."""

    headline: list[tuple[str, str]]
    standfirst: list[tuple[str, str]]
    body: list[tuple[str, str]]
    cut: bool  # a text goes on beyond what may be read

    @property
    def is_empty(self):
        texts = (self.headline, self.standfirst, self.body)
        return all(kind == "same" for text in texts for kind, _words in text)


def change(article: Article, old: Version, new: Version) -> Change | None:
    """From one wording of the article to another, word by word, within what rights let the
    public read of either; None where that is the reference alone."""
    if article.access == Article.Access.REFERENCE:
        return None
    before, after = (article.readable_part(version.body) for version in (old, new))
    cut = (before, after) != (old.body, new.body)
    body = differences(SUBHEAD.sub("", before), SUBHEAD.sub("", after))
    # What was written in further up pushes words out of an extract: they aren't gone.
    if cut and len(body) > 1 and body[-1][0] != "same" and body[-2][0] == "same":
        body.pop()
    return Change(
        differences(old.headline, new.headline),
        differences(old.standfirst, new.standfirst),
        body,
        cut,
    )
