"""Two editors in two Chromium windows on one record; a session that ends while one types."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from companies.countries import NAMES
from companies.models import Announcement
from tests.browsing import complaints_of, expect

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "save": "Enregistrer",
        "changed": "Anna a modifié ceci entre-temps",
        "kept": "Anna a modifié ceci entre-temps, et c’est conservé",
        "take": "Prendre l’autre valeur",
        "restore": "Reprendre",
    },
    "en": {
        "save": "Save",
        "changed": "Anna changed this meanwhile, on",
        "kept": "Anna changed this meanwhile, and it is kept",
        "take": "Take the other value",
        "restore": "Bring it back",
    },
}


@pytest.fixture
def announcement(transactional_db, make_announcement):
    return make_announcement(
        title_en="Before",
        measures=[(None, "RU", "suspend", "announced"), (None, "BY", "suspend", "announced")],
    )


@pytest.fixture
def window(sign_in, make_user):
    def open_window(name, **options):
        editor = make_user(username=name.lower(), first_name=name, is_staff=True, is_superuser=True)
        return sign_in(editor, **options)

    return open_window


@pytest.fixture
def sign_in_again(live_server):
    """The same window with a new session, as after the login page."""

    def sign_in_again(page, user):
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        page.context.add_cookies([cookie])

    return sign_in_again


def page_of(announcement):
    return reverse("admin:companies_announcement_change", args=[announcement.pk])


def press_save(page, words):
    """With the keyboard: the button has the focus, Enter presses it. Readers are told."""
    for name in ("note_fr", "note_en"):
        page.locator(f"#id_{name}").fill("Suite.")
    page.get_by_role("button", name=words["save"], exact=True).focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("fr", 1280, "light"), ("en", 360, "dark"), ("fr", 360, "dark")],
)
def test_two_windows_merge_rows_and_fields(window, announcement, language, width, scheme):
    words = WORDS[language]
    anna = window("Anna", language=language)
    bob = window("Bob", language=language, width=width, color_scheme=scheme)
    complaints = [complaints_of(anna), complaints_of(bob)]
    for page in (anna, bob):
        page.goto(page_of(announcement))

    anna.locator("#id_title_en").fill("Anna’s title")
    anna.locator("#id_buyer").fill("Anna’s buyer")
    anna.locator("#id_measures-0-stage").select_option("completed")
    press_save(anna, words)
    anna.wait_for_url("**/announcement/")
    bob.locator("#id_title_en").fill("Bob’s title")
    bob.locator("#id_summary_en").fill("Bob’s summary")
    bob.locator("#id_measures-1-stage").select_option("in_effect")
    press_save(bob, words)

    theirs = bob.locator(".field-title_en .theirs")
    theirs.wait_for()
    expect(theirs).to_contain_text(words["changed"])
    expect(theirs.locator(".theirs-value")).to_have_text("Anna’s title")
    expect(bob.locator("#id_title_en")).to_have_value("Bob’s title")
    expect(bob.locator("#id_buyer")).to_have_value("Anna’s buyer")
    assert bob.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    theirs.get_by_role("button", name=words["take"]).focus()
    bob.keyboard.press("Enter")
    expect(bob.locator("#id_title_en")).to_have_value("Anna’s title")
    bob.locator("#id_title_en").fill("Both titles")
    press_save(bob, words)
    bob.wait_for_url("**/announcement/")

    now = Announcement.objects.get()
    assert (now.title_en, now.buyer, now.summary_en) == (
        "Both titles",
        "Anna’s buyer",
        "Bob’s summary",
    )
    assert list(now.measures.values_list("market", "stage")) == [
        ("RU", "completed"),
        ("BY", "in_effect"),
    ]
    assert list(now.editions.values_list("made_by__first_name", flat=True)) == [
        None,
        "Anna",
        "Bob",
    ]
    assert complaints == [[], []]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_was_typed_outlives_the_end_of_a_session(
    window, announcement, sign_in_again, django_user_model, language
):
    words = WORDS[language]
    bob = window("Bob", language=language)
    bob.goto(page_of(announcement))
    bob.locator("#id_buyer").fill("Typed for an hour")
    bob.locator("#measures-group .add-row a").click()
    bob.locator("#id_measures-2-market").fill("UA")
    bob.locator("#id_measures-2-action").select_option("exit")
    Session.objects.all().delete()
    press_save(bob, words)
    bob.wait_for_url("**/login/**")
    assert Announcement.objects.get().buyer == ""
    anna = window("Anna", language=language)
    anna.goto(page_of(announcement))
    anna.locator("#id_title_en").fill("Anna’s title")
    press_save(anna, words)
    anna.wait_for_url("**/announcement/")

    sign_in_again(bob, django_user_model.objects.get(username="bob"))
    bob.goto(page_of(announcement))
    bob.get_by_role("button", name=words["restore"]).click()
    bob.locator(".messagelist").get_by_text(words["kept"]).wait_for()
    expect(bob.locator("#id_measures-2-market")).to_have_value("Ukraine")
    press_save(bob, words)
    bob.wait_for_url("**/announcement/")

    now = Announcement.objects.get()
    assert (now.buyer, now.title_en) == ("Typed for an hour", "Anna’s title")
    assert list(now.measures.values_list("market", flat=True)) == ["RU", "BY", "UA"]
    bob.goto(page_of(announcement))
    expect(bob.locator("#unsaved")).to_be_hidden()


def test_each_page_of_a_form_has_a_copy_of_its_own(window, make_announcement):
    announcement = make_announcement(
        measures=[(None, market, "suspend", "announced") for market in sorted(NAMES["en"])[:25]]
    )
    bob = window("Bob", language="en")
    bob.on("dialog", lambda dialog: dialog.accept())
    notice = bob.locator("#unsaved")
    first, second = page_of(announcement), f"{page_of(announcement)}?measures_page=2"
    for page, typed in ((first, "On page 1"), (second, "On page 2")):
        bob.goto(page)
        expect(notice).to_be_hidden()
        bob.locator("#id_buyer").fill(typed)
    # A page is the same one whatever else is in its address.
    for page, typed, rows in (
        (f"{first}?measures_page=1", "On page 1", 20),
        (f"{second}&_changelist_filters=q%3Dx", "On page 2", 5),
    ):
        bob.goto(page)
        notice.get_by_role("button", name="Bring it back").click()
        expect(bob.locator("#id_buyer")).to_have_value(typed)
        expect(bob.locator("#measures-group .has_original")).to_have_count(rows)


def test_leaving_with_unsaved_work_asks_first(window, announcement):
    bob, asked = window("Bob", language="en"), []
    bob.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    bob.goto(page_of(announcement))
    bob.goto("/admin/")
    assert asked == []
    bob.goto(page_of(announcement))
    bob.locator("#id_buyer").press_sequentially("Typed")

    bob.goto("/admin/")

    assert asked == ["beforeunload"]
    bob.goto(page_of(announcement))
    bob.locator("#unsaved").get_by_role("button", name="Throw it away").click()
    bob.reload()
    expect(bob.locator("#unsaved")).to_be_hidden()
    expect(bob.locator("#id_buyer")).to_have_value("")
