from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = _("Newsroom")
    default = True
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # The doors of accounts come last: they stand in for those of other apps.
        from newsroom.accounts import admin as accounts
        from newsroom.accounts.events import listen

        accounts.register()
        listen()


class NewsroomAdminConfig(admin.AdminConfig):
    """Django's admin under our name."""

    default = False
    default_site = "newsroom.admin.EditorialSite"
