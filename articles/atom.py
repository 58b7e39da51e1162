"""Atom feeds (RFC 4287): what a list's filters leave, as entries that one subscribes to."""

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

from articles.chips import chips, in_words

NEWEST = 50  # entries
# What a feed is never asked: it is of today's knowledge, in its own order, on one page.
LEFT_ASIDE = ("known_at", "ordering", "page", "view")


class ListFeed(Feed):
    """The feed of a list, which is asked what the list is asked.

    `namespace` holds both their addresses, `queryset` and `filterset_class` are the list's,
    `name` is its title before what is asked of it, and `kind` is what an entry's id calls its
    record.
    """

    feed_type = Atom1Feed

    def __call__(self, request, *args, **kwargs):
        return self.get_object(request).refusal() or super().__call__(request, *args, **kwargs)

    def get_object(self, request):
        asked = request.GET.copy()
        for name in LEFT_ASIDE:
            asked.pop(name, None)
        return self.filterset_class(asked, queryset=self.queryset.all())

    def title(self, asked):
        return f"{self.name}{in_words(chips(asked, asked.data))}"

    def link(self, asked):
        return self._with_question("list", asked)

    def feed_url(self, asked):
        return self._with_question("feed", asked)

    def _with_question(self, name, asked):
        query = asked.data.urlencode()
        return reverse(f"{self.namespace}:{name}") + (f"?{query}" if query else "")

    def items(self, asked):
        return asked.qs[:NEWEST]

    def entry_id(self, key):
        """An entry's id for ever, of its record's key."""
        return f"tag:exeunt,2022:{self.kind}/{key}/{get_language()}"
