"""Pages for what can't be answered, in the site's style and the reader's language."""

from django.shortcuts import render


def not_found(request, exception):
    """The address leads nowhere, or to what isn't public."""
    return render(request, "newsroom/not_found.html", status=404)


def forbidden(request, exception=None):
    """The page is there, and isn't open to whoever asks."""
    return render(request, "newsroom/forbidden.html", status=403)


def form_refused(request, reason=""):
    """A form came without its token, or from another site."""
    return render(request, "newsroom/forbidden.html", {"by_form": True}, status=403)
