"""Requests made up from the API's own description: never a 5xx, always as described."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

pytestmark = pytest.mark.django_db


def test_the_api_answers_as_it_is_described(make_announcement):
    make_announcement()
    make_announcement()
    schema = schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application())
    operations = [found.ok() for found in schema.get_all_operations()]

    for operation in operations:

        @settings(max_examples=20, deadline=None, database=None)
        @given(case=operation.as_strategy())
        def ask(case):
            # Our own rules are narrower than a pattern can say: "LM" is no country.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        ask()

    assert len(operations) > 8
