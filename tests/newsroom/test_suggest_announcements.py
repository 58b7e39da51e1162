from django.core.management import call_command

from companies.models import Perusal, Suggestion


def test_the_whole_archive_is_looked_through_once_for_the_rules_of_today(
    make_article, make_company, capsys
):
    make_company(name="Boréal")
    for body in ("Boréal quitte la Russie.", "Boréal quitte la Moldavie.", "Rien."):
        make_article(body=body)

    call_command("suggest_announcements")  # nothing was searched for names yet
    call_command("recognise")
    call_command("suggest_announcements")
    call_command("suggest_announcements")
    Suggestion.objects.first().dismiss()
    Perusal.objects.update(rules="others")
    call_command("suggest_announcements")

    assert capsys.readouterr().out.splitlines() == [
        "0 articles looked through, 0 suggestions open in them.",
        "3 articles searched.",
        "3 articles looked through, 2 suggestions open in them.",
        "0 articles looked through, 0 suggestions open in them.",
        "3 articles looked through, 1 suggestions open in them.",
    ]
