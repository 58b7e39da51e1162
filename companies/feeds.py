"""What subscribers get of the announcements."""

from django.db.models import Max, Min
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.atom import NEWEST, ListFeed
from articles.citations import ARCHIVE
from companies.filters import AnnouncementFilter
from companies.models import Announcement
from companies.wording import sentences


class AnnouncementFeed(ListFeed):
    """What the tracker's filters leave, the last changed first.

    An entry keeps its id for ever, and is updated with each edition: a correction
    comes back to who has read it.
    """

    namespace, kind = "announcements", "announcement"
    name = gettext_lazy("Exeunt: announcements")
    queryset = Announcement.objects.public().for_listing()
    filterset_class = AnnouncementFilter

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
        return self.entry_id(announcement.public_id)

    def item_author_name(self, announcement):
        """Its words are ours, whatever the company said."""
        return ARCHIVE

    def item_pubdate(self, announcement):
        return announcement.opened_at

    def item_updateddate(self, announcement):
        return announcement.changed_at

    def item_categories(self, announcement):
        return [announcement.company.shown_as.name, str(announcement.get_action_display())]
