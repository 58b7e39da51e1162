"""The readers' door to companies, what they announced, and what proves it."""

from companies.views.announcement import (
    AnnouncementCitation,
    AnnouncementDetail,
    AnnouncementEmbed,
    AnnouncementPreview,
    EditionCitation,
    EditionDetail,
    EditionSnapshot,
    MeasuresDrawing,
)
from companies.views.company import (
    CompanyDetail,
    CompanyEmbed,
    CompanyList,
    Compare,
    TimelineDrawing,
)
from companies.views.overview import MarketDetail, PublisherDetail, SectorDetail
from companies.views.request import CorrectionRequestCreate
from companies.views.tracker import AnnouncementDownload, AnnouncementList, OverTimeDrawing

__all__ = [
    "AnnouncementCitation",
    "AnnouncementDetail",
    "AnnouncementDownload",
    "AnnouncementEmbed",
    "AnnouncementList",
    "AnnouncementPreview",
    "CompanyDetail",
    "CompanyEmbed",
    "CompanyList",
    "Compare",
    "CorrectionRequestCreate",
    "EditionCitation",
    "EditionDetail",
    "EditionSnapshot",
    "MarketDetail",
    "MeasuresDrawing",
    "OverTimeDrawing",
    "PublisherDetail",
    "SectorDetail",
    "TimelineDrawing",
]
