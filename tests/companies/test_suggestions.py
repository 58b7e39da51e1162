"""What articles are suggested to announce, and how an editor's word on it stays."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from articles.models import Article
from companies import suggestions
from companies.mentions import recognise
from companies.models import (
    Activity,
    Announcement,
    Evidence,
    Measure,
    Mention,
    Perusal,
    Suggestion,
)
from companies.suggestions import catch_up, outdated, pending, suggest, suggest_all
from starter.loader import load

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
GRAINS = "Boréal a suspendu la vente de grains en Russie et en Biélorussie."
LEAVES = "Boréal quitte la Moldavie."
BODY = f"La chaîne a parlé mardi.\n\n{GRAINS} Le reste va bien."


@pytest.fixture
def boreal(make_company):
    return make_company(slug="boreal", name="Boréal")


@pytest.fixture
def make_piece(make_article):
    def make(body=BODY, **fields):
        return make_article(**{"headline": "Un titre", "body": body, "language": "fr"} | fields)

    return make


@pytest.fixture
def piece(boreal, make_piece):
    """An article that was searched for names and looked through."""
    article = make_piece()
    look([article])
    return article


def look(articles):
    recognise(articles)
    return suggest(articles)


def suggested():
    """(company, status, passages, (activity, market, action) of each measure)."""
    return [
        (
            each.company.name,
            each.status,
            [passage["exact"] for passage in each.passages],
            [(one["activity"], one["market"], one["action"]) for one in each.measures],
        )
        for each in Suggestion.objects.order_by("pk").select_related("company")
    ]


OF_GRAINS = [("vente de grains", market, "suspend") for market in ("RU", "BY")]
OPEN = ("Boréal", "open", [GRAINS], OF_GRAINS)
OF_LEAVING = ("Boréal", "open", [LEAVES], [("", "MD", "exit")])
RESUMED = (
    *("Boréal", "open", [GRAINS.replace("a suspendu", "a repris")]),
    [(activity, market, "resume") for activity, market, _action in OF_GRAINS],
)
BOTH = ("Boréal", "open", [GRAINS, LEAVES], [*OF_GRAINS, ("", "MD", "exit")])


# --- searching ---


def test_a_sentence_becomes_a_suggestion_with_its_passage(piece, make_user):
    assert suggested() == [OPEN]
    suggestion = Suggestion.objects.get()
    assert (suggestion.version, suggestion.article) == (piece.current_version(), piece)
    assert (suggestion.speaker, suggestion.hearsay) == ("publisher", False)
    assert suggestion.markets == "RU BY"
    assert [place.exact for place in suggestion.places] == [GRAINS]
    told = suggestion.history.get()
    assert (told.history_type, told.passages) == ("+", suggestion.passages)
    assert list(pending()) == list(outdated()) == []


def test_a_second_search_changes_nothing(piece):
    before = suggested(), Suggestion.history.count(), Suggestion.objects.get().pk
    look([piece])
    assert (suggested(), Suggestion.history.count(), Suggestion.objects.get().pk) == before


def test_hearsay_is_said_to_be_some(boreal, make_piece):
    look([make_piece("Boréal pourrait quitter la Russie, selon des sources.")])
    assert Suggestion.objects.get().hearsay


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (f"Un mot devant.\n\n{BODY}", [OPEN]),
        (
            f"{BODY}\n\n{LEAVES}",
            [BOTH],
        ),
        (LEAVES, [OF_LEAVING]),
        ("Boréal se tait.", []),
    ],
)
def test_what_is_open_follows_the_text(piece, body, left):
    key = Suggestion.objects.get().pk
    piece.revise(body=body)
    assert list(pending()) == []  # its names come first
    recognise([piece])
    assert list(pending()) == [piece]
    assert [len(found) for batch in catch_up() for found in batch.values()] == [len(left)]
    assert suggested() == left
    assert {each.pk for each in Suggestion.objects.all()} == ({key} if left else set())
    suggestion = Suggestion.objects.first()
    assert suggestion is None or suggestion.version == piece.current_version()


@pytest.mark.parametrize("decide", ["accept", "dismiss"])
@pytest.mark.parametrize(
    ("body", "offered"),
    [
        (BODY, []),
        (f"Un mot devant.\n\n{BODY}", []),
        (BODY.replace("de grains", "de grain"), []),  # edited, as placements know it
        (f"{LEAVES}\n\n{BODY}", [OF_LEAVING]),
        (LEAVES, [OF_LEAVING]),
        (
            BODY.replace("a suspendu", "a repris"),  # changed: it says something else
            [RESUMED],
        ),
    ],
)
def test_an_editors_word_outlives_searches_and_corrections(piece, decide, body, offered):
    getattr(Suggestion.objects.get(), decide)()
    decided = suggested()
    assert decided[0][1] == {"accept": "accepted", "dismiss": "dismissed"}[decide]
    piece.revise(body=body)
    Perusal.objects.all().delete()
    look([piece])
    assert suggested() == [*decided, *offered]
    assert Suggestion.objects.last().version.number == 1


@pytest.mark.parametrize("status", ["draft", "published", "retracted"])
def test_what_an_announcement_rests_on_is_not_suggested(
    piece, boreal, make_announcement, make_company, status
):
    other = make_company()
    for company in (other, boreal):
        assert suggested() == [OPEN]
        announcement = make_announcement(company=company)
        evidence = Evidence(announcement=announcement, article=piece, exact="vente de grains")
        evidence.full_clean(exclude=["paraphrase_fr", "paraphrase_en"])
        evidence.save()
        Announcement.objects.filter(pk=announcement.pk).update(
            status=status, retraction_reason_fr="Faux.", retraction_reason_en="Wrong."
        )
        suggest([piece])
    assert suggested() == []


def test_a_brand_is_not_suggested_for_what_its_parent_announced(boreal, make_company, make_piece):
    parent = make_company(name="Lumina")
    boreal.parent = parent
    boreal.save()
    piece = make_piece("Boréal, une marque de Lumina, quitte la Russie.")
    look([piece])
    assert "Boréal" in [row[0] for row in suggested()]
    announcement = Announcement.objects.create(company=parent, announced_on=date(2022, 3, 8))
    evidence = Evidence(announcement=announcement, article=piece, exact="quitte la Russie")
    evidence.clean()
    evidence.save()
    suggest([piece])
    assert suggested() == []


def test_a_rejected_mention_takes_its_suggestion_along(piece):
    mention = Mention.objects.get()
    mention.reject()
    assert list(pending()) == [piece]
    list(catch_up())
    assert suggested() == []
    mention.confirm()
    list(catch_up())
    assert suggested() == [OPEN]


def test_a_killed_piece_suggests_nothing(piece):
    assert Suggestion.objects.open().count() == 1
    piece.kill(note_fr="Retiré.", note_en="Withdrawn.")
    assert Suggestion.objects.open().count() == 0
    with pytest.raises(ValidationError, match="Un titre"):
        Suggestion.objects.get().accept()
    assert not Announcement.objects.exists()
    suggest([piece])
    assert suggested() == []


def test_a_merged_company_leaves_its_suggestions_to_the_one_that_stands(
    piece, boreal, make_company
):
    boreal.merged_into = make_company(name="Lumina")
    boreal.save()
    assert Suggestion.objects.get().accept().company == boreal.merged_into  # at once
    Announcement.objects.all().delete()
    Suggestion.objects.all().delete()
    suggest([piece])
    assert [row[0] for row in suggested()] == ["Lumina"]


def test_new_rules_look_through_the_whole_archive_and_go_on_where_they_stopped(
    boreal, make_piece, monkeypatch
):
    articles = [make_piece() for _ in range(3)]
    look(articles)
    dismissed = Suggestion.objects.first()
    dismissed.dismiss()
    Perusal.objects.update(rules="others")
    monkeypatch.setattr(suggestions, "BATCH", 1)
    assert (list(pending()), outdated().count()) == ([], 3)
    next(suggest_all())
    assert outdated().count() == 2
    assert len(list(suggest_all())) == 2
    assert outdated().count() == 0
    assert sorted(row[1] for row in suggested()) == ["dismissed", "open", "open"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_articles(
    boreal, make_piece, count, django_assert_num_queries
):
    articles = [make_piece() for _ in range(count)]
    recognise(articles)
    # changes, mentions, mergers, versions; savepoint, lock, versions, parents, decided, evidence,
    # open ones, new ones, their history, ambiguous names, sightings, perusals, its end
    with django_assert_num_queries(17):
        suggest(articles)
    assert len(suggested()) == count


# --- accepting ---


@pytest.fixture
def suggestion(piece):
    return Suggestion.objects.get()


def test_accepting_makes_a_draft_with_measures_and_evidence(suggestion, piece, boreal, make_user):
    user = make_user()
    draft = suggestion.accept(by=user)
    assert (draft.company, draft.status) == (boreal, "draft")
    assert (draft.title_fr, draft.title_en) == (
        "Boréal\u00a0: suspension (Russie et Biélorussie)",
        "Boréal: suspension (Russia and Belarus)",
    )
    fields = ("activity__name_fr", "activity__name_en", "market", "action", "stage")
    assert list(draft.measures.order_by("pk").values_list(*fields)) == [
        ("vente de grains", "", "RU", "suspend", "in_effect"),
        ("vente de grains", "", "BY", "suspend", "in_effect"),
    ]
    evidence = draft.evidence.get()
    evidence.clean()  # its place is that of the words
    assert (evidence.exact, evidence.version, evidence.speaker, evidence.stance) == (
        *(GRAINS, piece.current_version(), "publisher", "supports"),
    )
    assert evidence.version.body[evidence.start :].startswith(GRAINS)
    assert (suggestion.status, suggestion.announcement) == ("accepted", draft)
    for record in (draft, evidence, suggestion, Activity.objects.get(), *draft.measures.all()):
        assert record.history.first().history_user == user
    draft.summary_fr, draft.summary_en = "Résumé.", "Summary."
    with pytest.raises(ValidationError):  # its activity has no name in English yet
        draft.publish(by=user)
    activity = Activity.objects.get()
    activity.name_en = "Bean sales"
    activity.save()
    draft.publish(by=user)
    assert list(Announcement.objects.public()) == [draft]


def test_a_second_yes_gives_the_same_draft(suggestion):
    again = Suggestion.objects.get()
    assert suggestion.accept() == again.accept()
    assert Announcement.objects.count() == 1


@pytest.mark.parametrize(
    ("hour", "precision", "day"),
    [
        (datetime(2022, 3, 8, 22, 59, tzinfo=UTC), "day", date(2022, 3, 8)),
        (datetime(2022, 3, 8, 23, 0, tzinfo=UTC), "day", date(2022, 3, 9)),  # midnight in Paris
        (datetime(2022, 2, 28, 23, 0, tzinfo=UTC), "month", date(2022, 3, 1)),
    ],
)
def test_a_draft_is_of_the_articles_day(boreal, make_piece, hour, precision, day):
    look([make_piece(published_at=hour, published_precision=precision)])
    draft = Suggestion.objects.get().accept()
    assert (draft.announced_on, draft.announced_precision) == (day, precision)


def test_a_draft_is_of_the_day_that_its_sentence_names(boreal, make_piece):
    hour = datetime(2022, 3, 17, 12, 0, tzinfo=UTC)
    look([make_piece("Boréal a annoncé lundi quitter la Moldavie.", published_at=hour)])
    assert Suggestion.objects.get().accept().announced_on == date(2022, 3, 14)


def test_known_activities_are_known_again(boreal, make_company, make_piece):
    brand = make_company(name="Lune Café", parent=boreal)
    brand.names.create(name="Lune")
    known = [
        Activity.objects.create(company=boreal, name_fr="Vente de grains", name_en="Bean sales"),
        Activity.objects.create(company=boreal, name_fr="Le café", name_en="Coffee", brand=brand),
        Activity.objects.create(company=brand, name_fr="Terrasses", name_en="Terraces"),
        None,
    ]
    words = ["les ventes de grains", "accès à Lune", "terrasses Boréal", ""]
    suggestion = suggestion_of(make_piece(GRAINS), boreal, words)
    draft = suggestion.accept()
    assert [measure.activity for measure in draft.measures.order_by("pk")] == known


def test_unknown_activities_are_made_once(boreal, make_company, make_piece):
    words = ["magasins", "les magasins", "nouvelles lampes", "magasins"]
    for _time in range(2):
        suggestion_of(make_piece(GRAINS), boreal, words).accept()
    assert list(Activity.objects.order_by("pk").values_list("name_fr", "name_en")) == [
        ("magasins", "shops"),
        ("nouvelles lampes", ""),
    ]
    assert Measure.objects.count() == 4  # each once in a draft


@pytest.mark.parametrize(
    ("language", "words", "names"),
    [
        ("fr", "Ventes", ("Ventes", "sales")),
        ("fr", "ventes de lampes", ("ventes de lampes", "")),
        ("en", "stores", ("magasins", "stores")),
        ("en", "lamp sales", ("", "lamp sales")),
    ],
)
def test_an_activity_is_named_in_the_language_of_its_piece(
    boreal, make_piece, language, words, names
):
    suggestion_of(make_piece(GRAINS, language=language), boreal, [words]).accept()
    activity = Activity.objects.get()
    assert (activity.name_fr, activity.name_en) == names
    assert str(activity) == next(filter(None, names))  # at the desk


def test_a_name_in_the_other_language_is_known_too(boreal, make_piece):
    known = Activity.objects.create(company=boreal, name_fr="Commerce", name_en="Sales")
    draft = suggestion_of(make_piece(GRAINS), boreal, ["ventes"]).accept()
    assert draft.measures.get().activity == known


def suggestion_of(article, company, activities):
    version = article.current_version()
    return Suggestion.objects.create(
        article=article,
        company=company,
        version=version,
        passages=[{"start": 0, "end": len(GRAINS), "exact": GRAINS}],
        measures=[
            {"activity": words, "market": "RU", "action": "suspend", "stage": "announced"}
            | {"passage": 0}
            for words in activities
        ],
        speaker="company",
        reason="suspendu · RU",
    )


CLICKS = """
import json
from threading import Thread
from django.core.management import call_command
from django.db import connection
from django.utils.timezone import now
call_command("migrate", verbosity=0)
from articles.models import Article, Publisher
from companies.models import Activity, Announcement, Company, Evidence, Measure, Suggestion
from companies.mentions import recognise
from companies.suggestions import suggest
article = Article.objects.create(
    publisher=Publisher.objects.create(slug="p", name="P"), wire_id="1", slug="1",
    headline="Un titre", body="Boréal a suspendu la vente de grains en Russie.", published_at=now()
)
article.keep()
Company.objects.create(slug="boreal", name="Boréal")
recognise([article])
[suggestion] = suggest([article])[article]
connection.close()
drafts = []
def click():
    drafts.append(Suggestion.objects.get(pk=suggestion.pk).accept().pk)
    connection.close()
