"""Linked data for search engines, written into a page."""

import json

from django import template
from django.utils.safestring import mark_safe

register = template.Library()
# What could end the script element, or start a comment in it (HTML Living Standard, 4.12.1.3).
HARMLESS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def json_ld(data):
    """schema.org data as a script element that runs nothing; empty members are left out."""
    text = json.dumps({"@context": "https://schema.org"} | _full(data), ensure_ascii=False)
    return mark_safe(f'<script type="application/ld+json">{text.translate(HARMLESS)}</script>')


def _full(value):
    if isinstance(value, dict):
        return {key: _full(each) for key, each in value.items() if each not in (None, "", [], {})}
    if isinstance(value, list):
        return [_full(each) for each in value]
    return value
