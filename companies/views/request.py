"""A reader's word to the desk."""

from datetime import timedelta
from math import ceil

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import CreateView

from articles.addresses import home_of
from articles.models import Article
from companies.forms import CorrectionRequestForm
from companies.models import Announcement, Company, Sending
from companies.views.moved import led_on


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class CorrectionRequestCreate(CreateView):
    """A reader's form: what is wrong with a record. It sets no cookie, so its own token
    and the sender's origin stand for Django's."""

    form_class = CorrectionRequestForm
    template_name = "companies/correction_request.html"
    KINDS = {
        "companies": (Company, "slug"),
        "announcements": (Announcement, "public_id"),
        "articles": (Article, "slug"),
    }

    def dispatch(self, request, kind, key):
        if kind not in self.KINDS:
            raise Http404
        model, name = self.KINDS[kind]
        records = model.objects.public()
        if model is Company:
            self.about = get_object_or_404(records.of(key))
            if self.about.slug != key and request.method != "POST":  # what was typed would be lost
                return led_on(request, reverse("requests:create", args=[kind, self.about.slug]))
        else:
            self.about = get_object_or_404(records, **{name: key})
        origin = request.headers.get("Origin")
        here = f"{request.scheme}://{request.get_host()}"
        if request.method == "POST" and origin and origin != here:
            raise PermissionDenied
        return super().dispatch(request)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"about": self.about}

    def form_valid(self, form):
        opens_at = Sending.objects.admit(home_of(self.request))
        return self.too_many(form, opens_at) if opens_at else super().form_valid(form)

    def too_many(self, form, opens_at):
        """The form again with all that was typed, and when it may be sent."""
        form.renew()
        seconds = max(1, ceil((opens_at - timezone.now()).total_seconds()))
        context = self.get_context_data(
            form=form,
            minutes=ceil(seconds / 60),
            opens_at=opens_at + timedelta(seconds=59),  # told to the minute, never too early
        )
        headers = {"Retry-After": seconds}
        return self.render_to_response(context, status=429, headers=headers)

    def get_success_url(self):
        return f"{self.request.path}?sent=1"

    def get_context_data(self, **context):
        sent = "sent" in self.request.GET
        return super().get_context_data(about=self.about, sent=sent, **context)
