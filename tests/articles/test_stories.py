from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles import stories
from articles.models import Article, Fingerprint, Story, StoryLink
from articles.reprints import fingerprints
from articles.stories import reason_for, suggest

HOUR = timedelta(hours=1)


def paragraph(number):
    """A paragraph of eighty words that no other number has."""
    return " ".join(f"mot{number}x{place}" for place in range(80)) + "."


def text(*numbers):
    return "\n\n".join(map(paragraph, numbers))


def links():
    return [
        (link.article.headline, link.other.headline, link.reason, link.status)
        for link in StoryLink.objects.for_listing()
    ]


def groups():
    """The stories, as sets of headlines."""
    return sorted(
        sorted(story.articles.values_list("headline", flat=True)) for story in Story.objects.all()
    )


@pytest.fixture
def article(make_article):
    """An article by its headline, with the paragraphs of these numbers."""

    def make(headline, *numbers, **fields):
        return make_article(headline=headline, body=text(*numbers), **fields)

    return make


@pytest.fixture
def link(make_article):
    """Links between articles named by one letter each: `link("ab")`."""
    named = {}

    def make(ends, **fields):
        for name in ends:
            if name not in named:
                named[name] = make_article(headline=name)
        other, later = sorted((named[name] for name in ends), key=lambda a: a.pk)
        return StoryLink.objects.create(article=later, other=other, **fields)

    make.named = named
    return make


def test_the_fingerprints_of_the_present_text_replace_those_before(article):
    piece = article("A", 1, 2)
    suggest([piece])
    piece.revise(body=text(2, 3))

    suggest([piece])

    kept = Fingerprint.objects.filter(article=piece).values_list("hash", flat=True)
    assert set(kept) == fingerprints(text(2, 3))


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ((1, 2, 3, 4), [("B", "A", "reprint", "suggested")]),
        ((4, 9, 3, 1), [("B", "A", "reprint", "suggested")]),
        ((1, 9, 8, 7), [("B", "A", "related", "suggested")]),
        ((9, 8, 7, 6), []),
        ((), []),
    ],
)
def test_what_keeps_a_wires_paragraphs_is_suggested_with_it(article, numbers, found):
    suggest([article("A", 1, 2, 3, 4)])

    new = suggest([article("B", *numbers)])

    assert links() == found
    ours, theirs = fingerprints(text(1, 2, 3, 4)), fingerprints(text(*numbers))
    assert [link.score for link in new] == [
        len(ours & theirs) / min(len(ours), len(theirs)) for _ in found
    ]


def test_the_background_of_a_rewritten_wire_points_to_no_other_wire(article):
    agency = article("A", 1, 2, 3, 4).publisher
    suggest([Article.objects.get(headline="A"), article("A2", 4, 5, 6, 7, publisher=agency)])

    suggest([article("B", 1, 4, 2, 9, 8)])

    assert links() == [("B", "A", "reprint", "suggested")]
    suggest([article("C", 4, 10, 11)])  # has nothing else in common with either
    assert links()[:2] == [("C", "A", "related", "suggested"), ("C", "A2", "related", "suggested")]


def test_a_batch_finds_its_own_kin_and_is_newest_first(article):
    batch = [
        article(name, 1, 2, published_at=timezone.now() - hours * HOUR)
        for name, hours in (("A", 3), ("B", 1), ("C", 2))
    ]

    new = suggest(batch)

    assert [(n.article.headline, n.other.headline) for n in new] == [
        ("B", "A"),
        ("C", "B"),
        ("C", "A"),
    ]


def test_a_killed_piece_is_suggested_to_nobody(article):
    killed = article("A", 1, 2)
    suggest([killed])
    killed.kill(note_fr="Retiré.", note_en="Withdrawn.")

    assert suggest([article("B", 1, 2)]) == []


def test_what_stands_in_too_many_articles_tells_nothing(article, monkeypatch):
    monkeypatch.setattr(stories, "COMMON", 3)
    for number in range(3):
        suggest([article(f"Z{number}", 1, 10 + number)])
    assert len(links()) == 3

    assert suggest([article("A", 1, 20)]) == []
    assert len(suggest([article("B", 1, 20)])) == 1  # paragraph 20 stands in two


