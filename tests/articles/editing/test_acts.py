import json
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from articles.editing import undo as take_back
from articles.editing.remembering import noting
from articles.models import Act, Article, Story, StoryLink
from companies.models import Announcement, Assessment, Company, CompanyName, Mention, TrackerRow

LIST = reverse("admin:companies_mention_changelist")


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def act(desk, records, action, page=LIST, **data):
    keys = [record.pk for record in records]
    return desk.post(page, {"action": action, "_selected_action": keys} | data)


def undo(desk, act=None):
    act = act or Act.objects.first()
    return desk.post(reverse("admin:articles_act_undo", args=[act.pk]))


def statuses(model=Mention):
    return list(model.objects.order_by("pk").values_list("status", flat=True))


@pytest.fixture
def mentions(make_article, make_company):
    def make(number):
        company = make_company()
        return [
            Mention.objects.create(article=make_article(), company=company) for _ in range(number)
        ]

    return make


def test_one_record_is_done_at_once(desk, mentions):
    response = act(desk, mentions(1), "confirm")

    assert said(response) == ["Confirm: 1 record."]
    assert statuses() == ["confirmed"]


def test_several_are_asked_about_first(desk, mentions):
    several = mentions(3)

    asked = act(desk, several, "confirm")

    assert (asked.status_code, statuses(), Act.objects.count()) == (200, ["suggested"] * 3, 0)
    assert (asked.context["count"], asked.context["more"]) == (3, 0)
    assert "Confirm · <strong>3 mentions</strong>" in asked.text
    assert all(str(mention) in asked.text for mention in several)

    done = act(desk, several, "confirm", confirmed="1", count="3")
    assert said(done) == ["Confirm: 3 records."]
    assert statuses() == ["confirmed"] * 3


def test_what_would_be_refused_is_said_before_and_what_was_done_after(desk, make_article):
    articles = [make_article(status="withheld", rights="unknown") for _ in range(4)]
    cleared = make_article(status="withheld")
    several, page = [*articles, cleared], reverse("admin:articles_article_changelist")
    reason = "The rights of “…” aren't cleared."
    named = ", ".join(article.headline for article in articles[:0:-1])  # the newest first

    asked = unescape(act(desk, several, "release", page).text)
    done = act(desk, several, "release", page, confirmed="1", count="5")
    none = unescape(act(desk, articles, "release", page).text)
    clears = unescape(act(desk, several, "clear_rights", page).text)
    told = said(act(desk, several, "clear_rights", page, confirmed="1", count="5"))

    assert "It is done to 1 of these." in asked and f"<li>{reason}" in asked
    assert [text.count("(× 4)") for text in (asked, *said(done))] == [1, 1, 0]
    assert named in said(done)[0] and said(done)[1] == "Release: 1 record."
    assert "It would change none of these." in none
    assert ['value="Release"' in text for text in (asked, none)] == [True, False]
    assert "It is done to 4 of these. 1 record is so already." in clears
    assert told == ["1 record is so already.", "Clear the rights: 4 records."]
    assert cleared.history.count() == 2  # made and released: what was so already isn't noted
    assert set(Act.objects.values_list("count", flat=True)) == {1, 4}


def test_all_pages_are_counted_and_need_one_key_alone(desk, mentions):
    several = mentions(60)

    asked = act(desk, several[:50], "confirm", select_across="1")
    assert (asked.context["count"], asked.context["more"]) == (60, 40)
    assert asked.text.count('name="_selected_action"') == 1
    act(desk, several[:1], "confirm", select_across="1", confirmed="1", count="60")

    assert statuses() == ["confirmed"] * 60
    assert Act.objects.get().count == 60


def test_a_number_that_has_changed_is_asked_again(desk, mentions):
    several = mentions(3)

    asked = act(desk, several, "confirm", select_across="1", confirmed="1", count="2")

    assert "Meanwhile their number has changed." in asked.text
    assert statuses() == ["suggested"] * 3


def test_the_message_undoes_and_a_second_time_nothing_is_left(desk, mentions, admin_user):
    several = mentions(3)
    several[1].reject()
    page = act(desk, several, "confirm", confirmed="1").wsgi_request
    noted = Act.objects.get()

    shown = desk.get(LIST)
    assert f'action="{reverse("admin:articles_act_undo", args=[noted.pk])}"' in shown.text
    assert page.method == "POST"
    first, second = undo(desk), undo(desk)

    noted.refresh_from_db()
    assert statuses() == ["suggested", "rejected", "suggested"]
    assert "Confirm undone: 3 records." in said(first)
    assert said(second)[-1] == "It was undone already."
    assert (noted.undone_by, noted.undone_at is None) == (admin_user, False)
    newest = several[0].history.first()
    assert (newest.history_user, newest.history_change_reason) == (admin_user, "Undone")
    logged = LogEntry.objects.filter(object_id=str(several[0].pk)).order_by("pk").last()
    assert json.loads(logged.change_message or "[]") == ["Undone"]


