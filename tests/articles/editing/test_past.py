from datetime import timedelta
from html import unescape

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from articles.archive import archive
from articles.editing.remembering import differing
from articles.editing.timeline import moment_of
from articles.models import Article, Publisher, StoryLink
from articles.stories import suggest
from articles.wire import WireItem
from companies import suggestions
from companies.mentions import recognise
from companies.models import (
    Announcement,
    Company,
    CorrectionRequest,
    Evidence,
    Measure,
    Mention,
    Placement,
    Reply,
)
from companies.placements import place
from companies.redaction import redact
from starter.loader import load
from tests.forms import restoring, typed

WITH_HISTORY = [model for model in apps.get_models() if hasattr(model, "history")]
NOTES = {"note_fr": "Repris.", "note_en": "Back."}


def url(record, page, *args):
    name = type(record)._meta.label_lower.replace(".", "_")
    return reverse(f"admin:{name}_{page}", args=[record.pk, *args])


def now():
    return moment_of(timezone.now())


def change(desk, record, **fields):
    page = url(record, "change")
    return desk.post(page, typed(desk.get(page)) | fields)


def saves(desk, record):
    return list(desk.get(url(record, "history")).context["page"])


def said(save):
    """Each record of a save: its kind, its name, its fields' old and new values."""
    return [
        (told.kind, told.what, {field.label: (field.old, field.new) for field in told.fields})
        for told in save.told
    ]


def lines():
    """All history there is, to compare."""
    return {model: model.history.count() for model in WITH_HISTORY}


def restore(desk, record, moment, **data):
    page = url(record, "simple_history", moment)
    return desk.post(page, restoring(desk.get(page)) | data)


def test_every_record_with_history_has_a_timeline(admin_user):
    request = RequestFactory().get("/")
    request.user = admin_user
    registry = admin.site._registry
    told = set()
    for model in registry.keys() & set(WITH_HISTORY):
        told |= {source.model for source in registry[model].sources(request, model(pk=1))}

    assert set(WITH_HISTORY) - told == set()


def test_a_save_is_told_with_its_parts(desk, make_announcement, admin_user):
    announcement = make_announcement(publish=False, title_en="Before")
    announcement.replies.create(asked_on="2022-03-09")
    measure = announcement.measures.get()

    change(
        desk,
        announcement,
        title_en="After",
        **{"measures-0-stage": "completed", "replies-0-DELETE": "on"},
    )

    newest = saves(desk, announcement)[0]
    measure.refresh_from_db()
    assert (newest.user, newest.reason) == (admin_user, "")
    assert sorted(said(newest), key=str) == sorted(
        [
            ("~", "", {"Title in English": ("Before", "After")}),
            ("~", f"Measure: {measure}", {"Stage": ("In effect", "Completed")}),
            (
                "-",
                f"Reply: {announcement.company}, 2022-03-09",
                {"Asked on": ("9 March 2022", "")},
            ),
        ],
        key=str,
    )


def test_a_long_text_is_told_by_its_words(desk, make_article):
    start = "The company said on Wednesday that it suspends its shipments to Russia and Belarus"
    article = make_article(abstract_en=f"{start} at once.", body=f"{start}.\n\nNothing more.")
    article.revise(abstract_en=f"{start} in May.", body=f"{start} today.\n\nNothing more.")

    page = unescape(desk.get(url(article, "history")).text)

    assert "and Belarus<del> at once.</del><ins> in May.</ins>" in page
    assert "<del> Belarus.</del><ins> Belarus today.</ins>" in page
    assert "Version 2" in page


def test_imports_and_the_starter_archive_are_named(desk, make_publisher):
    item = WireItem(wire_id="a:1", headline="Lumina part", published_at=timezone.now())
    article = archive(item, make_publisher()).article
    load(say=lambda line: None)

    told = saves(desk, article)[-1]
    loaded = saves(desk, Announcement.objects.first())[-1]
    french = desk.get(url(article, "history"), HTTP_ACCEPT_LANGUAGE="fr")

    assert (told.user, told.reason, told.why) == (None, "Import", "Import")
    assert (loaded.user, loaded.reason) == (None, "Starter archive")
    published = saves(desk, Announcement.objects.first())[0]
    assert [told.what for told in published.told] == ["", "Edition 1"]
    assert published.reason == "Starter archive"
    assert french.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("kind", "queries"), [("announcement", 19), ("article", 16)])
