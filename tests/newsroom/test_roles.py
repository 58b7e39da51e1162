"""Who may do what: one table, each cell tried through the door and read from the database.

A row is a model, an act, and perhaps what it is done to or by which door. Every act is a
request as a browser, or a forger, would send it: filled in as a superuser sees the form.
"""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from articles.editing.timeline import moment_of
from articles.models import Act, Article, Import, Publisher, Receipt, StoryLink, Topic
from companies.mentions import recognise
from companies.models import (
    Activity,
    Announcement,
    Assessment,
    Company,
    CorrectionRequest,
    Evidence,
    Mention,
    Newcomer,
    Placement,
    Suggestion,
    TrackerRow,
)
from companies.placements import place
from companies.redaction import redact
from newsroom.models import Login
from tests.forms import restoring, typed

ROLES = ["anonymous", "staff", "reporter", "editor", "publisher", "superuser"]

# One letter for each of them, in that order; a dot: nothing happens, nothing is shown.
TABLE = """
articles.article       view                     ..repx
articles.article       view suggested           ..repx
articles.article       add                      ..repx
articles.article       add cleared              ....px
articles.article       change withheld          ..repx
articles.article       change usable            ...epx
articles.article       change killed            ...epx
articles.article       change redacted          ......
articles.article       change rights            ....px
articles.article       change embargo           ....px
articles.article       delete                   ......
articles.article       delete_selected          ......
articles.article       clear_rights             ....px
articles.article       release                  ....px
articles.article       withhold                 ....px
articles.article       kill                     ....px
articles.article       redact                   ....px
articles.article       leave_story              ...epx
articles.article       restore                  ....px
articles.article       correct inline           ...epx
articles.article       confirm inline           ...epx
articles.act           view                     .srepx
articles.act           add                      ......
articles.act           change                   ......
articles.act           delete                   ......
articles.act           undo                     ....px
articles.publisher     view                     ..repx
articles.publisher     add                      ...epx
articles.publisher     change                   ...epx
articles.publisher     change agreement         ....px
articles.publisher     delete                   ...epx
articles.publisher     delete_selected          ...epx
articles.publisher     restore                  ....px
articles.topic         view                     ..repx
articles.topic         add                      .....x
articles.topic         change                   .....x
articles.topic         delete                   .....x
articles.topic         delete_selected          .....x
articles.import        view                     ..repx
articles.import        add                      ..repx
articles.import        add usable               ....px
articles.import        change                   ......
articles.import        delete                   ......
articles.receipt       view                     ..repx
articles.receipt       view original            ..repx
articles.receipt       add                      ......
articles.receipt       change                   ......
articles.receipt       delete                   ......
articles.receipt       see                      ..repx
articles.storylink     view                     ..repx
articles.storylink     add                      ...epx
articles.storylink     change                   ...epx
articles.storylink     delete                   ......
articles.storylink     confirm                  ...epx
articles.storylink     reject                   ...epx
articles.story         view                     ..repx
articles.story         add                      ......
articles.story         change                   ......
articles.story         delete                   ......
articles.version       view                     ..repx
articles.version       add                      ......
articles.version       change                   ......
articles.version       delete                   ......
companies.company      view                     ..repx
companies.company      add                      ...epx
companies.company      change                   ...epx
companies.company      change name              ...epx
companies.company      merge                    ...epx
companies.company      merge_two                ...epx
companies.company      part                     ...epx
companies.company      delete                   ...epx
companies.company      delete_selected          ...epx
companies.company      restore                  ....px
companies.activity     view                     ..repx
companies.activity     add                      ..repx
companies.activity     change                   ...epx
companies.activity     delete                   ...epx
companies.activity     delete_selected          ...epx
companies.announcement view                     ..repx
companies.announcement add                      ..repx
companies.announcement change draft             ..repx
companies.announcement change published         ...epx
companies.announcement change retracted         ...epx
companies.announcement measure draft            ..repx
companies.announcement measure published        ...epx
companies.announcement evidence draft           ..repx
companies.announcement evidence published       ...epx
companies.announcement delete                   ..repx
companies.announcement delete quoting           ..repx
companies.announcement delete published         ......
companies.announcement delete_selected          ..repx
companies.announcement publish                  ....px
companies.announcement publish again            ....px
companies.announcement publish form             ....px
companies.announcement publish review           ....px
companies.announcement add review               ..repx
companies.announcement unschedule               ....px
companies.announcement say_it_stands            ...epx
companies.announcement retract                  ....px
companies.announcement retract page             ....px
companies.announcement restore                  ....px
companies.assessment   view                     ..repx
companies.assessment   add                      ...epx
companies.assessment   add tracker              ...epx
companies.assessment   change                   ...epx
companies.assessment   delete                   ...epx
companies.assessment   delete_selected          ...epx
companies.mention      view                     ..repx
companies.mention      add                      ...epx
companies.mention      change                   ...epx
companies.mention      delete                   ...epx
companies.mention      delete_selected          ...epx
companies.mention      confirm                  ...epx
companies.mention      reject                   ...epx
companies.mention      confirm review           ...epx
companies.suggestion   view                     ..repx
companies.suggestion   add                      ......
companies.suggestion   change accept            ..repx
companies.suggestion   change dismiss           ...epx
companies.suggestion   delete                   ......
companies.suggestion   accept                   ..repx
companies.suggestion   accept review            ..repx
companies.suggestion   dismiss                  ...epx
companies.suggestion   dismiss review           ...epx
companies.suggestion   reopen                   ...epx
companies.newcomer     view                     ..repx
companies.newcomer     add                      ......
companies.newcomer     change settle            ...epx
companies.newcomer     delete                   ......
companies.newcomer     dismiss                  ...epx
companies.newcomer     reopen                   ...epx
companies.correctionrequest view                ..repx
companies.correctionrequest add                 ......
companies.correctionrequest change              ...epx
companies.correctionrequest delete              .....x
companies.correctionrequest delete_selected     .....x
companies.correctionrequest accept              ...epx
companies.correctionrequest decline             ...epx
companies.placement    view                     ..repx
companies.placement    add                      ......
companies.placement    change                   ...epx
companies.placement    delete                   ......
companies.placement    accept                   ...epx
companies.placement    say_gone                 ...epx
companies.placement    ask_again                ...epx
companies.trackerrow   view                     ..repx
companies.trackerrow   add                      ......
companies.trackerrow   change                   ...epx
companies.trackerrow   delete                   ......
companies.trackerrow   match_suggested          ...epx
companies.trackerrow   create_company           ...epx
companies.trackerrow   dismiss                  ...epx
companies.trackerrow   reopen                   ...epx
newsroom.login         view                     ....px
newsroom.login         add                      ......
newsroom.login         change                   ......
newsroom.login         delete                   ......
auth.user              view                     .....x
auth.user              add                      .....x
auth.user              change                   .....x
auth.user              change password          .....x
auth.user              delete                   .....x
auth.user              delete_selected          .....x
auth.user              remove_second_factor     .....x
auth.user              unlock                   .....x
auth.group             view                     .....x
auth.group             add                      .....x
auth.group             change                   .....x
auth.group             delete                   .....x
auth.group             delete_selected          .....x
"""

