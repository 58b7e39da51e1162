from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import override

from articles import guards
from articles.passages import LONGEST
from companies.guards import GUARDS
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
    Placement,
    Reply,
)
from companies.models.announcement import ALPHABET
from companies.models.company import free_slug

DAY = timedelta(days=1)
REASON = {"reason_fr": "Erreur.", "reason_en": "Error."}
PARAPHRASE = {"paraphrase_fr": "Ce qu'elle dit.", "paraphrase_en": "What it says."}


# --- What may be seen --------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "article", "stance", "public"),
    [
        ("published", {}, "supports", True),
        ("published", {"access": "reference"}, "supports", True),
        ("published", {"status": "withheld"}, "supports", False),
        ("published", {"status": "canceled"}, "supports", False),
        ("published", {"public_from": timezone.now() + DAY}, "supports", False),
        ("draft", {}, "supports", False),
        ("retracted", {}, "supports", False),
    ],
)
def test_public_announcements(make_announcement, make_article, status, article, stance, public):
    announcement = make_announcement(article=make_article(**article), publish=status != "draft")
    if status == "retracted":
        announcement.retract(**REASON)

    assert Announcement.objects.public().exists() is public
    assert Measure.objects.public().exists() is public
    assert Company.objects.public().exists() is public


def test_contradiction_alone_opens_no_door(make_announcement, make_article):
    withheld = make_article(status="withheld")
    announcement = make_announcement(article=withheld)
    announcement.evidence.create(article=make_article(), stance="contradicts", **PARAPHRASE)

    assert Evidence.objects.public().get().stance == "contradicts"
    assert not Announcement.objects.public().exists()


def test_an_announcement_is_listed_once_whatever_supports_it(make_announcement, make_article):
    announcement = make_announcement()
    announcement.evidence.create(article=make_article(), **PARAPHRASE)

    assert list(Announcement.objects.public()) == [announcement]


def test_public_companies(make_company, make_announcement, make_article, make_publisher):
    """Each company below is named for the reason why it is seen, or isn't."""
    announcer = make_company(name="announcer")
    brand = make_company(name="brand as activity")
    part_owner = make_company(name="owner of an activity", parent=announcer)
    activity = Activity.objects.create(
        company=announcer, name_fr="Marque", name_en="Brand", brand=brand
    )
    part = Activity.objects.create(company=part_owner, name_fr="Partie", name_en="Part")
    make_announcement(
        announcer,
        measures=[(activity, "RU", "exit", "announced"), (part, "RU", "exit", "announced")],
    )
    merged = make_company(name="merged", merged_into=announcer)
    make_announcement(merged)
    for status in Mention.Status.values:
        company = make_company(name=f"{status} mention")
        Mention.objects.create(article=make_article(), company=company, status=status)
        company = make_company(name=f"{status} mention in a withheld article")
        Mention.objects.create(
            article=make_article(status="withheld"), company=company, status=status
        )
    graded = make_company(name="graded by others alone")
    Assessment.objects.create(
        company=graded, assessor=make_publisher(), grade="A", assessed_on=date(2025, 5, 21)
    )
    make_announcement(make_company(name="draft alone"), publish=False)
    make_company(name="parent of nothing public")

    assert set(Company.objects.public().values_list("name", flat=True)) == {
        "announcer",
        "brand as activity",
        "owner of an activity",
        "confirmed mention",
    }
    assert not Assessment.objects.public().exists()


def test_public_assessments(make_announcement, make_company, make_publisher):
    company = make_company()
    assessment = Assessment.objects.create(
        company=company, assessor=make_publisher(), grade="A", assessed_on=date(2025, 5, 21)
    )
    assert not Assessment.objects.public().exists()

    make_announcement(company)

    assert Assessment.objects.public().get() == assessment


def test_an_assessors_newest_grade_up_to_a_day(make_company, make_publisher):
    fields = {"company": make_company(), "assessor": make_publisher()}
    for year, grade in ((2022, "B"), (2024, "A")):
        Assessment.objects.create(**fields, assessed_on=date(year, 5, 21), grade=grade)

    def grades(day):
        return list(Assessment.objects.as_of(day).values_list("grade", flat=True))

    assert grades(date(2022, 5, 20)) == []
    assert grades(date(2022, 5, 21)) == grades(date(2024, 5, 20)) == ["B"]
    assert grades(date(2024, 5, 21)) == ["A"]


