"""How often one may be wrong at the editors' door, from where, and for how long."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles.addresses import address_of, home
from newsroom.models import Login

OFFICE, ELSEWHERE = "198.51.100.20", "203.0.113.7"
LOCKED = "Too many logins went wrong, for this account or from this address."


@pytest.fixture
def user(in_role):
    return in_role("editor")


@pytest.fixture
def fails(types):
    """So many wrong passwords, each from an address that a function gives."""

    def fail(user, times, address=lambda n: ELSEWHERE):
        for number in range(times):
            answer = types(Client(), user, password=f"wrong {number}", address=address(number))
        return answer

    return fail


def gets_in(types, user, address, **headers):
    client = Client(HTTP_ACCEPT_LANGUAGE="en", **headers)
    answer = types(client, user, address=address)
    if answer.status_code == 429:
        assert LOCKED in answer.text
    return SESSION_KEY in client.session


def test_nine_wrong_passwords_are_forgiven_and_ten_are_not(fails, types, user):
    fails(user, 9)
    assert gets_in(types, user, ELSEWHERE)

    assert fails(user, 10).status_code == 429
    assert not gets_in(types, user, ELSEWHERE)


def test_one_account_is_not_guessed_from_many_addresses(fails, types, user):
    fails(user, 10, lambda n: f"203.0.113.{n}")

    assert not gets_in(types, user, "192.0.2.99")


def test_who_attacks_an_account_does_not_lock_its_owner_out_at_home(fails, types, user):
    assert gets_in(types, user, OFFICE)
    fails(user, 12, lambda n: f"203.0.113.{n}")

    assert gets_in(types, user, OFFICE)
    assert not gets_in(types, user, "192.0.2.99")  # and getting in opened no other door
    Login.objects.update(at=timezone.now() - timedelta(days=31))
    assert not gets_in(types, user, OFFICE)


def test_at_home_one_may_be_wrong_ten_times_too(fails, types, user):
    assert gets_in(types, user, OFFICE)

    fails(user, 10, lambda n: OFFICE)

    assert not gets_in(types, user, OFFICE)


def test_one_address_tries_thirty_times_whatever_the_accounts(fails, types, user, in_role):
    others = [in_role("editor") for _account in range(4)]
    for other in others[:3]:
        fails(other, 9)
    assert gets_in(types, others[3], ELSEWHERE)
    fails("nobody", 3)

    assert not gets_in(types, user, ELSEWHERE)
    assert gets_in(types, user, OFFICE)


def test_a_line_of_ipv6_is_one_address(fails, types, in_role):
    for number in range(30):
        fails(f"account {number}", 1, lambda n, number=number: f"2001:db8:1:2::{number + 1:x}")

    user = in_role("editor")
    assert not gets_in(types, user, "2001:db8:1:2:ffff::1")
    assert gets_in(types, user, "2001:db8:1:3::1")


def test_it_ends_after_half_an_hour_and_knocking_does_not_prolong_it(fails, types, user):
    fails(user, 10)
    ago = timezone.now() - timedelta(minutes=29)
    AccessAttempt.objects.update(attempt_time=ago)

    page = types(Client(HTTP_ACCEPT_LANGUAGE="en"), user)
    opens = timezone.localtime(ago + timedelta(minutes=30))
    assert f"<strong>{opens:%H:%M}</strong>" in page.text
    assert AccessAttempt.objects.get().attempt_time == ago
    AccessAttempt.objects.update(attempt_time=ago - timedelta(minutes=2))

    assert gets_in(types, user, ELSEWHERE)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Try again after"), ("fr", 'lang="fr"')],
)
def test_the_page_says_when_to_try_again(fails, types, user, language, words):
    fails(user, 10)

    page = types(Client(HTTP_ACCEPT_LANGUAGE=language), user)

    assert (page.status_code, words in page.text) == (429, True)
    assert "wrong" not in page.text.split("<main")[1].replace("went wrong", "")


def test_a_command_opens_it_again(fails, types, user):
    fails(user, 10)
    call_command("axes_reset_username", user.username)

    assert gets_in(types, user, ELSEWHERE)


def test_wrong_codes_count_like_wrong_passwords(fails, types, user, protect, code_of):
    protect(user)
    fails(user, 9)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    types(client, user)

    page = client.post("/admin/login/code/", {"code": "000000"}, REMOTE_ADDR=ELSEWHERE)
    again = client.post("/admin/login/code/", {"code": code_of(user)}, REMOTE_ADDR=ELSEWHERE)

    assert (page.status_code, again.status_code) == (429, 429)
    assert SESSION_KEY not in client.session
    assert "000000" not in "".join(AccessAttempt.objects.values_list("post_data", flat=True))


def test_what_is_typed_is_kept_nowhere(fails, user):
    fails(user, 2)
    fails("my secret in the wrong field", 1)

    told = list(AccessAttempt.objects.values_list("post_data", "get_data"))
    assert not any("wrong" in text or "secret" in text for row in told for text in row)
    assert [login.username for login in Login.objects.all()] == ["", user.username, user.username]


@pytest.mark.parametrize(
    ("behind", "headers", "address"),
    [
        (False, {"REMOTE_ADDR": "192.0.2.1"}, "192.0.2.1"),
        (False, {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, "192.0.2.1"),
        (True, {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, "203.0.113.9"),
        (
            True,
            {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "forged, 8.8.8.8, 203.0.113.9"},
            "203.0.113.9",
        ),
        (True, {"REMOTE_ADDR": "192.0.2.1"}, "192.0.2.1"),
        (True, {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "unknown"}, None),
        (False, {"REMOTE_ADDR": ""}, None),
        (False, {}, None),
        (False, {"REMOTE_ADDR": "::ffff:192.0.2.1"}, "192.0.2.1"),
    ],
)
def test_whose_word_is_believed_on_an_address(rf, settings, behind, headers, address):
    settings.BEHIND_PROXY = behind
    request = rf.get("/")
    request.META.pop("REMOTE_ADDR")
    request.META.update(headers)

    assert address_of(request) == address


@pytest.mark.parametrize(
    ("address", "at"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::1", "::"),
        (None, None),
    ],
)
def test_what_counts_as_one_address(address, at):
    assert home(address) == at


@pytest.mark.parametrize("forged", ["192.0.2.50", "192.0.2.51, 192.0.2.52"])
def test_a_forged_header_opens_nothing(fails, types, user, forged):
    fails(user, 30)

    assert not gets_in(types, "editor", ELSEWHERE, HTTP_X_FORWARDED_FOR=forged)
    assert not gets_in(types, user, ELSEWHERE, HTTP_X_FORWARDED_FOR=forged)


def test_a_reader_is_asked_nothing(client, make_announcement, django_assert_num_queries):
    make_announcement()
    client.get("/fr/")
    with django_assert_num_queries(0):
        client.get("/healthz")
    answer = client.get("/fr/")

    assert answer.status_code == 200
    assert not client.cookies
