"""Passages that announcements rest on, from one version of an article to the next."""

import re
from io import StringIO
from urllib.parse import unquote

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from articles.models import EXTRACT_LENGTH, Article
from companies.models import Evidence, Placement
from companies.placements import catch_up, look_again, pending, place
from tests.forms import typed
from tests.moments import known_now

BODY = "Le groupe parle.\n\nBoréal a suspendu ses livraisons jeudi 6 avril. Rien d’autre n’est dit."
WORDS = "Boréal a suspendu ses livraisons jeudi 6 avril."
LATER = BODY.replace("6 avril", "13 avril")
CHANGED = WORDS.replace("6 avril", "13 avril")


@pytest.fixture
def article(make_article):
    return make_article(headline="Boréal parle", body=BODY)


@pytest.fixture
def quote(make_announcement):
    """A passage of an article's current version, in a published announcement."""

    def make(article, words=WORDS):
        announcement = make_announcement(article=article, publish=False)
        passage = Evidence(announcement=announcement, article=article, exact=words)
        passage.clean()
        passage.save()
        announcement.publish()
        return passage

    return make


@pytest.fixture
def waiting(article, quote):
    """Where a passage stands in a version that changed its date."""
    quote(article)
    article.revise(body=LATER)
    [placement] = place([article])
    return placement


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def change(placement):
    return reverse("admin:companies_placement_change", args=[placement.pk])


def as_written(placement):
    return placement.state, placement.start, placement.text, placement.settled


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"{BODY} Fin.", ("exact", 18, WORDS, False)),
        (f"Avant.\n\n{BODY}", ("moved", 26, WORDS, False)),
        (BODY.replace("livraisons", "livraissons"), ("edited", 18, None, False)),
        (LATER, ("changed", 18, CHANGED, False)),
        ("Tout autre chose.", ("gone", None, "", False)),
        ("", ("gone", None, "", False)),
    ],
)
def test_a_new_version_gets_a_placement(article, quote, body, expected):
    passage = quote(article)
    assert place([article]) == []  # it stands in the current version
    version = article.revise(body=body)

    [placement] = place([article])

    placement.refresh_from_db()
    text = placement.text if expected[2] is None else expected[2]
    assert as_written(placement) == (*expected[:2], text, expected[3])
    assert (placement.evidence, placement.version) == (passage, version)
    assert list(placement.history.values_list("history_type", "state")) == [("+", expected[0])]
    if placement.place:
        found = version.body[placement.place.start : placement.place.end]
        assert (found, len(placement.suffix)) == (placement.text, min(32, len(placement.suffix)))


def test_a_second_look_changes_nothing(waiting, article):
    assert place([article]) == []
    assert list(catch_up()) == []
    assert (Placement.objects.count(), Placement.history.count()) == (1, 1)


def test_articles_wait_until_their_passages_are_placed(article, quote, make_article):
    quote(article)
    make_article().revise(body="No passage of it is quoted.")
    assert list(pending()) == []
    article.revise(body=LATER)
    article.revise(body=f"{LATER} Encore.")
    assert list(pending()) == [article]
    assert [[p.version.number for p in batch] for batch in catch_up()] == [[3]]
    assert list(pending()) == []


def test_an_older_wording_that_comes_late_is_no_current_version(article, quote):
    quote(article)
    article.keep_late(article.wording() | {"body": "Avant tout."})
    assert list(pending()) == []


def test_what_was_redacted_is_not_looked_for(article, quote):
    quote(article)
    article.revise(body=LATER)
    article.redact("Order 22/123")
    assert list(pending()) == []
    assert place([article]) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_a_batch_takes_a_fixed_number_of_queries(
    quote, make_article, django_assert_num_queries, rows
):
    articles = [make_article(body=BODY) for _ in range(rows)]
    for article in articles:
        quote(article)
        quote(article, "Le groupe parle.")
        article.revise(body=LATER)
    # passages, versions, earlier placements; savepoint, lock, passages, new ones, history, end
    with django_assert_num_queries(9):
        assert len(place(articles)) == 2 * rows


@pytest.mark.django_db
def test_no_passage_costs_one_query(make_article, django_assert_num_queries):
    articles = [make_article() for _ in range(3)]
    with django_assert_num_queries(1):
        place(articles)


# --- an editor's word ---


