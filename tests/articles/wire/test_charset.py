"""How bytes become text, and when that is refused."""

import codecs

import pytest

from articles.wire.charset import decode
from articles.wire.item import NotAnArticle

FRENCH = "Boréal ferme à Riga : « où ça ? », dit l’élue. Ça coûte 3 °C.\n"
GERMAN = "Lumina schließt drei Läden in Köln. Für Österreich gilt das nicht.\n"
ENGLISH = "“No comment”, said Lumina’s owner – a £1million firm…\n"
SPANISH = "El año que viene, según la compañía, cerrará sus tiendas.\n"
ORDINAL = "La 1ère fois, rien ; la 2ème non plus.\n"
CAPITALS = "ÉTATS-UNIS : BORÉAL À LA UNE\n"
RUSSIAN = "Компания уходит с рынка.\n"


@pytest.mark.parametrize("text", [FRENCH, GERMAN, ENGLISH, SPANISH, ORDINAL, CAPITALS])
@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "mac_roman"])
def test_western_text_is_read_undeclared(text, charset):
    assert decode(text.encode(charset)) == text


@pytest.mark.parametrize("text", [FRENCH, RUSSIAN])
@pytest.mark.parametrize(
    ("charset", "mark"),
    [
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ],
)
def test_a_byte_order_mark_decides(text, charset, mark):
    assert decode(mark + text.encode(charset), "latin-1") == text


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf16_is_known_without_its_mark(charset):
    assert decode(FRENCH.encode(charset)) == FRENCH


@pytest.mark.parametrize(
    ("charset", "declaration"),
    [
        ("cp1251", '<?xml version="1.0" encoding="windows-1251"?><a>{}</a>'),
        ("koi8-r", "<?xml version='1.0' encoding = 'KOI8-R' standalone='yes'?><a>{}</a>"),
        ("cp1251", '<html><head><meta charset="windows-1251"></head>{}'),
        ("cp1251", '<meta http-equiv=Content-Type content="text/html; charset=windows-1251">{}'),
        ("iso2022_jp", '<?xml version="1.0" encoding="iso-2022-jp"?><a>支社</a>{}'),
    ],
)
def test_a_declaration_is_believed(charset, declaration):
    text = declaration.format("ASCII" if charset == "iso2022_jp" else RUSSIAN)
    assert decode(text.encode(charset)) == text


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        # UTF-8 declared as something else, as agencies do.
        (FRENCH.encode(), "iso-8859-1", FRENCH),
        # Declared as Latin-1, written as the web means it.
        (ENGLISH.encode("cp1252"), "iso-8859-1", ENGLISH),
        (b"\xe9\x81", "iso-8859-1", "é\x81"),
        # Declared as UTF-8 or ASCII, and isn't.
        (FRENCH.encode("cp1252"), "utf-8", FRENCH),
        (FRENCH.encode("cp1252"), "us-ascii", FRENCH),
        # Names that are no charset of text.
        (FRENCH.encode(), "rot13", FRENCH),
        (FRENCH.encode(), "hex", FRENCH),
        (b"\\u00e9 +AOk-", "unicode_escape", "\\u00e9 +AOk-"),
        (b"\\u00e9 +AOk-", "utf-7", "\\u00e9 +AOk-"),
        (FRENCH.encode(), "x" * 1000, FRENCH),
        (FRENCH.encode(), "\0", FRENCH),
        # "…" between blanks, or "à" of an older charset.
        (b"Il va \x85 Riga", "", "Il va à Riga"),
        # The rest of the sender's last block.
        (FRENCH.encode() + b"\0" * 100, "", FRENCH),
        (b"", "", ""),
    ],
)
def test_what_is_declared_wrongly_is_read_all_the_same(data, declared, text):
    assert decode(data, declared) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"a\0b", "binary, not text"),
        (b"\0" * 9 + b"a", "binary, not text"),
        (codecs.BOM_UTF16_LE + b"\0\xd8", "not in UTF-16-LE, as it says: unexpected end of data"),
        (codecs.BOM_UTF8 + b"\xe9", "not in UTF-8, as it says: unexpected end of data"),
        (
            RUSSIAN.encode("cp1251"),
            "not in UTF-8: byte 0xca at position 0, and no charset declared",
        ),
        (
            b"\xff" * 10_000_000,
            "not in UTF-8: byte 0xff at position 0, and no charset declared",
        ),
    ],
    ids=range(6),
)
def test_what_remains_unsure_is_refused(data, reason):
    with pytest.raises(NotAnArticle) as refused:
        decode(data)
    assert str(refused.value) == reason
