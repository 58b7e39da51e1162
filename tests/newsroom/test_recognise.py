from django.core.management import call_command

from companies.models import CompanyName, Mention


def test_all_articles_are_searched_with_the_names_of_today(make_article, make_company, capsys):
    company = make_company(name="Boréal")
    for body in ("Boréal part.", "Lumina part.", "Rien."):
        make_article(body=body)
    call_command("recognise")
    call_command("recognise")
    CompanyName.objects.create(company=company, name="Lumina")
    call_command("recognise")
    assert capsys.readouterr().out.splitlines() == [
        "3 articles searched.",
        "0 articles searched.",
        "3 articles searched.",
    ]
    assert sorted(Mention.objects.values_list("named_as", flat=True)) == ["Boréal", "Lumina"]
