"""How the API is asked and answers: strict parameters, pages, problem details.

Apart from newsroom/api.py, since the framework's own views read these names from
the settings while they are being defined.
"""

from http import HTTPStatus

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100


def unknown_parameters(query, known):
    """What is wrong with the names of parameters: not known, or given twice."""
    errors = {}
    for name in query:
        if name not in known:
            names = ", ".join(sorted(known)) or "—"
            errors[name] = [_("Unknown parameter. Known here: %(names)s.") % {"names": names}]
        elif len(query.getlist(name)) > 1:
            errors[name] = [_("Given more than once.")]
    return errors


class StrictFilterBackend(DjangoFilterBackend):
    """The page's own filter, but strict: what it doesn't understand is an error.

    Leaves the cleaned values as `view.asked`.
    """

    def filter_queryset(self, request, queryset, view):
        filterset = self.get_filterset(request, queryset, view)
        if view.detail:
            known = set(getattr(view, "detail_parameters", ()))
        else:
            known = {*filterset.filters, Pages.page_query_param, Pages.page_size_query_param}
        errors = unknown_parameters(request.query_params, known) | dict(filterset.errors)
        if errors:
            raise ValidationError(errors)
        view.asked = filterset.form.cleaned_data
        return filterset.qs


class Pages(PageNumberPagination):
    """`{"next", "previous", "results"}`, 20 at a time or as many as asked for."""

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE

    @property
    def page_size_query_description(self):
        return _("Results on a page, from 1 to %(most)d.") % {"most": MAX_PAGE_SIZE}

    def get_page_size(self, request):
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) <= 3):
            asked = 0
        if not 1 <= int(asked) <= MAX_PAGE_SIZE:
            allowed = _("A whole number from 1 to %(most)d.") % {"most": MAX_PAGE_SIZE}
            raise ValidationError({self.page_size_query_param: [allowed]})
        return int(asked)

    def get_paginated_response(self, data):
        return Response(
            {"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data}
        )

    def get_paginated_response_schema(self, schema):
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }


def problem(error, context):
    """Any error of the API as problem details (RFC 9457)."""
    response = exception_handler(error, context)
    if response is None:
        return None
    status = HTTPStatus(response.status_code)
    body = {"type": "about:blank", "title": status.phrase, "status": status.value}
    if isinstance(error, ValidationError):
        body["detail"] = _("The request has parameters that can't be understood.")
        body["errors"] = [
            {"parameter": name, "detail": str(message)}
            for name, messages in response.data.items()
            for message in messages
        ]
    elif status == HTTPStatus.NOT_FOUND:
        # One answer for what doesn't exist and for what isn't public.
        body["detail"] = _("There is nothing at this address.")
    else:
        body["detail"] = response.data["detail"]
    response.data = body | getattr(error, "members", {})
    response.content_type = "application/problem+json"
    return response
