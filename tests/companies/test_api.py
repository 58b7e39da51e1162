"""Companies, announcements, mentions, assessments and standings as machines read them."""

from datetime import date

import pytest
from django.utils import timezone

from companies.models import (
    Activity,
    Assessment,
    Company,
    Edition,
    Evidence,
    Mention,
)
from tests.counting import STATE
from tests.moments import known_now


def ids(answer):
    return [result["id"] for result in answer.json()["results"]]


@pytest.fixture
def amazon(make_company):
    return make_company(slug="amazon", name="Amazon", country="US", sector="G")


@pytest.fixture
def founding_announcement(make_announcement, make_article, make_company, make_publisher, amazon):
    """Five activities, eight measures, as on 8 March 2022."""
    brand = make_company(slug="prime-video", name="Prime Video", parent=amazon, sector="J")
    prime = Activity.objects.create(
        company=amazon, name_fr="Prime Video", name_en="Prime Video", brand=brand
    )
    announcement = make_announcement(
        amazon,
        public_id="first00001",
        title_fr="Cinq activités",
        title_en="Five activities",
        summary_fr="Amazon suspend.",
        summary_en="Amazon suspends.",
        last_checked_on=date(2022, 4, 1),
        article=make_article(
            slug="the-piece",
            headline="The piece",
            publisher=make_publisher(slug="gazette", name="La Gazette", kind="outlet"),
        ),
        measures=[
            ("Retail shipments", "RU", "suspend", "in_effect"),
            ("Retail shipments", "BY", "suspend", "in_effect"),
            ("New AWS customers", "RU", "suspend", "in_effect", date(2022, 3, 5)),
            ("New AWS customers", "BY", "suspend", "in_effect", date(2022, 3, 5)),
            ("New sellers", "RU", "suspend", "announced"),
            ("New sellers", "BY", "suspend", "announced"),
            (prime, "RU", "suspend", "announced"),
            ("New World", "RU", "suspend", "announced"),
        ],
    )
    announcement.evidence.update(paraphrase_fr="Elle le dit.", paraphrase_en="It says so.")
    announcement.amend(note_fr="Suite.", note_en="More.")
    return announcement


def measure(name, market, stage, effective_on=None):
    return {
        "activity": {"fr": name, "en": name},
        "market": market,
        "action": "suspend",
        "stage": stage,
        "effective_on": effective_on,
    }


def shape_of_the_founding_announcement():
    edition = Edition.objects.get(announcement__public_id="first00001", number=2)
    return {
        "id": "first00001",
        "company": {"slug": "amazon", "name": "Amazon"},
        "announced_on": "2022-03-08",
        "announced_precision": "day",
        "announced_sourced": True,
        "action": "suspend",
        "stage": "announced",
        "title": {"fr": "Cinq activités", "en": "Five activities"},
        "summary": {"fr": "Amazon suspend.", "en": "Amazon suspends."},
        "measures": [
            measure("Retail shipments", "RU", "in_effect"),
            measure("Retail shipments", "BY", "in_effect"),
            measure("New AWS customers", "RU", "in_effect", "2022-03-05"),
            measure("New AWS customers", "BY", "in_effect", "2022-03-05"),
            measure("New sellers", "RU", "announced"),
            measure("New sellers", "BY", "announced"),
            measure("Prime Video", "RU", "announced"),
            measure("New World", "RU", "announced"),
        ],
        "evidence": [
            {
                "article": {
                    "slug": "the-piece",
                    "headline": "The piece",
                    "publisher": {"slug": "gazette", "name": "La Gazette", "kind": "outlet"},
                },
                "version": None,
                "exact": "",
                "prefix": "",
                "suffix": "",
                "start": None,
                "in_headline": False,
                "selectors": [],
                "now": None,
                "paraphrase": {"fr": "Elle le dit.", "en": "It says so."},
                "stance": "supports",
                "speaker": "company",
                "url": "http://testserver/fr/articles/the-piece/",
            }
        ],
        "buyer": "",
        "terms": {"fr": "", "en": ""},
        "last_checked_on": "2022-04-01",
        "replies": [],
        "edition": {
            "number": 2,
            "made_at": timezone.localtime(edition.made_at).isoformat(),
            "note": {"fr": "Suite.", "en": "More."},
            "sha256": edition.sha256,
        },
        "url": "http://testserver/fr/announcements/first00001/",
    }


def all_editions():
    return {
        "editions": [
            {
                "number": edition.number,
                "status": "published",
                "made_at": timezone.localtime(edition.made_at).isoformat(),
                "note": {"fr": edition.note_fr, "en": edition.note_en},
                "sha256": edition.sha256,
            }
            for edition in Edition.objects.order_by("-number")
        ]
    }


