"""A story where readers, machines and editors meet it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from articles.models import EXTRACT_LENGTH, Story, StoryLink
from articles.models.story import ELSEWHERE
from articles.stories import suggest
from tests.counting import STATE
from tests.forms import typed

COMMON = "Dix mots que les deux textes ont bel et bien en commun"
LONG = " ".join(f"mot{n}" for n in range(EXTRACT_LENGTH))  # what an extract ends in


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


@pytest.fixture
def pair(make_article):
    """Two articles that share a passage, and the link between them."""

    def make(*, first=None, second=None, **fields):
        other = make_article(**{"headline": "The wire", "body": f"A {COMMON}."} | (first or {}))
        later = make_article(**{"headline": "The reprint", "body": f"B {COMMON}!"} | (second or {}))
        return StoryLink.objects.create(article=later, other=other, **fields)

    return make


def change(link):
    return reverse("admin:articles_storylink_change", args=[link.pk])


CHANGELIST = "/admin/articles/storylink/"


def test_of_a_large_story_the_newest_are_shown(client, make_article):
    story = Story.objects.create()
    articles = [make_article(story=story) for _ in range(ELSEWHERE + 3)]

    for article, others in (
        (articles[0], articles[: -ELSEWHERE - 1 : -1]),
        (articles[-1], articles[-2 : -ELSEWHERE - 2 : -1]),
    ):
        answer = client.get(f"/api/v1/articles/{article.slug}/").json()
        assert [other["slug"] for other in answer["story"]] == [other.slug for other in others]
        page = client.get(article.get_absolute_url())
        assert [other for other, _passages in page.context["elsewhere"]] == others


@pytest.mark.parametrize(
    ("decide", "shown"),
    [(StoryLink.confirm, True), (StoryLink.reject, False), (lambda link: None, False)],
)
def test_readers_see_what_an_editor_confirmed(client, pair, decide, shown):
    link = pair()
    decide(link)

    page = client.get(link.other.get_absolute_url()).text
    answer = client.get(f"/api/v1/articles/{link.other.slug}/").json()

    assert ("La même histoire ailleurs" in page, "The reprint" in page) == (shown, shown)
    assert [other["headline"] for other in answer["story"]] == ["The reprint"] * shown


def test_the_api_points_to_the_others_of_the_story(client, pair):
    link = pair()
    link.confirm()

    answer = client.get(f"/api/v1/articles/{link.article.slug}/").json()

    other = link.other
    assert answer["story"] == [
        {
            "slug": other.slug,
            "headline": "The wire",
            "publisher": {
                "slug": other.publisher.slug,
                "name": other.publisher.name,
                "kind": "outlet",
            },
            "published_at": timezone.localtime(other.published_at).isoformat(),
            "published_precision": "day",
            "url": f"http://testserver/fr/articles/{other.slug}/",
        }
    ]


def withhold(article):
    article.withhold()


def embargo(article):
    article.public_from = timezone.now() + timedelta(hours=1)
    article.save()


def kill(article):
    article.kill(note_fr="Retiré.", note_en="Withdrawn.")


@pytest.mark.parametrize("hide", [withhold, embargo, kill])
def test_what_is_not_public_is_no_part_of_a_public_story(client, pair, hide):
    link = pair()
    link.confirm()
    address = link.other.get_absolute_url()
    assert "The reprint" in client.get(address).text

    link.article.refresh_from_db()
    hide(link.article)

    assert "The reprint" not in client.get(address).text
    assert client.get(f"/api/v1/articles/{link.other.slug}/").json()["story"] == []


@pytest.mark.parametrize(
    ("own", "others", "shown"),
    [
        ("full", "full", True),
        ("full", "extract", False),
        ("full", "reference", False),
        ("extract", "full", False),
        ("reference", "full", False),
    ],
)
def test_a_shared_passage_is_shown_where_both_texts_may_be_read(client, pair, own, others, shown):
    link = pair(
        first={"access": own, "body": f"{LONG} {COMMON}."},
        second={"access": others, "body": f"{LONG[::-1]} {COMMON}."},
    )
    link.confirm()

    page = client.get(link.other.get_absolute_url()).text

    assert "The reprint" in page
    assert (f">{COMMON}.</blockquote>" in page) is shown


@pytest.mark.parametrize("others", [1, 3])
def test_pages_take_a_fixed_number_of_queries(
    client, pair, make_article, django_assert_num_queries, others
):
    link = pair()
    link.confirm()
    for _ in range(others - 1):
        more = make_article()
        StoryLink.objects.create(article=more, other=link.article).confirm()

    with django_assert_num_queries(8 + STATE):
        page = client.get(link.other.get_absolute_url()).text
    with django_assert_num_queries(7 + STATE):
        answer = client.get(f"/api/v1/articles/{link.other.slug}/").json()

    assert len(answer["story"]) == page.count('<article class="card">') == others


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_takes_a_fixed_number_of_queries(desk, pair, django_assert_num_queries, rows):
    for _ in range(rows):
        pair()

    with django_assert_num_queries(4):
        answer = desk.get(CHANGELIST, {"waiting": "1"})

    assert len(answer.context["cl"].result_list) == rows


def test_the_queue_holds_what_waits_and_search_reads_both_texts(desk, pair):
    waiting, settled = pair(first={"body": "Un mot : grues."}), pair()
    settled.reject()

    def listed(**asked):
        return list(desk.get(CHANGELIST, asked).context["cl"].result_list)

    assert listed(waiting="1") == [waiting]
    assert listed() == [settled, waiting]
    assert listed(q="grue") == [waiting]


def test_both_texts_stand_side_by_side_with_what_they_share_marked(desk, pair):
    link = pair(second={"body": f"## Titre\n\n<b> {COMMON} ici"})

    page = desk.get(change(link)).text

    assert page.count(f"<mark>{COMMON}.</mark>") == 1
    assert page.count(f"<mark>{COMMON}</mark> ici") == 1
    assert page.index("The wire</a></h2>") < page.index("The reprint</a></h2>")
    assert ("<h3>Titre</h3>" in page, "&lt;b&gt;" in page) == (True, True)
    assert "style=" not in page


@pytest.mark.parametrize(
    ("button", "status", "together"),
    [("_confirm", "confirmed", True), ("_reject", "rejected", False)],
)
def test_an_editor_decides_and_goes_on_to_the_next(
    desk, pair, admin_user, button, status, together
):
    following, link = pair(), pair()

    answer = desk.post(change(link), {button: "1"})

    link.refresh_from_db()
    assert (link.status, link.article.story is not None) == (status, together)
    assert link.history.first().history_user == admin_user
    assert answer.url == change(following)
    assert desk.post(change(following), {button: "1"}).url == CHANGELIST


def test_a_killed_article_is_refused_with_the_reason(desk, pair):
    link = pair()
    kill(link.article)

    page = desk.post(change(link), {"_confirm": "1"}).text

    link.refresh_from_db()
    assert (link.status, "a killed article belongs to no story" in page) == ("suggested", True)


@pytest.mark.parametrize("action", ["confirm", "reject"])
def test_several_links_are_decided_at_once(desk, pair, action):
    chosen = [pair(), pair()]

    act = {"action": action, "_selected_action": [link.pk for link in chosen], "confirmed": "1"}
    desk.post(CHANGELIST, act)

    assert set(StoryLink.objects.values_list("status", flat=True)) == {f"{action}ed"}


@pytest.mark.parametrize("turned", [False, True])
def test_an_editor_links_two_articles_in_either_order(desk, make_article, turned):
    earlier, later = make_article(), make_article()
    ends = (earlier, later) if turned else (later, earlier)

    desk.post(
        reverse("admin:articles_storylink_add"),
        {"article": ends[0].pk, "other": ends[1].pk, "reason": "related"},
    )

    link = StoryLink.objects.get()
    assert (link.article, link.other, link.status) == (later, earlier, "suggested")


def test_an_article_is_not_linked_to_itself_or_twice(desk, pair):
    link = pair()
    add = reverse("admin:articles_storylink_add")
    ends = {"article": link.article_id, "other": link.other_id, "reason": "update"}

    itself = desk.post(add, ends | {"other": link.article_id})
    twice = desk.post(add, ends)

    assert "Choose two different articles." in itself.text
    assert twice.context["errors"]
    assert StoryLink.objects.count() == 1


def test_a_link_is_rejected_and_never_deleted(desk, pair):
    link = pair()

    answer = desk.post(reverse("admin:articles_storylink_delete", args=[link.pk]), {"post": "yes"})

    assert (answer.status_code, StoryLink.objects.count()) == (403, 1)


def test_a_reader_of_the_admin_sees_texts_but_no_buttons(client, pair, make_user):
    link, reader = pair(), make_user(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_storylink"))
    client.force_login(reader)

    page = client.get(change(link)).text

    assert ("<mark>" in page, "_confirm" in page) == (True, False)
    assert client.post(change(link), {"_confirm": "1"}).status_code == 403


def test_the_article_page_names_its_story_and_lets_it_leave(desk, pair):
    link = pair()
    link.confirm()
    page = reverse("admin:articles_article_change", args=[link.other_id])
    assert f'<a href="/admin/articles/article/{link.article_id}/change/">The reprint' in (
        desk.get(page).text
    )

    desk.post(
        reverse("admin:articles_article_changelist"),
        {"action": "leave_story", "_selected_action": [link.other_id]},
    )

    link.refresh_from_db()
    assert (link.status, link.article.story, link.other.story) == ("rejected", None, None)


def test_saving_an_article_leaves_its_story_as_it_is(desk, pair):
    link = pair()
    link.confirm()
    page = reverse("admin:articles_article_change", args=[link.other_id])

    desk.post(page, typed(desk.get(page)) | {"headline": "The wire, mended"})

    link.other.refresh_from_db()
    assert (link.other.headline, link.other.story) == ("The wire, mended", link.article.story)


def test_a_new_wording_from_the_desk_is_compared_at_once(desk, make_article):
    wire, piece = make_article(body=LONG), make_article()
    suggest([wire])
    page = reverse("admin:articles_article_change", args=[piece.pk])

    desk.post(page, typed(desk.get(page)) | {"body": f"{LONG}\r\n\r\nEt voilà."})

    link = StoryLink.objects.get()
    assert (link.article, link.other, link.reason) == (piece, wire, "reprint")


def test_the_delete_page_of_an_article_opens_and_lists_no_fingerprint(desk, make_article):
    piece = make_article(body=LONG)
    suggest([piece])

    page = desk.get(reverse("admin:articles_article_delete", args=[piece.pk]))

    assert (page.status_code, "ingerprint" in page.text) == (200, False)
