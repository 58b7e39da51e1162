"""The desk's command that takes files from the wire into the archive."""

import io
import json
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from math import inf
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.delivery import contents
from articles.intake import Rules, take_in
from articles.models import Article
from companies.mentions import recognise
from companies.models import Company, Mention, Suggestion
from starter.loader import load
from tests.progress import without_progress

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
URL = (
    "https://www.bfmtv.com/economie/pas-d-affaire-avec-le-gouvernement-russe-"
    "amazon-quitte-a-son-tour-la-russie_AN-202203090442.html"
)
PIECE = "Boréal ferme\n\nAprès Lumina, la chaîne ferme.\n"


@pytest.fixture
def desk(make_publisher, make_company):
    """A publisher and two companies, so that there is something to find."""
    make_company(name="Boréal", slug="boreal")
    make_company(name="Lumina", slug="lumina")
    return make_publisher(slug="gazette", rights="cleared")


@pytest.fixture
def run(capsys, monkeypatch):
    """Run import_wire; returns what it printed, what it refused, and the error that ended it."""
    monkeypatch.setattr("newsroom.progress.PLAIN", inf)  # silent on a slow machine too

    def run(*arguments):
        error = ""
        try:
            call_command("import_wire", *map(str, arguments))
        except CommandError as raised:
            error = str(raised)
        printed = capsys.readouterr()
        return printed.out.splitlines(), printed.err.splitlines(), error

    return run


def test_a_file_is_taken_in_and_its_companies_are_printed(desk, run, tmp_path):
    file = tmp_path / "piece.txt"
    file.write_text(PIECE)
    out, err, error = run(
        file, "--publisher", "gazette", "--date", "2022-03-09", "--language", "fr"
    )
    assert [line.split(":")[0].split()[:2] for line in out] == [
        ["created", "boreal-ferme"],
        ["Boréal"],
        ["Lumina"],
    ]
    assert (err, error) == ([], "")
    article = Article.objects.get()
    assert (article.wire_id, article.status, article.language) == (
        "2022-03-09 boréal-ferme",
        "withheld",
        "fr",
    )
    assert article.published_at.isoformat() == "2022-03-08T23:00:00+00:00"

    file.write_text(PIECE.replace("Après Lumina, la", "La"))
    arguments = (file, "--publisher", "gazette", "--date", "2022-03-09")
    out, _err, _error = run(*arguments)
    assert [line.split(":")[0].split()[:2] for line in out] == [
        ["revised", "boreal-ferme"],
        ["Boréal"],
    ]
    out, _err, _error = run(*arguments)
    assert out == [f"unchanged  {file}: taken in before"]


def test_a_folder_goes_in_but_for_what_cannot_be_read(desk, run, tmp_path):
    (tmp_path / "a.txt").write_text(PIECE)
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe")
    (tmp_path / ".hidden").write_text("no article")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.txt").write_text(PIECE.replace("Boréal", "Lumina"))
    missing = tmp_path / "missing.txt"
    _out, err, error = run(tmp_path, missing, "--publisher", "gazette", "--date", "2022")
    assert err == [
        f"refused    {tmp_path / 'b.txt'}: empty",
        f"refused    {missing}: No such file or directory",
    ]
    assert error == "2 of 4 files refused, whole or in part."
    assert set(Article.objects.values_list("slug", "published_precision")) == {
        ("boreal-ferme", "year"),
        ("lumina-ferme", "year"),
    }


@pytest.mark.parametrize(
    ("arguments", "error", "articles"),
    [
        (["--url", "https://gazette.example.org/1", "--date", "2022-03"], "", 1),
        (["--date", "2022-03"], "", 1),
        ([], "1 of 1 files refused, whole or in part.", 0),  # nothing to know it by
    ],
)
def test_standard_input(desk, run, monkeypatch, arguments, error, articles):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PIECE.encode())))
    assert run("-", "--publisher", "gazette", *arguments)[2] == error
    assert Article.objects.count() == articles


def test_a_dry_run_says_the_same_and_leaves_nothing(desk, run, tmp_path):
    file = tmp_path / "piece.txt"
    file.write_text(PIECE)
    arguments = (file, "--publisher", "gazette", "--date", "2022-03-09")
    out, err, error = run(*arguments, "--dry-run")
    assert (Article.objects.count(), Mention.objects.count()) == (0, 0)
    assert out.pop() == "A dry run: nothing was saved."
    done = run(*arguments)
    assert (done[0][:1], *done[1:]) == (out, err, error)  # the companies follow