def test_an_editor_accepts(waiting, make_user):
    user = make_user()
    assert list(Placement.objects.waiting()) == [waiting]

    waiting.accept(by=user)

    waiting.refresh_from_db()
    assert as_written(waiting) == ("edited", 18, CHANGED, True)
    assert waiting.history.latest().history_user == user
    assert list(Placement.objects.waiting()) == []


def test_an_editor_says_that_it_is_gone(waiting):
    waiting.say_gone()

    waiting.refresh_from_db()
    assert as_written(waiting) == ("gone", None, "", True)
    assert list(Placement.objects.waiting()) == []
    with pytest.raises(ValidationError):
        waiting.accept()  # no words are left to accept


def test_what_is_plain_is_not_decided(article, quote):
    quote(article)
    article.revise(body=f"{BODY} Fin.")
    [found] = place([article])
    for verb in (found.accept, found.say_gone):
        with pytest.raises(ValidationError):
            verb()


def test_looking_anew_takes_the_editors_word_back(waiting, make_user):
    waiting.say_gone()
    look_again(waiting, by=make_user())

    waiting.refresh_from_db()
    assert as_written(waiting) == ("changed", 18, CHANGED, False)
    assert [row.state for row in waiting.history.all()] == ["changed", "gone", "changed"]


@pytest.mark.parametrize(
    ("verb", "body", "expected"),
    [
        (Placement.accept, f"Avant.\n\n{LATER}", ("edited", 26, CHANGED, True)),
        (Placement.accept, BODY.replace("6 avril", "20 avril"), ("changed", 18, None, False)),
        (Placement.accept, BODY, ("exact", 18, WORDS, False)),
        (Placement.say_gone, f"{LATER} Fin.", ("gone", None, "", True)),
        (Placement.say_gone, "Tout autre chose.", ("gone", None, "", True)),
        (Placement.say_gone, BODY, ("exact", 18, WORDS, False)),
        (Placement.say_gone, BODY.replace("6 avril", "20 avril"), ("changed", 18, None, False)),
        (None, f"{LATER} Fin.", ("changed", 18, CHANGED, False)),
    ],
)
def test_an_editors_word_outlives_the_next_version(waiting, article, verb, body, expected):
    if verb:
        verb(waiting)
    article.revise(body=body)

    [placement] = place([article])

    text = placement.text if expected[2] is None else expected[2]
    assert as_written(placement) == (*expected[:2], text, expected[3])
    assert list(Placement.objects.waiting()) == [placement] * (expected[0] == "changed")


def test_what_nobody_reads_any_more_waits_for_nobody(waiting, article, quote):
    other = quote(article, CHANGED)  # where it is quoted from
    assert Placement.objects.waiting().count() == 1
    waiting.evidence.announcement.retract(reason_fr="Non.", reason_en="No.")
    assert Placement.objects.waiting().count() == 0
    article.revise(body=BODY)
    place([article])
    assert Placement.objects.waiting().count() == 1
    article.kill(note_fr="Retiré.", note_en="Withdrawn.")
    assert (Placement.objects.waiting().count(), other.placements.count()) == (0, 1)


# --- doors ---


def test_an_editors_new_wording_places_passages(desk, article, quote):
    quote(article)
    address = reverse("admin:articles_article_change", args=[article.pk])
    response = desk.post(address, typed(desk.get(address)) | {"body": LATER})

    assert response.status_code == 302
    assert Placement.objects.get().state == "changed"


@pytest.fixture
def wire(make_publisher, quote, settings, tmp_path):
    """Bring a text by the command, as a piece of one address; the first time, quote it."""
    settings.DATA_DIR = tmp_path
    publisher = make_publisher(slug="gazette", rights="cleared", access="full")
    said = {"url": "https://gazette.example/1", "date": "2022-03-09", "status": "usable"}
    path = tmp_path / "piece.txt"

    def bring(body):
        path.write_text(f"Boréal parle\n\n{body}\n")
        call_command("import_wire", path, publisher=publisher.slug, stdout=StringIO(), **said)
        return Article.objects.get()

    quote(bring(BODY))
    return bring


def test_the_command_places_passages(wire):
    wire(LATER)

    assert Placement.objects.get().state == "changed"


def test_the_command_catches_up_with_a_run_that_was_stopped(wire):
    Article.objects.get().revise(body=LATER)

    wire(LATER)

    assert Placement.objects.get().state == "changed"


