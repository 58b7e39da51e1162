"""The review screen as its requests see it; tests/newsroom/test_review_keys.py presses its keys."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from companies.mentions import recognise
from companies.mergers import merge
from companies.models import (
    Activity,
    Announcement,
    Company,
    Evidence,
    Mention,
    Newcomer,
    Suggestion,
)
from companies.placements import place
from companies.suggestions import suggest

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
            known = Permission.objects.filter(content_type__app_label=app, codename=codename)
            some = ContentType.objects.filter(app_label=app).first()
            user.user_permissions.add(
                known.first() or Permission.objects.create(content_type=some, codename=codename)
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


def filled(company, /, **fields):
    """The form of a new announcement, as it is sent."""
    return {
        "company": str(company.pk),
        "announced_on": "2022-03-08",
        "announced_precision": "day",
        "announced_sourced": "on",
        "title_fr": "Nike ferme",
        "title_en": "Nike closes",
        "summary_fr": "Ses magasins.",
        "summary_en": "Its shops.",
        "measures-TOTAL_FORMS": "2",
        "measures-INITIAL_FORMS": "0",
        "measures-0-activity": "Shops",
        "measures-0-translated": "Magasins",
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
    assert form["announced_on"].value() == timezone.localdate(piece.published_at)


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
                {
                    "activity": "",
                    "market": "RU",
                    "action": "exit",
                    "stage": "announced",
                    "passage": 0,
                }
            ],
            speaker="company",
            reason="quitte · Russie",
        )
        make_announcement(company, day=timezone.localdate())
    article.revise(body=article.body.replace("quitte", "ne quitte pas"))
    place([article])

    with django_assert_num_queries(15):
        response = desk.get(url("review", article.pk))

    screen = response.context["screen"]
    assert [len(found) for found in (screen.mentions, screen.suggestions, screen.placements)] == [
        rows
    ] * 3


def test_a_passage_is_quoted_from_where_it_was_selected(desk, piece, nike, admin_user):
    response = desk.post(url("review", piece.pk), filled(nike))

    assert response.status_code == 302
    announcement = Announcement.objects.get()
    evidence, measure = announcement.evidence.get(), announcement.measures.get()
    assert (evidence.start, evidence.exact) == (AGAIN, "La décision est immédiate.")
    assert (evidence.article, evidence.version) == (piece, piece.current_version())
    assert (measure.market, measure.action, measure.stage) == ("RU", "suspend", "in_effect")
    assert (measure.activity.name_en, measure.activity.name_fr) == ("Shops", "Magasins")
    assert announcement.status == "draft"
    assert announcement.history.get().history_user == admin_user


def test_the_form_says_whether_a_source_gives_the_day(desk, piece, nike):
    form = desk.get(url("review", piece.pk)).text
    [box] = re.findall(r'<input type="checkbox" name="announced_sourced"[^>]*>', form)
    unticked = filled(nike)
    del unticked["announced_sourced"]

    desk.post(url("review", piece.pk), unticked)

    draft = Announcement.objects.get()
    again = desk.get(f"{url('review', piece.pk)}?announcement={draft.pk}").text
    [then] = re.findall(r'<input type="checkbox" name="announced_sourced"[^>]*>', again)
    assert ("checked" in box, draft.announced_sourced, "checked" in then) == (True, False, False)


def test_activities_are_known_by_what_they_mean(desk, piece, nike, make_company):
    brand = make_company(name="Jordan", parent=nike)
    shops = Activity.objects.create(company=nike, name_fr="Magasins", name_en="Shops")
    shoes = Activity.objects.create(company=brand, name_fr="Chaussures", name_en="Shoes")
    brand.names.create(name="Air Jordan")
    whole = Activity.objects.create(
        company=nike, name_fr="Marque Michael", name_en="Michael brand", brand=brand
    )
    rows = {
        "measures-TOTAL_FORMS": "3",
        "measures-0-activity": "les magasins Nike",
        "measures-0-translated": "",
        "measures-2-activity": "Air Jordan",
        "measures-2-market": "by",
        "measures-2-action": "suspend",
        "measures-2-stage": "announced",
        "measures-1-activity": "shoes",
        "measures-1-market": "by",
        "measures-1-action": "exit",
    }

    response = desk.post(url("review", piece.pk), filled(nike, **rows))

    assert response.status_code == 302
    measures = Announcement.objects.get().measures.values_list("activity", "market")
    assert list(measures) == [(shops.pk, "RU"), (shoes.pk, "BY"), (whole.pk, "BY")]
    assert Activity.objects.count() == 3


@pytest.mark.parametrize(
    ("language", "given", "typed"),
    [("en", "name_fr", "magasins"), ("fr", "name_en", "Shops"), ("en", "name_en", "Shops")],
)
def test_the_name_that_an_activity_lacks_is_asked_for_and_kept(
    desk, piece, nike, language, given, typed
):
    shops = Activity.objects.create(company=nike, **{given: typed})
    page = desk.get(url("review", piece.pk), HTTP_ACCEPT_LANGUAGE=language).text
    assert f'<option value="{typed}" data-unnamed>' in page

    rows = {"measures-0-activity": typed, "measures-0-translated": "", "_publish": "1"}
    answer = desk.post(url("review", piece.pk), filled(nike, **rows), follow=True)

    draft = Announcement.objects.get()
    assert draft.status == "draft"
    missing = "French" if given == "name_en" else "English"
    assert f"name in {missing} of the activity “{typed}” (under “Activities”" in answer.text

    page = f"{url('review', piece.pk)}?announcement={draft.pk}"
    rows = {
        "measures-INITIAL_FORMS": "1",
        "measures-0-id": str(draft.measures.get().pk),
        "measures-0-activity": typed,
        "measures-0-translated": "Autrement",
        "passages-INITIAL_FORMS": "1",
        "passages-0-id": str(draft.evidence.get().pk),
        "_publish": "1",
    }
    desk.post(page, filled(nike, **rows), HTTP_ACCEPT_LANGUAGE=language)

    shops.refresh_from_db()
    assert {shops.name_fr, shops.name_en} == {typed, "Autrement"}
    assert getattr(shops, given) == typed
    assert shops.history.count() == 2
    draft.refresh_from_db()
    assert draft.status == "published"


def test_what_a_merged_record_is_named_for_is_recorded_under_the_one_that_stands(
    desk, piece, nike, make_company, make_announcement
):
    stands = make_company(name="Nike, Inc.")
    earlier = make_announcement(nike)
    piece.mentions.exclude(company=nike).delete()
    merge(nike, stands)

    response = desk.get(url("review", piece.pk))

    form = response.context["draft"].form
    assert form["company"].value() == stands.pk
    assert list(form.fields["company"].queryset) == [stands]
    assert list(response.context["others"]) == [earlier]
    assert f'data-company="{stands.pk}"' in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"measures-0-market": "Atlantis"}, "“Atlantis” is no country that we know."),
        ({"measures-0-translated": ""}, "give its name in the other language"),
        ({"passages-0-exact": "Nowhere said."}, "These words don&#x27;t stand in the text"),
        ({"passages-0-start": ""}, "These words stand in the text more than once"),
        ({"company": ""}, "This field is required."),
        (
            {
                "measures-1-activity": "Shops",
                "measures-1-translated": "Magasins",
                "measures-1-market": "RU",
                "measures-1-action": "exit",
            },
            "Two measures name the same activity",
        ),
        ({"passages-0-paraphrase_fr": "a", "passages-0-paraphrase_en": "b"}, "not both"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(desk, piece, nike, fields, said):
    response = desk.post(url("review", piece.pk), filled(nike, **fields))

    page = response.content.decode()
    assert response.status_code == 200
    assert said in page
    assert "Nike closes" in page and 'value="Shops"' in page
    assert Announcement.objects.count() == Activity.objects.count() == 0


@pytest.mark.parametrize("button", ["_save", "_publish"])
def test_an_untouched_form_saves_nothing(desk, piece, button):
    address = url("review", piece.pk)

    answer = desk.post(address, resent(desk.get(address)) | {button: "1"})

    assert "Nothing was said yet, so nothing is saved" in answer.text
    assert Announcement.objects.count() == 0


def test_the_company_of_the_selected_words_is_the_first_guess(desk, piece, nike):
    start, adidas = BODY.index("Adidas ne dit"), Company.objects.get(name="Adidas")
    address = url("review", piece.pk)
    guesses = {
        (start, start + 13): adidas,
        (AGAIN, AGAIN + 5): nike,  # nobody is named there: the subject
    }

    found = {
        (start, end): desk.get(address, {"start": start, "end": end}).context["draft"].form
        for start, end in guesses
    }

    assert {place: form["company"].value() for place, form in found.items()} == {
        place: company.pk for place, company in guesses.items()
    }


def test_where_no_company_was_found_any_may_be_chosen(client, grant, make_article, nike):
    article, other = make_article(body=BODY), Company.objects.create(name="Nikko", slug="nikko")
    merge(other, into=nike)
    client.force_login(grant("companies.add_announcement", "companies.add_activity"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    page = client.get(url("review", article.pk))
    client.post(url("review", article.pk), filled(other))

    assert "The form below takes any company." in page.text
    assert "admin-autocomplete" in page.text and "autocomplete.js" in page.text
    assert Announcement.objects.get().company == nike


def test_a_company_that_was_not_found_leads_back_to_the_review(desk, piece, make_company):
    added = reverse("admin:companies_mention_add")
    fields = {"article": piece.pk, "company": make_company().pk, "role": "peer"}

    answer = desk.post(f"{added}?article={piece.pk}", fields | {"status": "confirmed"})

    assert answer.status_code == 302
    assert answer.url == url("review", piece.pk)


def test_published_at_once_where_nothing_is_missing(desk, piece, nike):
    response = desk.post(url("review", piece.pk), filled(nike, _publish="1"), follow=True)

    announcement = Announcement.objects.get()
    assert announcement.status == "published"
    assert announcement.get_absolute_url() in response.content.decode()


def test_what_is_missing_is_said_and_the_draft_is_saved(desk, piece, nike):
    response = desk.post(
        url("review", piece.pk), filled(nike, title_en="", _publish="1"), follow=True
    )

    announcement = Announcement.objects.get()
    assert announcement.status == "draft"
    assert "missing: title in English" in response.content.decode()
    assert response.context["record"] == announcement
    assert response.context["draft"].form["title_fr"].value() == "Nike ferme"


def saved(desk, piece, nike):
    desk.post(url("review", piece.pk), filled(nike))
    return Announcement.objects.get()


def test_a_draft_is_finished_on_the_same_screen(desk, piece, nike):
    announcement = saved(desk, piece, nike)
    measure, evidence = announcement.measures.get(), announcement.evidence.get()
    address = f"{url('review', piece.pk)}?announcement={announcement.pk}"
    fields = {
        "opened": str(desk.get(address).context["draft"].shown),
        "title_en": "Nike shuts",
        "measures-INITIAL_FORMS": "1",
        "measures-0-id": str(measure.pk),
        "measures-0-activity": "",
        "passages-INITIAL_FORMS": "1",
        "passages-0-id": str(evidence.pk),
    }

    desk.post(address, filled(nike, **fields))

    announcement.refresh_from_db()
    assert announcement.title_en == "Nike shuts"
    assert [each.activity for each in announcement.measures.all()] == [None]
    assert list(announcement.evidence.values_list("pk", "start")) == [(evidence.pk, AGAIN)]


def resent(response):
    """What the form on a page would send if nothing in it were touched."""
    draft = response.context["draft"]
    forms = [draft.form, draft.measures.management_form, *draft.measures.forms]
    forms += [draft.passages.management_form, *draft.passages.forms]
    fields = {form[name].html_name: form[name].value() for form in forms for name in form.fields}
    sent = {name: "" if value is None else value for name, value in fields.items() if value != []}
    return {n: v for n, v in sent.items() if v is not False} | {"opened": str(draft.shown)}


def test_a_draft_on_a_passage_that_is_gone_is_published_with_a_warning(desk, piece, nike):
    draft = saved(desk, piece, nike)
    piece.revise(body="Un autre texte.")
    place([piece])
    address = f"{url('review', piece.pk)}?announcement={draft.pk}"

    sent = resent(desk.get(address)) | {"_publish": "1"}
    told = desk.post(address, sent, follow=True).text

    draft.refresh_from_db()
    assert draft.status == "published"
    assert "was reworded or is gone from its article since" in told


def test_what_nobody_changed_leaves_no_line_in_the_history(desk, piece, nike):
    draft = saved(desk, piece, nike)
    address = f"{url('review', piece.pk)}?announcement={draft.pk}"
    shown = resent(desk.get(address))

    def lines():
        measure, evidence = draft.measures.get(), draft.evidence.get()
        return [record.history.count() for record in (measure, evidence)]

    assert desk.post(address, shown).status_code == 302
    untouched = lines()
    desk.post(address, shown | {"measures-0-stage": "announced"})
    staged = lines()
    desk.post(address, resent(desk.get(address)) | {"measures-0-activity": ""})
    emptied = lines()
    desk.post(address, resent(desk.get(address)) | {"title_fr": "Autrement"})

    assert (untouched, staged, emptied, lines()) == ([1, 1], [2, 1], [3, 1], [3, 1])
    assert draft.measures.get().activity is None


def told(draft):
    measures = draft.measures.order_by("pk").values_list("market", "stage")
    passages = draft.evidence.order_by("pk").values_list("exact", "stance")
    return draft.title_fr, draft.title_en, list(measures), [stance for _exact, stance in passages]


def test_what_two_editors_of_a_draft_change_is_both_kept(desk, piece, nike):
    draft = saved(desk, piece, nike)
    address = f"{url('review', piece.pk)}?announcement={draft.pk}"
    mine = resent(desk.get(address))
    other = draft.measures.create(market="BY", action="exit", stage="announced")
    draft.measures.exclude(pk=other.pk).update(stage="completed")
    draft.title_fr = "Leur titre"
    draft.save()

    answer = desk.post(
        address,
        mine | {"title_en": "Our title", "passages-0-stance": "contradicts"},
    )

    draft.refresh_from_db()
    rows = [("RU", "completed"), ("BY", "announced")]
    assert answer.status_code == 302
    assert told(draft) == ("Leur titre", "Our title", rows, ["contradicts"])


def test_where_two_editors_differ_both_are_shown_and_the_second_decides(desk, piece, nike):
    draft = saved(desk, piece, nike)
    address = f"{url('review', piece.pk)}?announcement={draft.pk}"
    mine = resent(desk.get(address)) | {"title_fr": "Notre titre", "measures-0-market": "Ukraine"}
    draft.title_fr = "Leur titre"
    draft.save()
    measure = draft.measures.get()
    measure.market = "BY"
    measure.save()

    first = desk.post(address, mine)
    draft.refresh_from_db()
    between = told(draft)
    second = desk.post(address, resent(first))

    draft.refresh_from_db()
    assert "Leur titre" in first.text and "Notre titre" in first.text and "Belarus" in first.text
    assert between[0] == "Leur titre" and between[2] == [("BY", "in_effect")]
    assert second.status_code == 302
    assert told(draft)[0] == "Notre titre" and told(draft)[2] == [("UA", "in_effect")]


def test_a_draft_that_was_published_meanwhile_gives_back_what_was_typed(desk, piece, nike):
    draft = saved(desk, piece, nike)
    address = f"{url('review', piece.pk)}?announcement={draft.pk}"
    mine = resent(desk.get(address)) | {"title_fr": "Notre titre", "measures-0-market": "Ukraine"}
    draft.publish()

    answer = desk.post(address, mine)

    draft.refresh_from_db()
    assert (draft.status, draft.title_fr) == ("published", "Nike ferme")
    assert "Notre titre" in answer.text and "Ukraine" in answer.text


@pytest.mark.parametrize(
    "hostile",
    [
        {"measures-0-id": "9" * 30},
        {"measures-0-id": "x"},
        {"measures-0-id": "-1", "passages-0-id": "\0"},
        {"measures-TOTAL_FORMS": "9" * 12, "measures-INITIAL_FORMS": "9" * 12},
        {"measures-TOTAL_FORMS": "x"},
        {"opened": "\0 : :: measures-1-market:x"},
        {"opened": ""},
        {"company": "9" * 30, "passages-0-start": "9" * 30},
        {"company": "\0", "announced_on": "\0", "measures-0-activity": "\0"},
        {"announced_on": "9999-99-99"},
    ],
)
@pytest.mark.parametrize("published", [False, True])
def test_hostile_forms_are_answered(desk, piece, nike, hostile, published):
    draft = saved(desk, piece, nike)
    address = f"{url('review', piece.pk)}?announcement={draft.pk}"
    mine = resent(desk.get(address))
    if published:
        draft.publish()

    status = desk.post(address, mine | {"title_fr": "Notre titre"} | hostile).status_code

    assert status in (200, 302)
    assert told(Announcement.objects.get())[2:] == ([("RU", "in_effect")], ["supports"])


def test_a_passage_joins_a_published_announcement_as_an_edition(
    desk, piece, nike, make_announcement
):
    announcement = make_announcement(nike)
    start = BODY.index("Adidas")
    address = url("review", piece.pk)
    asked = {"announcement": announcement.pk, "start": start, "end": start + len("Adidas ne dit")}

    form = desk.get(address, asked).context["draft"].passages
    desk.post(
        f"{address}?announcement={announcement.pk}",
        {
            "passages-TOTAL_FORMS": "1",
            "passages-INITIAL_FORMS": "0",
            "passages-0-exact": form.forms[0]["exact"].value(),
            "passages-0-start": form.forms[0]["start"].value(),
            "passages-0-stance": "contradicts",
            "passages-0-speaker": "other",
            "note_fr": "Une pièce le contredit.",
            "note_en": "A piece contradicts it.",
        },
    )

    evidence = announcement.evidence.get(article=piece)
    assert (evidence.start, evidence.exact) == (start, "Adidas ne dit")
    assert (evidence.stance, evidence.speaker) == ("contradicts", "other")
    edition = announcement.editions.last()
    assert (edition.number, edition.note_en) == (2, "A piece contradicts it.")


MENTION_ACTS = [
    ("suggested", "accept", "confirmed"),
    ("suggested", "reject", "rejected"),
    ("confirmed", "reject", "rejected"),
    ("rejected", "accept", "confirmed"),
    ("confirmed", "ask", "suggested"),
]


@pytest.mark.parametrize(("was", "done", "stands"), MENTION_ACTS)
def test_a_mention_is_decided_once_however_often_it_is_sent(desk, piece, nike, was, done, stands):
    mention = piece.mentions.get(company=nike)
    mention.status = was
    mention.save()
    before = mention.history.count()

    answers = [act(desk, piece, ("mention", mention.pk, done, was)) for _again in range(2)]

    assert answers == [(200, [(200, stands)])] * 2
    mention.refresh_from_db()
    assert (mention.status, mention.history.count()) == (stands, before + 1)


@pytest.mark.parametrize(
    ("was", "kind", "done", "looks_again"),
    [
        ("suggested", "mention", "accept", False),
        ("suggested", "role", "passing", False),
        ("suggested", "mention", "reject", True),
        ("rejected", "mention", "accept", True),
        ("rejected", "mention", "ask", True),
    ],
)
def test_the_text_is_read_again_only_where_other_companies_are_named(
    desk, piece, nike, was, kind, done, looks_again
):
    piece.mentions.filter(company=nike).update(status=was)
    mention = piece.mentions.get(company=nike)
    seen = mention.role if kind == "role" else was
    acts = [{"kind": kind, "key": str(mention.pk), "act": done, "seen": seen}]

    response = desk.post(
        url("review_decide", piece.pk), json.dumps({"acts": acts}), content_type="application/json"
    )

    assert ("suggestions" in response.json()) is looks_again
    assert piece.suggestions.exists() is (looks_again and done != "reject")


@pytest.mark.parametrize("rows", [1, 3])
def test_what_is_suggested_then_takes_a_fixed_number_of_queries(
    desk, make_article, make_company, make_announcement, django_assert_num_queries, rows
):
    names = [f"Zorblax {letter}" for letter in "ABC"[:rows]]
    for name in names:
        make_announcement(make_company(name=name), day=timezone.localdate(), publish=False)
    make_company(name="Adidas")
    said = " ".join(f"{name} quitte la Russie." for name in names)
    article = make_article(body=f"{said} Adidas se tait.", language="fr")
    recognise([article])
    suggest([article])
    mention = article.mentions.get(company__name="Adidas")
    body = {"kind": "mention", "key": str(mention.pk), "act": "reject", "seen": "suggested"}
    desk.get(url("review", article.pk))

    with django_assert_num_queries(30):
        answer = desk.post(
            url("review_decide", article.pk),
            json.dumps({"acts": [body]}),
            content_type="application/json",
        )

    shown = answer.json()["suggestions"]
    assert [one["html"].count("In the archive already?") for one in shown] == [1] * rows


def test_what_a_parent_announces_is_not_asked_of_its_brand_any_more(
    desk, make_article, make_company
):
    parent = make_company(name="Lumina")
    make_company(name="Zorblax", parent=parent)
    article = make_article(body="Lumina et Zorblax quittent la Russie.", language="fr")
    recognise([article])
    suggest([article])
    first, _second = article.suggestions.order_by("company__name")

    steps = [("accept", "open"), ("ask", "accepted")]
    waiting = []
    for done, seen in steps:
        act(desk, article, ("suggestion", first.pk, done, seen))
        open_ones = article.suggestions.filter(status="open").order_by("company__name")
        waiting.append([each.company.name for each in open_ones])

    assert waiting == [[], ["Lumina", "Zorblax"]]


def test_acts_are_done_in_their_order(desk, piece, nike):
    key = piece.mentions.get(company=nike).pk

    status, answers = act(
        desk,
        piece,
        ("mention", key, "accept", "suggested"),
        ("role", key, "passing", "subject"),
        ("mention", key, "reject", "confirmed"),
    )

    assert (status, answers) == (200, [(200, "confirmed"), (200, "confirmed"), (200, "rejected")])
    mention = piece.mentions.get(company=nike)
    assert (mention.status, mention.role) == ("rejected", "passing")


def test_what_was_decided_otherwise_meanwhile_stays(desk, piece, nike, make_user):
    mention = piece.mentions.get(company=nike)
    mention._history_user = make_user(username="marie")
    mention.reject()

    response = desk.post(
        url("review_decide", piece.pk),
        json.dumps(
            {
                "acts": [
                    {
                        "kind": "mention",
                        "key": str(mention.pk),
                        "act": "accept",
                        "seen": "suggested",
                    }
                ]
            }
        ),
        content_type="application/json",
    )

    (answer,) = response.json()["answers"]
    mention.refresh_from_db()
    assert (answer["code"], answer["state"], mention.status) == (409, "rejected", "rejected")
    assert answer["said"].startswith("marie decided on this (")


def test_what_is_gone_is_said(desk, piece, make_article, nike):
    elsewhere = Mention.objects.create(article=make_article(), company=nike)

    assert act(desk, piece, ("mention", elsewhere.pk, "accept", "suggested")) == (
        200,
        [(404, None)],
    )
    elsewhere.refresh_from_db()
    assert elsewhere.status == "suggested"


@pytest.mark.parametrize(
    ("right", "kind", "done"),
    [
        ("companies.confirm_mention", "mention", "accept"),
        ("companies.confirm_mention", "mention", "reject"),
        ("companies.confirm_mention", "role", "peer"),
        ("companies.add_announcement", "suggestion", "accept"),
        ("companies.decide_suggestion", "suggestion", "reject"),
        ("companies.change_placement", "placement", "accept"),
        ("companies.change_placement", "placement", "reject"),
        ("articles.release_article", "rights", "clear"),
    ],
)
def test_each_act_takes_its_right(client, grant, everything, right, kind, done):
    article, rows = everything
    record, seen = rows[kind]
    statuses = []
    for rights in ([], [right]):
        client.force_login(grant(*rights))
        statuses.append(act(client, article, (kind, record.pk, done, seen))[0])

    assert statuses == [403, 200]


@pytest.fixture
def everything(piece, nike, make_announcement):
    """A piece with one of each that waits, and the state that each is in."""
    announcement = make_announcement(nike, evidence=False, publish=False)
    evidence = Evidence(
        announcement=announcement, article=piece, exact="Nike ferme ses magasins en Russie."
    )
    evidence.full_clean()
    evidence.save()
    piece.revise(
        body=BODY.replace("ferme ses", "rouvre tous ses"), rights="unknown", status="withheld"
    )
    recognise([piece])
    (placement,) = place([piece])
    suggestion = Suggestion.objects.create(
        article=piece,
        company=nike,
        version=piece.current_version(),
        passages=[{"start": 0, "end": 4, "exact": "Nike"}],
        measures=[
            {"activity": "", "market": "RU", "action": "exit", "stage": "announced", "passage": 0}
        ],
        speaker="company",
        reason="ferme · Russie",
    )
    mention = piece.mentions.get(company=nike)
    return piece, {
        "mention": (mention, "suggested"),
        "role": (mention, mention.role),
        "suggestion": (suggestion, "open"),
        "placement": (placement, "waiting"),
        "rights": (piece, "unknown"),
    }


def test_that_a_name_is_no_company_is_said_to_hold_for_all_articles(desk, piece):
    newcomer = Newcomer.objects.create(name="Velmar")
    version = piece.current_version()
    sighting = newcomer.sightings.create(article=piece, version=version, start=0, end=6, count=1)

    before = desk.get(url("review", piece.pk)).text
    words = f"newcomer {sighting.pk} reject open"
    after = desk.post(url("review_decide", piece.pk), {"act": words}, follow=True).text
    opened = desk.get(reverse("admin:companies_newcomer_change", args=[newcomer.pk])).text

    assert "“No company” holds for all articles" in before
    assert "“Velmar” is no company, in all articles" not in before
    assert "“Velmar” is no company, in all articles: “Undecided” takes it back." in after
    assert "“No company” holds for all articles" not in after and "_reopen" in opened


def test_a_suggestion_becomes_a_draft_and_an_undo_takes_it_back(desk, everything):
    article, rows = everything
    suggestion, _seen = rows["suggestion"]
    before = Announcement.objects.count()

    accepted = act(desk, article, ("suggestion", suggestion.pk, "accept", "open"))
    suggestion.refresh_from_db()
    quoted = suggestion.announcement.evidence.get().exact
    undone = act(desk, article, ("suggestion", suggestion.pk, "ask", "accepted"))

    assert quoted == "Nike"
    assert (accepted, undone) == ((200, [(200, "accepted")]), (200, [(200, "open")]))
    assert Announcement.objects.count() == before


def test_what_was_renewed_meanwhile_is_shown_before_it_is_accepted(desk, everything):
    article, found = everything
    suggestion, _state = found["suggestion"]
    seen = suggestion.stamp
    suggestion.measures = [{**suggestion.measures[0], "market": "BY"}]
    suggestion.save()
    accept = {"kind": "suggestion", "key": str(suggestion.pk), "act": "accept", "seen": "open"}

    codes = []
    for stamp in (seen, suggestion.stamp):
        body = json.dumps({"acts": [accept | {"stamp": stamp}]})
        address = url("review_decide", article.pk)
        answer = desk.post(address, body, content_type="application/json").json()["answers"][0]
        codes.append((answer["code"], answer["state"], answer["stamp"] == suggestion.stamp))

    assert codes == [(409, "open", True), (200, "accepted", True)]


def test_a_draft_that_was_worked_on_is_not_undone(desk, everything):
    article, rows = everything
    suggestion, _seen = rows["suggestion"]
    act(desk, article, ("suggestion", suggestion.pk, "accept", "open"))
    suggestion.refresh_from_db()
    suggestion.announcement.title_fr = "Travaillé"
    suggestion.announcement.save()

    assert act(desk, article, ("suggestion", suggestion.pk, "ask", "accepted")) == (
        200,
        [(422, "accepted")],
    )


def test_a_draft_that_somebody_gave_a_passage_is_not_undone(desk, everything, make_article):
    article, rows = everything
    suggestion, _seen = rows["suggestion"]
    draft = suggestion.accept()
    elsewhere = make_article(headline="Nike dit pourquoi", body=BODY)
    recognise([elsewhere])
    desk.post(url("review", elsewhere.pk), filled(draft.company, _join=draft.pk))

    undone = act(desk, article, ("suggestion", suggestion.pk, "ask", "accepted"))

    assert undone == (200, [(422, "accepted")])
    assert [each.article for each in draft.evidence.order_by("pk")] == [article, elsewhere]


@pytest.fixture
def near(nike, make_announcement):
    """One of Nike's in the archive, of the piece's own day."""

    def make(**fields):
        return make_announcement(nike, day=timezone.localdate(), **fields)

    return make


@pytest.mark.parametrize("publish", [False, True])
def test_what_is_recorded_already_gets_the_passage_of_a_suggestion(desk, everything, near, publish):
    article, rows = everything
    suggestion, _seen = rows["suggestion"]
    known = near(publish=publish)
    article.clear_rights()
    article.release()

    page = desk.get(url("review", article.pk)).content.decode()
    stamp = suggestion.stamp
    words = f"suggestion {suggestion.pk} join open {stamp} {known.pk}{' sure' * publish}"
    desk.post(url("review_decide", article.pk), {"act": words})

    suggestion.refresh_from_db()
    assert f'value="{words}"' in page
    assert (suggestion.status, suggestion.announcement) == ("joined", known)
    assert known.evidence.get(article=article).exact == "Nike"
    notes = list(known.editions.values_list("number", "note_en"))
    told = [(1, ""), (2, "One more source supports it.")]
    assert notes == (told if publish else [])


def test_nothing_joins_a_published_announcement_before_an_editor_is_sure(
    desk, everything, piece, nike, near
):
    article, rows = everything
    suggestion, _seen = rows["suggestion"]
    known = near()
    article.clear_rights()
    article.release()
    words = f"suggestion {suggestion.pk} join open {suggestion.stamp} {known.pk}"

    decided = desk.post(url("review_decide", article.pk), {"act": words}, follow=True)
    saved = desk.post(url("review", piece.pk), filled(nike, _join=known.pk))

    suggestion.refresh_from_db()
    assert (suggestion.status, known.evidence.count(), known.editions.count()) == ("open", 1, 1)
    for answer in (decided, saved):
        assert f"“{known}” is published: say first that readers" in answer.text
        assert f"“{known}” is published: readers will see a new edition of it" in answer.text


def test_readers_hear_of_one_more_source_when_they_can_open_it(desk, everything, nike, near):
    article, rows = everything
    suggestion, _seen = rows["suggestion"]
    known = near()
    words = f"suggestion {suggestion.pk} join open {suggestion.stamp} {known.pk} sure"

    decided = desk.post(url("review_decide", article.pk), {"act": words}, follow=True)
    mine = filled(nike, _join=f"{known.pk} sure")
    mine |= {"passages-0-exact": "Adidas ne dit", "passages-0-start": ""}
    saved = desk.post(url("review", article.pk), mine)

    assert (known.evidence.count(), known.editions.count()) == (1, 1)
    for answer in (decided, saved):
        assert "readers can’t open this piece yet (rights not cleared)" in answer.text
        assert "once readers can open this piece (rights not cleared)" in answer.text
        assert "Yes, add it" not in answer.text


def test_what_waits_for_its_hour_gets_a_source_and_no_note(desk, everything, near):
    article, rows = everything
    suggestion, _seen = rows["suggestion"]
    known = near(publish=False)
    known.publish(at=timezone.now() + timedelta(days=1))

    suggestion.join(known)

    assert known.evidence.filter(article=article).exists()
    assert [(each.number, each.note_en) for each in known.editions.all()] == [(1, "")]


def test_a_suggestion_that_joined_a_draft_is_taken_out_of_it_again(desk, everything, near):
    article, rows = everything
    suggestion, _seen = rows["suggestion"]
    draft, published = near(publish=False), near()
    article.clear_rights()
    article.release()
    codes = []
    for known in (draft, published):
        suggestion.join(known)
        code, _state = act(desk, article, ("suggestion", suggestion.pk, "ask", "joined"))[1][0]
        codes.append((code, known.evidence.filter(article=article).exists()))

    assert codes == [(200, False), (422, True)]
    assert Announcement.objects.filter(pk=draft.pk).exists()


def test_a_suggestion_is_taken_out_without_what_stood_there_before(
    desk, everything, make_company, make_announcement
):
    article, rows = everything
    suggestion, _seen = rows["suggestion"]
    suggestion.passages = [*suggestion.passages, {"start": 5, "end": 12, "exact": "rouvre "}]
    suggestion.save()
    brand = make_company(name="Converse", parent=suggestion.company)
    draft = make_announcement(brand, day=timezone.localdate(), publish=False, evidence=False)
    quoted = Evidence(announcement=draft, article=article, exact="Nike", start=0)
    quoted.full_clean()
    quoted.save()

    suggestion.join(draft)
    joined = [each.exact for each in draft.evidence.order_by("pk")]
    undone = act(desk, article, ("suggestion", suggestion.pk, "ask", "joined"))

    assert (joined, undone) == (["Nike", "rouvre "], (200, [(200, "open")]))
    assert list(draft.evidence.all()) == [quoted]


@pytest.mark.parametrize(
    ("rights", "codes"),
    [
        ([], [403, 403]),
        (["companies.change_announcement"], [200, 403]),
        (["companies.change_announcement", "companies.amend_announcement"], [200, 200]),
    ],
)
def test_a_passage_joins_only_what_one_may_change(client, grant, everything, near, rights, codes):
    article, rows = everything
    suggestion, _seen = rows["suggestion"]
    found = []
    article.clear_rights()
    article.release()
    client.force_login(grant(*rights))
    for publish in (False, True):
        known = near(publish=publish)
        one = {"kind": "suggestion", "key": str(suggestion.pk), "act": "join", "seen": "open"}
        body = json.dumps({"acts": [one | {"into": str(known.pk), "sure": "sure"}]})
        address = url("review_decide", article.pk)
        answer = client.post(address, body, content_type="application/json").json()["answers"][0]
        found.append(answer["code"])
        known.delete() if known.status == "draft" else None

    assert found == codes


def test_a_passage_joins_nothing_that_it_can_not_be(desk, everything, make_announcement):
    article, rows = everything
    suggestion, _seen = rows["suggestion"]
    elsewhere = make_announcement(day=timezone.localdate())  # another company's
    for into in (elsewhere.pk, "", "x", "9" * 30):
        words = f"suggestion {suggestion.pk} join open {suggestion.stamp} {into}"
        desk.post(url("review_decide", article.pk), {"act": words})

    suggestion.refresh_from_db()
    assert suggestion.status == "open"


def test_what_the_archive_may_hold_is_shown_before_a_new_one_is_saved(desk, piece, nike, near):
    known, here = near(), url("review", piece.pk)
    mine = filled(nike, announced_on=str(timezone.localdate()))

    first = desk.post(here, mine)
    count = Announcement.objects.count()
    second = desk.post(here, mine | {"recorded": str(known.pk)})

    assert known.title_en in first.text and "Nothing is saved yet" in first.text
    assert f'name="_join" value="{known.pk} sure"' in first.text and "Nike closes" in first.text
    assert (count, second.status_code, Announcement.objects.count()) == (1, 302, 2)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, True),
        ({"measures-0-market": "Moldova"}, False),
        ({"announced_on": "2022-03-08"}, False),
        ({"company": "Adidas"}, False),
        ({"company": ""}, False),
        ({"measures-0-market": "", "title_fr": ""}, True),
        ({"measures-0-market": "Atlantis", "announced_on": "x"}, False),
        ({"measures-TOTAL_FORMS": "x"}, True),
        ({"announced_on": "0001-01-01"}, False),
        ({"announced_on": "9999-12-31"}, False),
    ],
)
def test_a_form_asks_the_archive_while_it_is_filled_in(desk, piece, nike, near, fields, shown):
    near()
    if fields.get("company"):
        fields = fields | {"company": str(Company.objects.get(name=fields["company"]).pk)}
    mine = filled(nike, announced_on=str(timezone.localdate())) | fields

    answer = desk.post(url("review", piece.pk), mine | {"_look": "1"})

    assert answer.status_code == 200
    assert ("In the archive already?" in answer.text) is shown
    assert Announcement.objects.count() == 1


def test_what_the_archive_holds_is_dated_as_exactly_as_it_is_known(
    desk, piece, nike, near, make_company
):
    known = near(publish=False)
    known.announced_precision = "month"
    known.company = make_company(name="Nike Inc")
    known.save()
    merge(known.company, nike)
    mine = filled(nike, announced_on=str(known.announced_on), _look="1")

    asked = desk.post(url("review", piece.pk), mine).text
    listed = desk.get(url("review", piece.pk)).text

    month = f"{known.announced_on:%B %Y}"
    assert f"Nike · Draft · {month} · " in asked
    assert f"Draft · {month}</span>" in listed


@pytest.mark.parametrize("rows", [1, 3])
def test_what_a_form_asks_takes_a_fixed_number_of_queries(
    desk, piece, nike, near, django_assert_num_queries, rows
):
    near()
    mine = filled(nike, announced_on=str(timezone.localdate()), _look="1")
    mine |= {"measures-TOTAL_FORMS": str(rows)}
    for number in range(rows):
        said = {"activity": f"Shops {number}", "translated": "Magasins", "market": "RU"}
        mine |= {f"measures-{number}-{name}": value for name, value in said.items()}
    desk.get(url("review", piece.pk))

    with django_assert_num_queries(20):
        answer = desk.post(url("review", piece.pk), mine)

    assert "In the archive already?" in answer.text


@pytest.mark.parametrize("publish", [False, True])
def test_the_passage_of_a_form_joins_what_is_there(desk, piece, nike, near, publish):
    known = near(publish=publish)

    sure = " sure" if publish else ""
    mine = filled(nike, _join=f"{known.pk}{sure}")
    answer = desk.post(url("review", piece.pk), mine, follow=True)

    evidence = known.evidence.get(article=piece)
    assert (evidence.start, evidence.exact) == (AGAIN, "La décision est immédiate.")
    assert known.editions.count() == 2 * publish
    assert Announcement.objects.count() == 1
    assert "Nike closes" in answer.text  # what was typed besides is given back


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"passages-0-exact": "", "passages-0-start": ""}, "Select the passage"),
        ({"passages-0-exact": "Nowhere said."}, "Select the passage"),
        ({"_join": "9" * 30}, "deleted or retracted"),
        ({"_join": "x"}, "deleted or retracted"),
    ],
)
def test_what_can_not_join_stays_in_the_form(desk, piece, nike, near, fields, said):
    known = near()

    answer = desk.post(url("review", piece.pk), filled(nike, _join=f"{known.pk} sure") | fields)

    assert answer.status_code == 200
    assert said in answer.text and "Nike closes" in answer.text
    assert known.evidence.count() == 1


def test_a_draft_that_was_deleted_meanwhile_gives_back_what_was_typed(desk, piece, nike):
    draft = saved(desk, piece, nike)
    address = f"{url('review', piece.pk)}?announcement={draft.pk}"
    mine = resent(desk.get(address)) | {"title_fr": "Notre titre", "measures-0-market": "Ukraine"}
    draft.delete()

    answer = desk.post(address, mine)
    count = Announcement.objects.count()
    again = desk.post(url("review", piece.pk), resent(answer))

    assert (answer.status_code, count) == (200, 0)
    assert "was deleted or retracted meanwhile" in answer.text
    assert answer.context["back"].partition("?")[2] == "queue=mentions"
    assert again.status_code == 302
    assert told(Announcement.objects.get()) == (
        *("Notre titre", "Nike closes"),
        *([("UA", "in_effect")], ["supports"]),
    )


def test_a_published_one_that_was_retracted_meanwhile_gives_back_what_was_typed(
    desk, piece, nike, make_announcement
):
    published = make_announcement(nike)
    published.retract(reason_fr="Faux.", reason_en="Wrong.")
    sent = {
        "passages-TOTAL_FORMS": "1",
        "passages-INITIAL_FORMS": "0",
        "passages-0-exact": "Adidas ne dit rien.",
        "passages-0-stance": "supports",
        "passages-0-speaker": "company",
    }

    answer = desk.post(f"{url('review', piece.pk)}?announcement={published.pk}", sent)

    assert answer.status_code == 200
    assert "You had typed:" in answer.text and "Adidas ne dit rien." in answer.text


def test_a_passage_is_accepted_and_asked_again(desk, everything):
    article, rows = everything
    placement, _seen = rows["placement"]

    answers = [
        act(desk, article, ("placement", placement.pk, *step))
        for step in (("accept", "waiting"), ("ask", "edited"), ("reject", "waiting"))
    ]

    assert answers == [(200, [(200, state)]) for state in ("edited", "waiting", "gone")]


def test_a_piece_is_cleared_and_released_by_its_buttons(desk, everything):
    article, _rows = everything
    for words in ("rights {} clear unknown", "status {} release withheld"):
        desk.post(url("review_decide", article.pk), {"act": words.format(article.pk)})

    article.refresh_from_db()
    assert (article.rights, article.status) == ("cleared", "usable")


@pytest.mark.parametrize(
    ("right", "rights", "said"),
    [
        ("articles.release_article", "unknown", True),
        ("articles.release_article", "cleared", False),
        ("articles.change_article", "unknown", False),  # no button either
    ],
)
def test_whoever_clears_rights_is_told_what_readers_get(client, grant, piece, right, rights, said):
    piece.rights, piece.access, piece.status = rights, "reference", "withheld"
    piece.save()
    client.force_login(grant(right))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    page = client.get(url("review", piece.pk)).text

    assert ("leaves the access as it is: “Reference”" in page) is said
    assert ("Clear the rights</button>" in page) is said


def test_nobody_without_the_right_sees_the_screen(client, make_user, piece):
    client.force_login(make_user(is_staff=True))
    pages = [url("review", piece.pk), url("versions", piece.pk)]

    assert [client.get(page).status_code for page in pages] == [403, 403]
    assert client.post(url("review_decide", piece.pk), {"act": ""}).status_code == 403


def test_a_reader_of_the_desk_gets_no_buttons_and_may_not_save(client, grant, piece, nike):
    client.force_login(grant())

    page = client.get(url("review", piece.pk)).content.decode()

    assert "quitte la Russie" in page
    assert 'name="act"' not in page and 'id="draft"' not in page
    assert client.post(url("review", piece.pk), filled(nike)).status_code == 403


def test_only_what_one_may_do_is_offered(client, grant, everything, make_announcement):
    article, _found = everything
    published = make_announcement(article=article)
    seen = {"article": article, "version": article.current_version()}
    Newcomer.objects.create(name="Zorgu").sightings.create(**seen, start=0, end=5, count=1)
    offers = {
        f"announcement={published.pk}#draft": "companies.amend_announcement",
        "companies/company/add/": "companies.add_company",
    }

    for rights in ([], ["companies.change_announcement", *offers.values()]):
        client.force_login(grant(*rights))
        page = client.get(url("review", article.pk)).content.decode()
        assert [offer in page for offer in offers] == [bool(rights)] * 2


def test_publishing_takes_its_right(client, grant, piece, nike):
    client.force_login(grant("companies.add_announcement", "companies.add_activity"))

    page = client.get(url("review", piece.pk)).content.decode()
    answer = client.post(url("review", piece.pk), filled(nike, _publish="1"))

    assert 'name="_save"' in page and 'name="_publish"' not in page
    assert (answer.status_code, Announcement.objects.count()) == (403, 0)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"acts": 3}',
        '{"acts": [{"kind": "mention"}]}',
        '{"acts": [{"kind": "no", "key": "1", "act": "accept", "seen": ""}]}',
        '{"acts": [{"kind": "mention", "key": "1", "act": "no", "seen": ""}]}',
        '{"acts": [{"kind": "mention", "key": "x", "act": "accept", "seen": ""}]}',
        '{"acts": [{"kind": "mention", "key": 1, "act": "accept", "seen": ""}]}',
        "[" * 100_000,
    ],
)
def test_hostile_acts_are_refused(desk, piece, body):
    page = url("review_decide", piece.pk)

    assert desk.post(page, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"announcement": "x"}, 404),
        ({"announcement": "9" * 30}, 404),
        ({"announcement": "0"}, 404),
        ({"start": "5", "end": "2"}, 200),
        ({"start": "x", "end": "-1"}, 200),
        ({"queue": "no\0"}, 200),
    ],
)
def test_hostile_addresses_are_answered(desk, piece, asked, status):
    assert desk.get(url("review", piece.pk), asked).status_code == status


def test_the_next_piece_is_one_that_still_waits(desk, make_article, make_company):
    company = make_company(name="Nike")
    pieces = [make_article(body="Nike part.") for _number in range(4)]
    killed = make_article(body="Nike part.")
    recognise([*pieces, killed])
    killed.kill(note_fr="x", note_en="x")
    pieces[2].mentions.get(company=company).confirm()

    def following(**asked):
        return desk.get(url("review"), asked).url.partition("?")[0]

    first = following(queue="mentions")
    steps = [following(queue="mentions", after=pieces[number].pk) for number in (3, 1, 0)]

    assert [first, *steps] == [url("review", pieces[number].pk) for number in (3, 1, 0, 3)]
    assert following(queue="passages") == reverse("admin:index")


def test_the_next_piece_may_be_one_of_ones_own(desk, admin_user, make_article, make_company):
    make_company(name="Nike")
    mine, others, killed = (make_article(body="Nike se tait.") for _ in range(3))
    recognise([mine, others, killed])
    for article in (mine, killed):
        article.history.update(history_user=admin_user)
    killed.kill(note_fr="Faux.", note_en="Wrong.")

    found = {
        queue: desk.get(url("review"), {"queue": queue}).url.split("?")[0]
        for queue in ("mentions", "mine-mentions", "mine-suggestions")
    }

    assert found == {
        "mentions": url("review", others.pk),
        "mine-mentions": url("review", mine.pk),
        "mine-suggestions": reverse("admin:index"),
    }


def test_lists_lead_to_the_screen(desk, everything):
    article, found = everything
    here = url("review", article.pk)
    pages = {
        f"companies_{name}": f"{here}#{name}-{found[name][0].pk}"
        for name in ("mention", "suggestion", "placement")
    } | {"articles_article": here}

    for name, address in pages.items():
        page = desk.get(reverse(f"admin:{name}_changelist")).content.decode()
        assert f'href="{address}"' in page
    page = desk.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert f'href="{url("review", article.pk)}"' in page


def test_of_a_redacted_piece_nothing_is_shown(desk, piece):
    piece.redact("A court’s order.")

    page = desk.get(url("review", piece.pk)).content.decode()

    assert "This wording was redacted" in page
    assert "magasins en Russie" not in page


def test_a_long_piece_stays_within_bounds(desk, make_article, make_company):
    make_company(name="Nike")
    normal = make_article(body="\n\n".join(["Nike ferme ses magasins en Russie."] * 100))
    long = make_article(body="\n\n".join(["Nike ferme ses magasins en Russie."] * 8500))
    recognise([normal, long])

    sizes = [len(desk.get(url("review", each.pk)).content) for each in (normal, long)]

    assert sizes[0] < 100_000
    assert sizes[1] < 4 * len(long.body)
