"""The API's description as a page shows it: every address, what it takes, what it gives."""

import re
from dataclasses import dataclass
from functools import cache

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

CHOICE = re.compile(r"^\* `(.+)` - (.+)$", re.M)  # as drf-spectacular lists them in a text


@dataclass(frozen=True)
class Item:
    """A parameter of an address, or a member of an object.

    `types` are (words, the object's name or "") pairs of which one holds; `choices` are
    (value, what it means) pairs.
    """

    name: str
    types: list
    said: str
    choices: list
    required: bool = False


@dataclass(frozen=True)
class Address:
    """One address, which is read by GET alone. `answers` are (status, types) pairs."""

    path: str
    summary: str
    said: str
    parameters: list
    answers: list

    @property
    def opens(self):
        """Whether it can be opened as it stands."""
        return "{" not in self.path


def reference(language):
    """(addresses, (name, members, choices) of each object) of the API, in a language."""
    described = described_in(language)

    def item(name, schema, text, required):
        named = any(target for _words, target in types_of(schema))
        choices = [] if named else CHOICE.findall(text)  # told where that object is
        return Item(name, types_of(schema), CHOICE.sub("", text).strip(), choices, required)

    addresses = [
        Address(
            path=path,
            summary=operation["summary"],
            said=operation.get("description", ""),
            parameters=[
                item(p["name"], p["schema"], p.get("description", ""), p.get("required", False))
                for p in operation["parameters"]
            ],
            answers=[
                (status, types_of(media["schema"]))
                for status, answer in operation["responses"].items()
                for media in answer["content"].values()
            ],
        )
        for path, operations in described["paths"].items()
        for operation in operations.values()
    ]
    objects = [
        (
            name,
            [
                item(member, schema, schema.get("description", ""), False)
                for member, schema in each.get("properties", {}).items()
            ],
            CHOICE.findall(each.get("description", "")),
        )
        for name, each in described["components"]["schemas"].items()
        if each.get("type") != "null"
    ]
    return addresses, objects


@cache
def described_in(language):
    """The API's description as OpenAPI 3.1; a release has one in each language."""
    with translation.override(language):
        return SchemaGenerator().get_schema(request=None, public=True)


def types_of(schema):
    """[(words, name of the object or "")] of a schema: `string (date)`, `Measure[]`, `null`."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return [("null", "")] if name == "NullEnum" else [(name, name)]
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            return [each for part in schema[several] for each in types_of(part)]
    kinds = schema.get("type", "any")
    return [
        each
        for kind in ([kinds] if isinstance(kinds, str) else kinds)
        for each in _types_of(kind, schema)
    ]


def _types_of(kind, schema):
    if kind == "array":
        return [(f"{words}[]", name) for words, name in types_of(schema["items"])]
    if kind == "object" and "properties" in schema:
        return [(f"{{{', '.join(schema['properties'])}}}", "")]
    if kind == "string" and "format" in schema:
        return [(f"string ({schema['format']})", "")]
    return [(kind, "")]