def test_a_timeline_takes_a_fixed_number_of_queries(
    desk,
    make_announcement,
    make_article,
    make_company,
    django_assert_num_queries,
    kind,
    queries,
    rows,
):
    announcement = make_announcement(publish=False)
    for number in range(rows):
        announcement.measures.create(
            market="BY",
            action="exit",
            activity=announcement.company.activities.create(
                name_fr=f"A{number}", name_en=f"A{number}"
            ),
        )
        announcement.evidence.create(article=make_article(), paraphrase_fr="A", paraphrase_en="A")
        announcement.replies.create(asked_on="2022-03-09")
        announcement.title_en = f"Title {number}"
        announcement.save()
    announcement.publish()
    article = announcement.evidence.first().article
    for number in range(rows):
        Mention.objects.create(article=article, company=make_company()).confirm()
        article.revise(body=f"Text {number}")
    record = announcement if kind == "announcement" else article
    ContentType.objects.clear_cache()

    with django_assert_num_queries(queries):
        response = desk.get(url(record, "history"))

    assert len(response.context["page"]) > rows


def test_a_long_timeline_has_pages_and_tells_each_line_once(desk, make_company):
    company = make_company(name="Lumina 0")
    for number in range(1, 120):
        company.name = f"Lumina {number}"
        company.save()

    pages = [
        [
            told
            for save in desk.get(url(company, "history"), {"p": p}).context["page"]
            for told in save.told
        ]
        for p in (1, 2, 3)
    ]

    names = [
        field.new
        for page in pages
        for told in page
        for field in told.fields
        if field.label == "Name"
    ]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert names == [f"Lumina {number}" for number in range(119, -1, -1)]


def test_an_earlier_state_comes_back_with_its_parts(desk, make_announcement, admin_user):
    announcement = make_announcement(publish=False, title_en="Before")
    announcement.replies.create(asked_on="2022-03-09")
    was, then = announcement.snapshot(), now()
    announcement.title_en = "After"
    announcement.save()
    kept = announcement.measures.get()
    kept.stage = "completed"
    kept.save()
    announcement.measures.create(market="BY", action="exit")
    announcement.evidence.all().delete()
    announcement.replies.all().delete()

    page = desk.get(url(announcement, "simple_history", then))
    kinds = [(c.kind, c.model) for c, chosen in page.context["changes"] if chosen]
    before = lines()
    assert kinds == [
        ("changed", Announcement),
        ("changed", Measure),
        ("goes", Measure),
        ("returns", Evidence),
        ("returns", Reply),
    ]
    assert lines() == before  # a look writes nothing
    response = desk.post(page.request["PATH_INFO"], restoring(page))

    announcement.refresh_from_db()
    assert response.status_code == 302
    assert announcement.snapshot() == was
    assert announcement.replies.count() == 1
    newest = announcement.history.first()
    assert (newest.history_user, newest.history_change_reason) == (
        admin_user,
        "Earlier state restored",
    )
    again = desk.get(url(announcement, "simple_history", then))
    assert again.context["changes"] == []


def test_what_is_not_chosen_stays(desk, make_announcement):
    announcement = make_announcement(publish=False, title_en="Before", buyer="Before")
    then = now()
    announcement.title_en, announcement.buyer = "After", "After"
    announcement.save()
    chosen = f"changed-announcement-{announcement.pk}-buyer"

    restore(desk, announcement, then, change=[chosen])

    announcement.refresh_from_db()
    assert (announcement.title_en, announcement.buyer) == ("After", "Before")


def test_a_published_one_asks_for_the_note_and_gets_an_edition(desk, make_announcement, admin_user):
    announcement = make_announcement(buyer="Before")
    then = now()
    announcement.buyer = "After"
    announcement.save()
    announcement.amend(**NOTES)

    asked = restore(desk, announcement, then)
    announcement.refresh_from_db()
    assert (asked.status_code, announcement.buyer) == (200, "After")
    assert asked.context["form"].errors.keys() == {"note_fr", "note_en"}
    restore(desk, announcement, then, **NOTES)

    announcement.refresh_from_db()
    edition = announcement.editions.last()
    assert (announcement.buyer, announcement.status) == ("Before", "published")
    assert (edition.number, edition.note_en, edition.made_by) == (3, "Back.", admin_user)


def test_the_only_support_may_be_exchanged_for_the_earlier_one(
    desk, make_announcement, make_article
):
    announcement = make_announcement()
    was, then = announcement.snapshot(), now()
    other = announcement.evidence.create(
        article=make_article(), paraphrase_fr="Autre.", paraphrase_en="Other."
    )
    announcement.evidence.exclude(pk=other.pk).delete()
    # and a market whose measure was made anew
    announcement.measures.all().delete()
    announcement.measures.create(market="RU", action="exit")
    announcement.amend(**NOTES)

    response = restore(desk, announcement, then, **NOTES)

    assert response.status_code == 302
    assert announcement.snapshot() == was


