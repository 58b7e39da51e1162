import json
from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from articles.editing.timeline import moment_of
from articles.guards import Guard
from companies.models import (
    Activity,
    Announcement,
    Assessment,
    Company,
    Mention,
)
from tests.forms import restoring, typed

NOTES = {"note_fr": "Suite.", "note_en": "More."}


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def url(page, *args):
    return reverse(f"admin:companies_{page}", args=args)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def act(desk, action, record, **data):
    name = record._meta.model_name
    return desk.post(
        url(f"{name}_changelist"), {"action": action, "_selected_action": [record.pk]} | data
    )


def change(desk, record, **fields):
    """Open the record's form, type over some of its fields, save."""
    page = url(f"{record._meta.model_name}_change", record.pk)
    return desk.post(page, typed(desk.get(page)) | fields)


@pytest.fixture
def make_all(make_announcement, make_article, make_company, make_publisher):
    """One row more of each model that the admin lists."""

    def make():
        company = make_company(parent=make_company())
        announcement = make_announcement(
            company=company, measures=[("Shops", "RU", "suspend", "in_effect")]
        )
        Mention.objects.create(article=make_article(), company=company)
        Assessment.objects.create(
            company=company, assessor=make_publisher(), grade="B", assessed_on="2025-05-21"
        )
        return announcement

    return make


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("model", [Activity, Announcement, Assessment, Company, Mention])
def test_every_page_opens(desk, make_all, model, language):
    make_all()
    name, pk = model._meta.model_name, model.objects.first().pk
    pages = [
        url(f"{name}_changelist"),
        url(f"{name}_add"),
        *(url(f"{name}_{page}", pk) for page in ("change", "delete", "history")),
        reverse(
            f"admin:companies_{name}_simple_history",
            args=[pk, moment_of(timezone.now())],
        ),
    ]

    answers = [desk.get(page, HTTP_ACCEPT_LANGUAGE=language) for page in pages]

    assert [answer.status_code for answer in answers] == [200] * len(pages)
    assert {answer.headers["Content-Language"] for answer in answers} == {language}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"),
    [(Activity, 4), (Announcement, 8), (Assessment, 8), (Company, 5), (Mention, 4)],
)
def test_lists_take_a_fixed_number_of_queries(
    desk, make_all, django_assert_num_queries, model, queries, rows
):
    for _row in range(rows):
        make_all()

    with django_assert_num_queries(queries):
        response = desk.get(url(f"{model._meta.model_name}_changelist"))

    assert len(response.context["cl"].result_list) == rows * (2 if model is Company else 1)


@pytest.mark.parametrize("model", [Activity, Announcement, Assessment, Company, Mention])
def test_lists_are_searched_through_the_index(desk, make_all, model):
    make_all()
    wanted = make_all()
    company = wanted.company
    company.name = "L’Oréal"
    company.save()

    response = desk.get(url(f"{model._meta.model_name}_changelist"), {"q": "oreal"})

    found = response.context["cl"].result_list
    assert [getattr(row, "company", row) for row in found] == [company]


def test_announcements_filter_by_what_they_measure(desk, make_announcement):
    left = make_announcement(
        measures=[(None, "RU", "exit", "announced"), (None, "BY", "exit", "announced")]
    )
    make_announcement()

    response = desk.get(url("announcement_changelist"), {"measures__action__exact": "exit"})

    assert list(response.context["cl"].result_list) == [left]


def new_announcement(announcer, article, activity, **fields):
    return {
        "company": str(announcer.pk),
        "announced_on": "2022-03-08",
        "announced_precision": "day",
        "title_fr": "Amazon suspend",
        "title_en": "Amazon suspends",
        "summary_fr": "Les expéditions.",
        "summary_en": "Shipments.",
        "measures-TOTAL_FORMS": "2",
        "measures-INITIAL_FORMS": "0",
        "measures-0-activity": str(activity.pk),
        "measures-0-market": "RU",
        "measures-0-action": "suspend",
        "measures-0-stage": "in_effect",
        "measures-0-effective_on": "2022-03-05",
        "measures-0-effective_precision": "day",
        "measures-1-activity": "",
        "measures-1-market": "BY",
        "measures-1-action": "suspend",
        "measures-1-stage": "announced",
        "measures-1-effective_precision": "day",
        "evidence-TOTAL_FORMS": "1",
        "evidence-INITIAL_FORMS": "0",
        "evidence-0-article": str(article.pk),
        "evidence-0-stance": "supports",
        "evidence-0-speaker": "company",
        "evidence-0-exact": "we've suspended\r\nshipments",
        "replies-TOTAL_FORMS": "1",
        "replies-INITIAL_FORMS": "0",
        "replies-0-asked_on": "2022-03-09",
        "editions-TOTAL_FORMS": "0",
        "editions-INITIAL_FORMS": "0",
    } | fields


