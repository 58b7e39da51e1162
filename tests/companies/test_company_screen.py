"""The company's form: what names would match, what may be the same, and mergers."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from companies.models import Company, CompanyName, Identifier, Mention
from tests.browsing import complaints_of, expect
from tests.forms import typed

ADD = reverse("admin:companies_company_add")
MERGE = reverse("admin:companies_company_merge")


def change(company):
    return reverse("admin:companies_company_change", args=[company.pk])


def part_of(company):
    return reverse("admin:companies_company_part", args=[company.pk])


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


@pytest.fixture
def lumina(make_company):
    return make_company(slug="lumina", name="Lumina")


def entry(desk, **fields):
    rows = {
        "names-TOTAL_FORMS": "1",
        "names-0-name": "Boréal",
        "names-0-kind": "brand",
    }
    return typed(desk.get(ADD)) | {"name": "Solano", "slug": "solano"} | rows | fields


# --- what the names would match ---


def test_names_are_tried_and_nothing_is_saved_or_lost(desk, make_article):
    make_article(headline="A", body="Hier, Boréal part.")
    answer = desk.post(ADD, entry(desk, _names="1", website="https://solano.example"))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Hier, <mark>Boréal</mark> part." in page
    assert [prospect.count for prospect in answer.context["prospects"]] == [0, 1]
    again = typed(answer)
    assert (again["name"], again["website"]) == ("Solano", "https://solano.example")
    assert again["names-0-name"] == "Boréal"
    assert "errornote" not in page
    assert Company.objects.count() == 0


def test_the_script_gets_the_panel_alone(desk, lumina, make_article):
    make_article(body="Lumina part.")
    answer = desk.post(change(lumina), typed(desk.get(change(lumina))) | {"_names": "live"})
    page = answer.content.decode()
    assert "<form" not in page
    assert 'data-field="name" data-said="1 article"' in page


def test_a_name_that_is_taken_off_is_told_with_what_it_takes_along(desk, lumina):
    name = CompanyName.objects.create(company=lumina, name="Boréal")
    form = typed(desk.get(change(lumina))) | {"names-0-DELETE": "on", "_names": "1"}
    answer = desk.post(change(lumina), form)
    assert [loss.name for loss in answer.context["losses"]] == ["Boréal"]
    name.refresh_from_db()


@pytest.mark.parametrize("name", ['"><script>alert(1)</script>', "NEAR(", "*", "x" * 300, "\0"])
def test_a_hostile_name_is_tried_without_harm(desk, name):
    answer = desk.post(ADD, entry(desk, _names="1", **{"names-0-name": name}))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_the_form_can_be_opened_filled_in(desk):
    assert typed(desk.get(f"{ADD}?name=Solano"))["name"] == "Solano"


# --- what may be the same ---


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "LUMINA"},
        {"name": "Lumina, Inc."},
        {"legal_name": "Lumina"},
        {"names-0-name": "Lumina"},
        {"website": "https://lumina.example/x"},
    ],
)
def test_what_may_be_the_same_is_shown_before_it_is_saved(desk, lumina, fields):
    lumina.website = "https://www.lumina.example"
    lumina.save()
    form = entry(desk, **fields)
    answer = desk.post(ADD, form)
    assert answer.status_code == 200
    (double,) = answer.context["doubles"]
    assert (double.key, double.name) == (lumina.pk, "Lumina")
    assert typed(answer)["names-0-name"] == form["names-0-name"]
    assert Company.objects.count() == 1
    # The word holds for those that were shown, and for no others.
    assert desk.post(ADD, form | {"not_the_same": f"{lumina.pk}9"}).status_code == 200
    assert desk.post(ADD, form | {"not_the_same": str(lumina.pk)}).status_code == 302
    assert Company.objects.count() == 2


def test_a_change_asks_about_what_is_new_alone(desk, lumina, make_company):
    make_company(name="Lumina")
    form = typed(desk.get(change(lumina)))
    assert desk.post(change(lumina), form | {"country": "FR"}).status_code == 302
    make_company(name="Boréal")
    rows = {"names-TOTAL_FORMS": "1", "names-0-name": "Boréal", "names-0-kind": "brand"}
    answer = desk.post(change(lumina), form | rows)
    (double,) = answer.context["doubles"]
    assert double.name == "Boréal"
    assert double.merge_url == f"{MERGE}?company={lumina.pk}&into={double.key}"
    assert not CompanyName.objects.exists()


def test_an_identifier_that_is_taken_names_its_holder(desk, lumina):
    Identifier.objects.create(company=lumina, scheme="ticker", value="NYSE:LUM")
    rows = {
        "identifiers-TOTAL_FORMS": "1",
        "identifiers-0-scheme": "ticker",
        "identifiers-0-value": "NYSE:LUM",
    }
    page = desk.post(ADD, entry(desk, **rows)).content.decode()
    assert f'NYSE:LUM is <a href="{change(lumina)}">Lumina</a>’s' in page
    assert "already exists" not in page


def test_an_address_that_is_taken_names_its_holder(desk, lumina):
    page = desk.post(ADD, entry(desk, slug=lumina.slug)).content.decode()
    assert f'<a href="{change(lumina)}">Lumina</a> has this address' in page
    assert "already exists" not in page


# --- mergers ---


@pytest.fixture
def twin(make_company):
    return make_company(slug="lumina-sa", name="Lumina SA")


def said(twin, lumina, step, **fields):
    pair = {"company": twin.pk, "into": lumina.pk, "reason": "one register entry"}
    return pair | {"step": step, "shown": f"{twin.pk}-{lumina.pk}"} | fields


@pytest.mark.django_db(transaction=True)
def test_two_are_merged_and_parted(desk, admin_user, lumina, twin, make_article):
    article = make_article(headline="A", body="Lumina SA part.")
    answer = desk.get(MERGE, {"company": twin.pk, "into": lumina.pk})
    assert answer.context["outlook"].company == lumina
    answer = desk.post(MERGE, said(twin, lumina, "merge"), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["info", "success"]
    assert part_of(twin) in answer.content.decode()
    twin.refresh_from_db()
    assert (twin.merged_into, twin.absorbed_by) == (lumina, lumina)
    line = twin.history.first()
    assert (line.history_user, line.history_change_reason) == (admin_user, "one register entry")
    assert Mention.objects.get(article=article).company == lumina

    page = desk.get(change(twin)).content.decode()
    assert part_of(twin) in page
    assert 'name="merged_into"' not in page
    # The button stands in the record's own form, whose fields come along.
    form = typed(desk.get(change(twin)))
    assert desk.post(part_of(twin), form).status_code == 302
    twin.refresh_from_db()
    assert (twin.merged_into, twin.absorbed_by) == (None, None)
    assert Mention.objects.get(article=article).company == twin


@pytest.mark.parametrize(
    ("step", "fields", "merged"),
    [
        ("merge", {}, True),
        ("merge", {"reason": " "}, False),
        ("merge", {"shown": ""}, False),  # nobody saw what would become of them
        ("look", {}, False),
        ("exchange", {}, False),
        ("merge", {"company": ""}, False),
        ("merge", {"company": "x"}, False),
        ("merge", {"company": "9" * 30}, False),
        ("merge", {"into": "999999"}, False),
    ],
)
def test_a_merger_is_done_only_as_it_was_shown(desk, lumina, twin, step, fields, merged):
    answer = desk.post(MERGE, said(twin, lumina, step, **fields))
    assert answer.status_code == (302 if merged else 200)
    twin.refresh_from_db()
    assert (twin.merged_into == lumina) is merged


def test_the_other_one_may_stand(desk, lumina, twin):
    answer = desk.post(MERGE, said(twin, lumina, "exchange"))
    assert answer.context["outlook"].company == twin
    assert answer.context["form"].pair == f"{lumina.pk}-{twin.pk}"


def test_what_is_refused_says_why(desk, lumina, twin):
    twin.parent = lumina
    twin.save()
    answer = desk.post(MERGE, said(twin, lumina, "merge"))
    assert "Lumina SA is a brand of Lumina: two things, not one." in answer.content.decode()


def test_two_of_the_list_are_merged(desk, lumina, twin):
    page = reverse("admin:companies_company_changelist")
    data = {"action": "merge_two", "_selected_action": [lumina.pk, twin.pk]}
    assert desk.post(page, data).url == f"{MERGE}?company={twin.pk}&into={lumina.pk}"
    answer = desk.post(page, data | {"_selected_action": [lumina.pk]}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Select two companies of which neither was merged."
    ]


def test_a_merged_record_is_not_suggested(desk, lumina, twin):
    twin.merge(lumina)
    asked = {"app_label": "companies", "model_name": "announcement", "field_name": "company"}
    found = desk.get(reverse("admin:autocomplete"), asked | {"term": "Lumina"}).json()
    assert [result["text"] for result in found["results"]] == ["Lumina"]


@pytest.mark.parametrize("allowed", [True, False])
def test_a_merger_needs_its_permission(client, make_user, lumina, twin, allowed):
    user = make_user(is_staff=True)
    kind = ContentType.objects.get_for_model(Company)
    names = ["view_company", "change_company", *(["merge_company"] if allowed else [])]
    for name in names:
        permission, _new = Permission.objects.get_or_create(codename=name, content_type=kind)
        user.user_permissions.add(permission)
    client.force_login(user)
    assert (MERGE in client.get(change(lumina)).content.decode()) is allowed
    assert client.get(MERGE).status_code == (200 if allowed else 403)
    answer = client.post(MERGE, said(twin, lumina, "merge"))
    assert answer.status_code == (302 if allowed else 403)
    assert client.post(part_of(twin)).status_code == (302 if allowed else 403)
    assert client.get(part_of(twin)).status_code == 405


# --- the country ---


@pytest.mark.parametrize(("language", "name"), [("fr", "Allemagne"), ("en", "Germany")])
def test_a_country_is_chosen_by_its_name(admin_client, lumina, language, name):
    page = admin_client.get(change(lumina), headers={"accept-language": language})
    assert f'<option value="DE">{name}</option>' in page.text

    admin_client.post(change(lumina), typed(page) | {"country": "DE"})

    lumina.refresh_from_db()
    assert lumina.country == "DE"


def test_a_country_that_is_on_no_list_is_kept(desk, lumina):
    Company.objects.filter(pk=lumina.pk).update(country="SU")
    shown = typed(desk.get(change(lumina)))

    desk.post(change(lumina), shown | {"legal_name": "Lumina SA"})
    refused = desk.post(change(lumina), shown | {"country": "ZZ"})

    lumina.refresh_from_db()
    assert (lumina.country, lumina.legal_name) == ("SU", "Lumina SA")
    assert "errornote" in refused.text


# --- in a browser ---


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_enter_in_a_name_saves_the_company(sign_in, transactional_db, admin_user, lumina, scripts):
    page = sign_in(admin_user, language="en", java_script_enabled=scripts)
    page.goto(change(lumina))

    page.locator("[name=legal_name]").fill("Lumina SA")
    page.locator("[name=legal_name]").press("Enter")
    page.wait_for_selector(".messagelist .success")

    lumina.refresh_from_db()
    assert lumina.legal_name == "Lumina SA"
    page.goto(ADD)
    if scripts:
        expect(page.locator("[name=name]")).to_be_focused()
    page.locator("[name=name]").fill("Solano")
    if not scripts:
        page.get_by_role("button", name="What would these names match?").click()
        expect(page.locator("#matches").get_by_text("Solano")).to_have_count(1)
        page.locator("[name=slug]").fill("solano")
    page.locator("[name=name]").press("Enter")
    page.wait_for_selector(".messagelist .success")
    assert Company.objects.filter(name="Solano").count() == 1


SAID = {
    "try": "What would these names match?",
    "save": "Save and continue editing",
    "none": "None of these is the same: save anyway",
    "merge": "Merge into another company…",
    "show": "Show what readers would see",
    "do": "Merge them",
    "part": "Part them again",
}


def press(page, words):
    """The control of that name, by the keyboard alone."""
    # What is spoken has plain blanks; French typography has others.
    control = page.locator(f"role=button[name={words.replace(chr(160), ' ')!r}] >> visible=true")
    control.focus()
    page.keyboard.press("Enter")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_whole_path_by_the_keyboard(
    sign_in, admin_user, lumina, make_article, make_announcement, language
):
    with translation.override(language):
        words = {name: gettext(said) for name, said in SAID.items()}
    make_announcement(lumina)
    make_article(headline="A", body="Hier, Boréal part.")
    page = sign_in(admin_user, language=language)
    complaints = complaints_of(page)
    page.goto(f"{ADD}?name=Boréal")
    page.locator("#id_slug").fill("boreal")
    # Live, then by the button.
    page.locator("#id_legal_name").press_sequentially("Lumina SA")
    expect(page.locator("#id_name + .name-matches")).to_contain_text("1 article")
    press(page, words["try"])
    expect(page.locator("#matches mark").first).to_have_text("Boréal")
    # A possible duplicate, and the word that it is none.
    press(page, words["save"])
    page.wait_for_selector("#doubles")
    assert Company.objects.count() == 1
    page.get_by_label(words["none"]).focus()
    page.keyboard.press("Space")
    press(page, words["save"])
    page.wait_for_url("**/change/**")
    boreal = Company.objects.get(slug="boreal")
    # It is the same after all.
    page.get_by_role("link", name=words["merge"]).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/merge/**")
    page.locator("#id_into + .select2 .select2-selection").focus()
    page.keyboard.press("Enter")
    page.locator(".select2-search__field:focus").wait_for()  # before, letters are lost
    with page.expect_response(lambda answer: "term=Lumina" in answer.url):
        page.keyboard.insert_text("Lumina")  # at once, so that it is asked for once
    page.locator(".loading-results").wait_for(state="detached")
    page.wait_for_selector(".select2-results__option:text-is('Lumina')")
    page.keyboard.press("ArrowDown")  # past the record itself, which bears the name, too
    page.keyboard.press("Enter")
    page.locator("#id_reason").fill("one register entry")
    press(page, words["show"])
    page.wait_for_selector("#outlook")
    press(page, words["do"])
    page.wait_for_url(f"**{change(lumina)}")
    boreal.refresh_from_db()
    assert boreal.merged_into == lumina
    page.goto(change(boreal))
    press(page, words["part"])
    page.wait_for_selector(".messagelist .success")
    boreal.refresh_from_db()
    assert boreal.merged_into is None
    assert complaints == []
