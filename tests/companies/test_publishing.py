"""Now or at an hour: what readers see, what an edition keeps, what the form says."""

from datetime import timedelta
from html import unescape
from time import sleep

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from articles.editing.timeline import moment_of
from articles.models import Act
from companies.models import Announcement, Company, Edition, EditionMeasure, Evidence, Measure
from companies.placements import place
from companies.standing import standings
from tests.forms import restoring, typed
from tests.moments import known_now

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
NOTES = {"note_fr": "Suite.", "note_en": "More."}


def in_an_hour():
    return (timezone.now() + HOUR).replace(microsecond=0)


def shift(announcement, opens):
    """Move the hour, and the edition that waits for it: the database's clock decides, so the
    data is shifted."""
    Announcement.objects.filter(pk=announcement.pk).update(public_from=opens)
    edition = announcement.editions.get()
    measures = list(edition.measures.all())
    edition.measures.all().delete()
    edition.delete()
    edition.made_at = opens
    edition.save()
    for measure in measures:
        measure.pk, measure.edition = None, edition
        measure.save()


@pytest.fixture
def scheduled(make_announcement):
    announcement = make_announcement(publish=False, title_en="Soon", title_fr="Bientôt")
    announcement.publish(at=in_an_hour())
    return announcement


# --- The hour ----------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "public"), [(60, False), (-1, True)])
def test_nothing_shows_it_before_its_hour_and_everything_after(client, scheduled, seconds, public):
    shift(scheduled, timezone.now() + seconds * SECOND)  # so many pages take their time
    name = scheduled.company.slug
    found = {
        "public": Announcement.objects.public().exists(),
        "measures": Measure.objects.public().exists(),
        "company": Company.objects.public().exists(),
        "standing": bool(list(standings(Company.objects.all()))),
        "known": bool(
            list(standings(Company.objects.all(), known_at=timezone.now() + timedelta(days=1)))
        ),
        **{
            address: "Soon" in client.get(address).text
            for address in (
                "/en/announcements/",
                f"/en/announcements/?{known_now()}",
                "/en/search/?q=soon",
                "/en/",
                f"/en/companies/{name}/",
                f"/en/announcements/{scheduled.public_id}/",
                "/api/v1/announcements/",
                f"/api/v1/announcements/{scheduled.public_id}/",
            )
        },
    }

    assert found == dict.fromkeys(found, public)


def test_the_databases_clock_opens_it_to_the_second(scheduled):
    """Each answer names the database's own time, so no pause between two is too long."""
    opens = timezone.now() + 10 * SECOND
    shift(scheduled, opens)
    one = Announcement.objects.filter(pk=OuterRef("pk"))
    asked = Announcement.objects.values_list(Now(), Exists(one.public()), Exists(one.scheduled()))

    last_not = None
    for _poll in range(10_000):
        at, public, waits = asked.get()
        assert waits is not public
        if public:
            break
        last_not = at
        sleep(0.05)

    assert public
    assert last_not < opens <= at


def test_before_its_hour_it_answers_like_an_unknown_address(client, scheduled):
    for address in ("/fr/announcements/{}/", "/api/v1/announcements/{}/"):
        answers = [client.get(address.format(key)) for key in (scheduled.public_id, "zzzzzzzzzz")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].text.replace(scheduled.public_id, "zzzzzzzzzz") == answers[1].text


def test_the_first_edition_is_made_at_the_hour(scheduled):
    edition = scheduled.editions.get()

    assert edition.made_at == scheduled.public_from
    known = Announcement.objects.known_at
    assert not known(scheduled.public_from - SECOND).exists()
    assert known(scheduled.public_from).get() == scheduled


def test_what_changes_before_the_hour_is_what_opens(client, scheduled):
    scheduled.title_en = "Later"
    scheduled.save()
    scheduled.measures.create(market="BY", action="exit", stage="announced")
    edition = scheduled.amend()

    assert list(scheduled.editions.all()) == [edition]
    assert (edition.number, edition.snapshot["title"]["en"]) == (1, "Later")
    assert (edition.made_at, edition.measures.count()) == (scheduled.public_from, 2)
    assert EditionMeasure.objects.count() == 2
    assert scheduled.amend() is None
    moved = scheduled.publish(at=scheduled.public_from + HOUR)
    assert (moved.number, moved.made_at) == (1, scheduled.public_from)


