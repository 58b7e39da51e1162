"""What an account or a role may be allowed, as the admin offers it."""

import html
import re

import pytest
from django.contrib.auth.models import Group, Permission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


def choices(page, name):
    """The labels of a field's choices."""
    select = page.split(f'<select name="{name}"')[1].split("</select>")[0]
    return [html.unescape(label) for label in re.findall(r"<option[^>]*>([^<]*)<", select)]


@pytest.mark.parametrize(
    ("language", "named"),
    [
        (
            "fr",
            [
                "Mention\u00a0: Peut confirmer et rejeter des mentions",
                "Entreprise\u00a0: Peut modifier",
            ],
        ),
        ("en", ["Mention: Can confirm and reject mentions", "Company: Can change"]),
    ],
)
def test_permissions_are_named_in_the_readers_language(admin_client, admin_user, language, named):
    role = Group.objects.get(name="editor")
    pages = {
        f"/admin/auth/user/{admin_user.pk}/change/": "user_permissions",
        f"/admin/auth/group/{role.pk}/change/": "permissions",
    }

    for path, name in pages.items():
        offered = choices(admin_client.get(path, HTTP_ACCEPT_LANGUAGE=language).text, name)
        assert set(named) <= set(offered)
        assert [
            said for said in offered if "histor" in said.lower() or "entry" in said.lower()
        ] == []
        assert language == "en" or not [said for said in offered if "Can " in said]


def test_a_role_keeps_its_permissions_when_it_is_saved(admin_client):
    role = Group.objects.get(name="publisher")
    internal = ("actrow", "entry", "fingerprint")  # no form and no list shows these
    role.permissions.remove(*role.permissions.filter(content_type__model__in=internal))
    held = set(role.permissions.values_list("pk", flat=True))

    answer = admin_client.post(
        f"/admin/auth/group/{role.pk}/change/", {"name": role.name, "permissions": sorted(held)}
    )

    assert answer.status_code == 302
    assert set(role.permissions.values_list("pk", flat=True)) == held
    assert Permission.objects.filter(content_type__model="historicalcompany").exists()
