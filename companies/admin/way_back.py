"""The way back to the review screen from a form that was opened there."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.editing import is_key


class FromReview:
    """Before RecordAdmin: once a new record is saved, back to the piece whose review led here,
    which is the `article` of the address."""

    def response_add(self, request, obj, post_url_continue=None):
        article = request.GET.get("article", "")
        if not is_key(article) or "_continue" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        said = _("“%(company)s” is recorded.") % {"company": getattr(obj, "company", obj)}
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_review", args=[article]))