# --- Publishing --------------------------------------------------------------


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"title_fr": ""}, "title in French"),
        ({"title_en": " "}, "title in English"),
        ({"summary_fr": ""}, "summary in French"),
        ({"summary_en": ""}, "summary in English"),
        ({"measures": ()}, "a measure"),
        ({"evidence": False}, "supporting evidence"),
    ],
)
def test_publish_names_what_is_missing(make_announcement, settings, lacking, named):
    settings.LANGUAGE_CODE = "en"
    draft = make_announcement(publish=False, **lacking)

    assert draft.missing_to_publish() == [named]
    with pytest.raises(ValidationError, match=named):
        draft.publish()

    draft.refresh_from_db()
    assert (draft.status, draft.editions.count()) == ("draft", 0)


def test_contradicting_evidence_is_not_enough(make_announcement, make_article):
    draft = make_announcement(publish=False, evidence=False)
    draft.evidence.create(article=make_article(), stance="contradicts", **PARAPHRASE)

    with pytest.raises(ValidationError):
        draft.publish()


def test_each_published_state_is_an_edition(make_announcement, make_user):
    announcement = make_announcement(title_en="First title")
    editor = make_user()

    announcement.title_en = "Second title"
    announcement.save()
    announcement.measures.create(market="BY", action="exit", stage="announced")
    announcement.amend(by=editor, note_fr="Ajout.", note_en="Added.")
    announcement.retract(by=editor, **REASON)
    with pytest.raises(ValidationError, match="pourquoi elle revient"):
        announcement.publish(by=editor)
    announcement.publish(by=editor, note_fr="Rétablie.", note_en="Restored.")

    editions = announcement.editions.order_by("number")
    assert [
        (e.number, e.status, e.snapshot["title"]["en"], e.measures.count(), e.note_en)
        for e in editions
    ] == [
        (1, "published", "First title", 1, ""),
        (2, "published", "Second title", 2, "Added."),
        (3, "retracted", "Second title", 2, "Error."),
        (4, "published", "Second title", 2, "Restored."),
    ]
    assert editions[2].snapshot["retraction_reason"] == {"fr": "Erreur.", "en": "Error."}
    assert editions[3].snapshot["retraction_reason"] == {"fr": "", "en": ""}
    assert [e.made_by for e in editions] == [None, editor, editor, editor]
    assert all(e.sha256 == Edition.hash_of(e.snapshot) for e in editions)


def test_amend_without_a_change_makes_no_edition(make_announcement):
    announcement = make_announcement()

    assert announcement.amend() is None
    assert announcement.editions.count() == 1


def test_amend_leaves_a_draft_alone(make_announcement):
    draft = make_announcement(publish=False)

    assert draft.amend() is None
    assert draft.editions.count() == 0


def test_amend_refuses_what_a_published_announcement_cannot_lose(make_announcement):
    announcement = make_announcement()
    announcement.measures.all().delete()

    with pytest.raises(ValidationError):
        announcement.amend()


@pytest.mark.parametrize("status", ["draft", "retracted"])
def test_only_what_is_published_is_retracted(make_announcement, status):
    announcement = make_announcement(publish=status != "draft")
    if status == "retracted":
        announcement.retract(**REASON)
    editions = announcement.editions.count()

    with pytest.raises(ValidationError):
        announcement.retract(**REASON)

    assert announcement.editions.count() == editions


@pytest.mark.parametrize("reason", [{"reason_fr": ""}, {"reason_en": ""}])
def test_a_retraction_tells_why(make_announcement, reason):
    announcement = make_announcement()

    with pytest.raises(IntegrityError), transaction.atomic():
        announcement.retract(**REASON | reason)

    announcement.refresh_from_db()
    assert (announcement.status, announcement.editions.count()) == ("published", 1)


def test_the_hash_of_an_edition_is_for_ever():
    """Whoever keeps the hash can prove what was published: the recipe never changes."""
    # printf '%s' '{"a":["é",null,1],"b":""}' | sha256sum
    assert (
        Edition.hash_of({"b": "", "a": ["é", None, 1]})
        == "14bf0d6ef3d3b822cd9699ef6ad319f3c0815cdf641c2412f01efc59ccc3781d"
    )


