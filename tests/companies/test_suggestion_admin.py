"""The editors' door to suggested announcements and unknown companies."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import Act
from companies.mentions import recognise
from companies.models import (
    Activity,
    Announcement,
    Company,
    CompanyName,
    Mention,
    Newcomer,
    Suggestion,
)
from companies.placements import place
from companies.suggestions import suggest
from tests.forms import typed

SENTENCE = "Boréal a suspendu la vente de grains en Russie."


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


@pytest.fixture
def boreal(make_company):
    return make_company(slug="boreal", name="Boréal")


@pytest.fixture
def make_suggestion(make_article, boreal):
    def make(body=SENTENCE):
        article = make_article(body=f"Un mot devant.\n\n{body} Et après.", language="fr")
        recognise([article])
        return suggest([article])[article][0]

    return make


@pytest.fixture
def suggestion(make_suggestion):
    return make_suggestion()


@pytest.fixture
def make_newcomer(make_article):
    """An unknown name in one article; there with the others of the same name."""

    def make(name="Lumina", **fields):
        article = make_article(body=f"{name} quitte la Russie.", **fields)
        newcomer = Newcomer.objects.filter(name=name).first() or Newcomer.objects.create(name=name)
        newcomer.sightings.create(
            article=article,
            version=article.current_version(),
            start=0,
            end=len(name),
            count=1,
            sentence=f"{name} quitte la Russie.",
            reason="quitte · Russie",
        )
        return newcomer

    return make


def url(page, *args):
    return reverse(f"admin:companies_{page}", args=args)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def press(desk, record, button, **fields):
    """Open the record's page, fill in some of its fields, press one of its buttons."""
    page = url(f"{record._meta.model_name}_change", record.pk)
    return desk.post(page, typed(desk.get(page)) | fields | {button: "1"})


def act(desk, action, *records):
    name = records[0]._meta.model_name
    keys = [record.pk for record in records]
    chosen = {"action": action, "_selected_action": keys, "confirmed": "1"}
    return desk.post(url(f"{name}_changelist"), chosen)


def listed(desk, name, query=""):
    return list(desk.get(url(f"{name}_changelist") + query).context["cl"].result_list)


# --- suggested announcements ---


def test_the_list_says_what_and_where(desk, suggestion):
    page = desk.get(url("suggestion_changelist")).content.decode()
    for shown in ("Boréal", str(suggestion.article), SENTENCE, "vente de grains · Russia"):
        assert shown in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_take_the_same_number_of_queries(
    desk, make_suggestion, make_newcomer, count, django_assert_num_queries
):
    for number in range(count):
        make_suggestion()
        make_newcomer(f"Lumina {number}")
    # session, user; rows and a count of them, and for one list the markets to filter by
    for name, queries in (("suggestion", 5), ("newcomer", 4)):
        with django_assert_num_queries(queries):
            desk.get(url(f"{name}_changelist"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("?waiting=1", True),
        ("?status__exact=open", True),
        ("?status__exact=accepted", False),
        ("?hearsay__exact=1", False),
        ("?market=RU", True),
        ("?market=BY", False),
        ("?q=boréal", True),
        ("?q=grains", True),
        ("?q=lumina", False),
        ("?q=devant", True),
    ],
)
def test_suggestions_are_found(desk, suggestion, query, found):
    assert listed(desk, "suggestion", query) == ([suggestion] if found else [])


def test_its_page_shows_the_passage_where_it_stands(desk, suggestion, make_announcement):
    day = suggestion.article.published_at.date()
    other = make_announcement(company=suggestion.company, day=day)
    make_announcement(company=suggestion.company, day="2022-03-08", title_en="Long ago")
    page = desk.get(url("suggestion_change", suggestion.pk)).content.decode()
    assert f"<p><mark>{SENTENCE}</mark> Et après.</p>" in page
    assert other.title_en in page  # it may be the same one
    assert "Long ago" not in page


def test_accepting_leads_to_the_draft(desk, suggestion, admin_user):
    answer = press(desk, suggestion, "_accept")
    draft = Announcement.objects.get()
    assert answer.url == url("announcement_change", draft.pk)
    assert draft.history.get().history_user == admin_user
    assert desk.get(answer.url).status_code == 200
    assert press(desk, suggestion, "_accept").url == answer.url  # a page that was left open
    assert Announcement.objects.count() == 1


def test_dismissing_leads_to_the_next_one(desk, make_suggestion):
    first, second = make_suggestion(), make_suggestion()
    assert press(desk, second, "_dismiss").url == url("suggestion_change", first.pk)
    assert press(desk, first, "_dismiss").url == url("suggestion_changelist")
    assert set(Suggestion.objects.values_list("status", flat=True)) == {"dismissed"}
    press(desk, first, "_reopen")
    assert list(Suggestion.objects.open()) == [first]


