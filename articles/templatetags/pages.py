"""What every page needs: dates in words, the same page in the other language, its one address."""

from urllib.parse import urlencode

from django import template
from django.urls import Resolver404, resolve, reverse, translate_url
from django.utils import timezone
from django.utils.translation import override

from articles.fields import Precision, date_in_words, hour_in_words, iso_date, language_name
from articles.filters import clocks_of
from articles.text import paragraphs

register = template.Library()


@register.filter
def iso(day, precision=Precision.DAY):
    """A date or a time's day as ISO 8601 writes it, as exact as it is known."""
    return iso_date(_local(day), precision)


register.filter(paragraphs)
register.filter(language_name)
register.filter("at_hour", hour_in_words)


@register.filter
def in_words(day, precision=Precision.DAY):
    """A date or a time's day in the reader's language, as exact as it is known."""
    return date_in_words(_local(day), precision)


def _local(day):
    return timezone.localtime(day) if hasattr(day, "hour") else day


@register.simple_tag
def translated(request, language):
    """The address of this very record in `language`, with the reader's filters; the
    home page's where the address leads nowhere."""
    path = request.get_full_path()
    try:
        resolve(request.path_info)
    except Resolver404:
        with override(language):
            return reverse("home")
    return translate_url(path, language)


@register.filter
def unfolded(form):
    """Whether one of the filters that stand folded is in use, or wasn't understood."""
    folded = {field.name for field in form.visible_fields()} - {"q", "as_of"}
    return bool(folded & {*form.changed_data, *form.errors})


@register.simple_tag
def asked_here(request):
    """The full address of this page with what the reader asked of it."""
    asked = urlencode([(name, value) for name, value in request.GET.items() if value])
    return f"{absolute(request)}?{asked}" if asked else absolute(request)


@register.simple_tag
def absolute(request, path=""):
    """The full address of a path, without the reader's filters; by default of this page."""
    return request.build_absolute_uri(path.split("?")[0] or request.path)


@register.simple_tag(takes_context=True)
def canonical(context, path=""):
    """The one full address of what is shown, of this page or of its `path` in another
    language: with what the page knows of the reader's question, less the day and the looks."""
    address, asked = absolute(context.request, path), urlencode([*_known(context)])
    return f"{address}?{asked}" if asked else address


def _known(context):
    """(name, value) pairs of what the reader asked that changes which records are shown.
    A page names what it asks beside its filters in its view's `asks`."""
    asked, found = context.request.GET, context.get("filter")
    names = [*getattr(context.get("view"), "asks", ())]
    if found is not None:
        names += [name for name in found.form.fields if name not in found.form.errors]
    for name in names:
        if name not in ("as_of", "known_at"):
            yield from ((name, value) for value in asked.getlist(name) if value.strip())
    page = context.get("page_obj")
    if page and page.number > 1:
        yield "page", page.number


@register.simple_tag(takes_context=True)
def keep_day(context):
    """The reader's two clocks as the query of another page's address; "" without any that
    makes sense."""
    clocks = clocks_of(context.request.GET)
    return f"?{urlencode(clocks)}" if clocks else ""