def test_what_was_changed_since_is_named_and_left(desk, mentions):
    several = mentions(2)
    act(desk, several, "confirm", confirmed="1")
    several[0].refresh_from_db()
    several[0].role = Mention.Role.SUBJECT
    several[0].save()

    response = undo(desk)

    assert statuses() == ["confirmed", "suggested"]
    assert f"{several[0]}: changed since, so it was left as it is" in said(response)
    assert Act.objects.get().undone_at is None


def test_a_refused_record_is_no_part_of_the_act(desk, make_article):
    killed, free = make_article(), make_article(status="withheld")
    killed.kill(note_fr="Retiré.", note_en="Withdrawn.")
    page = reverse("admin:articles_article_changelist")

    response = act(desk, [killed, free], "release", page, confirmed="1")
    undo(desk)

    assert f"“{killed.headline}” was killed, and stays so." in said(response)
    assert Act.objects.get().count == 1
    assert statuses(Article) == ["canceled", "withheld"]


def test_a_rule_that_forbids_undoing_is_named(desk, make_article):
    article = make_article(rights="unknown", status="withheld")
    page = reverse("admin:articles_article_changelist")
    act(desk, [article], "clear_rights", page)
    article.refresh_from_db()
    Article.objects.get(pk=article.pk).release()

    response = undo(desk)

    article.refresh_from_db()
    assert (article.rights, article.status) == ("cleared", "usable")
    assert f"{article}: changed since, so it was left as it is" in said(response)


@pytest.mark.parametrize(
    ("action", "model"), [("kill", Article), ("publish", Announcement), ("retract", Announcement)]
)
def test_what_cannot_be_undone_says_so_before(desk, make_announcement, action, model):
    drafts = [make_announcement(publish=action != "publish") for _ in range(2)]
    chosen = drafts if model is Announcement else [d.evidence.get().article for d in drafts]
    page = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")

    asked = act(desk, chosen, action, page)
    notes = {"note_fr": "Oui.", "note_en": "Yes."}
    done = act(desk, chosen, action, page, confirmed="1", **notes)
    before = statuses(model)
    undone = undo(desk)

    assert "can't be undone" in unescape(asked.text)
    assert [message.extra_tags for message in get_messages(done.wsgi_request)] == [""]
    assert statuses(model) == before
    assert "can't be undone" in said(undone)[-1]
    assert Act.objects.get().final


def test_a_confirmed_link_is_taken_back_with_its_story(desk, make_article):
    articles = [make_article() for _ in range(3)]
    links = [
        StoryLink.objects.create(article=articles[later], other=articles[0]) for later in (1, 2)
    ]
    page = reverse("admin:articles_storylink_changelist")
    act(desk, links[:1], "confirm", page)
    act(desk, links[1:], "confirm", page)
    assert Article.objects.exclude(story=None).count() == 3

    first = Act.objects.last()
    undo(desk, first)
    assert statuses(StoryLink) == ["suggested", "confirmed"]
    assert set(Article.objects.exclude(story=None)) == {articles[0], articles[2]}
    undo(desk, Act.objects.first())
    assert statuses(StoryLink) == ["suggested", "suggested"]
    assert not (Story.objects.exists() or Article.objects.exclude(story=None).exists())


def test_a_decision_on_a_trackers_row_is_taken_back_by_its_verb(desk, make_company, make_publisher):
    company = make_company()
    row = TrackerRow.objects.create(
        assessor=make_publisher(),
        assessed_on="2025-05-21",
        market="RU",
        name="Amazon",
        grade="B",
        line=2,
        why="unknown",
        candidates=[company.pk],
    )
    page = reverse("admin:companies_trackerrow_changelist")

    act(desk, [row], "match_suggested", page)
    assert (statuses(TrackerRow), Assessment.objects.count()) == (["matched"], 1)
    undo(desk)

    assert (statuses(TrackerRow), Assessment.objects.count()) == (["open"], 0)


def test_deleted_records_come_back_with_all_that_went_along(desk, make_company, make_article):
    companies = [make_company(name="Lumina"), make_company(name="Solano")]
    for company in companies:
        company.names.create(name=f"{company} SA")
        Mention.objects.create(article=make_article(), company=company, status="rejected")
    page = reverse("admin:companies_company_changelist")
    was = list(CompanyName.objects.order_by("pk").values_list("pk", "company", "name", "search"))

    act(desk, companies, "delete_selected", page, post="yes")
    assert not (
        Company.objects.exists() or CompanyName.objects.exists() or Mention.objects.exists()
    )
    undo(desk)

    assert list(Company.objects.matching("lumina")) == [companies[0]]
    assert (
        list(CompanyName.objects.order_by("pk").values_list("pk", "company", "name", "search"))
        == was
    )
    assert statuses() == ["rejected", "rejected"]