def test_the_founding_announcement(client, founding_announcement):
    whole = shape_of_the_founding_announcement()

    listed = client.get("/api/v1/announcements/?company=amazon&market=BY")

    assert listed.json() == {"next": None, "previous": None, "results": [whole]}
    assert client.get("/api/v1/announcements/first00001/").json() == whole | all_editions()


def test_known_at_tells_the_same_from_the_edition(client, founding_announcement):
    whole = shape_of_the_founding_announcement()

    listed = client.get(f"/api/v1/announcements/?market=BY&{known_now()}")

    assert listed.json()["results"] == [whole]
    one = client.get(f"/api/v1/announcements/first00001/?{known_now()}").json()
    assert one == whole | all_editions()
    assert client.get("/api/v1/announcements/first00001/?known_at=2022-03-09").status_code == 404


def test_a_passage_and_who_speaks_against_it(client, make_announcement, make_article):
    article = make_article(body="Before. We stop all deliveries. After.")
    announcement = make_announcement(article=article)
    passage = Evidence(
        announcement=announcement,
        article=article,
        exact="We stop all deliveries.",
        stance="contradicts",
        speaker="publisher",
    )
    passage.full_clean()
    passage.save()

    [_, against] = client.get("/api/v1/announcements/").json()["results"][0]["evidence"]

    assert {key: against[key] for key in ("exact", "prefix", "suffix", "start", "stance")} == {
        "exact": "We stop all deliveries.",
        "prefix": "Before. ",
        "suffix": " After.",
        "start": 8,
        "stance": "contradicts",
    }
    assert against["paraphrase"] == {"fr": "", "en": ""}
    assert against["speaker"] == "publisher"


def test_evidence_on_a_withheld_article_is_not_shown(client, make_announcement, make_article):
    announcement = make_announcement(article=make_article(slug="open"))
    shut = make_article(slug="shut")
    announcement.evidence.create(article=shut, paraphrase_fr="Non.", paraphrase_en="No.")
    announcement.amend(note_fr="Suite.", note_en="More.")
    shut.withhold()

    for query in ("", f"?{known_now()}"):
        [listed] = client.get(f"/api/v1/announcements/{query}").json()["results"]
        assert [item["article"]["slug"] for item in listed["evidence"]] == ["open"]
    announcement.evidence.get(article__slug="open").article.withhold()
    for query in ("", f"?{known_now()}"):
        assert ids(client.get(f"/api/v1/announcements/{query}")) == []


@pytest.mark.parametrize(
    ("precision", "shown"), [("day", "2022-07-01"), ("month", "2022-07"), ("year", "2022")]
)
def test_a_date_is_as_exact_as_it_is_known(client, make_announcement, precision, shown):
    announcement = make_announcement(day="2022-07-01", announced_precision=precision)
    announcement.measures.update(effective_on=date(2022, 7, 1), effective_precision=precision)

    [listed] = client.get("/api/v1/announcements/").json()["results"]

    assert listed["announced_on"] == shown
    assert listed["announced_precision"] == precision
    assert listed["measures"][0]["effective_on"] == shown


def test_a_retracted_announcement_leaves_its_reason(client, make_announcement):
    announcement = make_announcement(public_id="it")
    announcement.retract(reason_fr="Une erreur.", reason_en="A mistake.")

    answer = client.get("/api/v1/announcements/it/", headers={"Accept-Language": "en"})

    assert answer.status_code == 410
    assert answer.json() == {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "detail": "This announcement was retracted.",
        "retraction_reason": {"fr": "Une erreur.", "en": "A mistake."},
    }
    assert ids(client.get("/api/v1/announcements/")) == []
    assert ids(client.get(f"/api/v1/announcements/?{known_now()}")) == []


@pytest.fixture
def others(founding_announcement, make_announcement, make_company, make_article, amazon):
    """Beside the founding one: a brand's own, another company's of a whole month, a draft."""
    make_announcement(
        make_company(slug="aws", name="AWS", parent=amazon, sector="J"),
        "2022-03-10",
        [(None, "RU", "suspend", "completed")],
        public_id="brand00001",
    )
    other = make_announcement(
        make_company(slug="other", name="Other", country="FR", sector="C"),
        "2022-04-01",
        [(None, "RU", "exit", "announced"), ("Plants", "BY", "continue", "in_effect")],
        announced_precision="month",
        title_en="Zebra leaves",
        public_id="other00001",
    )
    other.evidence.create(
        article=make_article(), paraphrase_fr="Non.", paraphrase_en="No.", stance="contradicts"
    )
    make_announcement(amazon, publish=False, public_id="draft00001")


