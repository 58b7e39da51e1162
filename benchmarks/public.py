"""Each public page beside hand-written SQL and json.dumps of the rows that it shows:
DEBUG=1 DATA_DIR=/tmp/bench python benchmarks/public.py 20000 [--only NAME] [--browser]

Fills an empty database of its own with so many announcements and what belongs to them (one
that holds them is used again), on SQLite or, by DATABASE_URL, PostgreSQL. The best of some
rounds counts; a download's peak is that of a process of its own, above what it held before.
With --browser, Chromium opens a page of each template twice: the first view's largest
contentful paint and shift of layout, and the repeated view's.
"""

import argparse
import json
import os
import resource
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

import django

django.setup()

# ruff: noqa: E402 - models can be imported only now
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from articles.models import Article, Publisher
from benchmarks.archive import fill
from companies.models import Announcement, Company
from tests.browsing import CHROMIUM, FLAGS

ROUNDS, LONG = 5, 1.0  # what takes more seconds than LONG is asked once more, not ROUNDS times
ANSWERED = {200, 304}

PUBLIC_ARTICLE = (
    "x.status = 'usable' AND x.public_from <= CURRENT_TIMESTAMP "
    "AND (x.rights_until IS NULL OR x.rights_until > CURRENT_TIMESTAMP)"
)
PUBLIC = (
    "a.status = 'published' AND (a.public_from IS NULL OR a.public_from <= CURRENT_TIMESTAMP) "
    "AND EXISTS (SELECT 1 FROM companies_evidence e JOIN articles_article x "
    f"ON x.id = e.article_id WHERE e.announcement_id = a.id AND e.stance = 'supports' "
    f"AND {PUBLIC_ARTICLE})"
)
NEWEST = "ORDER BY a.announced_by DESC, a.id DESC"
IN_MARKET = "EXISTS (SELECT 1 FROM companies_measure m WHERE m.announcement_id = a.id AND {})"


def announcements(condition="1 = 1", limit="LIMIT 20"):
    """The announcements with company, measures and evidence, as three statements."""
    chosen = f"SELECT a.id FROM companies_announcement a WHERE {PUBLIC} AND {condition}"
    chosen = f"SELECT id FROM ({chosen} {NEWEST} {limit}) chosen"
    return [
        "SELECT a.public_id, a.announced_on, a.title_fr, a.title_en, a.summary_fr, a.summary_en, "
        "c.slug, c.name FROM companies_announcement a JOIN companies_company c "
        f"ON c.id = a.company_id WHERE a.id IN ({chosen}) {NEWEST}",
        "SELECT m.announcement_id, v.name_fr, v.name_en, m.market, m.action, m.stage "
        "FROM companies_measure m LEFT JOIN companies_activity v ON v.id = m.activity_id "
        f"WHERE m.announcement_id IN ({chosen})",
        "SELECT e.announcement_id, x.slug, x.headline, p.name, e.exact, e.prefix, e.suffix, "
        "e.paraphrase_fr, e.paraphrase_en, e.stance, e.speaker FROM companies_evidence e "
        "JOIN articles_article x ON x.id = e.article_id "
        "JOIN articles_publisher p ON p.id = x.publisher_id "
        f"WHERE e.announcement_id IN ({chosen}) AND {PUBLIC_ARTICLE}",
    ]


def measures_of(companies):
    """What the standings of some companies are derived from."""
    return [
        "SELECT a.company_id, m.market, m.action, m.stage, a.announced_by, v.name_fr "
        "FROM companies_measure m JOIN companies_announcement a ON a.id = m.announcement_id "
        "LEFT JOIN companies_activity v ON v.id = m.activity_id "
        f"WHERE {PUBLIC} AND {companies}"
    ]


