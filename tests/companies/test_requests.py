"""A reader's form: what is wrong with a record reaches the desk, without a cookie."""

import re
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone

from companies.forms import WRITING
from companies.mergers import merge
from companies.models import CorrectionRequest, Sending
from tests.canary import tables_holding

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture
def patient(monkeypatch):
    """As if the reader had taken a while to write."""
    monkeypatch.setattr("companies.forms.WRITING", -1)


@pytest.fixture
def announcement(make_announcement):
    return make_announcement()


def path_of(announcement, language="en"):
    return f"/{language}/corrections/suggest/announcements/{announcement.public_id}/"


def send(client, path, *, token=None, headers=None, address="192.0.2.1", **data):
    if token is None:
        token = TOKEN.search(client.get(path).text).group(1)
    typed = {"token": token, "text": "It was in June.", **data}
    return client.post(path, typed, headers=headers, REMOTE_ADDR=address)


@pytest.mark.parametrize("kind", ["companies", "announcements", "articles"])
def test_it_reaches_the_desk_and_sets_no_cookie(client, announcement, patient, kind):
    article = announcement.evidence.get().article
    key = {
        "companies": announcement.company.slug,
        "announcements": announcement.public_id,
        "articles": article.slug,
    }[kind]
    path = f"/fr/corrections/suggest/{kind}/{key}/"

    sent = send(client, path, source="https://example.org/june", email="reader@example.org")

    assert (sent.status_code, sent["Location"], client.cookies) == (302, f"{path}?sent=1", {})
    asked = CorrectionRequest.objects.waiting().get()
    assert (asked.text, asked.source, asked.email) == (
        "It was in June.",
        "https://example.org/june",
        "reader@example.org",
    )
    abouts = {"companies": announcement.company, "announcements": announcement, "articles": article}
    assert asked.about == abouts[kind]
    assert 'role="status"' in client.get(sent["Location"]).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": ""}, "This field is required."),
        ({"text": "\u200b \n"}, "Say what is wrong."),
        ({"text": "x" * 5_001}, "At most 5000 characters; this has 5001."),
        ({"source": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"homepage": "https://spam.example"}, "was filled in"),
        ({"token": "forged"}, "This page had been open for long."),
        ({"token": ""}, "This page had been open for long."),
    ],
)
def test_what_makes_no_sense_comes_back_with_all_that_was_typed(
    client, announcement, patient, data, said
):
    answer = send(client, path_of(announcement), **{"email": "reader@example.org"} | data)

    assert (answer.status_code, CorrectionRequest.objects.count()) == (200, 0)
    assert said in answer.text
    assert data.get("email", "reader@example.org") in answer.text
    assert data.get("text", "It was in June.").strip("\u200b \n") in answer.text


def test_a_token_is_for_one_record(client, announcement, make_announcement, patient):
    token = TOKEN.search(client.get(path_of(make_announcement())).text).group(1)

    send(client, path_of(announcement), token=token)

    assert not CorrectionRequest.objects.exists()


def test_what_was_typed_about_a_record_that_was_merged_meanwhile_is_not_lost(
    client, make_announcement, make_company, patient
):
    merged, into = make_announcement().company, make_announcement().company
    path = f"/en/corrections/suggest/companies/{merged.slug}/"
    token = TOKEN.search(client.get(path).text).group(1)
    merge(merged, into)

    answer = send(client, path, token=token)
    sent = send(client, path, token=TOKEN.search(answer.text).group(1))

    assert answer.status_code == 200
    assert "It was in June." in answer.text and f">{into}</a>" in answer.text
    assert CorrectionRequest.objects.get().about == into
    assert 'role="status"' in client.get(sent["Location"], follow=True).text


def test_a_form_that_waited_too_long_can_be_sent_again(client, announcement, patient, monkeypatch):
    with monkeypatch.context() as late:
        late.setattr("companies.forms.LASTS", -1)
        answer = send(client, path_of(announcement))
    token = TOKEN.search(answer.text).group(1)

    again = send(client, path_of(announcement), token=token)

    assert (again.status_code, CorrectionRequest.objects.count()) == (302, 1)


