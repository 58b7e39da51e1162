from django.apps import AppConfig
from django.contrib.admin import apps as admin


class NewsroomConfig(AppConfig):
    name = "newsroom"
    default = True


class NewsroomAdminConfig(admin.AdminConfig):
    """Django's admin under our name."""

    default = False
    default_site = "newsroom.admin.EditorialSite"
