"""A small archive with something on every page for readers, and the addresses of those pages."""

from datetime import UTC, date, datetime, timedelta

import pytest

from companies.models import Activity, Assessment, Evidence, Mention

SAID = "Boréal suspend dès aujourd’hui ses livraisons en Russie et en Biélorussie."
BODY = f"Le groupe l’annonce mardi soir.\n\n{SAID} Ses magasins restent ouverts."


@pytest.fixture
def one_of_each(make_publisher, make_article, make_company, make_announcement):
    """Name of a page → its address without the language, in an archive of thirty announcements."""
    gazette = make_publisher(
        slug="gazette", name="La Gazette", website="https://gazette.example.org/", kind="outlet"
    )
    boreal = make_company(
        slug="boreal", name="Boréal", legal_name="Boréal SA", website="https://boreal.example.org/"
    )
    nuage = make_company(slug="nuage", name="Nuage", parent=boreal, sector="J")
    cloud = Activity.objects.create(
        company=boreal,
        name_fr="Nouveaux clients du nuage",
        name_en="New cloud customers",
        brand=nuage,
    )
    told = datetime(2022, 3, 8, 18, tzinfo=UTC)
    piece = make_article(
        slug="boreal-suspend",
        headline="Boréal suspend ses livraisons",
        body=BODY,
        publisher=gazette,
        published_at=told,
        source_url="https://gazette.example.org/boreal",
        byline="Jeanne Morel",
        abstract_fr="Ce que Boréal annonce.",
        abstract_en="What Boréal announces.",
    )
    against = make_article(
        slug="boreal-still-delivers",
        headline="Boréal still delivers",
        language="en",
        publisher=make_publisher(slug="observer", name="The Observer"),
        published_at=told + timedelta(days=3),
        source_url="https://observer.example.org/boreal",
    )
    suspended = make_announcement(
        boreal,
        "2022-03-08",
        [(a, m, "suspend", "in_effect") for a in ("Livraisons", cloud) for m in ("RU", "BY")],
        article=piece,
        public_id="boreal-suspends",
        title_fr="Boréal suspend ses livraisons",
        title_en="Boréal suspends deliveries",
        publish=False,
    )
    quoted = Evidence(announcement=suspended, article=piece, exact=SAID)
    quoted.full_clean()  # which finds its place
    quoted.save()
    suspended.evidence.create(
        article=against, stance="contradicts", paraphrase_fr="Non.", paraphrase_en="No."
    )
    suspended.replies.create(
        asked_on=date(2022, 3, 9), answered_on=date(2022, 3, 10), answer_fr="Oui.", answer_en="Yes."
    )
    suspended.publish()
    suspended.summary_fr, suspended.summary_en = "Aussi en Biélorussie.", "In Belarus too."
    suspended.save()
    suspended.amend(note_fr="Résumé complété.", note_en="Summary completed.")
    for article in (piece, against):
        Mention.objects.create(article=article, company=boreal, status="confirmed", role="subject")
    Assessment.objects.create(
        assessor=make_publisher(slug="yale", name="Yale CELI"),
        company=boreal,
        market="RU",
        grade="B",
        assessed_on=date(2025, 5, 21),
    )
    actions = ["exit", "suspend", "scale_back", "pause_investment", "resume", "continue"]
    others = [make_company(name=f"Société {n}", sector="GJC"[n % 3]) for n in range(5)]
    for n in range(28):
        day = date(2022, 3, 1) + timedelta(days=13 * n)
        measures = [(None, ("RU", "BY", "UA")[n % 3], actions[n % 6], "announced")]
        make_announcement(others[n % 5], day, measures)
    piece.revise(body=BODY.replace("mardi soir", "mardi 8 mars au soir"))
    piece.corrections.create(
        kind="correction", version=piece.current_version(), note_fr="Mardi.", note_en="Tuesday."
    )
    killed = make_article(slug="killed", publisher=gazette)
    killed.kill(note_fr="Retirée par l’éditeur.", note_en="Withdrawn by its publisher.")
    retracted = make_announcement(others[0], public_id="retracted")
    retracted.retract(reason_fr="Une erreur.", reason_en="An error.")
    return {
        "home": "",
        "announcements": "announcements/",
        "announcements as a table": "announcements/?view=table&market=RU",
        "announcements without any": "announcements/?q=zzzz&market=BY",
        "announcement": "announcements/boreal-suspends/",
        "edition": "announcements/boreal-suspends/editions/2/",
        "retracted": "announcements/retracted/",
        "companies": "companies/",
        "company": "companies/boreal/",
        "compare": f"companies/compare/?company=boreal&company={others[1].slug}",
        "market": "markets/RU/",
        "sector": "sectors/G/",
        "publisher": "publishers/gazette/",
        "articles": "articles/?q=livraisons",
        "article": "articles/boreal-suspend/",
        "version": "articles/boreal-suspend/versions/2/",
        "killed": "articles/killed/",
        "corrections": "corrections/",
        "correction request": "corrections/suggest/companies/boreal/",
        "correction request sent": "corrections/suggest/companies/boreal/?sent=1",
        "search": "search/?q=livraisons",
        "search without results": "search/?q=borael",
        "search without words": "search/",
        "about": "about/",
        "data": "data/",
        "api": "data/api/",
        "not found": "nowhere/",
    }
