"""Each public page at some size of the archive, beside a page that shows no record, and its
downloads beside hand-written SQL and json.dumps:
DEBUG=1 DATA_DIR=/tmp/bench python benchmarks/public.py 20000 [--only NAME] [--browser]

Fills an empty database of its own with so many announcements and what belongs to them (one
that holds them is used again), on SQLite or, by DATABASE_URL, PostgreSQL. Times are the
processor's where the database runs in this process, else those of the clock. Of a page the
best of some rounds counts: milliseconds, times the page without records, queries, kB, the
milliseconds of the page as it is kept since somebody asked for it, and those of “not
modified”. A download is fetched once, by a process of its own:
seconds to its first and last byte, times the hand-written one, MB, and by how many MB the
process's memory grew at its peak, SQLite's own 32 MB among them. With --browser, Chromium
opens some pages twice, once they are kept: the first view's largest contentful paint and
shift of layout, and the second's.
"""

import argparse
import json
import os
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

import django  # noqa: E402  after the path is known

django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles.models import Article, Publisher  # noqa: E402
from benchmarks.archive import fill  # noqa: E402
from companies.models import Announcement, Company  # noqa: E402
from tests.browsing import CHROMIUM, FLAGS  # noqa: E402

ROUNDS = 3
clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
NO_RECORD = "/en/about/"
TRACKER = "/en/announcements/"
FILES = [f"announcements.{ending}" for ending in ("csv", "xlsx", "json")]
IN_CHROMIUM = ["home", "tracker", "company", "market"]

