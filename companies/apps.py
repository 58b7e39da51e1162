from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompaniesConfig(AppConfig):
    name = "companies"
    verbose_name = _("Companies")
    first_model = "company"

    def ready(self):
        from articles import guards
        from companies.guards import GUARDS

        guards.watch(self, GUARDS)
