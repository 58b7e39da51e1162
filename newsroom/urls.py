"""The doors: pages under /fr/ and /en/, the API, the admin, two probes."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from articles.urls import articles
from companies.urls import announcements, companies, markets, sectors
from newsroom import api, views

handler404 = views.not_found

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include(api.urlpatterns)),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    *i18n_patterns(
        path("", views.Home.as_view(), name="home"),
        path("articles/", include((articles, "articles"))),
        path("companies/", include((companies, "companies"))),
        path("announcements/", include((announcements, "announcements"))),
        path("markets/", include((markets, "markets"))),
        path("sectors/", include((sectors, "sectors"))),
        path("search/", views.Search.as_view(), name="search"),
    ),
]
