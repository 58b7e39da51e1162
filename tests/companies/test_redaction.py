"""What the law takes out is found nowhere, and doesn't come back."""

import json
from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.guards import GUARDS
from articles.intake import Rules, take_in
from articles.models import MARKER, Article, Receipt, ReceivedFile, Redaction, Version, concealed
from articles.redaction import files_holding, scrub
from companies.mentions import recognise
from companies.models import Edition, Evidence, Mention, Newcomer, Suggestion
from companies.redaction import listed, redact, replay
from tests.canary import tables_holding

WORD = "zyxcanary"
FIRST = f"Boréal ferme {WORD}\n\nLumina l’a dit mardi, et {WORD} aussi.\n"
SECOND = f"Boréal ferme {WORD}\n\nLumina l’a dit mercredi, et {WORD} aussi.\n"
URL = f"https://gazette.example.org/boreal-{WORD}"
GROUPS = {"date": datetime(2022, 3, 8, 23, tzinfo=UTC)}


@pytest.fixture
def publisher(make_publisher):
    return make_publisher(slug="gazette", rights="cleared", access="full")


@pytest.fixture
def bring(publisher):
    """Take in files of the gazette; returns what became of each."""

    def bring(*texts, **said):
        said = {"source_url": URL, "published_at": GROUPS["date"]} | said
        rules = Rules(publisher, status="usable", said=said)
        files = [(f"{n}.txt", text.encode()) for n, text in enumerate(texts)]
        return [(t.done, t.reason) for batch in take_in(files, rules) for t in batch]

    return bring


@pytest.fixture
def story(bring, make_company, make_announcement, make_article, make_user):
    """A public piece that has left its words in every room of the house."""
    boreal, chain = make_company(name="Boréal"), make_company(name="Lumina")
    bring(FIRST, SECOND, SECOND + "\n")
    article = Article.objects.get()
    recognise([article])
    article.mentions.get(company=boreal).confirm()
    words = ("standfirst", "abstract_fr", "abstract_en", "byline", "dateline", "credit")
    more = ("image_caption", "image_credit", "copyright_holder", "usage_terms", "editors_note")
    for name in words + more:
        setattr(article, name, f"Of {WORD}")
    article.places, article.related = [WORD], [f"urn:{WORD}"]
    article.save()
    article.keep(note="Typed", by=make_user())

    announcement = make_announcement(article=article, publish=False)
    item = Evidence(announcement=announcement, article=article, exact=f"mercredi, et {WORD}")
    item.full_clean(exclude=["paraphrase_fr", "paraphrase_en"])
    item.save()
    item.placements.create(
        version=article.current_version(),
        state="exact",
        start=item.start,
        text=item.exact,
        prefix=WORD,
    )
    announcement.publish()
    announcement.title_en = "Another title"
    announcement.save()
    announcement.amend(note_fr="Suite.", note_en="More.")
    user = make_user()
    for record in (article, announcement, article.mentions.first(), item.placements.get()):
        LogEntry.objects.create(
            user=user,
            content_type=ContentType.objects.get_for_model(record),
            object_id=record.pk,
            object_repr=str(record)[:200],
            action_flag=CHANGE,
            change_message=json.dumps([{"added": {"name": "x", "object": str(item)}}]),
        )
    leave_suggestions(article, boreal, user)
    # Another piece that came in the same file, with words of its own.
    shared = make_article(headline="Shared", body="Words of its own.")
    shared.keep_late(shared.wording() | {"body": "Older."}, file=ReceivedFile.objects.first())
    assert chain.mentions.get().status == "suggested"
    return article