ROWS = [line.split() for line in TABLE.strip().splitlines()]
NOTED = {"note_fr": "Corrigé.", "note_en": "Corrected."}
NOTES = {"confirmed": "1", "note_fr": "Retiré.", "note_en": "Withdrawn."}

# "model act what" → a function that makes what it takes, and returns the attempt: a function
# of the client that says whether it was done.
DONE = {}


def act(*names):
    def keep(function):
        for name in names:
            DONE[name] = function
        return function

    return keep


# --- What there is to act on --------------------------------------------------------------


@pytest.fixture
def world(request, admin_client, settings, tmp_path):
    """Makers of records, the superuser's browser, and a folder of its own for uploads."""
    settings.DATA_DIR = tmp_path
    names = "article company announcement publisher user"
    makers = {f"make_{name}": request.getfixturevalue(f"make_{name}") for name in names.split()}
    return SimpleNamespace(chief=admin_client, **makers)


def page(record, what, *args):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{what}", args=args)


def now(record):
    return type(record)._base_manager.filter(pk=record.pk).first()


def filled(world, address, **fields):
    """A form as the superuser would send it, with some fields typed over."""
    return typed(world.chief.get(address)) | fields


def changes(client, world, record, **fields):
    address = page(record, "change", record.pk)
    client.post(address, filled(world, address, **fields))
    return now(record)


def chooses(client, action, record, **fields):
    """An action of a list, on one record."""
    chosen = {"action": action, "_selected_action": [record.pk]}
    client.post(page(record, "changelist"), chosen | fields)
    return now(record)


def deletes(client, record):
    client.post(page(record, "delete", record.pk), {"post": "yes"})
    return now(record) is None


def shown(client, address, **query):
    answer = client.get(address, query)
    return answer.status_code == 200


@pytest.fixture(params=ROWS, ids=[" ".join(row) for row in ROWS])
def row(request):
    return request.param


def traces():
    """How many rows stand in each table, histories and the admin's log included; what the
    door itself keeps apart."""
    own = {"sessions", "axes"}
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.app_label not in own and model is not Login
    }


@pytest.fixture
def clients(in_role, make_user, admin_user):
    users = {
        "staff": make_user(is_staff=True),
        **{role: in_role(role) for role in ("reporter", "editor", "publisher")},
        "superuser": admin_user,
    }
    clients = {"anonymous": Client()}
    for role, user in users.items():
        clients[role] = Client()
        clients[role].force_login(user)
    return clients


def test_each_may_do_what_the_table_says(row, clients, world):
    *name, letters = row
    prepare, found = DONE[" ".join(name)], {}
    for role in ROLES:
        with transaction.atomic():
            attempt = prepare(world)
            before = traces()
            found[role] = attempt(clients[role])
            if not found[role]:
                assert traces() == before, f"{role} left something behind"
            transaction.set_rollback(True)

    assert found == {role: letter != "." for role, letter in zip(ROLES, letters, strict=True)}