def test_it_may_open_at_once_after_all(scheduled):
    before = timezone.now()
    edition = scheduled.publish()

    assert (edition.number, scheduled.public_from, scheduled.editions.count()) == (1, None, 1)
    assert before <= edition.made_at <= timezone.now()
    assert Announcement.objects.public().exists()


def test_it_may_become_a_draft_again(scheduled):
    scheduled.unschedule()

    scheduled.refresh_from_db()
    assert (scheduled.status, scheduled.public_from) == ("draft", None)
    assert not Edition.objects.exists()
    with pytest.raises(ValidationError):
        scheduled.unschedule()
    scheduled.delete()


def test_once_open_its_edition_is_kept_for_ever(make_announcement):
    edition = make_announcement().editions.get()

    with pytest.raises(IntegrityError, match="cannot be deleted"), transaction.atomic():
        edition.measures.all().delete()
    assert Edition.objects.exists()


def test_the_database_counts_the_hour_itself(make_announcement):
    """Of two editions that differ by their hours alone, the one ahead may go."""
    announcement = make_announcement(publish=False)
    for number, seconds in ((1, -1), (2, 30)):
        Edition.objects.create(
            announcement=announcement,
            number=number,
            announced_by=announcement.announced_by,
            snapshot={},
            made_at=timezone.now() + seconds * SECOND,
        )

    announcement.editions.get(number=2).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        announcement.editions.get(number=1).delete()


@pytest.mark.parametrize(
    ("state", "at", "refused"),
    [
        ("draft", -HOUR, "is past, or less than a minute away"),
        ("draft", 30 * SECOND, "is past, or less than a minute away"),
        ("published", HOUR, "is public already"),
        ("retracted", HOUR, "was retracted"),
    ],
)
def test_an_hour_that_makes_no_sense_is_refused(make_announcement, settings, state, at, refused):
    settings.LANGUAGE_CODE = "en"
    announcement = make_announcement(publish=state != "draft")
    if state == "retracted":
        announcement.retract(reason_fr="Faux.", reason_en="Wrong.")

    with pytest.raises(ValidationError, match=refused):
        announcement.publish(at=timezone.now() + at)
    announcement.refresh_from_db()
    assert (announcement.status, announcement.public_from) == (state, None)


@pytest.mark.parametrize("verb", ["amend", "publish", "unschedule", "retract"])
@pytest.mark.parametrize("seconds", [-5, 5])
def test_at_its_very_hour_nothing_is_changed(scheduled, settings, verb, seconds):
    """Readers may open it while a save is on its way."""
    settings.LANGUAGE_CODE = "en"
    scheduled.public_from = timezone.now() + seconds * SECOND
    scheduled.buyer = "Somebody"
    scheduled.save()
    said = {"reason_fr": "Faux.", "reason_en": "Wrong."} if verb == "retract" else {}

    with pytest.raises(ValidationError, match=r"opens at this very moment|isn't waiting"):
        getattr(scheduled, verb)(**said)


