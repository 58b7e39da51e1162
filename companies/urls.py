from django.urls import path
from django.views.decorators.http import require_safe

from companies import feeds, views

announcements = [
    path("", views.AnnouncementList.as_view(), name="list"),
    path("feed.atom", require_safe(feeds.AnnouncementFeed()), name="feed"),
    path("announcements.<slug:ending>", views.AnnouncementDownload.as_view(), name="download"),
    path("over-time.svg", views.OverTimeDrawing.as_view(), name="over-time"),
    path("preview/<str:key>/", views.AnnouncementPreview.as_view(), name="preview"),
    path("<slug:public_id>/", views.AnnouncementDetail.as_view(), name="detail"),
    path("<slug:public_id>/embed/", views.AnnouncementEmbed.as_view(), name="embed"),
    path("<slug:public_id>/measures.svg", views.MeasuresDrawing.as_view(), name="measures"),
    path("<slug:public_id>/cite.<slug:ending>", views.AnnouncementCitation.as_view(), name="cite"),
    path("<slug:public_id>/editions/<int:number>/", views.EditionDetail.as_view(), name="edition"),
    path(
        "<slug:public_id>/editions/<int:number>/snapshot.json",
        views.EditionSnapshot.as_view(),
        name="snapshot",
    ),
    path(
        "<slug:public_id>/editions/<int:number>/cite.<slug:ending>",
        views.EditionCitation.as_view(),
        name="cite-edition",
    ),
]
companies = [
    path("", views.CompanyList.as_view(), name="list"),
    path("compare/", views.Compare.as_view(), name="compare"),
    path("<slug:slug>/", views.CompanyDetail.as_view(), name="detail"),
    path("<slug:slug>/embed/", views.CompanyEmbed.as_view(), name="embed"),
    path("<slug:slug>/timeline.svg", views.TimelineDrawing.as_view(), name="timeline"),
]
markets = [
    path("<slug:code>/", views.MarketDetail.as_view(), name="detail"),
]
sectors = [
    path("<slug:code>/", views.SectorDetail.as_view(), name="detail"),
]
publishers = [
    path("<slug:slug>/", views.PublisherDetail.as_view(), name="detail"),
]
requests = [
    path("<slug:kind>/<slug:key>/", views.CorrectionRequestCreate.as_view(), name="create"),
]
