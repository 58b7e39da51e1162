"""The project's settings as the tests run them: no key to provide, no HTTPS in between."""

import os

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("SECRET_KEY", "known to everyone, for tests alone")

from newsroom.settings import *

# Thousands of rounds of hashing protect real accounts and only slow these down.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A live server's threads leave no connection behind, which would hold on to the test database.
DATABASES["default"]["CONN_MAX_AGE"] = 0

# What one test's page says is nothing for the next, whose archive is as empty at its start.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
