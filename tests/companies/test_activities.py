"""What an activity is a part of, and what its new name owes to those who read the old one."""

from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from articles.editing.timeline import moment_of
from companies.models import Activity, Edition
from companies.standing import standings
from tests.forms import restoring, typed

pytestmark = pytest.mark.django_db

NOTES = {"note_fr": "Nom précisé.", "note_en": "Name made exact."}


@pytest.fixture
def shops(make_announcement, make_company):
    """An activity that two published announcements and a draft name."""
    company = make_company(name="Nordholz")
    activity = Activity.objects.create(company=company, name_fr="Magasins", name_en="Shops")
    for market, publish in (("RU", True), ("BY", True), ("UA", False)):
        measures = [(activity, market, "suspend", "in_effect")]
        make_announcement(company, measures=measures, publish=publish)
    return activity


def page(activity):
    return reverse("admin:companies_activity_change", args=[activity.pk])


def change(client, activity, **fields):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client.post(page(activity), typed(client.get(page(activity))) | fields)


def told(activity):
    """(number of its newest edition, what that calls the activity, whether its hash is of what
    readers see) of each announcement."""
    return [
        (
            each.newest_edition.number,
            each.newest_edition.snapshot["measures"][0]["activity"]["en"],
            each.newest_edition.sha256 == Edition.hash_of(each.snapshot()),
        )
        for each in activity.published().order_by("pk")
    ]


@pytest.mark.parametrize("named", [True, False])
def test_an_activity_that_measures_name_stays_with_its_company(shops, make_company, named):
    if not named:
        shops = Activity.objects.create(company=shops.company, name_fr="Usines", name_en="Plants")
    shops.company = make_company(name="Another")

    if not named:
        shops.full_clean()
        return
    with pytest.raises(ValidationError) as refused:
        shops.full_clean()
    assert list(refused.value.message_dict) == ["company"]


def test_an_activity_stays_with_the_company_of_its_editions(shops, make_company):
    shops.measures.all().delete()
    shops.company = make_company(name="Another")

    with pytest.raises(ValidationError, match="company"):
        shops.full_clean()


@pytest.mark.parametrize(
    ("brand", "refused"),
    [
        ("own", False),
        ("brand", False),
        ("merged brand", False),
        ("sister", False),
        ("parent", False),
        ("stranger", True),
        ("brand of a stranger", True),
    ],
)
def test_a_brand_is_of_the_family(make_company, brand, refused):
    parent, stranger = make_company(name="Parent"), make_company(name="Stranger")
    own = parent if brand in ("own", "brand", "merged brand") else make_company(parent=parent)
    child = make_company(name="Child", parent=own) if own is parent else None
    merged = make_company(name="Merged")
    if child:
        merged.merge(child)
    found = {
        "own": own,
        "brand": child,
        "merged brand": merged,
        "sister": make_company(name="Sister", parent=parent),
        "parent": parent,
        "stranger": stranger,
        "brand of a stranger": make_company(name="Other", parent=stranger),
    }
    activity = Activity(company=own, name_fr="a", name_en="a", brand=found[brand])

    if not refused:
        activity.full_clean()
        return
    with pytest.raises(ValidationError) as refusal:
        activity.full_clean()
    assert list(refusal.value.message_dict) == ["brand"]


def test_a_brand_that_was_sold_since_may_stay(make_company):
    company = make_company()
    brand = make_company(parent=company)
    activity = Activity.objects.create(company=company, name_fr="a", name_en="a", brand=brand)
    brand.parent = make_company()
    brand.save()
    activity.name_en = "b"

    activity.full_clean()


def test_a_new_name_is_told_by_an_edition_of_each_announcement(admin_client, client, shops):
    answer = change(admin_client, shops, name_en="All shops", **NOTES)

    assert answer.status_code == 302
    assert told(shops) == [(2, "All shops", True)] * 2
    for announcement in shops.published():
        newest = announcement.newest_edition
        assert (newest.note_en, newest.made_by) == ("Name made exact.", newest.made_by)
        assert newest.made_by.is_superuser
        first = client.get(f"/en/announcements/{announcement.public_id}/editions/1/").text
        assert ("All shops" in first, "This is not the newest edition." in first) == (False, True)
        api = client.get(f"/api/v1/announcements/{announcement.public_id}/").json()
        assert api["measures"][0]["activity"]["en"] == "All shops"
        assert api["edition"]["sha256"] == Edition.hash_of(announcement.snapshot())


@pytest.mark.parametrize("notes", [{}, {"note_fr": "Nom précisé."}])
def test_a_new_name_needs_a_note_where_readers_have_read_the_old_one(admin_client, shops, notes):
    answer = change(admin_client, shops, name_en="All shops", **notes)

    assert "“Public note on the change”" in unescape(answer.text)
    assert 'value="All shops"' in answer.text  # nothing typed is lost
    assert told(shops) == [(1, "Shops", True)] * 2
    shops.refresh_from_db()
    assert shops.name_en == "Shops"


def test_a_note_is_asked_for_where_readers_have_read_the_name(admin_client, shops, make_company):
    draft = Activity.objects.create(company=make_company(), name_fr="a", name_en="a")

    asked = ["note_en" in admin_client.get(page(each)).text for each in (shops, draft)]

    assert asked == [True, False]
    assert change(admin_client, draft, name_en="b").status_code == 302
    assert change(admin_client, shops).status_code == 302  # nothing new to tell
    assert told(shops) == [(1, "Shops", True)] * 2


def test_another_brand_is_told_too(admin_client, shops, make_company):
    brand = make_company(name="Nordholz Stores", parent=shops.company)

    answers = [
        change(admin_client, shops, brand=str(brand.pk), **notes).status_code
        for notes in ({}, NOTES)
    ]

    assert answers == [200, 302]
    assert told(shops) == [(2, "Shops", True)] * 2


def test_what_waits_for_its_hour_takes_the_new_name_without_a_note(admin_client, make_announcement):
    announcement = make_announcement(measures=[("Shops", "RU", "exit", "announced")], publish=False)
    announcement.publish(at=timezone.now() + timezone.timedelta(hours=1))
    shops = Activity.objects.get()

    change(admin_client, shops, name_en="All shops")

    assert told(shops) == [(1, "All shops", True)]


def test_who_may_not_change_what_is_published_may_not_rename_its_parts(client, make_user, shops):
    user = make_user(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_activity"))
    client.force_login(user)

    answer = change(client, shops, name_en="All shops", **NOTES)

    assert "whoever may change published announcements can do that" in answer.text
    assert told(shops) == [(1, "Shops", True)] * 2


def test_an_earlier_name_comes_back_with_a_note(admin_client, shops):
    change(admin_client, shops, name_en="All shops", **NOTES)
    line = moment_of(shops.history.earliest().history_date)
    url = reverse("admin:companies_activity_simple_history", args=[shops.pk, line])
    page = admin_client.get(url)

    refused = admin_client.post(url, restoring(page))
    done = admin_client.post(url, restoring(page) | NOTES)

    assert (refused.status_code, done.status_code) == (200, 302)
    assert told(shops) == [(3, "Shops", True)] * 2


def test_a_company_keeps_its_standing(admin_client, shops, make_company):
    other = make_company(name="Another")
    owner = shops.company

    answer = change(admin_client, shops, company=str(other.pk), **NOTES)

    assert "would count for another company" in answer.text
    assert {each.company for each in standings(type(owner).objects.public())} == {owner}
