"""Two records of one company: what readers see of them merged, and parted again."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override

from companies.mentions import catch_up, recognise
from companies.mergers import merge, outlook, part
from companies.models import Activity, Company, CompanyName, Identifier, Mention
from companies.standing import standings
from tests.counting import STATE
from tests.moments import known_now
from tests.routes import whenever


@pytest.fixture
def in_english():
    with override("en"):
        yield


@pytest.fixture
def lumina(make_company):
    return make_company(slug="lumina", name="Lumina", country="FR", sector="C")


@pytest.fixture
def twin(make_company):
    return make_company(slug="lumina-sa", name="Lumina SA", country="US", sector="K")


def grade(company, assessor, letter, day="2022-05-01"):
    return company.assessments.create(assessor=assessor, grade=letter, assessed_on=day)


@pytest.fixture
def both(lumina, twin, make_announcement, make_article, make_company, make_publisher):
    """Public rows of every kind on each of the two records."""
    article = make_article(headline="Shared", slug="shared")
    own = make_article(headline="Own", slug="own")
    for company, day, market in ((lumina, "2022-03-08", "RU"), (twin, "2022-04-01", "BY")):
        make_announcement(
            company,
            day,
            [("Sales", market, "suspend", "in_effect")],
            public_id=f"of-{company.slug}",
        )
        Mention.objects.create(company=company, article=article, status="confirmed")
        brand = make_company(name=f"{company} Light", slug=f"{company.slug}-light", parent=company)
        make_announcement(brand, day, public_id=f"{company.slug}-light")
    Mention.objects.create(company=twin, article=own, status="confirmed")
    CompanyName.objects.create(company=twin, name="Luminasa")
    Identifier.objects.create(company=twin, scheme="ticker", value="NYSE:LUM")
    yale, kse = make_publisher(name="Yale"), make_publisher(name="KSE")
    grade(lumina, yale, "A")
    grade(twin, yale, "B")
    grade(twin, kse, "C")
    return lumina, twin


PAGES = [
    *("companies:list", "announcements:list", "articles:list", "home"),
    *(("companies:detail", slug) for slug in ("lumina", "lumina-light", "lumina-sa-light")),
    *(("markets:detail", code) for code in ("RU", "BY")),
    *(("announcements:detail", slug) for slug in ("of-lumina", "of-lumina-sa")),
    *(("articles:detail", slug) for slug in ("shared", "own")),
]
API = [
    *("companies", "announcements", "mentions", "assessments", "standings", "articles"),
    *(f"{kind}?company={slug}" for kind in ("announcements", "mentions", "assessments", "standings")
      for slug in ("lumina", "lumina-sa")),
    *("companies/lumina", "companies/lumina-sa", "companies/lumina-sa-light", "articles/own"),
    *("articles?company=lumina", "articles?company=lumina-sa", "companies?market=BY"),
    *("announcements?sector=C", "announcements?sector=K", "announcements?country=US"),
    *("announcements?q=luminasa", "companies?q=luminasa", "announcements?q=lumina"),
]  # fmt: skip


def doors(client):
    """What every public door shows, by its address; but for the moment that a citation names."""
    seen = {}
    for page in PAGES:
        name, *args = [page] if isinstance(page, str) else page
        answer = client.get(reverse(name, args=args))
        seen[page] = answer.status_code, whenever(answer.content)
    for address in API:
        path, _, query = address.partition("?")
        answer = client.get(f"/api/v1/{path}/?{query}")
        seen[address] = answer.status_code, answer.content
    return seen


def results(client, address):
    path, _, query = address.partition("?")
    return client.get(f"/api/v1/{path}/?{query}").json()["results"]


def test_everything_is_shown_under_the_one_that_stands_and_given_back(client, both, admin_user):
    lumina, twin = both
    before = doors(client)
    merge(twin, lumina, by=admin_user, reason="one register entry")
    after = doors(client)

    assert [
        address
        for address, (_status, content) in after.items()
        if b'"lumina-sa"' in content or b"companies/lumina-sa/" in content
    ] == []
    assert {address: status for address, (status, _content) in after.items() if status != 200} == {
        "companies/lumina-sa": 301
    }
    assert client.get("/fr/companies/lumina-sa/").url == "/fr/companies/lumina/"

    part(twin, by=admin_user)
    assert doors(client) == before
    twin.refresh_from_db()
    told = twin.history.values_list("merged_into", "history_user", "history_change_reason")
    assert list(told)[:2] == [
        (None, admin_user.pk, ""),
        (lumina.pk, admin_user.pk, "one register entry"),
    ]


@pytest.mark.parametrize("query", ["", "?as_of=2022-05-01&{now}"])
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("companies:detail", []),
        ("companies:embed", []),
        ("companies:timeline", []),
        ("requests:create", ["companies"]),
    ],
)
def test_an_old_address_leads_on_with_what_was_asked(client, both, name, args, query):
    lumina, twin = both
    merge(twin, lumina)
    old, new, none = (reverse(name, args=[*args, slug]) for slug in ("lumina-sa", "lumina", "xx"))
    query = query.format(now=known_now())

    answer = client.get(old + query)

    assert (answer.status_code, answer.url) == (301, new + query)
    assert client.get(answer.url).status_code == 200
    assert client.get(none).status_code == 404


@pytest.mark.parametrize(
    ("door", "seen"),
    [
        ("announcements/?", "of-lumina/"),
        ("announcements/feed.atom?", "of-lumina/"),
        ("announcements/announcements.csv?", "of-lumina,"),
        ("announcements/over-time.svg?", "4 announcements"),
        ("articles/?", "Own"),
        ("articles/feed.atom?", "Own"),
        ("companies/compare/?", 'href="/en/companies/lumina/"'),
        ("companies/compare/?company=lumina&", 'href="/en/companies/lumina/"'),
    ],
)
def test_a_list_asked_for_an_old_slug_holds_the_one_that_stands(client, both, door, seen):
    lumina, twin = both
    merge(twin, lumina)

    doors = (f"/en/{door}company={slug}" for slug in (twin.slug, "lumina"))
    answers = (client.get(address, follow=True) for address in doors)
    old, new = (answer.getvalue().decode() for answer in answers)

    assert (seen in old, seen in new) == (True, True)
    if "compare" in door:
        assert old.count(seen) == new.count(seen)


@pytest.mark.parametrize("slug", ["lumina", "lumina-sa"])
def test_the_api_answers_for_both_whichever_is_asked_for(client, both, slug):
    lumina, twin = both
    merge(twin, lumina)
    found = results(client, f"announcements?company={slug}")
    assert [(row["id"], row["company"]["slug"]) for row in found] == [
        ("lumina-sa-light", "lumina-sa-light"),
        ("of-lumina-sa", "lumina"),
        ("lumina-light", "lumina-light"),
        ("of-lumina", "lumina"),
    ]
    found = results(client, f"mentions?company={slug}")
    assert sorted(row["article"]["slug"] for row in found) == ["own", "shared"]
    found = results(client, f"assessments?company={slug}")
    assert sorted((row["assessor"]["name"], row["grade"]) for row in found) == [
        ("KSE", "C"),
        ("Yale", "A"),
    ]
    found = results(client, f"standings?company={slug}")
    assert [(row["market"], row["company"]["slug"]) for row in found] == [
        ("BY", "lumina"),
        ("RU", "lumina"),
    ]
    assert [row["slug"] for row in results(client, f"articles?company={slug}")] == ["own", "shared"]


def test_the_record_that_stands_has_names_identifiers_and_brands_of_both(client, both):
    lumina, twin = both
    merge(twin, lumina)
    company = client.get("/api/v1/companies/lumina/").json()
    assert [name["name"] for name in company["names"]] == ["Lumina SA", "Luminasa"]
    assert [each["value"] for each in company["identifiers"]] == ["NYSE:LUM"]
    assert [each["slug"] for each in company["brands"]] == ["lumina-light", "lumina-sa-light"]
    brand = client.get("/api/v1/companies/lumina-sa-light/").json()
    assert brand["parent"] == {"slug": "lumina", "name": "Lumina"}
    page = client.get("/en/companies/lumina/").content.decode()
    assert "Lumina SA, Luminasa" in " ".join(
        page.replace("</span>", "").replace("<span>", "").split()
    )


@pytest.mark.parametrize("asked", ["sector=C", "country=FR", "q=luminasa"])
def test_what_is_asked_of_the_company_is_asked_of_the_one_that_stands(client, both, asked):
    lumina, twin = both
    merge(twin, lumina)
    found = {row["id"] for row in results(client, f"announcements?{asked}")}
    assert {"of-lumina", "of-lumina-sa"} <= found
    assert results(client, "announcements?sector=K") == []


def test_a_company_is_public_by_what_was_merged_into_it(lumina, twin, make_announcement):
    make_announcement(twin)
    twin.merge(lumina)
    assert list(Company.objects.public()) == [lumina]


def test_a_mention_is_shown_once_and_any_confirmed_one_is(lumina, twin, make_company, make_article):
    third = make_company()
    article = make_article()
    for company, status in ((lumina, "rejected"), (twin, "confirmed"), (third, "confirmed")):
        Mention.objects.create(company=company, article=article, status=status)
    assert Mention.objects.public().count() == 2
    twin.merge(lumina)
    third.merge(lumina)
    assert [mention.company for mention in Mention.objects.public()] == [twin]
    Mention.objects.filter(company=lumina).update(status="confirmed")
    assert [mention.company for mention in Mention.objects.public()] == [lumina]


@pytest.mark.parametrize("market", ["RU", "BY"])
def test_a_brand_keeps_its_place_when_its_parent_is_merged(both, market):
    lumina, twin = both

    def told(company):
        return [
            (standing.company.slug, standing.words)
            for standing in standings(Company.objects.filter(pk=company.pk), markets=[market])
        ]

    merge(twin, lumina)
    assert told(lumina) != []
    brand = Company.objects.get(slug="lumina-sa-light")
    assert Company.objects.for_listing().get(pk=brand.pk).brand_of == lumina


def test_a_chain_can_be_parted_in_the_middle(make_company):
    first, middle, last = (make_company(name=name) for name in ("First", "Middle", "Last"))

    def ends():
        return [*Company.objects.order_by("pk").values_list("absorbed_by", flat=True)]

    first.merge(middle)
    middle.merge(last)
    assert ends() == [last.pk, last.pk, None]
    middle.part()
    assert ends() == [middle.pk, None, None]
    middle.merge(last)
    first.part()
    assert ends() == [None, last.pk, None]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda one, two: (one, one), "into itself"),
        (lambda one, two: one.merge(two) or (one, two), "was merged into Lumina SA already"),
        (lambda one, two: one.merge(two) or (two, one), "was merged into Lumina SA already"),
        (lambda one, two: put(one, parent=two) or (one, two), "is a brand of Lumina SA"),
        (lambda one, two: put(two, parent=one) or (one, two), "is a brand of Lumina"),
        (lambda one, two: activity(one, two) or (one, two), "is the activity “Cloud” of Lumina"),
        (lambda one, two: activity(one, two) or (two, one), "is the activity “Cloud” of Lumina"),
        (lambda one, two: family(one, two) or (one, two), "has brands, and Lumina SA is a brand"),
    ],
)
def test_what_cannot_be_one_is_refused_with_the_reason(in_english, lumina, twin, make, said):
    company, into = make(lumina, twin)
    before = [*Company.objects.order_by("pk").values()]
    for refused in (merge, outlook):
        with pytest.raises(ValidationError, match=said):
            refused(company, into)
    assert [*Company.objects.order_by("pk").values()] == before


def put(company, **fields):
    for name, value in fields.items():
        setattr(company, name, value)
    company.save()


def activity(company, brand):
    Activity.objects.create(company=company, name_fr="Cloud", name_en="Cloud", brand=brand)


def family(one, two):
    Company.objects.create(slug="brand", name="Brand", parent=one)
    put(two, parent=Company.objects.create(slug="parent", name="Parent"))


def test_only_a_merged_record_is_parted(in_english, lumina):
    with pytest.raises(ValidationError, match="isn't merged"):
        part(lumina)


# --- recognition ---


def found():
    return sorted(Mention.objects.values_list("article__headline", "company__name", "status"))


def test_after_a_merger_the_archive_is_searched_again_and_after_parting(lumina, twin, make_article):
    CompanyName.objects.create(company=twin, name="Boréal")
    for title, text in (("A", "Boréal part."), ("B", "Boréal et Lumina."), ("C", "Rien.")):
        make_article(headline=title, body=text)
    recognise(Mention._meta.get_field("article").related_model.objects.all())
    before = found()
    assert before == [
        ("A", "Lumina SA", "suggested"),
        ("B", "Lumina", "suggested"),
        ("B", "Lumina SA", "suggested"),
    ]
    assert len(merge(twin, lumina)) == 2
    assert len([*catch_up()]) == 1
    assert found() == [("A", "Lumina", "suggested"), ("B", "Lumina", "suggested")]
    assert len(part(twin)) == 2
    assert len([*catch_up()]) == 1
    assert found() == before


@pytest.mark.parametrize("status", ["confirmed", "rejected"])
def test_an_editors_word_on_a_merged_record_holds(lumina, twin, make_article, status):
    CompanyName.objects.create(company=twin, name="Boréal")
    article = make_article(headline="A", body="Boréal part.")
    recognise([article])
    mention = Mention.objects.get()
    mention.status = status
    mention.save()
    places = mention.places
    merge(twin, lumina)
    assert len([*catch_up()]) == 1
    assert found() == [("A", "Lumina SA", status)]
    mention.refresh_from_db()
    assert mention.places == places


# --- before it is done ---


def test_the_outlook_is_what_readers_will_see_and_leaves_nothing(both, client):
    lumina, twin = both
    Identifier.objects.create(company=lumina, scheme="wikidata", value="Q1")
    Identifier.objects.create(company=twin, scheme="wikidata", value="Q2")
    before, told = doors(client), Company.history.count()
    seen = outlook(twin, lumina)
    assert doors(client) == before
    assert Company.history.count() == told
    assert [tuple(numbers) for _kind, numbers in seen.counts] == [
        (1, 1, 2),  # announcements
        (2, 1, 2),  # mentions: one article has both
        (1, 1, 2),  # activities
        (2, 1, 2),  # grades: one day has both
        (1, 1, 2),  # brands
    ]
    assert [announcement.public_id for announcement in seen.announcements] == [
        "of-lumina-sa",
        "of-lumina",
    ]
    assert [mention.article.headline for mention in seen.twice] == ["Shared"]
    assert [(one.grade, other.grade) for one, other in seen.clashing] == [("B", "A")]
    assert [(one.value, other.value) for one, other in seen.differing] == [("Q2", "Q1")]
    assert [standing.market for standing in seen.standings] == ["BY", "RU"]


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_as_many_queries_with_three_merged_records_as_with_one(
    count, lumina, client, make_company, make_announcement, make_article, django_assert_num_queries
):
    make_announcement(lumina)
    for number in range(count):
        other = make_company(slug=f"other-{number}", name=f"Other {number}")
        CompanyName.objects.create(company=other, name=f"Name {number}")
        make_announcement(other, article=make_article())
        Mention.objects.create(company=other, article=make_article(), status="confirmed")
        make_announcement(make_company(parent=other))
        other.merge(lumina)
    with django_assert_num_queries(QUERIES["page"]):
        client.get("/en/companies/lumina/")
    with django_assert_num_queries(QUERIES["api"]):
        client.get("/api/v1/companies/lumina/")
    new = make_company(slug="new", name="New")
    with django_assert_num_queries(QUERIES["outlook"]):
        outlook(lumina, new)


QUERIES = {"page": 20, "api": 9 + STATE, "outlook": 51}