def test_a_machine_is_too_quick(client, announcement, monkeypatch):
    monkeypatch.setattr("companies.forms.WRITING", 600)  # on a slow machine too

    answer = send(client, path_of(announcement))

    assert (answer.status_code, CorrectionRequest.objects.count()) == (200, 0)
    assert "That was quick." in answer.text


# Who asks, as (behind a proxy?, its address, what X-Forwarded-For says), the n-th time.
@pytest.mark.parametrize(
    ("proxy", "asks", "limited"),
    [
        (False, lambda n: ("192.0.2.1", None), True),
        (False, lambda n: (f"192.0.2.{n}", None), False),
        (False, lambda n: ("192.0.2.1", f"203.0.113.{n}"), True),  # anybody can write that
        (True, lambda n: ("192.0.2.1", f"203.0.113.{n}"), False),  # the proxy has written it
        (True, lambda n: ("192.0.2.1", f"203.0.113.{n}, 198.51.100.7"), True),
        (True, lambda n: ("192.0.2.1", f"unknown {n}"), True),
        (False, lambda n: ("", None), True),  # by a socket's file
        (False, lambda n: (f"2001:db8:1:2::{n}", None), True),  # one line has all of a /64
        (False, lambda n: (f"2001:db8:1:{n}::1", None), False),
    ],
)
def test_one_address_sends_ten_an_hour(
    client, announcement, patient, settings, proxy, asks, limited
):
    settings.BEHIND_PROXY = proxy
    answers = []
    for n in range(1, 12):
        address, forwarded = asks(n)
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        answer = send(client, path_of(announcement), headers=headers, address=address)
        answers.append(answer.status_code)

    assert answers == [302] * 10 + [429 if limited else 302]
    assert CorrectionRequest.objects.count() == (10 if limited else 11)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_who_sends_too_many_keeps_what_was_typed_and_is_told_when_to_come_back(
    client, announcement, patient, language
):
    path = path_of(announcement, language)
    for minutes in (35, *range(25, 16, -1)):
        send(client, path)
        newest = Sending.objects.order_by("place").last()
        Sending.objects.filter(pk=newest.pk).update(at=timezone.now() - timedelta(minutes=minutes))
    first = Sending.objects.get(place=1).at + timedelta(hours=1)

    answer = send(client, path, email="reader@example.org", source="https://example.org/june")
    clock = {"en": "%H:%M", "fr": "%Hh%M"}[language]
    hour = timezone.localtime(first + timedelta(seconds=59)).strftime(clock)

    assert answer.status_code == 429
    assert 24 * 60 < int(answer["Retry-After"]) <= 25 * 60
    assert "no-store" in answer["Cache-Control"] and not answer.cookies
    assert f'<html lang="{language}">' in answer.text and 'role="alert"' in answer.text
    for shown in ("It was in June.", "reader@example.org", "https://example.org/june", hour):
        assert shown in answer.text
    if language == "en":
        assert "Not sent: many requests have come from your address" in answer.text
        assert f"You can send it in 25 minutes, from {hour} (Europe/Paris)." in answer.text
    Sending.objects.filter(place=1).update(at=timezone.now() - timedelta(hours=1))
    token = TOKEN.search(answer.text).group(1)
    assert send(client, path, token=token).status_code == 302
    assert send(client, path).status_code == 429


def test_what_is_refused_counts_for_nothing(client, announcement, patient):
    for _time in range(12):
        send(client, path_of(announcement), text="")

    assert send(client, path_of(announcement)).status_code == 302


def test_an_address_is_kept_nowhere_and_its_hash_for_an_hour(client, announcement, patient):
    send(client, path_of(announcement), address="203.0.113.77")
    assert tables_holding(Sending.objects.get().sender) == {"companies_sending"}
    assert tables_holding("203.0.113.77") == set()

    Sending.objects.update(at=timezone.now() - timedelta(hours=1))
    send(client, path_of(announcement), address="203.0.113.78")

    assert tables_holding("203.0.113") == set()
    assert Sending.objects.count() == 1