def test_an_upload_places_passages(wire, desk):
    said = {
        "publisher": Article.objects.get().publisher_id,
        "status": "usable",
        "date": "2022-03-09",
        "source_url": "https://gazette.example/1",
    }
    piece = f"Boréal parle\n\n{LATER}\n".encode()
    upload = reverse("admin:articles_import_upload")
    look = desk.post(upload, said | {"file": SimpleUploadedFile("piece.txt", piece)})
    desk.post(upload, said | {"kept": look.context["form"].token, "step": "commit"})

    assert Placement.objects.get().state == "changed"


def test_a_passage_chosen_anew_is_placed_anew(desk, waiting):
    address = reverse(
        "admin:companies_announcement_change", args=[waiting.evidence.announcement_id]
    )
    data = typed(desk.get(address))
    name = next(key for key, value in data.items() if value == WORDS)
    response = desk.post(
        address, data | {name: "Boréal a suspendu ses livraisons", "note_fr": "N", "note_en": "N"}
    )

    assert response.status_code == 302, response.context["errors"]
    placement = Placement.objects.get()
    assert as_written(placement) == ("exact", 18, "Boréal a suspendu ses livraisons", False)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_desk_shows_both_texts(admin_client, waiting, language):
    page = admin_client.get(change(waiting), HTTP_ACCEPT_LANGUAGE=language)

    assert page.headers["Content-Language"] == language
    marks = re.findall("<mark>(.*?)</mark>", page.text)
    assert marks == [WORDS, CHANGED]
    word = {
        "fr": "Accepter\N{NO-BREAK SPACE}: le passage se lit maintenant ainsi",
        "en": "Accept: this is how it reads now",
    }[language]
    assert word in page.text


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ({"_accept": "1"}, ("edited", 18, CHANGED, True)),
        ({"_gone": "1"}, ("gone", None, "", True)),
        ({"_save": "1"}, ("changed", 18, CHANGED, False)),
    ],
)
def test_a_button_decides(desk, waiting, button, expected, admin_user):
    response = desk.post(change(waiting), button)

    assert response.status_code == 302
    waiting.refresh_from_db()
    assert as_written(waiting) == expected
    if expected[3]:
        assert waiting.history.latest().history_user == admin_user


def test_an_editor_chooses_between_two_places(desk, article, quote):
    quote(article, "Boréal a suspendu ses livraisons")
    once = "Alpha bêta gamma delta. Boréal a suspendu ses livraisons epsilon zêta êta."
    article.revise(body=f"{once}\n\n{once}")
    [placement] = place([article])
    assert (placement.state, placement.others) == ("changed", [[100, 132]])
    assert desk.get(change(placement)).text.count('type="radio"') == 2

    desk.post(change(placement), {"_accept": "1", "place": "1"})

    placement.refresh_from_db()
    assert (placement.state, placement.start, placement.others) == ("edited", 100, [])


@pytest.mark.parametrize("number", ["7", "x", "-1", "9" * 30, ""])
def test_a_place_that_was_not_offered_is_the_likeliest(desk, waiting, number):
    desk.post(change(waiting), {"_accept": "1", "place": number})

    waiting.refresh_from_db()
    assert as_written(waiting) == ("edited", 18, CHANGED, True)


@pytest.mark.parametrize(
    ("action", "state"), [("accept", "edited"), ("say_gone", "gone"), ("ask_again", "changed")]
)
def test_actions_decide_on_many(desk, waiting, action, state):
    address = reverse("admin:companies_placement_changelist")
    response = desk.post(address, {"action": action, "_selected_action": [waiting.pk]}, follow=True)

    assert response.status_code == 200
    waiting.refresh_from_db()
    assert (waiting.state, waiting.settled) == (state, state != "changed")


def test_nothing_to_accept_is_said(desk, article, quote):
    quote(article)
    article.revise(body="Tout autre chose.")
    [placement] = place([article])

    response = desk.post(change(placement), {"_accept": "1"})

    assert "say that it is gone" in response.text
    assert 'name="_accept"' not in response.text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_takes_a_fixed_number_of_queries(
    desk, quote, make_article, django_assert_num_queries, rows
):
    for _ in range(rows):
        article = make_article(body=BODY)
        quote(article)
        article.revise(body=LATER)
        place([article])
    # session, user, count, rows
    with django_assert_num_queries(4):
        response = desk.get(reverse("admin:companies_placement_changelist") + "?waiting=1")
    assert response.context["cl"].result_count == rows


def test_the_queue_is_searched_by_article(desk, waiting):
    address = reverse("admin:companies_placement_changelist")
    found = [
        desk.get(address, {"q": words}).context["cl"].result_count
        for words in ("boreal", "autre mot")
    ]
    assert found == [1, 0]