@pytest.fixture
def entry(make_company, make_article):
    """What a new announcement's form needs to point to."""
    company = make_company(name="Amazon")
    activity = Activity.objects.create(company=company, name_fr="Colis", name_en="Parcels")
    article = make_article(body="The statement.\n\nToday we’ve suspended shipments to both.")
    return company, article, activity


def test_an_announcement_is_entered_with_all_that_belongs_to_it(desk, entry, admin_user):
    _company, article, activity = entry

    response = desk.post(url("announcement_add"), new_announcement(*entry))

    assert response.status_code == 302
    announcement = Announcement.objects.get()
    assert announcement.status == "draft"
    assert list(announcement.measures.values_list("activity", "market", "stage")) == [
        (activity.pk, "RU", "in_effect"),
        (None, "BY", "announced"),
    ]
    evidence = announcement.evidence.get()
    assert (evidence.version, evidence.start, evidence.exact) == (
        article.versions.get(),
        22,
        "we’ve suspended shipments",
    )
    assert (evidence.prefix, evidence.suffix) == ("The statement.\n\nToday ", " to both.")
    assert announcement.replies.count() == 1
    assert {
        row.history_user for rows in (announcement.history, evidence.history) for row in rows.all()
    } == {admin_user}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"company": ""}, "This field is required."),
        ({"evidence-0-article": ""}, "This field is required."),
        (
            {"evidence-0-exact": "they never said that"},
            "These words don't stand in the text of that version; copy them from it.",
        ),
        (
            {"evidence-0-exact": ""},
            "Give a passage, or a paraphrase in French and in English.",
        ),
        (
            {"measures-0-market": "Ruritania"},
            "“Ruritania” is no country that we know.",
        ),
        (
            {"measures-0-activity": "", "measures-0-market": "BY"},
            "Two measures name the same activity in the same market; keep one.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_half_saved(desk, entry, fields, error):
    response = desk.post(url("announcement_add"), new_announcement(*entry, **fields))

    assert error in unescape(response.text)
    assert "Amazon suspends" in response.text
    assert not Announcement.objects.exists()


def test_an_activity_of_another_company_is_refused(desk, entry, make_company):
    _company, article, activity = entry
    other = make_company(name="Nike")

    response = desk.post(url("announcement_add"), new_announcement(other, article, activity))

    assert "is a part of Amazon, not of Nike." in response.text
    assert not Announcement.objects.exists()


def test_publish_keeps_an_edition_and_says_what_is_missing(desk, make_announcement, admin_user):
    ready = make_announcement(publish=False)
    lacking = make_announcement(publish=False, evidence=False)

    act(desk, "publish", ready)
    messages = said(act(desk, "publish", lacking))

    ready.refresh_from_db()
    lacking.refresh_from_db()
    assert messages[-1] == (
        f"“{lacking.title_en}” can't be published yet; missing: supporting evidence."
    )
    assert (ready.status, lacking.status) == ("published", "draft")
    assert ready.editions.get().made_by == admin_user
    assert ready.history.first().history_user == admin_user


def test_a_change_to_a_published_one_is_a_new_edition(desk, make_announcement, admin_user):
    announcement = make_announcement()

    change(desk, announcement, last_checked_on="2026-01-01")
    assert announcement.editions.count() == 1
    change(
        desk,
        announcement,
        **{"measures-0-stage": "completed", "note_fr": "Fini.", "note_en": "Done."},
    )

    edition = announcement.editions.get(number=2)
    assert (edition.note_fr, edition.note_en, edition.made_by) == ("Fini.", "Done.", admin_user)
    assert [row["stage"] for row in edition.snapshot["measures"]] == ["completed"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        (
            {"evidence-0-DELETE": "on"},
            "A published announcement needs supporting evidence; leave some, or retract it.",
        ),
        (
            {"evidence-0-stance": "contradicts"},
            "A published announcement needs supporting evidence; leave some, or retract it.",
        ),
        (
            {"measures-0-DELETE": "on"},
            "A published announcement needs a measure; leave one, or retract it.",
        ),
        ({"title_en": " "}, "It is published, so this can't be empty."),
    ],
)
def test_a_published_one_keeps_what_it_rests_on(desk, make_announcement, fields, error):
    announcement = make_announcement()
    before = announcement.snapshot()

    response = change(desk, announcement, buyer="Somebody typed this", **fields)

    announcement.refresh_from_db()
    assert response.status_code == 200
    assert error in unescape(response.text)
    assert "Somebody typed this" in response.text
    assert announcement.snapshot() == before
    assert announcement.editions.count() == 1


