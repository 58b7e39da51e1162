"""Pages for readers as a browser has them: what anyone can use, on any screen, with few bytes.

One page of each template; languages, light and dark, widths and scripts on or off go
together so that each pair of them occurs.
"""

import gzip
from importlib.resources import files
from itertools import combinations, pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders

from tests.browsing import complaints_of

pytestmark = pytest.mark.browser

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
    "retracted",
    "companies",
    "company",
    "compare",
    "market",
    "sector",
    "publisher",
    "articles",
    "article",
    "killed",
    "corrections",
    "correction request",
    "search",
    "search without results",
    "search without words",
    "about",
    "data",
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
    language, scheme, width, scripts = conditions
    page = read(language=language, scheme=scheme, width=width, scripts=scripts)
    complaints, answers = complaints_of(page), []
    page.on("response", lambda answer: answers.append(answer))

    faults = {}
    for name in PAGES[conditions in HALVES[1] :: 2]:
        complaints.clear()
        answers.clear()
        answer = page.goto(f"/{language}/{one_of_each[name]}")
        page.wait_for_load_state("networkidle")
        page.own_scripts.allow(True)  # ours
        status = ABSENT.get(name, 200)
        found = {
            "status": answer.status - status,
            "complaints": [each for each in complaints if f"status of {status}" not in each],
            "elsewhere": [a.url for a in answers if not a.url.startswith(live_server.url)],
            "cookies": page.context.cookies(),
            "sideways": page.evaluate(
                "Math.max(0, document.documentElement.scrollWidth - innerWidth)"
            ),
            "language": {language} ^ {page.locator("html").get_attribute("lang")},
            "small": page.evaluate(SMALL),
            "outline": outline_faults(page.evaluate(OUTLINE)),
            "budget": over_budget(page, answer, answers),
            "axe": violations(page),
        }
        page.own_scripts.allow(scripts)
        faults[name] = {kind: what for kind, what in found.items() if what}

    assert {name: found for name, found in faults.items() if found} == {}
    assert len(faults) >= len(PAGES) // 2


def outline_faults(levels):
    """One h1, which comes first, and no step that leaves a level out."""
    steps = [deeper - level for level, deeper in pairwise(levels)]
    return [] if levels[0] == levels.count(1) == 1 and max(steps, default=1) <= 1 else levels


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
    "known_at": "2100-01-01",
}


def choose(page, name, value):
    field = page.locator(f".filter [name={name}]")
    if field.evaluate("field => field.matches('select')"):
        field.select_option(value)
    else:
        field.fill(value)


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
        page.wait_for_load_state("networkidle")
        address, shown = asked(page)
        assert {n: v for n, v in address.items() if v != [""]} == shown == {name: [value]}
        assert len(loads) == (0 if scripts else 1), "the page is loaded anew only without scripts"
        chips = page.locator(".chips a")
        assert chips.count() == (0 if name == "ordering" else 1), name
        count = page.locator(".count").inner_text()

        with page.expect_event("load"):
            page.go_back()
        assert (urlsplit(page.url).path, *asked(page)) == (start, {}, {}), name
        with page.expect_event("load"):
            page.go_forward()
        assert asked(page)[1] == {name: [value]}
        with page.expect_event("load"):
            page.get_by_role("link", name="English").click()
        assert urlsplit(page.url).path == "/en/announcements/"
        assert asked(page)[1] == {name: [value]}
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
    page.get_by_text("9 annonces").wait_for()
    after = page.locator("[name=action] option").all_text_contents()

    assert (len(before), after) == (7, ["Tous", "Réduction (5)", "Poursuite (4)"])
    assert page.evaluate("document.activeElement.name") in ("market", None)
    with page.expect_event("load"):
        page.go_back()
    page.get_by_text("29 annonces").wait_for()
    assert page.locator("[name=action] option").all_text_contents() == before


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
    assert page.evaluate("document.activeElement.id") == "content"  # past the head of the page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "site-search"
    page.keyboard.type("bore")
    page.locator("#suggestions option").first.wait_for(state="attached")
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
        ("compare", "Belarus: 8 March 2022, Suspension", "Russia: 8 March 2022, Suspension", ""),
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
    assert said[1] == said[3] == said[6] != said[2] == line.inner_text()
    assert said[4] == said[5]
    assert first in said[1] and second in said[2] and last in said[4], said
    assert (page.locator(".read").count(), complaints) == (1, [])