def test_an_edition_reads_back_as_it_was_hashed(make_announcement):
    """JSON columns may sort keys anew; the hash doesn't hang on their order."""
    make_announcement(title_fr="« Œuvre » 🙂", measures=[("Ads", "RU", "exit", "announced")])
    edition = Edition.objects.get()

    assert edition.sha256 == Edition.hash_of(edition.snapshot)


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_known_at(make_announcement, days):
    announcement = make_announcement()
    moment = announcement.editions.get().made_at + timedelta(days=days)

    assert Announcement.objects.known_at(moment).exists() is (days >= 0)


@pytest.mark.parametrize(
    ("measures", "action", "stage"),
    [
        ([], "", ""),
        ([("suspend", "in_effect")], "suspend", "in_effect"),
        ([("suspend", "in_effect"), ("suspend", "announced")], "suspend", "announced"),
        ([("continue", "announced"), ("exit", "completed")], "exit", "completed"),
        (
            [("resume", "announced"), ("pause_investment", "in_effect")],
            "pause_investment",
            "in_effect",
        ),
    ],
)
def test_an_announcements_own_action_and_stage(make_announcement, measures, action, stage):
    rows = [(None, market, *m) for market, m in zip(("RU", "BY"), measures, strict=False)]
    announcement = make_announcement(measures=rows, publish=False)

    assert (announcement.action, announcement.stage) == (action, stage)


def test_public_ids_are_unique_and_cannot_be_counted(make_company):
    announcements = Announcement.objects.bulk_create(
        Announcement(company=make_company(), announced_on=date(2022, 3, 8)) for _ in range(200)
    )
    ids = {announcement.public_id for announcement in announcements}

    assert len(ids) == 200
    assert {len(one) for one in ids} == {10}
    assert set("".join(ids)) <= set(ALPHABET)
    assert [a.public_id for a in announcements] != sorted(ids)


@pytest.mark.parametrize(
    ("on", "precision", "by"),
    [
        ("2022-03-08", "day", date(2022, 3, 8)),
        ("2024-02-01", "month", date(2024, 2, 29)),
        ("2022-01-01", "year", date(2022, 12, 31)),
    ],
)
def test_announced_by_follows_the_date(make_announcement, on, precision, by):
    announcement = make_announcement(day=on, announced_precision=precision)
    assert Announcement.objects.get().announced_by == by

    announcement.announced_on = date(2021, 1, 1)
    announcement.announced_precision = "day"
    announcement.save()
    assert Announcement.objects.get().announced_by == date(2021, 1, 1)


# --- What the database refuses -----------------------------------------------


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Announcement, {"status": "open"}),
        (Announcement, {"title_fr": ""}),
        (Announcement, {"summary_en": ""}),
        (Announcement, {"status": "retracted"}),
        (Announcement, {"announced_on": date(1899, 12, 31)}),
        (Announcement, {"announced_on": date(2101, 1, 1)}),
        (Announcement, {"announced_precision": "week"}),
        (Announcement, {"public_id": "taken"}),
        (Measure, {"action": "flee"}),
        (Measure, {"stage": "soon"}),
        (Measure, {"effective_on": date(1066, 10, 14)}),
        (Measure, {"effective_precision": "week"}),
        (Measure, {"market": "BY"}),
        (Evidence, {"stance": "hints"}),
        (Evidence, {"speaker": "nobody"}),
        (Evidence, {"exact": "Both"}),
        (Evidence, {"paraphrase_en": ""}),
        (Evidence, {"paraphrase_fr": "", "paraphrase_en": ""}),
        (Evidence, {"start": 3}),
        (Company, {"name": ""}),
        (Mention, {"status": "perhaps"}),
        (Mention, {"role": "hero"}),
    ],
)
def test_the_database_refuses(make_announcement, make_article, model, change):
    announcement = make_announcement(
        measures=[(None, market, "suspend", "in_effect") for market in ("RU", "BY")]
    )
    make_announcement(public_id="taken", evidence=False, publish=False)
    Mention.objects.create(article=make_article(), company=announcement.company)
    row = {
        Announcement: announcement,
        Measure: announcement.measures.first(),
        Evidence: announcement.evidence.first(),
        Company: announcement.company,
        Mention: Mention.objects.first(),
    }[model]

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**change)