def test_the_last_support_may_be_replaced(desk, make_announcement, make_article):
    announcement = make_announcement()
    article = make_article(body="It has left.")

    response = change(
        desk,
        announcement,
        **{
            "evidence-TOTAL_FORMS": "2",
            "evidence-0-DELETE": "on",
            "evidence-1-article": str(article.pk),
            "evidence-1-stance": "supports",
            "evidence-1-speaker": "publisher",
            "evidence-1-exact": "It has left.",
            **NOTES,
        },
    )

    assert response.status_code == 302
    assert [item.exact for item in announcement.evidence.all()] == ["It has left."]
    assert announcement.editions.count() == 2


def test_evidence_may_change_sides(desk, make_announcement, make_article):
    announcement = make_announcement()
    announcement.evidence.create(
        article=make_article(), stance="contradicts", paraphrase_fr="Non.", paraphrase_en="No."
    )

    change(
        desk,
        announcement,
        **{"evidence-0-stance": "contradicts", "evidence-1-stance": "supports"},
        **NOTES,
    )

    assert [item["stance"] for item in announcement.snapshot()["evidence"]] == [
        "contradicts",
        "supports",
    ]


def test_what_only_the_database_refuses_comes_back_as_an_error(desk, make_announcement):
    announcement = make_announcement()
    guard = Guard("refused_in_test", "companies_measure", "UPDATE", "Not today")
    with connection.cursor() as cursor:
        for statement in guard.statements(connection.vendor):
            cursor.execute(statement)

    response = change(desk, announcement, buyer="Typed", **{"measures-0-stage": "completed"})

    announcement.refresh_from_db()
    assert response.status_code == 200
    assert "so nothing was saved: Not today" in response.text
    assert 'value="Typed"' in response.text
    assert (announcement.buyer, announcement.editions.count()) == ("", 1)


def test_retract_asks_for_the_reason(desk, make_announcement, admin_user):
    announcement = make_announcement()

    asked = act(desk, "retract", announcement)
    announcement.refresh_from_db()
    assert (asked.status_code, announcement.status) == (200, "published")
    act(desk, "retract", announcement, confirmed="1", note_fr="Faux.", note_en="Wrong.")

    announcement.refresh_from_db()
    assert (
        announcement.status,
        announcement.retraction_reason_fr,
        announcement.retraction_reason_en,
    ) == ("retracted", "Faux.", "Wrong.")
    assert list(announcement.editions.values_list("number", "status", "made_by")) == [
        (1, "published", None),
        (2, "retracted", admin_user.pk),
    ]


def test_a_draft_is_not_retracted(desk, make_announcement):
    draft = make_announcement(publish=False)

    response = act(desk, "retract", draft, confirmed="1", note_fr="Faux.", note_en="Wrong.")

    assert said(response) == ["“Announcement 1” isn't published, so it can't be retracted."]


def test_restoring_an_announcement_is_a_new_edition_and_no_new_status(
    desk, make_announcement, admin_user
):
    announcement = make_announcement(title_en="Before", publish=False)
    draft = moment_of(timezone.now())
    announcement.publish()
    change(desk, announcement, title_en="After", **NOTES)
    page = reverse("admin:companies_announcement_simple_history", args=[announcement.pk, draft])

    response = desk.post(
        page, restoring(desk.get(page)) | {"note_fr": "Repris.", "note_en": "Back."}
    )

    announcement.refresh_from_db()
    assert response.status_code == 302
    assert (announcement.title_en, announcement.status) == ("Before", "published")
    edition = announcement.editions.last()
    assert (edition.number, edition.note_en, edition.made_by) == (3, "Back.", admin_user)
    assert announcement.history.first().history_user == admin_user


def refused_everywhere(desk, record):
    """A delete page, a forced POST, the bulk action, the ORM: each refuses, none fails."""
    name = record._meta.model_name
    page = url(f"{name}_delete", record.pk)
    answers = [
        desk.get(page),
        desk.post(page, {"post": "yes"}),
        act(desk, "delete_selected", record, post="yes"),
    ]
    with pytest.raises(ProtectedError):
        record.delete()
    return [
        (
            answer.status_code,
            "would require deleting the following protected related objects" in answer.text,
        )
        for answer in answers
    ] == [(200, True)] * 3 and type(record).objects.filter(pk=record.pk).exists()