def test_the_desk_may_let_pieces_in_as_usable(desk, run, tmp_path):
    file = tmp_path / "piece.txt"
    file.write_text(PIECE)
    run(file, "--publisher", "gazette", "--date", "2022-03-09", "--status", "usable")
    assert list(Article.objects.public().values_list("slug", flat=True)) == ["boreal-ferme"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--publisher", "gazete"], "No publisher “gazete”. Near it: gazette."),
        (["--publisher", "gaz"], "No publisher “gaz”. Near it: gazette."),
        (["--publisher", "zzz"], "No publisher “zzz”."),
        (
            ["--publisher", "gazette", "--date", "9 mars"],
            "“9 mars” is no date: YYYY-MM-DD, YYYY-MM or YYYY.",
        ),
        (
            ["--publisher", "gazette", "--date", "2022-02-30"],
            "“2022-02-30” is no date: YYYY-MM-DD, YYYY-MM or YYYY.",
        ),
        (
            ["--publisher", "gazette", "--url", "https://gazette.example.org/1"],
            "--url is the address of one piece, and these are 2.",
        ),
        (["--publisher", "gazette"], "2 of 2 files refused, whole or in part."),  # no date
    ],
)
def test_wrong_arguments_are_one_clear_line(desk, run, tmp_path, arguments, error):
    for name in "ab":
        (tmp_path / name).write_text(PIECE)
    assert run(tmp_path, *arguments)[2] == error
    assert not Article.objects.exists()


@pytest.mark.django_db
@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
def test_the_founding_piece_gets_its_text_and_stays_a_reference(run):
    load(say=lambda line: None)
    before = Article.objects.count()
    [file] = (SHARED / "seed").glob("*.txt")
    arguments = ("--publisher", "bfm-business", "--url", URL, "--date", "2022-03-09")
    out, err, error = run(file, *arguments)
    article = Article.objects.get(publisher__slug="bfm-business")
    assert out[0].split()[:2] == ["revised", article.slug]
    assert {line.split(":")[0].strip() for line in out[1:]} == {
        *("Amazon", "McDonald's", "Starbucks", "Nike", "Coca-Cola", "Netflix"),
        *("AWS", "Prime Video"),
    }
    assert (err, error, Article.objects.count()) == ([], "", before)
    assert (article.access, article.status, article.readable_body) == ("reference", "usable", "")
    assert [len(version.body) > 0 for version in article.versions.all()] == [False, True]
    text = f"{article.headline}\n\n{article.body}"
    assert {
        (mention.company.slug, text[start:end])
        for mention in article.mentions.select_related("company")
        for start, end in mention.places
    } == {
        *[("amazon", "Amazon"), ("mcdonalds", "McDonald's"), ("starbucks", "Starbucks")],
        *[("nike", "Nike"), ("coca-cola", "Coca-Cola"), ("netflix", "Netflix"), ("aws", "AWS")],
        *[("prime-video", "Amazon Prime"), ("prime-video", "Prime Video")],
    }
    assert set(article.mentions.values_list("status", flat=True)) == {"confirmed"}

    assert run(file, *arguments)[0] == [f"unchanged  {file}: taken in before"]
    assert load(say=lambda line: None) == {}
    assert Company.objects.public().count() == 9


