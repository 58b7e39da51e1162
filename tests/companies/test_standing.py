"""The rule of companies/standing.py as tables: what was announced, and what it comes to."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from companies.models import Activity, Announcement, Company
from companies.standing import NOTHING, changed, on_days, standing, standings

WHOLE = None


@pytest.fixture
def amazon(make_company):
    return make_company(slug="amazon", name="Amazon")


@pytest.fixture
def aws(make_company, amazon):
    return make_company(slug="aws", name="AWS", parent=amazon)


def told(found):
    """A standing as the tables below write it."""
    return found.term, [state.name_en for state in found.touched], str(found.since or "")


CASES = {
    "nothing announced": ([], "2022-03-09", (NOTHING, [], "")),
    "the day before": (
        [("2022-03-08", WHOLE, "suspend", "in_effect")],
        "2022-03-07",
        (NOTHING, [], ""),
    ),
    "the announcement's own day counts": (
        [("2022-03-08", WHOLE, "suspend", "in_effect")],
        "2022-03-08",
        ("suspended", [], "2022-03-08"),
    ),
    "in effect before it was announced: known from the announcement on": (
        [("2022-03-08", WHOLE, "suspend", "in_effect", date(2022, 3, 5))],
        "2022-03-07",
        (NOTHING, [], ""),
    ),
    "announced, not yet in effect": (
        [("2022-03-08", WHOLE, "suspend", "announced", date(2022, 4, 1))],
        "2022-03-09",
        ("suspending", [], "2022-03-08"),
    ),
    "some activities": (
        [
            ("2022-03-08", "Ads", "suspend", "in_effect"),
            ("2022-03-08", "Shop", "suspend", "announced"),
        ],
        "2022-03-08",
        ("partly suspended", ["Shop", "Ads"], "2022-03-08"),
    ),
    "of several activities the weightiest gives the word": (
        [
            ("2022-03-08", "Ads", "continue", "announced"),
            ("2022-03-09", "Shop", "exit", "announced"),
        ],
        "2022-03-09",
        ("partly leaving", ["Shop", "Ads"], "2022-03-09"),
    ),
    "one activity resumes, the other stays suspended": (
        [
            ("2022-03-08", "Ads", "suspend", "in_effect"),
            ("2022-03-08", "Shop", "suspend", "in_effect"),
            ("2022-06-01", "Ads", "resume", "in_effect"),
        ],
        "2022-06-01",
        ("partly suspended", ["Shop", "Ads"], "2022-03-08"),
    ),
    "every suspended activity resumes": (
        [
            ("2022-03-08", "Ads", "suspend", "in_effect"),
            ("2022-06-01", "Ads", "resume", "in_effect"),
        ],
        "2022-06-01",
        ("partly resumed", ["Ads"], "2022-06-01"),
    ),
    "one follows the other: partly suspended without a break": (
        [
            ("2022-03-08", "Ads", "suspend", "in_effect"),
            ("2022-04-01", "Shop", "suspend", "in_effect"),
            ("2022-06-01", "Ads", "resume", "in_effect"),
        ],
        "2022-07-01",
        ("partly suspended", ["Shop", "Ads"], "2022-03-08"),
    ),
    "after a break it counts anew": (
        [
            ("2022-03-08", WHOLE, "suspend", "in_effect"),
            ("2022-05-01", WHOLE, "resume", "in_effect"),
            ("2022-06-01", WHOLE, "suspend", "in_effect"),
        ],
        "2022-07-01",
        ("suspended", [], "2022-06-01"),
    ),
    "said again: since the first time": (
        [
            ("2022-03-08", WHOLE, "suspend", "in_effect"),
            ("2022-05-01", WHOLE, "suspend", "completed"),
        ],
        "2022-07-01",
        ("suspended", [], "2022-03-08"),
    ),
    "a part of the business, then the whole": (
        [
            ("2022-03-08", "Ads", "suspend", "in_effect"),
            ("2022-05-16", WHOLE, "exit", "announced"),
        ],
        "2022-05-16",
        ("leaving", [], "2022-05-16"),
    ),
    "the whole, then a part": (
        [
            ("2022-03-08", WHOLE, "suspend", "in_effect"),
            ("2022-05-16", "Ads", "resume", "in_effect"),
        ],
        "2022-05-16",
        ("suspended", ["Ads"], "2022-03-08"),
    ),
    "the whole, then a part of which the same is said": (
        [
            ("2022-03-08", WHOLE, "suspend", "in_effect"),
            ("2022-05-16", "Ads", "suspend", "completed"),
        ],
        "2022-05-16",
        ("suspended", [], "2022-03-08"),
    ),
    "a part differs, then no longer": (
        [
            ("2022-03-08", WHOLE, "suspend", "in_effect"),
            ("2022-05-16", "Ads", "resume", "in_effect"),
            ("2022-06-01", "Ads", "suspend", "in_effect"),
        ],
        "2022-06-01",
        ("suspended", [], "2022-03-08"),
    ),
    "exit, then completed": (
        [
            ("2022-05-16", WHOLE, "exit", "announced"),
            ("2022-06-12", WHOLE, "exit", "completed"),
        ],
        "2022-06-12",
        ("exited", [], "2022-06-12"),
    ),
    "two on one day: the whole first, then the part, whatever was recorded first": (
        [
            ("2022-03-08", "Ads", "continue", "announced"),
            ("2022-03-08", WHOLE, "suspend", "in_effect"),
        ],
        "2022-03-08",
        ("suspended", ["Ads"], "2022-03-08"),
    ),
    "two on one day about the same: the order of recording": (
        [
            ("2022-03-08", WHOLE, "suspend", "in_effect"),
            ("2022-03-08", WHOLE, "exit", "announced"),
        ],
        "2022-03-08",
        ("leaving", [], "2022-03-08"),
    ),
    "recorded late, announced early": (
        [
            ("2022-05-16", WHOLE, "exit", "announced"),
            ("2022-03-08", WHOLE, "suspend", "in_effect"),
        ],
        "2022-06-01",
        ("leaving", [], "2022-05-16"),
    ),
}


@pytest.mark.parametrize(("announced", "day", "expected"), CASES.values(), ids=CASES.keys())
def test_standing(make_announcement, amazon, announced, day, expected):
    for on, activity, action, stage, *effective in announced:
        make_announcement(amazon, on, [(activity, "RU", action, stage, *effective)])

    assert told(standing(amazon, "RU", date.fromisoformat(day))) == expected


@pytest.mark.parametrize(
    ("precision", "last_day_before", "first_day"),
    [
        ("day", "2022-07-31", "2022-08-01"),
        ("month", "2022-08-30", "2022-08-31"),
        ("year", "2022-12-30", "2022-12-31"),
    ],
)
def test_imprecise_date_counts_from_its_last_day(
    make_announcement, amazon, precision, last_day_before, first_day
):
    make_announcement(amazon, "2022-08-01", announced_precision=precision)

    assert standing(amazon, "RU", date.fromisoformat(last_day_before)).action is None
    assert told(standing(amazon, "RU", date.fromisoformat(first_day))) == (
        "suspended",
        [],
        first_day,
    )


BEGINNINGS = {
    "only others tell it": (
        [("2022-03-09", "day", WHOLE, "suspend", "publisher")],
        ("2022-03-09", "day", True),
    ),
    "the company does, others tell of a part on the same day": (
        [
            ("2022-03-09", "day", WHOLE, "suspend", "company"),
            ("2022-03-09", "day", "Ads", "exit", "publisher"),
        ],
        ("2022-03-09", "day", False),
    ),
    "the part is known by its month alone": (
        [
            ("2022-03-31", "day", WHOLE, "suspend", "company"),
            ("2022-03-01", "month", "Ads", "exit", "company"),
        ],
        ("2022-03-31", "day", False),
    ),
    "both say the same on one day": (
        [
            ("2022-03-09", "day", WHOLE, "suspend", "publisher"),
            ("2022-03-09", "day", WHOLE, "suspend", "company"),
        ],
        ("2022-03-09", "day", False),
    ),
    "the company confirms it later": (
        [
            ("2022-03-08", "day", WHOLE, "suspend", "publisher"),
            ("2022-03-09", "day", WHOLE, "suspend", "company"),
        ],
        ("2022-03-08", "day", True),
    ),
    "a part resumes, which leaves what another had": (
        [
            ("2022-03-07", "day", "Shop", "suspend", "company"),
            ("2022-03-08", "day", "Ads", "exit", "company"),
            ("2022-03-09", "day", "Ads", "resume", "publisher"),
        ],
        ("2022-03-09", "day", True),
    ),
}


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(("announced", "began"), BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_how_it_began(make_announcement, amazon, announced, began, known):
    for day, precision, activity, action, speaker in announced:
        measures = [(activity, "RU", action, "in_effect")]
        about = {"announced_precision": precision, "speaker": speaker}
        make_announcement(amazon, day, measures, **about)

    found = standing(amazon, "RU", known_at=timezone.now() if known else None)

    assert (str(found.since), found.since_precision, found.since_reported) == began


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(
    ("status", "stance", "reported"),
    [
        ("usable", "supports", False),
        ("usable", "contradicts", True),
        ("withheld", "supports", True),
    ],
)
def test_the_companys_word_counts_where_it_supports_and_is_read(
    make_announcement, make_article, amazon, status, stance, reported, known
):
    announcement = make_announcement(amazon, speaker="publisher", publish=False)
    article = make_article()
    about = {"stance": stance, "paraphrase_fr": "Sa parole.", "paraphrase_en": "Its word."}
    announcement.evidence.create(article=article, speaker="company", **about)
    announcement.publish()
    if status == "withheld":
        article.withhold()

    found = standing(amazon, "RU", known_at=timezone.now() if known else None)

    assert found.since_reported is found.decisive.since_reported is reported


def test_known_at_tells_as_reported_what_was_so_then(make_announcement, make_article, amazon):
    announcement = make_announcement(amazon, speaker="publisher")
    then = timezone.now()
    about = {"paraphrase_fr": "Sa parole.", "paraphrase_en": "Its word."}
    announcement.evidence.create(article=make_article(), **about)
    announcement.amend(note_fr="Sa parole.", note_en="Its word.")

    assert standing(amazon, "RU", known_at=then).since_reported
    assert not standing(amazon, "RU", known_at=timezone.now()).since_reported


def test_one_market_only(make_announcement, amazon):
    make_announcement(
        amazon,
        "2022-03-08",
        [
            ("Shipments", "RU", "suspend", "in_effect"),
            ("Shipments", "BY", "suspend", "in_effect"),
            ("Prime Video", "RU", "suspend", "in_effect"),
        ],
    )
    day = date(2022, 3, 8)

    assert [(s.market, told(s)) for s in standings(Company.objects.all(), day=day)] == [
        ("BY", ("partly suspended", ["Shipments"], "2022-03-08")),
        ("RU", ("partly suspended", ["Prime Video", "Shipments"], "2022-03-08")),
    ]
    assert told(standing(amazon, "KZ", day)) == (NOTHING, [], "")


def test_drafts_retracted_and_unproven_announcements_say_nothing(
    make_announcement, make_article, amazon
):
    draft = make_announcement(amazon, "2022-03-08", publish=False)
    retracted = make_announcement(amazon, "2022-03-08")
    article = make_article()
    unproven = make_announcement(amazon, "2022-03-08", article=article)
    shown = lambda: standing(amazon, "RU", date(2022, 3, 9)).announcement  # noqa: E731

    assert shown() == unproven.public_id
    article.kill(note_fr="Retiré.", note_en="Withdrawn.")
    assert shown() == retracted.public_id
    retracted.retract(reason_fr="Erreur.", reason_en="Error.")
    assert shown() is None
    draft.publish()
    assert shown() == draft.public_id


def test_a_brand_is_seen_from_itself_and_from_its_parent(make_announcement, amazon, aws):
    """However it was recorded, it is one part of the parent's business."""
    brand = Activity.objects.create(company=amazon, name_fr="Nuage", name_en="Cloud", brand=aws)
    make_announcement(amazon, "2022-03-08", [(brand, "RU", "suspend", "announced")])
    make_announcement(aws, "2022-03-09", [(WHOLE, "RU", "suspend", "in_effect")])
    new_customers = Activity.objects.create(company=aws, name_fr="Nouveaux", name_en="New")
    make_announcement(amazon, "2022-03-10", [(new_customers, "RU", "exit", "announced")])

    def both(day):
        day = date(2022, 3, day)
        return told(standing(amazon, "RU", day)), told(standing(aws, "RU", day))

    assert both(8) == (
        ("partly suspended", ["AWS"], "2022-03-08"),
        ("suspending", [], "2022-03-08"),
    )
    assert both(9) == (
        ("partly suspended", ["AWS"], "2022-03-08"),
        ("suspended", [], "2022-03-09"),
    )
    assert both(10) == (
        ("partly leaving", ["New", "AWS"], "2022-03-10"),
        ("suspended", ["New"], "2022-03-09"),
    )


