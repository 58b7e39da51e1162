"""The editors' door to companies, what they announced, and what proves it."""

from companies.admin.activity import ActivityAdmin
from companies.admin.announcement import AnnouncementAdmin
from companies.admin.assessment import AssessmentAdmin
from companies.admin.company import CompanyAdmin
from companies.admin.mention import MentionAdmin
from companies.admin.newcomer import NewcomerAdmin
from companies.admin.placement import PlacementAdmin
from companies.admin.request import CorrectionRequestAdmin
from companies.admin.suggestion import SuggestionAdmin
from companies.admin.tracker import TrackerRowAdmin

__all__ = [
    "ActivityAdmin",
    "AnnouncementAdmin",
    "AssessmentAdmin",
    "CompanyAdmin",
    "CorrectionRequestAdmin",
    "MentionAdmin",
    "NewcomerAdmin",
    "PlacementAdmin",
    "SuggestionAdmin",
    "TrackerRowAdmin",
]