def test_the_table_names_every_model_and_every_action(admin_user):
    request = RequestFactory().get("/")
    request.user = admin_user
    there = set()
    for model, door in admin.site._registry.items():
        acts = ["view", "add", "change", "delete", *door.get_actions(request)]
        nobody_deletes = not door.has_delete_permission(request)
        there |= {
            (model._meta.label_lower, name)
            for name in acts
            if not (name == "delete_selected" and nobody_deletes)
        }

    assert there - {(row[0], row[1]) for row in ROWS} == set()
    assert {row[0] for row in ROWS} == {model for model, _name in there}


def test_each_row_of_the_table_is_done_and_told_once():
    named = [" ".join(row[:-1]) for row in ROWS]

    assert sorted(named) == sorted(set(named))
    assert set(named) == set(DONE)


# --- Seeing --------------------------------------------------------------------------------


def sees(model):
    return lambda world: lambda client: shown(client, page(model, "changelist"))


for _model in admin.site._registry:
    DONE[f"{_model._meta.label_lower} view"] = sees(_model)


@act("articles.article view suggested")
def _(world):
    world.make_article(headline="Boréal ferme")
    asked = {"app_label": "companies", "model_name": "evidence", "field_name": "article"}

    def attempt(client):
        answer = client.get(reverse("admin:autocomplete"), asked | {"term": "bor"})
        return answer.status_code == 200 and len(json.loads(answer.content)["results"]) == 1

    return attempt


@act("articles.receipt view original")
def _(world):
    receipt = make_receipt(world)
    address = reverse("admin:articles_receipt_original", args=[receipt.pk])

    def attempt(client):
        answer = client.get(address)
        return answer.status_code == 200 and answer.content == b"one line"

    return attempt


# --- Articles and what belongs to them -------------------------------------------------------


def new_article(world, **fields):
    return {
        "headline": "Amazon quitte la Russie",
        "slug": "amazon-quitte-la-russie",
        "body": "Premier paragraphe.",
        "publisher": world.make_publisher().pk,
        "source_url": "https://example.org/amazon",
        "published_at_0": "2022-03-09",
        "published_at_1": "08:30",
        "public_from_0": "2022-03-09",
        "public_from_1": "08:30",
        "published_precision": "day",
        "language": "fr",
        "rights": "unknown",
        "access": "full",
        "status": "usable",
        "mentions-TOTAL_FORMS": "0",
        "mentions-INITIAL_FORMS": "0",
        **fields,
    }


def adds_article(rights):
    def prepare(world):
        fields = new_article(world, rights=rights)

        def attempt(client):
            client.post(page(Article, "add"), fields)
            made = Article.objects.filter(slug=fields["slug"])
            assert not made.exclude(status="withheld").exists()
            return made.filter(rights=rights).exists()

        return attempt

    return prepare


DONE["articles.article add"] = adds_article("unknown")


@act("articles.article add cleared")
def _(world):
    fields = new_article(world, rights="cleared")

    def attempt(client):
        with transaction.atomic():
            client.post(page(Article, "add"), fields)
            cleared = Article.objects.filter(slug=fields["slug"], rights="cleared").exists()
            transaction.set_rollback(not cleared)  # without the right, it is added uncleared
        return cleared

    return attempt


def changes_article(**state):
    def prepare(world):
        article = world.make_article(**state)
        return lambda client: (
            changes(client, world, article, headline="Typed over").headline == "Typed over"
        )

    return prepare


DONE["articles.article change withheld"] = changes_article(status="withheld")
DONE["articles.article change usable"] = changes_article()


@act("articles.article change killed")
def _(world):
    article = world.make_article()
    article.kill(note_fr="Retiré.", note_en="Withdrawn.")
    return lambda client: changes(client, world, article, byline="Typed").byline == "Typed"


@act("articles.article change redacted")
def _(world):
    article = world.make_article()
    redact(article, "Order 22/123")
    address, fields = page(article, "change", article.pk), new_article(world, headline="Back")

    def attempt(client):
        client.post(address, fields)
        return now(article).headline == "Back"

    return attempt


def types_over(name, value, **controls):
    """A field of a withheld article that not everybody who may change it may type in."""

    def prepare(world):
        article = world.make_article(status="withheld", rights="unknown")

        def attempt(client):
            with transaction.atomic():
                changed = str(getattr(changes(client, world, article, **controls), name))
                typed_in = changed.startswith(value)
                transaction.set_rollback(not typed_in)  # the rest of the form may be saved
            return typed_in

        return attempt

    return prepare


DONE["articles.article change rights"] = types_over("rights", "cleared", rights="cleared")
DONE["articles.article change embargo"] = types_over(
    "public_from", "2031", public_from_0="2031-06-15"
)


@act("articles.article delete")
def _(world):
    article = world.make_article()  # its version holds it
    return lambda client: deletes(client, article)


@act("articles.article delete_selected")
def _(world):
    article = world.make_article()
    return lambda client: chooses(client, "delete_selected", article, post="yes") is None


def acts_on_article(action, name, value, fields=None, **state):
    def prepare(world):
        article = world.make_article(**state)
        return lambda client: (
            getattr(chooses(client, action, article, **(fields or {})), name) == value
        )

    DONE[f"articles.article {action}"] = prepare


