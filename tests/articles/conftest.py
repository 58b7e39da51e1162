"""What search means, in plain Python, and a small archive to try it on."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from articles.models import Article
from articles.search import parse, tokens

VOCABULARY = (
    "amazon Amazon's d'Amazon aws retrait retraits retraite suspend suspended suspends la le "
    "Russie l'accord new New-World prime video œuvre oeuvres companies company été 100 c россии "
    "aujourd'hui " + "a" * 63 + " " + "a" * 64 + " " + "a" * 70
).split()


def generated_query(rnd):
    pieces = []
    for _ in range(rnd.randint(1, 4)):
        words = rnd.choices(VOCABULARY, k=rnd.choice([1, 1, 1, 2, 2, 3]))
        if rnd.random() < 0.3:
            piece = f'"{" ".join(words)}"'
        elif rnd.random() < 0.3:
            piece = "-".join(words)
            piece = piece[: rnd.randint(1, len(piece))] + "*"
        else:
            piece = rnd.choice(["-", "'", " ", "/"]).join(words)
        pieces.append("-" * (rnd.random() < 0.25) + piece)
    return " ".join(pieces)


def holds(row, clauses):
    """The rule in plain Python: all that is asked stands in one of the row's texts, each
    clause in any of them, and nothing excluded does. `row` is a list of token lists."""

    def stands(clause):
        length = len(clause.tokens)
        for words in row:
            for start in range(len(words) - length + 1):
                window = words[start : start + length]
                if clause.prefix:
                    same = window[:-1] == list(clause.tokens[:-1])
                    if same and window[-1].startswith(clause.tokens[-1]):
                        return True
                elif window == list(clause.tokens):
                    return True
        return False

    return bool(clauses) and all(stands(c) is not c.excluded for c in clauses)


def public_row(article):
    texts = article.searched()
    return [tokens(texts.headline), tokens(texts.text)]


class Oracle:
    """The plain rule over some articles: which of them a query finds."""

    def __init__(self, articles):
        self.rows = {article: public_row(article) for article in articles}
        self.inside = {
            article: [*row, tokens(article.searched().inside)] for article, row in self.rows.items()
        }

    def found(self, query, inside=False):
        rows, clauses = self.inside if inside else self.rows, parse(query)
        return {article.pk for article, row in rows.items() if holds(row, clauses)}


@pytest.fixture
def oracle(vocabulary_articles):
    return Oracle(vocabulary_articles)


@pytest.fixture
def queries():
    """As many generated queries as asked for, always the same."""
    rnd = random.Random(20220310)
    return lambda number: [generated_query(rnd) for _ in range(number)]


@pytest.fixture
def vocabulary_articles(make_article, make_publisher):
    """Articles of few words, of every access and status, in two languages, by two publishers."""
    rnd = random.Random(20220309)
    publishers = [make_publisher(), make_publisher()]
    make_article(publisher=publishers[0], headline="Without a word of the others", body="")
    make_article(publisher=publishers[0], headline="…", body="")
    for number in range(60):
        said = [" ".join(rnd.choices(VOCABULARY, k=rnd.randint(0, 12))) for _ in range(4)]
        make_article(
            publisher=rnd.choice(publishers),
            headline=" ".join(rnd.choices(VOCABULARY, k=rnd.randint(1, 4))),
            standfirst=said[0],
            body=said[1],
            abstract_en=said[2] if number % 4 == 0 else "",
            editors_note=said[3] if number % 3 == 0 else "",
            language=rnd.choice(["fr", "en"]),
            access=rnd.choice(["full", "full", "extract", "reference"]),
            status=rnd.choice(["usable"] * 4 + ["withheld", "canceled"]),
            published_at=datetime(2022, 1, 1, tzinfo=UTC) + timedelta(days=rnd.randint(0, 800)),
            public_from=timezone.now() + timedelta(hours=rnd.choice([-1, -1, -1, -1, 1])),
        )
    return list(Article.objects.select_related("publisher"))
