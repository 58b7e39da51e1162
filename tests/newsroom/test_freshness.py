"""Readers' copies of pages: kept, always asked about, never taken for right when they aren't."""

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from articles.models import Article
from companies.models import Mention
from newsroom.freshness import state

PAGES = ["/fr/", "/en/announcements/", "/fr/articles/?q=piece", "/api/v1/announcements/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_copy_is_kept_and_asked_about(client, make_announcement, path):
    make_announcement()
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, first["Cache-Control"]) == (200, "public, no-cache")
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (again["Cache-Control"], again.cookies) == ("public, no-cache", {})


def test_a_copy_costs_one_query(client, make_announcement, django_assert_num_queries):
    make_announcement()
    tag = client.get("/fr/")["ETag"]

    with django_assert_num_queries(1):
        client.get("/fr/", headers={"If-None-Match": tag})


def test_each_page_and_language_has_a_name_of_its_own(client, make_announcement):
    make_announcement()
    paths = [*PAGES, "/en/", "/en/announcements/?page=1"]

    tags = {client.get(path)["ETag"] for path in paths}
    by_language = {
        client.get("/api/v1/announcements/", headers={"Accept-Language": language})["ETag"]
        for language in ("fr", "en")
    }

    assert (len(tags), len(by_language)) == (len(paths), 2)


def kill(announcement):
    announcement.evidence.get().article.kill(note_fr="Retirée.", note_en="Killed.")


def correct(announcement):
    announcement.title_fr = "Un autre titre"
    announcement.save()


def retract(announcement):
    announcement.retract(reason_fr="Erreur.", reason_en="Error.")


def confirm(announcement):
    article = announcement.evidence.get().article
    Mention.objects.create(article=article, company=announcement.company, status="confirmed")


def measure(announcement):
    announcement.measures.create(market="BY", action="exit")


def rename(announcement):
    announcement.company.name = "Another name"
    announcement.company.save()


@pytest.mark.parametrize("change", [kill, correct, retract, confirm, measure, rename])
def test_whatever_changes_shows_at_once(client, make_announcement, change):
    announcement = make_announcement()
    tag = client.get("/fr/")["ETag"]

    change(announcement)

    assert client.get("/fr/", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("column", ["public_from", "rights_until"])
def test_an_hour_that_comes_changes_what_is_shown(client, make_article, column):
    article = make_article(**{column: timezone.now() + timedelta(hours=1)})
    make_article()
    tag = client.get("/fr/articles/")["ETag"]
    assert client.get("/fr/articles/", headers={"If-None-Match": tag}).status_code == 304

    # The database's clock decides, so the data is shifted: as if the hour had come.
    Article.objects.filter(pk=article.pk).update(
        **{column: timezone.now() - timedelta(milliseconds=1)}
    )

    assert client.get("/fr/articles/", headers={"If-None-Match": tag}).status_code == 200


def test_what_is_gone_or_unknown_has_no_name(client, make_announcement):
    announcement = make_announcement()
    path = announcement.get_absolute_url()
    tag = client.get(path)["ETag"]

    retract(announcement)
    gone = client.get(path, headers={"If-None-Match": tag})
    unknown = client.get("/fr/announcements/nothing/")

    assert (gone.status_code, unknown.status_code) == (410, 404)
    assert not gone.has_header("ETag") and not unknown.has_header("ETag")


@pytest.mark.parametrize("path", PAGES)
def test_a_question_too_long_to_read_is_refused_as_safely_as_any(client, make_announcement, path):
    make_announcement()
    mark = "&" if "?" in path else "?"

    short, long = client.get(path), client.get(f"{path}{mark}{'q=&' * 1_001}")

    assert (short.status_code, long.status_code) == (200, 400)
    assert "no-cache" in long["Cache-Control"] and not long.has_header("ETag")
    for name in ("X-Frame-Options", "Content-Security-Policy", "X-Content-Type-Options"):
        assert long[name] == short[name]


@pytest.mark.parametrize("path", ["/admin/login/", "/healthz", "/"])
def test_what_isnt_for_readers_is_left_alone(client, db, path):
    assert not client.get(path).has_header("ETag")


@pytest.fixture
def kept(settings, unique):
    """Pages are kept, as in production; none is at the start."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": f"{id(settings)}-{unique()}"}}


@pytest.mark.parametrize("path", [*PAGES, "/fr/companies/nordholz/embed/"])
def test_a_page_is_made_once_for_all(
    client, kept, make_announcement, make_company, django_assert_num_queries, path
):
    make_announcement(make_company(slug="nordholz"))
    first = client.get(path)

    with django_assert_num_queries(1):
        again = client.get(path)

    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers == first.headers
    assert client.head(path).headers.items() >= {"ETag": first["ETag"]}.items()


@pytest.mark.parametrize("change", [kill, correct, retract, confirm, measure, rename])
def test_a_page_made_before_is_never_shown_after(client, kept, make_announcement, change):
    announcement = make_announcement()
    path = announcement.get_absolute_url()
    before = [client.get(path), client.get("/fr/")]

    change(announcement)

    after = [client.get(path), client.get("/fr/")]
    assert [page.get("ETag") for page in before] != [page.get("ETag") for page in after]
    assert after[1].content != before[1].content or change in (confirm, measure)


def test_a_page_of_another_host_or_for_another_kind_of_program_is_another(
    client, kept, make_announcement, settings
):
    settings.ALLOWED_HOSTS = ["one.example", "other.example"]
    make_announcement()

    for host in settings.ALLOWED_HOSTS:
        assert f'"http://{host}/fr/"' in client.get("/fr/", headers={"Host": host}).text
    assert client.get("/fr/", headers={"Host": "third.example"}).status_code == 400
    assert client.get("/api/v1/companies/", headers={"Host": "one.example"}).status_code == 200
    refused = {"Host": "one.example", "Accept": "text/csv"}
    assert client.get("/api/v1/companies/", headers=refused).status_code == 406


def test_a_file_of_any_length_and_a_form_are_not_kept(client, kept, make_announcement):
    announcement = make_announcement()

    file = client.get("/fr/announcements/announcements.csv")
    form = client.get(f"/fr/corrections/suggest/announcements/{announcement.public_id}/")

    assert (file.status_code, cache.get(file["ETag"])) == (200, None)
    assert (form.status_code, form.has_header("ETag")) == (200, False)
    assert cache.get(client.get("/fr/")["ETag"]).status_code == 200


only_on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only on PostgreSQL"
)


@only_on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_writer_still_at_work_is_no_quiet_archive(make_company):
    """It may hold a key below one that is committed already."""
    one, other = make_company(), make_company()
    held, go_on = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            one.save()
            held.set()
            go_on.wait()
        connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    try:
        assert held.wait(600)
        other.save()  # a higher key, and the first to be committed
        between = state()
    finally:
        go_on.set()
        writer.join()

    assert state() != between


@only_on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("work", "writes"),
    [
        # As the database does by itself at any time: it writes what it found to its catalogue.
        ("ANALYZE articles_article", False),
        ("ANALYZE articles_historicalarticle", False),
        ("LOCK pg_statistic IN ROW EXCLUSIVE MODE", False),
        ("DELETE FROM django_session", False),
        ("DELETE FROM articles_historicalarticle", True),
    ],
)
def test_work_that_readers_never_see_is_no_writer(make_article, work, writes):
    make_article()
    before = state()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(work)
            assert (state() != before) is writes
            cursor.execute("ROLLBACK")
    finally:
        other.close()