acts_on_article("clear_rights", "rights", "cleared", status="withheld", rights="unknown")
acts_on_article("release", "status", "usable", status="withheld")
acts_on_article("withhold", "status", "withheld")
acts_on_article("kill", "status", "canceled", NOTES)
acts_on_article("redact", "body", "", {"confirmed": "1", "reason": "Order 22/123"})


def make_link(world):
    earlier, later = world.make_article(), world.make_article()
    return StoryLink.objects.create(article=later, other=earlier, reason="update", score=0.5)


@act("articles.article leave_story")
def _(world):
    link = make_link(world)
    link.confirm()
    return lambda client: chooses(client, "leave_story", link.article).story_id is None


def restores(client, world, record, older):
    """Bring back a state of the history; says whether a new row of history says so."""
    address = page(record, "simple_history", record.pk, moment_of(older.history_date))
    rows = record.history.count()
    client.post(address, restoring(world.chief.get(address)) | NOTED)
    return record.history.count() > rows


@act("articles.article restore")
def _(world):
    article = world.make_article(headline="Before")
    article.revise(headline="After")
    return lambda client: restores(client, world, article, article.history.last())


@act("articles.article correct inline")
def _(world):
    article = world.make_article(status="withheld")
    fields = {
        "corrections-TOTAL_FORMS": "1",
        "corrections-0-kind": "correction",
        "corrections-0-note_fr": "Corrigé.",
        "corrections-0-note_en": "Corrected.",
        "corrections-0-created_at_0": "2022-03-10",
        "corrections-0-created_at_1": "10:00",
    }

    def attempt(client):
        with transaction.atomic():
            changes(client, world, article, **fields)
            corrected = article.corrections.exists()
            transaction.set_rollback(not corrected)
        return corrected

    return attempt


@act("articles.article confirm inline")
def _(world):
    article = world.make_article(status="withheld")
    mention = Mention.objects.create(article=article, company=world.make_company())

    def attempt(client):
        with transaction.atomic():
            changes(client, world, article, **{"mentions-0-status": "confirmed"})
            confirmed = now(mention).status == "confirmed"
            transaction.set_rollback(not confirmed)
        return confirmed

    return attempt


# --- Publishers and topics -------------------------------------------------------------------


@act("articles.publisher add")
def _(world):
    fields = {
        "name": "Gazette",
        "slug": "gazette",
        "kind": "outlet",
        "rights": "unknown",
        "access": "full",
    }

    def attempt(client):
        client.post(page(Publisher, "add"), fields)
        return Publisher.objects.filter(slug="gazette").exists()

    return attempt


@act("articles.publisher change")
def _(world):
    publisher = world.make_publisher()
    return lambda client: changes(client, world, publisher, name="Typed").name == "Typed"


@act("articles.publisher change agreement")
def _(world):
    publisher = world.make_publisher(rights="unknown")

    def attempt(client):
        with transaction.atomic():
            cleared = changes(client, world, publisher, rights="cleared").rights == "cleared"
            transaction.set_rollback(not cleared)
        return cleared

    return attempt


@act("articles.publisher restore")
def _(world):
    publisher = world.make_publisher(name="Before")
    publisher.name = "After"
    publisher.save()
    return lambda client: restores(client, world, publisher, publisher.history.last())


def make_topic(world):
    return Topic.objects.create(code="medtop:04", name_fr="Économie", name_en="Economy")


@act("articles.topic add")
def _(world):
    fields = {"code": "medtop:05", "name_fr": "Sujet", "name_en": "Topic"}

    def attempt(client):
        client.post(page(Topic, "add"), fields)
        return Topic.objects.filter(code="medtop:05").exists()

    return attempt


@act("articles.topic change")
def _(world):
    topic = make_topic(world)
    return lambda client: changes(client, world, topic, name_en="Typed").name_en == "Typed"


# --- What came in from the wire --------------------------------------------------------------


def make_receipt(world):
    world.chief.post(page(Import, "upload"), wire(world, content=b"one line"))
    return Receipt.objects.latest("pk")


def wire(world, content=b"Headline of a wire\n\nA paragraph, and a full stop.\n", **fields):
    file = {"file": SimpleUploadedFile("a.txt", content)}
    publisher = Publisher.objects.first() or world.make_publisher(rights="cleared")
    said = {
        "publisher": publisher.pk,
        "status": "withheld",
        "date": "2022-03-09",
        "source_url": "https://example.org/wire",
        "step": "commit",
    }
    return said | file | fields


@act("articles.import add")
def _(world):
    fields = wire(world)

    def attempt(client):
        client.post(page(Import, "upload"), fields)
        return Article.objects.filter(headline="Headline of a wire", status="withheld").exists()

    return attempt


@act("articles.import add usable")
def _(world):
    world.make_publisher(rights="cleared")
    fields = wire(world, status="usable")

    def attempt(client):
        client.post(page(Import, "upload"), fields)
        return Article.objects.filter(status="usable").exists()

    return attempt


@act("articles.receipt see")
def _(world):
    receipt = make_receipt(world)
    return lambda client: chooses(client, "see", receipt).seen


# --- Stories ---------------------------------------------------------------------------------


