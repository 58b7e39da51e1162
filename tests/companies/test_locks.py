"""Editors and searches that write at the same moment, where rows are locked one by one."""

import time
from threading import Thread

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from articles.editing.timeline import moment_of
from articles.models import Article
from companies.decisions import decide
from companies.mentions import recognise
from companies.models import Announcement, Placement, Suggestion
from companies.models.suggestion import BEING_SAVED
from companies.suggestions import suggest
from tests.forms import restoring, typed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(admin_client):
    if connection.vendor != "postgresql":
        pytest.skip("only on PostgreSQL: elsewhere one writes at a time")
    return admin_client


def while_it_waits(desk, page, data, write, begin=lambda *articles: None):
    """Hold the articles, as a search does, and begin; let an editor send a form, and once that
    waits for us, write. Returns the answers."""
    answers = []

    def send():
        try:
            answers.append(desk.post(page, data))
        finally:
            connection.close()

    editor = Thread(target=send)
    with transaction.atomic():
        articles = list(Article.objects.select_for_update().order_by("pk"))
        begin(*articles)
        editor.start()
        while editor.is_alive() and not waiting():
            time.sleep(0.01)
        write(*articles)
    editor.join()
    return answers


def waiting():
    """Whether somebody waits for us: others of the server wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks "
            "WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone()


@pytest.mark.parametrize("by", ["list", "form"])
def test_a_suggestion_is_accepted_while_its_article_is_looked_through(
    desk, make_article, make_company, by
):
    make_company(name="Boréal")
    article = make_article(body="Boréal a suspendu la vente de grains en Russie.", language="fr")
    recognise([article])
    [suggestion] = suggest([article])[article]
    page = reverse("admin:companies_suggestion_changelist")
    data = {"action": "accept", "_selected_action": [suggestion.pk]}
    if by == "form":
        page = reverse("admin:companies_suggestion_change", args=[suggestion.pk])
        data = typed(desk.get(page)) | {"_accept": "1"}

    [answer] = while_it_waits(desk, page, data, lambda article: suggest([article]))

    assert answer.status_code == 302
    assert Announcement.objects.get() == Suggestion.objects.get().announcement


def test_mentions_are_decided_while_their_articles_are_searched(desk, make_article, make_company):
    """Each that is written down is counted with its article, whatever their order."""
    boreal, zorgu = make_company(name="Boréal"), make_company(name="Zorgu")
    recognise([make_article(body="Boréal et Zorgu partent.") for _time in range(2)])
    mine = list(boreal.mentions.order_by("-pk").values_list("pk", flat=True))
    page = reverse("admin:companies_mention_changelist")
    data = {"action": "confirm", "_selected_action": mine, "confirmed": "1"}

    def search(article):
        article.mentions.get(company=zorgu).save()

    answers = while_it_waits(
        desk, page, data, lambda first, second: search(second), lambda first, second: search(first)
    )

    assert [answer.status_code for answer in answers] == [302]
    assert {each.status for each in boreal.mentions.all()} == {"confirmed"}


def test_an_announcement_is_saved_while_its_passages_are_placed(desk, make_announcement):
    announcement = make_announcement(publish=False)
    evidence = announcement.evidence.get()
    page = reverse("admin:companies_announcement_change", args=[announcement.pk])
    data = typed(desk.get(page)) | {"title_en": "Another title"}

    def place(article):
        Placement.objects.create(
            evidence=evidence, version=article.current_version(), state=Placement.State.GONE
        )

    [answer] = while_it_waits(desk, page, data, place)

    announcement.refresh_from_db()
    assert (answer.status_code, announcement.title_en) == (302, "Another title")


@pytest.mark.parametrize("made", [False, True])
def test_what_is_being_saved_is_neither_joined_nor_undone(
    desk, admin_user, make_article, make_company, make_announcement, made
):
    """Who saves it waits for the article, which is held here: one of the two must not wait."""
    boreal = make_company(name="Boréal")
    article = make_article(body="Boréal a suspendu la vente de grains en Russie.", language="fr")
    recognise([article])
    [suggestion] = suggest([article])[article]
    if made:
        draft = suggestion.accept()
        act = {"act": "ask", "seen": "accepted"}
    else:
        today = timezone.localdate()
        draft = make_announcement(boreal, day=today, article=article, publish=False)
        act = {"act": "join", "seen": "open", "into": str(draft.pk)}
    page = reverse("admin:companies_announcement_change", args=[draft.pk])
    data = typed(desk.get(page)) | {"title_en": "Another title"}

    def decided(article):
        return decide(article, admin_user, kind="suggestion", key=suggestion.pk, **act)

    outcomes = []
    [answer] = while_it_waits(desk, page, data, lambda article: outcomes.append(decided(article)))

    draft.refresh_from_db()
    assert [(each.code, each.said) for each in outcomes] == [(423, str(BEING_SAVED))]
    assert (answer.status_code, draft.title_en) == (302, "Another title")
    assert decided(article).code == (422 if made else 200)


def test_what_is_saved_while_an_earlier_state_is_restored_is_not_lost(desk, make_article):
    desk.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    article = make_article(headline="First")
    moment = moment_of(article.history.first().history_date)
    article.revise(headline="Second")
    page = reverse("admin:articles_article_simple_history", args=[article.pk, moment])
    data = restoring(desk.get(page))

    [answer] = while_it_waits(desk, page, data, lambda article: article.revise(headline="Third"))

    article.refresh_from_db()
    assert article.headline == "Third"
    assert "Meanwhile it was changed." in answer.text
