"""The desk: what waits for an editor, each queue with its list."""

import pytest

from articles.intake import Rules, take_in
from articles.models import Receipt, StoryLink
from companies.models import Newcomer, Placement, Suggestion
from newsroom.desk import queues


@pytest.fixture
def waiting(make_article, make_announcement, make_publisher):
    """One record in each queue but the trackers', which have tests of their own."""
    source, other = make_article(), make_article()
    quoting = make_announcement(article=source).evidence.create(
        article=other, version=other.current_version(), exact="First", start=0
    )
    other.revise(body="Another text.")
    Placement.objects.create(evidence=quoting, version=other.current_version(), state="gone")
    StoryLink.objects.create(article=other, other=source, reason="reprint", score=0.9)
    seen = {"article": source, "version": source.current_version()}
    newcomer = Newcomer.objects.create(name="Another")
    newcomer.sightings.create(**seen, start=0, end=7, count=1)
    Suggestion.objects.create(**seen, company=quoting.announcement.company, speaker="company")
    list(take_in([("a.txt", b"one line")], Rules(make_publisher())))
    return source


def counts():
    return [queue.count for queue in queues()]


@pytest.mark.django_db
def test_an_empty_desk():
    assert counts() == [0] * 9


def test_what_waits_is_counted_and_listed(waiting, admin_client):
    assert counts() == [0, 1, 0, 0, 1, 1, 1, 1, 0]
    waiting.kill(note_fr="Retiré.", note_en="Withdrawn.")
    assert counts() == [1, 1, 0, 0, 0, 0, 1, 0, 0]  # a killed piece belongs to no story
    assert b"?sources=killed" in admin_client.get("/admin/").content
    for queue in queues():
        assert admin_client.get(queue.url).context["cl"].result_count == queue.count


def test_a_file_that_went_in_later_waits_no_more(waiting):
    publisher = waiting.publisher
    data = b"A headline\n\nA text.\n"
    list(take_in([("b.txt", data)], Rules(publisher)))  # no date of publication
    assert counts()[6] == 2
    list(take_in([("b.txt", data)], Rules(publisher)))
    assert counts()[6] == 2  # once, however often it comes
    said = {"published_at": waiting.published_at}
    list(take_in([("b.txt", data)], Rules(publisher, said=said)))
    assert counts()[6] == 1


def test_a_file_that_an_editor_has_seen_to_is_asked_no_more(waiting):
    Receipt.objects.get().see()
    assert counts()[6] == 0
    list(take_in([("a.txt", b"one line")], Rules(waiting.publisher)))
    assert counts()[6] == 0


@pytest.mark.django_db
def test_the_desk_takes_one_query_a_queue(django_assert_num_queries):
    with django_assert_num_queries(9):
        queues()
