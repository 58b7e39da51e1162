"""Files that wait for an editor's second yes."""

import os
import time

import pytest
from django.core import signing
from django.core.exceptions import ValidationError

from articles import uploads
from articles.uploads import fetch, keep


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "uploads"


def test_a_file_comes_back_byte_for_byte(make_user, folder):
    editor, data = make_user(), bytes(range(256))

    token = keep(data, "list.csv", editor)

    assert fetch(token, editor) == (data, "list.csv")
    [file] = folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0  # nobody else's to read
    assert keep(data, "list.csv", editor) and len(list(folder.iterdir())) == 1


def test_only_its_token_brings_it_back(make_user, folder):
    editor = make_user()
    token = keep(b"one", "list.csv", editor)
    forged = signing.dumps(["../secret_key", "x", editor.pk], salt="another salt")
    for asked, user in ((token, make_user()), (token + "x", editor), (forged, editor)):
        with pytest.raises(ValidationError):
            fetch(asked, user)


def test_it_waits_for_a_time_only(make_user, folder):
    editor = make_user()
    token = keep(b"one", "list.csv", editor)
    [file] = folder.iterdir()
    long_ago = time.time() - uploads.LIFETIME - 60
    os.utime(file, (long_ago, long_ago))

    keep(b"two", "list.csv", editor)

    assert [kept.read_bytes() for kept in folder.iterdir()] == [b"two"]
    with pytest.raises(ValidationError):
        fetch(token, editor)
