"""Pages about one day."""

from django.utils import timezone

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
        self.form = StandingFilter(asked, queryset=Company.objects.none()).form
        self.form.is_valid()
        self.clocks = {name: self.form.cleaned_data.get(name) for name in asked}
        self.today = timezone.localdate()
        self.day = self.clocks["as_of"] or self.today

    @property
    def earlier(self):
        """Whether it is about a day gone by, with today's knowledge: what came since is told."""
        return self.day < self.today and self.clocks["known_at"] is None

    def on_days(self, companies, **asked):
        """The standings on its day, and of an earlier one those of today, as lists."""
        days = [self.day, self.today] if self.earlier else [self.day]
        return on_days(companies, days, known_at=self.clocks["known_at"], **asked)

    def get_context_data(self, **context):
        return super().get_context_data(
            form=self.form, day=self.day, clocks=self.clocks, earlier=self.earlier, **context
        )


class KnownThen:
    """A list of announcements that, with `known_at`, reads as their editions told them."""

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        if "known_edition" in self.object_list.query.annotations:
            recall(context["page_obj"].object_list)
        return context
