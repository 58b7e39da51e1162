"""What the public may read of a text: how far, what is marked in it, what changed."""

import pytest

from articles.models import Version
from articles.reading import Words, change, reading
from companies.models import Evidence, Mention
from companies.placements import place

pytestmark = pytest.mark.django_db

BODY = "Nike arrête. Amazon suit en Russie.\n\n## Et après\n\nRien."


@pytest.fixture
def amazon(make_company):
    return make_company(name="Amazon", slug="amazon")


@pytest.fixture
def marked(make_article, make_announcement, amazon):
    """An article with one confirmed mention and one quoted passage, and its marks."""

    def make(body=BODY, **fields):
        article = make_article(headline="Départs", body=body, **fields)
        version, shift = article.current_version(), len("Départs\n\n")
        start = shift + body.index("Amazon")
        mention = Mention.objects.create(
            article=article,
            company=amazon,
            version=version,
            places=[[0, 3], [start, start + 6]],
            status="confirmed",
        )
        passage = Evidence(
            announcement=make_announcement(article=article),
            article=article,
            exact="Amazon suit en Russie.",
        )
        passage.full_clean()
        passage.save()
        return article, mention, passage

    return make


def read(article):
    evidence = Evidence.objects.for_listing().select_related("announcement").filter(article=article)
    return reading(article, article.current_version(), article.mentions.all(), evidence)


def test_names_and_passages_are_marked(marked, amazon):
    article, _mention, passage = marked()

    found = read(article)

    assert found.paragraphs == [
        (
            False,
            [
                Words("Nike arrête. "),
                Words("Amazon", amazon, passage, (passage,)),
                Words(" suit en Russie.", None, passage),
            ],
        ),
        (True, [Words("Et après")]),
        (False, [Words("Rien.")]),
    ]
    assert (found.cut, found.passages) == (False, {passage.pk})


@pytest.mark.parametrize(
    ("before", "access", "names", "passages"),
    [
        (0, "extract", 1, 1),
        (276, "extract", 1, 1),
        (280, "extract", 1, 0),  # the name stands before the end, its sentence doesn't
        (292, "extract", 1, 0),
        (296, "extract", 0, 0),
        (400, "extract", 0, 0),
        (400, "full", 1, 1),
        (0, "reference", 0, 0),
    ],
)
def test_nothing_is_marked_beyond_what_may_be_read(marked, before, access, names, passages):
    body = f"{('mot ' * before)[:before]}Amazon suit en Russie. Puis la suite." + " fin" * 100
    article, *_ = marked(body, access=access)

    found = read(article)

    words = [piece for _subhead, pieces in found.paragraphs for piece in pieces]
    said = "".join(piece.words for piece in words)
    assert said == article.readable_part(body)
    assert said + " …" * bool(found.cut and said) == article.readable_body
    assert sum(piece.company is not None for piece in words) == names
    assert len(found.passages) == passages
    assert found.cut is (access != "full")


def test_a_passage_is_marked_where_it_stands_now(marked):
    article, _mention, passage = marked()

    article.revise(body=BODY.replace("Nike arrête", "Nike, dit-on, arrête"))
    assert [len(pieces) for _subhead, pieces in read(article).paragraphs] == [1, 1, 1]

    place([article])
    [[_, pieces], *_] = read(article).paragraphs
    # The name is marked once its places in this wording are known.
    assert [piece.words for piece in pieces] == ["Nike, dit-on, arrête. ", "Amazon suit en Russie."]
    assert pieces[1].passage == passage and pieces[1].company is None

    article.revise(body=BODY.replace("suit en Russie", "reste, et le dit"))
    place([article])
    assert read(article).passages == frozenset()


def test_a_text_that_is_not_the_version_s_is_marked_nowhere(marked):
    article, *_ = marked()
    article.body = f"Autre début. {BODY}"

    assert read(article).passages == frozenset()
    assert all(piece.company is None for _, pieces in read(article).paragraphs for piece in pieces)


LONG = "".join(f"m{n:02} " for n in range(72))  # 288 characters


@pytest.mark.parametrize(
    ("access", "old", "new", "body"),
    [
        ("full", "Un an.", "Deux ans.", [("gone", "Un an"), ("new", "Deux ans"), ("same", ".")]),
        ("full", "## Un\n\nDeux", "Un\n\nDeux", [("same", "Un\n\nDeux")]),
        ("extract", "Un.", "Un.", [("same", "Un.")]),
        # What changed behind the extract isn't told.
        (
            "extract",
            f"{LONG}et puis Zeta secret.",
            f"{LONG}et puis Eta secrète.",
            [("same", f"{LONG}et puis")],
        ),
        # What is only pushed out of it isn't gone.
        (
            "extract",
            f"{LONG}et puis rien de plus.",
            f"m00 ajouté{LONG[3:]}et puis rien de plus.",
            [("same", "m00"), ("new", " ajouté"), ("same", f"{LONG[3:]}et")],
        ),
        ("reference", "Un an.", "Deux ans.", None),
    ],
)
def test_differences_obey_access(make_article, access, old, new, body):
    article = make_article(access=access)
    versions = [
        Version(number=n, headline="A", body=text) for n, text in enumerate((old, new), start=1)
    ]

    found = change(article, *versions)

    assert (found and found.body) == body
