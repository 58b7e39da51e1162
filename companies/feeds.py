"""Atom feeds (RFC 4287): what a list holds, as entries that one subscribes to."""

from django.contrib.syndication.views import Feed
from django.db.models import Max, Min
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from companies.filters import AnnouncementFilter
from companies.models import Announcement
from companies.wording import sentences

NEWEST = 50  # entries


class AnnouncementFeed(Feed):
    """What the tracker's filters leave, the last changed first.

    An entry keeps its id for ever, and is updated with each edition: a correction
    comes back to who has read it.
    """

    feed_type = Atom1Feed

    def get_object(self, request):
        asked = request.GET.copy()
        for name in ("ordering", "known_at", "page", "view"):  # it is of today, in its own order
            asked.pop(name, None)
        return AnnouncementFilter(asked, queryset=Announcement.objects.public().for_listing())

    def title(self, asked):
        return _("Exeunt: announcements")

    def link(self, asked):
        return self._with_question("announcements:list", asked)

    def feed_url(self, asked):
        return self._with_question("announcements:feed", asked)

    def _with_question(self, name, asked):
        query = asked.data.urlencode()
        return reverse(name) + (f"?{query}" if query else "")

    def subtitle(self, asked):
        return _("What companies made known, and who says so.")

    def items(self, asked):
        made = {"opened_at": Min("editions__made_at"), "changed_at": Max("editions__made_at")}
        changed = asked.qs.annotate(**made)
        return changed.order_by("-changed_at", "-pk")[:NEWEST]

    def item_title(self, announcement):
        return announcement.title

    def item_description(self, announcement):
        return escape(" ".join([*sentences(announcement), announcement.summary]))  # it is HTML

    def item_guid(self, announcement):
        return f"tag:exeunt,2022:announcement/{announcement.public_id}/{get_language()}"

    def item_author_name(self, announcement):
        return announcement.company.name

    def item_pubdate(self, announcement):
        return announcement.opened_at

    def item_updateddate(self, announcement):
        return announcement.changed_at

    def item_categories(self, announcement):
        return [str(announcement.get_action_display())]