def pages():
    """Name → (address, hand-written statements for the rows that it shows)."""
    company = Announcement.objects.public().order_by("pk")[100].company
    brothers = Company.objects.public().exclude(pk=company.pk).order_by("pk")[:3]
    compared = [company, *brothers]
    keys = ", ".join(str(each.pk) for each in compared)
    announcement = Announcement.objects.public().first()
    article = Article.objects.public().order_by("pk")[100]
    publisher = Publisher.objects.public().order_by("pk").first()
    word = article.body.split()[40].strip(".,").lower()
    russia = IN_MARKET.format("m.market = 'RU'")
    suspended = IN_MARKET.format("m.market = 'RU' AND m.action = 'suspend'")
    of_sector = (
        f"a.company_id IN (SELECT id FROM companies_company WHERE sector = '{company.sector}')"
    )
    of_publisher = (
        "EXISTS (SELECT 1 FROM companies_evidence e JOIN articles_article x ON x.id = e.article_id "
        f"WHERE e.announcement_id = a.id AND x.publisher_id = {publisher.pk} AND {PUBLIC_ARTICLE})"
    )
    listed = "SELECT x.slug, x.headline, x.published_at FROM articles_article x"
    tracker = "/en/announcements/"
    found = {
        "home": ("/en/", announcements(limit="LIMIT 6")),
        "tracker": (tracker, announcements()),
        "tracker, market and action": (
            f"{tracker}?market=RU&action=suspend",
            announcements(suspended),
        ),
        "tracker, words": (
            f"{tracker}?q=announcement",
            announcements("a.title_en LIKE '%%nnouncement%%'"),
        ),
        "tracker, as of a day": (
            f"{tracker}?as_of=2022-06-30",
            announcements("a.announced_by <= '2022-06-30'"),
        ),
        "tracker, by company": (f"{tracker}?ordering=company", announcements()),
        "tracker, known at": (f"{tracker}?known_at=2099-01-01", announcements()),
        "tracker, last page": (f"{tracker}?page=last", announcements(limit="LIMIT 20 OFFSET 980")),
        "announcement": (
            announcement.get_absolute_url().replace("/fr/", "/en/"),
            announcements(f"a.id = {announcement.pk}"),
        ),
        "companies": (
            "/en/companies/",
            measures_of(
                "a.company_id IN (SELECT id FROM companies_company ORDER BY name LIMIT 20)"
            ),
        ),
        "company": (
            f"/en/companies/{company.slug}/",
            announcements(f"a.company_id = {company.pk}")
            + measures_of(f"a.company_id = {company.pk}"),
        ),
        "compare": (
            "/en/companies/compare/?" + "&".join(f"company={each.slug}" for each in compared),
            measures_of(f"a.company_id IN ({keys})"),
        ),
        "market": ("/en/markets/RU/", announcements(russia) + measures_of("m.market = 'RU'")),
        "market, as of a day": (
            "/en/markets/RU/?as_of=2022-06-30",
            announcements(russia) + measures_of("m.market = 'RU'"),
        ),
        "sector": (
            f"/en/sectors/{company.sector}/",
            announcements(of_sector) + measures_of(of_sector),
        ),
        "publisher": (f"/en/publishers/{publisher.slug}/", announcements(of_publisher)),
        "articles": (
            "/en/articles/",
            [f"{listed} WHERE {PUBLIC_ARTICLE} ORDER BY x.published_at DESC LIMIT 20"],
        ),
        "article": (
            f"/en/articles/{article.slug}/",
            [f"SELECT x.* FROM articles_article x WHERE x.id = {article.pk}"],
        ),
        "search": (
            f"/en/search/?q={word}",
            [f"{listed} WHERE {PUBLIC_ARTICLE} ORDER BY x.published_at DESC LIMIT 10"],
        ),
        "suggestions": (
            "/en/search/suggestions/?q=com",
            ["SELECT name FROM companies_company WHERE name LIKE '%%com%%' LIMIT 6"],
        ),
        "feed": (f"{tracker}feed.atom", announcements(limit="LIMIT 50")),
        "API, a page": ("/api/v1/announcements/", announcements(limit="LIMIT 50")),
        "sitemap": (
            "/sitemap.xml",
            [f"SELECT COUNT(*) FROM companies_announcement a WHERE {PUBLIC}"],
        ),
        "sitemap, announcements": (
            "/sitemap-announcements.xml",
            [f"SELECT a.public_id FROM companies_announcement a WHERE {PUBLIC} LIMIT 2500"],
        ),
        "sitemap, articles": (
            "/sitemap-articles.xml",
            [
                f"SELECT x.slug, x.modified_at FROM articles_article x WHERE {PUBLIC_ARTICLE} "
                "ORDER BY x.id LIMIT 2500"
            ],
        ),
    }
    for ending in ("csv", "xlsx", "json"):
        found[f"download, {ending}"] = (
            f"{tracker}announcements.{ending}",
            announcements(limit=""),
        )
    found["download, csv, known at"] = (
        f"{tracker}announcements.csv?known_at=2099-01-01",
        announcements(limit=""),
    )
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=20_000, help="announcements")
    parser.add_argument("--only", default="", help="the pages whose name holds this")
    parser.add_argument("--browser", action="store_true", help="paint and shift, in Chromium")
    parser.add_argument("--take", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    settings.DEBUG = False  # or each query would be logged
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_SSL_REDIRECT = False
    if asked.take:
        return take(asked.take)
    call_command("migrate", verbosity=0)
    for done in fill(asked.count):
        if sys.stderr.isatty():
            print(f"\r{done:,}", end="", file=sys.stderr)
    chosen = {name: page for name, page in pages().items() if asked.only in name}
    in_bytes_and_queries(chosen)
    if asked.browser:
        in_chromium(chosen)


def in_bytes_and_queries(chosen):
    held = f"{Announcement.objects.count():,} announcements on {connection.vendor}"
    print(
        f"{held:28}{'ms':>9}{'by hand':>9}{'ratio':>7}{'queries':>9}{'kB':>10}{'304, ms':>9}"
        f"{'peak, MB':>10}"
    )
    for name, (address, statements) in chosen.items():
        ours, (queries, size, tag) = best_of(lambda a=address: fetch(a))
        hand, _rows = best_of(lambda s=statements: by_hand(s))
        again = best_of(lambda a=address, t=tag: fetch(a, t))[0] if tag else None
        print(
            f"{name:28}{ours * 1e3:9.1f}{hand * 1e3:9.2f}{ours / hand:7.1f}{queries:9}"
            f"{size / 1e3:10.1f}"
            + (f"{again * 1e3:9.1f}" if tag else f"{'':9}")
            + (f"{peak(address):10.0f}" if "download" in name else ""),
            flush=True,
        )


def best_of(work):
    """(seconds of the fastest round, what it gave)."""
    times = []
    while len(times) < ROUNDS and (len(times) < 2 or min(times) < LONG):
        began = time.perf_counter()
        given = work()
        times.append(time.perf_counter() - began)
    return min(times), given


def fetch(address, tag=None):
    """(queries, bytes, ETag) of an answer that is read to its end."""
    asked = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    client = Client(headers={"If-None-Match": tag} if tag else {})
    with connection.execute_wrapper(count):
        answer = client.get(address)
        size = sum(map(len, answer)) if answer.streaming else len(answer.content)
    if answer.status_code not in ANSWERED:
        raise SystemExit(f"{address}: {answer.status_code}")
    return len(asked), size, answer.get("ETag")


def by_hand(statements):
    """The rows as one would fetch and send them without a framework."""
    said = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            said.append(json.dumps(cursor.fetchall(), default=str))
    return sum(map(len, said))


def peak(address):
    """MB that a process of its own needs for an answer beyond what it held before."""
    command = [sys.executable, __file__, "--take", address]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def take(address):
    """Fetch it and say by how many MB the process's peak grew, a page for warmth apart."""
    fetch("/en/about/")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = Client().get(address)
    for _part in answer:
        pass
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


# --- In Chromium -------------------------------------------------------------

SEEN = """() => new Promise(done => {
  let paint = 0, shift = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) paint = e.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver(list => { for (const e of list.getEntries()) shift += e.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done([paint, shift]), 300);
})"""
NO_PICTURE = ("feed", "API", "sitemap", "download", "suggestions")


def in_chromium(chosen):
    """Largest contentful paint and shift of layout, from this machine's own server."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return print("Playwright isn't installed")
    if not CHROMIUM:
        return print("Chromium isn't installed")
    print(f"\n{'in Chromium':28}{'LCP, ms':>9}{'CLS':>7}{'again, ms':>11}{'CLS':>7}")
    with server() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        for name, (address, _statements) in chosen.items():
            if name.startswith(NO_PICTURE):
                continue
            warm(site + address)
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            seen = []
            for _view in range(2):
                page.goto(site + address)
                seen += page.evaluate(SEEN)
            print("{:28}{:9.0f}{:7.3f}{:11.0f}{:7.3f}".format(name, *seen), flush=True)
            page.context.close()
        browser.close()


@contextmanager
def server():
    """The address of a server of its own, with one worker, so that the second view is warm."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "newsroom.wsgi:application", "--threads", "4"]
    command += ["--bind", f"127.0.0.1:{port}", "--chdir", str(ROOT), "--log-level", "warning"]
    process = subprocess.Popen([*command, "--no-control-socket"])
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def warm(address):
    """Ask once, and wait for a server that is still starting."""
    for _try in range(100):
        try:
            with urlopen(address) as answer:
                return answer.read()
        except URLError:
            time.sleep(0.1)
    raise SystemExit(f"{address}: no answer")


if __name__ == "__main__":
    main()
