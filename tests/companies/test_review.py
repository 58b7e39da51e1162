"""The review screen as its requests see it; tests/newsroom/test_review_keys.py presses its keys."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from companies.mentions import recognise
from companies.models import (
    Activity,
    Announcement,
    Company,
    Evidence,
    Mention,
    Newcomer,
    Placement,
    Suggestion,
)
from companies.placements import place

BODY = (
    "Nike ferme ses magasins en Russie. La décision est immédiate.\n\n"
    "## Réactions\n\n"
    "🛑 La décision est immédiate. Adidas ne dit rien. La décision est immédiate."
)
AGAIN = BODY.rindex("La décision est immédiate.")  # the third of three equal sentences


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


@pytest.fixture
def nike(make_company):
    return make_company(name="Nike")


@pytest.fixture
def piece(make_article, make_company, nike):
    make_company(name="Adidas")
    article = make_article(headline="Nike quitte la Russie", body=BODY)
    recognise([article])
    return article


@pytest.fixture
def grant(make_user):
    """A member of staff with these rights alone."""

    def make(*names):
        user = make_user(is_staff=True)
        for name in ("articles.view_article", *names):
            app, codename = name.split(".")
            permission = Permission.objects.filter(content_type__app_label=app, codename=codename)
            user.user_permissions.add(
                permission.first()
                or Permission.objects.create(
                    content_type=ContentType.objects.get_for_model(Mention), codename=codename
                )
            )
        return user

    return make


def url(name, *args):
    return reverse(f"admin:articles_article_{name}", args=args)


def act(client, article, *acts):
    """Send acts (kind, key, act, seen) as the keys do; the status and the answers."""
    names = ("kind", "key", "act", "seen")
    body = {"acts": [dict(zip(names, map(str, each), strict=True)) for each in acts]}
    response = client.post(
        url("review_decide", article.pk), json.dumps(body), content_type="application/json"
    )
    return response.status_code, [
        (answer["code"], answer.get("state")) for answer in response.json()["answers"]
    ]


def filled(company, **fields):
    """The form of a new announcement, as it is sent."""
    return {
        "company": str(company.pk),
        "announced_on": "2022-03-08",
        "announced_precision": "day",
        "title_fr": "Nike ferme",
        "title_en": "Nike closes",
        "summary_fr": "Ses magasins.",
        "summary_en": "Its shops.",
        "measures-TOTAL_FORMS": "2",
        "measures-INITIAL_FORMS": "0",
        "measures-0-activity": "Magasins",
        "measures-0-translated": "Shops",
        "measures-0-market": "Russie",
        "measures-0-action": "suspend",
        "measures-0-stage": "in_effect",
        "measures-1-market": "",
        "measures-1-action": "",
        "measures-1-stage": "announced",
        "passages-TOTAL_FORMS": "1",
        "passages-INITIAL_FORMS": "0",
        "passages-0-exact": "La décision est immédiate.",
        "passages-0-start": str(AGAIN),
        "passages-0-stance": "supports",
        "passages-0-speaker": "company",
    } | fields


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_shows_text_list_and_form(desk, piece, language):
    response = desk.get(url("review", piece.pk), HTTP_ACCEPT_LANGUAGE=language)

    assert response.status_code == 200
    assert response.headers["Content-Language"] == language
    page = response.content.decode()
    assert f'data-of="mention-{piece.mentions.get(company__name="Adidas").pk}">Adidas<' in page
    assert f'data-start="{BODY.index("Réactions")}" data-before="## "' in page
    form = response.context["draft"].form
    assert form["company"].value() == Company.objects.get(name="Nike").pk
    assert form["announced_on"].value().isoformat() == f"{piece.published_at:%Y-%m-%d}"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_a_fixed_number_of_queries(
    desk, make_article, make_company, make_announcement, django_assert_num_queries, rows
):
    names = [f"Société{number}" for number in range(rows)]
    companies = [make_company(name=name) for name in names]
    article = make_article(body=" ".join(f"{name} quitte la Russie." for name in names))
    recognise([article])
    for company in companies:
        Activity.objects.create(company=company, name_fr="Magasins", name_en="Shops")
        announcement = make_announcement(company, evidence=False, publish=False)
        evidence = Evidence(
            announcement=announcement, article=article, exact=f"{company.name} quitte la Russie."
        )
        evidence.full_clean()
        evidence.save()
        Suggestion.objects.create(
            article=article,
            company=company,
            version=article.current_version(),
            passages=[{"start": 0, "end": 5, "exact": "Socié"}],
            measures=[
                {"activity": "", "market": "RU", "action": "exit", "stage": "announced", "passage": 0}
            ],
            speaker="company",
            reason="quitte · Russie",
        )
        make_announcement(company)
    article.revise(body=article.body.replace("quitte", "ne quitte pas"))
    place([article])

    with django_assert_num_queries(12):
        response = desk.get(url("review", article.pk))

    screen = response.context["screen"]
    assert [len(found) for found in (screen.mentions, screen.suggestions, screen.placements)] == [
        rows
    ] * 3
