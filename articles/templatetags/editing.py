"""What the admin's pages need."""

from django import template

register = template.Library()


@register.filter
def act(message):
    """The key of the act that a message tells of, where it can be undone; else None."""
    tags = (message.extra_tags or "").split()
    return next((tag.removeprefix("act-") for tag in tags if tag.startswith("act-")), None)
