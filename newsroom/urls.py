"""The doors: pages under /fr/ and /en/, the API, the admin, two probes."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path

from articles.urls import articles, corrections
from companies.urls import announcements, companies, markets, publishers, requests, sectors
from newsroom import api, errors, views
from newsroom.sitemaps import SITEMAPS

handler403, handler404 = errors.forbidden, errors.not_found

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include(api.urlpatterns)),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("robots.txt", views.robots),
    path("favicon.ico", views.favicon),
    path(
        "sitemap.xml",
        sitemaps.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap-of"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap-of"),
    *i18n_patterns(
        path("", views.Home.as_view(), name="home"),
        path("articles/", include((articles, "articles"))),
        path("companies/", include((companies, "companies"))),
        path("announcements/", include((announcements, "announcements"))),
        path("markets/", include((markets, "markets"))),
        path("publishers/", include((publishers, "publishers"))),
        path("corrections/suggest/", include((requests, "requests"))),
        path("corrections/", include((corrections, "corrections"))),
        path("sectors/", include((sectors, "sectors"))),
        path("about/", views.About.as_view(), name="about"),
        path("data/", views.Data.as_view(), name="data"),
        path("data/api/", views.ApiDocs.as_view(), name="api-docs"),
        path("search/", views.Search.as_view(), name="search"),
        path("search/suggestions/", views.Suggestions.as_view(), name="suggestions"),
        path(
            "search/suggestions/companies/",
            views.Suggestions.as_view(companies_alone=True),
            name="company-suggestions",
        ),
    ),
]
