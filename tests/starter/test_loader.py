"""The starter archive: whole and public, and never in an editor's way."""

import json
from copy import deepcopy
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core.management import call_command

from articles.archive import canonical
from articles.models import Article, Publisher
from articles.text import is_supplied
from companies import wording
from companies.mentions import catch_up
from companies.models import (
    Activity,
    Announcement,
    Assessment,
    Company,
    CompanyName,
    Edition,
    Evidence,
    Identifier,
    Measure,
    Mention,
)
from starter.loader import DATA, BadData, load
from starter.models import LoadedRecord

STARTER = {
    "publishers": [
        {
            "slug": "gazette",
            "name": "La Gazette",
            "kind": "outlet",
            "website": "https://gazette.example.org/",
            "country": "FR",
        }
    ],
    "companies": [
        {
            "slug": "boreal",
            "name": "Boréal",
            "legal_name": "Boréal SA",
            "country": "CA",
            "sector": "I",
            "website": "",
            "parent": None,
            "names": [{"name": "Boréal Café", "kind": "brand", "language": "", "ambiguous": False}],
            "identifiers": [{"scheme": "wikidata", "value": "Q1", "sourced": True}],
            "activities": [
                {"key": "beans", "name_fr": "Grains", "name_en": "Beans", "brand": None},
                {"key": "bar", "name_fr": "Bar", "name_en": "Bar", "brand": "boreal-bar"},
            ],
        },
        {
            "slug": "boreal-bar",
            "name": "Boréal Bar",
            "legal_name": "",
            "country": "CA",
            "sector": "I",
            "website": "",
            "parent": "boreal",
            "names": [],
            "identifiers": [],
            "activities": [],
        },
    ],
    "articles": [
        {
            "slug": "boreal-ferme",
            "publisher": "gazette",
            "wire_id": "https://gazette.example.org/1",
            "source_url": "https://gazette.example.org/1",
            "headline": "Boréal ferme",
            "language": "fr",
            "published_at": "2022-03-09",
            "published_precision": "day",
            "byline": "",
            "image_caption": "",
            "image_credit": "",
            "rights": "cleared",
            "access": "reference",
            "status": "usable",
            "usage_terms": "",
            "abstract_fr": "Résumé.",
            "abstract_en": "Abstract.",
            "mentions": [{"company": "boreal", "role": "subject"}],
        }
    ],
    "announcements": [
        {
            "public_id": "abcdefghjk",
            "company": "boreal",
            "announced_on": "2022-03-08",
            "announced_precision": "day",
            "announced_sourced": True,
            "title_fr": "Boréal suspend",
            "title_en": "Boréal suspends",
            "summary_fr": "Tout.",
            "summary_en": "All.",
            "buyer": "",
            "terms_fr": "",
            "terms_en": "",
            "last_checked_on": "2026-11-23",
            "measures": [
                {
                    "activity": "boreal/beans",
                    "market": "RU",
                    "action": "suspend",
                    "stage": "announced",
                    "effective_on": None,
                    "effective_precision": "day",
                }
            ],
            "evidence": [
                {
                    "key": "gazette",
                    "article": "boreal-ferme",
                    "paraphrase_fr": "La Gazette le dit.",
                    "paraphrase_en": "La Gazette says so.",
                    "stance": "supports",
                    "speaker": "company",
                }
            ],
        }
    ],
    "assessments": [
        {
            "company": "boreal",
            "assessor": "gazette",
            "market": "RU",
            "grade": "B",
            "assessed_on": "2025-05-21",
            "source_url": "",
            "licence": "",
        }
    ],
}

