import json
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from articles.editing.timeline import moment_of
from articles.models import Article, Correction, Publisher, ReceivedFile, Redaction, Topic, Version
from companies.redaction import redact
from tests.canary import tables_holding
from tests.forms import restoring, typed


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def url(page, *args):
    return reverse(f"admin:articles_{page}", args=args)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def opened(desk, article):
    return typed(desk.get(url("article_change", article.pk)))


@pytest.fixture
def topic(db):
    return Topic.objects.create(code="medtop:04", name_fr="Économie", name_en="Economy")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("model", [Article, Publisher, Topic, Version])
def test_every_page_opens(desk, make_article, topic, model, language):
    make_article()
    name = model._meta.model_name
    record = model.objects.get()
    pages = [url(f"{name}_changelist"), url(f"{name}_change", record.pk)]
    if model is not Version:
        pages += [url(f"{name}_add"), url(f"{name}_delete", record.pk)]
    pages.append(url(f"{name}_history", record.pk))

    answers = [desk.get(page, HTTP_ACCEPT_LANGUAGE=language) for page in pages]

    assert [answer.status_code for answer in answers] == [200] * len(pages)
    assert {answer.headers["Content-Language"] for answer in answers} == {language}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"),
    [
        ("article_changelist", 6),
        ("publisher_changelist", 4),
        ("topic_changelist", 4),
        ("version_changelist", 4),
    ],
)
def test_lists_take_a_fixed_number_of_queries(
    desk, make_article, django_assert_num_queries, page, queries, rows
):
    for number in range(rows):
        make_article()
        Topic.objects.create(code=f"medtop:{number}", name_fr="Sujet", name_en="Topic")

    with django_assert_num_queries(queries):
        response = desk.get(url(page))

    assert len(response.context["cl"].result_list) == rows


def test_search_reads_the_whole_text_and_keeps_the_order(desk, make_article):
    older = make_article(
        body="Un mot : retraits.",
        access=Article.Access.REFERENCE,
        published_at=timezone.now() - timedelta(days=9),
    )
    newer = make_article(body="Un retrait annoncé.")
    make_article(body="Une retraite.")

    response = desk.get(url("article_changelist"), {"q": "retrait"})

    assert list(response.context["cl"].result_list) == [newer, older]


@pytest.mark.parametrize("word", ["ama", "amazon", "AMAZON.", "amazon quit", "Amazon quitte la Ru"])
def test_suggestions_come_while_typing(desk, make_article, word):
    article = make_article(headline="Amazon quitte la Russie")
    make_article(headline="Nike quitte la Russie")

    answer = desk.get(
        reverse("admin:autocomplete"),
        {"app_label": "companies", "model_name": "evidence", "field_name": "article", "term": word},
    )

    assert [row["id"] for row in json.loads(answer.content)["results"]] == [str(article.pk)]


def test_versions_are_suggested_with_their_article(desk, make_article):
    article = make_article(headline="Amazon quitte la Russie")
    make_article(headline="Nike quitte la Russie")

    answer = desk.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "companies",
            "model_name": "evidence",
            "field_name": "version",
            "term": "amaz",
        },
    )

    assert json.loads(answer.content)["results"] == [
        {
            "id": str(article.versions.get().pk),
            "text": "Amazon quitte la Russie · version 1",
        }
    ]


def new_article(issuer, **fields):
    return {
        "headline": "Amazon quitte la Russie",
        "slug": "amazon-quitte-la-russie",
        "standfirst": "",
        "body": "Premier paragraphe.\r\n\r\n\r\n\r\nDeuxième\u200b paragraphe.  ",
        "publisher": str(issuer.pk),
        "wire_id": "",
        "source_url": "https://example.org/amazon",
        "published_at_0": "2022-03-09",
        "published_at_1": "08:30",
        "published_precision": "day",
        "public_from_0": "2022-03-09",
        "public_from_1": "08:30",
        "language": "fr",
        "rights": "unknown",
        "access": "full",
        "mentions-TOTAL_FORMS": "0",
        "mentions-INITIAL_FORMS": "0",
    } | fields


def test_a_new_article_is_cleaned_withheld_and_kept_as_a_version(desk, make_publisher, admin_user):
    publisher = make_publisher()

    desk.post(url("article_add"), new_article(publisher, note="First entry"))

    article = Article.objects.get()
    version = article.versions.get()
    text = "Premier paragraphe.\n\nDeuxième paragraphe."
    assert (article.body, article.status) == (text, "withheld")
    assert article.wire_id == "https://example.org/amazon"
    assert (version.number, version.body, version.note, version.author) == (
        1,
        text,
        "First entry",
        admin_user,
    )
    assert article.history.get().history_user == admin_user