def test_a_refusal_names_the_reason_and_loses_nothing(desk, make_announcement, make_article):
    announcement = make_announcement(evidence=False, publish=False, title_en="Before")
    then = now()
    announcement.evidence.create(article=make_article(), paraphrase_fr="Oui.", paraphrase_en="Yes.")
    announcement.title_en = "After"
    announcement.save()
    announcement.publish()
    was, history = announcement.snapshot(), lines()

    response = restore(desk, announcement, then, **NOTES)

    announcement.refresh_from_db()
    assert "A published announcement needs supporting evidence" in unescape(response.text)
    assert 'value="Back."' in response.text or ">Back.</textarea>" in response.text.replace(
        "\n", ""
    )
    assert (announcement.snapshot(), lines()) == (was, history)


def test_evidence_whose_article_was_redacted_since_comes_back_blank(
    desk, make_announcement, make_article
):
    article = make_article(body="They zyxcanary left.")
    announcement = make_announcement(publish=False)
    passage = Evidence(announcement=announcement, article=article, exact="They zyxcanary left.")
    passage.full_clean()
    passage.save()
    then = now()
    passage.delete()
    redact(article, "Order 22/123")

    page = desk.get(url(announcement, "simple_history", then))
    restore(desk, announcement, then)

    back = announcement.evidence.get(article=article)
    timeline = desk.get(url(announcement, "history")).text
    assert (back.exact, back.prefix, back.start) == ("[…]", "", 0)
    assert "zyxcanary" not in page.text + timeline
    assert "Comes back" in page.text


def test_a_redacted_piece_is_not_restored(desk, make_article):
    article = make_article(headline="Zyxcanary")
    then = now()
    redact(article, "Order 22/123")
    page = url(article, "simple_history", then)

    shown = desk.get(page)
    posted = desk.post(page, {"seen": "", "change": ["changed-article-1-headline"]})

    assert (shown.status_code, posted.status_code) == (200, 403)
    assert "Zyxcanary" not in shown.text
    assert "Zyxcanary" not in desk.get(url(article, "history")).text


def test_a_text_is_restored_as_a_new_version(desk, make_article, admin_user):
    article = make_article(headline="Before", body="A zyxcanary sings.")
    then = now()
    article.revise(headline="After", body="Silence.")
    mention = Mention.objects.create(
        article=article, company=Company.objects.create(name="A", slug="a")
    )

    restore(desk, article, then)

    article.refresh_from_db()
    newest = article.current_version()
    assert (article.headline, article.body) == ("Before", "A zyxcanary sings.")
    assert (newest.number, newest.body, newest.author) == (3, "A zyxcanary sings.", admin_user)
    assert list(Article.objects.matching_inside("zyxcanary")) == [article]
    assert Mention.objects.filter(pk=mention.pk).exists()  # no matter of restoring a text


def test_a_state_that_has_changed_meanwhile_is_shown_again(desk, make_company):
    company = make_company(name="Before")
    then = now()
    company.name = "After"
    company.save()
    page = url(company, "simple_history", then)
    seen = restoring(desk.get(page))
    company.name = "Later"
    company.save()

    response = desk.post(page, seen)

    company.refresh_from_db()
    assert "Meanwhile it was changed." in response.text
    assert company.name == "Later"


@pytest.mark.parametrize(
    ("codenames", "status", "name"),
    [
        (["change_company", "restore_record"], 302, "Before"),
        (["change_company"], 403, "After"),
        (["view_company", "restore_record"], 403, "After"),
    ],
)
def test_who_may_restore(client, editor, make_company, codenames, status, name):
    editor(*codenames)
    company = make_company(name="Before")
    then = now()
    company.name = "After"
    company.save()

    response = restore(client, company, then)

    company.refresh_from_db()
    assert (response.status_code, company.name) == (status, name)


def gone(record):
    """Delete it; returns the record with its key."""
    key = record.pk
    record.delete()
    record.pk = key
    return record


def long_ago(record):
    """Its last line of history is dated five minutes back."""
    line = type(record).history.filter(id=record.pk).first()
    line.history_date -= timedelta(minutes=5)
    line.save()


def test_a_deleted_draft_comes_back_with_its_parts(desk, make_announcement, make_article):
    article = make_article(body="They left.")
    draft = make_announcement(publish=False, evidence=False)
    long_ago(gone(draft.replies.create(asked_on="2022-03-08")))
    passage = Evidence(announcement=draft, article=article, exact="They left.")
    passage.full_clean()
    passage.save()
    article.revise(body="Nothing is left of it.")
    [placement] = place([article])
    placement.say_gone()
    was = draft.snapshot()
    gone(draft)

    listed = desk.get(reverse("admin:companies_announcement_deleted"))
    page = url(draft, "simple_history", now())
    shown = desk.get(page)
    response = desk.post(page)

    back = Announcement.objects.get()
    assert [line.id for line, _name in listed.context["rows"]] == [draft.pk]
    assert [kind for kind, _name in shown.context["along"]] == [
        "measure",
        "piece of evidence",
        "placement",
    ]
    assert response.url == url(draft, "change")
    assert (back.snapshot(), back.replies.count()) == (was, 0)
    assert Placement.objects.get().settled
    assert desk.get(reverse("admin:companies_announcement_deleted")).context["rows"] == []


