"""The review screen in a real browser: an editor without a mouse."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from companies.mentions import recognise
from companies.models import Activity, Announcement, Mention, Newcomer
from companies.suggestions import suggest
from tests.browsing import complaints_of, expect

pytestmark = pytest.mark.browser

BODY = (
    "Zorgu ferme ses cafés. M. Dupont, qui dirige Zorgu, l’a dit mardi : « La décision est "
    "prise. » 🛑 La décision vaut pour la Russie.\n\n"
    "## Réactions\n\n"
    "Les clients de Zorgu sont surpris. La décision vaut pour la Russie."
)
TWICE = "La décision vaut pour la Russie."


def open_review(page, article, asked=""):
    page.goto(f"/admin/articles/article/{article.pk}/review/{asked}")
    ready(page)


def ready(page):
    page.wait_for_selector("#review[data-ready]", state="attached")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def all_sent(page):
    page.wait_for_selector(".is-sending", state="detached")


def looked(page):
    """Wait for what the server says of a form that is being filled in."""
    page.wait_for_selector("[data-found]:not([aria-busy])", state="attached")


def leave(page):
    """Go elsewhere, up to the question whether one means it."""
    with page.expect_event("dialog"):
        page.evaluate("location.href = '/admin/'")


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def named(transactional_db, make_article, make_company):
    """A withheld piece that names so many companies, all of them suggested."""

    def make(number, **fields):
        names = [f"Zorgu{chr(97 + n)}" for n in range(number)] if number > 1 else ["Zorgu"]
        for name in names:
            make_company(name=name)
        body = " ".join(f"{name} ferme ses cafés." for name in names)
        article = make_article(**{"status": "withheld", "body": body} | fields)
        recognise([article])
        return article

    return make


def states(article):
    return dict(article.mentions.values_list("company__name", "status"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_from_a_wire_to_a_published_announcement_by_keys_alone(
    sign_in, transactional_db, admin_user, make_company, make_publisher, tmp_path, language
):
    zorgu = make_company(name="Zorgu", slug="zorgu")
    make_publisher(slug="agence-essai")
    (tmp_path / "wire.txt").write_text(f"Zorgu quitte la Russie\n\n{BODY}\n")
    call_command("import_wire", tmp_path, publisher="agence-essai", date="2022-03-09")
    article = zorgu.mentions.get().article
    page = sign_in(admin_user, language=language)
    complaints = complaints_of(page)

    page.goto("/admin/articles/article/review/?queue=mentions")
    ready(page)
    press(page, "1", "a")  # the subject; confirmed
    press(page, "s", "ArrowDown", "ArrowDown")
    assert page.evaluate("getSelection().toString()").startswith("🛑 La décision")
    press(page, *["ArrowDown"] * 3)
    assert page.evaluate("getSelection().toString()") == TWICE
    press(page, "e")
    page.keyboard.type("Cafés")
    press(page, "Tab")
    page.keyboard.type("Coffee shops")
    press(page, "Tab")
    page.keyboard.type("Russie")
    press(page, "Tab")
    page.keyboard.type("S")
    press(page, "Tab", "Tab")
    page.locator("[name=title_fr]").focus()
    for words in ("Zorgu ferme", "Zorgu closes", "Ses cafés.", "Its coffee shops."):
        page.keyboard.type(words)
        press(page, "Tab")
    assert fits(page)
    press(page, "Tab")  # past “save the draft”
    looked(page)
    press(page, "Enter")
    page.wait_for_url("**#announcements")
    ready(page)

    announcement = Announcement.objects.get()
    evidence, measure = announcement.evidence.get(), announcement.measures.get()
    assert states(article) == {"Zorgu": "confirmed"}
    assert (announcement.status, announcement.company) == ("published", zorgu)
    assert (evidence.start, evidence.exact) == (article.body.rindex(TWICE), TWICE)
    assert article.body.count(TWICE) == 2
    names = {"fr": ("Cafés", "Coffee shops"), "en": ("Coffee shops", "Cafés")}[language]
    assert (measure.activity.name_fr, measure.activity.name_en) == names
    assert (measure.market, measure.action) == ("RU", "suspend")
    article.refresh_from_db()
    article.clear_rights()
    article.release()
    article.access = "full"
    article.save()
    page.goto(announcement.get_absolute_url())
    expect(page.get_by_text(TWICE).first).to_be_visible()
    assert complaints == []


def test_twenty_mentions_are_cleared_as_fast_as_the_keys_repeat(sign_in, admin_user, named):
    article = named(20)
    page = sign_in(admin_user)
    open_review(page, article)

    press(page, *["a", "r"] * 10)  # nothing waits between them

    all_sent(page)
    found = states(article)
    assert [found[name] for name in sorted(found)] == ["confirmed", "rejected"] * 10
    expect(page.locator("[data-count]")).to_have_text("0")
    assert Mention.history.filter(article=article, history_type="~").count() == 20


def test_a_key_that_is_held_down_decides_on_all_and_stops_there(sign_in, admin_user, named):
    article = named(20)
    page = sign_in(admin_user)
    open_review(page, article)

    for _repeat in range(40):
        page.keyboard.down("a")  # the second and later ones are repeats
    page.keyboard.up("a")

    all_sent(page)
    assert set(states(article).values()) == {"confirmed"}
    assert Mention.history.filter(article=article, history_type="~").count() == 20


def test_undo_takes_back_the_last_ones(sign_in, admin_user, named):
    article = named(3)
    page = sign_in(admin_user)
    open_review(page, article)

    press(page, "a", "r", "3", "1", "u", "u", "u")

    all_sent(page)
    assert list(states(article).values()) == ["confirmed", "suggested", "suggested"]
    assert page.evaluate("document.activeElement.querySelector('b').textContent") == "Zorgub"


def test_what_fails_is_said_at_the_item_and_sent_again(sign_in, admin_user, named):
    article = named(2)
    page = sign_in(admin_user)
    open_review(page, article)
    page.context.set_offline(True)

    press(page, "a", "a")
    expect(page.locator(".problem")).to_have_count(2)
    assert set(states(article).values()) == {"suggested"}
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").or_(
        page.get_by_role("button", name="Réessayer")
    ).first.click()

    all_sent(page)
    assert set(states(article).values()) == {"confirmed"}
    expect(page.locator(".problem")).to_have_count(0)


def test_what_is_not_saved_does_not_look_saved(sign_in, admin_user, named):
    article = named(2)
    page = sign_in(admin_user, language="en")
    open_review(page, article)
    session = [each for each in page.context.cookies() if each["name"] == "sessionid"]
    page.context.clear_cookies(name="sessionid")

    press(page, "a")
    page.wait_for_selector(".problem")

    expect(page.locator(".review-said")).to_contain_text("signed out")
    expect(page.locator("[data-count]")).to_have_text("2")
    expect(page.locator(".item[data-state=suggested][data-waits]")).to_have_count(2)
    expect(page.locator("mark.is-confirmed, [data-act=accept][aria-pressed=true]")).to_have_count(0)
    page.context.add_cookies(session)
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(".item[data-state=confirmed]")
    all_sent(page)
    expect(page.locator("[data-count]")).to_have_text("1")
    expect(page.locator(".review-said")).to_have_text("Now it is saved.")
    assert sorted(states(article).values()) == ["confirmed", "suggested"]


def test_a_decision_that_was_not_saved_is_taken_back_or_made_otherwise(sign_in, admin_user, named):
    article = named(2)
    page = sign_in(admin_user)
    open_review(page, article)
    page.context.set_offline(True)

    press(page, "a")
    page.wait_for_selector(".problem")
    press(page, "u")
    expect(page.locator(".problem")).to_have_count(0)
    press(page, "a")
    page.wait_for_selector(".problem")
    press(page, "k")
    page.context.set_offline(False)
    press(page, "r")
    page.wait_for_selector(".item[data-state=rejected]")
    all_sent(page)

    assert states(article) == {"Zorgua": "rejected", "Zorgub": "suggested"}


def test_what_another_editor_decided_meanwhile_is_shown_and_stays(
    sign_in, admin_user, named, make_user
):
    article, other = named(2), make_user(username="marie")
    page = sign_in(admin_user)
    open_review(page, article)
    mention = article.mentions.get(company__name="Zorgua")
    mention._history_user = other
    mention.reject()

    press(page, "a")
    page.wait_for_selector(".problem")

    assert states(article) == {"Zorgua": "rejected", "Zorgub": "suggested"}
    item = page.locator(f"#mention-{mention.pk}")
    expect(item.locator(".problem")).to_contain_text("marie")
    expect(item).to_have_attribute("data-state", "rejected")
    item.locator(".problem button").click()  # it is meant
    all_sent(page)
    assert states(article)["Zorgua"] == "confirmed"


def test_what_others_decide_is_shown_when_one_comes_back(sign_in, admin_user, named):
    article = named(2)
    page = sign_in(admin_user)
    open_review(page, article)
    mention = article.mentions.get(company__name="Zorgub")
    mention.reject()

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector(f"#mention-{mention.pk}[data-state=rejected] .problem")

    expect(page.locator("[data-count]")).to_have_text("1")
    expect(page.locator(f"mark.is-rejected[data-of='mention-{mention.pk}']")).to_have_count(1)


def test_leaving_with_a_decision_unsent_warns(sign_in, admin_user, named):
    article = named(1)
    page = sign_in(admin_user)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    open_review(page, article)
    page.context.set_offline(True)

    press(page, "a")
    page.wait_for_selector(".problem")
    leave(page)

    assert asked == ["beforeunload"]


def test_leaving_with_unsaved_work_warns(sign_in, admin_user, named):
    article = named(1)
    page = sign_in(admin_user)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    open_review(page, article)

    press(page, "e")
    page.keyboard.type("Caf")
    leave(page)

    assert asked == ["beforeunload"]
    assert "/review/" in page.url
    expect(page.locator("[name=measures-0-activity]")).to_have_value("Caf")


def test_leaving_without_any_does_not(sign_in, admin_user, named):
    article = named(1)
    page = sign_in(admin_user)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    open_review(page, article)

    press(page, "a", "n")
    page.wait_for_url("**/admin/")

    assert (asked, states(article)) == ([], {"Zorgu": "confirmed"})


def test_keys_are_letters_while_one_types(sign_in, admin_user, named):
    article = named(1)
    page = sign_in(admin_user)
    open_review(page, article)

    press(page, "e")
    page.keyboard.type("arjkun?123")

    expect(page.locator("[name=measures-0-activity]")).to_have_value("arjkun?123")
    assert states(article) == {"Zorgu": "suggested"}
    press(page, "Escape", "?")
    expect(page.locator("dialog#keys")).to_be_visible()
    press(page, "a", "Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()
    assert states(article) == {"Zorgu": "suggested"}


def test_ctrl_s_saves_and_a_refusal_loses_nothing(sign_in, admin_user, named):
    article = named(1)
    page = sign_in(admin_user, language="en")
    open_review(page, article)

    press(page, "e")
    page.keyboard.type("Coffee shops")
    press(page, "Control+s")
    page.wait_for_selector(".errornote")
    ready(page)

    values = {
        name: page.locator(f"[name={name}]").input_value()
        for name in ("passages-0-exact", "passages-0-start", "measures-0-activity")
    }
    assert values == {
        "passages-0-exact": "Zorgu ferme ses cafés.",
        "passages-0-start": "0",
        "measures-0-activity": "Coffee shops",
    }
    assert Announcement.objects.count() == 0


def test_a_session_that_ended_loses_nothing_that_was_typed(sign_in, admin_user, named):
    article = named(2)
    page = sign_in(admin_user, language="en")
    open_review(page, article)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")

    press(page, "e")
    page.keyboard.type("Coffee shops")
    press(page, "Control+s")
    page.wait_for_selector(".save .problem")
    expect(page.locator(".save .problem")).to_contain_text("signed out")
    expect(page.locator("[name=measures-0-activity]")).to_have_value("Coffee shops")

    # Signing in anew gives another token than the one that the page was made with.
    session = [cookie for cookie in cookies if cookie["name"] == "sessionid"]
    token = [cookie | {"value": "x" * 32} for cookie in cookies if cookie["name"] == "csrftoken"]
    page.context.add_cookies(session + token)
    press(page, "Escape", "a")
    all_sent(page)
    assert "confirmed" in states(article).values()
    page.locator(".save .problem button").click()
    page.wait_for_selector(".errornote")
    ready(page)
    expect(page.locator("[name=measures-0-activity]")).to_have_value("Coffee shops")


def test_a_form_is_saved_once_however_long_its_keys_are_held(sign_in, admin_user, named):
    article = named(1)
    page = sign_in(admin_user, language="en")
    open_review(page, article)
    page.locator("[name=title_en]").fill("Closing")
    for _ in range(8):
        page.keyboard.down("Control")
        page.keyboard.down("s")
    page.wait_for_selector(".messagelist .success")
    ready(page)

    assert Announcement.objects.count() == 1


def test_digits_of_a_french_keyboard_give_the_role(sign_in, admin_user, named):
    article = named(1)
    page = sign_in(admin_user)
    open_review(page, article)

    page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', "
        "{ key: 'é', code: 'Digit2', bubbles: true }))"
    )
    all_sent(page)

    assert article.mentions.get().role == "peer"


def test_words_selected_by_mouse_are_in_the_form_at_once(sign_in, admin_user, named):
    article = named(1, body=BODY)
    page = sign_in(admin_user)
    open_review(page, article)

    page.evaluate(
        """() => {
            const [first, , last] = document.querySelectorAll("[data-start]");
            getSelection().setBaseAndExtent(first.lastChild, 2, last.firstChild, 11);
        }"""
    )
    expect(page.locator("[name=passages-0-exact]")).not_to_have_value("")
    exact = page.locator("[name=passages-0-exact]").input_value()
    start = int(page.locator("[name=passages-0-start]").input_value())
    assert BODY[start : start + len(exact)] == exact
    assert "\n\n## Réactions\n\n" in exact


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_runs_off_the_side(sign_in, admin_user, named, language, scheme):
    article = named(6)
    Activity.objects.create(company=article.mentions.first().company, name_fr="A", name_en="A")
    article.revise(body=article.body + " Encore.")
    page = sign_in(admin_user, language=language, width=360, color_scheme=scheme)
    complaints = complaints_of(page)

    open_review(page, article)
    press(page, "e", "Control+Enter")
    assert fits(page)
    page.goto(f"/admin/articles/article/{article.pk}/versions/")
    assert fits(page)
    expect(page.locator("ins")).to_have_count(2)  # the legend's, and the word
    assert complaints == []


def test_without_a_script_buttons_decide(sign_in, admin_user, named):
    article = named(2)
    page = sign_in(admin_user, language="en", java_script_enabled=False)

    page.goto(f"/admin/articles/article/{article.pk}/review/")
    page.get_by_role("button", name="Confirm").first.click()
    page.wait_for_url("**#mention-*")

    assert sorted(states(article).values()) == ["confirmed", "suggested"]


@pytest.fixture
def told_already(named, make_announcement):
    """A piece that suggests an announcement, and one like it in the archive."""
    body = "Zorgu quitte la Russie. La décision vaut aussi pour le Bélarus."
    article = named(1, body=body, language="fr", status="usable")
    suggest([article])
    company = article.mentions.get().company
    return article, make_announcement(company, day=timezone.localdate())


def test_a_key_adds_the_passage_to_what_is_there_already(sign_in, admin_user, told_already):
    article, known = told_already
    page = sign_in(admin_user, language="en")
    complaints = complaints_of(page)
    open_review(page, article)

    press(page, "j", "p")
    question = page.locator("details.asks[open]")
    expect(question).to_contain_text(f"“{known.title_en}” is published")
    press(page, "Escape")
    question.wait_for(state="detached")
    page.keyboard.down("p")
    page.keyboard.down("p")  # it repeats: no yes
    page.keyboard.up("p")
    question.wait_for()
    assert (known.evidence.count(), known.editions.count()) == (1, 1)
    press(page, "p")
    all_sent(page)

    suggestion = article.suggestions.get()
    assert (suggestion.status, suggestion.announcement) == ("joined", known)
    assert known.evidence.get(article=article).exact == "Zorgu quitte la Russie."
    item = page.locator(f"#suggestion-{suggestion.pk}")
    expect(item).to_contain_text("Added as evidence")
    press(page, "u")
    problem = item.locator(".problem")
    problem.wait_for()
    expect(problem).to_contain_text("take them out there first")
    expect(problem.get_by_role("button")).to_have_count(0)  # trying again can't help
    assert (Announcement.objects.count(), complaints) == (1, [])


def test_selected_words_give_the_form_their_company(sign_in, admin_user, named):
    article = named(2)
    page = sign_in(admin_user)
    open_review(page, article)
    mention = article.mentions.get(company__name="Zorgub")

    page.evaluate(
        "key => getSelection().selectAllChildren(document.querySelector(`mark[data-of=${key}]`))",
        f"mention-{mention.pk}",
    )

    expect(page.locator("[name=passages-0-exact]")).to_have_value("Zorgub")
    expect(page.locator("[name=company]")).to_have_value(str(mention.company_id))


def test_keys_say_what_keeps_a_passage_from_being_added(sign_in, admin_user, told_already):
    article, known = told_already
    article.withhold()
    page = sign_in(admin_user, language="en")
    open_review(page, article)

    press(page, "j", "p")
    said = page.locator(".review-said").inner_text()
    press(page, "s", "e", "Control+Shift+Enter")

    assert "once readers can open this piece (withheld): release it first" in said
    expect(page.locator(".review-said")).to_have_text(said)
    assert (known.evidence.count(), known.editions.count()) == (1, 1)


def test_where_no_company_was_found_one_is_chosen_by_typing(
    sign_in, admin_user, make_article, make_company, transactional_db
):
    make_company(name="Zorgu")
    page = sign_in(admin_user, language="en", width=360)
    complaints = complaints_of(page)
    open_review(page, make_article(body="Rien."))

    press(page, "a")
    said = page.locator(".review-said").inner_text()
    page.locator(".select2-selection").click()
    page.keyboard.type("zor")
    page.get_by_role("option", name="Zorgu").click()
    page.locator("[name=title_en]").fill("Zorgu leaves")
    press(page, "Control+s")
    page.wait_for_selector(".messagelist .success")

    assert "“Add a company that wasn’t found” names one" in said
    assert Announcement.objects.get().company.name == "Zorgu"
    assert fits(page) and complaints == []


def test_a_key_adds_the_passage_to_a_draft_at_once(sign_in, admin_user, told_already):
    article, known = told_already
    Announcement.objects.filter(pk=known.pk).update(status="draft")
    page = sign_in(admin_user, language="en")
    open_review(page, article)

    press(page, "j", "p")
    all_sent(page)

    assert article.suggestions.get().announcement == known


def test_without_a_script_a_button_asks_before_readers_see_it(sign_in, admin_user, told_already):
    article, known = told_already
    page = sign_in(admin_user, language="en", java_script_enabled=False)

    page.goto(f"/admin/articles/article/{article.pk}/review/")
    yes = page.locator("#items").get_by_role("button", name="Yes, add it: a new edition")
    expect(yes).to_be_hidden()
    page.locator("#items summary").click()
    yes.click()
    page.wait_for_url("**#suggestion-*")

    assert article.suggestions.get().announcement == known


def test_a_form_says_what_is_there_already_and_gives_it_the_passage(
    sign_in, admin_user, told_already
):
    article, known = told_already
    page = sign_in(admin_user, language="en", width=360)
    complaints = complaints_of(page)
    open_review(page, article)
    found = page.locator("[data-found] a")
    expect(found).to_have_text([known.title_en])
    page.locator("[name=announced_on]").fill("2022-03-08")
    found.wait_for(state="detached")
    page.locator("[name=announced_on]").fill(str(known.announced_on))
    found.wait_for()
    assert fits(page)

    press(page, "Escape", "s", "ArrowDown", "e")
    page.keyboard.type("Cafés")
    press(page, "Control+Shift+Enter")
    expect(page.locator("[data-found] details[open]")).to_be_visible()
    assert known.evidence.count() == 1
    assert fits(page)
    press(page, "Control+Shift+Enter")
    page.wait_for_url("**#announcements")
    ready(page)

    assert known.evidence.get(article=article).exact == "La décision vaut aussi pour le Bélarus."
    expect(page.locator(".messagelist")).to_contain_text("Cafés")
    assert (Announcement.objects.count(), complaints) == (1, [])


def test_a_form_that_is_saved_asks_no_more_what_is_there(sign_in, admin_user, named):
    article = named(1)
    page = sign_in(admin_user, language="en")
    asked = []
    page.on("request", lambda one: "_look" in (one.post_data or "") and asked.append(one.url))
    open_review(page, article)
    page.context.set_offline(True)  # so that it stays here
    page.locator("[name=measures-0-market]").fill("Russia")
    press(page, "Control+s")
    page.wait_for_selector(".save .problem")
    page.wait_for_timeout(700)  # longer than it waits for the next key

    assert asked == []
    assert page.locator("[data-found]").get_attribute("aria-busy") is None


def test_the_key_for_yes_makes_an_unknown_name_a_company(sign_in, admin_user, named):
    article = named(1)
    newcomer = Newcomer.objects.create(name="Velmar")
    version = article.current_version()
    newcomer.sightings.create(article=article, version=version, start=0, end=6, count=1)
    page = sign_in(admin_user, language="en")
    open_review(page, article)

    press(page, "j", "j", "3")
    expect(page.locator(".review-said")).to_contain_text("does nothing here")
    press(page, "a")
    page.wait_for_url("**/companies/company/add/**")

    expect(page.locator("[name=name]")).to_have_value("Velmar")
