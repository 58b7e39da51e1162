"""Pages for readers as a browser has them: what anyone can use, on any screen, with few bytes.

One page of each template; languages, light and dark, widths and scripts on or off go
together so that each pair of them occurs. Pages that an act leads to, and an empty archive,
are looked at on a phone in French and on a dark screen in English. What a phone shows is
looked at on paper too.
"""

import gzip
from datetime import timedelta
from importlib.resources import files
from itertools import combinations, pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from companies import previews
from companies.models import CorrectionRequest, Sending
from tests.browsing import complaints_of, expect

pytestmark = [pytest.mark.browser, pytest.mark.looks]

# language, scheme, width, scripts. A page has one half or the other.
HALVES = [
    [("fr", "light", 320, True), ("en", "dark", 768, True), ("fr", "dark", 1280, False)],
    [("en", "dark", 320, False), ("fr", "light", 768, False), ("en", "light", 1280, True)],
]
PAGES = [
    "home",
    "announcements",
    "announcements as a table",
    "announcements without any",
    "announcement",
    "edition",
    "retracted",
    "companies",
    "company",
    "compare",
    "market",
    "sector",
    "publisher",
    "articles",
    "article",
    "version",
    "killed",
    "corrections",
    "correction request",
    "correction request sent",
    "search",
    "search without results",
    "search without words",
    "about",
    "data",
    "api",
    "not found",
]
ABSENT = {"not found": 404, "retracted": 410, "killed": 410}

SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) sum += shift.value;
  }).observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""
# What a finger has to hit (WCAG 2.2, 2.5.8): 24 px each way, but for links within a sentence.
SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest(".unseen, .skip"))
  .filter(e => !(e.matches("a") && getComputedStyle(e).display === "inline"
                 && e.closest("p, li, td, th, dd, figcaption")))
  .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([said, box]) => `${said} ${box.width} × ${box.height}`)"""
# An A4 sheet is 190 mm wide without its margins. On it: what only a screen can use, what is
# missing, what doesn't fit, and links whose address isn't told.
SHEET = {"width": 718, "height": 1000}
PAPER = """() => {
  const seen = e => e?.checkVisibility({visibilityProperty: true});
  const all = words => [...document.querySelectorAll(words)];
  const {color, backgroundColor} = getComputedStyle(document.body);
  const missing = ["h1", ...(document.querySelector("#content") ? [".on-paper", ".brand"] : [])];
  return [
    ...all("nav, search, form, button, input, select, textarea, .skip").filter(seen),
    ...missing.filter(words => !seen(document.querySelector(words))),
    ...all("main *").filter(e => seen(e) && !e.closest(".unseen") && e.scrollWidth > innerWidth),
    ...all("main a[href]:not(.text a, .cite a, .chips a, td a, [href^='#'])").filter(a => seen(a) &&
        !getComputedStyle(a, "::after").content.includes(a.getAttribute("href"))),
    ...(color === "rgb(0, 0, 0)" && backgroundColor === "rgb(255, 255, 255)" ? [] : [color]),
  ].map(what => what.outerHTML?.slice(0, 90) ?? what);
}"""
OUTLINE = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .map(heading => Number(heading.tagName[1]))"""


def test_each_pair_of_conditions_occurs():
    together = [row for half in HALVES for row in half]
    values = [{row[column] for row in together} for column in range(4)]
    for one, other in combinations(range(4), 2):
        pairs = {(row[one], row[other]) for row in together}
        assert len(pairs) == len(values[one]) * len(values[other])
    for half in HALVES:
        assert [{row[column] for row in half} for column in range(4)] == values


@pytest.mark.parametrize("conditions", [row for half in HALVES for row in half])
def test_a_page_is_for_everyone(read, live_server, transactional_db, one_of_each, conditions):
    language = conditions[0]
    look = looking(read, live_server, conditions)

    faults = {
        name: look(f"/{language}/{one_of_each[name]}", ABSENT.get(name, 200))
        for name in PAGES[conditions in HALVES[1] :: 2]
    }

    assert {name: found for name, found in faults.items() if found} == {}
    assert len(faults) >= len(PAGES) // 2


