"""Old addresses: each leads on to where its record stands now, with what was asked."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from companies.models import Company


def led_on(request, address):
    """The answer that something stands at `address` for good."""
    query = request.META["QUERY_STRING"]
    return redirect(f"{address}?{query}" if query else address, permanent=True)


class OfOneCompany:
    """A page on one public company, which is `self.company`; the address of a record that was
    merged into it leads here."""

    companies = Company.objects.public()

    def get(self, request, slug, **kwargs):
        self.company = get_object_or_404(self.companies.of(slug))
        if self.company.slug != slug:
            match = request.resolver_match
            return led_on(request, reverse(match.view_name, args=[self.company.slug]))
        return super().get(request, slug=slug, **kwargs)
