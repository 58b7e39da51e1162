"""Pages about one day."""

from urllib.parse import urlencode

from django.utils import timezone

from articles.chips import chips
from articles.filters import clocks_of
from companies.editions import recall
from companies.filters import StandingFilter
from companies.models import Company
from companies.standing import on_days


class Clocks:
    """A page about one day: `as_of` is what the world could know, `known_at` what this
    archive knew. What makes no sense is marked in the form and left aside."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        asked = {name: request.GET.get(name, "") for name in ("as_of", "known_at")}
        self.filterset = StandingFilter(asked, queryset=Company.objects.none())
        self.clocks = {name: self.filterset.asked.get(name) for name in asked}
        self.today = timezone.localdate()
        self.day = self.clocks["as_of"] or self.today

    @property
    def earlier(self):
        """Whether it is about a day gone by, with today's knowledge: what came since is told."""
        return self.day < self.today and self.clocks["known_at"] is None

    def known(self, announcements):
        """Those that the archive knew then, of a queryset; all of it without `known_at`."""
        moment = self.clocks["known_at"]
        return announcements.known_at(moment) if moment else announcements

    def on_days(self, companies, **asked):
        """The standings on its day, and of an earlier one those of today, as lists."""
        days = [self.day, self.today] if self.earlier else [self.day]
        return on_days(companies, days, known_at=self.clocks["known_at"], **asked)

    def with_clocks(self, asked):
        """A question, with the reader's clocks as far as they make sense."""
        return asked | clocks_of(self.request.GET)

    @property
    def query(self):
        """These clocks as an address's query; "" without any."""
        asked = urlencode(self.with_clocks({}))
        return f"?{asked}" if asked else ""

    def get_context_data(self, **context):
        return super().get_context_data(
            form=self.filterset.form,
            day=self.day,
            clocks=self.clocks,
            past=self.day < self.today,
            clock_chips=chips(self.filterset, self.request.GET) if self.clocks["known_at"] else [],
            earlier=self.earlier,
            **context,
        )


class FileOfClocks(Clocks):
    """A file or a card about one day: what makes no sense is refused, since it has no form to
    mark."""

    def get(self, request, *args, **kwargs):
        return self.filterset.refusal() or super().get(request, *args, **kwargs)


def as_told(announcements):
    """Announcements of a queryset, or of a page of it: with `known_at` as the editions of
    then told them."""
    rows = list(announcements)
    return recall(rows) if announcements.of_then else rows


class KnownThen:
    """A list of announcements that, with `known_at`, reads as their editions told them."""

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        if self.object_list.of_then:
            recall(context["page_obj"].object_list)
        return context
