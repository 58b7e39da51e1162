"""A tracker's list through the admin: chosen, looked at, taken in."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from articles import uploads
from companies.models import Assessment, Company, TrackerRow
from tests.newsroom.test_admin import INLINE

PAGE = "/admin/companies/assessment/upload/"
LIST = "name,country,grade\nAmazon,United States,B\nAmazone,Germany,F\nBoréal,France,A\n,,C\n"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def desk(admin_client, make_publisher, make_company):
    make_publisher(slug="tracker", name="Tracker", kind="aggregator")
    make_publisher(slug="gazette", name="Gazette")
    make_company(name="Amazon", slug="amazon")
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def said(step="preview", file=LIST, **fields):
    typed = {"assessor": "tracker", "assessed_on": "2022-12-24", "market": "RU", "licence": "CC BY"}
    if file is not None:
        data = file if isinstance(file, bytes) else file.encode()
        typed["file"] = SimpleUploadedFile("list.csv", data)
    return typed | {"step": step} | fields


def token(response):
    return response.context["form"].token


def written():
    return Assessment.objects.count(), TrackerRow.objects.count(), Company.objects.count()


def kept_files():
    return sorted(Path(uploads.settings.DATA_DIR, "uploads").glob("*"))


def test_the_list_of_assessments_leads_there(desk, client, make_user):
    reader = make_user(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_assessment"))
    client.force_login(reader)
    address = reverse("admin:companies_assessment_changelist")

    assert 'href="/admin/companies/assessment/upload/"' in desk.get(address).text
    assert "upload/" not in client.get(address).text
    assert client.get(PAGE).status_code == client.post(PAGE, said()).status_code == 403


def test_nobody_uploads_without_logging_in(client, db):
    assert client.post(PAGE, said()).url.startswith("/admin/login/")


def test_a_preview_tells_every_row_and_saves_nothing(desk):
    response = desk.post(PAGE, said())

    preview = response.context["preview"]
    assert dict(preview.counts) == {
        "Matched": 1,
        "Created": 1,
        "Unchanged": 0,
        "Uncertain": 1,
        "Dismissed": 0,
        "Refused": 1,
        "Gone since the list before": 0,
    }
    assert preview.rows == [
        [3, "Amazone", "F", "Uncertain", "The name is only near one that we know", " ? Amazon"],
        [5, "", "C", "Refused", "no name", ""],
        [2, "Amazon", "B", "Matched", "The name is the company's", "Amazon"],
        [4, "Boréal", "A", "Created", "No company bears the name or one near it", ""],
    ]
    assert written() == (0, 0, 1)


def test_the_yes_takes_in_what_was_shown_without_a_second_upload(desk):
    shown = desk.post(PAGE, said())

    response = desk.post(PAGE, said("commit", file=None, kept=token(shown)))

    assert response.url == reverse("admin:companies_assessment_changelist")
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "Tracker, 24 December 2022 taken in. Matched: 1, Created: 1, Uncertain: 1, Refused: 1."
    ]
    assert written() == (2, 1, 2)
    assert set(Assessment.objects.values_list("grade", "licence", "assessed_on")) == {
        ("B", "CC BY", date(2022, 12, 24)),
        ("A", "CC BY", date(2022, 12, 24)),
    }
    assert {h.history_user.username for h in Assessment.history.all()} == {"admin"}

    desk.post(PAGE, said("commit", file=None, kept=token(shown)))  # a second click
    assert written() == (2, 1, 2)


def test_the_whole_report_is_downloaded(desk):
    shown = desk.post(PAGE, said())

    response = desk.post(PAGE, said("report", file=None, kept=token(shown)))

    assert response.headers["Content-Disposition"] == 'attachment; filename="report.json"'
    report = response.json()
    assert report["counts"]["created"] == 1
    assert [row["outcome"] for row in report["rows"]] == [
        *("matched", "uncertain", "created", "refused"),
    ]
    assert written() == (0, 0, 1)


def test_a_long_preview_shows_the_first_rows_and_says_so(desk):
    rows = "".join(f"Company number {n},,A\n" for n in range(uploads.MAX_SHOWN + 5))

    text = desk.post(PAGE, said(file=f"name,country,grade\n{rows}")).text

    assert text.count("<td>Company number") == uploads.MAX_SHOWN
    assert "The first 200 of 205 rows; the report has them all." in text


def test_back_to_the_form_everything_is_still_there(desk):
    shown = desk.post(PAGE, said(column_name="name"))

    response = desk.post(
        PAGE, said("change", file=None, kept=token(shown), licence="Other", column_name="name")
    )

    assert response.context["preview"] is None
    form = response.context["form"]
    assert (form["licence"].value(), form["column_name"].value()) == ("Other", "name")
    assert (form.name, token(response)) == ("list.csv", token(shown))
    assert "<strong>list.csv</strong> is kept" in response.text


TOMORROW = (timezone.localdate() + timedelta(days=2)).isoformat()


@pytest.mark.parametrize(
    ("fields", "name", "error"),
    [
        ({"file": None}, "file", "Choose a file."),
        ({"file": b""}, "file", "The file is empty."),
        ({"file": "name,x\nBoreal,A"}, "file", "No column found for: grade."),
        ({"column_grade": "mark"}, "file", "No column is headed “mark”."),
        ({"assessor": "gazette"}, "assessor", "Select a valid choice."),
        ({"assessor": ""}, "assessor", "This field is required."),
        ({"assessed_on": "24/12/2022"}, "assessed_on", "Enter a valid date."),
        ({"assessed_on": TOMORROW}, "assessed_on", "That day is yet to come."),
        ({"market": "XX"}, "market", "“XX” is no country code"),
        ({"licence": "x" * 101}, "licence", "Ensure this value has at most 100 characters"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "Enter a valid URL."),
        ({"file": None, "kept": "forged"}, "file", "The file is no longer kept"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "commit"])
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(desk, step, fields, name, error):
    response = desk.post(PAGE, said(step, **fields))

    form = response.context["form"]
    assert error in form.errors[name][0]
    assert error in response.text.replace("&#x27;", "'")
    kept = {"assessor": "tracker", "licence": "CC BY"} | fields
    assert all(form[key].value() == kept[key] for key in ("assessor", "licence"))
    assert written() == (0, 0, 1)
    if form.token and name != "file":
        assert desk.post(PAGE, said("preview", file=None, kept=form.token)).context["preview"]


def test_a_large_file_is_refused_before_it_is_kept(desk):
    response = desk.post(PAGE, said(file=b"x" * 10_000_001))

    assert response.context["form"].errors["file"] == ["The file is larger than 10 MB."]
    assert kept_files() == []


def test_a_kept_file_is_the_editors_own_and_whole(desk, client, django_user_model):
    shown = desk.post(PAGE, said())
    other = django_user_model.objects.create_superuser("other", password="x")
    client.force_login(other)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    theirs = client.post(PAGE, said("commit", file=None, kept=token(shown)))
    [file] = kept_files()
    file.write_bytes(LIST.replace("B", "A").encode())
    changed = desk.post(PAGE, said("commit", file=None, kept=token(shown)))

    for response in (theirs, changed):
        assert "The file is no longer kept" in response.context["form"].errors["file"][0]
    assert written() == (0, 0, 1)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_step_needs_what_the_security_policy_refuses(desk, language):
    desk.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    steps = [desk.get(PAGE), desk.post(PAGE, said()), desk.post(PAGE, said(market=""))]

    assert [step.status_code for step in steps] == [200] * 3
    assert [INLINE.search(step.text) for step in steps] == [None] * 3


def test_what_a_list_says_runs_nowhere(desk):
    text = desk.post(
        PAGE, said(file='name,country,grade\n<script>alert(1)</script>,=1+1,"<b>"\n')
    ).text

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