PREPARE = """
import django; django.setup()
from datetime import date
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
from articles.models import Article, Publisher
Article.objects.create(
    publisher=Publisher.objects.create(slug="gazette", name="Gazette"),
    wire_id="a", slug="a", headline="A", body="B.", published_at=timezone.now(),
    public_from=timezone.now(), status="usable", rights="cleared", access="full",
).keep()
"""
COUNT = """
import django; django.setup()
from companies.models import CorrectionRequest
print(CorrectionRequest.objects.count())
"""


def run(script, environment):
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def serve(environment):
    """(process, its address) of a server as it runs in production, with one worker. It is given
    its door open: nobody else can take it, and who comes before it has started waits there."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        fd, port = door.fileno(), door.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "newsroom.wsgi:application"]
        command += ["--bind", f"fd://{fd}", "--log-level", "error", "--no-control-socket"]
        server = subprocess.Popen(command, env=environment, cwd=ROOT, pass_fds=[fd])
    return server, f"http://127.0.0.1:{port}"


def ask(address, data=None, forwarded="203.0.113.9"):
    """(status, text) of what a server answers to a reader who comes by the proxy."""
    asked = Request(address, data and urlencode(data).encode(), {"X-Forwarded-For": forwarded})
    try:
        with urlopen(asked, timeout=600) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


def test_two_servers_count_together_and_believe_no_forged_address(own_database):
    environment = own_database | {"BEHIND_PROXY": "1"}
    run(PREPARE, environment)
    started = [serve(environment) for _server in range(2)]
    try:
        path = "/en/corrections/suggest/articles/a/"
        doors = [address + path for _process, address in started]
        tokens = [TOKEN.search(ask(door)[1]).group(1) for door in doors]
        time.sleep(WRITING + 0.1)
        typed = {"token": tokens[0], "text": "It was in June."}
        forged = [f"198.51.100.{n}, 8.8.8.{n}, 203.0.113.9" for n in range(12)]
        with ThreadPoolExecutor(4) as readers:  # at once, so that two want the last place
            answers = list(readers.map(ask, doors * 6, [typed] * 12, forged))
        another = ask(doors[1], typed, "203.0.113.9, 203.0.113.10")
    finally:
        for process, _address in started:
            process.kill()
            process.wait()

    assert Counter(status for status, _text in answers) == {200: 10, 429: 2}
    assert all("It was in June." in text for status, text in answers if status == 429)
    assert another[0] == 200
    assert run(COUNT, environment) == "11\n"


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://testserver", 302), ("https://elsewhere.example", 403), ("null", 403), (None, 302)],
)
def test_another_site_can_not_send_it(client, announcement, patient, origin, status):
    headers = {"Origin": origin} if origin else {}

    assert send(client, path_of(announcement), headers=headers).status_code == status


@pytest.mark.parametrize("kind", ["companies", "announcements", "articles", "users"])
def test_of_what_isnt_public_there_is_no_form(client, make_announcement, kind):
    hidden = make_announcement(publish=False)
    article = hidden.evidence.get().article
    article.withhold()
    key = {"companies": hidden.company.slug, "articles": article.slug}.get(kind, hidden.public_id)

    assert client.get(f"/en/corrections/suggest/{kind}/{key}/").status_code == 404


def test_the_form_is_never_kept(client, announcement):
    assert "no-store" in client.get(path_of(announcement))["Cache-Control"]


def test_an_editor_sees_it_and_answers(admin_client, announcement, client, patient):
    send(client, path_of(announcement), email="reader@example.org")
    asked = CorrectionRequest.objects.get()
    changelist = "/admin/companies/correctionrequest/"

    page = admin_client.get(f"{changelist}{asked.pk}/change/").text
    admin_client.post(changelist, {"action": "accept", "_selected_action": [asked.pk]})

    asked.refresh_from_db()
    assert (asked.status, CorrectionRequest.objects.waiting().count()) == ("accepted", 0)
    assert "It was in June." in page and "reader@example.org" in page
    assert not hasattr(asked.history.first(), "email")