@pytest.mark.parametrize("announcer", ["amazon", "aws"])
def test_an_activity_of_a_brand(make_announcement, amazon, aws, announcer):
    """New AWS customers stand under AWS, whoever announces."""
    activity = Activity.objects.create(company=aws, name_fr="Nouveaux", name_en="New customers")
    company = Company.objects.get(slug=announcer)
    make_announcement(company, "2022-03-08", [(activity, "RU", "suspend", "in_effect")])
    expected = ("partly suspended", ["New customers"], "2022-03-08")

    found = standings(Company.objects.all(), day=date(2022, 3, 8))

    assert [(s.company, told(s)) for s in found] == [(aws, expected), (amazon, expected)]


def test_a_brands_measure_decides_for_its_activities_alone(make_announcement, amazon, aws):
    activity = Activity.objects.create(company=aws, name_fr="Nouveaux", name_en="New customers")
    make_announcement(
        amazon,
        "2022-03-08",
        [(activity, "RU", "suspend", "in_effect"), ("Shop", "RU", "suspend", "in_effect")],
    )
    make_announcement(aws, "2022-04-01", [(WHOLE, "RU", "resume", "in_effect")])
    day = date(2022, 4, 1)

    assert told(standing(amazon, "RU", day)) == ("partly suspended", ["Shop", "AWS"], "2022-03-08")
    assert told(standing(aws, "RU", day)) == ("resumed", [], "2022-04-01")


