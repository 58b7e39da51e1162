from companies.models.activity import Activity
from companies.models.announcement import Announcement
from companies.models.assessment import Assessment, Reply
from companies.models.company import Company, CompanyName, Identifier
from companies.models.edition import Edition
from companies.models.evidence import Evidence, Placement
from companies.models.measure import EditionMeasure, Measure
from companies.models.mention import Mention
from companies.models.newcomer import Newcomer, Sighting
from companies.models.reading import Perusal, Reading
from companies.models.request import CorrectionRequest, Sending
from companies.models.suggestion import Suggestion
from companies.models.tracker import TrackerRow

__all__ = [
    "Activity",
    "Announcement",
    "Assessment",
    "Company",
    "CompanyName",
    "CorrectionRequest",
    "Edition",
    "EditionMeasure",
    "Evidence",
    "Identifier",
    "Measure",
    "Mention",
    "Newcomer",
    "Perusal",
    "Placement",
    "Reading",
    "Reply",
    "Sending",
    "Sighting",
    "Suggestion",
    "TrackerRow",
]
