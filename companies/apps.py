from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CompaniesConfig(AppConfig):
    name = "companies"
    verbose_name = _("Companies")
    first_model = "company"

    def ready(self):
        from articles import guards
        from companies.guards import GUARDS

        def install(using, **kwargs):
            guards.install(self, GUARDS, using)

        def check_guards(databases=None, **kwargs):
            return guards.missing(self, GUARDS, databases)

        post_migrate.connect(install, sender=self, weak=False)
        checks.register(check_guards, checks.Tags.database)