def test_the_parents_whole_business_has_its_brands_in_it(make_announcement, amazon, aws):
    make_announcement(aws, "2022-03-01", [(WHOLE, "RU", "continue", "announced")])
    make_announcement(amazon, "2022-05-01", [(WHOLE, "RU", "exit", "announced")])
    make_announcement(aws, "2022-05-01", [(WHOLE, "RU", "suspend", "announced")])

    assert told(standing(aws, "RU", date(2022, 4, 1))) == ("continuing", [], "2022-03-01")
    assert told(standing(aws, "RU", date(2022, 5, 1))) == ("suspending", [], "2022-05-01")
    assert told(standing(amazon, "RU", date(2022, 5, 1))) == ("leaving", ["AWS"], "2022-05-01")


def test_a_sister_brand_is_not_concerned(make_announcement, make_company, amazon, aws):
    sister = make_company(name="Twitch", parent=amazon)
    make_announcement(aws, "2022-03-08")

    assert standing(aws, "RU", date(2022, 3, 8)).action == "suspend"
    assert standing(sister, "RU", date(2022, 3, 8)).action is None


def test_known_at_answers_from_the_editions_of_that_time(make_announcement, amazon):
    announcement = make_announcement(amazon, "2022-03-08", [("Ads", "RU", "suspend", "announced")])
    before = announcement.editions.get().made_at - timedelta(seconds=1)
    at_first = timezone.now()
    announcement.measures.update(action="exit")
    announcement.amend(note_fr="Précision.", note_en="Made precise.")
    amended = timezone.now()

    def known(moment):
        return told(standing(amazon, "RU", date(2022, 3, 9), known_at=moment))

    assert known(before) == (NOTHING, [], "")
    assert known(at_first) == ("partly suspended", ["Ads"], "2022-03-08")
    assert known(amended) == ("partly leaving", ["Ads"], "2022-03-08")
    announcement.retract(reason_fr="Erreur.", reason_en="Error.")
    assert known(amended) == (NOTHING, [], "")  # what was retracted is on no door


