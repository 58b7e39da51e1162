"""The desk: what waits for an editor, since when, each queue with its list."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from articles.fields import start_of_tomorrow
from articles.intake import Rules, take_in
from articles.models import Article, Import, Receipt, StoryLink
from companies.models import (
    Announcement,
    CorrectionRequest,
    Edition,
    Mention,
    Newcomer,
    Placement,
    Suggestion,
    TrackerRow,
)
from newsroom.desk import KINDS, queues

DAY = timedelta(days=1)
LABELS = [str(kind.label) for kind in KINDS]
(
    ARTICLES_TODAY,
    ANNOUNCEMENTS_TODAY,
    SOURCES,
    EVIDENCE,
    UNSUPPORTED,
    RIGHTS,
    UNRELEASED,
    MENTIONS,
    SUGGESTIONS,
    DRAFTS,
    NEWCOMERS,
    CORRECTIONS,
    REFUSALS,
    STOPPED,
    STORIES,
    GRADES,
    UNCHECKED,
) = range(len(KINDS))


def later_today():
    """A moment later today, even in the last minutes of a day: no test begins in the last."""
    return timezone.now() + (start_of_tomorrow() - timezone.now()) / 2


def shift(record, **fields):
    type(record).objects.filter(pk=record.pk).update(**fields)


@pytest.fixture
def full(make_article, make_announcement, make_publisher, make_company, admin_user):
    """One record or more in each queue, most of them the admin's own."""

    def by_admin(record):
        record.history.update(history_user=admin_user)
        return record

    source, other = make_article(), make_article()
    by_admin(other)
    quoting = by_admin(make_announcement(article=source)).evidence.create(
        article=other, version=other.current_version(), exact="First", start=0
    )
    other.revise(body="Another text.", by=admin_user)
    Placement.objects.create(evidence=quoting, version=other.current_version(), state="gone")
    StoryLink.objects.create(article=other, other=source, reason="reprint", score=0.9)
    Mention.objects.create(article=other, company=make_company())
    seen = {"article": other, "version": other.current_version()}
    Suggestion.objects.create(**seen, company=quoting.announcement.company, speaker="company")
    by_admin(CorrectionRequest.objects.create(article=other, text="It was in June."))
    Newcomer.objects.create(name="Another").sightings.create(**seen, start=0, end=7, count=1)
    by_admin(make_announcement(publish=False, article=make_article(status="withheld")))
    by_admin(make_article(status="withheld", rights="unknown"))
    by_admin(make_article(status="withheld"))
    by_admin(make_article(public_from=later_today()))
    corrected = make_article()
    by_admin(make_announcement(article=corrected))
    corrected.corrections.create(
        version=corrected.current_version(), kind="correction", note_fr="Oui.", note_en="Yes."
    )
    waiting = by_admin(make_announcement(publish=False))
    shift(waiting, status="published", public_from=later_today())
    old = by_admin(make_announcement())
    shift(old, last_checked_on=timezone.localdate() - 200 * DAY)
    publisher = make_publisher()
    list(take_in([("a.txt", b"one line")], Rules(publisher, by=admin_user)))
    stopped = Import.objects.create(publisher=make_publisher(), author=admin_user)
    shift(stopped, started_at=timezone.now() - 2 * DAY)
    by_admin(
        TrackerRow.objects.create(
            assessor=make_publisher(kind="aggregator"),
            market="RU",
            assessed_on="2025-05-21",
            line=1,
            name="Who",
            grade="A",
            why="near",
        )
    )
    return {"source": source, "corrected": corrected, "old": old, "stopped": stopped}


def counts(user, **options):
    return [queue.count for queue in queues(user, **options)]


def test_an_empty_desk(admin_client, admin_user):
    assert counts(admin_user) == [0] * len(KINDS)
    page = admin_client.get("/admin/", headers={"accept-language": "en"}).text
    assert "Nothing waits. Well done: the desk is clear." in page
    mine = admin_client.get("/admin/?show=mine", headers={"accept-language": "en"}).text
    assert "Nothing of yours waits." in mine


@pytest.mark.parametrize("mine", [False, True])
def test_what_waits_is_counted_and_listed(full, admin_client, admin_user, mine):
    asked = queues(admin_user, mine=mine)

    assert [queue.count >= 1 for queue in asked] == [True] * len(KINDS)
    for queue in asked:
        found = admin_client.get(queue.url).context["cl"]
        assert (queue.label, found.result_count) == (queue.label, queue.count)
        assert ("mine" in parse_qs(urlsplit(queue.url).query)) is mine


def test_what_others_recorded_is_not_mine(full, make_user):
    stranger = make_user(is_staff=True, is_superuser=True)

    assert counts(stranger, mine=True) == [0] * len(KINDS)
    full["old"].history.create(
        history_user=stranger,
        history_type="~",
        history_date=timezone.now(),
        **{
            field.attname: getattr(full["old"], field.attname)
            for field in Announcement.history.model.tracked_fields
        },
    )
    assert counts(stranger, mine=True)[UNCHECKED] == 1