def leave_suggestions(article, company, user):
    """One of each status, and unknown names: of this piece alone, and of another one too."""
    version = article.current_version()
    for status in reversed(Suggestion.Status.values):  # one may be open
        suggestion = Suggestion.objects.create(
            article=article,
            company=company,
            version=version,
            passages=[{"start": 0, "end": 6, "exact": f"et {WORD}"}],
            measures=[{"activity": WORD, "market": "RU"}],
            speaker="other",
            reason=WORD,
        )
        suggestion.status = status
        suggestion.save()
    for name, status in ((f"{WORD} aussi", "open"), (WORD, "dismissed"), (f"Et {WORD}", "open")):
        newcomer = Newcomer.objects.create(name=name, status=status)
        if not name.startswith("Et"):  # of an earlier wording
            newcomer.sightings.create(
                article=article, version=version, start=0, end=6, count=1, sentence=WORD
            )
    for record in (suggestion, newcomer):
        LogEntry.objects.create(
            user=user,
            content_type=ContentType.objects.get_for_model(record),
            object_id=record.pk,
            object_repr=WORD,
            action_flag=CHANGE,
        )


@pytest.fixture
def bare(story):
    """The story, redacted."""
    redact(story, "Order 22/123")
    return Article.objects.get(pk=story.pk)


@pytest.mark.django_db(transaction=True)
def test_a_canary_is_found_nowhere_afterwards(story):
    # What is blanked held the word before: each of these could have been missed.
    before = tables_holding(WORD)
    assert before >= {
        *("articles_article", "articles_historicalarticle", "articles_version"),
        *("articles_receivedfile", "articles_import", "companies_evidence"),
        *("companies_historicalevidence", "companies_placement", "companies_edition"),
        "companies_historicalplacement",
        *("companies_suggestion", "companies_historicalsuggestion", "companies_sighting"),
        *("companies_newcomer", "companies_historicalnewcomer"),
        "django_admin_log",
    }

    redact(story, "Order 22/123")
    scrub()

    assert tables_holding(WORD) == set()


@pytest.mark.django_db
def test_hashes_numbers_hours_and_the_reason_stay(story, make_user):
    names = ("pk", "number", "sha256", "created_at", "revised_at", "late", "file", "author")
    before = list(story.versions.values_list(*names))
    editions = list(Edition.objects.values_list("pk", "number", "sha256", "made_at"))
    files = list(ReceivedFile.objects.values_list("sha256", "size"))
    user = make_user()

    redaction = redact(story, "Order 22/123", by=user)

    article = Article.objects.get(pk=story.pk)
    assert list(article.versions.values_list(*names)) == before
    assert list(Edition.objects.values_list("pk", "number", "sha256", "made_at")) == editions
    assert list(ReceivedFile.objects.values_list("sha256", "size")) == files
    assert (redaction.reason, redaction.author, redaction.article) == (
        "Order 22/123",
        user,
        article,
    )
    assert redaction.blanked == {
        "versions": [sha256 for _pk, _number, sha256, *_rest in before],
        "files": redaction.blanked["files"],
        "history": redaction.blanked["history"],
        "passages": 1,
        "editions": [sha256 for *_rest, sha256, _made_at in editions],
    }
    assert set(redaction.blanked["files"]) == {sha256 for sha256, _size in files}
    assert redaction.blanked["history"] == article.history.count() - 1
    assert (article.status, article.headline, article.slug, article.wire_id) == (
        "canceled",
        MARKER,
        concealed(story.slug),
        concealed(URL),
    )
    notes = [(v.note, v.redaction) for v in article.versions.order_by("number")]
    assert notes == [("", redaction), ("", redaction), ("Typed", redaction)]
    assert set(ReceivedFile.objects.values_list("packed", "redaction")) == {(b"", redaction.pk)}
    quoted = Evidence.objects.exclude(exact="").get()
    assert (quoted.exact, quoted.prefix, quoted.suffix) == (MARKER, "", "")
    quoted.full_clean(exclude=["paraphrase_fr", "paraphrase_en"])  # its form can still be saved
    edition = Edition.objects.last()
    assert edition.redacted_sha256 == Edition.hash_of(edition.snapshot) != edition.sha256
    assert [item["exact"] for item in edition.snapshot["evidence"]] == ["", MARKER]
    fields = ("company__name", "status", "places", "named_as")
    assert Mention.objects.values_list(*fields).get() == ("Boréal", "confirmed", [], "")
    assert set(Mention.history.values_list("named_as", flat=True)) == {""}


