"""What versions, embargoes, rights and kills do to a piece, in whatever order they come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from articles.archive import Arrival, Done, Refused, archive, archive_all
from articles.models import Article, Correction, ReceivedFile, Topic, Version
from articles.rights import forbids
from articles.wire import WireItem
from articles.wire.item import Status

HOUR = timedelta(hours=1)
MADE = datetime(2022, 3, 8, 12, tzinfo=UTC)
ITEM = WireItem(
    headline="Boréal ferme", body="Un.", wire_id="urn:1", published_at=MADE, language="fr"
)
FIRST = replace(ITEM, version=1, revised_at=MADE)
SECOND = replace(ITEM, version=2, revised_at=MADE + HOUR, body="Deux.")
THIRD = replace(ITEM, version=3, revised_at=MADE + 2 * HOUR, body="Trois.")


@pytest.fixture
def publisher(make_publisher):
    return make_publisher(slug="agence", name="Agence", rights="cleared", access="full")


@pytest.fixture
def public(publisher):
    """Take a piece in as usable; True when the public may read it afterwards."""

    def take(item):
        article = archive(item, publisher, status="usable").article
        return Article.objects.public().filter(pk=article.pk).exists()

    return take


@pytest.mark.parametrize("order", list(permutations([FIRST, SECOND, THIRD])), ids=lambda _: "")
@pytest.mark.parametrize("together", [True, False])
def test_the_newest_wording_stands_in_whatever_order_they_come(publisher, order, together):
    if together:
        archive_all([Arrival(item) for item in order], publisher)
    else:
        for item in order:
            archive(item, publisher)

    article = Article.objects.get()
    assert (article.body, article.wire_version, article.revised_at) == (
        "Trois.",
        3,
        THIRD.revised_at,
    )
    versions = {version.body: version for version in article.versions.all()}
    assert {body: version.wire_version for body, version in versions.items()} == {
        "Un.": 1,
        "Deux.": 2,
        "Trois.": 3,
    }
    assert article.current_version() == versions["Trois."]
    assert list(Version.objects.current()) == [versions["Trois."]]
    came = list(order)
    assert {body for body, version in versions.items() if version.late} == {
        item.body
        for place, item in enumerate(came)
        if any(earlier.version > item.version for earlier in came[:place])
    }
    assert [archive(item, publisher).done for item in order] == [Done.UNCHANGED] * 3
    assert article.versions.count() == 3


@pytest.mark.parametrize(
    ("again", "done", "body"),
    [
        # the agency's count goes before the hour
        ({"version": 1, "revised_at": MADE + 9 * HOUR, "body": "New."}, Done.LATE, "Deux."),
        ({"version": 3, "revised_at": MADE, "body": "New."}, Done.REVISED, "New."),
        # one count, two hours
        ({"version": 2, "revised_at": MADE, "body": "New."}, Done.LATE, "Deux."),
        ({"version": 2, "revised_at": MADE + 2 * HOUR, "body": "New."}, Done.REVISED, "New."),
        # no count, the hour
        ({"version": 0, "revised_at": MADE, "body": "New."}, Done.LATE, "Deux."),
        # neither: as they come
        ({"version": 0, "revised_at": None, "body": "New."}, Done.REVISED, "New."),
        # back to an older wording, by a newer version
        ({"version": 3, "revised_at": None, "body": "Un."}, Done.REVISED, "Un."),
        # an old file without a rank
        ({"version": 0, "revised_at": None, "body": "Un."}, Done.UNCHANGED, "Deux."),
        # newer, and it says nothing new
        ({"version": 3, "revised_at": MADE + 3 * HOUR}, Done.UNCHANGED, "Deux."),
    ],
)
def test_which_of_two_wordings_is_the_newer(publisher, again, done, body):
    archive(FIRST, publisher)
    archive(SECOND, publisher)
    assert archive(replace(SECOND, **again), publisher).done == done
    assert Article.objects.get().body == body


def test_a_version_names_the_file_that_it_came_in(publisher):
    files = [ReceivedFile.of(data) for data in (b"one", b"two", b"three")]
    for file in files:
        file.save()
    items = [SECOND, FIRST, THIRD]
    archive_all([Arrival(*pair) for pair in zip(items, files, strict=True)], publisher)
    assert {version.body: version.file.content for version in Version.objects.all()} == {
        "Deux.": b"one",
        "Un.": b"two",
        "Trois.": b"three",
    }
    assert ReceivedFile.objects.get(versions__body="Un.").sha256 == ReceivedFile.hash_of(b"two")


# --- status and embargo ---


@pytest.mark.parametrize(
    ("asked", "rights", "said", "arrives"),
    [
        ("", "cleared", Status.USABLE, "withheld"),
        ("withheld", "cleared", Status.USABLE, "withheld"),
        ("usable", "cleared", Status.USABLE, "usable"),
        ("usable", "cleared", Status.WITHHELD, "withheld"),
        ("usable", "unknown", Status.USABLE, "withheld"),
        ("usable", "forbidden", Status.USABLE, "withheld"),
        ("usable", "cleared", Status.CANCELED, "canceled"),
    ],
)
def test_how_a_piece_arrives(make_publisher, asked, rights, said, arrives):
    publisher = make_publisher(rights=rights)
    article = archive(replace(ITEM, status=said), publisher, status=asked).article
    assert (article.status, article.rights) == (arrives, rights)


def test_a_wire_that_is_withheld_later_leaves_the_public_doors(public):
    assert public(FIRST)
    assert not public(replace(SECOND, status=Status.WITHHELD))
    assert not public(THIRD)  # an editor releases it


def at(hours):
    return timezone.now() + hours * HOUR


@pytest.mark.parametrize(
    ("embargoes", "is_public"),
    [
        ([None], True),
        ([-1], True),
        ([1], False),
        ([1, None], False),  # an embargo holds for all versions
        ([1, -1], False),
        ([None, 1], False),
        ([-1, None], True),
    ],
)
@pytest.mark.parametrize("late", [True, False])
def test_an_embargo_holds_for_all_versions(public, embargoes, is_public, late):
    items = [FIRST, SECOND][: len(embargoes)]
    items = [
        replace(item, embargo=None if hours is None else at(hours))
        for item, hours in zip(items, embargoes, strict=True)
    ]
    if late:
        items.reverse()
    assert [public(item) for item in items][-1] == is_public


# --- rights ---


@pytest.mark.parametrize(
    ("terms", "forbidden"),
    [
        ("", False),
        ("For editorial use only.", False),
        ("No archival use.", True),
        ("NO  ARCHIVAL\nUSE", True),
        ("NO RESALE. NO ARCHIVES", True),
        ("Pas d’archivage", True),
        ("Usage unique", True),
        ("Archives interdites.", True),
        ("Archivage non autorisé", True),
        ("Archival use prohibited", True),
        ("May not be archived", True),
        ("Keine Archivierung", True),
        ("No resale. Archive use allowed.", False),
        ("Archives autorisées", False),
    ],
)
def test_terms_that_forbid_an_archive(terms, forbidden):
    assert forbids(terms) == forbidden


def test_what_may_not_be_archived_never_becomes_public(public):
    assert not public(replace(FIRST, usage_terms="No archival use."))
    article = Article.objects.get()
    with pytest.raises(ValidationError, match="interdisent"):
        article.release()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(status="usable")


def test_terms_that_come_later_take_a_piece_off(public):
    assert public(FIRST)
    assert not public(replace(SECOND, usage_terms="No archival use."))
    assert Article.objects.get().rights == "forbidden"


@pytest.mark.parametrize(("hours", "is_public"), [(1, True), (-1, False), (None, True)])
def test_rights_end_at_their_hour(public, hours, is_public):
    ends = hours and at(hours)
    assert public(replace(FIRST, expires_at=ends)) == is_public


def test_unknown_terms_are_not_public_until_an_editor_clears_them(make_publisher):
    article = archive(FIRST, make_publisher(), status="usable").article
    with pytest.raises(ValidationError, match="acquis"):
        article.release()
    article.rights = "cleared"
    article.release()
    assert list(Article.objects.public()) == [article]
    article.rights = "unknown"
    with pytest.raises(ValidationError, match="retenez-le"):
        article.full_clean(exclude=["slug"])


def test_an_editor_clears_rights_but_not_against_the_terms(make_publisher):
    unknown = archive(FIRST, make_publisher()).article
    unknown.clear_rights()
    assert unknown.rights == "cleared"
    terms = replace(FIRST, usage_terms="No archival use.")
    forbidden = archive(terms, make_publisher(rights="cleared")).article
    with pytest.raises(ValidationError, match="interdisent"):
        forbidden.clear_rights()


def test_a_publishers_agreement_says_how_much_may_be_read(publisher):
    article = archive(FIRST, publisher).article
    assert (article.rights, article.access) == ("cleared", "full")


# --- kills ---

KILL = WireItem(headline="", wire_id="urn:1", status=Status.CANCELED, version=4)


def test_a_kill_takes_the_piece_off_and_leaves_the_notice(public, publisher):
    assert public(FIRST)
    outcome = archive(KILL, publisher)
    article = Article.objects.get()
    assert (outcome.done, article.status, article.body) == (Done.KILLED, "canceled", "Un.")
    assert article.versions.count() == 1
    notice = Correction.objects.public().get()
    assert (notice.kind, notice.note_fr[:6], notice.note_en[:6]) == ("kill", "Agence", "Agence")
    assert archive(KILL, publisher).done == Done.UNCHANGED
    assert archive(FIRST, publisher).done == Done.UNCHANGED
    with pytest.raises(Refused, match="killed"):
        archive(replace(FIRST, version=5, body="Again."), publisher)


def test_a_kill_that_comes_first_keeps_its_piece_out(public, publisher):
    assert archive(KILL, publisher).done == Done.KILLED
    assert not public(FIRST)
    article = Article.objects.get()
    assert (article.status, article.headline, article.body) == ("canceled", "urn:1", "")
    assert not Correction.objects.exists()  # it would make known what nobody has seen


def test_pieces_and_their_kill_in_one_batch(publisher):
    arrivals = [Arrival(item) for item in (FIRST, SECOND, KILL, FIRST)]
    outcomes = archive_all(arrivals, publisher, status="usable")
    assert [outcome.done for outcome in outcomes] == ["created", "revised", "killed", "unchanged"]
    assert not Article.objects.public().exists()


# --- the rest of a wire ---


def test_topics_places_and_holders_come_along(publisher):
    item = replace(
        FIRST,
        subjects=("medtop:04000000", "medtop:20000385"),
        places=("Moscou",),
        related=("urn:0",),
        copyright_holder="Agence",
        usage_terms="Pour les abonnés.",
        urgency=3,
        editors_note="À ne pas confondre.",
    )
    article = archive(item, publisher).article
    assert sorted(article.topics.values_list("code", flat=True)) == sorted(item.subjects)
    assert (article.places, article.related) == (["Moscou"], ["urn:0"])
    assert (article.copyright_holder, article.usage_terms, article.urgency) == (
        "Agence",
        "Pour les abonnés.",
        3,
    )
    assert (article.editors_note, article.current_version().note) == (item.editors_note,) * 2
    editors = Topic.objects.create(code="medtop:1", name_fr="Un", name_en="One")
    article.topics.add(editors)
    again = replace(SECOND, body="Un.", subjects=("medtop:04000000", "medtop:20000349"))
    assert archive(again, publisher).done == Done.REVISED
    assert article.topics.count() == 4
    assert archive(again, publisher).done == Done.UNCHANGED


def test_history_says_what_an_import_did(publisher, make_user):
    editor = make_user()
    archive(FIRST, publisher, by=editor)
    archive(SECOND, publisher, by=editor)
    article = Article.objects.get()
    records = [(h.history_type, h.history_user, h.wire_version) for h in article.history.all()]
    assert records == [("~", editor, 2), ("+", editor, 1)]


def test_new_pieces_take_a_fixed_number_of_queries(publisher, django_assert_num_queries):
    def items(numbers):
        return [
            Arrival(replace(FIRST, wire_id=f"urn:{n}", subjects=("medtop:04000000",)))
            for n in numbers
        ]

    archive_all(items([1]), publisher)
    with django_assert_num_queries(13) as one:
        archive_all(items([2]), publisher)
    with django_assert_num_queries(len(one)):
        archive_all(items(range(3, 23)), publisher)


# --- what must not be opened, and what must not spoil ---


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    "closing",
    [{"usage_terms": "No archival use."}, {"expires_at": at(-1)}, {"embargo": at(1)}],
    ids=["terms", "end", "embargo"],
)
@pytest.mark.parametrize("opening", [{}, {"expires_at": at(9)}], ids=["silent", "later"])
def test_what_any_version_closes_stays_closed(public, order, closing, opening):
    items = [replace(FIRST, **closing), replace(SECOND, **opening)][::order]
    assert [public(item) for item in items][-1] is False


def test_notes_that_deny_an_archive_count_as_terms(public):
    assert not public(replace(FIRST, editors_note="EDITORS: no archival use."))
    assert not public(replace(FIRST, wire_id="urn:2", copyright_holder="X. No archives."))
    assert public(replace(FIRST, wire_id="urn:3", editors_note="Do not use with other pictures."))


def test_a_message_with_a_text_is_the_whole_wording(publisher):
    archive(replace(SECOND, standfirst="Wrong claim."), publisher)
    archive(FIRST, publisher)
    late = Version.objects.get(late=True)
    assert (late.body, late.standfirst) == ("Un.", "")
    article = archive(THIRD, publisher).article
    assert (article.body, article.standfirst) == ("Trois.", "")
    silent = replace(THIRD, version=4, headline="Boréal ferme tout", body="")
    assert archive(silent, publisher).article.body == "Trois."


def test_of_two_wordings_of_one_rank_the_first_doesnt_come_back(publisher):
    other = replace(SECOND, body="Autre.")
    assert [archive(item, publisher).done for item in (SECOND, other, SECOND, other)] == [
        *("created", "revised", "unchanged", "unchanged"),
    ]
    assert Article.objects.get().body == "Autre."


def test_a_kill_bears_its_editor_and_needs_no_notice_if_nobody_saw_the_piece(
    public, publisher, make_user
):
    editor = make_user()
    assert not public(replace(FIRST, embargo=at(1)))
    article = Article.objects.get()
    article.withhold()
    article.public_from = at(-1)
    article.save()
    archive(KILL, publisher, by=editor)
    assert not Correction.objects.exists()
    assert article.history.first().history_user == editor


def test_a_text_after_its_kill_is_kept_for_editors(publisher):
    archive(replace(KILL, version=0), publisher)
    outcome = archive(ITEM, publisher)
    assert (outcome.done, outcome.version.late, outcome.version.body) == (Done.LATE, True, "Un.")
    assert archive(ITEM, publisher).done == Done.UNCHANGED


@pytest.mark.parametrize(
    "spoiled",
    [
        {"version": 2**31},
        {"version": 10**20},
        {"urgency": 15},
        {"subjects": ("medtop:" + "1" * 40,)},
        {"headline": "a\0b"},
        {"headline": "a\ud800b"},
        {"related": ("\ud800",)},
        {"places": ("a\0b",)},
        {"editors_note": "a\0b"},
        {"expires_at": datetime.max.replace(tzinfo=UTC)},
        {"published_at": datetime.min.replace(tzinfo=UTC)},
        {"embargo": datetime(9999, 12, 31, tzinfo=UTC)},
        {"byline": "x" * 301},
    ],
)
def test_one_piece_spoils_no_other(publisher, spoiled):
    bad = replace(FIRST, wire_id="urn:bad", **spoiled)
    outcomes = archive_all([Arrival(FIRST), Arrival(bad), Arrival(SECOND)], publisher)
    assert [getattr(outcome, "done", "refused") for outcome in outcomes] == [
        *("created", "refused", "revised"),
    ]
    assert Article.objects.get().body == "Deux."


def test_what_the_database_refuses_spoils_no_other(publisher):
    with connection.cursor() as cursor:  # as a piece that another import takes in meanwhile
        cursor.execute("CREATE UNIQUE INDEX one_byline ON articles_article (byline)")
    arrivals = [
        Arrival(replace(FIRST, wire_id=f"urn:{n}", byline=byline))
        for n, byline in enumerate(["A", "B", "A", "C"])
    ]
    outcomes = archive_all(arrivals, publisher)
    assert [getattr(outcome, "done", "refused") for outcome in outcomes] == [
        *("created", "created", "refused", "created"),
    ]
    assert str(outcomes[2]).startswith("the database refuses it: ")


@pytest.mark.parametrize(
    ("item", "hindrance"),
    [
        (FIRST, ""),
        (replace(FIRST, status=Status.WITHHELD), "withheld"),
        (replace(FIRST, usage_terms="No archives"), "its terms forbid it"),
        (replace(FIRST, embargo=datetime(2190, 1, 1, tzinfo=UTC)), "embargo until 1 January 2190"),
        (replace(FIRST, expires_at=at(-1)), "its rights have ended"),
        (KILL, "killed"),
    ],
)
def test_what_keeps_a_piece_from_the_public_is_said(publisher, item, hindrance):
    with translation.override("en"):
        said = archive(item, publisher, status="usable").article.hindrance()
    assert said.startswith(hindrance) and bool(said) == bool(hindrance)
    assert Article.objects.public().exists() == (said == "")
