"""Files into the archive by batches that may be stopped anywhere."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from articles import intake
from articles.delivery import contents, files, watch
from articles.intake import Rules, take_in
from articles.models import Article, Import, Receipt, ReceivedFile, Version
from articles.wire import MAX_BYTES, NotAnArticle
from companies.redaction import redact
from tests.killing import killed
from tests.progress import without_progress

ROOT = Path(__file__).parent.parent.parent
DAY = {"published_at": datetime(2022, 3, 9, tzinfo=UTC), "published_precision": "day"}


def piece(number, text="Lumina reste."):
    return f"Boréal ferme son comptoir {number}\n\nUn comptoir de Boréal. {text}\n".encode()


@pytest.fixture
def rules(make_publisher):
    return Rules(make_publisher(slug="gazette", rights="cleared"), said=DAY)


def take(named, rules):
    """(name, what was done, reason) of each item."""
    return [
        (taken.name, taken.done, taken.reason) for batch in take_in(named, rules) for taken in batch
    ]


def test_a_file_is_kept_byte_for_byte_and_once(rules):
    data = piece(1)
    assert take([("a", data), ("b", data)], rules) == [("a", "created", ""), ("b", "unchanged", "")]
    file = ReceivedFile.objects.get()
    assert (bytes(file.content), file.size, file.sha256) == (
        data,
        len(data),
        ReceivedFile.hash_of(data),
    )
    assert Version.objects.get().file == file
    receipts = [(r.name, r.file, r.taken, r.finished, r.done) for r in Receipt.objects.all()]
    assert receipts == [
        ("a", file, 1, True, {"created": 1}),
        ("b", file, 1, True, {"unchanged": 1}),
    ]


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("", (DAY["published_at"], "day")),
        ("<date.issue norm='20220501T090000Z'/>", (datetime(2022, 5, 1, 9, tzinfo=UTC), "day")),
    ],
)
def test_a_date_that_is_given_is_for_pieces_without_one(rules, head, published):
    data = f"""<nitf><head><docdata>{head}</docdata></head><body>
        <body.head><hedline><hl1>Boréal ferme</hl1></hedline></body.head>
        <body.content><p>Boréal ferme ses comptoirs.</p></body.content></body></nitf>"""
    month = replace(rules, said=DAY | {"language": "fr"})

    [[taken]] = take_in([("a.xml", data.encode())], month)

    article = taken.outcome.article
    assert ((article.published_at, article.published_precision), article.language) == (
        published,
        "fr",
    )


def test_what_is_refused_says_why_and_the_rest_goes_in(rules):
    named = [("a", piece(1)), ("b", b"\xff\xfe\x00"), ("c", NotAnArticle("no such file"))]
    named.append(("d", b"x" * (MAX_BYTES + 1)))
    named.append(("e", piece(2)))
    taken = take(named, rules)
    assert [done for _name, done, _reason in taken] == [
        *("created", "refused", "refused", "refused", "created")
    ]
    assert all(reason for _name, done, reason in taken if done == "refused")
    receipt = Receipt.objects.get(name="c")
    assert (receipt.file, receipt.finished, receipt.refusals) == (None, True, ["no such file"])
    said = Receipt.objects.get(name="d").refusals
    assert said == [["larger than %(size)s MB", {"size": 10}]]  # for who reads it in French


def test_a_second_run_passes_over_what_is_done_and_tries_again_what_was_refused(rules):
    named = [("a", piece(1)), ("b", b"one line")]
    take(named, rules)
    assert take(named, rules) == [
        ("a", "unchanged", "taken in before"),
        ("b", "refused", "a headline without text"),
    ]
    # Other rules are another matter: the file is read again.
    other = replace(rules, said={**DAY, "language": "en"})
    assert take(named[:1], other) == [("a", "unchanged", "")]
    assert (Article.objects.count(), ReceivedFile.objects.count(), Import.objects.count()) == (
        *(1, 2, 3),
    )


@pytest.mark.parametrize(
    ("since", "done"),
    [(datetime(2022, 3, 9, tzinfo=UTC), "created"), (datetime(2022, 3, 10, tzinfo=UTC), "skipped")],
)
def test_what_is_older_than_asked_for_is_skipped(rules, since, done):
    [(_name, was, _reason)] = take([("a", piece(1))], replace(rules, since=since))
    assert was == done
    assert Article.objects.count() == (done == "created")


def test_a_dry_run_says_the_same_and_leaves_nothing(rules):
    named = [(str(n), piece(n)) for n in range(5)]
    assert take(named, replace(rules, dry_run=True)) == take(named, rules)
    take([("new", piece(9))], replace(rules, dry_run=True))
    assert (Article.objects.count(), ReceivedFile.objects.count(), Import.objects.count()) == (
        *(5, 5, 1),
    )


def test_batches_are_cut_to_the_time_they_take(rules, monkeypatch):
    monkeypatch.setattr(intake, "LOCK", 0)
    batches = list(take_in([(str(n), piece(n)) for n in range(44)], rules))
    assert [len(batch) for batch in batches] == [20, 10, 10, 4]


def test_the_run_is_finished_when_all_is_in(rules):
    batches = take_in([("a", piece(1))], rules)
    next(batches)
    assert Import.objects.get().finished_at is None
    assert list(batches) == []
    assert Import.objects.get().finished_at


def test_a_batch_takes_a_fixed_number_of_queries(rules, django_assert_num_queries):
    take([("a", piece(1))], rules)
    with django_assert_num_queries(23) as one:
        take([("b", piece(2))], rules)
    with django_assert_num_queries(len(one)):
        take([(f"c{n}", piece(n)) for n in range(3, 13)], rules)


def feed(count, first=1):
    items = "".join(
        f"<item><guid>urn:{n}</guid><title>Boréal ferme {n}</title>"
        f"<description>Un comptoir {n} ferme.</description>"
        f"<pubDate>Wed, 09 Mar 2022 10:00:00 +0000</pubDate></item>"
        for n in range(first, first + count)
    )
    return f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()


def test_a_file_of_many_pieces_goes_on_where_it_was_stopped(rules):
    named = [("feed.xml", feed(50))]
    batches = take_in(named, replace(rules, said={}))
    first = next(batches)
    batches.close()
    assert Article.objects.count() == len(first) < 50
    rest = take(named, replace(rules, said={}))
    assert [done for _name, done, _reason in rest] == ["created"] * (50 - len(first))
    assert sorted(Article.objects.values_list("wire_id", flat=True)) == sorted(
        f"urn:{n}" for n in range(1, 51)
    )
    last = Receipt.objects.order_by("pk").last()
    assert (last.taken, last.finished, last.done) == (50, True, {"created": 50})


def test_a_stopped_file_that_holds_a_redacted_piece_goes_on(rules):
    asked = replace(rules, said={})
    take([("one.xml", feed(1))], asked)
    redact(Article.objects.get(), "Order 1")
    batches = take_in([("feed.xml", feed(50))], asked)
    next(batches)
    batches.close()
    take([("feed.xml", feed(50))], asked)
    assert Article.objects.exclude(status="canceled").count() == 49


def test_long_texts_make_small_batches(rules, monkeypatch):
    monkeypatch.setattr(intake, "MAX_TEXTS", 100)
    named = [(str(n), piece(n, "Et " * 60)) for n in range(4)]
    assert [len(batch) for batch in take_in(named, rules)] == [1] * 4


def test_a_kill_is_never_too_old(rules):
    kill = {"uri": "urn:1", "pubstatus": "canceled", "type": "text"}
    text = {"uri": "urn:1", "headline": "Boréal ferme", "body_text": "Un comptoir ferme."}
    made = {"versioncreated": "2022-03-09T10:00:00Z"}
    asked = replace(rules, said={}, status="usable")
    take([("a", json.dumps(text | made).encode())], asked)
    since = replace(asked, since=datetime(2023, 1, 1, tzinfo=UTC))
    taken = take([("b", json.dumps(kill | made).encode())], since)
    assert [done for _name, done, _reason in taken] == ["killed"]


# --- stopped anywhere ---

PIECES, KILLS = 300, 12
OUTCOME = """
import json, sys
import django
django.setup()
from articles.models import Article, Receipt, Version
from companies.models import Mention, Reading
of = {"article__publisher__slug": sys.argv[1]}
articles = Article.objects.filter(publisher__slug=sys.argv[1])
print(json.dumps({
    "articles": sorted(articles.values_list("wire_id", "headline", "body", "status")),
    "versions": sorted(Version.objects.filter(**of).values_list(
        "article__wire_id", "number", "sha256", "file__sha256")),
    "mentions": sorted(Mention.objects.filter(**of).values_list(
        "article__wire_id", "company__slug", "status")),
    "history": Article.history.filter(publisher__slug=sys.argv[1]).count(),
    "read": Reading.objects.filter(**of).count(),
    "found": articles.matching_inside("comptoir").count(),
    "finished": len({receipt.name for receipt in Receipt.objects.filter(
        run__publisher__slug=sys.argv[1], finished=True)}),
}))
"""
PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from articles.models import Publisher
from companies.models import Company
for slug in ("whole", "killed"):
    Publisher.objects.create(slug=slug, name=slug)
Company.objects.create(slug="boreal", name="Boréal")
"""


