"""The counts beside the tracker's filters are what the list would hold."""

import pytest
from django.utils import timezone

from companies.facets import company_counts, counts
from companies.filters import AnnouncementFilter, CompanyFilter
from companies.models import Activity, Announcement, Company
from companies.models.measure import Action, Stage

QUESTIONS = [
    {},
    {"market": "RU"},
    {"market": "RU", "action": "suspend"},
    {"action": "exit", "stage": "completed"},
    {"company": "amazon"},
    {"company": "aws", "market": "BY"},
    {"sector": "J", "country": "US"},
    {"publisher": "one"},
    {"contradicted": "true"},
    {"q": "announcement", "announced_after": "2022-03-02"},
    {"as_of": "2022-03-08"},
    {"market": "nowhere"},  # marked in the form and left aside
]


@pytest.fixture
def world(make_company, make_article, make_publisher, make_announcement):
    amazon = make_company(slug="amazon", sector="G")
    aws = make_company(slug="aws", sector="J", parent=amazon)
    french = make_company(slug="french", country="FR", sector="J")
    one, other = (make_article(publisher=make_publisher(slug=slug)) for slug in ("one", "other"))
    make_announcement(make_company(slug="unknown", country="", sector=""), article=other)
    cloud = Activity.objects.create(company=amazon, name_fr="AWS", name_en="AWS", brand=aws)
    made = make_announcement(
        amazon,
        "2022-03-08",
        [
            (cloud, "RU", "suspend", "in_effect"),
            (cloud, "BY", "suspend", "announced"),
            ("Retail", "RU", "exit", "completed"),
        ],
        article=one,
    )
    made.evidence.create(
        article=other, stance="contradicts", paraphrase_fr="Non.", paraphrase_en="No."
    )
    make_announcement(aws, "2022-03-01", [(None, "BY", "exit", "announced")], article=one)
    make_announcement(french, "2022-03-09", [(None, "RU", "continue", "announced")], article=other)
    make_announcement(french, "2022-03-09", publish=False)


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_count_is_what_the_list_holds(world, question, known):
    if known:
        question = question | {"known_at": timezone.now().isoformat()}
    everything = Announcement.objects.public()
    values = {
        "market": ["BY", "RU", "UA"],
        "action": Action.values,
        "stage": Stage.values,
        "sector": Company.Sector.values,
        "country": ["US", "FR", "DE"],
        "publisher": ["one", "other", "nobody"],
        "contradicted": ["true", "false"],
    }

    found = counts(AnnouncementFilter(question, queryset=everything))

    held = {
        name: {
            value: AnnouncementFilter(question | {name: value}, queryset=everything).qs.count()
            for value in some
        }
        for name, some in values.items()
    }
    assert found == {
        name: {value: size for value, size in sizes.items() if size} for name, sizes in held.items()
    }
    assert any(found["action"].values())


def test_the_counts_take_a_fixed_number_of_queries(
    make_announcement, django_assert_num_queries, make_company
):
    for count in (1, 3):
        while Announcement.objects.count() < count:
            make_announcement(make_company())
        with django_assert_num_queries(7):
            counts(AnnouncementFilter({}, queryset=Announcement.objects.public()))


@pytest.fixture
def merged(world, make_company, make_announcement, make_user):
    """A record that was merged into another, each with a parent of its own."""
    stands = make_company(slug="stands", parent=make_company(slug="its-parent"))
    absorbed = make_company(slug="absorbed", parent=make_company(slug="not-its-parent"))
    for company in (stands, absorbed):
        make_announcement(company, measures=[(None, "UA", "exit", "announced")])
    Company.objects.filter(pk=absorbed.pk).update(merged_into=stands, absorbed_by=stands)


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"market": "RU"},
        {"sector": "J", "market": "BY"},
        {"country": "FR"},
        {"q": "comp*"},
        {"market": "nowhere"},
    ],
)
def test_a_count_is_what_the_list_of_companies_holds(merged, question):
    everything = Company.objects.public()
    values = {
        "sector": Company.Sector.values,
        "country": ["US", "FR", "DE"],
        "market": ["BY", "RU", "UA"],
    }

    found = company_counts(CompanyFilter(question, queryset=everything))

    held = {
        name: {
            value: CompanyFilter(question | {name: value}, queryset=everything).qs.count()
            for value in some
        }
        for name, some in values.items()
    }
    assert found == {
        name: {value: size for value, size in sizes.items() if size} for name, sizes in held.items()
    }
    assert any(found["market"].values())


def test_the_parent_of_the_record_that_stands_acts_with_it(merged):
    Company.objects.filter(slug__endswith="parent").update(sector="K")
    acting = CompanyFilter({"market": "UA"}, queryset=Company.objects.all()).qs

    assert set(acting.values_list("slug", flat=True)) == {"stands", "its-parent"}


def test_publishers_and_countries_are_chosen_in_the_order_of_the_alphabet(
    client, make_announcement, make_article, make_publisher, make_company
):
    for name, country in (("Zeitung", "ZA"), ("écho", "EG"), ("Die Zeit", "DE"), ("Être", "FR")):
        paper = make_article(publisher=make_publisher(name=name))
        make_announcement(make_company(country=country), article=paper)

    form = client.get("/fr/announcements/").context["filter"].form

    names = [str(label) for _value, label in form.fields["publisher"].widget.choices]
    assert names == ["Tous", "Die Zeit (1)", "écho (1)", "Être (1)", "Zeitung (1)"]
    codes = [value for value, _label in form.fields["country"].widget.choices]
    assert codes == ["", "ZA", "DE", "EG", "FR"]  # Afrique du Sud, Allemagne, Égypte, France


@pytest.mark.parametrize(
    ("page", "orders", "usual"),
    [
        (
            "announcements",
            {
                "": "Newest first",
                "announced_on": "Oldest first",
                "company": "By company, A to Z",
                "-company": "By company, Z to A",
            },
            "-announced_on",
        ),
        ("companies", {"": "By name, A to Z", "-name": "By name, Z to A"}, "name"),
        ("corrections", {"": "Newest first", "created_at": "Oldest first"}, "-created_at"),
    ],
)
def test_no_two_orders_mean_the_same(client, db, page, orders, usual):
    for asked in ("", usual):
        form = client.get(f"/en/{page}/?ordering={asked}").context["filter"].form
        choices = form.fields["ordering"].widget.choices
        assert {value: str(label) for value, label in choices} == orders
        assert not form.errors
        assert " selected" not in str(form["ordering"]).replace('value="" selected', "")


def test_the_tracker_opens_while_the_archive_is_empty(client, db):
    assert client.get("/fr/announcements/").status_code == 200