@pytest.mark.django_db
def test_other_pieces_of_a_shared_file_keep_their_text(bare):
    other = Version.objects.filter(article__headline="Shared", late=True).get()

    assert (other.body, other.redaction) == ("Older.", None)
    assert other.file.redaction == bare.redaction


@pytest.mark.django_db
def test_a_name_that_another_piece_holds_stays(make_article):
    article, other = make_article(body="Vesta part."), make_article(body="Vesta part.")
    newcomer = Newcomer.objects.create(name="Vesta", status="dismissed")
    for each in (article, other):
        newcomer.sightings.create(
            article=each, version=each.current_version(), start=0, end=5, count=1, sentence="Vesta"
        )

    redact(article, "Order")

    assert [each.article for each in Newcomer.objects.get().sightings.all()] == [other]
    assert newcomer.history.exists()


@pytest.mark.django_db
def test_that_an_editor_decided_on_a_suggestion_stays(bare):
    left = Suggestion.objects.order_by("status").values_list("status", "passages", "measures")
    assert list(left) == [(status, [], []) for status in ("accepted", "dismissed", "joined")]


@pytest.mark.django_db
@pytest.mark.parametrize("public", [True, False])
def test_a_piece_that_was_public_leaves_its_notice(client, make_article, public):
    article = make_article(status="usable" if public else "withheld")
    address, api = article.get_absolute_url(), f"/api/v1/articles/{article.slug}/"

    redact(article, "Order")

    gone = 410 if public else 404
    assert [client.get(url).status_code for url in (address, api)] == [gone, gone]
    assert article.corrections.count() == public


@pytest.mark.django_db
def test_corrections_stay_our_own_words(make_article):
    article = make_article()
    article.kill(note_fr="Retiré.", note_en="Withdrawn.")
    redact(article, "Order")

    assert [note.note_en for note in article.corrections.all()] == ["Withdrawn."]


@pytest.mark.django_db
def test_it_is_done_once(bare):
    with pytest.raises(ValidationError, match="déjà été retiré"):
        redact(bare, "Again")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("texts", "held"),
    [([FIRST], 1), ([FIRST, SECOND + "\n\n"], 2), ([FIRST, SECOND, SECOND.upper()], 3)],
)
def test_a_piece_does_not_come_back(bare, bring, texts, held):
    """Neither in the same bytes nor in others nor with a new wording."""
    files = ReceivedFile.objects.count()
    done = [outcome for text in texts for outcome in bring(text)]

    today = bare.redaction
    assert done == [("refused", f"redacted on {today}")] * held
    assert not ReceivedFile.objects.exclude(packed=b"").exists()
    assert ReceivedFile.objects.count() >= files
    assert Article.objects.filter(pk=bare.pk, body="", headline=MARKER).exists()
    assert bare.versions.count() == 3
    assert set(Receipt.objects.filter(refusals=[]).values_list("finished", flat=True)) == {True}


@pytest.mark.django_db
def test_a_dry_run_leaves_nothing_either(bare, publisher):
    before = list(ReceivedFile.objects.values())
    said = {"source_url": URL, "published_at": GROUPS["date"]}
    rules = Rules(publisher, said=said, dry_run=True)
    taken = [t for batch in take_in([("x", (FIRST + "\n\n\n").encode())], rules) for t in batch]

    assert [each.done for each in taken] == ["refused"]
    assert list(ReceivedFile.objects.values()) == before


@pytest.mark.django_db
def test_only_files_that_hold_the_piece_are_found(bring, make_publisher):
    bring(FIRST, FIRST + "\n")
    bring("Boréal ouvre\n\nLa chaîne ouvre mardi.\n", source_url="")
    article = Article.objects.get(wire_id=URL)
    steps = []

    found = list(files_holding(article, lambda: steps.append(1)))

    assert len(steps) == 3
    assert [file.content.decode() for file in found] == [FIRST, FIRST + "\n"]


