"""The readers' door to companies, what they announced, and what proves it."""

from companies.views.announcement import (
    AnnouncementCitation,
    AnnouncementDetail,
    AnnouncementEmbed,
    AnnouncementPreview,
    EditionDetail,
    MeasuresDrawing,
)
from companies.views.company import (
    Compare,
    CompanyDetail,
    CompanyEmbed,
    CompanyList,
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
    "Compare",
    "CompanyDetail",
    "CompanyEmbed",
    "CompanyList",
    "CorrectionRequestCreate",
    "EditionDetail",
    "MarketDetail",
    "MeasuresDrawing",
    "OverTimeDrawing",
    "PublisherDetail",
    "SectorDetail",
    "TimelineDrawing",
]