# Where a value stands in the files, its field, and what an editor and the starter make of it.
FIELDS = [
    (("publishers", 0, "name"), Publisher, "name", "Edited", "Renamed"),
    (("companies", 0, "legal_name"), Company, "legal_name", "Edited", "Renamed"),
    (("companies", 0, "names", 0, "kind"), CompanyName, "kind", "former", "other"),
    (("companies", 0, "identifiers", 0, "sourced"), Identifier, "sourced", False, None),
    (("companies", 0, "activities", 0, "name_en"), Activity, "name_en", "Edited", "Grain"),
    (("articles", 0, "abstract_fr"), Article, "abstract_fr", "Édité.", "Revu."),
    (("articles", 0, "status"), Article, "status", "withheld", "canceled"),
    (("articles", 0, "mentions", 0, "role"), Mention, "role", "peer", "passing"),
    (("announcements", 0, "title_fr"), Announcement, "title_fr", "Édité", "Revu"),
    (("announcements", 0, "buyer"), Announcement, "buyer", "Edited", "Renamed"),
    (("announcements", 0, "measures", 0, "stage"), Measure, "stage", "in_effect", "completed"),
    (
        ("announcements", 0, "evidence", 0, "paraphrase_en"),
        Evidence,
        "paraphrase_en",
        "Edited.",
        "Revised.",
    ),
    (("assessments", 0, "grade"), Assessment, "grade", "C", "A"),
]
MODELS = [
    *apps.get_app_config("articles").get_models(),
    *apps.get_app_config("companies").get_models(),
]


@pytest.fixture
def starter(tmp_path):
    """A small starter archive as a value, and `starter.load()` that writes and loads it."""

    class Starter(dict):
        def load(self):
            for name, records in self.items():
                (tmp_path / f"{name}.json").write_text(json.dumps(records), encoding="utf-8")
            return load(tmp_path, say=lambda line: None)

        def put(self, path, value):
            record = self
            for step in path[:-1]:
                record = record[step]
            record[path[-1]] = value

    return Starter(deepcopy(STARTER))


def rows():
    """How many rows each table of the archive holds, histories included."""
    return {model._meta.label: model.objects.count() for model in MODELS}


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "model", "field", "edited", "renewed"), FIELDS)
@pytest.mark.parametrize(
    ("by_editor", "by_starter", "left"),
    [
        (False, False, "loaded"),
        (True, False, "edited"),
        (False, True, "renewed"),
        (True, True, "edited"),
    ],
)
def test_a_field_is_the_starters_until_an_editor_changes_it(
    starter, path, model, field, edited, renewed, by_editor, by_starter, left
):
    starter.load()
    record = model.objects.order_by("pk").first()
    expected = {"loaded": getattr(record, field), "edited": edited, "renewed": renewed}
    if by_editor:
        setattr(record, field, edited)
        record.save()
    if by_starter:
        starter.put(path, renewed if renewed is not None else edited)
        expected["renewed"] = renewed if renewed is not None else edited
    starter.load()
    record.refresh_from_db()
    assert getattr(record, field) == expected[left]
    before = rows()
    assert starter.load() == {}
    assert rows() == before


@pytest.mark.django_db
def test_what_both_changed_alike_follows_the_starter_again(starter):
    starter.load()
    Company.objects.filter(slug="boreal").update(legal_name="Boréal AG")
    for legal_name in ("Boréal AG", "Boréal Ltd"):
        starter["companies"][0]["legal_name"] = legal_name
        starter.load()
    assert Company.objects.get(slug="boreal").legal_name == "Boréal Ltd"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "path"),
    [
        (CompanyName, ("companies", 0, "names", 0, "kind")),
        (Identifier, ("companies", 0, "identifiers", 0, "sourced")),
        (Mention, ("articles", 0, "mentions", 0, "role")),
        (Assessment, ("assessments", 0, "grade")),
        (Measure, ("announcements", 0, "measures", 0, "stage")),
    ],
)
def test_what_an_editor_deleted_is_not_made_again(starter, model, path):
    starter.load()
    model.objects.all().delete()
    before = rows()
    assert starter.load() == {}
    starter.put(path, {"sourced": False, "kind": "former", "stage": "in_effect"}.get(path[-1], "A"))
    assert starter.load() == {}
    assert rows() == before