clicks = [Thread(target=click) for _ in range(4)]
for thread in clicks:
    thread.start()
for thread in clicks:
    thread.join()
models = Announcement, Activity, Measure, Evidence
print(json.dumps([len(drafts), len(set(drafts)), *(each.objects.count() for each in models)]))
"""


def test_clicks_at_once_make_one_draft(own_database):
    ran = subprocess.run(
        [sys.executable, "-c", f"import django\ndjango.setup()\n{CLICKS}"],
        cwd=ROOT,
        env=own_database,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == ("[4, 1, 1, 1, 1, 1]\n", "")


# --- dismissing, reopening ---


def test_a_decision_is_taken_back_and_told(suggestion, piece, make_user):
    user = make_user()
    suggestion.dismiss(by=user)
    suggestion.dismiss(by=user)
    with pytest.raises(ValidationError, match="Un titre"):
        suggestion.accept()
    suggestion.reopen(by=user)
    suggest([piece])
    assert suggested() == [OPEN]
    told = [(each.status, each.history_user) for each in suggestion.history.order_by("history_id")]
    assert told == [("open", None), ("dismissed", user), ("open", user)]


@pytest.mark.parametrize("at_once", [False, True])
def test_what_became_a_draft_waits_again_once_that_is_deleted(suggestion, make_user, at_once):
    editor = make_user()
    draft = suggestion.accept(by=editor)
    key = draft.pk
    with pytest.raises(ValidationError, match="Boréal"):
        suggestion.reopen()
    if at_once:
        Announcement.objects.filter(pk=draft.pk).delete()
    else:
        draft._history_user = editor
        draft.delete()
    assert suggested() == [OPEN]
    last, accepted, _made = suggestion.history.order_by("-history_id")
    assert (last.status, last.announcement_id) == ("open", None)
    assert last.history_user == (None if at_once else editor)
    assert accepted.announcement_id == key


def test_what_joined_a_draft_waits_again_once_that_is_deleted(
    suggestion, boreal, make_announcement
):
    draft = make_announcement(boreal, publish=False)
    suggestion.join(draft)
    assert [row[1] for row in suggested()] == ["joined"]
    draft.delete()
    assert suggested() == [OPEN]


def test_a_newer_suggestion_takes_back_the_passages_of_a_deleted_draft(suggestion, piece):
    draft = suggestion.accept()
    piece.revise(body=f"{BODY}\n\n{LEAVES}")
    look([piece])
    assert [row[1] for row in suggested()] == ["accepted", "open"]
    draft.delete()
    suggest([piece])
    assert suggested() == [BOTH]
    assert suggestion.history.first().history_type == "-"


def test_the_same_passage_joins_once(suggestion, boreal, make_announcement):
    draft = make_announcement(boreal, publish=False, evidence=False)
    suggestion.join(draft)
    suggestion.join(draft)
    assert [each.exact for each in draft.evidence.all()] == [GRAINS]
    suggestion.reopen()
    assert (suggested(), draft.evidence.exists()) == ([OPEN], False)


@pytest.mark.parametrize("became", ["retracted", "deleted"])
def test_nothing_joins_what_is_gone(suggestion, boreal, make_announcement, became):
    known = make_announcement(boreal, publish=became == "retracted")
    if became == "retracted":
        known.retract(reason_fr="Faux.", reason_en="Wrong.")
    else:
        Announcement.objects.filter(pk=known.pk).delete()
    with pytest.raises(ValidationError):
        suggestion.join(known)
    assert suggested() == [OPEN]


def test_an_archive_can_go_back_to_where_nothing_joined(
    transactional_db, suggestion, boreal, make_announcement
):
    draft = make_announcement(boreal, publish=False)
    suggestion.join(draft)

    call_command("migrate", "companies", "0014", verbosity=0)
    call_command("migrate", "companies", verbosity=0)

    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.announcement) == ("dismissed", None)
    assert draft.evidence.filter(exact=GRAINS).exists()


def test_only_one_suggestion_for_a_company_is_open_in_a_piece(suggestion, piece):
    suggestion.dismiss()
    piece.revise(body=LEAVES)
    look([piece])
    with pytest.raises(ValidationError, match="Boréal"):
        suggestion.reopen()
    assert [row[1] for row in suggested()] == ["dismissed", "open"]


def test_a_suggestion_that_went_meanwhile_says_so(suggestion, piece):
    Suggestion.objects.all().delete()
    with pytest.raises(ValidationError):
        suggestion.accept()


# --- the founding piece ---


@pytest.mark.django_db
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
def test_the_founding_piece_is_suggested_accepted_and_published():
    load(say=lambda line: None)
    article = Article.objects.get(publisher__slug="bfm-business")
    [file] = (SHARED / "seed").glob("*.txt")
    said = {"publisher": "bfm-business", "url": article.wire_id, "date": "2022-03-09"}
    call_command("import_wire", str(file), **said)
    [suggestion] = Suggestion.objects.filter(company__slug="amazon")
    told = {(each["activity"], each["market"]) for each in suggestion.measures}
    assert len(suggestion.measures) == len(told) == 8
    assert len({activity for activity, _market in told}) == 5
    assert {each["action"] for each in suggestion.measures} == {"suspend"}
    assert (suggestion.speaker, suggestion.hearsay) == ("company", False)

    draft = suggestion.accept()
    assert draft.announced_on == date(2022, 3, 9)
    assert draft.title_fr == "Amazon\u00a0: suspension (Russie et Biélorussie)"
    markets = {}
    for measure in draft.measures.select_related("activity"):
        activity = measure.activity
        markets.setdefault(activity.name_en or activity.name_fr, set()).add(measure.market)
    assert sorted(map(len, markets.values())) == [1, 1, 2, 2, 2]
    assert markets["Prime Video"] == {"RU"}
    assert markets["New AWS customers"] == {"RU", "BY"}
    assert draft.evidence.count() == len(suggestion.passages)
    draft.summary_fr, draft.summary_en = "Résumé.", "Summary."
    for activity in Activity.objects.filter(name_en=""):
        activity.name_en = f"English for {activity.name_fr}"
        activity.save()
    draft.publish()
    assert draft in Announcement.objects.public()
    suggest([article])
    assert not Suggestion.objects.open().filter(article=article, company=draft.company).exists()


def test_a_sentence_too_long_to_quote_becomes_no_evidence(boreal, make_piece):
    long = GRAINS[:-1] + " et ailleurs" * 50 + "."
    look([make_piece(f"La chaîne a parlé mardi.\n\n{long} Le reste va bien.")])
    suggestion = Suggestion.objects.get()

    with pytest.raises(ValidationError, match="600"):
        suggestion.accept()

    suggestion.refresh_from_db()
    assert (suggestion.status, Announcement.objects.count()) == ("open", 0)
