"""What is left where an announcement stood: told to those who could read it, and to nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article
from tests.counting import STATE

pytestmark = pytest.mark.django_db

REASON = {"reason_fr": "Zzreason.", "reason_en": "Zzreason."}
NOTICE = {"note_fr": "Zznotice.", "note_en": "Zznotice."}
DOORS = [
    "/en/announcements/{}/",
    "/en/announcements/{}/editions/1/",
    "/en/announcements/{}/editions/1/cite.bib",
    "/en/announcements/{}/cite.json",
    "/en/announcements/{}/embed/",
    "/en/announcements/{}/measures.svg",
    "/api/v1/announcements/{}/",
]
HIDES = {
    "withheld": {"status": "withheld"},
    "embargoed": {"public_from": timezone.now() + timedelta(days=1)},
    "rights ended": {"rights_until": timezone.now() - timedelta(days=1)},
}


def answers(client, key):
    return [client.get(door.format(key)) for door in DOORS]


def answers_as_unknown(client, announcement):
    """Whether each door says of it what it says of an id that was never given."""
    own, unknown = (answers(client, key) for key in (announcement.public_id, "zzzzzzzzzz"))
    return all(
        (one.status_code, one.text.replace(announcement.public_id, "zzzzzzzzzz"))
        == (404, other.text)
        for one, other in zip(own, unknown, strict=True)
    )


@pytest.mark.parametrize("hidden", HIDES)
def test_a_retraction_of_what_nobody_could_read_stays_silent(
    client, make_article, make_announcement, make_company, hidden
):
    company = make_company(name="Zzcompany")
    announcement = make_announcement(company, article=make_article(**HIDES[hidden]))
    announcement.retract(**REASON)

    assert answers_as_unknown(client, announcement)


@pytest.mark.parametrize("since", ["public", "withheld", "killed"])
def test_a_retraction_tells_its_reason_to_those_who_could_read(client, make_announcement, since):
    announcement = make_announcement(title_en="Zztitle")
    article = Article.objects.get()
    if since == "withheld":
        article.withhold()
    if since == "killed":
        article.kill(**NOTICE)
    announcement.retract(**REASON)

    for answer in answers(client, announcement.public_id):
        assert answer.status_code == 410
        found = [word in answer.text for word in ("Zzreason", "Zznotice", "Zztitle")]
        assert found == [True, False, False]


def test_what_supported_it_later_counts(client, make_article, make_announcement):
    article = make_article(status="withheld")
    announcement = make_announcement(article=article)
    article.release()
    article.withhold()
    announcement.retract(**REASON)

    assert client.get(announcement.get_absolute_url()).status_code == 410


def test_what_only_contradicts_it_made_it_no_more_public(client, make_article, make_announcement):
    announcement = make_announcement(article=make_article(status="withheld"), publish=False)
    announcement.evidence.create(
        article=make_article(), stance="contradicts", paraphrase_fr="a", paraphrase_en="a"
    )
    announcement.publish()
    announcement.retract(**REASON)

    assert answers_as_unknown(client, announcement)


def test_what_was_public_before_it_was_published_counts_for_nothing(
    client, make_article, make_announcement
):
    article = make_article()
    article.withhold()
    announcement = make_announcement(article=article)
    announcement.retract(**REASON)

    assert answers_as_unknown(client, announcement)


def test_the_notice_is_left_of_what_lost_its_last_source(client, make_announcement, make_company):
    company = make_company(name="Zzcompany")
    announcement = make_announcement(company, title_en="Zztitle", summary_en="Zzsummary")
    article = Article.objects.get()
    article.kill(**NOTICE)
    hidden = ["Zzcompany", "Zztitle", "Zzsummary", "What piece", article.headline, article.slug]

    for answer in answers(client, announcement.public_id):
        assert (answer.status_code, "Zznotice." in answer.text) == (410, True)
        assert [word for word in hidden if word in answer.text] == []
    api = client.get(f"/api/v1/announcements/{announcement.public_id}/").json()
    assert [each["note"]["en"] for each in api["corrections"]] == ["Zznotice."]
    assert client.get(company.get_absolute_url()).status_code == 404


def test_another_source_keeps_it(client, make_article, make_announcement):
    first, second = make_article(), make_article()
    announcement = make_announcement(article=first, publish=False)
    announcement.evidence.create(article=second, paraphrase_fr="a", paraphrase_en="a")
    announcement.publish()

    codes = []
    for article in (first, second):
        article.kill(**NOTICE)
        codes.append(client.get(announcement.get_absolute_url()).status_code)

    assert codes == [200, 410]


@pytest.mark.parametrize("hidden", HIDES)
def test_a_kill_of_what_nobody_could_read_stays_silent(
    client, make_article, make_announcement, hidden
):
    announcement = make_announcement(article=make_article(**HIDES[hidden]))
    Article.objects.get().kill(**NOTICE)

    assert answers_as_unknown(client, announcement)


def test_a_source_that_was_killed_before_tells_nothing(client, make_article, make_announcement):
    killed, withheld = make_article(), make_article()
    killed.kill(**NOTICE)
    announcement = make_announcement(article=killed, publish=False)
    announcement.evidence.create(article=withheld, paraphrase_fr="a", paraphrase_en="a")
    announcement.publish()
    withheld.withhold()

    assert answers_as_unknown(client, announcement)


def test_what_waits_for_its_hour_stays_silent(client, make_announcement):
    announcement = make_announcement(publish=False)
    announcement.publish(at=timezone.now() + timedelta(hours=1))
    Article.objects.get().kill(**NOTICE)

    assert answers_as_unknown(client, announcement)


@pytest.mark.parametrize("end", ["retract", "kill"])
def test_a_tombstone_asks_a_fixed_number_of_questions(
    client, make_article, make_announcement, django_assert_num_queries, end
):
    for count in (1, 3):
        announcement = make_announcement()
        for _ in range(1, count):
            announcement.evidence.create(
                article=make_article(), paraphrase_fr="a", paraphrase_en="a"
            )
            announcement.amend(note_fr="a", note_en="a")
        if end == "retract":
            announcement.retract(**REASON)
        for article in Article.objects.filter(evidence__announcement=announcement):
            if end == "kill":
                article.kill(**NOTICE)
        with django_assert_num_queries((4 if end == "retract" else 5) + STATE):
            assert client.get(announcement.get_absolute_url()).status_code == 410


@pytest.mark.parametrize(
    ("status", "end", "said"),
    [
        ("usable", "retract", "The reason of the retraction alone."),
        ("withheld", "retract", "Nothing: it was retracted before anybody could read it."),
        ("usable", "kill", "The public notice of the killed piece alone."),
        ("withheld", "kill", "Nothing: no public article supports it."),
    ],
)
def test_the_desk_knows_what_readers_see(
    admin_client, make_article, make_announcement, status, end, said
):
    announcement = make_announcement(article=make_article(status=status))
    if end == "retract":
        announcement.retract(**REASON)
    else:
        Article.objects.get().kill(**NOTICE)
    page = f"/admin/companies/announcement/{announcement.pk}/change/"

    assert said in admin_client.get(page, headers={"accept-language": "en"}).text