def test_who_recorded_a_record_keeps_it_when_another_edits_it(make_article, make_user):
    one, two, three = make_user(), make_user(), make_user()
    article = make_article()
    article.history.update(history_user=one)
    for user in (two, three):
        article.revise(headline=f"By {user}", by=user)

    assert [Article.objects.concerning(user).count() for user in (one, two, three)] == [1, 0, 1]


def test_a_killed_source_waits_until_the_announcement_rests_on_another(full, admin_user):
    before = counts(admin_user)
    full["source"].kill(note_fr="Retiré.", note_en="Withdrawn.")
    after = counts(admin_user)

    assert (after[SOURCES], after[STORIES]) == (before[SOURCES] + 1, 0)  # it is in no story now


@pytest.mark.parametrize(
    ("kind", "looked", "waits"),
    [
        ("correction", "", True),
        ("clarification", "", True),
        ("correction", "checked", False),
        ("correction", "amended", False),
        ("correction", "checked before", True),
        ("correction", "retracted", False),
    ],
)
def test_a_correction_waits_until_somebody_looks(
    make_announcement, make_article, kind, looked, waits
):
    article = make_article()
    announcement = make_announcement(article=article)
    if looked == "checked before":
        announcement.say_it_stands()
    article.corrections.create(
        version=article.current_version(), kind=kind, note_fr="Oui.", note_en="Yes."
    )
    if looked == "checked":
        announcement.say_it_stands()
    elif looked == "amended":
        announcement.buyer = "Somebody"
        announcement.save()
        announcement.amend(note_fr="Acheteur.", note_en="Buyer.")
    elif looked == "retracted":
        announcement.retract(reason_fr="Faux.", reason_en="Wrong.")

    assert Announcement.objects.on_troubled_sources().exists() is waits


@pytest.mark.parametrize(
    ("killed", "corrected", "since"),
    [
        (9, None, 9),
        (None, 4, 4),
        (9, 4, 9),
        (4, 9, 9),
    ],
)
def test_a_troubled_source_waits_since_the_first_of_its_troubles(
    make_announcement, make_article, django_assert_num_queries, killed, corrected, since
):
    now, one, two = timezone.now(), make_article(), make_article()
    draft = make_announcement(article=one, publish=False)
    shift(draft, created_at=now - 20 * DAY)
    draft.evidence.create(article=two, paraphrase_fr="a", paraphrase_en="a")
    if killed:
        one.kill(note_fr="Retiré.", note_en="Withdrawn.")
        one.history.filter(status="canceled").update(history_date=now - killed * DAY)
        one.refresh_from_db()
        one.save()  # for instance by a redaction
    if corrected:
        two.corrections.create(
            version=two.current_version(),
            kind="correction",
            note_fr="Oui.",
            note_en="Yes.",
            created_at=now - corrected * DAY,
        )

    with django_assert_num_queries(1):
        found = Announcement.objects.on_troubled_sources().get(pk=draft.pk)
    assert found.troubled_at == now - since * DAY


@pytest.mark.parametrize(
    ("checked", "published", "waits"),
    [(180, 300, True), (179, 300, False), (None, 180, True), (None, 179, False)],
)
def test_a_standing_is_checked_within_180_days(make_announcement, checked, published, waits):
    now = timezone.now()
    announcement = make_announcement(publish=False)
    shift(
        announcement,
        status="published",
        last_checked_on=checked and timezone.localdate() - checked * DAY,
    )
    Edition.objects.create(
        announcement=announcement,
        number=1,
        status="published",
        announced_by=announcement.announced_by,
        snapshot={},
        made_at=now - published * DAY,
    )

    assert Announcement.objects.unchecked().exists() is waits


def test_a_draft_waits_until_it_is_published_however_long(
    make_announcement, admin_user, admin_client
):
    draft = make_announcement(publish=False)
    make_announcement()
    shift(draft, created_at=timezone.now() - 300 * DAY)
    queue = queues(admin_user)[DRAFTS]
    listed = admin_client.get(queue.url).context["cl"].queryset

    assert (queue.count, queue.late, list(listed)) == (1, False, [draft])
    assert "month" in queue.age or "mois" in queue.age
    draft.publish()
    assert queues(admin_user)[DRAFTS].count == 0


def test_checked_today_is_an_act_on_the_list(full, admin_client, admin_user):
    page = reverse("admin:companies_announcement_changelist")

    admin_client.post(page, {"action": "say_it_stands", "_selected_action": [full["old"].pk]})

    full["old"].refresh_from_db()
    assert full["old"].last_checked_on == timezone.localdate()
    assert counts(admin_user)[UNCHECKED] == 0
    assert full["old"].editions.count() == 1


