"""Two editors on one record, each with a browser of their own."""

from html import unescape

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article, StoryLink, Topic
from companies.models import Announcement, Company, Mention
from tests.forms import typed


@pytest.fixture
def sit_down(make_user):
    """An editor's own browser."""

    def sit(name):
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        client.force_login(
            make_user(username=name.lower(), first_name=name, is_staff=True, is_superuser=True)
        )
        return client

    return sit


@pytest.fixture
def anna(sit_down):
    return sit_down("Anna")


@pytest.fixture
def bob(sit_down):
    return sit_down("Bob")


def page_of(record):
    return reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_change", args=[record.pk])


def open_form(client, record):
    return typed(client.get(page_of(record)))


def save(client, record, form, **fields):
    """With a note for readers, where the form has room for one."""
    told = "editions-TOTAL_FORMS" in form  # an announcement's
    notes = {name: "Suite." for name in ("note_fr", "note_en") if told}
    return client.post(page_of(record), form | notes | fields)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_different_fields_are_both_kept_and_a_message_says_so(anna, bob, make_article):
    article = make_article(headline="Before", byline="Nobody")
    forms = open_form(anna, article), open_form(bob, article)

    save(anna, article, forms[0], headline="After")
    response = save(bob, article, forms[1], byline="Somebody")

    article.refresh_from_db()
    assert response.status_code == 302
    assert (article.headline, article.byline) == ("After", "Somebody")
    assert said(response)[-1] == "Anna changed this meanwhile, and it is kept: Headline."
    assert list(article.versions.values_list("headline", flat=True)) == ["Before", "After"]


def test_the_same_field_comes_back_with_both_and_saving_again_decides(anna, bob, make_article):
    long = "\n\n".join(f"Paragraph {n} of a long piece." for n in range(9000))
    article = make_article(body=long)
    forms = open_form(anna, article), open_form(bob, article)
    theirs = long.replace("Paragraph 7 ", "Anna’s <b>seventh</b> ")
    mine = long.replace("Paragraph 8000 ", "Bob’s paragraph ")

    save(anna, article, forms[0], body=theirs, byline="Anna")
    asked = save(bob, article, forms[1], body=mine, dateline="Lyon")

    article.refresh_from_db()
    assert (asked.status_code, article.body, article.dateline) == (200, theirs, "")
    assert "Anna changed this meanwhile, on " in asked.text
    assert "<mark>Anna’s &lt;b&gt;seventh&lt;/b&gt; of a long piece.</mark>" in asked.text
    assert "Bob’s paragraph" in asked.text
    assert typed(asked)["byline"] == "Anna"

    save(bob, article, typed(asked))

    article.refresh_from_db()
    assert (article.body, article.byline, article.dateline) == (mine, "Anna", "Lyon")
    assert [version.body for version in article.versions.all()] == [long, theirs, mine]


def test_whoever_wrote_the_text_is_named_not_who_saved_last(anna, bob, sit_down, make_article):
    article, carl = make_article(), sit_down("Carl")
    form = open_form(bob, article)
    save(anna, article, open_form(anna, article), body="Anna’s text.")
    save(carl, article, open_form(carl, article), headline="Carl’s headline")

    response = save(bob, article, form, byline="Bob")

    assert said(response)[-2:] == [
        "Carl changed this meanwhile, and it is kept: Headline.",
        "Anna changed this meanwhile, and it is kept: Text.",
    ]


def test_typing_the_same_is_no_clash(anna, bob, make_article):
    article = make_article()
    forms = open_form(anna, article), open_form(bob, article)

    save(anna, article, forms[0], headline="Both")
    response = save(bob, article, forms[1], headline="Both", body="Bob’s text.")

    article.refresh_from_db()
    assert (response.status_code, article.headline, article.body) == (302, "Both", "Bob’s text.")