# --- what the database refuses, whoever asks ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"body": "Back"},
        {"redaction": None},
        {"note": "Else"},
        {"sha256": "0" * 64},
    ],
)
def test_a_blanked_version_is_changed_no_more(bare, change):
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Version.objects.filter(article=bare).update(**change)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "passes"),
    [
        ({}, True),
        ({"body": "Left over"}, False),
        ({"sha256": "0" * 64}, False),
        ({"number": 9}, False),
        ({"author": None, "revised_at": datetime(2022, 1, 1, tzinfo=UTC)}, False),
        ({"redaction": None}, False),
        ({"note": "Another"}, False),
        ({"note": ""}, True),
    ],
)
def test_one_blanking_passes_and_nothing_beside_it(make_article, change, passes):
    article = make_article()
    redaction = Redaction.objects.create(article=article, reason="Order")
    blanked = {"headline": "", "standfirst": "", "body": "", "redaction": redaction} | change

    if passes:
        Version.objects.update(**blanked)
        return
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Version.objects.update(**blanked)


@pytest.mark.django_db
def test_another_articles_redaction_blanks_nothing(make_article):
    article, other = make_article(), make_article()
    redaction = Redaction.objects.create(article=other, reason="Order")

    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        article.versions.update(headline="", standfirst="", body="", redaction=redaction)


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["headline", "standfirst", "body"])
def test_a_redacted_article_takes_no_text(bare, field):
    with pytest.raises(IntegrityError, match="no new text"), transaction.atomic():
        Article.objects.filter(pk=bare.pk).update(**{field: "Back"})


@pytest.mark.django_db
def test_a_redacted_article_takes_no_version(bare):
    with pytest.raises(IntegrityError, match="no new text"), transaction.atomic():
        bare.keep()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"snapshot": {}}, {"redaction": None}, {"note_fr": "Autre"}])
def test_a_blanked_edition_is_changed_no_more(bare, change):
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Edition.objects.update(**change)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"number": 7}, {"redacted_sha256": ""}])
def test_an_edition_is_blanked_and_nothing_beside_it(make_announcement, make_article, change):
    make_announcement()
    redaction = Redaction.objects.create(article=make_article(), reason="Order")
    blanked = {"snapshot": {}, "redaction": redaction, "redacted_sha256": "1" * 64}

    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Edition.objects.update(**blanked | change)
    Edition.objects.update(**blanked)


@pytest.mark.django_db
def test_a_redaction_is_kept_for_ever(bare):
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Redaction.objects.update(reason="Another")
    with pytest.raises(IntegrityError), transaction.atomic():
        Redaction.objects.all()._raw_delete(using="default")
    assert {guard.table for guard in GUARDS} >= {"articles_redaction"}


# --- doing it again in a restored backup ---


@pytest.mark.django_db
def test_the_list_names_nothing_in_the_clear(bare):
    entries = list(listed())

    assert len(entries) == 1
    assert WORD not in json.dumps(entries)


@pytest.fixture
def restored(story):
    """The list of redactions, and the archive as it was before."""
    entries = []
    with transaction.atomic():
        redact(story, "Order 22/123")
        entries += json.loads(json.dumps(list(listed())))
        transaction.set_rollback(True)
    return entries


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_is_redacted_again(story, restored):
    assert WORD in Article.objects.get(pk=story.pk).headline

    assert [replay(entry) for entry in restored] == [True]
    assert [replay(entry) for entry in restored] == [False]

    scrub()
    assert tables_holding(WORD) == set()
    again = Redaction.objects.get()
    assert (again.reason, again.made_at.isoformat()) == ("Order 22/123", restored[0]["made_at"])
    assert list(listed()) == restored


@pytest.mark.django_db
def test_a_piece_that_the_backup_lacks_is_refused_when_it_comes(restored, bring, make_publisher):
    entry = restored[0] | {"publisher": make_publisher(slug="other").slug}
    Article.objects.get(wire_id=URL)

    assert replay(entry)

    stub = Article.objects.get(publisher__slug="other")
    assert (stub.wire_id, stub.status, stub.headline) == (concealed(URL), "canceled", MARKER)
    assert bring(FIRST) == [("refused", f"redacted on {stub.redaction}")]