PUBLIC_ARTICLE = (
    "x.status = 'usable' AND x.public_from <= CURRENT_TIMESTAMP "
    "AND (x.rights_until IS NULL OR x.rights_until > CURRENT_TIMESTAMP)"
)
PUBLIC = (
    "SELECT a.id FROM companies_announcement a WHERE a.status = 'published' "
    "AND (a.public_from IS NULL OR a.public_from <= CURRENT_TIMESTAMP) "
    "AND EXISTS (SELECT 1 FROM companies_evidence e JOIN articles_article x "
    "ON x.id = e.article_id WHERE e.announcement_id = a.id AND e.stance = 'supports' "
    f"AND {PUBLIC_ARTICLE})"
)
BY_HAND = [
    "SELECT a.public_id, a.announced_on, a.title_fr, a.title_en, a.summary_fr, a.summary_en, "
    "c.slug, c.name FROM companies_announcement a JOIN companies_company c "
    f"ON c.id = a.company_id WHERE a.id IN ({PUBLIC}) ORDER BY a.announced_by DESC, a.id DESC",
    "SELECT m.announcement_id, v.name_fr, v.name_en, m.market, m.action, m.stage "
    "FROM companies_measure m LEFT JOIN companies_activity v ON v.id = m.activity_id "
    f"WHERE m.announcement_id IN ({PUBLIC})",
    "SELECT e.announcement_id, x.slug, x.headline, p.name, e.exact, e.prefix, e.suffix, "
    "e.paraphrase_fr, e.paraphrase_en, e.stance, e.speaker FROM companies_evidence e "
    "JOIN articles_article x ON x.id = e.article_id "
    "JOIN articles_publisher p ON p.id = x.publisher_id "
    f"WHERE e.announcement_id IN ({PUBLIC}) AND {PUBLIC_ARTICLE}",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=20_000, help="announcements")
    parser.add_argument("--only", default="", help="the pages whose name holds this")
    parser.add_argument("--browser", action="store_true", help="paint and shift, in Chromium")
    parser.add_argument("--take", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    settings.DEBUG = False  # or each query would be logged
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_SSL_REDIRECT = False
    if asked.take:
        return print(json.dumps(take(asked.take)))
    call_command("migrate", verbosity=0)
    for done in fill(asked.count):
        if sys.stderr.isatty():
            print(f"\r{done:,}", end="", file=sys.stderr)
    print(f"{Announcement.objects.count():,} announcements on {connection.vendor}")
    chosen = {name: page for name, page in pages().items() if asked.only in name}
    in_queries(chosen)
    in_bytes([name for name in FILES if asked.only in f"download, {name}"])
    if asked.browser:
        in_chromium({name: chosen[name] for name in IN_CHROMIUM if name in chosen})


def pages():
    """Name → address."""
    company, *brothers = Company.objects.public().order_by("pk")[:4]
    compared = "&".join(f"company={each.slug}" for each in [company, *brothers])
    announcement = Announcement.objects.public().first()
    article = Article.objects.public().order_by("pk").last()
    publisher = Publisher.objects.public().order_by("pk").first()
    word = article.body.split()[40].strip(".,").lower()
    return {
        "home": "/en/",
        "tracker": TRACKER,
        "tracker, market and action": f"{TRACKER}?market=RU&action=suspend",
        "tracker, words": f"{TRACKER}?q=announcement",
        "tracker, as of a day": f"{TRACKER}?as_of=2022-06-30",
        "tracker, by company": f"{TRACKER}?ordering=company",
        "tracker, known at": f"{TRACKER}?known_at={timezone.now():%Y-%m-%dT%H:%M:%SZ}",
        "tracker, last page": f"{TRACKER}?page=last",
        "announcement": f"{TRACKER}{announcement.public_id}/",
        "companies": "/en/companies/",
        "company": f"/en/companies/{company.slug}/",
        "company, as of a day": f"/en/companies/{company.slug}/?as_of=2022-06-30",
        "compare": f"/en/companies/compare/?{compared}",
        "market": "/en/markets/RU/",
        "market, as of a day": "/en/markets/RU/?as_of=2022-06-30",
        "sector": f"/en/sectors/{company.sector}/",
        "publisher": f"/en/publishers/{publisher.slug}/",
        "articles": "/en/articles/",
        "article": f"/en/articles/{article.slug}/",
        "search, a company": f"/en/search/?q={company.name.split()[0]}",
        "search, a word": f"/en/search/?q={word}",
        "suggestions": "/en/search/suggestions/?q=com",
        "feed": f"{TRACKER}feed.atom",
        "API, announcements": "/api/v1/announcements/",
        "API, standings": "/api/v1/standings/?market=RU",
        "sitemap": "/sitemap.xml",
        "sitemap, announcements": "/sitemap-announcements.xml",
        "sitemap, articles": "/sitemap-articles.xml",
    }


def in_queries(chosen):
    least, _made = best_of(NO_RECORD, anew=True)
    print(f"{'':28}{'ms':>8}{'times':>8}{'queries':>9}{'kB':>7}{'kept, ms':>10}{'304, ms':>9}")
    for name, address in chosen.items():
        took, (queries, size, tag) = best_of(address, anew=True)
        line = f"{name:28}{took * 1e3:8.1f}{took / least:8.1f}{queries:9}{size / 1e3:7.1f}"
        if tag:
            line += f"{best_of(address)[0] * 1e3:10.1f}{best_of(address, tag)[0] * 1e3:9.1f}"
        print(line, flush=True)


def best_of(address, tag=None, anew=False):
    """(seconds of the fastest round, what `fetch` gave)."""
    times = []
    for _round in range(ROUNDS):
        if anew:
            cache.clear()
        began = clock()
        given = fetch(address, tag)
        times.append(clock() - began)
    return min(times), given


def fetch(address, tag=None):
    """(queries, bytes, ETag) of an answer."""
    asked = []

    def count(execute, *statement):
        asked.append(statement)
        return execute(*statement)

    with connection.execute_wrapper(count):
        answer = Client(headers={"If-None-Match": tag} if tag else {}).get(address)
    if answer.status_code != (304 if tag else 200):
        raise SystemExit(f"{address}: {answer.status_code}")
    return len(asked), len(answer.content), answer.get("ETag")


def in_bytes(names):
    if not names:
        return
    began = clock()
    with connection.cursor() as cursor:
        for statement in BY_HAND:
            cursor.execute(statement)
            json.dumps(cursor.fetchall(), default=str)
    by_hand = clock() - began
    print(f"\n{'':40}{'first, s':>10}{'last, s':>9}{'times':>7}{'MB':>7}{'peak, MB':>10}")
    for name in names:
        command = [sys.executable, __file__, "--take", f"{TRACKER}{name}"]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        first, last, size, peak = json.loads(done.stdout)
        line = f"{name:40}{first:10.2f}{last:9.2f}{last / by_hand:7.1f}{size:7.1f}"
        print(f"{line}{peak:10.0f}", flush=True)


def take(address):
    """[seconds to the first byte, to the last, MB, growth of the peak in MB] of a download."""
    fetch(NO_RECORD)  # what the process learns once
    before, began, first, size = peak(), clock(), None, 0
    for part in Client().get(address):
        first = first or clock() - began
        size += len(part)
    return [first, clock() - began, size / 1e6, peak() - before]


def peak():
    """The most memory that this process ever held, in MB (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [held] = (line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(held) / 1024


# --- In Chromium -------------------------------------------------------------

SEEN = """() => new Promise(done => {
  let paint = 0, shift = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) paint = e.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver(list => { for (const e of list.getEntries()) shift += e.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done([paint, shift]), 300);
})"""


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
        for name, address in chosen.items():
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
    """The address of a server of its own, with one worker."""
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
    for _try in range(200):
        try:
            with urlopen(address) as answer:
                return answer.read()
        except URLError:
            time.sleep(0.1)
    raise SystemExit(f"{address}: no answer")


if __name__ == "__main__":
    main()