@act("articles.storylink add")
def _(world):
    ends = {"article": world.make_article().pk, "other": world.make_article().pk}

    def attempt(client):
        client.post(page(StoryLink, "add"), ends | {"reason": "related"})
        return StoryLink.objects.exists()

    return attempt


@act("articles.storylink change")
def _(world):
    link = make_link(world)

    def attempt(client):
        client.post(page(link, "change", link.pk), {"_confirm": "1"})
        return now(link).status == "confirmed"

    return attempt


def decides(model, make, action, name, value):
    def prepare(world):
        record = make(world)
        return lambda client: getattr(chooses(client, action, record), name) == value

    DONE[f"{model} {action}"] = prepare


decides("articles.storylink", make_link, "confirm", "status", "confirmed")
decides("articles.storylink", make_link, "reject", "status", "rejected")


# --- Companies -------------------------------------------------------------------------------


def plain_company(world):
    return world.make_company()


@act("companies.company add")
def _(world):
    inlines = {
        f"{name}-{count}_FORMS": "0"
        for name in ("names", "identifiers")
        for count in ("TOTAL", "INITIAL")
    }

    def attempt(client):
        client.post(page(Company, "add"), {"name": "Amazon", "slug": "amazon", **inlines})
        return Company.objects.filter(slug="amazon").exists()

    return attempt


@act("companies.company change")
def _(world):
    company = world.make_company()
    return lambda client: changes(client, world, company, legal_name="T").legal_name == "T"


@act("companies.company change name")
def _(world):
    company = world.make_company()
    fields = {"names-TOTAL_FORMS": "1", "names-0-name": "Boréal", "names-0-kind": "brand"}

    def attempt(client):
        changes(client, world, company, **fields)
        return company.names.exists()

    return attempt


def two_companies(world):
    return world.make_company(name="Boréal SA"), world.make_company(name="Boréal")


@act("companies.company merge")
def _(world):
    one, other = two_companies(world)
    fields = {"company": one.pk, "into": other.pk, "reason": "The same.", "step": "merge"}

    def attempt(client):
        shown = f"{one.pk}-{other.pk}"
        client.post(reverse("admin:companies_company_merge"), fields | {"shown": shown})
        return now(one).merged_into_id == other.pk

    return attempt


@act("companies.company merge_two")
def _(world):
    keys = [company.pk for company in two_companies(world)]
    address = reverse("admin:companies_company_merge")

    def attempt(client):
        chosen = {"action": "merge_two", "_selected_action": keys}
        answer = client.post(reverse("admin:companies_company_changelist"), chosen)
        return answer.headers.get("Location", "").startswith(address)

    return attempt


@act("companies.company part")
def _(world):
    one, other = two_companies(world)
    one.merge(other)

    def attempt(client):
        client.post(page(one, "part", one.pk))
        return now(one).merged_into_id is None

    return attempt


@act("companies.company restore")
def _(world):
    company = world.make_company(legal_name="Before")
    company.legal_name = "After"
    company.save()
    return lambda client: restores(client, world, company, company.history.last())


def make_activity(world):
    return Activity.objects.create(company=world.make_company(), name_fr="Colis", name_en="Parcels")


@act("companies.activity add")
def _(world):
    fields = {"company": world.make_company().pk, "name_fr": "Colis", "name_en": "Parcels"}

    def attempt(client):
        client.post(page(Activity, "add"), fields)
        return Activity.objects.exists()

    return attempt


@act("companies.activity change")
def _(world):
    activity = make_activity(world)
    return lambda client: changes(client, world, activity, name_en="Typed").name_en == "Typed"


# --- Announcements ---------------------------------------------------------------------------


def draft(world):
    return world.make_announcement(publish=False)


def published(world):
    return world.make_announcement()


def retracted(world):
    announcement = world.make_announcement()
    announcement.retract(reason_fr="Faux.", reason_en="Wrong.")
    return announcement


@act("companies.announcement add")
def _(world):
    fields = {
        "company": world.make_company().pk,
        "announced_on": "2022-03-08",
        "announced_precision": "day",
        **{
            f"{name}-{count}_FORMS": "0"
            for name in ("measures", "evidence", "replies", "editions")
            for count in ("TOTAL", "INITIAL")
        },
    }

    def attempt(client):
        client.post(page(Announcement, "add"), fields)
        assert not Announcement.objects.exclude(status="draft").exists()
        return Announcement.objects.exists()

    return attempt


def changes_announcement(make):
    def prepare(world):
        record = make(world)
        return lambda client: (
            changes(client, world, record, title_en="Typed", **NOTED).title_en == "Typed"
        )

    return prepare


def changes_measure(make):
    def prepare(world):
        record = make(world)

        def attempt(client):
            changes(client, world, record, **{"measures-0-market": "BY"}, **NOTED)
            return record.measures.get().market == "BY"

        return attempt

    return prepare


def changes_evidence(make):
    def prepare(world):
        record = make(world)

        def attempt(client):
            changes(client, world, record, **{"evidence-0-paraphrase_en": "Typed."}, **NOTED)
            return record.evidence.get().paraphrase_en == "Typed."

        return attempt

    return prepare