def test_an_import_killed_anywhere_goes_on_without_loss_and_doubles(tmp_path, own_database):
    for number in range(PIECES):
        place = tmp_path / "wire" / str(number % 7)
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.txt").write_bytes(piece(number, f"Suite {number}."))

    def python(*line):
        done = subprocess.run(
            [sys.executable, *line], env=own_database, cwd=ROOT, capture_output=True, text=True
        )
        assert (done.returncode, without_progress(done.stderr)) == (0, "")
        return done.stdout

    def import_of(publisher):
        folder = str(tmp_path / "wire")
        return ["import_wire", folder, "--publisher", publisher, "--date", "2022-03-09"]

    def outcome(publisher):
        return json.loads(python("-c", OUTCOME, publisher))

    python("-c", PREPARE)
    python("manage.py", *import_of("whole"))
    whole = outcome("whole")
    counts = [found if isinstance(found, int) else len(found) for found in whole.values()]
    assert counts == [PIECES] * len(whole)

    chance = random.Random(7)
    for _ in range(KILLS):  # of about 400 statements, or 200 where nothing is new
        killed(own_database, chance.randrange(20, 200), *import_of("killed"))
    python("manage.py", *import_of("killed"))
    assert outcome("killed") == whole


# --- delivery ---


def test_files_are_those_of_folders_by_name_and_hidden_ones_left_out(tmp_path):
    for name in ("b.txt", "a/2.txt", "a/1.txt", ".hidden", "a/.part"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    (tmp_path / "empty").mkdir()
    assert [
        os.path.relpath(path, tmp_path) for path in files([tmp_path, tmp_path / "a/1.txt"])
    ] == [*("a/1.txt", "a/2.txt", "b.txt", "a/1.txt")]
    assert [data for _name, data in contents([tmp_path])] == [b"a/1.txt", b"a/2.txt", b"b.txt"]


def test_names_are_printable_and_links_are_not_followed(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.txt").write_text("one")
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    (tmp_path / "a" / "2.xml.part").write_text("half")
    odd = os.fsencode(tmp_path) + b"/caf\xe9\x07.json"
    with open(odd, "wb") as file:
        file.write(b"odd")
    found = [(os.path.relpath(name, tmp_path), data) for name, data in contents([str(tmp_path)])]
    assert found == [("a/1.txt", b"one"), ("caf\ufffd\ufffd.json", b"odd")]


def test_what_cannot_be_had_stands_with_its_reason(tmp_path):
    [(name, reason)] = contents([str(tmp_path / "none.xml")])
    assert (name, str(reason)) == (str(tmp_path / "none.xml"), "No such file or directory")
    assert isinstance(reason, NotAnArticle)


def test_a_drop_folder_gives_each_file_once_and_whole(tmp_path):
    first, second = tmp_path / "1.txt", tmp_path / "2.txt"
    first.write_text("one")
    turns = watch(str(tmp_path), every=0.01, settled=0.05)

    def next_ready():
        while not (ready := next(turns)):
            pass
        return ready

    assert next(turns) == []  # it may still be growing
    first.write_text("one and more")
    assert next_ready() == [str(first)]
    second.write_text("two")
    assert next_ready() == [str(second)]
    first.write_text("changed, so it came again")
    assert next_ready() == [str(first)]
    assert [next(turns) for _ in range(8)] == [[]] * 8
    first.unlink()
    next(turns)
    first.write_text("back again")
    assert next_ready() == [str(first)]


def test_watching_ends_when_told(tmp_path):
    assert list(watch(str(tmp_path), until=lambda: True)) == []
