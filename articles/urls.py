from django.urls import path
from django.views.decorators.http import require_safe

from articles import feeds, views

articles = [
    path("", views.ArticleList.as_view(), name="list"),
    path("feed.atom", require_safe(feeds.ArticleFeed()), name="feed"),
    path("<slug:slug>/cite.<slug:ending>", views.ArticleCitation.as_view(), name="cite"),
    path(
        "<slug:slug>/versions/<int:number>/cite.<slug:ending>",
        views.ArticleCitation.as_view(),
        name="cite-version",
    ),
    path("<slug:slug>/versions/<int:number>/", views.VersionDetail.as_view(), name="version"),
    path("<slug:slug>/", views.ArticleDetail.as_view(), name="detail"),
]
corrections = [
    path("", views.CorrectionList.as_view(), name="list"),
    path("feed.atom", require_safe(feeds.CorrectionFeed()), name="feed"),
]