for _make in (draft, published, retracted):
    DONE[f"companies.announcement change {_make.__name__}"] = changes_announcement(_make)
for _make in (draft, published):
    DONE[f"companies.announcement measure {_make.__name__}"] = changes_measure(_make)
    DONE[f"companies.announcement evidence {_make.__name__}"] = changes_evidence(_make)


def quoting(world, publish=False):
    """An announcement with a passage that a later version has changed."""
    words = "Boréal a suspendu ses livraisons jeudi 6 avril."
    article = world.make_article(body=f"Le groupe parle.\n\n{words}")
    announcement = world.make_announcement(article=article, publish=False)
    passage = Evidence(announcement=announcement, article=article, exact=words)
    passage.clean()
    passage.save()
    if publish:
        announcement.publish()
    article.revise(body=article.body.replace("6 avril", "13 avril"))
    place([article])
    return announcement


def can_delete(name, make):
    def prepare(world):
        record = make(world)
        return lambda client: deletes(client, record)

    DONE[name] = prepare


def can_delete_selected(name, make):
    def prepare(world):
        record = make(world)
        return lambda client: chooses(client, "delete_selected", record, post="yes") is None

    DONE[name] = prepare


can_delete("companies.announcement delete", draft)
can_delete("companies.announcement delete quoting", quoting)
can_delete("companies.announcement delete published", published)
can_delete_selected("companies.announcement delete_selected", draft)
decides("companies.announcement", draft, "publish", "status", "published")


@act("companies.announcement publish again")
def _(world):
    announcement = retracted(world)
    return lambda client: chooses(client, "publish", announcement, **NOTES).status == "published"


@act("companies.announcement retract")
def _(world):
    announcement = published(world)
    return lambda client: chooses(client, "retract", announcement, **NOTES).status == "retracted"


@act("companies.announcement retract page")
def _(world):
    announcement = published(world)
    address = page(announcement, "retract", announcement.pk)

    def attempt(client):
        client.post(address, NOTES)
        return now(announcement).status == "retracted"

    return attempt


@act("companies.announcement restore")
def _(world):
    announcement = world.make_announcement(title_en="Before")
    before = announcement.history.first()
    announcement.title_en = "After"
    announcement.save()
    return lambda client: restores(client, world, announcement, before)


@act("companies.announcement publish form")
def _(world):
    announcement = draft(world)
    return lambda client: changes(client, world, announcement, _publish="1").status == "published"


@act("companies.announcement unschedule")
def _(world):
    announcement = draft(world)
    announcement.publish(at=timezone.now() + timedelta(days=1))
    return lambda client: chooses(client, "unschedule", announcement).status == "draft"


@act("companies.announcement say_it_stands")
def _(world):
    announcement = published(world)
    return lambda client: chooses(client, "say_it_stands", announcement).last_checked_on is not None


def drafted(world):
    """An article, and the review screen's form of an announcement that rests on it."""
    article = world.make_article(body="Boréal quitte la Russie.")
    company = world.make_company(name="Boréal")
    recognise([article])
    return article, {
        "company": str(company.pk),
        "announced_on": "2022-03-08",
        "announced_precision": "day",
        "title_fr": "Boréal quitte la Russie",
        "title_en": "Boréal leaves Russia",
        "summary_fr": "Elle part.",
        "summary_en": "It leaves.",
        "measures-TOTAL_FORMS": "1",
        "measures-INITIAL_FORMS": "0",
        "measures-0-market": "Russie",
        "measures-0-action": "exit",
        "measures-0-stage": "announced",
        "passages-TOTAL_FORMS": "1",
        "passages-INITIAL_FORMS": "0",
        "passages-0-exact": "Boréal quitte la Russie.",
        "passages-0-start": "0",
        "passages-0-stance": "supports",
        "passages-0-speaker": "company",
    }


def by_review(status, **button):
    def prepare(world):
        article, fields = drafted(world)

        def attempt(client):
            client.post(page(article, "review", article.pk), fields | button)
            return Announcement.objects.filter(status=status).exists()

        return attempt

    return prepare


DONE["companies.announcement add review"] = by_review("draft")
DONE["companies.announcement publish review"] = by_review("published", _publish="1")


# --- Grades, mentions, passages --------------------------------------------------------------


def make_assessment(world):
    return Assessment.objects.create(
        company=world.make_company(),
        assessor=world.make_publisher(),
        grade="B",
        market="RU",
        assessed_on="2025-05-21",
    )


@act("companies.assessment add")
def _(world):
    fields = {
        "company": world.make_company().pk,
        "assessor": world.make_publisher().pk,
        "market": "RU",
        "grade": "A",
        "assessed_on": "2025-05-21",
    }

    def attempt(client):
        client.post(page(Assessment, "add"), fields)
        return Assessment.objects.exists()

    return attempt


@act("companies.assessment add tracker")
def _(world):
    world.make_company(name="Amazon", slug="amazon")
    tracker = world.make_publisher(slug="tracker", name="Tracker", kind="aggregator")
    fields = {
        "assessor": tracker.slug,
        "assessed_on": "2022-12-24",
        "market": "RU",
        "licence": "CC BY",
        "step": "commit",
    }

    def attempt(client):
        file = SimpleUploadedFile("list.csv", b"name,country,grade\nAmazon,United States,B\n")
        client.post(page(Assessment, "upload"), fields | {"file": file})
        return Assessment.objects.exists()

    return attempt