def test_ages_are_those_of_the_oldest(full, admin_user, make_article):
    older = make_article(status="withheld", rights="unknown")
    shift(older, created_at=timezone.now() - 9 * DAY)

    asked = queues(admin_user)

    assert (asked[RIGHTS].since, asked[RIGHTS].late) == (
        Article.objects.get(pk=older.pk).created_at,
        True,
    )
    assert "1" in asked[RIGHTS].age  # one week
    assert (asked[STOPPED].late, asked[MENTIONS].late) == (True, False)
    assert timezone.localdate(asked[UNCHECKED].since) == timezone.localdate() - 20 * DAY
    assert asked[ARTICLES_TODAY].hour.date() == asked[ANNOUNCEMENTS_TODAY].hour.date()
    assert asked[ARTICLES_TODAY].age == ""
    assert all(queue.since for queue in asked[SOURCES:])


@pytest.mark.parametrize(
    ("opens", "status", "today"),
    [
        (-timedelta(seconds=1), "usable", False),
        ("end", "usable", True),
        ("end", "withheld", True),
        ("end", "canceled", False),
        ("after", "usable", False),
    ],
)
def test_what_opens_today_opens_before_midnight_in_paris(make_article, opens, status, today):
    midnight = start_of_tomorrow()
    assert timezone.localtime(midnight).time().isoformat() == "00:00:00"
    hours = {"end": midnight - timedelta(seconds=1), "after": midnight}
    make_article(status=status, public_from=hours.get(opens) or timezone.now() + opens)

    assert Article.objects.opening_today().exists() is today


def test_a_stopped_import_waits_until_a_later_one_goes_through(full, admin_user):
    publisher = full["stopped"].publisher
    running = Import.objects.create(publisher=publisher)
    assert counts(admin_user)[STOPPED] == 1
    shift(running, finished_at=timezone.now())
    assert counts(admin_user)[STOPPED] == 0


def test_the_choice_is_in_the_address_and_remembered(full, admin_client):
    def shown(address):
        return admin_client.get(address).context["show"]

    assert [
        shown(address)
        for address in ("/admin/", "/admin/?show=mine", "/admin/", "/admin/?show=nobody's")
    ] == ["all", "mine", "mine", "mine"]
    assert shown("/admin/?show=all") == shown("/admin/") == "all"


def test_everybody_sees_the_queues_that_they_may_act_on(full, make_user):
    reporter = make_user(is_staff=True)
    assert queues(reporter) == []

    def grant(*names):
        for name in names:
            app, codename = name.split(".")
            kind = ContentType.objects.filter(app_label=app).first()
            allowed = Permission.objects.filter(
                content_type__app_label=app, codename=codename
            ).first() or Permission.objects.create(
                content_type=kind, codename=codename, name=codename
            )
            reporter.user_permissions.add(allowed)
        return [q.label for q in queues(type(reporter).objects.get(pk=reporter.pk))]

    assert grant("companies.confirm_mention") == []  # whose list they may not open
    assert grant("companies.view_mention") == [LABELS[MENTIONS]]
    assert grant("companies.view_announcement") == [LABELS[MENTIONS]]
    assert grant("articles.change_storylink") == [LABELS[MENTIONS], LABELS[STORIES]]


@pytest.mark.parametrize(("mine", "of"), [(False, ""), (True, "mine-")])
def test_the_review_screen_goes_through_the_queues_of_pieces(full, admin_user, mine, of):
    found = {q.label: q.review for q in queues(admin_user, mine=mine) if q.review}

    assert found == {
        LABELS[kind]: f"/admin/articles/article/review/?queue={of}{name}"
        for kind, name in (
            (EVIDENCE, "passages"),
            (RIGHTS, "uncleared"),
            (MENTIONS, "mentions"),
            (SUGGESTIONS, "suggestions"),
        )
    }


@pytest.mark.parametrize("mine", [False, True])
def test_the_desk_takes_one_query_a_queue(full, admin_user, django_assert_num_queries, mine):
    with django_assert_num_queries(len(KINDS)):
        queues(admin_user, mine=mine)


def test_a_file_that_went_in_later_waits_no_more(full, admin_user):
    publisher = full["source"].publisher

    def refused():
        return counts(admin_user)[REFUSALS]

    data = b"A headline\n\nA text.\n"
    list(take_in([("b.txt", data)], Rules(publisher)))  # no date of publication
    assert refused() == 2
    list(take_in([("b.txt", data)], Rules(publisher)))
    assert refused() == 2  # once, however often it comes
    said = {"published_at": full["source"].published_at}
    list(take_in([("b.txt", data)], Rules(publisher, said=said)))
    assert refused() == 1


def test_a_file_that_an_editor_has_seen_to_is_asked_no_more(full, admin_user):
    Receipt.objects.get().see()
    assert counts(admin_user)[REFUSALS] == 0
    list(take_in([("a.txt", b"one line")], Rules(full["source"].publisher)))
    assert counts(admin_user)[REFUSALS] == 0