FIRST, BRAND, OTHER = "first00001", "brand00001", "other00001"
QUESTIONS = [
    ("", [OTHER, BRAND, FIRST]),
    ("company=amazon", [BRAND, FIRST]),
    ("company=aws", [BRAND]),
    ("company=prime-video", [FIRST]),  # named as a brand
    ("company=prime-video&market=RU", [FIRST]),
    ("company=prime-video&market=BY", []),  # the measure in BY is on something else
    ("company=unknown", []),
    ("market=BY", [OTHER, FIRST]),
    ("market=FR", []),
    ("action=exit", [OTHER]),
    ("action=exit&market=BY", []),  # each alone is true of another measure
    ("action=suspend&market=RU&stage=completed", [BRAND]),
    ("stage=in_effect", [OTHER, FIRST]),
    ("sector=C", [OTHER]),
    ("country=US", [BRAND, FIRST]),
    ("publisher=gazette", [FIRST]),
    ("contradicted=true", [OTHER]),
    ("contradicted=false", [BRAND, FIRST]),
    ("announced_after=2022-03-09", [OTHER, BRAND]),
    ("announced_before=2022-04-29", [BRAND, FIRST]),  # April counts from its last day
    ("announced_after=2022-03-08&announced_before=2022-03-08", [FIRST]),
    ("as_of=2022-03-08", [FIRST]),
    ("as_of=2022-03-07", []),
    ("as_of=2022-04-30", [OTHER, BRAND, FIRST]),
    ("q=zebra", [OTHER]),
    ("q=amazon", [FIRST]),
    ("ordering=announced_on", [FIRST, BRAND, OTHER]),
    ("ordering=-company", [OTHER, FIRST, BRAND]),
    ("known_at=2022-03-09", []),  # the archive recorded nothing yet
]


@pytest.mark.parametrize(("query", "found"), QUESTIONS)
def test_questions(client, others, query, found):
    assert ids(client.get(f"/api/v1/announcements/?{query}")) == found


@pytest.mark.parametrize(("query", "found"), QUESTIONS[:-1])
def test_the_same_questions_to_the_editions_of_today(client, others, query, found):
    assert ids(client.get(f"/api/v1/announcements/?{query}&{known_now()}")) == found


FIRST_TOLD = ("As first told", "2022-03-08", "suspend", 1)
NOW = ("As told now", "2022-03-15", "exit", 2)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", NOW),
        ("known_at=2022-03-20T12:00:00%2B01:00", NOW),
        ("known_at=2022-03-20T12:00:00+01:00", NOW),
        ("known_at=2022-03-20T11:59:59", FIRST_TOLD),
        ("known_at=2022-03-20", NOW),  # its end
        ("known_at=2022-03-19", FIRST_TOLD),
        (
            "known_at=2022-03-19&action=suspend&market=RU",
            FIRST_TOLD,
        ),
        ("known_at=2022-03-19&as_of=2022-03-08", FIRST_TOLD),
        ("known_at=2022-03-19&announced_after=2022-03-09", None),
        ("known_at=2022-03-19&action=exit", None),
        ("known_at=2022-03-21&as_of=2022-03-08", None),
        ("action=suspend", None),
        ("as_of=2022-03-08", None),
        ("known_at=2022-03-09", None),
    ],
)
def test_two_clocks(client, corrected_announcement, query, told):
    results = client.get(f"/api/v1/announcements/?{query}").json()["results"]

    assert [
        (row["title"]["en"], row["announced_on"], row["action"], row["edition"]["number"])
        for row in results
    ] == [row for row in [told] if row]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("market=RU&as_of=2022-03-30&known_at=2022-03-19", ("suspend", "2022-03-08")),
        ("market=RU&as_of=2022-03-30&known_at=2022-03-20", (None, None)),
        ("market=RU&as_of=2022-03-30", (None, None)),
        ("market=BY&as_of=2022-03-30", ("exit", "2022-03-15")),
        ("market=BY&as_of=2022-03-14", (None, None)),
    ],
)
def test_standings_by_two_clocks(client, corrected_announcement, query, told):
    [standing] = client.get(f"/api/v1/standings/?company=it&{query}").json()["results"]

    assert (standing["action"], standing["since"]) == told