@pytest.mark.parametrize(
    ("fields", "field", "error"),
    [
        (
            {"source_url": ""},
            "wire_id",
            "Give the agency's own id, or the address of the original.",
        ),
        ({"headline": "\u200b"}, "headline", "This field is required."),
        ({"publisher": ""}, "publisher", "This field is required."),
    ],
)
def test_a_new_article_that_lacks_something_is_asked_for_it(
    desk, make_publisher, fields, field, error
):
    response = desk.post(url("article_add"), new_article(make_publisher(), **fields))

    assert response.context["adminform"].form.errors == {field: [error]}
    assert not Article.objects.exists()


@pytest.mark.parametrize("publisher", ["nobody", "9" * 30, "-1"])
def test_a_publisher_that_is_none_is_refused(desk, make_publisher, publisher):
    response = desk.post(url("article_add"), new_article(make_publisher(), publisher=publisher))

    assert list(response.context["adminform"].form.errors) == ["publisher"]


def test_a_changed_wording_is_a_new_version_and_an_unchanged_one_is_not(desk, make_article):
    article = make_article(headline="Before")

    desk.post(url("article_change", article.pk), opened(desk, article) | {"byline": "Somebody"})
    assert article.versions.count() == 1
    desk.post(
        url("article_change", article.pk),
        opened(desk, article) | {"headline": "After", "note": "Typo", "slug": "hostile"},
    )

    assert list(article.versions.values_list("number", "headline", "note")) == [
        (1, "Before", ""),
        (2, "After", "Typo"),
    ]
    article.refresh_from_db()
    assert (article.byline, article.slug) == ("Somebody", "article-1")
    assert list(Article.objects.matching("after")) == [article]


def correction(**fields):
    return {
        "corrections-TOTAL_FORMS": "1",
        "corrections-0-kind": "correction",
        "corrections-0-note_fr": "Le nom est corrigé.",
        "corrections-0-note_en": "The name is corrected.",
        "corrections-0-created_at_0": "2022-03-10",
        "corrections-0-created_at_1": "10:00",
    } | fields


def test_a_correction_goes_with_the_wording_saved_along(desk, make_article):
    article = make_article()

    desk.post(
        url("article_change", article.pk),
        opened(desk, article) | {"headline": "After"} | correction(),
    )

    assert article.corrections.get().version.number == 2


def test_a_kill_is_no_correction_to_be_typed(desk, make_article):
    article = make_article()

    response = desk.post(
        url("article_change", article.pk),
        opened(desk, article) | correction(**{"corrections-0-kind": "kill"}),
    )

    assert response.status_code == 200
    assert "A piece is killed by the action “Kill”, and stays so." in response.text
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("release", "withheld", "usable"),
        ("withhold", "usable", "withheld"),
    ],
)
def test_actions_go_through_the_verbs(desk, make_article, admin_user, action, before, after):
    article = make_article(status=before, body="canary")

    response = desk.post(
        url("article_changelist"), {"action": action, "_selected_action": [article.pk]}
    )

    article.refresh_from_db()
    newest = article.history.first()
    assert article.status == after
    assert (newest.status, newest.history_user) == (after, admin_user)
    assert list(Article.objects.matching_inside("canary")) == [article]
    assert said(response) == [f"{action.capitalize()}: 1 record."]


def test_a_kill_asks_for_the_public_note_and_is_final(desk, make_article):
    article = make_article()
    chosen = {"action": "kill", "_selected_action": [article.pk]}

    asked = desk.post(url("article_changelist"), chosen)
    incomplete = desk.post(
        url("article_changelist"), chosen | {"confirmed": "1", "note_fr": "Retiré."}
    )
    article.refresh_from_db()
    assert (asked.status_code, article.status) == (200, "usable")
    assert incomplete.context["form"].errors == {"note_en": ["This field is required."]}

    notes = {"confirmed": "1", "note_fr": "Retiré.", "note_en": "Withdrawn."}
    desk.post(url("article_changelist"), chosen | notes)
    again = desk.post(
        url("article_changelist"), {"action": "release", "_selected_action": [article.pk]}
    )

    article.refresh_from_db()
    note = article.corrections.get()
    assert (article.status, note.kind, note.note_fr, note.note_en) == (
        "canceled",
        "kill",
        "Retiré.",
        "Withdrawn.",
    )
    assert "“Headline 1” was killed, and stays so." in said(again)