def test_one_article_gets_the_likeliest_links_alone(article, monkeypatch):
    monkeypatch.setattr(stories, "MAX_LINKS", 2)
    wire = [1, 2, 3, 4, 5, 6]
    for kept in (2, 3, 4, 5):
        article(str(kept), *wire[:kept], *range(10 * kept, 10 * kept + 6 - kept))
        suggest([Article.objects.get(headline=str(kept))])
    StoryLink.objects.all().delete()

    suggest([article("wire", *wire)])

    assert [other for _, other, *_ in links()] == ["5", "4"]
    assert suggest([Article.objects.get(headline="wire")]) == []
    StoryLink.objects.first().reject()
    assert [link.other.headline for link in suggest([Article.objects.get(headline="wire")])] == [
        "3"
    ]


def test_a_suggestion_goes_when_the_texts_part(article):
    first, second = article("A", 1, 2, 3, 4), article("B", 1, 2, 3, 4)
    [found] = suggest([first, second])

    second.revise(body=text(5, 6, 7))
    assert suggest([second]) == []

    assert links() == []
    assert [h.history_type for h in StoryLink.history.filter(id=found.pk)] == ["-", "+"]


@pytest.mark.parametrize("numbers", [(3, 4), (1, 2)])
def test_an_update_stays_one_when_the_piece_it_names_is_looked_at_again(article, numbers):
    first = article("A", 1, 2, wire_id="afp:1")
    article("B", *numbers, wire_id="afp:2", publisher=first.publisher, related=["afp:1"])
    suggest(Article.objects.all())

    suggest([first])

    assert links() == [("B", "A", "update", "suggested")]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_batch_takes_a_fixed_number_of_queries(article, django_assert_num_queries, rows):
    suggest([article("A", 1, 2), article("B", 3, 4), article("C", 5, 6)])
    batch = [
        article(f"new {n}", 2 * n + 1, 2 * n + 2, related=["wire:unheard"]) for n in range(rows)
    ]

    with django_assert_num_queries(11):
        new = suggest(batch)

    assert len(new) == rows


@pytest.mark.parametrize(
    ("decide", "after"),
    [
        (StoryLink.confirm, "confirmed"),
        (StoryLink.reject, "rejected"),
        (None, "suggested"),
    ],
)
def test_an_editors_word_outlives_the_next_search(article, decide, after):
    first, second = article("A", 1, 2, 3, 4), article("B", 1, 2, 3, 4)
    [found] = suggest([first, second])
    if decide:
        decide(found)
    second.revise(body=text(1, 2, 3, 8))

    assert suggest([second]) == []
    assert links() == [("B", "A", "reprint", after)]
    found.refresh_from_db()
    assert (found.score < 1) is (after == "suggested")


@pytest.mark.parametrize(
    ("same_publisher", "hours", "headline", "score", "named", "reason"),
    [
        (True, 2, "Le groupe Valbrise quitte la Moldavie", 0.9, False, "update"),
        (True, 2, "Valbrise quitte la Moldavie, dit le groupe", 0.5, False, "update"),
        (True, 50, "Le groupe Valbrise quitte la Moldavie", 0.9, False, "reprint"),
        (True, 2, "Les pommes manquent en Isère", 0.9, False, "reprint"),
        (True, 2, "Le groupe Valbrise quitte la Moldavie", 0.4, False, None),
        (False, 2, "Le groupe Valbrise quitte la Moldavie", 0.9, False, "reprint"),
        (False, 2, "Les pommes manquent en Isère", 0.4, False, "related"),
        (False, 2, "Le groupe Valbrise quitte la Moldavie", 0.1, False, None),
        (True, 900, "Les pommes manquent en Isère", 0.0, True, "update"),
    ],
)
def test_reasons(make_article, same_publisher, hours, headline, score, named, reason):
    one = make_article(headline="Le groupe Valbrise quitte la Moldavie")
    other = make_article(
        headline=headline,
        publisher=one.publisher if same_publisher else None,
        published_at=one.published_at + hours * HOUR,
    )

    assert reason_for(one, other, score, named) == reason
    assert reason_for(other, one, score, named) == reason