def looking(read, live_server, conditions):
    """A function that opens an address and returns what is wrong with the page. `act` is what
    one does there first, to come to another page, which answers with `status`."""
    language, scheme, width, scripts = conditions
    page = read(language=language, scheme=scheme, width=width, scripts=scripts)
    complaints, answers = complaints_of(page), []
    page.on("response", lambda answer: answers.append(answer))

    def look(address, status=200, act=None, lang=language):
        page.own_scripts.allow(scripts)
        complaints.clear()
        answers.clear()
        answer = page.goto(address)
        if act:
            complaints.clear()
            answers.clear()
            with page.expect_navigation() as navigation:
                act(page)
            answer = navigation.value
        page.own_scripts.allow(True)  # ours
        found = {
            "status": answer.status - status,
            "complaints": [each for each in complaints if f"status of {status}" not in each],
            "elsewhere": [a.url for a in answers if not a.url.startswith(live_server.url)],
            "cookies": page.context.cookies(),
            "sideways": page.evaluate(
                "Math.max(0, document.documentElement.scrollWidth - innerWidth)"
            ),
            "language": {lang} ^ {page.locator("html").get_attribute("lang")},
            "small": page.evaluate(SMALL),
            "outline": outline_faults(page.evaluate(OUTLINE)),
            "budget": over_budget(page, answer, answers),
            "axe": violations(page),
            "paper": width == 320 and on_paper(page),
        }
        return {kind: what for kind, what in found.items() if what}

    return look


BOTH = [("fr", "light", 320, True), ("en", "dark", 1280, True)]
SUGGEST = "corrections/suggest/companies/boreal/"
CARDS = {
    "announcements/boreal-suspends/embed/": "companies/announcement_card.html",
    "companies/boreal/embed/": "companies/company_card.html",
    "announcements/retracted/embed/": "companies/retracted_card.html",
}


WITHDRAWN = {
    "announcements/withdrawn/": "companies/withdrawn.html",
    "announcements/withdrawn/embed/": "companies/withdrawn_card.html",
}


def send(page):
    page.locator(".request textarea").fill("C’était en juin.")
    page.locator(".request button").click()


def send_nothing(page):
    page.locator(".request").evaluate("form => { form.noValidate = true; form.requestSubmit() }")


def send_without_a_token(page):
    page.route("**/about/", lambda route: route.continue_(method="POST"), times=1)
    page.reload()


@pytest.mark.parametrize("conditions", BOTH)
def test_what_an_act_leads_to_is_for_everyone(
    read,
    live_server,
    transactional_db,
    one_of_each,
    make_announcement,
    make_article,
    monkeypatch,
    conditions,
):
    language = conditions[0]
    look = looking(read, live_server, conditions)
    monkeypatch.setattr("companies.forms.WRITING", -1)
    opened, _until = previews.make(make_announcement(publish=False))
    ended, _until = previews.make(make_announcement(publish=False), timedelta(-1))
    preview = f"/{language}/announcements/preview"
    suggest = f"/{language}/{SUGGEST}"

    faults = {
        "preview": look(f"{preview}/{opened}/"),
        "preview ended": look(f"{preview}/{ended}/", 410),
        "form with errors": look(suggest, act=send_nothing),
        "form sent": look(suggest, act=send),
        "form refused": look(f"/{language}/about/", 403, act=send_without_a_token),
    }
    faults |= {
        path: look(f"/{language}/{path}", 410 if "retracted" in path else 200) for path in CARDS
    }
    make_announcement(article=(source := make_article()), public_id="withdrawn")
    source.kill(note_fr="Retirée par l’éditeur.", note_en="Withdrawn by its publisher.")
    for path in WITHDRAWN:
        faults[path] = look(f"/{language}/{path}", 410)
    for _request in range(10):
        Sending.objects.admit("127.0.0.1")
    faults["form over the limit"] = look(suggest, 429, act=send)
    # A view that fails as any may: its template is gone. What is told then is in both languages.
    monkeypatch.setattr("newsroom.views.Data.template_name", "newsroom/gone.html")
    faults["failure"] = look(f"/{language}/data/", 500, lang="fr")

    assert {name: found for name, found in faults.items() if found} == {}
    assert CorrectionRequest.objects.count() == 1


EMPTY = ["", "announcements/", "announcements/?q=a", "companies/", "companies/compare/"]
EMPTY += ["articles/", "corrections/", "search/?q=a", "markets/RU/", "sectors/G/"]


@pytest.mark.parametrize("conditions", BOTH)
def test_an_empty_archive_is_for_everyone(read, live_server, transactional_db, conditions):
    look = looking(read, live_server, conditions)

    faults = {path: look(f"/{conditions[0]}/{path}") for path in EMPTY}

    assert {path: found for path, found in faults.items() if found} == {}


# What the pages above show that no address of the table does.
BY_ACTS = {
    "500.html",
    "companies/preview_ended.html",
    "newsroom/forbidden.html",
    *CARDS.values(),
    *WITHDRAWN.values(),
}


