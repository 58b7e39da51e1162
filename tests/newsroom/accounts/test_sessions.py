"""How long one stays in, what ends it, and what is written down."""

from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from companies.models import Sending
from newsroom.accounts.sessions import STIRRED
from newsroom.models import Login

DESK = "/admin/"
LOGINS = "/admin/newsroom/login/"


@pytest.fixture
def user(in_role):
    return in_role("editor")


def since(client, **ago):
    """Make it so long ago that the session was used."""
    ago = timedelta(**ago)
    session = client.session
    session[STIRRED] -= ago.total_seconds()
    session.save()
    Session.objects.filter(pk=session.session_key).update(
        expire_date=timezone.now() - ago + timedelta(hours=12)
    )


def ends(client):
    return Session.objects.get(pk=client.session.session_key).expire_date


def test_twelve_idle_hours_end_it_and_use_keeps_it(client, user):
    client.force_login(user)
    for _round in range(3):
        since(client, hours=11)
        assert client.get(DESK).status_code == 200
        assert ends(client) > timezone.now() + timedelta(hours=11, minutes=59)

    since(client, hours=12, seconds=1)
    assert client.get(DESK).status_code == 302


@pytest.mark.parametrize(("minutes", "written"), [(9, False), (11, True)])
def test_it_is_written_at_most_once_in_ten_minutes(client, user, minutes, written):
    client.force_login(user)
    since(client, minutes=minutes)

    with CaptureQueriesContext(connection) as queries:
        client.get(DESK)

    assert any("UPDATE" in query["sql"] for query in queries) is written


def test_a_new_password_ends_the_other_sessions(client, user):
    other = Client()
    for each in (client, other):
        each.force_login(user)
    page = client.get("/admin/password_change/", HTTP_ACCEPT_LANGUAGE="en").text
    assert "at least 12 characters" in page
    words = {"new_password1": "words that nobody guesses"} | {
        "new_password2": "words that nobody guesses"
    }

    client.post("/admin/password_change/", {"old_password": "wrong"} | words)
    assert other.get(DESK).status_code == 200
    client.post("/admin/password_change/", {"old_password": "a long password"} | words)

    assert (client.get(DESK).status_code, other.get(DESK).status_code) == (200, 302)
    assert Login.objects.of(user).first().kind == "password"


@pytest.mark.parametrize("password", ["short words", "123456789012", "editor-editor1"])
def test_a_weak_password_is_refused(client, make_user, password):
    user = make_user(is_staff=True, username="editor-editor")
    client.force_login(user)

    client.post(
        "/admin/password_change/",
        {
            "old_password": "a long password",
            "new_password1": password,
            "new_password2": password,
        },
    )

    user.refresh_from_db()
    assert user.check_password("a long password")


def test_an_account_that_is_closed_is_out(client, user):
    client.force_login(user)
    assert client.get(DESK).status_code == 200
    user.is_active = False
    user.save()

    assert client.get(DESK).status_code == 302


@pytest.mark.parametrize("page", ["/fr/", "/en/articles/", "/api/v1/companies/", "/fr/search/?q=a"])
def test_a_reader_has_no_session_and_no_cookie(client, db, page):
    answer = client.get(page)

    assert (answer.status_code, dict(answer.cookies), Session.objects.count()) == (200, {}, 0)


def test_what_happens_at_the_door_is_written_down(client, user, types):
    types(client, user, password="wrong")
    types(client, user)
    client.post("/admin/logout/", REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT="Firefox")
    types(client, "nobody")

    rows = Login.objects.order_by("pk").values_list("username", "kind", "address", "browser")
    assert list(rows) == [
        (user.username, "wrong", "203.0.113.7", "Firefox"),
        (user.username, "in", "203.0.113.7", "Firefox"),
        (user.username, "out", "203.0.113.7", "Firefox"),
        ("", "wrong", "203.0.113.7", "Firefox"),
    ]


def test_a_lock_is_written_down_once(client, user, types):
    for _try in range(14):
        types(client, user, password="wrong")

    kinds = [login.kind for login in Login.objects.order_by("pk")]
    assert kinds == ["wrong"] * 9 + ["locked"]


@pytest.mark.parametrize(
    ("words", "found"),
    [("som", 1), ("203.0", 1), ("other", 1), ("nothing", 0), ("", 2), ("*", 2)],
)
def test_the_log_is_searched_by_account_and_address(admin_client, words, found):
    Login.objects.all().delete()
    Login.objects.create(username="somebody", kind="in", address="203.0.113.7")
    Login.objects.create(username="other", kind="locked", address="192.0.2.1")

    page = admin_client.get(LOGINS, {"q": words})

    assert len(page.context["cl"].result_list) == found


@pytest.mark.parametrize("rows", [1, 3])
def test_the_log_takes_a_fixed_number_of_queries(admin_client, django_assert_num_queries, rows):
    Login.objects.all().delete()
    for _row in range(rows):
        Login.objects.create(username="somebody", kind="in")

    with django_assert_num_queries(6):
        page = admin_client.get(LOGINS)

    assert len(page.context["cl"].result_list) == rows


def test_each_sees_their_own_logins_alone(client, user, in_role, types):
    other = in_role("editor")
    types(client, other, password="wrong", address="192.0.2.77")
    types(client, user, password="wrong", address="192.0.2.88")
    types(client, user)

    page = client.get("/admin/security/").text

    assert ("192.0.2.88" in page, "192.0.2.77" in page) == (True, False)


def test_what_is_old_is_forgotten(user, client, settings):
    settings.LOGINS_KEPT_DAYS = 30
    client.force_login(user)
    now = timezone.now()
    for days in (29, 31):
        login = Login.objects.create(username="somebody", kind="in")
        Login.objects.filter(pk=login.pk).update(at=now - timedelta(days=days))
    for minutes in (5, 40):
        attempt = AccessAttempt.objects.create(
            username="a", user_agent=str(minutes), failures_since_start=1
        )
        AccessAttempt.objects.filter(pk=attempt.pk).update(
            attempt_time=now - timedelta(minutes=minutes)
        )
    for place, minutes in ((1, 59), (2, 61)):
        Sending.objects.create(sender="a", place=place, at=now - timedelta(minutes=minutes))
    Session.objects.create(session_key="old", expire_date=now - timedelta(days=1))
    out = StringIO()

    call_command("forget_logins", stdout=out)

    assert out.getvalue() == "1 logins, 1 counts of wrong passwords deleted\n"
    assert Login.objects.count() == 2  # the one of 29 days, and the user's own
    assert AccessAttempt.objects.get().user_agent == "5"
    assert Sending.objects.get().place == 1
    assert [session.pk for session in Session.objects.all()] == [client.session.session_key]
    assert SESSION_KEY in client.session