def test_known_at_shows_nothing_that_rests_on_a_killed_article(
    make_announcement, make_article, amazon
):
    article = make_article()
    make_announcement(amazon, "2022-03-08", article=article)
    moment = timezone.now()

    assert standing(amazon, "RU", known_at=moment).action == "suspend"
    article.kill(note_fr="Retiré.", note_en="Withdrawn.")
    assert standing(amazon, "RU", known_at=moment).action is None


def test_both_clocks_agree_while_nothing_is_amended(make_announcement, amazon, aws):
    first = make_announcement(amazon, "2022-03-08", [(WHOLE, "RU", "suspend", "in_effect")])
    make_announcement(amazon, "2022-03-08", [(WHOLE, "RU", "exit", "announced")])
    make_announcement(aws, "2022-03-08", [("New", "RU", "suspend", "in_effect")])
    Announcement.objects.filter(pk=first.pk).update(buyer="Somebody")  # so that it is amended
    Announcement.objects.get(pk=first.pk).amend(note_fr="Suite.", note_en="More.")

    now = list(standings(Company.objects.all()))

    assert [told(s)[0] for s in now] == ["leaving", "leaving"]
    moment = timezone.now()
    known = [replace(standing, known_at=moment) for standing in now]
    assert list(standings(Company.objects.all(), known_at=moment)) == known


