"""Atom feeds (RFC 4287) of the archive."""

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.models import Correction

NEWEST = 50  # entries


class CorrectionFeed(Feed):
    """What was corrected, clarified and killed, the last first. A killed piece is named by
    its notice alone."""

    feed_type = Atom1Feed

    def title(self):
        return _("Exeunt: corrections")

    def subtitle(self):
        return _("What was corrected, clarified and taken back.")

    def link(self):
        return reverse("corrections:list")

    def feed_url(self):
        return reverse("corrections:feed")

    def items(self):
        return Correction.objects.public().for_listing()[:NEWEST]

    def item_title(self, correction):
        kind = correction.get_kind_display()
        if correction.kind == Correction.Kind.KILL:
            return f"{kind}, {correction.article.publisher}"
        return f"{kind}: {correction.article.headline}"

    def item_description(self, correction):
        return escape(correction.note)  # it is HTML

    def item_link(self, correction):
        return correction.article.get_absolute_url()

    def item_guid(self, correction):
        return f"tag:exeunt,2022:correction/{correction.pk}/{get_language()}"

    def item_author_name(self, correction):
        return correction.article.publisher.name

    def item_pubdate(self, correction):
        return correction.created_at

    def item_updateddate(self, correction):
        return correction.created_at
