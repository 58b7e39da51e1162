"""The doors for readers as the URLconf has them, so that no table of them forgets one."""

import re

from django.urls import URLResolver, get_resolver, resolve

MOMENT = re.compile(rb"known_at=[^&\s)]+")


def whenever(content):
    """What a door shows, but for the second in which its citation was read."""
    return MOMENT.sub(b"", content)


def routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def public_routes():
    """Every route but the admin's, without its language."""
    found = routes(get_resolver().url_patterns)
    return {_named(route) for route in found if not route.startswith("admin/")}


def route_of(address):
    """The route that an address takes; one that leads nowhere raises Resolver404."""
    path = re.sub("^/en/", "/fr/", address.partition("?")[0])
    return _named(re.sub(r"[\^$]", "", resolve(path).route))


def _named(route):
    return re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route.removeprefix("fr/"))