def test_what_had_gone_before_does_not_come_back(desk, make_company):
    company = make_company()
    company.names.create(name="Last")
    long_ago(gone(company.names.create(name="Old")))
    gone(company)

    desk.post(url(company, "simple_history", now()))

    assert list(Company.objects.get().names.values_list("name", flat=True)) == ["Last"]


def test_a_company_whose_place_is_taken_is_refused(desk, make_company):
    company = gone(make_company(slug="lumina"))
    make_company(slug="lumina")

    response = desk.post(url(company, "simple_history", now()))

    assert response.status_code == 200
    assert "Company with this Slug already exists." in unescape(response.text)
    assert Company.objects.count() == 1


@pytest.mark.parametrize("model", [Publisher, Company, Announcement, Mention, StoryLink])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_list_of_deleted_records_opens(desk, db, model, language):
    name = model._meta.label_lower.replace(".", "_")

    page = desk.get(reverse(f"admin:{name}_deleted"), HTTP_ACCEPT_LANGUAGE=language)

    assert page.status_code == 200


@pytest.mark.parametrize("moment", ["x", "9" * 30, "9" * 18, "0", "-1", "²"])
def test_a_hostile_moment_is_not_found(desk, make_company, moment):
    company = make_company()

    assert desk.get(f"{url(company, 'history')}{moment}/").status_code == 404


def test_history_holds_every_record_as_it_stands(make_publisher, make_announcement, admin_user):
    """Whoever wrote it: verbs, imports, the starter archive, searches, redactions (D5)."""
    load(say=lambda line: None)
    publisher = make_publisher()
    text = "Amazon suspends its shipments to Russia.\n\nNetflix did the same. "
    text += "Lumina Group leaves Russia.\n\n" + " ".join(f"word{number}" for number in range(200))
    items = [
        WireItem(
            wire_id=f"a:{n}",
            headline=f"Amazon {n}",
            body=f"{text} {n}",
            language="en",
            published_at=timezone.now(),
        )
        for n in range(3)
    ]
    articles = [archive(item, publisher).article for item in items]
    recognise(articles)
    suggest(articles)
    suggestions.suggest(articles)
    announcement = make_announcement(publish=False)
    passage = Evidence(
        announcement=announcement, article=articles[0], exact="Netflix did the same."
    )
    passage.full_clean()
    passage.save()
    articles[0].revise(body="Other words.")
    place(articles[:1])
    recognise(articles[:1])
    StoryLink.objects.first().confirm()
    redact(articles[1], "Order 22/123")
    CorrectionRequest.objects.create(article=articles[2], text="It was in June.").accept()
    announcement.delete()

    checked = 0
    for model in WITH_HISTORY:
        standing = {record.pk: record for record in model._base_manager.all()}
        told = {}
        for line in model.history.order_by("history_id"):
            told[line.id] = line
        assert {key for key, line in told.items() if line.history_type != "-"} == standing.keys()
        assert [differing(model, told[key], row) for key, row in standing.items()] == [{}] * len(
            standing
        )
        checked += bool(told)
    assert checked == len(WITH_HISTORY) - 3  # replies, corrections and trackers' rows apart


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("page", "queries"), [("earlier", 22), ("gone", 17), ("deleted", 5)])
def test_pages_of_the_past_take_a_fixed_number_of_queries(
    desk, make_announcement, make_article, django_assert_num_queries, page, queries, rows
):
    announcement = make_announcement(publish=False)
    for number in range(rows):
        activity = announcement.company.activities.create(
            name_fr=f"A{number}", name_en=f"A{number}"
        )
        announcement.measures.create(market="BY", action="exit", activity=activity)
        announcement.evidence.create(article=make_article(), paraphrase_fr="A", paraphrase_en="A")
        announcement.replies.create(asked_on="2022-03-09")
    then = now()
    for part in (announcement.measures, announcement.evidence, announcement.replies):
        for each in part.all():
            each.delete()
    if page != "earlier":
        for _row in range(rows):
            gone(make_announcement(publish=False))
        gone(announcement)
    address = url(announcement, "simple_history", then)
    if page == "deleted":
        address = reverse("admin:companies_announcement_deleted")
    ContentType.objects.clear_cache()

    with django_assert_num_queries(queries):
        assert desk.get(address).status_code == 200
