"""The map of the site for search engines (sitemaps.org), each page in both languages."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import Paginator
from django.db.models import Max
from django.urls import reverse

from articles.models import Article
from companies.models import Announcement, Company, Edition


class InEachLanguage(Paginator):
    """Pages of (record, language) pairs; no more records are loaded than a page holds."""

    def page(self, number):
        page = super().page(number)
        page.object_list = [
            (record, code) for record in page.object_list for code, _name in settings.LANGUAGES
        ]
        return page


class InBothLanguages(Sitemap):
    i18n = True
    alternates = True
    x_default = True
    limit = 2_000  # of addresses in one file; each stands there with its alternates

    @property
    def paginator(self):
        return InEachLanguage(self.items(), self.limit // len(settings.LANGUAGES))


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
        found = Announcement.objects.public().order_by("pk").only("public_id")
        return found.annotate(changed_at=Edition.newest("made_at"))

    def lastmod(self, announcement):
        return announcement.changed_at

    def get_latest_lastmod(self):
        editions = Edition.objects.filter(announcement__in=Announcement.objects.public())
        return editions.aggregate(newest=Max("made_at"))["newest"]


class Articles(InBothLanguages):
    def items(self):
        return Article.objects.public().order_by("pk").only("slug", "modified_at")

    def lastmod(self, article):
        return article.modified_at

    def get_latest_lastmod(self):
        return Article.objects.public().aggregate(newest=Max("modified_at"))["newest"]


SITEMAPS = {
    "pages": Pages,
    "companies": Companies,
    "announcements": Announcements,
    "articles": Articles,
}