@pytest.mark.django_db
def test_what_rests_on_deleted_records_is_left_out(starter):
    announcements, starter["announcements"] = starter["announcements"], []
    starter.load()
    Activity.objects.all().delete()
    starter["announcements"] = announcements
    assert starter.load() == {"created": 2}
    announcement = Announcement.objects.get()
    assert (announcement.status, announcement.measures.count()) == ("draft", 0)
    assert starter.load() == {}


@pytest.mark.django_db
def test_a_record_added_to_the_starter_later_is_loaded(starter):
    starter.load()
    starter["companies"][0]["names"].append(
        {"name": "BRL", "kind": "abbreviation", "language": "", "ambiguous": True}
    )
    starter["announcements"][0]["measures"].append(
        starter["announcements"][0]["measures"][0] | {"market": "BY"}
    )
    assert starter.load() == {"created": 2}
    assert list(CompanyName.objects.values_list("name", "ambiguous")) == [
        ("BRL", True),
        ("Boréal Café", False),
    ]
    editions = Announcement.objects.get().editions
    assert [len(edition.snapshot["measures"]) for edition in editions.all()] == [1, 2]
    assert editions.last().note_en == "Update of the starter archive."


@pytest.mark.django_db
def test_a_new_name_of_an_activity_is_told_by_an_edition(starter):
    starter.load()
    starter["companies"][0]["activities"][0]["name_en"] = "Coffee beans"
    assert starter.load() == {"updated": 1}
    newest = Announcement.objects.get().newest_edition
    assert (newest.number, newest.note_en) == (2, "Update of the starter archive.")
    assert newest.sha256 == Edition.hash_of(Announcement.objects.get().snapshot())


@pytest.mark.django_db
def test_a_record_that_stood_before_keeps_what_it_says(starter, make_company):
    own = make_company(slug="boreal", name="Boréal (ours)", legal_name="")
    starter.load()
    own.refresh_from_db()
    assert (own.name, own.legal_name) == ("Boréal (ours)", "Boréal SA")


@pytest.mark.django_db
def test_a_retracted_announcement_stays_retracted(starter):
    starter.load()
    Announcement.objects.get().retract(reason_fr="Faux.", reason_en="Wrong.")
    starter["announcements"][0]["summary_en"] = "Everything."
    starter.load()
    announcement = Announcement.objects.get()
    assert (announcement.status, announcement.summary_en) == ("retracted", "Everything.")
    assert announcement.editions.count() == 2


@pytest.mark.django_db
def test_a_new_headline_becomes_a_version(starter):
    starter.load()
    starter["articles"][0]["headline"] = "Boréal ferme tout"
    starter.load()
    versions = Article.objects.get().versions.values_list("number", "headline")
    assert list(versions) == [(1, "Boréal ferme"), (2, "Boréal ferme tout")]


@pytest.mark.django_db
def test_a_date_begins_at_midnight_in_paris(starter):
    starter.load()
    assert Article.objects.get().published_at == datetime(2022, 3, 8, 23, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("companies", 0, "country"), "XX", ["companies.json, boreal", "XX"]),
        (("companies", 1, "parent"), "nobody", ["companies.json, boreal-bar", "nobody"]),
        (("companies", 0, "identifiers", 0, "value"), "1", ["companies.json, boreal", "value"]),
        (("articles", 0, "publisher"), "nobody", ["articles.json, boreal-ferme", "nobody"]),
        (("articles", 0, "published_at"), "9 March", ["articles.json, boreal-ferme", "9 March"]),
        (
            ("announcements", 0, "announced_on"),
            "2022-02-30",
            ["announcements.json, abcdefghjk", "2022-02-30"],
        ),
        (("announcements", 0, "evidence"), [], ["announcements.json, abcdefghjk"]),
        (("assessments", 0), {"company": "boreal"}, ["assessments.json, boreal", "assessor"]),
    ],
)
def test_bad_data_names_the_file_and_the_record(starter, path, value, named):
    starter.put(path, value)
    with pytest.raises(BadData) as error:
        starter.load()
    assert [part for part in named if part not in str(error.value)] == []