def test_a_company_is_not_its_own_parent(make_company):
    company = make_company()

    for name in ("parent", "merged_into"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Company.objects.filter(pk=company.pk).update(**{name: company})


def test_no_row_stands_twice(make_announcement, make_company, make_article, make_publisher):
    company, article, publisher = make_company(slug="one"), make_article(), make_publisher()
    announcement = make_announcement(company, measures=[("Ads", "RU", "exit", "announced")])
    activity = Activity.objects.get()
    evidence = announcement.evidence.get()
    version = evidence.article.versions.get()
    rows = [
        (Company, {"slug": "two", "name": "Two"}, {"slug": "one"}),
        (Identifier, {"company": company, "scheme": "wikidata", "value": "Q3884"}, {}),
        (CompanyName, {"company": company, "name": "One"}, {}),
        (Activity, {"company": company, "name_fr": "Jeu", "name_en": "Game"}, {}),
        (Mention, {"article": article, "company": company}, {}),
        (Measure, {"announcement": announcement, "activity": activity, "market": "BY"}, {}),
        (Measure, {"announcement": announcement, "activity": None, "market": "RU"}, {}),
        (Placement, {"evidence": evidence, "version": version, "state": "exact"}, {}),
        (
            Assessment,
            {
                "company": company,
                "assessor": publisher,
                "grade": "A",
                "assessed_on": date(2022, 3, 8),
            },
            {},
        ),
    ]
    for model, fields, other in rows:
        if model is Measure:
            fields |= {"action": "exit", "stage": "announced"}
        model.objects.create(**fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**fields | other)


def test_a_reply_comes_after_the_question(make_announcement):
    announcement = make_announcement()
    asked = date(2022, 3, 9)

    Reply.objects.create(announcement=announcement, asked_on=asked, answered_on=asked)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(
            announcement=announcement, asked_on=asked, answered_on=date(2022, 3, 8)
        )


def test_what_others_rest_on_is_not_deleted(make_announcement):
    announcement = make_announcement(measures=[("Ads", "RU", "exit", "announced")])
    article = announcement.evidence.get().article

    for record in (announcement, announcement.company, Activity.objects.get(), article):
        with pytest.raises((ProtectedError, IntegrityError)), transaction.atomic():
            record.delete()

    assert list(Announcement.objects.public()) == [announcement]


# --- What is checked as someone types ----------------------------------------


@pytest.mark.parametrize(
    ("scheme", "value", "valid"),
    [
        ("wikidata", "Q3884", True),
        ("wikidata", " Q3884 ", True),
        ("wikidata", "3884", False),
        ("wikidata", "Q", False),
        ("wikidata", "Q٣", False),
        ("lei", "ZXTILKJKG63JELOEG630", True),
        ("lei", "ZXTILKJKG63JELOEG631", False),
        ("isin", "US0231351067", True),
        ("isin", "US0231351068", False),
        ("ticker", "NASDAQ:AMZN", True),
    ],
)
def test_check_digits(make_company, scheme, value, valid):
    identifier = Identifier(company=make_company(), scheme=scheme, value=value)

    if valid:
        identifier.full_clean()
        assert identifier.value == value.strip()
    else:
        with pytest.raises(ValidationError) as refused:
            identifier.full_clean()
        assert list(refused.value.message_dict) == ["value"]


def test_a_brand_has_no_brands(make_company):
    parent = make_company()
    brand = make_company(parent=parent)
    parent.clean()
    brand.clean()

    with pytest.raises(ValidationError):
        Company(name="Sub-brand", slug="sub", parent=brand).clean()
    parent.parent = make_company()
    with pytest.raises(ValidationError):
        parent.clean()


@pytest.mark.parametrize(
    ("owner", "allowed"), [("itself", True), ("its brand", True), ("another", False)]
)
def test_a_measure_names_an_activity_of_its_announcer(
    make_announcement, make_company, owner, allowed
):
    company = make_company()
    owners = {
        "itself": company,
        "its brand": make_company(parent=company),
        "another": make_company(),
    }
    activity = Activity.objects.create(company=owners[owner], name_fr="Jeu", name_en="Game")
    announcement = make_announcement(company)
    measure = Measure(announcement=announcement, activity=activity, market="RU", action="exit")

    if allowed:
        measure.full_clean()
    else:
        with pytest.raises(ValidationError):
            measure.full_clean()


def test_a_passage_is_found_in_its_version(make_announcement, make_article):
    article = make_article(body="Avant. Nous avons suspendu l’envoi de produits. Après.")
    evidence = Evidence(
        announcement=make_announcement(),
        article=article,
        exact="  Nous avons suspendu l'envoi ",
    )

    evidence.full_clean()
    evidence.save()

    assert (evidence.version, evidence.start) == (article.versions.get(), 7)
    assert (evidence.prefix, evidence.exact, evidence.suffix) == (
        "Avant. ",
        "Nous avons suspendu l’envoi",
        " de produits. Après.",
    )


def test_where_no_text_is_held_the_headline_is_quoted(make_announcement, make_article):
    article = make_article(headline="« Assez » : Boréal quitte la Russie", body="")
    evidence = Evidence(announcement=make_announcement(), article=article, exact="Boréal quitte")

    evidence.full_clean()
    evidence.save()

    assert (evidence.in_headline, evidence.start) == (True, 12)
    assert (evidence.prefix, evidence.suffix) == ("« Assez » : ", " la Russie")
    assert evidence.snapshot()["in_headline"] is True


def test_a_title_of_ours_proves_nothing(make_announcement, make_article):
    article = make_article(headline="[Boréal: exit from Russia]", body="")

    with override("en"), pytest.raises(ValidationError, match="don't stand"):
        Evidence(announcement=make_announcement(), article=article, exact="exit").full_clean()


@pytest.mark.parametrize(
    "fields",
    [
        {"exact": "Not in the text"},
        {"exact": "twice"},
        {"exact": "once", **PARAPHRASE},
        {},
        {"paraphrase_fr": "Ce qu'elle dit."},
        {"paraphrase_en": "What it says."},
    ],
)
def test_evidence_that_proves_nothing_is_refused(make_announcement, make_article, fields):
    evidence = Evidence(
        announcement=make_announcement(), article=make_article(body="once, twice, twice"), **fields
    )

    with pytest.raises(ValidationError):
        evidence.full_clean()


@pytest.mark.parametrize(("length", "refused"), [(LONGEST, False), (LONGEST + 1, True)])
def test_a_passage_is_a_short_quotation(make_announcement, make_article, length, refused):
    body = "é" * length
    article = make_article(access="reference", body=f"{body} …")
    announcement = make_announcement(publish=False)
    evidence = Evidence(announcement=announcement, article=article, exact=body)

    if not refused:
        evidence.full_clean()
        evidence.save()
        return
    with override("en"), pytest.raises(ValidationError, match="or give a paraphrase") as refusal:
        evidence.full_clean()
    assert list(refusal.value.message_dict) == ["exact"]
    with pytest.raises(IntegrityError, match="short quotation"), transaction.atomic():
        Evidence.objects.bulk_create([evidence])
    kept = announcement.evidence.get()
    kept.paraphrase_fr = kept.paraphrase_en = ""
    kept.exact, kept.start, kept.version = body, 0, article.current_version()
    with pytest.raises(IntegrityError, match="short quotation"), transaction.atomic():
        kept.save()


def test_a_longer_passage_that_is_older_than_the_rule_may_stay(make_announcement, make_article):
    body = "é" * (LONGEST + 1)
    article = make_article(body=body)
    announcement = make_announcement(publish=False)
    own = [guard for guard in GUARDS if guard.name.startswith("evidence_short")]
    guards.lift(own)
    evidence = announcement.evidence.create(
        article=article, exact=body, start=0, version=article.current_version()
    )
    connection.check_constraints()  # PostgreSQL puts nothing up while checks are due
    guards.install(apps.get_app_config("companies"), own, "default")
    evidence.stance = "contradicts"

    evidence.full_clean()
    evidence.save()

    evidence.refresh_from_db()
    assert (evidence.stance, evidence.exact) == ("contradicts", body)


def test_a_version_of_another_article_is_refused(make_announcement, make_article):
    other = make_article(body="once")
    evidence = Evidence(
        announcement=make_announcement(),
        article=make_article(body="once"),
        version=other.versions.get(),
        exact="once",
    )

    with pytest.raises(ValidationError) as refused:
        evidence.full_clean()
    assert list(refused.value.message_dict) == ["version"]


def test_a_passage_that_becomes_a_paraphrase_forgets_its_place(make_announcement, make_article):
    evidence = Evidence(
        announcement=make_announcement(),
        article=make_article(body="Before once after"),
        exact="once",
    )
    evidence.full_clean()

    evidence.exact = ""
    evidence.paraphrase_fr, evidence.paraphrase_en = "Une fois.", "Once."
    evidence.full_clean()
    evidence.save()

    assert (evidence.version, evidence.start, evidence.prefix, evidence.suffix) == (
        None,
        None,
        "",
        "",
    )


# --- Lists -------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_a_listing_asks_a_fixed_number_of_queries(
    make_announcement, make_company, django_assert_num_queries, rows
):
    for _ in range(rows):
        make_announcement(
            make_company(parent=make_company()), measures=[("Ads", "RU", "exit", "announced")]
        )

    with django_assert_num_queries(4):
        shown = [
            (
                a.company.name,
                a.action,
                str(a.measures.all()[0]),
                a.public_evidence[0].article.publisher.name,
            )
            for a in Announcement.objects.public().for_listing()
        ]

    assert len(shown) == rows