def test_nothing_was_announced_the_day_before(client, founding_announcement):
    query = "company=amazon&market=RU&as_of=2022-03-07"

    answer = client.get(f"/api/v1/standings/?{query}").json()

    [standing] = answer["results"]
    words = standing.pop("words")
    assert words["en"] == "nothing announced"
    assert answer == {
        "next": None,
        "previous": None,
        "results": [
            {
                "company": {"slug": "amazon", "name": "Amazon"},
                "market": "RU",
                "as_of": "2022-03-07",
                "known_at": None,
                "action": None,
                "stage": None,
                "since": None,
                "since_precision": None,
                "since_sourced": None,
                "since_reported": None,
                "announcement": None,
                "partial": False,
                "activities": [],
                "nearest": None,
            }
        ],
    }


def test_the_standing_of_the_day(client, founding_announcement):
    query = "company=amazon&market=BY&as_of=2022-03-08"

    [standing] = client.get(f"/api/v1/standings/?{query}").json()["results"]

    words = standing.pop("words")
    assert words["en"] == "partly suspended: 3 activities"

    def part(name, stage):
        return {
            "activity": {"fr": name, "en": name},
            "action": "suspend",
            "stage": stage,
            "since": "2022-03-08",
            "since_precision": "day",
            "since_sourced": True,
            "since_reported": False,
            "announcement": "first00001",
        }

    assert standing == {
        "company": {"slug": "amazon", "name": "Amazon"},
        "market": "BY",
        "as_of": "2022-03-08",
        "known_at": None,
        "action": "suspend",
        "stage": "announced",
        "since": "2022-03-08",
        "since_precision": "day",
        "since_sourced": True,
        "since_reported": False,
        "announcement": "first00001",
        "partial": True,
        "activities": [
            part("New AWS customers", "in_effect"),
            part("New sellers", "announced"),
            part("Retail shipments", "in_effect"),
        ],
        "nearest": {"yale": "C", "kse": "scalingback"},
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [("Amazon", "BY"), ("Amazon", "RU"), ("Prime Video", "RU")]),
        ("market=BY", [("Amazon", "BY")]),
        ("company=prime-video", [("Prime Video", "RU")]),
        ("sector=J", [("Prime Video", "RU")]),
        ("country=FR", []),
        ("company=unknown&market=RU", []),
        ("as_of=2022-03-07", []),
        ("page_size=1&page=2", [("Amazon", "RU")]),
    ],
)
def test_standings_of_many(client, founding_announcement, query, found):
    results = client.get(f"/api/v1/standings/?{query}").json()["results"]

    assert [(row["company"]["name"], row["market"]) for row in results] == found


def test_a_company(client, founding_announcement, amazon):
    amazon.names.create(name="Amazon.com", kind="brand")
    amazon.identifiers.create(scheme="wikidata", value="Q3884")
    Company.objects.filter(pk=amazon.pk).update(legal_name="Amazon.com, Inc.")
    Company.objects.create(slug="hidden", name="Hidden", parent=amazon)
    listed = {
        "slug": "amazon",
        "name": "Amazon",
        "legal_name": "Amazon.com, Inc.",
        "country": "US",
        "sector": "G",
        "parent": None,
        "website": "",
        "url": "http://testserver/fr/companies/amazon/",
    }

    assert client.get("/api/v1/companies/?country=US&ordering=name").json()["results"][0] == listed
    assert client.get("/api/v1/companies/amazon/").json() == listed | {
        "names": [{"name": "Amazon.com", "language": "", "kind": "brand"}],
        "identifiers": [
            {
                "scheme": "wikidata",
                "value": "Q3884",
                "sourced": True,
                "url": "https://www.wikidata.org/wiki/Q3884",
            }
        ],
        "brands": [{"slug": "prime-video", "name": "Prime Video"}],
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["amazon", "prime-video"]),
        ("q=prime", ["prime-video"]),
        ("q=hidden", []),
        ("sector=G", ["amazon"]),
        ("country=FR", []),
        ("market=BY", ["amazon"]),
        ("market=RU", ["amazon", "prime-video"]),
        ("market=FR", []),
        ("ordering=-name", ["prime-video", "amazon"]),
    ],
)
def test_questions_about_companies(client, founding_announcement, make_company, query, found):
    make_company(name="Hidden")

    results = client.get(f"/api/v1/companies/?{query}").json()["results"]

    assert [row["slug"] for row in results] == found


def test_a_hidden_parent_is_not_named(client, make_company, make_announcement):
    parent = make_company(slug="parent")
    brand = make_company(slug="brand", parent=parent)
    make_announcement(brand)

    assert client.get("/api/v1/companies/brand/").json()["parent"] is None
    make_announcement(parent)
    assert client.get("/api/v1/companies/brand/").json()["parent"]["slug"] == "parent"


