"""The wordings of an article, and what changed between any two of them."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.differences import differences
from articles.editing import is_key
from articles.models import Article, Version

TEXTS = ("headline", "standfirst", "body")


def compare(request, pk):
    """The two that `old` and `new` name by their numbers; else the current one and the one
    before it."""
    user = request.user
    if not (user.has_perm("articles.view_article") or user.has_perm("articles.change_article")):
        raise PermissionDenied
    article = get_object_or_404(Article.objects.defer("body"), pk=pk)
    versions = article.versions.select_related("author").defer(*TEXTS).order_by("-number")
    versions = list(versions)
    told = [version for version in versions if not version.late] or versions
    new = _chosen(request.GET.get("new", ""), versions) or (told[0] if told else None)
    before = [version for version in told if new and version.number < new.number]
    old = _chosen(request.GET.get("old", ""), versions) or (before[0] if before else None)
    parts = _parts(old, new) if old and new and not (old.redaction_id or new.redaction_id) else []
    context = {
        **admin.site.each_context(request),
        "title": _("Versions"),
        "subtitle": article.headline,
        "opts": Article._meta,
        "article": article,
        "versions": versions,
        "old": old,
        "new": new,
        "parts": parts,
    }
    return TemplateResponse(request, "admin/articles/version/compare.html", context)


def _chosen(number, versions):
    if not is_key(number):
        return None
    return next((one for one in versions if one.number == int(number)), None)


def _parts(old, new):
    """(label, differences) of each text that changed."""
    texts = Version.objects.in_bulk([old.pk, new.pk])
    return [
        (
            capfirst(Version._meta.get_field(name).verbose_name),
            differences(getattr(texts[old.pk], name), getattr(texts[new.pk], name)),
        )
        for name in TEXTS
        if getattr(texts[old.pk], name) != getattr(texts[new.pk], name)
    ]


urlpatterns = [
    path("<int:pk>/versions/", admin.site.admin_view(compare), name="articles_article_versions")
]
