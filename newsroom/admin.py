from django.contrib import admin


class EditorialSite(admin.AdminSite):
    pass