def test_a_redaction_asks_for_its_reason_and_leaves_nothing(desk, make_article, admin_user):
    article = make_article(headline="Zyxcanary", slug="zyxcanary", body="A zyxcanary sings.")
    chosen = {"action": "redact", "_selected_action": [article.pk]}

    asked = desk.post(url("article_changelist"), chosen)
    unexplained = desk.post(url("article_changelist"), chosen | {"confirmed": "1"})
    article.refresh_from_db()
    assert (asked.status_code, article.status) == (200, "usable")
    assert "This can&#x27;t be undone." in asked.text or "This can't be undone." in asked.text
    assert unexplained.context["form"].errors == {"reason": ["This field is required."]}

    done = desk.post(
        url("article_changelist"), chosen | {"confirmed": "1", "reason": "Order 22/123"}
    )
    article.refresh_from_db()
    assert said(done) == ["Redact: 1 record."]
    assert (article.status, article.body) == ("canceled", "")
    assert (article.redaction.reason, article.redaction.author) == ("Order 22/123", admin_user)
    scrubbed = {name for name in tables_holding("zyxcanary") if "_fts" not in name}
    assert scrubbed == set()

    page = desk.get(url("article_change", article.pk))
    assert page.status_code == 200
    assert 'name="_save"' not in page.text
    again = desk.post(url("article_change", article.pk), {"headline": "Back"})
    assert again.status_code == 403


def test_a_version_says_that_its_file_was_blanked_for_anothers_sake(desk, make_article):
    file = ReceivedFile.of(b"Two pieces.")
    file.save()
    articles = [make_article(), make_article()]
    for article in articles:
        article.keep_late(article.wording() | {"body": "Older."}, file=file)
    redact(articles[0], "Order 22/123")

    page = desk.get(url("version_change", articles[1].versions.last().pk))

    assert "Order 22/123" in page.text
    assert "Older." in page.text


@pytest.mark.parametrize("permitted", [True, False])
def test_only_who_may_redact_is_offered_it(client, make_user, make_article, permitted):
    user = make_user(is_staff=True)
    codenames = ["view_article", "change_article", *["redact_article"] * permitted]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    article = make_article()
    chosen = {"action": "redact", "_selected_action": [article.pk], "confirmed": "1"}

    page = client.get(url("article_changelist"))
    client.post(url("article_changelist"), chosen | {"reason": "Order"})

    assert ('value="redact"' in page.text) is permitted
    assert Redaction.objects.exists() is permitted


def test_history_restores_the_fields_and_leaves_the_status(desk, make_article, admin_user):
    article = make_article(headline="Before", body="A text of its own.")
    first = article.history.last()
    article.revise(headline="After")
    article.withhold()
    page = reverse(
        "admin:articles_article_simple_history", args=[article.pk, moment_of(first.history_date)]
    )

    shown = desk.get(page)
    desk.post(page, restoring(shown))

    article.refresh_from_db()
    assert shown.status_code == 200
    assert (article.headline, article.body, article.status) == (
        "Before",
        "A text of its own.",
        "withheld",
    )
    assert article.history.first().history_user == admin_user
    assert list(article.versions.values_list("number", "headline")) == [
        (1, "Before"),
        (2, "After"),
        (3, "Before"),
    ]
    assert list(Article.objects.matching_inside("before")) == [article]


def test_history_says_who_changed_what(desk, make_article, admin_user):
    article = make_article(headline="Before")
    desk.post(url("article_change", article.pk), opened(desk, article) | {"headline": "After"})

    page = desk.get(url("article_history", article.pk)).text

    timeline = page.split('<ol class="timeline">', 1)[1].split("</ol>")[0]
    assert [word in timeline for word in ("admin", "<dt>Headline</dt>")] == [True] * 2
    assert "<del>Before</del>" in timeline and "<ins>After</ins>" in timeline
    assert "style=" not in timeline


@pytest.mark.parametrize("page", ["abc/history/", "1/history/abc/", "abc/history/1/", "0/history/"])
def test_a_history_that_is_none_is_not_found(desk, make_article, page):
    article = make_article()
    assert article.pk

    assert desk.get(f"{url('article_changelist')}{page}").status_code == 404


def test_an_article_with_evidence_cannot_be_deleted(desk, make_article, make_announcement):
    article = make_article()
    make_announcement(article=article)

    shown = desk.get(url("article_delete", article.pk))
    forced = desk.post(url("article_delete", article.pk), {"post": "yes"})
    bulk = desk.post(
        url("article_changelist"),
        {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"},
    )
    with pytest.raises(ProtectedError):
        article.delete()

    assert [answer.status_code for answer in (shown, forced, bulk)] == [200] * 3
    assert "would require deleting the following protected related objects" in forced.text
    assert "would require deleting the following protected related objects" in bulk.text
    assert 'class="deletelink"' not in desk.get(url("article_change", article.pk)).text
    assert Article.objects.filter(pk=article.pk).exists()


@pytest.mark.parametrize(("status", "shown"), [("usable", True), ("withheld", False)])
def test_view_on_site_is_offered_once_the_page_is_public(desk, make_article, status, shown):
    article = make_article(status=status)

    page = desk.get(url("article_change", article.pk)).text

    assert (f'href="{article.get_absolute_url()}"' in page) is shown


def test_the_list_shows_the_day_of_the_archives_place(desk, make_article):
    midnight = timezone.make_aware(datetime(2022, 3, 9))
    make_article(published_at=midnight)

    assert "9 March 2022" in desk.get(url("article_changelist")).text
