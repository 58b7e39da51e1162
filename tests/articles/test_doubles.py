"""What may be in the archive already, shown before it is saved."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from articles.doubles import host, same_articles, same_publishers
from articles.models import Article, Publisher
from tests.forms import typed


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://www.lumina.example/fr/", "lumina.example"),
        ("HTTP://Lumina.example:80", "lumina.example"),
        ("lumina.example", "lumina.example"),
        ("http://[lumina", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address(address, found):
    assert host(address) == found


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"headline": "Title", "body": "Text."}, ["It has the very same text."]),
        ({"source_url": "https://lumina.example/1"}, ["It comes from the same address."]),
        ({"headline": "Title", "body": "Other."}, []),
        ({"source_url": ""}, []),
    ],
)
def test_articles_that_are_the_same(make_article, make_publisher, fields, found):
    there = make_article(headline="Title", body="Text.", source_url="https://lumina.example/1")
    make_article()
    new = Article(publisher=make_publisher(), wire_id="new", **{"headline": "New"} | fields)
    reasons = [(other, [str(reason) for reason in why]) for other, why in same_articles(new)]
    assert reasons == ([(there, found)] if found else [])


@pytest.mark.parametrize("count", [1, 3])
def test_they_are_found_in_one_query(
    make_article, make_publisher, django_assert_num_queries, count
):
    for _ in range(count):
        make_article(headline="Title", body="Text.")
    new = Article(publisher=make_publisher(), headline="Title", body="Text.")
    with django_assert_num_queries(1):
        assert len(same_articles(new)) == count


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"name": "LA GAZETTE"}, 1),
        ({"name": "Other", "website": "http://gazette.example/x"}, 1),
        ({"name": "Other"}, 0),
    ],
)
def test_publishers_that_are_the_same(make_publisher, fields, found):
    make_publisher(name="La Gazette", website="https://www.gazette.example")
    assert len(same_publishers(Publisher(**fields))) == found


def new_article(publisher, **fields):
    return {
        "headline": "Title",
        "body": "Text.",
        "slug": "title",
        "publisher": publisher.pk,
        "wire_id": "another",
        "published_at_0": "2022-03-09",
        "published_at_1": "08:30",
        "published_precision": "day",
        "public_from_0": "2022-03-09",
        "public_from_1": "08:30",
        "language": "fr",
        "rights": "unknown",
        "access": "full",
        "mentions-TOTAL_FORMS": "0",
        "mentions-INITIAL_FORMS": "0",
    } | fields


def test_a_new_piece_waits_until_its_doubles_were_seen(desk, make_article):
    there = make_article(headline="Title", body="Text.")
    page = reverse("admin:articles_article_add")
    form = new_article(there.publisher)
    answer = desk.post(page, form)
    assert [double.key for double in answer.context["doubles"]] == [there.pk]
    assert answer.context["adminform"].form["body"].value() == "Text."
    assert Article.objects.count() == 1
    assert desk.post(page, form | {"not_the_same": str(there.pk)}).status_code == 302
    assert Article.objects.count() == 2


def test_a_wire_id_that_is_taken_names_the_piece(desk, make_article):
    there = make_article(headline="Title")
    page = reverse("admin:articles_article_add")
    form = new_article(there.publisher, wire_id=there.wire_id)
    url = reverse("admin:articles_article_change", args=[there.pk])
    said = f'The archive has it already: <a href="{url}">Title</a>'
    assert said in desk.post(page, form).content.decode()


def test_a_new_publisher_waits_too(desk, make_publisher):
    there = make_publisher(name="La Gazette")
    page = reverse("admin:articles_publisher_add")
    form = typed(desk.get(page)) | {"name": "La gazette", "slug": "gazette"}
    assert [double.key for double in desk.post(page, form).context["doubles"]] == [there.pk]
    assert desk.post(page, form | {"not_the_same": str(there.pk)}).status_code == 302
    # A change that touches neither name nor website asks nothing.
    page = reverse("admin:articles_publisher_change", args=[there.pk])
    assert desk.post(page, typed(desk.get(page)) | {"country": "BE"}).status_code == 302