@pytest.mark.django_db
def test_what_stood_before_bad_data_stays_and_the_next_load_goes_on(starter):
    good = starter["announcements"][0]["evidence"]
    starter["announcements"][0]["evidence"] = []
    with pytest.raises(BadData):
        starter.load()
    assert (Company.objects.count(), Announcement.objects.count()) == (2, 0)
    starter["announcements"][0]["evidence"] = good
    assert starter.load() == {"created": 4}
    assert Announcement.objects.public().count() == 1


@pytest.fixture
def whole(db, capsys):
    """The starter archive as it is delivered, loaded."""
    call_command("load_starter")
    return capsys.readouterr().out


def read(name):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def test_the_whole_starter_archive_is_public(whole):
    slugs = {company["slug"] for company in read("companies")}
    assert {"amazon", "mcdonalds", "starbucks", "nike", "coca-cola", "netflix"} < slugs
    assert {"aws", "prime-video"} < slugs
    assert set(Company.objects.public().values_list("slug", flat=True)) == slugs
    assert set(Announcement.objects.public().values_list("public_id", flat=True)) == {
        announcement["public_id"] for announcement in read("announcements")
    }
    assert set(Article.objects.public().values_list("slug", flat=True)) == {
        article["slug"] for article in read("articles")
    }
    assert not Article.objects.exclude(body="", access="reference").exists()


def test_a_second_load_changes_nothing(whole, capsys):
    before = rows()
    call_command("load_starter")
    assert rows() == before
    assert "up to date" in capsys.readouterr().out


def test_amazon_suspended_five_activities_eight_measures(whole):
    announcement = Announcement.objects.get(company__slug="amazon")
    assert sorted(
        (measure.activity.name_en, measure.market, measure.action)
        for measure in announcement.measures.all()
    ) == [
        ("New AWS customers", "BY", "suspend"),
        ("New AWS customers", "RU", "suspend"),
        ("New third-party sellers", "BY", "suspend"),
        ("New third-party sellers", "RU", "suspend"),
        ("Orders for the game New World", "RU", "suspend"),
        ("Prime Video", "RU", "suspend"),
        ("Retail shipments", "BY", "suspend"),
        ("Retail shipments", "RU", "suspend"),
    ]
    assert announcement.announced_on.isoformat() == "2022-03-08"


def test_the_founding_piece_names_its_companies(whole):
    piece = Article.objects.get(publisher__slug="bfm-business")
    assert set(piece.mentions.values_list("company__slug", "role", "status")) == {
        ("amazon", "subject", "confirmed"),
        ("mcdonalds", "peer", "confirmed"),
        ("starbucks", "peer", "confirmed"),
        ("nike", "peer", "confirmed"),
        ("coca-cola", "peer", "confirmed"),
        ("netflix", "peer", "confirmed"),
        ("aws", "passing", "confirmed"),
        ("prime-video", "passing", "confirmed"),
    }


def test_articles_are_known_by_the_address_of_their_source():
    articles = read("articles")
    wire_ids = [article["wire_id"] for article in articles]
    assert wire_ids == [canonical(article["source_url"]) for article in articles]
    assert len(set(wire_ids)) == len(wire_ids)


def test_no_other_name_is_the_companys_own():
    repeated = [
        (company["slug"], name["name"])
        for company in read("companies")
        for name in company["names"]
        if name["name"].translate({ord("’"): "'"}).casefold() == company["name"].casefold()
    ]
    assert repeated == []


@pytest.mark.django_db
def test_a_folder_without_the_files_is_one_clear_line(tmp_path):
    with pytest.raises(BadData, match=r"publishers\.json"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("macdo", "mcdonalds"),
        ("Mac Do", "mcdonalds"),
        ("mcdonald’s", "mcdonalds"),
        ("Macdonald's", "mcdonalds"),
        ("coca", "coca-cola"),
        ("coke", "coca-cola"),
        ("amazon.com", "amazon"),
        ("amazon web services", "aws"),
    ],
)
def test_a_company_is_found_by_what_people_call_it(whole, typed, slug):
    assert Company.objects.public().pick(typed).company.slug == slug
    assert Company.objects.get(slug=slug) in Company.objects.public().matching(typed)