def test_what_was_renewed_meanwhile_is_shown_before_it_is_accepted(desk, suggestion):
    page = desk.get(url("suggestion_change", suggestion.pk)).content.decode()
    assert f'name="seen" value="{suggestion.stamp}"' in page
    article = suggestion.article
    article.revise(body=article.body.replace("Russie", "Moldavie"))
    recognise([article])
    suggest([article])
    answer = press(desk, suggestion, "_accept", seen=suggestion.stamp)
    assert "look at what is suggested now" in answer.content.decode()
    suggestion.refresh_from_db()
    press(desk, suggestion, "_accept", seen=suggestion.stamp)
    assert Announcement.objects.get().measures.get().market == "MD"


def test_what_is_refused_is_said_on_the_page(desk, suggestion):
    suggestion.article.kill(note_fr="Retiré.", note_en="Withdrawn.")
    answer = press(desk, suggestion, "_accept")
    assert (answer.status_code, "was killed" in answer.content.decode()) == (200, True)
    assert not Announcement.objects.exists()


def test_several_are_decided_at_once(desk, make_suggestion):
    some = [make_suggestion() for _ in range(3)]
    some[0].dismiss()
    answer = act(desk, "accept", *some)
    assert "Accepted: 2 records." in said(answer)
    assert Announcement.objects.count() == 2
    act(desk, "dismiss", *some)
    act(desk, "reopen", *some)
    statuses = Suggestion.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["open", "accepted", "accepted"]


def undo(desk):
    return desk.post(reverse("admin:articles_act_undo", args=[Act.objects.first().pk]))


@pytest.mark.parametrize("revised", [False, True])
def test_an_accepted_one_is_taken_back_with_its_draft(desk, suggestion, revised):
    act(desk, "accept", suggestion)
    if revised:  # what the archive itself works out of a later wording is nobody's work
        article = suggestion.article
        article.revise(body=f"{article.body}\n\nEncore.")
        assert place([article])

    undo(desk)

    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.announcement) == ("open", None)
    assert not Announcement.objects.exists() and not Activity.objects.exists()


