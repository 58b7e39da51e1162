"""The editors' door in a real browser: set up, come in again, be locked out."""

import re

import pytest
from django.urls import reverse

from articles.addresses import home
from newsroom.models import Login
from tests.browsing import complaints_of, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(browser, live_server):
    def make(language="en", width=1280, scheme="light"):
        context = browser.new_context(
            base_url=live_server.url,
            locale=language,
            color_scheme=scheme,
            viewport={"width": width, "height": 800},
        )
        return context.new_page()

    return make


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def type_password(page, user, password="a long password"):
    page.goto("/admin/login/")
    page.locator("#id_username").fill(user.username)
    page.locator("#id_password").fill(password)
    with page.expect_navigation():
        page.locator("#id_password").press("Enter")


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 1280, "light"), ("fr", 360, "dark")],
)
def test_a_publisher_sets_it_up_and_comes_in_with_it(
    window, in_role, settings, code_of, language, width, scheme
):
    settings.SECOND_FACTOR_REQUIRED = True
    user = in_role("publisher")
    page = window(language, width, scheme)
    complaints = complaints_of(page)

    type_password(page, user)
    page.wait_for_url("**/admin/security/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.locator("button[value=begin]").click()
    picture = page.locator(".steps img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    assert fits(page)
    page.locator("#id_code").fill(code_of(user))
    page.locator("#id_code").press("Enter")
    page.locator(".codes").wait_for()
    expect(page.locator(".codes code")).to_have_count(10)
    codes = page.locator(".codes code").all_inner_texts()
    assert fits(page)

    page.goto("/admin/")
    with page.expect_navigation():
        page.locator("#logout-form button").click()
    type_password(page, user)
    page.wait_for_url("**/admin/login/code/")
    page.locator("#id_code:focus").wait_for()
    assert fits(page)
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    page.locator(".errornote").wait_for()
    page.locator("#id_code").fill(codes[0])
    page.locator("#id_code").press("Enter")
    page.wait_for_url(re.compile("/admin/$"))

    assert complaints == []
    kinds = list(Login.objects.of(user).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["in", "set_up", "out", "wrong_code", "recovery"]


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 360)])
def test_who_is_wrong_too_often_reads_when_to_try_again(window, in_role, language, width):
    user = in_role("reporter")
    page = window(language, width)
    for number in range(10):
        type_password(page, user, f"wrong {number}")

    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("strong")).to_have_text(re.compile(r"\d\d[:h]\d\d"))
    assert fits(page)
    type_password(page, user)
    expect(page.locator("strong")).to_have_count(1)
    assert Login.objects.filter(kind="locked").count() == 1
    assert home("127.0.0.1") == Login.objects.first().address


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_reporter_reads_what_is_published_and_types_nothing(
    sign_in, in_role, make_announcement, language
):
    announcement = make_announcement()
    page = sign_in(in_role("reporter"), language=language)

    page.goto(reverse("admin:companies_announcement_change", args=[announcement.pk]))

    form = page.locator("#announcement_form")
    expect(form.locator("input:visible:not([type=hidden]), textarea, select")).to_have_count(0)
    expect(form.get_by_text(announcement.title_en).first).to_be_visible()
    expect(form.locator(".form-row.field-note_fr")).to_have_count(0)
