"""Which lines on a copyright hold terms of use."""

import pytest

from articles.wire.terms import beyond_names


@pytest.mark.parametrize(
    ("notice", "more"),
    [
        ("", False),
        ("Northern Wire", False),
        ("© 2022 Agence Boréale", False),
        ("Copyright (c) 2022 by the Northern Wire, all rights reserved.", False),
        ("© L'Écho de Riga et du Nord. Tous droits de reproduction réservés", False),
        ("© dpa", False),
        ("© north.example", False),
        ("All rights reserved. No archival use", True),
        ("NW - NO ARCHIVES", True),
        ("© Boréale. Pas d'archivage", True),
        ("© Boréale. Pas d’archivage", True),
        ("Northern Wire. Show it once and then delete it.", True),
        ("Copyright NW. Click For Restrictions", True),
        ("Archive", True),
    ],
)
def test_terms_beside_a_name(notice, more):
    assert beyond_names(notice, notice) == ([notice] if more else [])