def test_what_nobody_has_read_is_not_retracted(scheduled, settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(ValidationError, match="Nobody has read"):
        scheduled.retract(reason_fr="Faux.", reason_en="Wrong.")


def test_a_draft_has_no_hour(make_announcement):
    draft = make_announcement(publish=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        shift(draft, timezone.now())


# --- A note for readers --------------------------------------------------------


def test_a_change_that_readers_see_needs_a_line_that_says_so(make_announcement, settings):
    settings.LANGUAGE_CODE = "en"
    announcement = make_announcement()
    announcement.title_en = "Another"
    announcement.save()
    announcement.measures.create(market="BY", action="exit", stage="announced")

    for notes in ({}, {"note_fr": "Suite."}, {"note_fr": " ", "note_en": "More."}):
        with pytest.raises(ValidationError, match=r"something new \(title, measures\)"):
            announcement.amend(**notes)
    assert announcement.amend(**NOTES).note_en == "More."
    assert announcement.amend() is None


# --- The right of reply ----------------------------------------------------------


def test_a_reply_belongs_to_the_edition(client, make_announcement):
    announcement = make_announcement()
    before = announcement.snapshot()
    assert "replies" not in before  # so that older editions read as they did
    announcement.replies.create(asked_on="2022-04-01")
    announcement.refresh_from_db()
    asked = announcement.amend(**NOTES)
    reply = announcement.replies.get()
    reply.answered_on, reply.answer_fr, reply.answer_en = "2022-04-02", "Oui.", "Yes."
    reply.full_clean()
    reply.save()
    answered = announcement.amend(note_fr="Réponse.", note_en="An answer.")

    assert asked.snapshot["replies"] == [
        {"asked_on": "2022-04-01", "answered_on": None, "answer": {"fr": "", "en": ""}}
    ]
    assert answered.snapshot == before | {
        "replies": [
            {
                "asked_on": "2022-04-01",
                "answered_on": "2022-04-02",
                "answer": {"fr": "Oui.", "en": "Yes."},
            }
        ]
    }
    address = f"/announcements/{announcement.public_id}/"
    then = asked.made_at.isoformat().replace("+", "%2B")
    page = client.get(f"/en{address}").text
    assert "Asked on 1 April 2022." in page
    assert "Answered on 2 April 2022." in page
    assert "An answer." in page
    assert "No answer so far." in client.get(f"/en{address}?known_at={then}").text
    one = client.get(f"/api/v1{address}").json()
    assert one["replies"] == answered.snapshot["replies"]
    assert [edition["note"]["en"] for edition in one["editions"]] == ["An answer.", "More.", ""]
    earlier = client.get(f"/api/v1{address}?known_at={then}").json()
    assert earlier["replies"] == asked.snapshot["replies"]


@pytest.mark.parametrize(
    "fields",
    [
        {"answered_on": "2022-04-02"},
        {"answer_fr": "Oui.", "answer_en": "Yes."},
        {"answered_on": "2022-04-02", "answer_fr": "Oui."},
    ],
)
def test_an_answer_has_its_day_and_both_languages(make_announcement, fields):
    reply = make_announcement().replies.create(asked_on="2022-04-01")
    for name, value in fields.items():
        setattr(reply, name, value)

    with pytest.raises(ValidationError):
        reply.full_clean()


# --- The form ------------------------------------------------------------------


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def address(announcement):
    return reverse("admin:companies_announcement_change", args=[announcement.pk])


def change(desk, announcement, *, button="_save", at=None, **fields):
    page = address(announcement)
    hour = timezone.localtime(at) if at else None
    asked = {"publish_at_0": f"{hour:%Y-%m-%d}", "publish_at_1": f"{hour:%H:%M}"} if at else {}
    return desk.post(page, typed(desk.get(page)) | asked | {button: "1"} | fields)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def buttons(page):
    names = ("_publish", "_schedule", "_unschedule")
    return [name for name in names if f'name="{name}"' in page]


def test_each_state_has_its_buttons(desk, make_announcement, scheduled):
    shown = {"new": desk.get(reverse("admin:companies_announcement_add")).text}
    shown["draft"] = desk.get(address(make_announcement(publish=False))).text
    shown["scheduled"] = desk.get(address(scheduled)).text
    shown["open"] = desk.get(address(make_announcement())).text
    retracted = make_announcement()
    retracted.retract(reason_fr="Faux.", reason_en="Wrong.")
    shown["retracted"] = desk.get(address(retracted)).text

    assert {name: buttons(page) for name, page in shown.items()} == {
        "new": ["_publish", "_schedule"],
        "draft": ["_publish", "_schedule"],
        "scheduled": ["_publish", "_schedule", "_unschedule"],
        "open": [],
        "retracted": ["_publish"],
    }
    assert {name: 'name="publish_at_0"' in page for name, page in shown.items()} == {
        "new": True,
        "draft": True,
        "scheduled": True,
        "open": False,
        "retracted": False,
    }
    assert {name: 'name="note_fr"' in page for name, page in shown.items()} == {
        "new": False,
        "draft": False,
        "scheduled": False,
        "open": True,
        "retracted": True,
    }
    assert "Scheduled for" in shown["scheduled"]


def test_save_and_publish(desk, make_announcement, admin_user):
    draft = make_announcement(publish=False)

    response = change(desk, draft, button="_publish", title_en="Typed last")

    draft.refresh_from_db()
    assert (response.status_code, draft.status, draft.public_from) == (302, "published", None)
    assert draft.editions.get().snapshot["title"]["en"] == "Typed last"
    assert draft.editions.get().made_by == admin_user


def test_save_and_schedule(desk, make_announcement):
    draft = make_announcement(publish=False)
    hour = (timezone.now() + timedelta(days=1)).replace(second=0, microsecond=0)

    response = change(desk, draft, button="_schedule", at=hour)

    draft.refresh_from_db()
    assert (draft.status, draft.public_from) == ("published", hour)
    assert "Paris time." in said(response)[0]
    change(desk, draft, title_en="Typed before the hour")
    assert draft.editions.get().snapshot["title"]["en"] == "Typed before the hour"
    change(desk, draft, button="_unschedule")
    draft.refresh_from_db()
    assert (draft.status, draft.editions.count()) == ("draft", 0)


@pytest.mark.parametrize(
    ("day", "time", "error"),
    [
        ("2027-03-28", "02:30", "There is no 02:30 in that night: the clocks are put forward."),
        ("2027-10-31", "02:30", "02:30 comes twice in that night: the clocks are put back."),
        ("2020-01-01", "10:00", "is past, or less than a minute away."),
        ("2027-01-01", "", "Enter a valid time."),
        ("", "", "Say at which hour it opens"),
    ],
)
def test_an_hour_that_cannot_be_is_said_and_nothing_is_lost(
    desk, make_announcement, day, time, error
):
    draft = make_announcement(publish=False)

    response = change(
        desk,
        draft,
        button="_schedule",
        buyer="Somebody typed this",
        publish_at_0=day,
        publish_at_1=time,
    )

    draft.refresh_from_db()
    assert error in unescape(response.text)
    assert "Somebody typed this" in response.text
    assert (response.status_code, draft.status, draft.buyer) == (200, "draft", "")


@pytest.mark.parametrize(
    ("day", "time", "utc"),
    [
        ("2027-03-28", "01:59", "2027-03-28T00:59:00+00:00"),
        ("2027-03-28", "03:00", "2027-03-28T01:00:00+00:00"),
        ("2027-10-31", "01:59", "2027-10-30T23:59:00+00:00"),
        ("2027-10-31", "03:00", "2027-10-31T02:00:00+00:00"),
    ],
)
def test_an_hour_beside_the_change_of_clocks_is_paris_time(desk, make_announcement, day, time, utc):
    draft = make_announcement(publish=False)

    change(desk, draft, button="_schedule", publish_at_0=day, publish_at_1=time)

    draft.refresh_from_db()
    assert draft.public_from.isoformat() == utc


def test_a_change_without_its_note_is_asked_again(desk, make_announcement):
    announcement = make_announcement()

    response = change(desk, announcement, title_en="Typed", buyer="Somebody")

    announcement.refresh_from_db()
    assert "Readers would see something new (title, buyer)." in unescape(response.text)
    assert 'value="Typed"' in response.text
    assert (announcement.buyer, announcement.editions.count()) == ("", 1)
    change(desk, announcement, title_en="Typed", **NOTES)
    assert announcement.editions.count() == 2


def test_what_was_retracted_comes_back_with_a_note(desk, make_announcement):
    announcement = make_announcement()
    announcement.retract(reason_fr="Faux.", reason_en="Wrong.")

    response = change(desk, announcement, button="_publish")

    announcement.refresh_from_db()
    assert "Say in one line why it is back" in unescape(response.text)
    assert (announcement.status, announcement.editions.count()) == ("retracted", 2)
    change(desk, announcement, button="_publish", **NOTES)
    announcement.refresh_from_db()
    edition = announcement.newest_edition
    assert (announcement.status, edition.number, edition.note_en) == (
        "published",
        3,
        NOTES["note_en"],
    )


@pytest.mark.parametrize("gone", [True, False])
def test_what_rests_on_a_passage_that_is_gone_is_published_with_a_warning(
    desk, make_announcement, make_article, gone
):
    draft, article = make_announcement(publish=False, evidence=False), make_article()
    evidence = Evidence(announcement=draft, article=article, exact="First paragraph of piece")
    evidence.full_clean()
    evidence.save()
    article.revise(body="Another text." if gone else f"Another text.\n\n{article.body}")
    place([article])

    change(desk, draft, button="_publish")

    draft.refresh_from_db()
    told = unescape(desk.get(address(draft)).text)
    assert draft.status == "published"
    assert ("was reworded or is gone from its article since" in told) is gone


@pytest.mark.parametrize("button", ["_publish", "_schedule", "_unschedule"])
def test_who_may_not_publish_has_no_button_and_is_refused(
    client, make_announcement, make_user, button
):
    editor = make_user(is_staff=True)
    names = ["add_announcement", "change_announcement", "view_announcement"]
    names += [f"{verb}_{kind}" for kind in ("measure", "evidence") for verb in ("add", "change")]
    editor.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(editor)
    draft = make_announcement(publish=False)
    page = client.get(address(draft), headers={"accept-language": "en"})

    assert buttons(page.text) == []
    assert 'name="publish_at_0"' not in page.text
    assert client.post(address(draft), typed(page) | {button: "1"}).status_code == 403
    add = reverse("admin:companies_announcement_add")
    assert client.post(add, {button: "1"}).status_code == 403
    changelist = reverse("admin:companies_announcement_changelist")
    for action in ("publish", "retract", "unschedule"):
        client.post(changelist, {"action": action, "_selected_action": [draft.pk]})
    draft.refresh_from_db()
    assert draft.status == "draft"

    kind = ContentType.objects.get_for_model(Announcement)
    allowed, _created = Permission.objects.get_or_create(
        content_type=kind, codename="publish_announcement", defaults={"name": "Can publish"}
    )
    editor.user_permissions.add(allowed)
    assert "_publish" in buttons(client.get(address(draft)).text)
    client.post(changelist, {"action": "publish", "_selected_action": [draft.pk]})
    draft.refresh_from_db()
    assert draft.status == "published"


def test_the_hours_of_several_are_cancelled_in_the_list(desk, scheduled):
    desk.post(
        reverse("admin:companies_announcement_changelist"),
        {"action": "unschedule", "_selected_action": [scheduled.pk]},
    )

    scheduled.refresh_from_db()
    assert scheduled.status == "draft"


def test_an_open_one_is_viewed_on_site(desk, make_announcement, scheduled):
    link = 'class="viewsitelink"'
    assert link in desk.get(address(make_announcement())).text
    assert link not in desk.get(address(scheduled)).text


def test_it_is_retracted_from_its_own_page_with_a_note(desk, make_announcement):
    announcement = make_announcement()
    page = desk.get(address(announcement))
    there = reverse("admin:companies_announcement_retract", args=[announcement.pk])
    assert there in page.text

    asked = desk.get(there)
    refused = desk.post(there, {"confirmed": "1", "note_fr": "Faux."})
    announcement.refresh_from_db()
    assert (asked.status_code, refused.status_code, announcement.state) == (200, 200, "Published")
    desk.post(there, {"confirmed": "1", "note_fr": "Faux.", "note_en": "Wrong."})

    announcement.refresh_from_db()
    assert (announcement.status, announcement.retraction_reason_en) == ("retracted", "Wrong.")
    assert there not in desk.get(address(announcement)).text
    assert Act.objects.get().final


def test_what_changed_elsewhere_does_not_keep_a_check_from_being_undone(desk, make_announcement):
    announcement = make_announcement()
    announcement.evidence.get().article.revise(headline="Another headline")
    page = reverse("admin:companies_announcement_changelist")
    desk.post(page, {"action": "say_it_stands", "_selected_action": [announcement.pk]})
    announcement.refresh_from_db()
    checked = announcement.last_checked_on

    desk.post(reverse("admin:articles_act_undo", args=[Act.objects.get().pk]))

    announcement.refresh_from_db()
    assert (checked, announcement.last_checked_on) == (timezone.localdate(), None)
    assert announcement.editions.count() == 1


def test_what_nobody_has_read_is_restored_without_a_note(desk, scheduled):
    moment = moment_of(scheduled.history.first().history_date)
    scheduled.title_en = "Later"
    scheduled.save()
    scheduled.amend()
    page = reverse("admin:companies_announcement_simple_history", args=[scheduled.pk, moment])

    desk.post(page, restoring(desk.get(page)))

    scheduled.refresh_from_db()
    assert (scheduled.title_en, scheduled.editions.get().snapshot["title"]["en"]) == ("Soon",) * 2
