"""Fifteen pairs of editors who save at the same moment, against a database with real locks."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAIRS = 15

# Each pair opens one record twice, waits for the other, and saves: pairs 0, 3, … different
# fields and rows, each adding a row; 1, 4, … the same field of the same row; 2, 5, … one
# deletes the row that the other changes. Who is asked saves again.
SCRIPT = f"""
import json, threading
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from companies.models import Announcement, Company
from lxml import html

company = Company.objects.create(slug="amazon", name="Amazon")
failed, told = [], {{}}

def added(market):
    row = {{"market": market, "action": "exit", "stage": "announced", "effective_precision": "day"}}
    return {{"measures-TOTAL_FORMS": "3"}} | {{f"measures-2-{{k}}": v for k, v in row.items()}}


PLANS = [
    (
        {{"buyer": "Anna", "measures-0-stage": "completed"}} | added("UA"),
        {{"terms_fr": "Bob", "measures-1-stage": "completed"}} | added("KZ"),
    ),
    ({{"buyer": "Anna", "measures-0-stage": "completed"}},
     {{"buyer": "Bob", "measures-0-stage": "in_effect"}}),
    ({{"measures-0-DELETE": "on"}}, {{"terms_fr": "Bob", "measures-0-stage": "completed"}}),
]


def held(answer):
    \"\"\"What a browser would send of the form on a page.\"\"\"
    forms = html.fromstring(answer.content.decode()).forms
    return dict(next(f for f in forms if f.get("id") == "announcement_form").form_values())


def work(start, pair, who, announcement):
    try:
        client = Client(SERVER_NAME="localhost")
        client.force_login(editors[who])
        page = reverse("admin:companies_announcement_change", args=[announcement.pk])
        form = held(client.get(page)) | PLANS[pair % 3][who]
        start.wait(600)
        answer = client.post(page, form)
        asked = answer.status_code == 200
        if asked:
            answer = client.post(page, held(answer))
        told[f"{{pair}} {{who}}"] = [answer.status_code, asked]
    except Exception as error:
        failed.append(repr(error))
        start.abort()
    finally:
        connection.close()


editors = [User.objects.create_superuser(name) for name in ("anna", "bob")]
rows = []
for pair in range({PAIRS}):
    announcement = Announcement.objects.create(company=company, announced_on="2022-03-08")
    for market in ("RU", "BY"):
        announcement.measures.create(market=market, action="suspend", stage="announced")
    start = threading.Barrier(2)
    threads = [
        threading.Thread(target=work, args=(start, pair, who, announcement)) for who in (0, 1)
    ]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    announcement.refresh_from_db()
    measures = [list(row) for row in announcement.measures.values_list("market", "stage")]
    buyers = list(announcement.history.values_list("buyer", flat=True))
    rows.append([announcement.buyer, announcement.terms_fr, sorted(measures), sorted(set(buyers))])
print(json.dumps([failed, told, rows]))
"""


def test_fifteen_pairs_at_the_same_moment_lose_nothing(own_database):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=own_database,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    failed, told, rows = json.loads(done.stdout.splitlines()[-1])

    assert failed == []
    assert {status for status, _asked in told.values()} == {302}
    for pair, (buyer, terms, measures, buyers) in enumerate(rows):
        asked = [told[f"{pair} {who}"][1] for who in (0, 1)]
        if pair % 3 == 0:
            everything = [["BY", "completed"], ["KZ", "announced"]]
            everything += [["RU", "completed"], ["UA", "announced"]]
            assert (asked, buyer, terms) == ([False, False], "Anna", "Bob")
            assert measures == everything
        elif pair % 3 == 1:  # exactly one was asked, and decided
            assert sorted(asked) == [False, True]
            last = asked.index(True)
            assert (buyer, buyers) == (["Anna", "Bob"][last], ["", "Anna", "Bob"])
            assert measures == [["BY", "announced"], ["RU", ["completed", "in_effect"][last]]]
        else:
            assert (sorted(asked), terms) == ([False, True], "Bob")
            kept = [["RU", "completed"]] if asked[1] else []  # deleting it was the last word
            assert measures == [["BY", "announced"], *kept]