# --- readers and machines ---


def shown(client, announcement):
    """The page's link to the piece, and the API's evidence, for the first passage."""
    page = client.get(announcement.get_absolute_url()).text
    [link] = re.findall(r'<cite[^>]*><a href="([^"]*#[^"]*)"', page) or [""]
    entry = client.get(f"/api/v1/announcements/{announcement.public_id}/").json()["evidence"]
    return link, next(item for item in entry if item["exact"])


def test_a_link_leads_to_the_passage(client, article, quote):
    passage = quote(article)
    article.revise(body=f"Avant.\n\n{BODY}")
    place([article])

    link, entry = shown(client, passage.announcement)

    assert link == f"{article.get_absolute_url()}#:~:text=" + (
        "Bor%C3%A9al%20a%20suspendu%20ses%20livraisons%20jeudi%206%20avril."
    )
    assert entry["url"].endswith(link.partition("/articles/")[2])
    assert (entry["version"], entry["selectors"], entry["now"]) == (
        1,
        [
            {
                "type": "TextQuoteSelector",
                "exact": WORDS,
                "prefix": "Le groupe parle.\n\n",
                "suffix": " Rien d’autre n’est dit.",
            },
            {"type": "TextPositionSelector", "start": 18, "end": 65},
        ],
        {
            "state": "moved",
            "selectors": [
                {
                    "type": "TextQuoteSelector",
                    "exact": WORDS,
                    "prefix": "Avant.\n\nLe groupe parle.\n\n",
                    "suffix": " Rien d’autre n’est dit.",
                },
                {"type": "TextPositionSelector", "start": 26, "end": 73},
            ],
        },
    )


def test_no_link_leads_to_words_that_nobody_accepted(client, waiting):
    link, entry = shown(client, waiting.evidence.announcement)
    assert (link, entry["now"]) == ("", {"state": "changed", "selectors": []})

    waiting.accept()

    link, entry = shown(client, waiting.evidence.announcement)
    assert unquote(link).endswith(f"#:~:text={CHANGED}")
    assert entry["now"]["state"] == "edited"


@pytest.mark.parametrize(
    ("access", "before", "linked"),
    [
        ("full", 400, True),
        ("extract", 0, True),
        ("extract", EXTRACT_LENGTH - len(WORDS) - 1, True),
        ("extract", EXTRACT_LENGTH - len(WORDS), False),
        ("extract", 400, False),
        ("reference", 0, False),
    ],
)
def test_only_where_rights_let_the_words_be_read(
    client, make_article, quote, access, before, linked
):
    filling = ("Mot. " * 100)[: before - 1] + " " if before else ""
    article = make_article(body=f"{filling}{WORDS} Et {'autre ' * 60}chose.", access=access)
    passage = quote(article)

    link, entry = shown(client, passage.announcement)

    assert (bool(link), "#" in entry["url"]) == (linked, linked)
    assert (WORDS in article.readable_body) is linked


def test_words_that_stand_above_take_their_neighbours_along(client, make_article, quote):
    article = make_article(headline=f"« {WORDS} »", body=BODY)

    link, _entry = shown(client, quote(article).announcement)

    assert unquote(link).endswith(f"#:~:text=Le groupe parle.-,{WORDS},-Rien d’autre n’est dit.")


def test_known_at_has_the_passage_and_no_present_place(client, article, quote):
    passage = quote(article)
    address = f"/api/v1/announcements/{passage.announcement.public_id}/?{known_now()}"

    entry = next(item for item in client.get(address).json()["evidence"] if item["exact"])

    assert (entry["version"], len(entry["selectors"]), entry["now"]) == (1, 2, None)


@pytest.mark.parametrize(
    ("headline", "state", "start"),
    [
        ("Boréal quitte la Russie", "exact", 0),
        ("Café : Boréal quitte la Russie", "moved", 7),
        ("Un autre titre", "gone", None),
    ],
)
def test_a_passage_of_a_headline_is_looked_for_in_headlines(
    make_announcement, make_article, headline, state, start
):
    article = make_article(headline="Boréal quitte la Russie", body="")
    passage = Evidence(
        announcement=make_announcement(), article=article, exact="Boréal quitte la Russie"
    )
    passage.full_clean()
    passage.save()
    article.revise(headline=headline, body="Le texte est arrivé, qui dit autre chose.")

    [placement] = place([article])

    assert (placement.state, placement.start) == (state, start)
