"""How a list enters the archive: judged as a whole, written in short transactions.

Each batch is complete in itself (companies, their grades, rows for the desk, the history
of all), and a row's verdict doesn't depend on how much of its list is in already: so an
import that was stopped anywhere goes on where it stopped, by being run again.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce
from simple_history.utils import bulk_create_with_history

from articles.models import Publisher
from companies.models import Assessment, Company, CompanyName, Identifier, TrackerRow
from companies.models.company import free_slug
from companies.trackers.judge import Decision, Done, Known, Verdict, judge
from companies.trackers.table import Row, Table

BATCH = 50  # rows; some 30 ms of write lock
WATCHED = (Assessment, Company, CompanyName, Identifier, TrackerRow)  # what verdicts rest on


@dataclass(frozen=True)
class TrackerList:
    """One list of one assessor: whose grades, of which day, for which market."""

    assessor: Publisher
    assessed_on: date
    market: str = "RU"
    licence: str = ""
    source_url: str = ""

    @property
    def reason(self):
        """What the history says of each record that the list brought in."""
        return f"list {self.assessor.slug} {self.assessed_on} {self.market}"

    @property
    def day(self):
        """The fields that say which list a grade or a row is of."""
        return {
            "assessor": self.assessor,
            "market": self.market,
            "assessed_on": self.assessed_on,
        }


def preview(tracker: TrackerList, rows: list[Row]) -> list[Verdict]:
    """What would become of each row; nothing is written."""
    return judge(rows, known(tracker))


def take_in(tracker, rows, *, by=None, step=lambda count: None) -> list[Verdict]:
    """Take the list in; returns what became of each row.

    What another process changes meanwhile is seen before the next batch, and the
    rows still to come are judged anew. `step` is told how many more are done.
    """
    seen = newest()  # before reading: what changes from here on is noticed
    verdicts, taken, done = preview(tracker, rows), slugs(), 0
    while done < len(rows):
        with transaction.atomic():
            # Imports of one assessor take turns; on SQLite every writer does.
            Publisher.objects.select_for_update().get(pk=tracker.assessor.pk)
            if newest() == seen:
                written = _write(tracker, verdicts[done : done + BATCH], taken, by)
                seen = newest()
                done += written
                step(written)
                continue
        seen = newest()
        verdicts[done:], taken = preview(tracker, rows)[done:], slugs()
    _name_the_repeated(verdicts)
    return verdicts


def newest():
    """The newest line of each history that verdicts rest on."""
    return [model.history.aggregate(newest=Max("history_id"))["newest"] for model in WATCHED]


def known_companies() -> Known:
    """All companies that stand with their names and identifiers, those of records merged
    into them included; in three queries."""
    return _companies()[1]


def _companies():
    """(company → the record that stands for it; what is known of all of them)."""
    end = Coalesce("absorbed_by", "pk")
    companies = list(Company.objects.values_list("pk", end, "name", "legal_name", "country"))
    into = {own: stands for own, stands, *_rest in companies}
    aliases = CompanyName.objects.values_list("company", "name", "ambiguous")
    identifiers = Identifier.objects.values_list("scheme", "value", "company")
    return into, Known(
        countries={own: country for own, end, *_names, country in companies if own == end},
        names=[
            (into[own], name)
            for own, _end, *both, _country in companies
            for name in filter(None, both)
        ],
        aliases=[(into[own], name, doubt) for own, name, doubt in aliases if own in into],
        identifiers={
            (scheme, value): into[own] for scheme, value, own in identifiers if own in into
        },
    )


def known(tracker: TrackerList) -> Known:
    """What the archive knows that bears on a list, in eight queries."""
    into, companies = _companies()
    grades = Assessment.objects.filter(**tracker.day).values_list("company", "grade")
    made = Company.history.filter(history_type="+", history_change_reason=tracker.reason)
    rows = TrackerRow.objects.filter(assessor=tracker.assessor)
    here = rows.open().filter(**tracker.day)
    decided = rows.exclude(status=TrackerRow.Status.OPEN).order_by("decided_at", "pk")
    waiting = rows.open().exclude(market=tracker.market, assessed_on=tracker.assessed_on)
    return replace(
        companies,
        grades={into[own]: grade for own, grade in grades if own in into},
        made_here=set(made.values_list("id", flat=True)),
        decisions=[
            Decision(known_by, name, country, into.get(company))
            for known_by, name, country, company in decided.values_list(
                "known_by", "name", "country", "company"
            )
        ],
        open_here=set(here.values_list("known_by", "grade")),
        open_elsewhere=list(waiting.values_list("name", flat=True)),
    )


def slugs():
    """Those that companies have; a merged one keeps its own."""
    return set(Company.objects.values_list("slug", flat=True))


def _write(tracker, verdicts, taken, by):
    """Write a batch within the caller's transaction; returns how many rows it had.

    `taken` are the slugs that companies have; those of new ones are added.
    """
    new = [verdict for verdict in verdicts if verdict.done == Done.CREATED]
    _create_companies(tracker, new, taken, by)
    grades = [
        Assessment(
            company_id=verdict.company,
            grade=verdict.row.grade,
            source_url=tracker.source_url,
            licence=tracker.licence,
            **tracker.day,
        )
        for verdict in verdicts
        if verdict.done in (Done.MATCHED, Done.CREATED)
    ]
    _bulk(Assessment, grades, tracker, by)
    _bulk(TrackerRow, _desk_rows(tracker, verdicts), tracker, by)
    return len(verdicts)


def _create_companies(tracker, verdicts, taken, by):
    if not verdicts:
        return
    companies = []
    for verdict in verdicts:
        row = verdict.row
        slug = free_slug(row.name, taken)
        taken.add(slug)
        companies.append(Company(name=row.name, slug=slug, country=row.country, sector=row.sector))
    _bulk(Company, companies, tracker, by)
    for verdict, company in zip(verdicts, companies, strict=True):
        verdict.company = company.pk
    identifiers = [
        Identifier(company_id=verdict.company, scheme=scheme, value=value)
        for verdict in verdicts
        for scheme, value in verdict.row.identifiers.items()
    ]
    _bulk(Identifier, identifiers, tracker, by)


def _desk_rows(tracker, verdicts):
    """The uncertain rows that aren't on the desk yet; of equal ones the first."""
    uncertain = [verdict for verdict in verdicts if verdict.done == Done.UNCERTAIN]
    if not uncertain:
        return []
    there = set(
        TrackerRow.objects.filter(
            known_by__in=[verdict.row.known_by for verdict in uncertain], **tracker.day
        ).values_list("known_by", "grade")
    )
    found = []
    for verdict in uncertain:
        row = verdict.row
        if (row.known_by, row.grade) in there:
            continue
        there.add((row.known_by, row.grade))
        found.append(
            TrackerRow(
                line=row.line,
                name=row.name,
                grade=row.grade,
                country=row.country,
                sector=row.sector,
                identifiers=row.identifiers,
                cells=row.cells,
                known_by=row.known_by,
                why=verdict.why,
                candidates=verdict.candidates,
                source_url=tracker.source_url,
                licence=tracker.licence,
                **tracker.day,
            )
        )
    return found


