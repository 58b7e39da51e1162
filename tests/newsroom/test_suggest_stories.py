from django.core.management import call_command

from articles.models import StoryLink

WORDS = " ".join(f"mot{place}" for place in range(200))


def test_the_whole_archive_is_looked_through_and_a_second_time_finds_nothing_new(
    make_article, capsys
):
    wire, _alone, reprint = (make_article(body=body) for body in (WORDS, "Autre.", WORDS))

    call_command("suggest_stories")
    call_command("suggest_stories")

    assert capsys.readouterr().out.splitlines() == [
        "3 articles read, 1 new suggestions.",
        "3 articles read, 0 new suggestions.",
    ]
    link = StoryLink.objects.get()
    assert (link.article, link.other, link.reason) == (reprint, wire, "reprint")
