"""Acts and restores as an editor does them, in a real browser."""

import pytest
from django.urls import reverse

from articles.models import Act
from companies.models import Mention
from tests.browsing import complaints_of, expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False])
def test_mentions_of_all_pages_are_confirmed_and_undone(
    sign_in, admin_user, make_article, make_company, scripts
):
    company = make_company()
    for _ in range(52 if scripts else 3):
        Mention.objects.create(article=make_article(), company=company)
    page = sign_in(admin_user, language="en", width=360, java_script_enabled=scripts)
    complaints = complaints_of(page)

    page.goto(reverse("admin:companies_mention_changelist"))
    if scripts:
        page.check("#action-toggle")
        page.click("text=Select all 52 mentions")
    else:
        for box in page.locator("input[name=_selected_action]").all():
            box.check()
    page.select_option("select[name=action]", "confirm")
    page.click("button[name=index]")
    number = Mention.objects.count()
    expect(page.locator(".asked strong")).to_have_text(f"{number} mentions")
    assert Mention.objects.suggested().count() == number
    page.click("input.default")
    page.locator(".messagelist button").wait_for()
    assert Mention.objects.filter(status="confirmed").count() == number

    page.click(".messagelist button")

    said = page.locator(".messagelist li").first
    expect(said).to_have_text(f"Confirm undone: {number} records.")
    assert Mention.objects.suggested().count() == number
    assert Act.objects.get().undone_by == admin_user
    assert page.evaluate("document.documentElement.scrollWidth") <= 360 if scripts else True
    assert complaints == []


def test_an_earlier_state_is_looked_at_and_restored(sign_in, admin_user, make_company):
    company = make_company(name="Lumina")
    company.names.create(name="Lumina SA")
    page = sign_in(admin_user, language="en", width=360)
    complaints = complaints_of(page)
    page.goto(reverse("admin:companies_company_change", args=[company.pk]))
    page.fill("#id_name", "Solano")
    page.check("#id_names-0-DELETE")
    page.click("input[name=_save]")
    page.wait_for_url("**/companies/company/")

    page.goto(reverse("admin:companies_company_history", args=[company.pk]))
    page.locator("p.then a").first.click()
    expect(page.locator(".changes li")).to_have_count(2)
    page.click("input.default")

    page.wait_for_url("**/history/")
    company.refresh_from_db()
    assert (company.name, company.names.get().name) == ("Lumina", "Lumina SA")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_buttons_of_a_record_stand_clear_of_its_title(sign_in, admin_user, make_article, width):
    article = make_article(headline="Une longue histoire de retraits et de retours " * 6)
    page = sign_in(admin_user, language="en", width=width)

    page.goto(reverse("admin:articles_article_change", args=[article.pk]))

    title, buttons = (
        page.locator(part).bounding_box() for part in ("#content > h2", ".object-tools")
    )
    assert title["height"] > 30  # it takes more than a line
    assert title["y"] + title["height"] <= buttons["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
