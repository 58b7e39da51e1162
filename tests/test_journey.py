"""One story from the wire to the reader: a newcomer starts reading here.

The piece, its companies and its words are invented; the steps are an editor's.
"""

from datetime import date

import pytest
from django.core.management import call_command

from articles.models import Article, Publisher
from companies.models import Activity, Announcement, Company, Evidence, Measure, Mention
from companies.standing import standing

PIECE = """Boréal Café ferme ses comptoirs en Moldavie

Un comptoir fermé. - JEANNE PETIT - AGENCE
La chaîne Boréal Café l’a fait savoir mardi, après Lumina.
"Nous suspendons la vente de grains en Moldavie", écrit l'entreprise.
Des effets limités
Les boutiques d'Ondine restent ouvertes.
"""


@pytest.mark.django_db
def test_one_story_from_the_wire_to_the_reader(tmp_path, client, django_user_model):
    editor = django_user_model.objects.create_user("editor")

    # 1. The desk knows a publisher and three companies; a wire comes in, withheld.
    Publisher.objects.create(slug="gazette", name="La Gazette", kind="outlet", rights="cleared")
    boreal = Company.objects.create(
        slug="boreal-cafe", name="Boréal Café", country="CA", sector="I"
    )
    for name in ("Lumina", "Ondine"):
        Company.objects.create(slug=name.lower(), name=name)
    wire = tmp_path / "piece.txt"
    wire.write_text(PIECE)
    address = "https://gazette.example.org/boreal"
    call_command(
        "import_wire", str(wire), "--publisher", "gazette", "--url", address, "--date", "2023-05-10"
    )

    article = Article.objects.get(publisher__slug="gazette", wire_id=address)
    assert article.status == Article.Status.WITHHELD
    assert article.image_credit.startswith("JEANNE PETIT")
    assert "## Des effets limités" in article.body.split("\n\n")
    assert client.get(f"/fr/articles/{article.slug}/").status_code == 404

    # 2. The companies named in it are suggested; the editor confirms one and rejects another.
    mentions = {mention.company.slug: mention for mention in article.mentions.all()}
    assert set(mentions) == {"boreal-cafe", "lumina", "ondine"}
    assert {mention.status for mention in mentions.values()} == {Mention.Status.SUGGESTED}
    mentions["boreal-cafe"].confirm()
    mentions["ondine"].reject()
    article.access = Article.Access.FULL
    article.release()

    # 3. The editor records the announcement; without evidence it can't be published.
    announcement = Announcement.objects.create(
        company=boreal,
        announced_on=date(2023, 5, 9),
        title_fr="Boréal Café suspend la vente de grains en Moldavie",
        title_en="Boréal Café suspends the sale of beans in Moldova",
        summary_fr="Les boutiques ne sont pas concernées.",
        summary_en="The shops are not concerned.",
    )
    beans = Activity.objects.create(company=boreal, name_fr="vente de grains", name_en="bean sales")
    Measure.objects.create(
        announcement=announcement, activity=beans, market="MD", action="suspend", stage="in_effect"
    )
    assert announcement.missing_to_publish()
    passage = Evidence(
        announcement=announcement,
        article=article,
        exact="Nous suspendons la vente de grains en Moldavie",
    )
    passage.full_clean()
    passage.save()
    assert passage.version.body[passage.start :].startswith(passage.exact)
    announcement.publish(by=editor)

    # 4. Readers see it, in both languages, and programs read the same.
    page = client.get(f"/fr/announcements/{announcement.public_id}/").content.decode()
    assert passage.exact in page
    assert "La Gazette" in page
    assert "Boréal Café suspends" in client.get("/en/companies/boreal-cafe/").content.decode()
    results = client.get(
        "/api/v1/announcements/", {"company": "boreal-cafe", "market": "MD"}
    ).json()
    assert [found["id"] for found in results["results"]] == [announcement.public_id]
    assert results["results"][0]["evidence"][0]["exact"] == passage.exact
    listed = client.get("/api/v1/articles/", {"company": "boreal-cafe"}).json()["results"]
    assert [found["slug"] for found in listed] == [article.slug]
    assert client.get("/api/v1/articles/", {"company": "ondine"}).json()["results"] == []

    # 5. The standing is derived, and any day can be asked for.
    assert standing(boreal, "MD", date(2023, 5, 8)).action is None
    now = standing(boreal, "MD", date(2023, 5, 9))
    assert (now.action, now.partial, now.since) == ("suspend", True, date(2023, 5, 9))

    # 6. The wire comes again, corrected: a new version, and the passage is untouched.
    wire.write_text(PIECE.replace("mardi", "lundi"))
    call_command("import_wire", str(wire), "--publisher", "gazette", "--url", address)
    article.refresh_from_db()
    assert article.versions.count() == 2
    assert "lundi" in article.body
    assert article.status == Article.Status.USABLE
    passage.refresh_from_db()
    assert passage.version.number == 1
    assert article.mentions.get(company__slug="ondine").status == Mention.Status.REJECTED

    # 7. A change after publication is a new edition; the first one stays.
    announcement.refresh_from_db()
    announcement.summary_fr = "Les boutiques restent ouvertes."
    announcement.save()
    second = announcement.amend(by=editor, note_fr="Précision.", note_en="Made more precise.")
    assert second.number == 2
    first = announcement.editions.get(number=1)
    assert first.snapshot["summary"]["fr"] == "Les boutiques ne sont pas concernées."

    # 8. The piece is killed: gone from every door at once, the notice stays.
    article.kill(note_fr="Article retiré.", note_en="Piece withdrawn.")
    gone = client.get(f"/fr/articles/{article.slug}/")
    assert (gone.status_code, "Article retiré." in gone.content.decode()) == (410, True)
    assert client.get(f"/fr/announcements/{announcement.public_id}/").status_code == 410
    assert client.get("/api/v1/announcements/").json()["results"] == []
