"""Pages for what can't be answered, in the site's style and the reader's language."""

from urllib.parse import urlsplit

from django.shortcuts import render
from django.urls import reverse


def not_found(request, exception):
    """The address leads nowhere, or to what isn't public."""
    return render(request, "newsroom/not_found.html", status=404)


def forbidden(request, exception=None):
    """The page is there, and isn't open to whoever asks."""
    return render(request, "newsroom/forbidden.html", status=403)


def form_refused(request, reason=""):
    """A form came without its token, or from another site; at the desk, most often from a
    page that was made before the session ended."""
    at_the_desk = request.path.startswith(reverse("admin:index"))
    said = {"by_form": True, "form_url": _came_from(request) if at_the_desk else ""}
    return render(request, "newsroom/forbidden.html", said, status=403)


def _came_from(request):
    """The page of the desk that holds the form, else the address that it was sent to."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc == request.get_host() and page.path.startswith(reverse("admin:index")):
        return f"{page.path}?{page.query}" if page.query else page.path
    return request.get_full_path()
