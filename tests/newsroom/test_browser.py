"""The pages in a real browser: by links alone, on a desk and on a phone."""

import pytest

from companies.models import Mention
from tests.browsing import complaints_of, expect

pytestmark = [pytest.mark.browser, pytest.mark.looks]


@pytest.fixture
def amazon(transactional_db, make_company, make_announcement, make_article, make_publisher):
    company = make_company(slug="amazon", name="Amazon")
    article = make_article(publisher=make_publisher(name="BFM Business"))
    Mention.objects.create(article=article, company=company, status="confirmed", role="subject")
    activities = ("Expédition de produits aux particuliers", "Nouveaux clients AWS")
    return make_announcement(
        company,
        measures=[(a, m, "suspend", "in_effect") for a in activities for m in ("RU", "BY")],
        article=article,
        title_fr="Amazon suspend deux activités",
        title_en="Amazon suspends two activities",
    )


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]
)
def test_a_reader_walks_from_home_to_the_evidence(
    browser, live_server, amazon, language, width, scheme
):
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        locale=language,
        base_url=live_server.url,
    )
    page = context.new_page()
    complaints, elsewhere = complaints_of(page), []
    page.on(
        "request",
        lambda request: request.url.startswith(live_server.url) or elsewhere.append(request.url),
    )

    def arrive(path):
        page.wait_for_url(f"**/{language}/{path}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert wide <= 0

    page.goto("/")
    arrive("")
    page.get_by_role("main").get_by_role("link", name="Amazon", exact=True).first.click()
    arrive("companies/amazon/")
    title = amazon.title_fr if language == "fr" else amazon.title_en
    page.get_by_role("link", name=title).first.click()
    arrive(f"announcements/{amazon.public_id}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_text("BFM Business").first).to_be_visible()
    page.get_by_role("link", name="English" if language == "fr" else "Français").click()
    page.wait_for_url(f"**/{'en' if language == 'fr' else 'fr'}/announcements/{amazon.public_id}/")

    assert (complaints, elsewhere, context.cookies()) == ([], [], [])
    context.close()


def test_the_keyboard_reaches_the_content_first(browser, live_server, amazon):
    page = browser.new_page()
    page.goto(f"{live_server.url}/fr/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#content")).to_be_focused()