def test_each_template_has_a_page_in_these_tables(client, one_of_each):
    folder = settings.BASE_DIR / "templates"
    pages = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if path.name[0] != "_" and path.relative_to(folder).parts[0] not in ("admin", "_partials")
    }

    shown = {
        template.name
        for path in one_of_each.values()
        for template in client.get(f"/fr/{path}").templates
    }

    assert set(PAGES) == set(one_of_each)
    assert pages - shown == BY_ACTS | {"embedded.html"} - shown


def outline_faults(levels):
    """One h1, which comes first, and no step that leaves a level out."""
    steps = [deeper - level for level, deeper in pairwise(levels)]
    return [] if levels[0] == levels.count(1) == 1 and max(steps, default=1) <= 1 else levels


def on_paper(page):
    size = page.viewport_size
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)
    found = page.evaluate(PAPER)
    page.emulate_media(media="screen")
    page.set_viewport_size(size)
    return found


def over_budget(page, answer, answers):
    """What is too much: bytes of HTML, requests, bytes of scripts as they are sent
    (compressed, by WhiteNoise in production), and how far the page's parts move."""
    scripts = [
        Path(finders.find(urlsplit(a.url).path.removeprefix("/static/"))).read_bytes()
        for a in answers
        if a.request.resource_type == "script"
    ]
    spent = {
        "html": (len(answer.body()), 100_000),
        "requests": (len(answers), 10),
        "script": (sum(len(gzip.compress(text)) for text in scripts), 30_000),
        "shift": (page.evaluate(SHIFT), 0.05),
    }
    return {what: size for what, (size, most) in spent.items() if size > most}


def violations(page):
    """What axe finds (WCAG 2.0 to 2.2, A and AA, and good habits): its rule, where, and why.

    It is put in from outside, so that the page's own policy stays in force.
    """
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run({runOnly: tags})", tags)
    return [
        (each["id"], node["target"], node["any"][0]["message"] if node["any"] else "")
        for each in found["violations"]
        for node in each["nodes"]
    ]


CHOICES = {
    "market": "BY",
    "sector": "G",
    "country": "US",
    "action": "suspend",
    "stage": "announced",
    "publisher": "gazette",
    "contradicted": "true",
    "announced_after": "2022-03-05",
    "announced_before": "2022-06-30",
    "as_of": "2022-12-31",
    "ordering": "announced_on",
    "q": "annonce",
    "company": "boreal",
}
SHOWN = CHOICES | {"company": "Boréal"}  # whose slug is in the address


def choose(page, name, value):
    field = page.locator(f".filter [name={name}]")
    if field.evaluate("field => field.matches('select')"):
        field.select_option(value)
    else:
        field.fill(value)
        field.press("Tab")  # half a name is no answer yet


def asked(page):
    """(what the address asks, what the form shows): as it should be, the same."""
    address = parse_qs(urlsplit(page.url).query)
    shown = page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('.filter .field [name]')]"
        ".filter(field => field.value).map(field => [field.name, [field.value]]))"
    )
    return address, shown


@pytest.mark.parametrize("scripts", [True, False])
def test_every_filter_is_in_the_address_and_comes_back(
    read, transactional_db, one_of_each, scripts
):
    page = read(scripts=scripts)
    complaints, loads = complaints_of(page), []
    page.on("request", lambda r: r.is_navigation_request() and loads.append(r.url))
    start = "/fr/announcements/"

    for name, value in CHOICES.items():
        page.goto(start)
        loads.clear()
        choose(page, name, value)
        if not scripts:
            page.get_by_role("button", name="Afficher").last.click()
        page.wait_for_url(lambda url, words=f"{name}={value}": words in url)
        chips = page.locator(".chips a")
        expect(chips).to_have_count(0 if name == "ordering" else 1)
        page.wait_for_load_state("networkidle")
        address, shown = asked(page)
        assert {n: v for n, v in address.items() if v != [""]} == {name: [value]}
        assert shown == {name: [SHOWN[name]]}
        assert len(loads) == (0 if scripts else 1), "the page is loaded anew only without scripts"
        count = page.locator(".count").inner_text()

        with page.expect_event("load"):
            page.go_back()
        assert (urlsplit(page.url).path, *asked(page)) == (start, {}, {}), name
        with page.expect_event("load"):
            page.go_forward()
        assert asked(page)[1] == {name: [SHOWN[name]]}
        with page.expect_event("load"):
            page.get_by_role("link", name="English").click()
        assert urlsplit(page.url).path == "/en/announcements/"
        assert asked(page)[1] == {name: [SHOWN[name]]}
        assert count.split()[0] == page.locator(".count").inner_text().split()[0]
        if chips.count():
            with page.expect_event("load"):
                chips.first.click()
            assert asked(page) == ({}, {}), name

    assert complaints == []


