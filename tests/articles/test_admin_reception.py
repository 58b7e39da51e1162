"""Wire files through the admin: looked at first, taken in after a second yes."""

import re
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from articles.models import Article, Import, Receipt, ReceivedFile
from articles.reasons import in_words
from companies.models import Mention

UPLOAD = "/admin/articles/import/upload/"
PIECE = "Boréal ferme un comptoir\n\nLa chaîne Boréal l’a dit mardi.\n"


@pytest.fixture
def said(make_publisher, make_company, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    make_company(slug="boreal", name="Boréal")
    publisher = make_publisher(slug="gazette", name="La Gazette", rights="cleared")
    return {"publisher": publisher.pk, "status": "withheld", "date": "2022-03-09"}


def file(data, name="piece.txt"):
    return SimpleUploadedFile(name, data if isinstance(data, bytes) else data.encode())


def zipped(**members):
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return held.getvalue()


def test_a_file_is_looked_at_and_then_taken_in(admin_client, said):
    preview = admin_client.post(UPLOAD, said | {"file": file(PIECE)})
    assert preview.context["preview"].counts == [("Nouveau", 1)]
    assert preview.context["preview"].rows == [
        ["piece.txt", "Nouveau", "Boréal ferme un comptoir", "9 mars 2022", ""]
    ]
    assert not any(model.objects.exists() for model in (Article, Import, ReceivedFile))

    kept = preview.context["form"].token
    taken = admin_client.post(UPLOAD, said | {"kept": kept, "step": "commit"}, follow=True)

    article = Article.objects.get()
    [message] = map(str, taken.context["messages"])
    links = re.findall('<a href="([^"]+)">([^<]+)</a>', message)
    review = reverse("admin:articles_article_review", args=[article.pk])
    assert message.startswith("1 article. Nouveau\N{NO-BREAK SPACE}: 1. ")
    assert [address for address, _words in links] == [
        reverse("admin:articles_article_change", args=[article.pk]),
        review,
    ]
    assert links[0][1] == "Boréal ferme un comptoir"
    assert admin_client.get(review).status_code == 200
    assert article.status == "withheld"
    assert Mention.objects.get().company.slug == "boreal"
    run = Import.objects.get()
    assert (run.author.username, run.finished_at is None) == ("admin", False)


def test_several_pieces_that_were_taken_in_are_listed_alone(admin_client, said, make_article):
    make_article()
    archive = zipped(**{"a.txt": PIECE, "b.txt": PIECE.replace("comptoir", "café")})
    preview = admin_client.post(UPLOAD, said | {"file": file(archive, "day.zip")})
    step = {"kept": preview.context["form"].token, "step": "commit"}

    taken = admin_client.post(UPLOAD, said | step, follow=True)

    [message] = map(str, taken.context["messages"])
    [address] = re.findall('<a href="([^"]+)">', message)
    listed = admin_client.get(address).context["cl"].queryset
    assert sorted(article.headline for article in listed) == [
        "Boréal ferme un café",
        "Boréal ferme un comptoir",
    ]


def test_a_zip_archive_is_told_member_by_member_refusals_first(admin_client, said):
    archive = zipped(**{"a.txt": PIECE, "b.txt": "one line", "c.txt": PIECE})
    preview = admin_client.post(UPLOAD, said | {"file": file(archive, "day.zip")})
    with override("fr"):
        why = in_words("a headline without text")
    assert preview.context["preview"].rows == [
        ["day.zip/b.txt", "Refus", "", "", why],
        ["day.zip/a.txt", "Nouveau", "Boréal ferme un comptoir", "9 mars 2022", ""],
        ["day.zip/c.txt", "Sans changement", "Boréal ferme un comptoir", "9 mars 2022", ""],
    ]


def test_why_a_file_was_refused_is_told_in_the_language_of_who_reads_it(
    admin_client, make_publisher
):
    run = Import.objects.create(publisher=make_publisher())
    url = ["Enter a valid URL.", {}]
    why = ["source_url", ["%(field)s: %(error)s", {"field": "source_url", "error": url}]]
    receipt = Receipt.objects.create(run=run, name="a", refusals=why)

    page = admin_client.get(f"/admin/articles/receipt/{receipt.pk}/change/").text

    assert "source_url; source_url" in page and "Saisissez une URL valide." in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"publisher": ""}, "publisher"),
        ({"publisher": "999999"}, "publisher"),
        ({"date": "9 mars"}, "date"),
        ({"status": "canceled"}, "status"),
        ({"source_url": "not an address"}, "source_url"),
    ],
)
def test_what_is_wrong_is_named_and_the_file_is_kept(admin_client, said, changes, field):
    page = admin_client.post(UPLOAD, said | {"file": file(PIECE)} | changes)
    form = page.context["form"]
    assert (list(form.errors), page.context["preview"]) == ([field], None)
    assert form.token


def test_imports_lead_to_their_files_and_to_the_bytes_as_they_came(admin_client, said):
    preview = admin_client.post(UPLOAD, said | {"file": file(zipped(a=PIECE, b="one line"))})
    kept = preview.context["form"].token
    admin_client.post(UPLOAD, said | {"kept": kept, "step": "commit"})
    run = Import.objects.get()
    page = admin_client.get("/admin/articles/import/").content.decode()
    assert f'href="/admin/articles/receipt/?run={run.pk}&amp;refused=1">1</a>' in page

    listed = admin_client.get("/admin/articles/receipt/", {"run": run.pk, "refused": "1"})
    [receipt] = listed.context["cl"].queryset
    assert receipt.name.endswith("/b")
    original = admin_client.get(f"/admin/articles/receipt/{receipt.pk}/original/")
    assert original.content == b"one line"
    assert original["Content-Type"] == "application/octet-stream"
    assert original["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in original["Content-Disposition"]
    for address in (f"import/{run.pk}", f"receipt/{receipt.pk}"):
        page = admin_client.get(f"/admin/articles/{address}/change/")
        assert (page.status_code, b'name="_save"' in page.content) == (200, False)


def test_who_may_not_see_files_gets_none(client, make_user, said, admin_client):
    admin_client.post(UPLOAD, said | {"file": file(PIECE)})
    client.force_login(make_user(is_staff=True))
    for address in ("import/upload", "import", "receipt", "receipt/1/original"):
        assert client.get(f"/admin/articles/{address}/").status_code in (302, 403)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_take_a_fixed_number_of_queries(
    admin_client, said, make_publisher, django_assert_max_num_queries, rows
):
    for _ in range(rows):
        run = Import.objects.create(publisher=make_publisher())
        Receipt.objects.create(run=run, name="a", refusals=["no text"])
    for address, queries in (("import", 7), ("receipt", 5)):
        with django_assert_max_num_queries(queries) as counted:
            admin_client.get(f"/admin/articles/{address}/")
        assert len(counted) == queries