def _bulk(model, records, tracker, by):
    if records:
        bulk_create_with_history(
            records, model, default_user=by, default_change_reason=tracker.reason
        )


def _name_the_repeated(verdicts):
    """A row that repeats one which brought a company in is that company's."""
    companies = {verdict.row.line: verdict.company for verdict in verdicts}
    for verdict in verdicts:
        if verdict.done == Done.UNCHANGED and verdict.company is None:
            verdict.company = companies.get(verdict.lines[0])


def count(verdicts) -> Counter:
    """How many rows came out how, in the order of Done."""
    found = Counter(verdict.done for verdict in verdicts)
    return {done: found[done] for done in Done}


def gone(tracker: TrackerList, verdicts):
    """The grades of the assessor's list before this one whose companies this one doesn't
    name, not even as uncertain: they stay as of their day."""
    before = Assessment.objects.filter(
        assessor=tracker.assessor, market=tracker.market, assessed_on__lt=tracker.assessed_on
    )
    before = before.filter(assessed_on=before.aggregate(day=Max("assessed_on"))["day"])
    named = {verdict.company for verdict in verdicts}
    named |= {company for verdict in verdicts for company in verdict.candidates}
    return [
        grade
        for grade in before.select_related("company").order_by("company__name")
        if grade.company_id not in named
    ]


def report(tracker: TrackerList, table: Table, verdicts) -> dict:
    """All of it, ready for JSON: the list, the counts, every row, and who is gone."""
    keys = {verdict.company for verdict in verdicts}
    keys |= {company for verdict in verdicts for company in verdict.candidates}
    slugs = dict(Company.objects.filter(pk__in=keys - {None}).values_list("pk", "slug"))
    return {
        "assessor": tracker.assessor.slug,
        "assessed_on": tracker.assessed_on.isoformat(),
        "market": tracker.market,
        "charset": table.charset,
        "delimiter": table.delimiter,
        "columns": table.columns,
        "counts": count(verdicts),
        "rows": [
            {
                "line": verdict.row.line,
                "name": verdict.row.name,
                "grade": verdict.row.grade,
                "country": verdict.row.country,
                "outcome": verdict.done,
                "why": verdict.why,
                "because": verdict.row.refused or str(verdict.why.label),
                "company": slugs.get(verdict.company, ""),
                "candidates": [slugs[key] for key in verdict.candidates if key in slugs],
                "other_lines": verdict.lines,
                "left_aside": list(verdict.row.doubts),
                "cleaned": list(verdict.row.cleaned),
                "cells": verdict.row.cells,
            }
            for verdict in verdicts
        ],
        "gone": [
            {
                "company": grade.company.slug,
                "grade": grade.grade,
                "assessed_on": grade.assessed_on.isoformat(),
            }
            for grade in gone(tracker, verdicts)
        ],
    }
