import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from articles.editing.timeline import moment_of
from articles.models import Article
from companies.models import Announcement
from newsroom.admin import EditorialSite

MANY_WORDS = " ".join(f"word{number}" for number in range(3_000))
INLINE = re.compile(r"""\sstyle=["']|\son\w+=["']|<style\b|<script(?![^>]*\ssrc=)""")


@pytest.fixture
def pages(make_announcement):
    """One address of each kind of page, and of each model's list."""
    announcement = make_announcement()
    article = announcement.evidence.get().article
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    records = [
        reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=args)
        for record in (article, announcement)
        for page, args in (
            ("add", ()),
            ("change", (record.pk,)),
            ("history", (record.pk,)),
            ("delete", (record.pk,)),
            ("simple_history", (record.pk, moment_of(timezone.now()))),
        )
    ]
    return [reverse("admin:index"), *lists, *records]


def test_no_page_needs_what_the_security_policy_refuses(admin_client, pages):
    answers = [admin_client.get(page) for page in pages]

    assert {answer.status_code for answer in answers} == {200}
    assert all(
        "default-src 'self'" in answer.headers["Content-Security-Policy"].split("; ")
        for answer in answers
    )
    assert [
        (page, found.group())
        for page, answer in zip(pages, answers, strict=True)
        for found in [INLINE.search(answer.text)]
        if found
    ] == []


def test_the_public_note_page_needs_nothing_inline_either(admin_client, make_article):
    article = make_article()

    answer = admin_client.post(
        reverse("admin:articles_article_changelist"),
        {"action": "kill", "_selected_action": [article.pk]},
    )

    assert 'name="note_fr"' in answer.text
    assert INLINE.search(answer.text) is None


@pytest.mark.parametrize(
    ("languages", "words"),
    [
        ("fr-FR,fr;q=0.9", 'lang="fr"'),
        ("en-GB,en;q=0.9", 'lang="en"'),
        ("de", 'lang="fr"'),
    ],
)
def test_the_admin_speaks_the_editors_language(client, languages, words):
    page = client.get(reverse("admin:login"), HTTP_ACCEPT_LANGUAGE=languages).text

    assert words in page
    assert '<a href="/admin/">Exeunt</a>' in page


def test_records_are_edited_under_our_name_alone(client, make_announcement):
    announcement = make_announcement()
    page = reverse("admin:companies_announcement_change", args=[announcement.pk])

    answer = client.get(page)

    assert isinstance(admin.site._wrapped, EditorialSite)
    assert {Article, Announcement} <= set(admin.site._registry)
    assert (answer.status_code, answer.url) == (302, f"/admin/login/?next={page}")


@pytest.mark.parametrize(
    "words", ["\0", '"', "NEAR(", "*", "²", MANY_WORDS, "9" * 40, "x" * 60_000]
)
def test_no_list_or_suggestion_fails_on_hostile_words(admin_client, pages, words):
    suggestions = reverse("admin:autocomplete")
    fields = [
        ("companies", "evidence", "article"),
        ("companies", "evidence", "version"),
        ("companies", "measure", "activity"),
        ("companies", "announcement", "company"),
        ("articles", "article", "publisher"),
        ("articles", "article", "topics"),
    ]
    asked = [(page, {"q": words}) for page in pages] + [
        (
            suggestions,
            {
                "app_label": app,
                "model_name": model,
                "field_name": field,
                "term": words,
                "announcement": words[:40],
            },
        )
        for app, model, field in fields
    ]

    assert {admin_client.get(page, data).status_code for page, data in asked} == {200}


@pytest.mark.parametrize("key", ["", "x", "-1", "²", "9" * 40])
@pytest.mark.parametrize("page", ["articles_article", "auth_user"])
def test_no_action_fails_on_a_hostile_key(admin_client, make_article, page, key):
    make_article()

    answer = admin_client.post(
        reverse(f"admin:{page}_changelist"),
        {"action": "delete_selected", "_selected_action": [key], "post": "yes"},
    )

    assert answer.status_code == 302
    assert Article.objects.count() == 1


@pytest.mark.parametrize("year", ["0", "99999", "9" * 30, "\0"])
def test_no_hostile_year_breaks_a_list(admin_client, year):
    page = reverse("admin:articles_article_changelist")

    answer = admin_client.get(page, {"published_at__year": year})

    assert (answer.status_code, answer.url) == (302, f"{page}?e=1")


@pytest.mark.parametrize("value", ["9" * 20, f"1,{'9' * 20}", "\0"])
@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("companies_company", "parent"),
        ("companies_company", "parent__in"),
        ("companies_company", "merged_into"),
        ("companies_trackerrow", "assessor"),
        ("articles_import", "publisher"),
        ("articles_receipt", "run__publisher"),
        ("articles_act", "content_type"),
        ("articles_article", "headline__regex"),
        ("articles_article", "published_at__range"),
        ("auth_user", "groups"),
    ],
)
def test_a_filter_that_no_database_takes_is_answered_as_other_bad_ones(
    admin_client, make_announcement, page, name, value
):
    make_announcement()
    page = reverse(f"admin:{page}_changelist")

    answer = admin_client.get(page, {name: value})

    assert (answer.status_code, answer.url) == (302, f"{page}?e=1")


def test_accounts_are_found_by_several_words(admin_client, django_user_model):
    ana = django_user_model.objects.create_user("ana", first_name="Ana", last_name="Silva")
    django_user_model.objects.create_user("bea", first_name="Bea", last_name="Silva")

    answer = admin_client.get(reverse("admin:auth_user_changelist"), {"q": "silva ana"})

    assert list(answer.context["cl"].result_list) == [ana]