@pytest.mark.parametrize("public", [True, False])
def test_a_merged_company_leads_to_the_one_that_stands(
    client, make_company, make_announcement, public
):
    target = make_company(slug="target")
    middle = make_company(slug="middle", merged_into=target)
    make_company(slug="first", merged_into=middle)
    make_announcement(target, publish=public)

    answer = client.get("/api/v1/companies/first/")

    if public:
        assert answer.status_code == 301
        assert answer.url == "http://testserver/api/v1/companies/target/"
    else:
        assert answer.status_code == 404


def test_mentions(client, make_article, make_company, make_publisher):
    publisher = make_publisher(slug="gazette", name="La Gazette", kind="outlet")
    article = make_article(slug="the-piece", headline="The piece", publisher=publisher)
    for name, status in (("Alpha", "confirmed"), ("Beta", "suggested"), ("Gamma", "rejected")):
        company = make_company(slug=name.lower(), name=name)
        Mention.objects.create(article=article, company=company, status=status, role="peer")
    shown = {
        "company": {"slug": "alpha", "name": "Alpha"},
        "article": {
            "slug": "the-piece",
            "headline": "The piece",
            "publisher": {"slug": "gazette", "name": "La Gazette", "kind": "outlet"},
        },
        "role": "peer",
    }

    for query, found in (
        ("", [shown]),
        ("company=alpha&article=the-piece&publisher=gazette&role=peer&ordering=company", [shown]),
        ("company=beta", []),
        ("role=subject", []),
    ):
        assert client.get(f"/api/v1/mentions/?{query}").json()["results"] == found


@pytest.mark.parametrize(
    ("query", "grades"),
    [
        ("", ["A", "B"]),
        ("as_of=2023-01-01", ["B"]),
        ("as_of=2025-01-01", ["A"]),
        ("as_of=2021-01-01", []),
        ("company=it&assessor=yale&market=RU&ordering=assessed_on", ["B", "A"]),
        ("assessor=kse", []),
        ("market=BY", []),
    ],
)
def test_assessments(client, make_company, make_publisher, make_announcement, query, grades):
    company, assessor = make_company(slug="it"), make_publisher(slug="yale")
    make_announcement(company)
    for grade, on, graded in (
        ("B", "2022-05-01", company),
        ("A", "2024-05-01", company),
        ("F", "2022-05-01", make_company()),  # a grade alone makes no company public
    ):
        Assessment.objects.create(company=graded, assessor=assessor, grade=grade, assessed_on=on)

    results = client.get(f"/api/v1/assessments/?{query}").json()["results"]

    assert [row["grade"] for row in results] == grades


def test_an_assessment_has_one_shape(client, make_company, make_publisher, make_announcement):
    company = make_company(slug="it", name="It")
    make_announcement(company)
    Assessment.objects.create(
        company=company,
        assessor=make_publisher(slug="yale", name="Yale", kind="aggregator"),
        grade="B",
        assessed_on=date(2025, 5, 21),
        source_url="https://yale.example/",
        licence="CC BY",
    )

    assert client.get("/api/v1/assessments/").json()["results"] == [
        {
            "company": {"slug": "it", "name": "It"},
            "assessor": {"slug": "yale", "name": "Yale", "kind": "aggregator"},
            "market": "RU",
            "grade": "B",
            "assessed_on": "2025-05-21",
            "source_url": "https://yale.example/",
            "licence": "CC BY",
        }
    ]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("companies", 3),
        ("announcements", 6),
        ("announcements/?{now}", 8),
        ("mentions", 2),
        ("assessments", 2),
        ("standings", 2),
        ("standings/?{now}", 3),
    ],
)
def test_a_list_takes_a_fixed_number_of_queries(
    client,
    make_announcement,
    make_article,
    make_company,
    make_publisher,
    django_assert_num_queries,
    path,
    queries,
    rows,
):
    for _ in range(rows):
        parent = make_company()
        company = make_company(parent=parent)
        announcement = make_announcement(
            company,
            measures=[(name, "RU", "suspend", "announced") for name in ("one", "two")],
        )
        article = make_article()
        announcement.evidence.create(article=article, paraphrase_fr="Oui.", paraphrase_en="Yes.")
        announcement.amend(note_fr="Suite.", note_en="More.")
        Mention.objects.create(article=article, company=company, status="confirmed")
        Assessment.objects.create(
            company=company, assessor=make_publisher(), grade="B", assessed_on="2022-05-01"
        )
    path = path.format(now=known_now()) if "?" in path else f"{path}/"

    with django_assert_num_queries(queries + STATE):
        assert len(client.get(f"/api/v1/{path}").json()["results"]) >= rows