def test_publishing_again_makes_no_second_edition(make_announcement):
    announcement = make_announcement()

    assert announcement.publish() is None
    assert announcement.editions.count() == 1


def test_a_public_note_has_an_end(make_announcement):
    announcement = make_announcement()

    with pytest.raises(ValidationError, match="500"):
        announcement.retract(reason_fr="x" * 501, reason_en="x")
    announcement.refresh_from_db()
    assert announcement.status == Announcement.Status.PUBLISHED


def test_mentions_stand_by_their_weight(make_article, make_company):
    article = make_article()
    for name, role in (("A", "passing"), ("B", "peer"), ("C", "subject"), ("D", "peer")):
        article.mentions.create(company=make_company(name=name), role=role, status="confirmed")

    found = article.mentions.weightiest_first()

    assert [mention.company.name for mention in found] == ["C", "B", "D", "A"]


@pytest.mark.parametrize("stance", ["supports", "contradicts"])
@pytest.mark.parametrize("status", ["published", "draft", "retracted"])
def test_a_kill_puts_what_rests_on_the_piece_on_the_desk(
    make_announcement, make_article, stance, status
):
    killed, other = make_article(), make_article()
    announcement = make_announcement(article=other, publish=status != "draft")
    announcement.evidence.create(
        article=killed, stance=stance, paraphrase_fr="Dit.", paraphrase_en="Said."
    )
    make_announcement(article=other)
    assert not Announcement.objects.on_troubled_sources().exists()
    killed.kill(note_fr="Retiré.", note_en="Withdrawn.")
    if status == "retracted":
        announcement.retract(reason_fr="Retirée.", reason_en="Retracted.")
    found = list(Announcement.objects.on_troubled_sources())
    assert found == ([] if status == "retracted" else [announcement])


