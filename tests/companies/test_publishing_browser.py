"""Scheduling and previewing in a real browser, in both languages; the desk on a phone."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from companies.models import Announcement, Mention
from tests.browsing import complaints_of, expect

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS")  # a folder, for whoever wants to look


def snap(page, name):
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_editor_schedules_and_sends_a_preview(
    transactional_db, browser, live_server, sign_in, make_announcement, admin_user, language
):
    draft = make_announcement(publish=False, title_fr="Bientôt", title_en="Soon")
    page = sign_in(admin_user, language=language)
    complaints = complaints_of(page)
    tomorrow = timezone.localtime() + timedelta(days=1)

    page.goto(f"/admin/companies/announcement/{draft.pk}/change/")
    page.fill("[name=publish_at_0]", f"{tomorrow:%Y-%m-%d}")
    page.fill("[name=publish_at_1]", "18:00")
    snap(page, f"form-{language}")
    page.locator("[name=_schedule]").click()
    page.wait_for_url("**/companies/announcement/")
    snap(page, f"list-{language}")
    draft.refresh_from_db()
    assert timezone.localtime(draft.public_from) == tomorrow.replace(
        hour=18, minute=0, second=0, microsecond=0
    )

    page.goto(f"/admin/companies/announcement/{draft.pk}/change/")
    page.locator(f"a[href$='/{draft.pk}/preview/']").click()
    page.locator("[name=make]").click()
    link = page.locator("#link").input_value()
    snap(page, f"made-{language}")

    outside = browser.new_context(locale=language, viewport={"width": 360, "height": 800})
    reader = outside.new_page()
    complaints_outside = complaints_of(reader)
    reader.goto(link)
    title = draft.title_fr if language == "fr" else draft.title_en
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
    expect(reader.locator(".preview")).to_be_visible()
    assert (too_wide(reader), outside.cookies()) == (False, [])
    snap(reader, f"preview-{language}")
    reader.locator(".languages a").nth(1 if language == "fr" else 0).click()
    other = draft.title_en if language == "fr" else draft.title_fr
    expect(reader.get_by_role("heading", level=1)).to_have_text(other)

    with page.expect_navigation():
        page.locator("[name=withdraw]").click()
    assert reader.goto(link).status == 410
    snap(reader, f"ended-{language}")
    ended = [text for text in complaints_outside if "410" not in text]
    assert (complaints, ended) == ([], [])
    assert not Announcement.objects.public().exists()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]
)
def test_the_desk_is_read_at_every_width(
    transactional_db, sign_in, make_article, make_company, admin_user, language, width, scheme
):
    article = make_article(status="withheld", rights="unknown")
    mention = Mention.objects.create(article=article, company=make_company())
    Mention.objects.filter(pk=mention.pk).update(created_at=timezone.now() - timedelta(days=9))
    page = sign_in(admin_user, language=language, width=width, color_scheme=scheme)
    complaints = complaints_of(page)

    page.goto("/admin/")
    snap(page, f"desk-{language}-{width}-{scheme}")
    expect(page.locator(".queues .full li")).to_have_count(2)
    expect(page.locator(".queues .late .flag")).to_be_visible()
    assert not too_wide(page)
    page.locator(".queues .late a").first.click()
    page.locator("#result_list tbody tr").wait_for()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.goto("/admin/?show=mine")
    snap(page, f"mine-{language}-{width}-{scheme}")
    expect(page.locator(".queues .quiet")).to_be_visible()
    assert complaints == []
