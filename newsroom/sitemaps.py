"""The map of the site for search engines (sitemaps.org), each page in both languages."""

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from articles.models import Article
from companies.models import Announcement, Company


class InBothLanguages(Sitemap):
    i18n = True
    alternates = True
    x_default = True
    limit = 5_000  # of addresses in one file; each stands there with its alternates


class Pages(InBothLanguages):
    def items(self):
        lists = [f"{kind}:list" for kind in ("announcements", "companies", "articles")]
        return ["home", *lists, "corrections:list", "about", "data"]

    def location(self, name):
        return reverse(name)


class Companies(InBothLanguages):
    def items(self):
        return Company.objects.public().order_by("pk").only("slug")


class Announcements(InBothLanguages):
    def items(self):
        found = Announcement.objects.public().annotate(changed_at=Max("editions__made_at"))
        return found.order_by("pk").only("public_id")

    def lastmod(self, announcement):
        return announcement.changed_at


class Articles(InBothLanguages):
    def items(self):
        return Article.objects.public().order_by("pk").only("slug", "modified_at")

    def lastmod(self, article):
        return article.modified_at


SITEMAPS = {
    "pages": Pages,
    "companies": Companies,
    "announcements": Announcements,
    "articles": Articles,
}
