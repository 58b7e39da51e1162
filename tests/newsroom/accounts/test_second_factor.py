"""The second factor: set up, asked for, used once, lost, removed."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from newsroom.accounts import second_factor
from newsroom.models import Login
from tests.newsroom.test_admin import INLINE

SECURITY, CODE, DESK = "/admin/security/", "/admin/login/code/", "/admin/"
CODES = re.compile(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>")


@pytest.fixture
def user(in_role):
    return in_role("editor")


@pytest.fixture(autouse=True)
def english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def signed_in(client):
    return SESSION_KEY in client.session


def kinds(user):
    return list(Login.objects.of(user).values_list("kind", flat=True))[::-1]


def tell_code(client, code, **headers):
    return client.post(CODE, {"code": code}, **headers)


def test_it_is_set_up_by_a_code_and_the_codes_are_shown_once(client, user, code_of):
    client.force_login(user)
    client.post(SECURITY, {"act": "begin"})
    page = client.get(SECURITY)
    picture = client.get("/admin/security/secret.svg")
    secret = second_factor.secret(second_factor.begun(user))
    assert (secret in page.text, page.headers["Cache-Control"]) == (
        True,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture.headers["Cache-Control"]
    assert picture.content.startswith(b"<?xml") and INLINE.search(picture.content.decode()) is None

    wrong = client.post(SECURITY, {"act": "confirm", "code": "000000"})
    assert second_factor.device_of(user) is None
    assert "This code is wrong: is the phone&#x27;s clock right?" in wrong.text
    TOTPDevice.objects.update(throttling_failure_count=0)
    shown = client.post(SECURITY, {"act": "confirm", "code": code_of(user)})

    codes = CODES.findall(shown.text)
    again = client.get(SECURITY).text
    assert (len(set(codes)), second_factor.left(user)) == (10, 10)
    assert (CODES.findall(again), secret in again) == ([], False)
    assert client.get("/admin/security/secret.svg").status_code == 404
    assert kinds(user) == ["in", "set_up"]
    assert client.get(DESK).status_code == 200


def test_setting_it_up_ends_the_other_sessions(client, user, code_of):
    other = Client()
    for each in (client, other):
        each.force_login(user)
    before = client.session.session_key
    client.post(SECURITY, {"act": "begin"})
    client.post(SECURITY, {"act": "confirm", "code": code_of(user)})

    assert (signed_in(client), other.get(DESK).status_code) == (True, 302)
    assert client.session.session_key != before


def test_the_login_asks_for_the_code_after_the_password(client, user, protect, types, code_of):
    protect(user)

    first = types(client, user, next="/admin/articles/article/")
    assert (first.url, signed_in(client)) == (CODE, False)
    assert client.get(DESK).status_code == 302
    half = client.session.session_key
    second = tell_code(client, code_of(user))

    assert (second.url, signed_in(client)) == ("/admin/articles/article/", True)
    assert client.session.session_key != half
    assert client.get(DESK).status_code == 200
    assert kinds(user) == ["code"]


def test_without_a_device_the_password_is_enough_and_the_session_is_new(client, user, types):
    client.get("/admin/login/")
    before = client.session
    before["seen"] = "planted"
    before.save()

    types(client, user)

    assert signed_in(client)
    assert client.session.session_key != before.session_key
    assert Client(HTTP_COOKIE=f"sessionid={before.session_key}").get(DESK).status_code == 302


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org/", "javascript:x"])
def test_nobody_is_led_elsewhere(client, user, protect, types, code_of, address):
    protect(user)
    types(client, user, next=address)

    assert tell_code(client, code_of(user)).url == DESK


def test_a_code_is_good_once(client, user, protect, types, code_of):
    protect(user)
    code = code_of(user)
    types(client, user)
    tell_code(client, code)
    client.post("/admin/logout/")

    types(client, user)
    again = tell_code(client, code)

    assert "This code is wrong, or was used already." in again.text
    assert not signed_in(client)
    assert kinds(user) == ["code", "out", "wrong_code"]


@pytest.mark.parametrize("written", ["{}", " {} ", "upper"])
def test_each_recovery_code_lets_in_once(client, user, protect, types, written):
    code = protect(user)[3]
    typed = code.upper() if written == "upper" else written.format(code.replace("-", " "))
    types(client, user)
    tell_code(client, typed)
    assert (signed_in(client), second_factor.left(user)) == (True, 9)
    client.post("/admin/logout/")

    types(client, user)
    tell_code(client, code)

    assert (signed_in(client), second_factor.left(user)) == (False, 9)
    assert kinds(user) == ["recovery", "out", "wrong_code"]


def test_anothers_code_is_wrong(client, user, in_role, protect, types, code_of):
    other = in_role("editor")
    protect(user)
    codes = protect(other)

    types(client, user)
    tell_code(client, codes[0])
    tell_code(client, code_of(other))

    assert (signed_in(client), second_factor.left(other)) == (False, 10)


def test_wrong_codes_are_slowed_down(client, user, protect, types, code_of):
    protect(user)
    types(client, user)
    for _try in range(3):
        tell_code(client, "000000")
    TOTPDevice.objects.update(throttling_failure_count=8)

    slowed = tell_code(client, code_of(user))
    assert re.search(r"Too many wrong codes: wait 1[0-9][0-9] seconds\.", slowed.text)
    assert not signed_in(client)
    assert second_factor.waits(user, "abcde-fghij") == 0  # a recovery code opens all the same
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(minutes=3))

    tell_code(client, code_of(user))
    assert signed_in(client)


@pytest.mark.parametrize("what", ["late", "password", "inactive", "removed"])
def test_the_second_step_waits_for_the_same_account_and_not_for_ever(
    client, user, protect, types, code_of, what
):
    protect(user)
    types(client, user)
    code = code_of(user)
    if what == "late":
        session = client.session
        session["half_in"] |= {"at": session["half_in"]["at"] - 601}
        session.save()
    elif what == "password":
        user.set_password("another long password")
        user.save()
    elif what == "inactive":
        user.is_active = False
        user.save()
    else:
        second_factor.remove(user)

    answer = tell_code(client, code)

    assert (signed_in(client), answer.url) == (False, "/admin/login/")


def test_nobody_comes_to_the_second_step_without_the_first(client, user, protect, code_of):
    protect(user)

    assert tell_code(client, code_of(user)).url == "/admin/login/"
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("role", "required", "free"),
    [
        ("reporter", True, True),
        ("editor", True, True),
        ("publisher", True, False),
        ("superuser", True, False),
        ("publisher", False, True),
        ("superuser", False, True),
    ],
)
def test_who_changes_what_the_public_sees_must_have_one(
    client, in_role, admin_user, settings, make_article, types, code_of, role, required, free
):
    settings.SECOND_FACTOR_REQUIRED = required
    user = admin_user if role == "superuser" else in_role(role)
    user.set_password("a long password")
    user.save()
    article = make_article(status="withheld")
    release = {"action": "release", "_selected_action": [article.pk]}
    types(client, user)

    for page in (DESK, "/admin/articles/article/", "/admin/password_change/", "/admin/jsi18n/"):
        answer = client.get(page, follow=True)
        at_security = bool(answer.redirect_chain) and answer.redirect_chain[-1][0] == SECURITY
        assert (page, at_security) == (page, not free)
    client.post("/admin/articles/article/", release)
    article.refresh_from_db()
    assert (article.status == "usable") is (free and role in ("publisher", "superuser"))
    if free:
        return

    client.post(SECURITY, {"act": "begin"})
    client.post(SECURITY, {"act": "confirm", "code": code_of(user)})
    client.post("/admin/articles/article/", release)
    article.refresh_from_db()
    assert article.status == "usable"


def test_who_owes_one_can_log_out(client, in_role, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(in_role("publisher"))

    client.post("/admin/logout/")

    assert not signed_in(client)


def test_the_desk_offers_it_to_who_has_none(client, user, settings, protect, types, code_of):
    client.force_login(user)
    assert f'href="{SECURITY}"' not in client.get(DESK).text.split("<main")[1]  # to try out
    settings.SECOND_FACTOR_REQUIRED = True
    assert f'href="{SECURITY}"' in client.get(DESK).text.split("<main")[1]
    client.logout()
    protect(user)
    types(client, user)
    tell_code(client, code_of(user))

    assert f'href="{SECURITY}"' not in client.get(DESK).text.split("<main")[1]


@pytest.mark.parametrize("act", ["renew", "remove"])
@pytest.mark.parametrize(
    ("proof", "proves"),
    [("a long password", True), ("code", True), ("wrong", False), ("000000", False), ("", False)],
)
def test_renewing_and_removing_ask_who_is_there(
    client, user, protect, types, code_of, act, proof, proves
):
    old = protect(user)
    types(client, user)
    tell_code(client, code_of(user))
    if proof == "code":
        proof = code_of(user, ahead=1)

    answer = client.post(SECURITY, {"act": act, "proof": proof})

    new = CODES.findall(answer.text) if act == "renew" else []
    assert bool(new) is (proves and act == "renew")
    assert (second_factor.device_of(user) is None) is (proves and act == "remove")
    if new:
        assert set(new).isdisjoint(old)
        assert second_factor.check(user, old[0]) is None
    done = {"renew": "renewed", "remove": "removed"}[act]
    assert (done in kinds(user)) is proves


def test_nobody_reads_a_secret_in_the_admin_or_the_logs(client, admin_user, user, protect, caplog):
    codes = protect(user)
    device = second_factor.device_of(user)
    client.force_login(admin_user)
    pages = ["/admin/auth/user/", f"/admin/auth/user/{user.pk}/change/", "/admin/newsroom/login/"]
    pages += [f"/admin/auth/user/{user.pk}/history/", DESK]

    told = "".join(client.get(page).text for page in pages) + caplog.text

    secrets = [device.key, second_factor.secret(device), *codes]
    assert [secret for secret in secrets if secret in told] == []
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert kept.isdisjoint({code.replace("-", "") for code in codes})


def test_a_lost_phone_is_removed_by_a_superuser(client, admin_user, user, protect, types):
    protect(user)
    theirs = Client()
    theirs.force_login(user)
    client.force_login(admin_user)

    client.post(
        "/admin/auth/user/", {"action": "remove_second_factor", "_selected_action": [user.pk]}
    )

    assert (second_factor.device_of(user), second_factor.left(user)) == (None, 0)
    assert theirs.get(DESK).status_code == 302
    assert LogEntry.objects.get(object_id=user.pk).change_message == '["Second factor removed"]'
    assert "removed" in kinds(user)


def test_or_by_a_command(user, protect):
    protect(user)
    out = StringIO()

    call_command("remove_second_factor", user.username, stdout=out)
    call_command("remove_second_factor", user.username, stdout=out)

    assert second_factor.device_of(user) is None
    assert out.getvalue().splitlines() == [
        f"{user.username} logs in with the password alone until a new one is set up.",
        f"{user.username} has no second factor.",
    ]
    assert kinds(user) == ["removed"]
    with pytest.raises(CommandError, match="No account"):
        call_command("remove_second_factor", "nobody")