@pytest.mark.parametrize(
    ("wire_id", "own", "found"),
    [
        ("afp:1", True, [("B", "A", "update", "suggested")]),
        ("afp:1", False, []),  # another publisher's id may be the same by chance
        ("afp:2", True, []),  # itself
        ("afp:3", True, []),  # not in the archive
    ],
)
def test_a_wire_that_names_another_is_its_update(article, wire_id, own, found):
    first = article("A", 1, 2, wire_id="afp:1")
    publisher = first.publisher if own else None
    second = article("B", 3, 4, wire_id="afp:2", publisher=publisher, related=[wire_id])
    suggest([first])

    suggest([second])

    assert links() == found


def test_of_too_many_named_pieces_the_first_are_looked_for(article):
    first = article("A", 1, wire_id="afp:1")
    names = ["afp:1", *(f"afp:x{n}" for n in range(260_000))]
    second = article("B", 2, wire_id="afp:2", publisher=first.publisher, related=names)

    assert [link.other for link in suggest([second])] == [first]


@pytest.mark.parametrize(
    ("confirmed", "rejected", "expected"),
    [
        (["ab"], [], [["a", "b"]]),
        (["ab", "cd"], [], [["a", "b"], ["c", "d"]]),
        (["ab", "cd", "bd"], [], [["a", "b", "c", "d"]]),
        (["ab", "bc"], ["bc"], [["a", "b"]]),
        (["ab", "bc", "ca"], ["bc"], [["a", "b", "c"]]),  # still held by the third
        (["ab", "bc", "cd"], ["bc"], [["a", "b"], ["c", "d"]]),
        (["ab"], ["ab"], []),
        ([], ["ab"], []),
    ],
)
def test_a_story_is_what_confirmed_links_hold_together(link, confirmed, rejected, expected):
    made = {pair: link(pair) for pair in dict.fromkeys(confirmed + rejected)}
    for pair in confirmed:
        made[pair].confirm()
    for pair in rejected:
        made[pair].reject()

    assert groups() == expected
    assert Story.objects.count() == len(expected)


def test_leaving_a_story_rejects_what_held_the_article_there(link):
    held = [link(pair) for pair in ("ab", "bc", "ca")]
    for each in held:
        each.confirm()
    leaving = link.named["c"]
    leaving.refresh_from_db()

    leaving.leave_story()

    assert leaving.story is None
    assert groups() == [["a", "b"]]
    assert sorted(StoryLink.objects.values_list("status", flat=True)) == [
        "confirmed",
        "rejected",
        "rejected",
    ]


def test_joining_is_logged_with_who_did_it_and_can_be_taken_back(link, make_user):
    editor, pair = make_user(), link("ab")

    pair.confirm(by=editor)
    pair.reject(by=editor)

    piece = link.named["a"]
    assert [(h.story_id is not None, h.history_user) for h in piece.history.all()] == [
        (False, editor),
        (True, editor),
        (False, None),
    ]
    assert [h.status for h in pair.history.all()] == ["rejected", "confirmed", "suggested"]
    assert [h.history_type for h in Story.history.all()] == ["-", "+"]


def test_joining_leaves_text_and_search_as_they_are(link):
    pair = link("ab")
    before = Article.objects.values("body", "search", "headline").get(headline="a")

    pair.confirm()

    assert Article.objects.values("body", "search", "headline").get(headline="a") == before


def test_a_killed_article_joins_no_story(link):
    pair = link("ab")
    link.named["a"].kill(note_fr="Retiré.", note_en="Withdrawn.")

    with pytest.raises(ValidationError):
        pair.confirm()

    pair.refresh_from_db()
    assert (pair.status, groups()) == ("suggested", [])


def test_the_queue_holds_what_no_other_link_has_settled(link):
    ab, bc, ca, de = (link(pair) for pair in ("ab", "bc", "ca", "de"))
    ab.confirm()
    bc.confirm()

    assert list(StoryLink.objects.waiting()) == [de]
    assert ca.status == "suggested"
    bc.reject()
    assert set(StoryLink.objects.waiting()) == {ca, de}


def test_a_deleted_article_takes_its_fingerprints_along(make_publisher):
    piece = Article.objects.create(
        publisher=make_publisher(),
        wire_id="1",
        slug="1",
        headline="A",
        body=text(1, 2),
        published_at=timezone.now(),
    )
    suggest([piece])

    piece.delete()

    assert not Fingerprint.objects.exists()
