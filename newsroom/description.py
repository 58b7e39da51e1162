"""How the API's description is made from its views.

Apart from newsroom/protocol.py, since the framework reads this name while its own views are
being defined.
"""

from http import HTTPStatus

from drf_spectacular.openapi import AutoSchema


class Described(AutoSchema):
    def get_description(self):
        """What was written for readers: a view's docstring is for who works on it."""
        return ""


def describe_problems(result, **kwargs):
    """Add to the API's description how each operation says no (a hook of drf-spectacular)."""
    text, number = {"type": "string"}, {"type": "integer"}
    result["components"]["schemas"]["Problem"] = {
        "type": "object",
        "description": "Problem details, RFC 9457; `errors` names each parameter in question.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": text,
            "title": text,
            "status": number,
            "detail": text,
            "errors": {
                "type": "array",
                "items": {"type": "object", "properties": {"parameter": text, "detail": text}},
            },
        },
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    for path, operations in result["paths"].items():
        statuses = [HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND]
        if path.endswith("}/"):
            statuses.append(HTTPStatus.GONE)
        for operation in operations.values():
            for status in statuses:
                operation["responses"][str(status.value)] = {
                    "description": status.phrase,
                    "content": {"application/problem+json": {"schema": schema}},
                }
    return result
