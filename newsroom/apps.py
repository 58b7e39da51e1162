from django.contrib.admin.apps import AdminConfig


class NewsroomAdminConfig(AdminConfig):
    """Django's admin under our name."""

    default_site = "newsroom.admin.EditorialSite"
