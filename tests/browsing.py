"""A real Chromium for the tests: `browser`, and `sign_in` for a window of an editor's own.

A page goes on while a test reads it, so what an act leads to is asserted by `expect`, which
waits until it holds.
"""

import os
import shutil

import pytest
from django.conf import settings
from django.test import Client

try:
    from playwright.sync_api import expect
except ImportError:  # `chromium` skips the tests that would ask
    expect = None
else:
    expect.set_options(timeout=30_000)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


@pytest.fixture(scope="session")
def chromium():
    """Chromium, started once; where there is none, the tests that want it are skipped."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright isn't installed")
    if not CHROMIUM:
        pytest.skip("Chromium isn't installed")
    # Playwright's loop runs in this thread, so Django would refuse the tests' own queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield chromium
        chromium.close()


@pytest.fixture
def browser(chromium):
    """Chromium without a window; those that the test opened are closed after it."""
    yield chromium
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def sign_in(browser, live_server):
    """Opens a page in a window of the user's own, signed in; `options` are Playwright's."""

    def open_page(user, *, language="fr", width=1280, **options):
        client = Client()
        client.force_login(user)
        context = browser.new_context(
            base_url=live_server.url,
            locale=language,
            viewport={"width": width, "height": 800},
            **options,
        )
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )
        return context.new_page()

    return open_page


def complaints_of(page):
    """What the page's console says from now on (errors, CSP violations), as it grows."""
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture
def read(browser, live_server):
    """Opens a reader's window; `options` are Playwright's."""

    def open_page(*, language="fr", width=1280, scheme="light", scripts=True, **options):
        context = browser.new_context(
            base_url=live_server.url,
            locale=language,
            color_scheme=scheme,
            viewport={"width": width, "height": 800},
            **options,
        )
        page = context.new_page()
        page.own_scripts = Scripts(page)
        page.own_scripts.allow(scripts)
        return page

    return open_page


class Scripts:
    """Whether a page's scripts run. Unlike Playwright's switch for a window it can be
    turned back, so that a page that was loaded without can be looked at by axe."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)

    def allow(self, allowed):
        self.session.send("Emulation.setScriptExecutionDisabled", {"value": not allowed})


def wait_until(page, expression):
    """Wait until an expression of JavaScript holds on the page; Playwright's own way has the
    page evaluate a string, which its policy forbids."""
    for _try in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")