@pytest.mark.parametrize("page", ["delete", "list"])
def test_a_draft_that_is_deleted_leaves_its_suggestion_waiting_until_that_is_undone(
    desk, suggestion, admin_user, page
):
    draft = suggestion.accept()
    if page == "delete":
        desk.post(url("announcement_delete", draft.pk), {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [draft.pk], "post": "yes"}
        desk.post(url("announcement_changelist"), chosen)
    suggestion.refresh_from_db()
    between = suggestion.status, suggestion.history.first().history_user

    undo(desk)

    suggestion.refresh_from_db()
    assert between == ("open", admin_user)
    assert (suggestion.status, suggestion.announcement_id) == ("accepted", draft.pk)


def test_what_an_editor_said_of_its_passage_keeps_an_accepted_one(desk, suggestion):
    act(desk, "accept", suggestion)
    article = suggestion.article
    article.revise(body=article.body.replace("Boréal", "Un groupe"))
    [placement] = place([article])
    placement.say_gone()

    undo(desk)

    assert Announcement.objects.exists()


def test_a_rejection_that_is_undone_suggests_again(
    desk, suggestion, django_capture_on_commit_callbacks
):
    act(desk, "reject", Mention.objects.get())
    between = Suggestion.objects.open().exists()
    with django_capture_on_commit_callbacks(execute=True):
        undo(desk)

    assert (between, Suggestion.objects.open().exists()) == (False, True)


@pytest.mark.parametrize(
    ("may", "accepts", "dismisses"),
    [([], False, False), (["add_announcement"], True, False), (["decide_suggestion"], False, True)],
)
def test_who_may_decide(client, make_user, make_suggestion, may, accepts, dismisses):
    user = make_user(is_staff=True)
    Permission.objects.get_or_create(
        codename="decide_suggestion",
        defaults={"content_type": ContentType.objects.get_for_model(Announcement)},
    )
    codes = ["view_suggestion", *may]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client.force_login(user)
    for button, allowed in (("_accept", accepts), ("_dismiss", dismisses)):
        suggestion = make_suggestion()
        page = client.get(url("suggestion_change", suggestion.pk)).content.decode()
        assert (SENTENCE in page, f'name="{button}"' in page) == (True, allowed)
        assert (press(client, suggestion, button).status_code == 403) is not allowed
        suggestion.refresh_from_db()
        assert (suggestion.status == "open") is not allowed


def test_the_doors_that_change_what_it_rests_on_look_again(desk, suggestion):
    mention = Mention.objects.get()
    act(desk, "reject", mention)
    assert not Suggestion.objects.exists()
    act(desk, "confirm", mention)
    assert Suggestion.objects.open().count() == 1
    press(desk, mention, "_save", status="rejected")
    assert not Suggestion.objects.exists()


def test_a_piece_that_an_editor_types_or_uploads_is_looked_through(
    desk, boreal, make_publisher, settings, tmp_path
):
    settings.DATA_DIR = tmp_path
    publisher = make_publisher()
    page = reverse("admin:articles_article_add")
    fields = {"headline": "Un titre", "slug": "un-titre", "wire_id": "1", "body": SENTENCE}
    fields |= {"publisher": publisher.pk, "language": "fr"}
    fields |= {"published_at_0": "2022-03-08", "published_at_1": "10:00"}
    desk.post(page, typed(desk.get(page)) | fields)
    assert [each.article.slug for each in Suggestion.objects.all()] == ["un-titre"]
    upload = reverse("admin:articles_import_upload")
    said = {"publisher": publisher.pk, "status": "withheld", "date": "2022-03-08"}
    text = f"Autre titre\n\n{SENTENCE} La chaîne l’a dit mardi, et n’en dit pas plus.\n"
    file = SimpleUploadedFile("a.txt", text.encode())
    form = desk.post(upload, said | {"file": file}).context["form"]
    desk.post(upload, said | {"kept": form.token, "step": "commit"})
    assert Suggestion.objects.filter(article__headline="Autre titre").count() == 1


def test_what_is_recorded_by_hand_is_suggested_no_more(desk, suggestion, make_announcement):
    announcement = make_announcement(company=suggestion.company, publish=False)
    page = url("announcement_change", announcement.pk)
    form = typed(desk.get(page)) | {
        "evidence-TOTAL_FORMS": "2",
        "evidence-1-article": suggestion.article.pk,
        "evidence-1-exact": SENTENCE,
        "evidence-1-stance": "supports",
        "evidence-1-speaker": "company",
    }
    assert desk.post(page, form).status_code == 302
    assert not Suggestion.objects.exists()


# --- unknown companies ---


def test_a_name_is_listed_with_its_articles_and_an_example(desk, make_newcomer):
    newcomer, *_others = [make_newcomer() for _ in range(3)]
    make_newcomer().sightings.last().article.kill(note_fr="Retiré.", note_en="Withdrawn.")
    killed = make_newcomer("Vesta")
    killed.sightings.get().article.kill(note_fr="Retiré.", note_en="Withdrawn.")
    [row] = listed(desk, "newcomer", "?waiting=1")
    assert (row, row.articles, row.reason) == (newcomer, 3, "quitte · Russie")
    assert row.example == "Lumina quitte la Russie."
    assert listed(desk, "newcomer", "?q=LUMI*") == [newcomer]
    page = desk.get(url("newcomer_change", newcomer.pk)).content.decode()
    assert (page.count(row.example), "3 articles name it" in page) == (3, True)


@pytest.mark.django_db(transaction=True)
def test_a_company_is_made_of_a_name(desk, make_newcomer):
    newcomer = make_newcomer()
    page = desk.get(url("newcomer_change", newcomer.pk)).content.decode()
    address = f"{url('company_add')}?newcomer={newcomer.pk}"
    assert f'href="{address}"' in page
    form = typed(desk.get(address))
    assert (form["name"], form["slug"]) == ("Lumina", "lumina")
    desk.post(address, form)
    company = Company.objects.get()
    newcomer.refresh_from_db()
    assert (newcomer.status, newcomer.company) == ("settled", company)
    assert Mention.objects.get().company == company
    assert Suggestion.objects.get().company == company  # of the sentence that it was found in
    assert listed(desk, "newcomer", "?waiting=1") == []


@pytest.mark.django_db(transaction=True)
def test_a_name_is_added_to_a_company(desk, make_newcomer, boreal):
    newcomer, other = make_newcomer(), make_newcomer("Vesta")
    answer = press(desk, newcomer, "_settle")
    assert "Choose the company" in answer.content.decode()
    answer = press(desk, newcomer, "_settle", company=boreal.pk)
    assert answer.url == url("newcomer_change", other.pk)
    assert [name.name for name in CompanyName.objects.filter(company=boreal)] == ["Lumina"]
    assert Mention.objects.get().company == boreal
    newcomer.refresh_from_db()
    assert (newcomer.status, newcomer.company) == ("settled", boreal)


def test_what_is_no_company_stays_so(desk, make_newcomer):
    newcomer, other = make_newcomer(), make_newcomer("Vesta")
    page = desk.get(url("newcomer_change", newcomer.pk)).text
    press(desk, newcomer, "_dismiss")
    said = desk.get(url("newcomer_changelist")).text
    assert "“Not a company” holds for all articles" in page
    assert "“Lumina” is no company, in all articles. “Reopen” takes it back." in said
    act(desk, "dismiss", other)
    assert list(Newcomer.objects.open()) == []
    make_newcomer()  # found once more
    assert list(Newcomer.objects.open()) == []
    act(desk, "reopen", other)
    press(desk, newcomer, "_reopen")
    assert set(Newcomer.objects.open()) == {newcomer, other}


def test_nothing_is_added_or_deleted_by_hand(desk, suggestion, make_newcomer):
    for record in (suggestion, make_newcomer()):
        name = record._meta.model_name
        assert desk.get(url(f"{name}_add")).status_code == 403
        assert desk.post(url(f"{name}_delete", record.pk), {"post": "yes"}).status_code == 403
