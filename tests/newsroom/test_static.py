"""The static files as an installation serves them."""

import re
import shutil

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from newsroom.static import HashedFiles


def test_a_script_imports_the_parts_of_its_own_release(tmp_path):
    shutil.copytree(settings.BASE_DIR / "static" / "editorial", tmp_path / "editorial")
    scripts = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.js")]
    source, storage = FileSystemStorage(tmp_path), HashedFiles(tmp_path, "/static/")

    list(storage.post_process({script: (source, script) for script in scripts}))

    review = tmp_path / storage.stored_name("editorial/review.js")
    imported = re.findall(r'from "(.+)"', review.read_text())
    assert {re.sub(r"\.[0-9a-f]{12}\.js$", "", name) for name in imported} == {
        f"./review/{part}" for part in ("decisions", "draft", "items", "passages")
    }
    assert all((review.parent / name).exists() for name in imported)
