"""When something was announced, and from when on it holds: in words of their own, as exactly
as it is known, wherever a standing or a measure is shown."""

import re
from datetime import date, datetime

import pytest
from django.utils.translation import override

from companies.wording import announced, in_effect
from tests.moments import known_now

pytestmark = pytest.mark.django_db

PRECISIONS = [("month", "March 2022", "2022-03"), ("year", "2022", "2022")]
LAST_DAYS = ("31 March 2022", "31 December 2022", "2022-03-31", "2022-12-31")


@pytest.fixture
def nordholz(make_company):
    return make_company(slug="nordholz", name="Nordholz", sector="G")


@pytest.fixture
def vague(make_announcement, nordholz):
    """Announced some day of a month or a year, of the whole business or of a part of it."""

    def make(precision, activity=None):
        day = "2022-03-01" if precision == "month" else "2022-01-01"
        measures = [(activity, "RU", "suspend", "in_effect")]
        return make_announcement(nordholz, day, measures, announced_precision=precision)

    return make


@pytest.mark.parametrize(("precision", "words", "iso"), PRECISIONS)
@pytest.mark.parametrize(
    "page",
    [
        "companies/nordholz/",
        "companies/nordholz/?{now}",
        "companies/nordholz/embed/",
        "companies/nordholz/embed/?{now}",
        "companies/compare/?company=nordholz",
        "markets/RU/",
        "markets/RU/?{now}",
    ],
)
def test_a_standing_is_dated_as_exactly_as_it_is_known(client, vague, page, precision, words, iso):
    vague(precision)

    asked = f"/en/{page}".format(now=known_now())
    text = re.sub("<figure.*?</figure>", "", client.get(asked).text, flags=re.S)

    assert f'<time datetime="{iso}">announced in {words}</time>' in text
    assert [day for day in LAST_DAYS if day in text] == []


@pytest.mark.parametrize(("precision", "words", "iso"), PRECISIONS)
def test_a_part_is_dated_as_exactly_too(
    client, vague, make_announcement, nordholz, precision, words, iso
):
    vague(precision, "Shops")
    make_announcement(nordholz, "2021-06-01", [(None, "RU", "continue", "in_effect")])

    text = client.get("/en/companies/nordholz/").text

    assert '<time datetime="2021-06-01">announced on 1 June 2021</time>' in text
    assert 'suspended, <a href="/en/announcements/' in text
    assert text.count(f'<time datetime="{iso}">announced in {words}</time>') == 1
    assert [day for day in LAST_DAYS if day in text] == []


def test_a_part_that_the_deciding_announcement_names_is_not_dated_again(client, vague):
    vague("day", "Shops")

    text = client.get("/en/companies/nordholz/").text

    assert text.count(">announced on 1 January 2022</time>") == 1


@pytest.mark.parametrize(("precision", "words", "iso"), PRECISIONS)
@pytest.mark.parametrize("query", ["", "?{now}"])
def test_a_timeline_reads_so_too(client, vague, query, precision, words, iso):
    vague(precision)
    query = query.format(now=known_now())

    picture = client.get(f"/en/companies/nordholz/timeline.svg{query}").text
    page = client.get(f"/en/companies/nordholz/{query}").text

    assert f"Russia: Suspension · In effect, announced in {words}</title>" in picture
    assert f"1 announcement: {words}.</desc>" in picture
    assert f">{words}</a></th><td>Russia</td>" in page


@pytest.mark.parametrize(("precision", "words", "iso"), [*PRECISIONS, ("day", "", "2022-01-01")])
@pytest.mark.parametrize("query", ["", "&{now}"])
def test_the_api_gives_the_precision(client, vague, query, precision, words, iso):
    vague(precision, "Shops")

    now = known_now()
    address = f"/api/v1/standings/?company=nordholz{query.format(now=now)}"
    [standing] = client.get(address).json()["results"]

    for told in (standing, *standing["activities"]):
        assert (told["since"], told["since_precision"]) == (iso, precision)
    known = standing["known_at"]
    assert bool(known) == bool(query)
    if query:
        assert datetime.fromisoformat(known) == datetime.fromisoformat(now.partition("=")[2])


