"""Which articles are due: the database writes it down, whoever writes the versions."""

import pytest
from django.core.management import call_command
from django.db import connection

from companies.mentions import pending as unread
from companies.mentions import recognise
from companies.models import Mention, Perusal, Reading
from companies.suggestions import pending as unperused
from companies.suggestions import suggest


@pytest.fixture
def piece(make_article, make_company):
    """An article that was worked on."""
    make_company(name="Zorgu")
    article = make_article(headline="Un titre", body="Zorgu quitte la Russie.", language="fr")
    recognise([article])
    suggest([article])
    return article


def due(article):
    return article in unread(), article in unperused()


def test_a_new_piece_is_due_for_its_names_first(make_article, make_company):
    make_company(name="Zorgu")
    article = make_article(body="Zorgu part.")
    steps = [due(article)]
    for work in (recognise, suggest):
        work([article])
        steps.append(due(article))

    assert steps == [(True, False), (False, True), (False, False)]


def test_another_wording_makes_it_due_and_a_late_one_does_not(piece):
    piece.keep_late({"headline": "Un titre", "standfirst": "", "body": "Zorgu reste."})
    late = due(piece)
    piece.revise(body="Zorgu quitte la Moldavie.")

    assert (late, due(piece)) == ((False, False), (True, False))


def test_what_comes_in_while_it_is_worked_on_makes_it_due(piece):
    """Whoever worked on the wording before writes that down at last."""
    before = piece.current_version()
    piece.revise(body="Zorgu quitte la Moldavie.")
    reading = Reading.objects.get(article=piece)
    reading.version = before
    reading.save(update_fields=["version"])

    assert due(piece) == (True, False)
    recognise([piece])
    assert due(piece) == (False, True)


@pytest.mark.parametrize("verb", ["confirm", "reject", "delete"])
def test_a_word_on_a_mention_makes_it_due_to_be_looked_through(piece, verb):
    getattr(Mention.objects.get(), verb)()

    assert due(piece) == (False, True)
    suggest([piece])
    assert due(piece) == (False, False)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite")
@pytest.mark.parametrize("waiting", [unread, unperused])
def test_what_is_due_is_found_by_an_index(piece, waiting):
    """PostgreSQL reads a small table as a whole."""
    index = {unread: "reading_due", unperused: "perusal_due"}[waiting]

    assert f"INDEX {index}" in waiting().order_by("pk")[:50].explain()


def test_an_archive_of_before_knows_what_is_due(transactional_db, piece, make_article):
    new = make_article(body="Zorgu part.")
    searched = make_article(body="Zorgu part.")
    recognise([searched])
    articles = [piece, new, searched]
    before = [due(article) for article in articles]

    call_command("migrate", "companies", "0015", verbosity=0)
    written = make_article(body="Zorgu part.")  # the triggers of today are out of the way
    call_command("migrate", "companies", verbosity=0)

    assert [due(article) for article in articles] == before
    assert before == [(False, False), (True, False), (False, True)]
    assert due(written) == (True, False)
    piece.revise(body="Zorgu quitte la Moldavie.")
    assert due(piece) == (True, False)


def test_rows_say_what_they_are_of(piece):
    assert str(Reading.objects.get()) == str(Perusal.objects.get()) == "Un titre, version 1"
