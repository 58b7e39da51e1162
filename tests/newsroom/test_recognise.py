import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from companies.models import CompanyName, Mention

ROOT = Path(__file__).parents[2]
ARTICLES = 1_000


def test_all_articles_are_searched_with_the_names_of_today(make_article, make_company, capsys):
    company = make_company(name="Boréal")
    for body in ("Boréal part.", "Lumina part.", "Rien."):
        make_article(body=body)
    call_command("recognise")
    call_command("recognise")
    CompanyName.objects.create(company=company, name="Lumina")
    call_command("recognise")
    assert capsys.readouterr().out.splitlines() == [
        "3 articles searched.",
        "0 articles searched.",
        "3 articles searched.",
    ]
    assert sorted(Mention.objects.values_list("named_as", flat=True)) == ["Boréal", "Lumina"]


PREPARE = f"""
from django.core.management import call_command
from django.utils.timezone import now
call_command("migrate", verbosity=0)
from articles.models import Article, Publisher, Version
from companies.models import Company
publisher = Publisher.objects.create(slug="p", name="P")
Company.objects.create(slug="boreal", name="Boréal")
made = Article.objects.bulk_create(
    Article(publisher=publisher, wire_id=str(n), slug=str(n), headline=f"Titre {{n}}",
            body="Boréal part.", published_at=now())
    for n in range({ARTICLES})
)
Version.objects.bulk_create(
    Version(article=a, number=1, sha256=Version.hash_of(**a.wording()), **a.wording())
    for a in made
)
"""
CUT_SHORT = """
import random, signal
from companies.mentions import recognise_all
for number, _found in enumerate(recognise_all()):
    if not number:  # no handler: the alarm ends the process there and then
        signal.setitimer(signal.ITIMER_REAL, random.uniform(0.001, 0.1))
"""
COUNT = """
import json
from companies.mentions import all_names, outdated
from companies.models import Mention, Reading
read = Reading.objects.exclude(version=None)
print(json.dumps([Mention.objects.count(), Mention.history.count(), read.count(),
                  outdated(all_names()).count()]))
"""


@pytest.fixture
def child(own_database):
    def run(script):
        return subprocess.run(
            [sys.executable, "-c", f"import django\ndjango.setup()\n{script}"],
            cwd=ROOT,
            env=own_database,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_search_killed_anywhere_is_finished_by_running_it_again(child):
    assert child(PREPARE).returncode == 0
    for _kill in range(3):
        child(CUT_SHORT)
    mentions, history, readings, left = json.loads(child(COUNT).stdout)
    assert mentions == history == readings == ARTICLES - left
    assert 0 < left < ARTICLES, "the kills came too late, or too early, to prove anything"
    said = child('from django.core.management import call_command\ncall_command("recognise")')
    assert said.stdout == f"{left} articles searched.\n"
    assert json.loads(child(COUNT).stdout) == [ARTICLES, ARTICLES, ARTICLES, 0]