def test_what_is_said_again_keeps_the_precision_of_the_first_time(client, vague, make_announcement):
    first = vague("month")
    make_announcement(first.company, "2022-06-01")

    [standing] = client.get("/api/v1/standings/?company=nordholz").json()["results"]

    assert (standing["since"], standing["since_precision"]) == ("2022-03", "month")


@pytest.mark.parametrize(
    ("stage", "precision", "said"),
    [
        ("announced", None, "Announced"),
        ("announced", "day", "Announced, in effect from 1 April 2022"),
        ("in_effect", None, "In effect"),
        ("in_effect", "day", "In effect from 1 April 2022"),
        ("in_effect", "month", "In effect from April 2022"),
        ("completed", "year", "Completed, in effect from 2022"),
    ],
)
def test_a_measure_says_from_when_on_it_holds(client, make_announcement, stage, precision, said):
    effective = [date(2022, 4, 1)] if precision else []
    announcement = make_announcement(
        measures=[(None, "RU", "suspend", stage, *effective)], publish=False
    )
    measure = announcement.measures.get()
    measure.effective_precision = precision or "day"
    measure.save()
    announcement.publish()

    page = client.get(f"/en/announcements/{announcement.public_id}/").text

    told = re.search(r'Suspension</span>\s*<span class="meta">(.*?)</span>', page, re.S)[1]
    assert " ".join(re.sub("<[^>]*>", "", told).split()) == said


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("announced", "Suspension · Announced on 1 March 2022"),
        ("in_effect", "Suspension · In effect, announced on 1 March 2022"),
        ("completed", "Suspension · Completed, announced on 1 March 2022"),
    ],
)
def test_a_mark_of_a_timeline_says_once_that_it_was_announced(
    client, make_announcement, nordholz, stage, said
):
    make_announcement(nordholz, "2022-03-01", [(None, "RU", "suspend", stage)])

    picture = client.get("/en/companies/nordholz/timeline.svg").text

    assert f"<title>Russia: {said}</title>" in picture


@pytest.mark.parametrize(
    ("page", "dated"),
    [
        ("companies/nordholz/", True),
        ("companies/nordholz/?{now}", True),
        ("companies/nordholz/embed/", True),
        ("companies/nordholz/timeline.svg", True),
        ("companies/nordholz/timeline.svg?{now}", True),
        ("companies/compare/?company=nordholz", True),
        ("markets/RU/", True),
        ("announcements/?view=table", False),
        ("announcements/{id}/?as_of=2022-03-15", True),
    ],
)
@pytest.mark.parametrize("speaker", ["company", "publisher"])
def test_what_only_others_tell_is_nowhere_announced(
    client, make_announcement, nordholz, page, dated, speaker
):
    measures = [(None, "RU", "suspend", "in_effect")]
    about = {"announced_precision": "month", "speaker": speaker}
    told = make_announcement(nordholz, "2022-03-01", measures, **about)

    text = client.get(f"/en/{page}".format(now=known_now(), id=told.public_id)).text

    said = {word.lower() for word in re.findall(r"(?i)(announced|reported) in March 2022", text)}
    assert said == ({"announced" if speaker == "company" else "reported"} if dated else set())
    assert ">Announced on<" not in text


@pytest.mark.parametrize("say", [announced, in_effect])
def test_both_have_words_for_each_precision(say):
    with override("en"):
        said = {say(date(2022, 3, 8), precision) for precision in ("day", "month", "year")}

    assert len(said) == 3
    assert {words.split()[0] for words in said} == {say.__name__.split("_")[0]}


@pytest.mark.parametrize("month", [4, 8, 10])
def test_french_elides_nothing_before_a_month(month):
    with override("fr"):
        said = in_effect(date(2022, month, 1), "month")

    assert re.fullmatch(r"en vigueur dès (avril|août|octobre) 2022", said)
