from django.middleware.common import CommonMiddleware


class SlashMiddleware(CommonMiddleware):
    """Leads a reader to the address with its slash; anything but reading is a plain 404.

    Django would redirect a POST and lose what it carries, or fail under DEBUG.
    """

    def should_redirect_with_slash(self, request):
        return request.method in ("GET", "HEAD") and super().should_redirect_with_slash(request)