def test_one_deleted_on_its_page_can_come_back_too(desk, make_announcement):
    draft = make_announcement(publish=False)
    was = draft.snapshot()

    desk.post(reverse("admin:companies_announcement_delete", args=[draft.pk]), {"post": "yes"})
    assert not Announcement.objects.exists()
    undo(desk)

    assert Announcement.objects.get().snapshot() == was


def test_protected_ones_are_named_and_nothing_is_deleted(desk, make_announcement):
    companies = [make_announcement().company, make_announcement().company]
    page = reverse("admin:companies_company_changelist")

    response = act(desk, companies, "delete_selected", page, post="yes")

    assert "would require deleting the following protected related objects" in response.text
    assert Company.objects.count() == 2
    assert not Act.objects.exists()


@pytest.mark.parametrize(
    ("own", "codenames", "status"),
    [
        (True, ["change_mention"], 302),
        (True, ["view_mention"], 403),
        (False, ["change_mention"], 403),
        (False, ["change_mention", "restore_record"], 302),
        (False, ["restore_record"], 404),  # nothing of these records is theirs to see
    ],
)
def test_who_may_undo(client, editor, admin_user, mentions, own, codenames, status):
    user = editor(*codenames)
    client.force_login(admin_user)
    act(client, mentions(1), "confirm")
    noted = Act.objects.get()
    noted.user = user if own else admin_user
    noted.save()
    client.force_login(user)

    response = undo(client, noted)

    assert response.status_code == status
    assert (statuses() == ["suggested"]) is (status == 302)


def test_undo_takes_no_get_and_no_hostile_key(desk, mentions):
    act(desk, mentions(1), "confirm")
    address = reverse("admin:articles_act_undo", args=[Act.objects.get().pk])

    assert desk.get(address).status_code == 405
    for key in ("x", "9" * 30, "0"):
        assert desk.post(reverse("admin:articles_act_undo", args=[key])).status_code == 404
    assert statuses() == ["confirmed"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_of_acts_and_each_act_open(desk, mentions, language):
    act(desk, mentions(3), "confirm", confirmed="1")
    address = reverse("admin:articles_act_change", args=[Act.objects.get().pk])

    pages = [
        desk.get(page, HTTP_ACCEPT_LANGUAGE=language)
        for page in (reverse("admin:articles_act_changelist"), address, LIST)
    ]

    assert [page.status_code for page in pages] == [200] * 3
    assert all(str(mention) in unescape(pages[1].text) for mention in Mention.objects.all())


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("page", "queries"), [("changelist", 8), ("change", 13)])
def test_pages_of_acts_take_a_fixed_number_of_queries(
    desk, mentions, django_assert_num_queries, page, queries, rows
):
    for _row in range(rows):
        act(desk, mentions(rows + 1), "confirm", confirmed="1")
    args = [Act.objects.first().pk] if page == "change" else []
    desk.get(LIST)  # shows the messages
    ContentType.objects.clear_cache()

    with django_assert_num_queries(queries):
        assert desk.get(reverse(f"admin:articles_act_{page}", args=args)).status_code == 200


def test_each_record_costs_an_act_four_statements(desk, mentions):
    """Its savepoint's two, its row, its history."""
    spent = []
    for number in (5, 10, 20):
        several = mentions(number)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            act(desk, several, "confirm", confirmed="1")
        spent.append(len(queries))

    assert spent[2] - spent[1] == 4 * 10


def test_each_record_costs_an_undo_seven_statements(desk, mentions):
    """Two savepoints' four, the record itself, its row, its history."""
    spent = []
    for number in (5, 10, 20):
        act(desk, mentions(number), "confirm", confirmed="1")
        with CaptureQueriesContext(connection) as queries:
            undo(desk)
        spent.append(len(queries))

    assert spent[2] - spent[1] == 7 * 10


@pytest.mark.parametrize(("added", "left"), [(False, False), (True, True)])
def test_what_an_act_made_goes_unless_something_was_added(make_company, added, left):
    with noting() as written:
        company = make_company()
    kind = ContentType.objects.get_for_model(Company)
    [(_model, key, line)] = written
    made = Act.objects.create(content_type=kind, action="make", count=1)
    made.rows.create(place=0, content_type=kind, key=key, first=line, last=line)
    if added:
        company.names.create(name="Lumina")

    with override("en"):
        result = take_back(made)

    assert Company.objects.filter(pk=key).exists() is left
    assert len(result.left) == left
    assert all(reason.endswith("something was added to it since") for _n, reason in result.left)
