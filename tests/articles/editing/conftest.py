"""What the tests of the admin's shared parts share."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from articles.models import Article


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


@pytest.fixture
def editor(make_user, client):
    """Makes an editor with these permissions, signed in on `client`."""

    def make(*codenames):
        kind = ContentType.objects.get_for_model(Article)
        Permission.objects.get_or_create(
            codename="restore_record", content_type=kind, defaults={"name": "Can restore records"}
        )
        user = make_user(is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return user

    return make
