from django.urls import path

from companies import views

announcements = [
    path("", views.AnnouncementList.as_view(), name="list"),
    path("preview/<str:key>/", views.AnnouncementPreview.as_view(), name="preview"),
    path("<slug:public_id>/", views.AnnouncementDetail.as_view(), name="detail"),
]
companies = [
    path("", views.CompanyList.as_view(), name="list"),
    path("<slug:slug>/", views.CompanyDetail.as_view(), name="detail"),
]
markets = [
    path("<slug:code>/", views.MarketDetail.as_view(), name="detail"),
]