def test_a_title_that_we_gave_stands_in_brackets(whole):
    """Of all pieces the headline of the founding one alone was recorded as published."""
    supplied = [is_supplied(article["headline"]) for article in read("articles")]
    assert supplied == [False] + [True] * (len(supplied) - 1)
    assert not any("[" in article["slug"] for article in read("articles"))


@pytest.mark.django_db
def test_a_title_is_put_in_brackets_in_an_archive_that_was_loaded(starter):
    starter.load()
    before = Article.objects.get()
    starter["articles"][0]["headline"] = "[Boréal ferme]"
    starter.load()
    article = Article.objects.get()
    assert (article.headline, article.slug) == ("[Boréal ferme]", before.slug)
    assert article.mentions.get().status == "confirmed"
    [mention] = Mention.objects.filter(article=article)
    list(catch_up())
    mention.refresh_from_db()
    assert [article.headline[slice(*span)] for span in mention.places] == ["Boréal"]


def test_the_founding_headline_is_quoted_against_the_announcement(whole):
    announcement = Announcement.objects.get(public_id="k7m3xq9rta")
    [passage] = announcement.evidence.exclude(exact="")
    assert passage.exact == "Amazon quitte à son tour la Russie"
    assert (passage.stance, passage.speaker) == ("contradicts", "publisher")
    assert passage.in_headline and passage.version.headline.endswith(passage.exact)
    told = announcement.newest_edition.snapshot["evidence"]
    assert [item["exact"] for item in told if item["exact"]] == [passage.exact]
    assert announcement.evidence.filter(stance="contradicts").count() == 4


@pytest.mark.django_db
def test_a_passage_added_to_the_starter_later_becomes_an_edition(starter):
    starter.load()
    starter["announcements"][0]["evidence"].append(
        {
            "key": "headline",
            "article": "boreal-ferme",
            "exact": "Boréal ferme",
            "stance": "supports",
            "speaker": "publisher",
        }
    )
    assert starter.load() == {"created": 1}
    assert Announcement.objects.get().editions.count() == 2
    assert starter.load() == {}


@pytest.mark.django_db
def test_what_the_starter_says_anew_reaches_an_archive_that_was_loaded(starter):
    """A field that it didn't have when it was last loaded."""
    starter.load()
    last = LoadedRecord.objects.get(key="announcement:abcdefghjk")
    del last.values["announced_sourced"]
    last.save()
    starter["announcements"][0]["announced_sourced"] = False

    starter.load()

    announcement = Announcement.objects.get()
    assert announcement.announced_sourced is False
    assert announcement.newest_edition.snapshot["announced_sourced"] is False


def test_the_days_that_no_source_gives_are_marked(whole):
    unsourced = Announcement.objects.filter(announced_sourced=False).order_by("announced_on")
    assert list(unsourced.values_list("company__slug", "announced_on__day")) == [
        ("nike", 1),
        ("netflix", 2),
    ]
    last = Announcement.objects.get(public_id="a5nt2kw9qc")
    assert (last.announced_on.isoformat(), last.announced_precision) == ("2022-06-01", "month")
    assert last.measures.get().effective_on is None


def test_what_no_company_said_is_told_as_reported(whole):
    told = {
        each.public_id: wording.is_reported(each)
        for each in Announcement.objects.public().for_listing()
    }
    assert {public_id for public_id, reported in told.items() if reported} == {
        *("w3pq7tk9ym", "2ygf6mv4hs", "n8xd5cj7wr", "x4wq9hf2ka"),
        *("c8rp6zq4he", "y2fx7ebn5q", "7pcm5qz8jx", "a5nt2kw9qc"),
    }
