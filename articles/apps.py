from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Articles")
    first_model = "article"

    def ready(self):
        from articles import database, guards

        guards.watch(self, guards.GUARDS)
        checks.register(database.check_sqlite, checks.Tags.database)
