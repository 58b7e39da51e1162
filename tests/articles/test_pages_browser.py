"""An article in a real browser: its marks, a link to a passage, its wordings, on paper."""

import pytest

from companies.models import Evidence, Mention
from tests.browsing import complaints_of, expect, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.looks]

FILLER = "\n\n".join(f"Paragraphe {n} sans rien de particulier dedans." for n in range(60))
SENTENCE = "Zebra dit suspendre ses ventes en Russie."
QUOTED = f"{SENTENCE[:-1]} jusqu’à nouvel ordre, et ne quitte pas le pays pour autant."


@pytest.fixture
def piece(transactional_db, make_article, make_announcement, make_company):
    company = make_company(slug="zebra", name="Zebra")
    body = f"{FILLER}\n\n{QUOTED}\n\n{FILLER.replace('Paragraphe', 'Alinéa')}"
    article = make_article(
        slug="piece", body=body, language="fr", source_url="https://example.org/piece"
    )
    start = len(article.headline) + 2 + body.index("Zebra")
    Mention.objects.create(
        article=article,
        company=company,
        version=article.current_version(),
        places=[[start, start + 5]],
        status="confirmed",
    )
    passage = Evidence(
        announcement=make_announcement(company, article=article), article=article, exact=QUOTED
    )
    passage.full_clean()
    passage.save()
    return Evidence.objects.for_listing().get(pk=passage.pk)


def opened(browser, live_server, path, **options):
    context = browser.new_context(
        **{"base_url": live_server.url, "viewport": {"width": 1280, "height": 800}} | options
    )
    page = context.new_page()
    complaints = complaints_of(page)
    page.goto(path)
    return page, complaints


def test_a_link_to_a_passage_lands_on_it(browser, live_server, piece):
    address = piece.address()
    assert "#:~:text=" in address

    page, complaints = opened(browser, live_server, address)

    wait_until(page, "scrollY > 0")
    expect(page.locator(f"#passage-{piece.pk} + a")).to_be_in_viewport(ratio=1)
    assert complaints == []


def test_marks_lead_to_company_announcement_and_back(browser, live_server, piece):
    page, complaints = opened(browser, live_server, piece.article.get_absolute_url())

    page.get_by_role("link", name="Dans le texte").or_(
        page.get_by_role("link", name="In the text")
    ).click()
    expect(page.locator(f"#passage-{piece.pk} + a")).to_be_in_viewport(ratio=1)
    name, *rest = page.locator(".text a").all()
    expect(name).to_have_text("Zebra")
    assert "".join(link.inner_text() for link in (name, *rest)) == QUOTED
    rest[0].click()
    page.wait_for_url(f"**{piece.announcement.get_absolute_url()}")
    page.go_back()
    page.locator(".text a.name").click()
    page.wait_for_url("**/companies/zebra/")
    assert complaints == []


def after(page, selector):
    """What is printed behind a link; browsers differ in how they say that it has parts."""
    said = page.locator(selector).first.evaluate("e => getComputedStyle(e, '::after').content")
    return said.replace('" "', "")


def visible(page, selector):
    return page.locator(selector).first.is_visible()


@pytest.mark.parametrize("path", ["/fr/articles/piece/", "/fr/companies/zebra/"])
def test_a_print_is_clean_and_spells_its_links_out(browser, live_server, piece, path):
    page, complaints = opened(browser, live_server, path)
    on_screen = [
        selector
        for selector in (".top nav", ".top search", ".top .languages", ".bottom ul", ".day button")
        if visible_if_any(page, selector)
    ]
    assert on_screen and not visible(page, ".on-paper")

    page.emulate_media(media="print")

    assert not any(visible(page, selector) for selector in on_screen)
    assert path in page.locator(".on-paper").inner_text() and visible(page, ".on-paper")
    address = f"/fr/announcements/{piece.announcement.public_id}/"
    assert after(page, f'h3 a[href="{address}"]') == f'" <{address}>"'
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert complaints == []
    assert page.pdf()[:5] == b"%PDF-"


def visible_if_any(page, selector):
    return page.locator(selector).count() and visible(page, selector)


def test_paper_keeps_the_text_free_of_addresses(browser, live_server, piece):
    page, _complaints = opened(browser, live_server, "/fr/articles/piece/", color_scheme="dark")

    page.emulate_media(media="print", color_scheme="dark")

    assert after(page, ".text a") == "none"
    assert after(page, 'a[rel="external"]') == '" <https://example.org/piece>"'
    assert visible(page, ".cite p")  # the details are open on paper
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", [320, 1280])
def test_what_changed_shows_without_colour(browser, live_server, piece, width):
    piece.article.revise(body=f"{piece.article.body}\n\nUn ajout.")
    path = f"{piece.article.get_absolute_url()}versions/2/"
    page, complaints = opened(browser, live_server, path, viewport={"width": width, "height": 800})

    lines = [
        page.locator(f".meta {tag}").evaluate("e => getComputedStyle(e).textDecorationLine")
        for tag in ("ins", "del")
    ]
    assert lines == ["underline", "line-through"]
    expect(page.locator(".change ins")).to_contain_text("Un ajout.")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert complaints == []


def test_a_slash_goes_to_the_search_and_completes_companies(browser, live_server, piece):
    page, complaints = opened(browser, live_server, "/fr/articles/")

    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()
    with page.expect_response("**/suggestions/?q=zeb"):
        page.keyboard.type("zeb")
    offered = page.locator("#suggestions [role=option]").first
    offered.wait_for()
    expect(offered).to_contain_text("Zebra")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/search/?q=zeb")
    assert complaints == []


def test_a_list_is_narrowed_by_link_and_by_form(browser, live_server, piece, make_article):
    make_article(language="en", headline="In English")
    page, complaints = opened(browser, live_server, "/fr/articles/")

    page.get_by_role("link", name="Anglais").click()
    page.wait_for_url("**/?language=en")
    expect(page.locator("#results article")).to_have_count(1)
    page.locator(".chips a").first.click()
    page.wait_for_url("**/fr/articles/")
    with page.expect_response("**language=en*"):
        page.select_option("select[name=language]", "en")
    page.wait_for_url("**language=en**")
    expect(page.locator("#results article")).to_have_count(1)
    page.go_back()
    page.locator("#results article").nth(1).wait_for()
    assert complaints == []