@pytest.mark.parametrize(
    ("measures", "nearest"),
    [
        ([(WHOLE, "exit", "completed")], ("A", "transfer")),
        ([(WHOLE, "exit", "in_effect")], ("A", "withdrawal")),
        ([(WHOLE, "exit", "announced")], ("A", "withdrawal")),
        ([(WHOLE, "suspend", "announced")], ("B", "suspension")),
        ([(WHOLE, "suspend", "in_effect"), ("Ads", "resume", "in_effect")], ("B", "suspension")),
        ([(WHOLE, "scale_back", "in_effect")], ("C", "scalingback")),
        ([("Ads", "exit", "completed")], ("C", "scalingback")),
        ([("Ads", "suspend", "in_effect")], ("C", "scalingback")),
        ([("Ads", "pause_investment", "in_effect")], ("C", "scalingback")),
        ([(WHOLE, "pause_investment", "announced")], ("D", "holdoff")),
        ([(WHOLE, "continue", "announced")], ("F", "continue")),
        ([(WHOLE, "resume", "in_effect")], ("F", "continue")),
        ([("Ads", "resume", "in_effect")], ("F", "continue")),
        ([], None),
    ],
)
def test_nearest_words_of_others(make_announcement, amazon, measures, nearest):
    for activity, action, stage in measures:
        make_announcement(amazon, "2022-03-08", [(activity, "RU", action, stage)])

    assert standing(amazon, "RU").nearest == nearest


@pytest.mark.parametrize(
    ("measures", "words"),
    [
        ([], "nothing announced"),
        ([(WHOLE, "exit", "completed")], "exited"),
        ([("Ads", "suspend", "in_effect")], "partly suspended: 1 activity"),
        (
            [("Ads", "suspend", "in_effect"), ("Shop", "suspend", "in_effect")],
            "partly suspended: 2 activities",
        ),
        (
            [(WHOLE, "suspend", "in_effect"), ("Ads", "resume", "in_effect")],
            "suspended, but for 1 activity",
        ),
        (
            [("Stores", "suspend", "announced"), ("Online", "scale_back", "in_effect")],
            "partly suspended: 1 activity; partly scaled back: 1 activity",
        ),
        (
            [
                ("Ads", "resume", "announced"),
                ("A", "exit", "completed"),
                ("B", "exit", "announced"),
            ],
            "partly leaving: 2 activities; partly resumed: 1 activity",
        ),
        (
            [
                (WHOLE, "pause_investment", "in_effect"),
                ("Concentrate", "suspend", "in_effect"),
                ("Brands", "exit", "completed"),
                ("Local", "continue", "announced"),
            ],
            "investment paused; 3 activities differ",
        ),
        (
            [
                (WHOLE, "exit", "announced"),
                ("Ads", "continue", "announced"),
                ("Shop", "resume", "in_effect"),
            ],
            "leaving, but for 2 activities",
        ),
        # Announced alone, it hasn't resumed, or stopped, yet.
        (
            [(WHOLE, "suspend", "in_effect"), ("Ads", "resume", "announced")],
            "suspended; 1 activity differs",
        ),
        (
            [(WHOLE, "continue", "announced"), ("Ads", "suspend", "in_effect")],
            "continuing, but for 1 activity",
        ),
        (
            [(WHOLE, "continue", "announced"), ("Ads", "suspend", "announced")],
            "continuing; 1 activity differs",
        ),
        (
            [(WHOLE, "continue", "announced"), ("Ads", "scale_back", "completed")],
            "continuing; 1 activity differs",
        ),
        (
            [(WHOLE, "suspend", "in_effect"), ("Ads", "exit", "completed")],
            "suspended; 1 activity differs",
        ),
    ],
)
def test_words_in_english(make_announcement, amazon, measures, words):
    for activity, action, stage in measures:
        make_announcement(amazon, "2022-03-08", [(activity, "RU", action, stage)])

    with translation.override("en"):
        assert standing(amazon, "RU").words == words