COUNTS = {
    "afp-newsml12": {"created": 56, "refused": 1},
    "html-fr": {"created": 28},
    "newsml-g2": {"created": 39, "revised": 7, "unchanged": 10, "refused": 40},
    "newsml-g2-not-news": {"refused": 20},
    "newsml12-other": {"created": 8, "refused": 5},
    "ninjs": {"created": 19, "revised": 4, "unchanged": 3, "refused": 22},
    "ninjs-testsuite": {"created": 7, "killed": 1, "unchanged": 2, "refused": 123},
    "nitf": {"created": 12, "killed": 1, "refused": 1},
    "plain-text": {"refused": 37},
    "plain-text-bfm": {"refused": 7},  # they bear no date
    "rss-atom": {"created": 90, "refused": 1},
    "structured-data-broken": {"refused": 12},
    "warc": {"refused": 9},
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent: no real wire files")
@pytest.mark.parametrize("folder", COUNTS)
def test_real_files_go_in_or_are_refused_with_a_reason(make_publisher, folder):
    rules, counts, silent = Rules(make_publisher()), Counter(), []
    for batch in take_in(contents([str(SHARED / "wire" / folder)]), rules):
        counts.update(taken.done for taken in batch)
        silent += [taken.name for taken in batch if taken.done == "refused" and not taken.reason]
    assert (counts, silent) == (COUNTS[folder], [])


def test_a_report_names_each_piece(desk, run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(PIECE)
    (tmp_path / "in" / "b.txt").write_text("one line")
    report = tmp_path / "report.json"
    folder = str(tmp_path / "in")
    run(folder, "--publisher", "gazette", "--date", "2022-03-09", "--report", report)
    assert json.loads(report.read_text()) == [
        {
            "file": f"{folder}/a.txt",
            "done": "created",
            "reason": "",
            "article": "boreal-ferme",
            "wire_id": "2022-03-09 boréal-ferme",
            "headline": "Boréal ferme",
            "published": "2022-03-09",
            "version": 1,
            "hindrance": "withheld",
        },
        {
            "file": f"{folder}/b.txt",
            "done": "refused",
            "reason": "a headline without text",
            **dict.fromkeys(
                ["article", "wire_id", "headline", "published", "version", "hindrance"]
            ),
        },
    ]


def test_a_zip_archive_goes_in_member_by_member(desk, run, tmp_path):
    with zipfile.ZipFile(tmp_path / "day.zip", "w") as archive:
        archive.writestr("x/a.txt", PIECE)
        archive.writestr("b.txt", PIECE.replace("Boréal ferme", "Boréal rouvre"))
        archive.writestr("c.txt", b"\xff\x00")
    out, err, error = run(tmp_path / "day.zip", "--publisher", "gazette", "--date", "2022-03-09")
    assert out[-1] == "3 pieces: 2 created, 1 refused"
    assert [line.split(": ")[0].split()[-1] for line in err] == [f"{tmp_path}/day.zip/c.txt"]
    assert error == "1 of 3 files refused, whole or in part."
    assert Article.objects.count() == 2


def test_watching_takes_what_comes_until_it_is_told_to_stop(tmp_path, own_database):
    prepare = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from articles.models import Publisher\n"
        "call_command('migrate', verbosity=0)\n"
        "Publisher.objects.create(slug='gazette', name='G')\n"
    )
    subprocess.run([sys.executable, "-c", prepare], env=own_database, cwd=ROOT, check=True)
    folder = tmp_path / "drop"
    folder.mkdir()
    command = ["manage.py", "import_wire", str(folder), "--publisher", "gazette", "--watch"]
    process = subprocess.Popen(
        [sys.executable, *command, "--date", "2022-03-09"],
        env=own_database,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline().startswith("Watching ")
        (folder / "a.txt").write_text(PIECE)
        assert process.stdout.readline().split()[:2] == ["created", "boreal-ferme"]
        (folder / "a.txt").write_text(PIECE.replace("Après Lumina, la", "La"))
        assert process.stdout.readline().split()[:2] == ["revised", "boreal-ferme"]
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=600)
        assert (process.returncode, out) == (0, "2 pieces: 1 created, 1 revised\n")
        assert without_progress(err) == ""
    finally:
        process.kill()


def test_an_archive_that_nobody_has_looked_through_is_left_to_its_command(
    desk, make_article, run, tmp_path, monkeypatch
):
    monkeypatch.setattr("companies.suggestions.BATCH", 1)
    monkeypatch.setattr("newsroom.management.commands.import_wire.BATCHES", 2)
    recognise([make_article(body="Boréal quitte la Russie.") for _ in range(3)])
    file = tmp_path / "piece.txt"
    file.write_text(PIECE)
    options = ("--publisher", "gazette", "--date", "2022-03-09", "--language", "fr")

    said = [run(file, *options)[0][-1].split(":")[0] for _run in range(2)]

    assert said[0] == "Older pieces wait to be looked through for announcements"
    assert said[1] != said[0]
    assert Suggestion.objects.count() == 3