def test_what_is_chosen_live_counts_beside_the_other_filters(read, transactional_db, one_of_each):
    page = read()
    page.goto("/fr/announcements/")
    before = page.locator("[name=action] option").all_text_contents()

    choose(page, "market", "UA")
    page.wait_for_url(lambda url: url.endswith("?market=UA"))
    actions = page.locator("[name=action] option")
    expect(actions).to_have_text(["Tous", "Réduction (5)", "Poursuite (4)"])

    assert len(before) == 7
    assert page.evaluate("document.activeElement.name") in ("market", None)
    with page.expect_event("load"):
        page.go_back()
    expect(actions).to_have_text(before)


def test_a_company_is_chosen_from_those_offered(read, transactional_db, one_of_each):
    page = read(width=360)
    complaints = complaints_of(page)
    page.goto("/fr/announcements/")
    page.get_by_text("Filtres").click()
    field, offered = (
        page.locator("[name=company]:not([type=hidden])"),
        page.locator("#suggestions li"),
    )

    field.fill("bore")  # at once, so that it is asked for once
    offered.first.wait_for()
    assert page.url.endswith("/fr/announcements/")  # half a name asks nothing
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    active = field.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    assert violations(page) == []
    field.press("Enter")
    page.wait_for_url("**/fr/announcements/?company=boreal")
    page.locator(".chips").get_by_text("Boréal").wait_for()
    expect(field).to_have_value("Boréal")
    expect(offered.first).to_be_hidden()

    page.goto("/fr/companies/compare/?company=boreal")
    field.fill("societe")
    offered.nth(1).click()
    page.wait_for_url(f"**/{one_of_each['compare']}")
    page.locator(".chips a").nth(1).click()
    page.wait_for_url("**/compare/?company=boreal")
    field.fill("societe")
    offered.first.wait_for()
    field.press("Escape")
    expect(offered.first).to_be_hidden()
    expect(field).to_have_value("societe")
    assert complaints == []


def test_a_reader_walks_by_keyboard_alone(read, transactional_db, one_of_each):
    page = read(language="en")
    page.goto("/en/")

    def go(name):
        """Tab to the link of that name, see that it shows where one is, and follow it."""
        for _step in range(150):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.innerText?.trim()") == name:
                ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert ring == "solid"
                return
        raise AssertionError(f"no way by the Tab key to {name}")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()  # past the head of the page
    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()
    page.keyboard.type("bore")
    page.locator("#suggestions [role=option]").first.wait_for()
    page.keyboard.type("al/")  # which is a letter here
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=boreal")
    go("Boréal")
    page.keyboard.press("Enter")
    page.wait_for_url("**/companies/boreal/")
    go("Boréal suspends deliveries")
    page.keyboard.press("Enter")
    page.wait_for_url("**/announcements/boreal-suspends/")
    go("Boréal suspend ses livraisons")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/boreal-suspend/**")
    go("Read the original at La Gazette")
    href = page.evaluate("document.activeElement.href")
    assert href == "https://gazette.example.org/boreal"


@pytest.mark.parametrize(
    ("name", "first", "second", "last"),
    [
        ("market", "week of 28 February 2022: Exit, 1", "Suspension, 1", "Pause of investment, 1"),
        (
            "compare",
            "Belarus: Suspension (Livraisons, New cloud customers) · In effect",
            "Russia: Suspension (Livraisons, New cloud customers) · In effect",
            "",
        ),
    ],
)
def test_a_picture_is_read_by_keys_and_pointer(
    read, transactional_db, one_of_each, name, first, second, last
):
    page = read(language="en")
    complaints = complaints_of(page)
    page.goto(f"/en/{one_of_each[name]}")
    figure = page.locator(".drawn").first
    picture, line = figure.locator(".picture:visible"), figure.locator(".reading")

    said = [line.inner_text()]
    picture.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowDown", "Home"):
        page.keyboard.press(key)
        said.append(line.inner_text())
    figure.locator(".picture:visible [class^=a-]").nth(1).hover()

    assert said[0] == "The pointer or the arrow keys read the figures."
    assert said[1] == said[3] == said[6] != said[2]
    expect(line).to_have_text(said[2])
    assert said[4] == said[5]
    assert first in said[1] and second in said[2] and last in said[4], said
    expect(page.locator(".read")).to_have_count(1)
    assert complaints == []