@act("companies.assessment change")
def _(world):
    assessment = make_assessment(world)
    return lambda client: changes(client, world, assessment, grade="F").grade == "F"


def make_mention(world):
    return Mention.objects.create(article=world.make_article(), company=world.make_company())


@act("companies.mention add")
def _(world):
    fields = {
        "article": world.make_article().pk,
        "company": world.make_company().pk,
        "role": "peer",
        "status": "suggested",
    }

    def attempt(client):
        client.post(page(Mention, "add"), fields)
        return Mention.objects.exists()

    return attempt


@act("companies.mention change")
def _(world):
    mention = make_mention(world)
    return lambda client: changes(client, world, mention, role="subject").role == "subject"


decides("companies.mention", make_mention, "confirm", "status", "confirmed")
decides("companies.mention", make_mention, "reject", "status", "rejected")


def make_placement(world):
    quoting(world, publish=True)
    return Placement.objects.get()


@act("companies.placement change")
def _(world):
    placement = make_placement(world)

    def attempt(client):
        client.post(page(placement, "change", placement.pk), {"_accept": "1"})
        return now(placement).settled

    return attempt


decides("companies.placement", make_placement, "accept", "settled", True)
decides("companies.placement", make_placement, "say_gone", "state", "gone")


@act("companies.placement ask_again")
def _(world):
    placement = make_placement(world)
    placement.say_gone()
    return lambda client: not chooses(client, "ask_again", placement).settled


def make_row(world, **fields):
    return TrackerRow.objects.create(
        assessor=world.make_publisher(kind="aggregator"),
        market="RU",
        assessed_on="2022-12-24",
        line=2,
        name="Merck",
        grade="D",
        known_by="merck",
        why="twice",
        candidates=[world.make_company().pk],
        **fields,
    )


@act("companies.trackerrow change")
def _(world):
    found, company = make_row(world), world.make_company()

    def attempt(client):
        client.post(page(found, "change", found.pk), {"company": company.pk})
        return now(found).company_id == company.pk

    return attempt


decides("companies.trackerrow", make_row, "match_suggested", "status", "matched")
decides("companies.trackerrow", make_row, "create_company", "status", "created")
decides("companies.trackerrow", make_row, "dismiss", "status", "dismissed")


@act("companies.trackerrow reopen")
def _(world):
    found = make_row(world)
    found.dismiss()
    return lambda client: chooses(client, "reopen", found).status == "open"


# --- Accounts --------------------------------------------------------------------------------


def make_account(world):
    return world.make_user()


@act("auth.user add")
def _(world):
    password = {"password1": "some long words here", "password2": "some long words here"}

    def attempt(client):
        client.post(
            page(User, "add"), {"username": "mallory", "usable_password": "true"} | password
        )
        return User.objects.filter(username="mallory").exists()

    return attempt


@act("auth.user change")
def _(world):
    user = make_account(world)
    return lambda client: changes(client, world, user, is_superuser="on").is_superuser


@act("auth.user change password")
def _(world):
    user = make_account(world)
    words = {"password1": "some long words here", "password2": "some long words here"}

    def attempt(client):
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        client.post(address, words | {"usable_password": "true"})
        return now(user).check_password("some long words here")

    return attempt


@act("auth.user remove_second_factor")
def _(world):
    user = make_account(world)
    device = user.totpdevice_set.create(name="app", confirmed=True)
    return lambda client: chooses(client, "remove_second_factor", user) and now(device) is None


@act("auth.user unlock")
def _(world):
    user = make_account(world)
    AccessAttempt.objects.create(username=user.username, failures_since_start=10)

    def attempt(client):
        chooses(client, "unlock", user)
        return not AccessAttempt.objects.exists()

    return attempt


def make_group(world):
    return Group.objects.create(name="interns")


@act("auth.group add")
def _(world):
    def attempt(client):
        client.post(page(Group, "add"), {"name": "interns"})
        return Group.objects.filter(name="interns").exists()

    return attempt


@act("auth.group change")
def _(world):
    group = make_group(world)
    return lambda client: changes(client, world, group, name="Typed").name == "Typed"


# --- What nobody may, and what is deleted ------------------------------------------------------


def make_login(world):
    return Login.objects.create(username="somebody", kind="in")


def make_import(world):
    return make_receipt(world).run


def make_version(world):
    return world.make_article().versions.get()


def make_suggestion(world, status="open"):
    article = world.make_article(body="Boréal quitte la Russie.")
    company = world.make_company(name="Boréal")
    recognise([article])
    measure = {"activity": "", "market": "RU", "action": "exit", "stage": "announced"}
    return Suggestion.objects.create(
        article=article,
        version=article.current_version(),
        company=company,
        passages=[{"start": 0, "end": 24, "exact": "Boréal quitte la Russie."}],
        measures=[measure | {"passage": 0}],
        speaker="publisher",
        status=status,
    )


