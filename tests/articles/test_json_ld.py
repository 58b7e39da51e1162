"""Linked data in pages: sound JSON that nothing can break out of."""

import json
import re

import pytest

from articles.templatetags.json_ld import json_ld


@pytest.mark.parametrize(
    "headline", ["A </script><script>alert(1)</script>", "<!--", "&amp; ]]>", "é \u2028 “"]
)
def test_nothing_breaks_out_of_it(headline):
    written = json_ld({"@type": "NewsArticle", "headline": headline})

    inside = re.fullmatch(r'<script type="application/ld\+json">(.*)</script>', written).group(1)
    assert not set("<>&") & set(inside)
    assert json.loads(inside) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline,
    }


def test_what_is_empty_is_left_out():
    written = json_ld({"@type": "Thing", "name": "", "sameAs": [], "of": {"url": None, "n": 0}})

    assert json.loads(written.split(">", 1)[1].rsplit("<", 1)[0]) == {
        "@context": "https://schema.org",
        "@type": "Thing",
        "of": {"n": 0},
    }
