"""Cards in frames of another site, in a real browser."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browsing import complaints_of, expect

pytestmark = [pytest.mark.browser, pytest.mark.looks]


@pytest.fixture
def elsewhere():
    """Another site, on an origin of its own: every page of it frames the address in its query."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            address = self.path.partition("?")[2]
            icon = '<link rel="icon" href="data:,">'
            page = f'<!doctype html><title>News</title>{icon}<iframe src="{address}"></iframe>'
            self.wfile.write(page.encode())

        def log_message(self, *said):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def framed(browser, live_server, elsewhere):
    """Opens the other site with one of our pages in a frame: (page, frame, complaints)."""

    def open_page(address, **options):
        page = browser.new_context(**options).new_page()
        complaints = complaints_of(page)
        page.goto(f"{elsewhere}?{live_server.url}{address}")
        page.wait_for_load_state("networkidle")
        return page, page.frame_locator("iframe"), complaints

    return open_page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [300, 700])
def test_a_card_is_read_in_a_frame_and_leads_out_of_it(
    transactional_db, framed, live_server, make_announcement, scheme, width
):
    announcement = make_announcement()
    page, frame, complaints = framed(
        f"/en/announcements/{announcement.public_id}/embed/",
        color_scheme=scheme,
        viewport={"width": width, "height": 600},
    )

    expect(frame.get_by_role("heading")).to_have_text(announcement.title_en)
    body = frame.locator("body")
    assert body.evaluate("body => body.scrollWidth <= innerWidth")
    assert complaints == []
    page.reload()  # asks whether the copy is still right
    expect(frame.get_by_role("heading")).to_have_text(announcement.title_en)

    frame.get_by_role("heading").get_by_role("link").click()
    page.wait_for_url(f"{live_server.url}/en/announcements/{announcement.public_id}/")


def test_nothing_else_is_shown_in_a_frame(transactional_db, framed, make_announcement):
    announcement = make_announcement()

    _page, frame, complaints = framed(f"/en/announcements/{announcement.public_id}/")

    expect(frame.get_by_text(announcement.title_en)).to_have_count(0)
    assert "frame-ancestors" in " ".join(complaints)