@pytest.mark.parametrize(
    ("name", "taken", "slug"),
    [
        ("McDonald’s", [], "mcdonalds"),
        ("Boréal", ["boreal", "boreal-2"], "boreal-3"),
        ("Amazon.com", [], "amazon-com"),
        ("Ростех", [], "company"),
        ("Ростех", ["company"], "company-2"),
        ("x" * 200, [], "x" * 70),
    ],
)
def test_a_slug_is_free(name, taken, slug):
    assert free_slug(name, taken) == slug


def test_an_activity_is_published_under_a_name_in_each_language(make_announcement, make_company):
    amazon = make_company()
    lamps = Activity.objects.create(company=amazon, name_fr="Lampes")
    draft = make_announcement(amazon, publish=False, measures=[(lamps, "RU", "exit", "announced")])
    with override("en"), pytest.raises(ValidationError, match=r"name in English of .*“Lampes”"):
        draft.publish()
    lamps.name_en = "Lamps"
    lamps.save()
    draft.publish()
    lamps.name_fr = ""
    with pytest.raises(ValidationError) as refused:
        lamps.full_clean()
    assert list(refused.value.message_dict) == ["name_fr"]


def test_an_activity_has_a_name(make_company):
    amazon = make_company()
    with pytest.raises(ValidationError):
        Activity(company=amazon).full_clean()
    for name in ("Lampes", "Cafés"):  # both without a name in English
        Activity.objects.create(company=amazon, name_fr=name)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.create(company=amazon, name_fr="Lampes")
