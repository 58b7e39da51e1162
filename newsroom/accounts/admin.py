"""Accounts, roles and the log of logins, in the admin."""

from functools import reduce
from operator import or_

from axes.utils import reset
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles.editing import RecordList
from newsroom.accounts import second_factor
from newsroom.accounts.events import note
from newsroom.accounts.roles import LABELS
from newsroom.accounts.sessions import end_all
from newsroom.models import Login

OURS = ("articles", "auth", "companies", "newsroom")
ACTIONS = {
    "add": gettext_lazy("Can add"),
    "change": gettext_lazy("Can change"),
    "delete": gettext_lazy("Can delete"),
    "view": gettext_lazy("Can view"),
}


def permission_name(permission):
    """What it is about and what it allows, in the reader's language, whichever was spoken
    when its row was written."""
    meta = permission.content_type.model_class()._meta
    action, _line, model = permission.codename.partition("_")
    usual = ACTIONS.get(action) if model == meta.model_name else None
    said = usual or dict(meta.permissions).get(permission.codename, permission.name)
    return f"{capfirst(meta.verbose_name)}{pgettext('before an explanation', ':')} {said}"


def offered_permissions():
    """Those on records that have a name for people; history is kept, and nobody's to change."""
    kinds = ContentType.objects.get_for_models(
        *(
            model
            for app in OURS
            for model in apps.get_app_config(app).get_models()
            if "verbose_name" in model._meta.original_attrs
            and not model._meta.model_name.startswith("historical")
        )
    )
    return Permission.objects.filter(content_type__in=kinds.values()).select_related("content_type")


def role_name(group):
    """A role's name in the reader's language; another group's as it is."""
    return str(LABELS.get(group.name, group.name))


class SuperusersOnly:
    """Before a ModelAdmin: whoever may change accounts could make themselves anything."""

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.remote_field.model is Permission:
            kwargs["queryset"] = offered_permissions()
        field = super().formfield_for_manytomany(db_field, request=request, **kwargs)
        names = {Permission: permission_name, Group: role_name}
        field.label_from_instance = names[db_field.remote_field.model]
        return field

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request):
        return request.user.is_superuser


class AccountAdmin(SuperusersOnly, RecordList, UserAdmin):
    actions = ["unlock", "remove_second_factor"]
    list_display = ["username", "first_name", "last_name", "roles", "is_active", "second_factor"]
    readonly_fields = ["last_login", "date_joined", "second_factor"]
    fieldsets = [
        *UserAdmin.fieldsets,
        (gettext_lazy("Security"), {"fields": ["second_factor"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups", "totpdevice_set")

    def matching(self, queryset, words):
        for word in words.split():
            held = [Q((f"{field}__icontains", word)) for field in self.search_fields]
            queryset = queryset.filter(reduce(or_, held))
        return queryset

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user):
        return ", ".join(map(role_name, user.groups.all())) or None

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def second_factor(self, user):
        return any(device.confirmed for device in user.totpdevice_set.all())

    @admin.action(description=gettext_lazy("Unlock after wrong passwords"), permissions=["change"])
    def unlock(self, request, queryset):
        for user in queryset:
            if reset(username=user.get_username()):
                self.log_change(request, user, [_("Unlocked")])
                text = _("%(user)s may try again.")
            else:
                text = _("Nobody has tried %(user)s in vain.")
            self.message_user(request, text % {"user": user}, messages.SUCCESS)

    @admin.action(
        description=gettext_lazy("Remove the second factor (lost phone)"), permissions=["change"]
    )
    def remove_second_factor(self, request, queryset):
        for user in queryset:
            if second_factor.remove(user):
                end_all(user)
                note(request, user.get_username(), Login.Kind.REMOVED)
                self.log_change(request, user, [_("Second factor removed")])
                text = _("%(user)s logs in with the password alone until they set up a new one.")
                self.message_user(request, text % {"user": user}, messages.SUCCESS)


class RoleAdmin(SuperusersOnly, RecordList, GroupAdmin):
    list_display = ["role"]

    def matching(self, queryset, words):
        return queryset.filter(name__icontains=words)

    @admin.display(description=gettext_lazy("role"), ordering="name")
    def role(self, group):
        return role_name(group)


class LoginAdmin(RecordList, admin.ModelAdmin):
    """Who came in and who was turned away; nobody writes here."""

    list_display = ["at", "account", "kind", "address", "browser"]
    list_display_links = None
    list_filter = ["kind"]
    date_hierarchy = "at"
    search_fields = ["username"]
    search_help_text = gettext_lazy("Searches accounts and addresses, from their beginning.")
    actions = None

    def matching(self, queryset, words):
        words = words.rstrip("*")
        return queryset.filter(Q(username__istartswith=words) | Q(address__startswith=words))

    @admin.display(description=gettext_lazy("account"), ordering="username")
    def account(self, login):
        return login.username or _("no such account")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def register():
    """Stand in for what other apps registered. Secrets are nobody's to look at."""
    for model in (User, Group, TOTPDevice, StaticDevice):
        admin.site.unregister(model)
    admin.site.register(User, AccountAdmin)
    admin.site.register(Group, RoleAdmin)
    admin.site.register(Login, LoginAdmin)