def test_a_form_sent_twice_changes_nothing_the_second_time(anna, make_announcement):
    announcement = make_announcement()
    form = open_form(anna, announcement) | {
        "buyer": "Somebody",
        "measures-TOTAL_FORMS": "2",
        "measures-1-market": "BY",
        "measures-1-action": "exit",
        "measures-1-stage": "announced",
        "measures-1-effective_precision": "day",
    }

    answers = [save(anna, announcement, form) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert announcement.measures.count() == 2
    assert announcement.editions.count() == 2


def test_topics_are_a_field_like_any_other(anna, bob, make_article):
    article = make_article()
    for number in range(3):
        Topic.objects.create(code=f"medtop:{number}", name_fr="Sujet", name_en=f"Topic {number}")
    first, second, third = Topic.objects.order_by("code")
    forms = open_form(anna, article), open_form(bob, article)

    save(anna, article, forms[0], topics=[first.pk, second.pk])
    kept = save(bob, article, forms[1], byline="Bob")
    assert set(article.topics.all()) == {first, second}
    assert kept.status_code == 302
    asked = save(bob, article, forms[1], topics=[third.pk])

    assert asked.status_code == 200
    assert "Topic 0, Topic 1" in asked.text
    assert set(article.topics.all()) == {first, second}


def revise(article):
    article.revise(body="As the agency corrects it.", wire_version=2)


def release(article):
    Article.objects.get(pk=article.pk).release()


def suggest_company(article):
    Mention.objects.create(article=article, company=Company.objects.create(name="New", slug="new"))


@pytest.mark.parametrize(
    ("elsewhere", "message"),
    [
        (revise, "The archive itself changed this meanwhile, and it is kept: Text, wire version."),
        (release, "The archive itself changed this meanwhile, and it is kept: status."),
        (
            suggest_company,
            "The archive itself changed this meanwhile, and it is kept: New · A headline (added).",
        ),
    ],
)
def test_what_is_saved_elsewhere_counts_like_another_editor(bob, make_article, elsewhere, message):
    article = make_article(status="withheld", headline="A headline")
    form = open_form(bob, article)

    elsewhere(article)
    response = save(bob, article, form, byline="Bob")

    now = Article.objects.get(pk=article.pk)
    assert response.status_code == 302
    assert said(response)[-1] == message
    assert now.byline == "Bob"
    assert (now.body, now.status, now.mentions.count()) == {
        revise: ("As the agency corrects it.", "withheld", 0),
        release: (article.body, "usable", 0),
        suggest_company: (article.body, "withheld", 1),
    }[elsewhere]


@pytest.fixture
def announcement(make_announcement):
    return make_announcement(
        measures=[(None, "RU", "suspend", "announced"), (None, "BY", "suspend", "announced")]
    )


def added(index, **fields):
    row = {"market": "UA", "action": "exit", "stage": "announced", "effective_precision": "day"}
    return {"measures-TOTAL_FORMS": str(index + 1)} | {
        f"measures-{index}-{name}": value for name, value in (row | fields).items()
    }


def measures(announcement):
    return list(announcement.measures.values_list("market", "action", "stage"))


RU, BY, UA = (
    ("RU", "suspend", "announced"),
    ("BY", "suspend", "announced"),
    ("UA", "exit", "announced"),
)


@pytest.mark.parametrize(
    ("theirs", "mine", "after", "message"),
    [
        # Different fields of one row.
        (
            {"measures-0-stage": "completed"},
            {"measures-0-action": "exit"},
            [("RU", "exit", "completed"), BY],
            "Stage (whole business · Russia · Suspension)",
        ),
        # Different rows.
        (
            {"measures-0-stage": "completed"},
            {"measures-1-stage": "in_effect"},
            [("RU", "suspend", "completed"), ("BY", "suspend", "in_effect")],
            "Stage (whole business · Russia · Suspension)",
        ),
        # A row added there, one changed here; both added one.
        (added(2), {"measures-0-stage": "completed"}, [("RU", "suspend", "completed"), BY, UA],
         "whole business · Ukraine · Exit (added)"),
        (added(2), added(2, market="KZ"), [RU, BY, UA, ("KZ", "exit", "announced")],
         "whole business · Ukraine · Exit (added)"),
        # The very same row added by both is one row.
        (added(2), added(2), [RU, BY, UA], "whole business · Ukraine · Exit (added)"),
        # A row deleted there, untouched here.
        ({"measures-0-DELETE": "on"}, {"measures-1-stage": "completed"},
         [("BY", "suspend", "completed")], "Russia · Suspension · Announced · day (deleted)"),
        # Both deleted it.
        ({"measures-0-DELETE": "on"}, {"measures-0-DELETE": "on"}, [BY], None),
        # A row deleted here, untouched there.
        ({"measures-1-stage": "completed"}, {"measures-0-DELETE": "on"},
         [("BY", "suspend", "completed")], "Stage (whole business · Belarus · Suspension)"),
    ],
)  # fmt: skip
def test_rows_are_merged(anna, bob, announcement, theirs, mine, after, message):
    forms = open_form(anna, announcement), open_form(bob, announcement)

    save(anna, announcement, forms[0], **theirs)
    response = save(bob, announcement, forms[1], buyer="Bob’s", **mine)

    announcement.refresh_from_db()
    assert response.status_code == 302
    assert (measures(announcement), announcement.buyer) == (after, "Bob’s")
    kept = [text for text in said(response) if "meanwhile" in text]
    assert kept == ([f"Anna changed this meanwhile, and it is kept: {message}."] if message else [])
    assert announcement.editions.last().snapshot == announcement.snapshot()


@pytest.mark.parametrize(
    ("theirs", "mine", "shown", "after"),
    [
        # The same field of one row.
        (
            {"measures-0-stage": "completed"},
            {"measures-0-stage": "in_effect"},
            "Anna changed this meanwhile",
            [("RU", "suspend", "in_effect"), BY],
        ),
        # Deleted there, changed here: saving again adds it anew.
        (
            {"measures-0-DELETE": "on"},
            {"measures-0-stage": "completed"},
            "Anna deleted this row meanwhile. What you typed is here",
            [BY, ("RU", "suspend", "completed")],
        ),
        # Deleted here, changed there: saving again deletes it.
        (
            {"measures-0-stage": "completed"},
            {"measures-0-DELETE": "on"},
            "You delete this row, but Anna changed it meanwhile",
            [BY],
        ),
    ],
)
def test_rows_that_clash_come_back_and_saving_again_decides(
    anna, bob, announcement, theirs, mine, shown, after
):
    forms = open_form(anna, announcement), open_form(bob, announcement)

    save(anna, announcement, forms[0], **theirs)
    between = measures(announcement)
    asked = save(bob, announcement, forms[1], buyer="Bob’s", **mine)

    announcement.refresh_from_db()
    assert (asked.status_code, announcement.buyer, measures(announcement)) == (200, "", between)
    assert shown in unescape(asked.text)
    assert "look at what is marked, and save again." in unescape(asked.text)

    again = save(bob, announcement, typed(asked))

    announcement.refresh_from_db()
    assert again.status_code == 302
    assert (announcement.buyer, measures(announcement)) == ("Bob’s", after)


@pytest.mark.parametrize("page", [1, 2])
def test_the_same_row_added_by_both_is_one_where_rows_are_in_pages(
    anna, bob, make_announcement, page
):
    names = [f"Activity {number}" for number in range(25)]
    announcement = make_announcement(measures=[(name, *RU) for name in names])

    def open_page(client):
        return typed(client.get(f"{page_of(announcement)}?measures_page={page}"))

    forms = open_page(anna), open_page(bob)
    shown = int(forms[0]["measures-INITIAL_FORMS"])

    answers = [
        save(client, announcement, form, **added(shown))
        for client, form in zip((anna, bob), forms, strict=True)
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert measures(announcement) == [RU] * 25 + [UA]


def test_both_adding_the_same_measure_differently_are_told(anna, bob, announcement):
    forms = open_form(anna, announcement), open_form(bob, announcement)

    save(anna, announcement, forms[0], **added(2))
    asked = save(bob, announcement, forms[1], **added(2, stage="completed"))

    assert "Two measures name the same activity in the same market" in unescape(asked.text)
    assert measures(announcement) == [RU, BY, UA]


def test_every_kind_of_row_is_merged(anna, bob, announcement, make_article, make_company):
    """Evidence, replies, mentions, corrections, names, identifiers: a field of each by both."""
    announcement.replies.create(
        asked_on="2022-03-09", answered_on="2022-03-10", answer_fr="Oui.", answer_en="Yes."
    )
    piece = make_article()
    piece.mentions.create(company=make_company())
    piece.corrections.create(
        kind="correction", note_fr="Fr", note_en="En", version=piece.current_version()
    )
    company = make_company()
    company.names.create(name="Brand")
    company.identifiers.create(scheme="wikidata", value="Q3884")
    changes = [
        (announcement, "evidence-0-paraphrase_fr", "evidence-0-paraphrase_en"),
        (announcement, "replies-0-answer_fr", "replies-0-answer_en"),
        (piece, "corrections-0-note_fr", "corrections-0-note_en"),
        (company, "names-0-name", "names-0-language"),
        (company, "legal_name", "identifiers-0-value"),
        (piece, "mentions-0-role", "mentions-0-status"),
    ]
    values = {
        "identifiers-0-value": "Q42",
        "mentions-0-role": "peer",
        "mentions-0-status": "confirmed",
        "names-0-language": "de",
    }

    for record, hers, his in changes:
        forms = open_form(anna, record), open_form(bob, record)
        first = save(anna, record, forms[0], **{hers: values.get(hers, "Anna’s")})
        second = save(bob, record, forms[1], **{his: values.get(his, "Bob’s")})
        assert (record, first.status_code, second.status_code) == (record, 302, 302)

    assert announcement.evidence.values_list("paraphrase_fr", "paraphrase_en").get() == (
        "Anna’s",
        "Bob’s",
    )
    assert announcement.replies.values_list("answer_fr", "answer_en").get() == ("Anna’s", "Bob’s")
    assert piece.corrections.values_list("note_fr", "note_en").get() == ("Anna’s", "Bob’s")
    assert piece.mentions.values_list("role", "status").get() == ("peer", "confirmed")
    assert company.names.values_list("name", "language").get() == ("Anna’s", "de")
    assert (Company.objects.get(pk=company.pk).legal_name, company.identifiers.get().value) == (
        "Anna’s",
        "Q42",
    )


@pytest.mark.parametrize("opened", [None, "", "nonsense", "title_en:AAAAAAAAAAAA", "x:" * 5000])
def test_who_does_not_say_what_they_saw_is_asked_and_overwrites_nothing(bob, announcement, opened):
    form = open_form(bob, announcement) | {"opened": opened, "title_en": "Bob’s"}
    if opened is None:
        del form["opened"]

    asked = save(bob, announcement, form)

    now = Announcement.objects.get()
    assert (asked.status_code, now.title_en) == (200, announcement.title_en)
    assert save(bob, announcement, typed(asked)).status_code == 302
    announcement.refresh_from_db()
    assert announcement.title_en == "Bob’s"


@pytest.mark.parametrize(
    "forged",
    [
        {"measures-TOTAL_FORMS": "x"},
        {"measures-TOTAL_FORMS": "9" * 30},
        {"measures-INITIAL_FORMS": "99"},
        {"measures-INITIAL_FORMS": "0"},
        {"measures-0-id": "nobody"},
        {"measures-0-id": "9" * 18},
        {"measures-0-id": ""},
        {"measures-0-effective_on": "\0"},
        {"measures-01-market": "RU", "measures-٣-market": "RU"},
        {"measures-1-id": "1", "measures-0-id": "1"},
    ],
)
def test_forged_rows_get_an_answer_and_lose_nothing(bob, announcement, forged):
    before = announcement.measures.count()

    answer = save(bob, announcement, open_form(bob, announcement), **forged)

    assert answer.status_code in {200, 302}
    assert announcement.measures.count() >= before


def test_a_record_deleted_meanwhile_gives_back_what_was_typed(anna, bob, make_company):
    company = make_company(name="Gone")
    company.names.create(name="Brand")
    form = open_form(bob, company)

    anna.post(reverse("admin:companies_company_delete", args=[company.pk]), {"post": "yes"})
    answer = save(bob, company, form, **{"legal_name": "Typed & kept", "names-0-name": "Row kept"})

    text = unescape(answer.text)
    assert answer.status_code == 410
    assert "Anna deleted “Gone” on " in text
    assert ("Typed & kept" in text, "Row kept" in text) == (True, True)
    assert not Company.objects.filter(pk=company.pk).exists()


def test_a_draft_is_shown_merged_and_not_saved(anna, bob, announcement):
    form = open_form(bob, announcement)
    save(anna, announcement, open_form(anna, announcement), title_en="Anna’s")

    shown = save(bob, announcement, form, _draft="1", buyer="Bob’s", **added(2))

    announcement.refresh_from_db()
    assert (shown.status_code, announcement.buyer, announcement.measures.count()) == (200, "", 2)
    assert "This is what you had typed. Nothing of it is saved yet." in shown.text
    assert (typed(shown)["title_en"], typed(shown)["buyer"]) == ("Anna’s", "Bob’s")
    assert save(bob, announcement, typed(shown)).status_code == 302
    announcement.refresh_from_db()
    assert (announcement.title_en, announcement.buyer) == ("Anna’s", "Bob’s")
    assert measures(announcement)[2] == UA


def test_a_draft_of_a_new_record_is_shown_and_not_saved(bob):
    shown = bob.post(reverse("admin:companies_company_add"), {"_draft": "1", "name": "New one"})

    assert shown.status_code == 200
    assert 'value="New one"' in shown.text
    assert not Company.objects.exists()


def test_rows_that_an_editor_may_not_change_are_left_alone(anna, client, make_user, announcement):

    user = make_user(is_staff=True)
    names = ["change_announcement", "amend_announcement"]
    names += ["view_measure", "view_evidence", "view_edition"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    form = open_form(client, announcement)

    save(anna, announcement, open_form(anna, announcement), **{"measures-0-stage": "completed"})
    response = save(client, announcement, form, buyer="Typed")

    announcement.refresh_from_db()
    assert (response.status_code, announcement.buyer) == (302, "Typed")
    assert measures(announcement) == [("RU", "suspend", "completed"), BY]


def test_a_page_that_only_looks_keeps_what_the_form_had_shown(
    transactional_db, rf, admin_user, make_company
):
    """As a preview does, outside a transaction: a later save rests on the first page."""
    request = rf.post("/", {"opened": "name:of-the-first", "name": "Typed"})
    request.user, request.session = admin_user, {}

    page = admin.site._registry[Company]._changeform_view(request, str(make_company().pk), "", {})

    assert page.context_data["opened"] == "name:of-the-first"


def test_two_decisions_on_one_link_are_not_passed_over(anna, bob, make_article):
    earlier, later = make_article(), make_article()
    link = StoryLink.objects.create(article=later, other=earlier, reason="reprint", score=0.9)
    form = open_form(bob, link)

    save(anna, link, open_form(anna, link), _reject="1")
    asked = save(bob, link, form, _confirm="1")

    link.refresh_from_db()
    assert (asked.status_code, link.status) == (200, "rejected")
    assert "Anna was faster, and changed this record" in asked.text
    assert save(bob, link, typed(asked), _confirm="1").status_code == 302
    link.refresh_from_db()
    assert link.status == "confirmed"


@pytest.mark.parametrize("rows", [1, 3])
def test_merging_takes_a_fixed_number_of_queries(
    anna, bob, make_announcement, django_assert_num_queries, rows
):
    """Beside a save that has nothing to merge: the history of the record and of its rows."""
    announcement = make_announcement(
        measures=[(None, m, "suspend", "announced") for m in ("RU", "BY", "UA")[:rows]]
    )
    open_form(bob, announcement)  # Django looks up the kinds of records once
    with django_assert_num_queries(17):
        form = open_form(bob, announcement)
    with CaptureQueriesContext(connection) as captured:
        save(bob, announcement, form, buyer="Bob’s")
        plain = len(captured)
    form = open_form(bob, announcement)
    theirs = {f"measures-{row}-stage": "completed" for row in range(rows)}
    save(anna, announcement, open_form(anna, announcement), title_en="Anna’s", **theirs)

    with django_assert_num_queries(plain + 2):
        save(bob, announcement, form, buyer="Bob’s, too")
