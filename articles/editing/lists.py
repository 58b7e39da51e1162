"""Lists of records, in pages of one size and searched through our index."""

import re

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing.fields import is_key

LONGEST = 1_000  # characters of a search; no database takes any number of conditions
UNASKED = ("regex", "range")  # lookups that fail on what isn't a pattern or a pair
# No column holds a number of so many digits, and PostgreSQL takes no NUL.
UNHEARD_OF = re.compile(r"\d{19}|\0")


class RecordChangeList(ChangeList):
    """Answers a filter that no database takes as Django does other bad ones: by `?e=1`."""

    def get_filters(self, request):
        for name, values in request.GET.lists():
            if name == SEARCH_VAR:  # RecordList makes it fit
                continue
            if name.endswith(UNASKED) or any(map(UNHEARD_OF.search, values)):
                raise IncorrectLookupParameters(name)
        try:
            return super().get_filters(request)
        except OverflowError as error:  # a year beyond what the machine counts
            raise IncorrectLookupParameters(error) from error


class QueueFilter(admin.SimpleListFilter):
    """The desk's queues of these records; `queues` are (value, label, queryset method)."""

    title = gettext_lazy("queue")
    parameter_name = "waiting"
    queues = ()

    @classmethod
    def of(cls, *queues):
        return type("QueueFilter", (cls,), {"queues": queues})

    def lookups(self, request, model_admin):
        return [(value, label) for value, label, _method in self.queues]

    def queryset(self, request, queryset):
        for value, _label, method in self.queues:
            if value == self.value():
                return getattr(queryset, method)()
        return queryset


class MineFilter(admin.SimpleListFilter):
    """What concerns the records that the editor at hand recorded or was the last to edit."""

    title = gettext_lazy("whose")
    parameter_name = "mine"

    def lookups(self, request, model_admin):
        return [("1", _("Mine"))]

    def queryset(self, request, queryset):
        return queryset.concerning(request.user) if self.value() == "1" else queryset


class RecordList:
    """Before ModelAdmin: a list in pages of one size, searched through our index."""

    list_per_page = 50
    show_full_result_count = False

    def get_changelist(self, request, **kwargs):
        return RecordChangeList

    def for_list(self, queryset):
        """What a list or a suggestion needs. Actions load the rest: a record without
        its derived columns would be saved without them."""
        return queryset

    def matching(self, queryset, words):
        """The rows that an editor's search finds."""
        return queryset.matching(words)

    def describe(self, record):
        """A record in one line of suggestions."""
        return str(record)

    def get_search_results(self, request, queryset, search_term):
        words = search_term[:LONGEST].replace("\0", " ").strip()
        queryset = self.for_list(queryset)
        if words:
            found = self.matching(queryset, words)
            if request.resolver_match.url_name == "autocomplete":
                found |= self.matching(queryset, f"{words}*")  # the last word is being typed
            queryset = found
        return queryset, False

    def response_action(self, request, queryset):
        if all(map(is_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            return super().response_action(request, queryset)
        self.message_user(request, _("No record has that key."), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())
