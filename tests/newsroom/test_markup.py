"""Each page for readers as HTML: what a parser accepts, what a link leads to, who is labelled."""

from collections import Counter
from urllib.parse import urldefrag, urljoin, urlsplit

import html5lib
import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.looks]
LABELLED = ("input", "select", "textarea")


@pytest.fixture(params=["fr", "en"])
def pages(request, client, one_of_each):
    """Address → (the answer, its parsed page), in one language."""
    opened = {}
    for path in one_of_each.values():
        address = f"/{request.param}/{path}"
        answer = client.get(address)
        opened[address] = (answer, html5lib.parse(answer.getvalue(), namespaceHTMLElements=False))
    return opened


def test_a_strict_parser_accepts_each_page(pages):
    faults = {}
    for address, (answer, _tree) in pages.items():
        parser = html5lib.HTMLParser()
        parser.parse(answer.text)
        if parser.errors:
            faults[address] = parser.errors

    assert faults == {}


def test_what_is_named_exists_once(pages):
    faults = []
    for address, (_answer, tree) in pages.items():
        ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
        faults += [(address, "twice", name) for name, count in ids.items() if count > 1]
        for element in tree.iter():
            for attribute in (
                "for",
                "aria-labelledby",
                "aria-describedby",
                "aria-controls",
                "list",
            ):
                for name in element.get(attribute, "").split():
                    if name not in ids:
                        faults.append((address, attribute, name))

    assert faults == []


def test_every_field_has_a_label(pages):
    faults, fields = [], 0
    for address, (_answer, tree) in pages.items():
        labels = {label.get("for") for label in tree.iter("label") if "".join(label.itertext())}
        for field in (f for name in LABELLED for f in tree.iter(name)):
            if field.get("type") == "hidden":
                continue
            fields += 1
            if field.get("id") not in labels and not field.get("aria-label"):
                faults.append((address, field.attrib))

    assert (faults, fields > len(pages)) == ([], True)


def test_every_link_has_words_and_leads_somewhere(client, pages):
    faults, known = [], dict(pages)
    for address, (_answer, tree) in pages.items():
        for link in tree.iter("a"):
            href = link.get("href")
            if not "".join(link.itertext()).strip():
                faults.append((address, "no words", href))
            target, fragment = urldefrag(urljoin(f"http://testserver{address}", href))
            place = urlsplit(target)
            if place.netloc != "testserver":
                continue
            path = place.path + (f"?{place.query}" if place.query else "")
            if path not in known:
                answer = client.get(path)
                html = "text/html" in answer.get("Content-Type", "")
                tree_there = html5lib.parse(answer.getvalue(), namespaceHTMLElements=False)
                known[path] = (answer, tree_there if html else None)
            answer, there = known[path]
            # What is gone is gone in the other language too.
            right = {200, 404, 410} if link.get("hreflang") or path == address else {200}
            if answer.status_code not in right:
                faults.append((address, href, answer.status_code))
            named = fragment and not fragment.startswith(":~:")
            if named and not any(e.get("id") == fragment.split(":~:")[0] for e in there.iter()):
                faults.append((address, href, "no such place"))

    assert faults == []
    assert len(known) > 2 * len(pages)
