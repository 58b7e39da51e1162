"""The counts beside the tracker's filters are what the list would hold."""

import pytest
from django.utils import timezone

from companies.facets import counts
from companies.filters import AnnouncementFilter
from companies.models import Activity, Announcement, Company
from companies.models.announcement import Action, Stage

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


def test_the_tracker_opens_while_the_archive_is_empty(client, db):
    assert client.get("/fr/announcements/").status_code == 200