def test_what_is_on_record_cannot_be_deleted(desk, make_announcement):
    announcement = make_announcement()
    activity = announcement.measures.create(
        market="BY",
        action="exit",
        activity=Activity.objects.create(
            company=announcement.company, name_fr="Colis", name_en="Parcels"
        ),
    ).activity

    assert refused_everywhere(desk, announcement)
    assert refused_everywhere(desk, announcement.company)
    assert refused_everywhere(desk, activity)


def test_a_draft_that_was_never_published_can_be_deleted(desk, make_announcement, admin_user):
    draft = make_announcement(publish=False)

    desk.post(url("announcement_delete", draft.pk), {"post": "yes"})

    deletion = Announcement.history.filter(id=draft.pk).first()
    assert not Announcement.objects.exists()
    assert (deletion.history_type, deletion.history_user) == ("-", admin_user)


@pytest.mark.parametrize(("publish", "offered"), [(True, False), (False, True)])
def test_delete_is_offered_for_drafts_alone(desk, make_announcement, publish, offered):
    announcement = make_announcement(publish=publish)

    page = desk.get(url("announcement_change", announcement.pk)).text

    assert ('class="deletelink"' in page) is offered


@pytest.mark.parametrize(("action", "status"), [("confirm", "confirmed"), ("reject", "rejected")])
def test_mentions_are_decided_in_the_list(
    desk, make_article, make_company, admin_user, action, status
):
    mention = Mention.objects.create(article=make_article(), company=make_company())

    act(desk, action, mention)

    mention.refresh_from_db()
    newest = mention.history.first()
    assert (mention.status, newest.status, newest.history_user) == (status, status, admin_user)


def test_a_company_takes_names_and_identifiers(desk):
    desk.post(
        url("company_add"),
        {
            "name": "Amazon",
            "slug": "amazon",
            "country": "US",
            "names-TOTAL_FORMS": "1",
            "names-INITIAL_FORMS": "0",
            "names-0-name": "Amazon.com",
            "names-0-kind": "brand",
            "identifiers-TOTAL_FORMS": "1",
            "identifiers-INITIAL_FORMS": "0",
            "identifiers-0-scheme": "wikidata",
            "identifiers-0-value": " Q3884 ",
        },
    )

    company = Company.objects.get()
    assert [name.name for name in company.names.all()] == ["Amazon.com"]
    assert [str(identifier) for identifier in company.identifiers.all()] == ["Wikidata Q3884"]
    assert list(Company.objects.matching("amazon")) == [company]


def test_activities_are_suggested_for_the_announcement_at_hand(desk, make_announcement):
    announcement = make_announcement(
        measures=[("Shops", "RU", "suspend", "in_effect")], publish=False
    )
    make_announcement(measures=[("Shops", "RU", "suspend", "in_effect")])
    page = desk.get(url("announcement_change", announcement.pk)).text
    address = f"{reverse('admin:autocomplete')}?announcement={announcement.pk}"

    answer = desk.get(
        address,
        {
            "announcement": announcement.pk,
            "app_label": "companies",
            "model_name": "measure",
            "field_name": "activity",
            "term": "sho",
        },
    )

    assert f'data-ajax--url="{address}"' in page
    assert [row["text"] for row in json.loads(answer.content)["results"]] == [
        f"{announcement.company} · Shops"
    ]


@pytest.mark.parametrize("key", ["nobody", "9" * 30, "-1", "²"])
def test_a_hostile_key_is_refused_where_a_record_is_chosen(desk, entry, key):
    response = desk.post(
        url("announcement_add"),
        new_announcement(*entry, **{"company": key, "measures-0-activity": key}),
    )
    shown = desk.get(url("announcement_add"), {"company": key})

    assert list(response.context["adminform"].form.errors) == ["company"]
    assert shown.status_code == 200


def test_announcements_on_killed_sources_are_a_list_of_their_own(
    admin_client, make_announcement, make_article
):
    killed = make_article()
    resting = make_announcement(article=killed)
    make_announcement()
    killed.kill(note_fr="Retiré.", note_en="Withdrawn.")
    page = admin_client.get("/admin/companies/announcement/", {"waiting": "sources"})
    assert list(page.context["cl"].queryset) == [resting]