MARCH = [(WHOLE, "pause_investment", "in_effect"), ("Ads", "suspend", "in_effect")]


@pytest.mark.parametrize(
    ("later", "change"),
    [
        ([("Ads", "suspend", "completed")], None),  # the same words
        ([(WHOLE, "exit", "announced")], ("leaving", False, [])),
        ([("Ads", "exit", "completed")], ("investment paused", True, ["Ads"])),
        ([("Shop", "continue", "announced")], ("investment paused", True, ["Shop"])),
        ([("Ads", "pause_investment", "announced")], ("investment paused", True, [])),
    ],
)
def test_a_change_is_one_of_the_word_or_of_parts(make_announcement, amazon, later, change):
    for day, measures in (("2022-03-08", MARCH), ("2022-05-01", later)):
        make_announcement(amazon, day, [(what, "RU", *said) for what, *said in measures])
    then, now = on_days(Company.objects.all(), [date(2022, 3, 8), date(2022, 5, 1)])

    found = [
        (each.now.term, each.is_of_parts, [part.name_en for part in each.parts])
        for each in changed(then, now)
    ]

    assert found == ([change] if change else [])


def test_a_market_entered_since_has_changed(make_announcement, amazon):
    make_announcement(amazon, "2022-05-01", [("Ads", "RU", "suspend", "announced")])
    then, now = on_days(Company.objects.all(), [date(2022, 3, 8), date(2022, 5, 1)])

    [change] = changed(then, now)

    assert (change.then, change.now, change.is_of_parts, change.parts) == (None, now[0], False, [])


def test_what_is_touched_is_named_in_the_readers_language(make_announcement, amazon):
    activity = Activity.objects.create(company=amazon, name_fr="Publicité", name_en="Advertising")
    make_announcement(amazon, "2022-03-08", [(activity, "RU", "suspend", "in_effect")])
    [touched] = standing(amazon, "RU").touched

    assert (touched.name_fr, touched.name_en) == ("Publicité", "Advertising")
    with translation.override("en"):
        assert (touched.name, touched.word) == ("Advertising", "suspended")
    with translation.override("fr"):
        assert touched.name == "Publicité"


def test_standing_is_the_first_of_standings(make_announcement, make_company, amazon, aws):
    make_announcement(aws, "2022-03-08")
    make_announcement(make_company(name="Zeta"), "2022-03-09")
    day = date(2022, 3, 9)

    for company in Company.objects.all():
        [found] = standings(Company.objects.filter(pk=company.pk), day=day)
        assert found == standing(company, "RU", day)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("known", "queries"), [(False, 2), (True, 3)])
def test_standings_take_a_fixed_number_of_queries(
    make_announcement, make_company, django_assert_num_queries, rows, known, queries
):
    for _ in range(rows):
        parent = make_company()
        brand = make_company(parent=parent)
        make_announcement(parent, "2022-03-08", [("Ads", "RU", "suspend", "announced")])
        make_announcement(brand, "2022-03-08")
    known_at = timezone.now() if known else None

    with django_assert_num_queries(queries):
        found = list(standings(Company.objects.all(), known_at=known_at))
        for one in found:
            str((one.words, one.touched, one.nearest))

    assert len(found) == 2 * rows
