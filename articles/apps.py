from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Articles")
    first_model = "article"

    def ready(self):
        from articles import database, guards

        def install(using, **kwargs):
            guards.install(self, guards.GUARDS, using)

        def check_guards(databases=None, **kwargs):
            return guards.missing(self, guards.GUARDS, databases)

        post_migrate.connect(install, sender=self, weak=False)
        checks.register(check_guards, checks.Tags.database)
        checks.register(database.check_sqlite, checks.Tags.database)