def make_newcomer(world, status="open"):
    article = world.make_article(body="Boréal quitte la Russie.")
    newcomer = Newcomer.objects.create(name="Boréal", status=status)
    newcomer.sightings.create(
        article=article, version=article.current_version(), start=0, end=6, count=1
    )
    return newcomer


def by_button(model, make, button, status, **fields):
    """One of the buttons on the record's page, which stands for its form."""

    def prepare(world):
        record = make(world)
        extra = {name: made(world).pk for name, made in fields.items()}
        address = page(record, "change", record.pk)

        def attempt(client):
            client.post(address, filled(world, address, **{f"_{button}": "1"}, **extra))
            return now(record).status == status

        return attempt

    DONE[f"{model} change {button}"] = prepare


def by_key(name, make, kind, act, status):
    """The same act on the review screen."""

    def prepare(world):
        record = make(world)
        address = reverse("admin:articles_article_review_decide", args=[record.article_id])

        def attempt(client):
            client.post(address, {"act": f"{kind} {record.pk} {act} {record.status}"})
            return now(record).status == status

        return attempt

    DONE[name] = prepare


by_button("companies.suggestion", make_suggestion, "accept", "accepted")
by_button("companies.suggestion", make_suggestion, "dismiss", "dismissed")
decides("companies.suggestion", make_suggestion, "accept", "status", "accepted")
decides("companies.suggestion", make_suggestion, "dismiss", "status", "dismissed")
decides(
    "companies.suggestion",
    lambda world: make_suggestion(world, "dismissed"),
    *("reopen", "status", "open"),
)
by_key("companies.suggestion accept review", make_suggestion, "suggestion", "accept", "accepted")
by_key("companies.suggestion dismiss review", make_suggestion, "suggestion", "reject", "dismissed")
by_key("companies.mention confirm review", make_mention, "mention", "accept", "confirmed")
by_button("companies.newcomer", make_newcomer, "settle", "settled", company=plain_company)
decides("companies.newcomer", make_newcomer, "dismiss", "status", "dismissed")
decides(
    "companies.newcomer",
    lambda world: make_newcomer(world, "dismissed"),
    *("reopen", "status", "open"),
)


def make_request(world):
    return CorrectionRequest.objects.create(article=world.make_article(), text="It was in June.")


@act("companies.correctionrequest change")
def _(world):
    asked = make_request(world)
    return lambda client: changes(client, world, asked, remark="Mended.").remark == "Mended."


decides("companies.correctionrequest", make_request, "accept", "status", "accepted")
decides("companies.correctionrequest", make_request, "decline", "status", "declined")


def make_act(world):
    mention = make_mention(world)
    chooses(world.chief, "confirm", mention)
    return Act.objects.get()


def make_story(world):
    link = make_link(world)
    link.confirm()
    return link.article.story


@act("articles.act undo")
def _(world):
    mention = make_mention(world)
    chooses(world.chief, "confirm", mention)
    address = reverse("admin:articles_act_undo", args=[Act.objects.get().pk])

    def attempt(client):
        client.post(address)
        return now(mention).status == "suggested"

    return attempt


UNTOUCHED = {
    "articles.import": make_import,
    "articles.receipt": make_receipt,
    "articles.version": make_version,
    "newsroom.login": make_login,
    "articles.act": make_act,
    "articles.story": make_story,
}


def forced_add(model):
    def prepare(world):
        def attempt(client):
            before = model._base_manager.count()
            client.post(page(model, "add"), {"name": "x", "username": "x"})
            return model._base_manager.count() > before

        return attempt

    return prepare


def forced_change(make):
    def prepare(world):
        record = make(world)
        before = vars(now(record)) | {"_state": None}

        def attempt(client):
            client.post(page(record, "change", record.pk), {"name": "x", "username": "x"})
            return vars(now(record)) | {"_state": None} != before

        return attempt

    return prepare


for _label, _make in UNTOUCHED.items():
    DONE[f"{_label} change"] = forced_change(_make)
    can_delete(f"{_label} delete", _make)
for _label in (
    *("articles.act", "articles.receipt", "articles.story", "articles.version", "newsroom.login"),
    "companies.correctionrequest",
    *("companies.newcomer", "companies.placement", "companies.suggestion", "companies.trackerrow"),
):
    DONE[f"{_label} add"] = forced_add(apps.get_model(_label))
for _label, _make in {
    "articles.storylink": make_link,
    "companies.placement": make_placement,
    "companies.trackerrow": make_row,
    "companies.suggestion": make_suggestion,
    "companies.newcomer": make_newcomer,
}.items():
    can_delete(f"{_label} delete", _make)
for _label, _make in {
    "articles.publisher": lambda world: world.make_publisher(),
    "articles.topic": make_topic,
    "companies.company": plain_company,
    "companies.activity": make_activity,
    "companies.assessment": make_assessment,
    "companies.mention": make_mention,
    "companies.correctionrequest": make_request,
    "auth.user": make_account,
    "auth.group": make_group,
}.items():
    can_delete(f"{_label} delete", _make)
    can_delete_selected(f"{_label} delete_selected", _make)
