"""What the tests of companies share."""

from datetime import date, datetime

import pytest

from companies.models import Announcement, Edition, EditionMeasure


@pytest.fixture
def corrected_announcement(make_announcement, make_company):
    """On 10 March the archive told of a suspension on the 8th; since 20 March it knows
    of an exit on the 15th."""
    announcement = make_announcement(make_company(slug="it", name="It"), publish=False)
    announcement.title_en = "As first told"
    _edition(announcement, 1, "2022-03-10T12:00:00+01:00")
    announcement.measures.update(action="exit", market="BY")
    announcement.announced_on = date(2022, 3, 15)
    announcement.title_en = "As told now"
    _edition(announcement, 2, "2022-03-20T12:00:00+01:00")
    return announcement


def _edition(announcement, number, made_at):
    """An edition as `publish` writes it, but of another hour."""
    announcement.status = Announcement.Status.PUBLISHED
    announcement.save()
    snapshot = announcement.snapshot()
    edition = Edition.objects.create(
        announcement=announcement,
        number=number,
        status=announcement.status,
        announced_by=announcement.announced_by,
        snapshot=snapshot,
        sha256=Edition.hash_of(snapshot),
        made_at=datetime.fromisoformat(made_at),
    )
    for row in announcement.measures.all():
        EditionMeasure.objects.create(
            edition=edition, market=row.market, action=row.action, stage=row.stage
        )
