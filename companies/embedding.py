"""Cards that other sites may frame: these routes alone."""

from csp.decorators import csp_replace
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt


def embeddable(view):
    """Let any site show this class's pages in a frame. They set no cookie and hold no form."""
    anywhere = [xframe_options_exempt, csp_replace({"frame-ancestors": ["*"]})]
    return method_decorator(anywhere, name="dispatch")(view)


def code(address: str, title: str, height: int) -> str:
    """What somebody copies into a page of theirs; `height` in pixels."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>',
        address,
        title,
        height,
    )
