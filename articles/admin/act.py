from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.editing import RecordAdmin, RecordList, called, is_key, undo
from articles.models import Act

SHOWN = 100  # of an act's records on a page
NAMED = 20  # records that a message names


class Mine(admin.SimpleListFilter):
    title = gettext_lazy("whose")
    parameter_name = "mine"

    def lookups(self, request, model_admin):
        return [("1", _("Mine"))]

    def queryset(self, request, queryset):
        return queryset.filter(user=request.user) if self.value() == "1" else queryset


@admin.register(Act)
class ActAdmin(RecordList, admin.ModelAdmin):
    """What editors did to records of a list at once, newest first, and its undoing.

    Who did it may undo it; who may restore records may undo what anybody did.
    """

    list_display = ["made_at", "what", "kind", "count", "user", "outcome"]
    list_display_links = ["made_at", "what"]
    list_select_related = ["content_type", "user", "undone_by"]
    list_filter = [Mine, ("content_type", admin.RelatedOnlyFieldListFilter)]
    date_hierarchy = "made_at"
    fields = ["what", "kind", "count", "user", "made_at", "outcome"]
    change_form_template = "admin/act.html"

    def matching(self, queryset, words):
        return queryset.none()  # what an act was is found by its filters

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        if obj is None:
            return request.user.is_staff
        acted = self.acted_on(obj)
        return bool(acted) and acted.has_view_or_change_permission(request)

    def has_module_permission(self, request):
        return request.user.is_staff

    def get_queryset(self, request):
        """Acts on the kinds of record that the user may see."""
        seen = [
            model
            for model, acted in self.admin_site._registry.items()
            if isinstance(acted, RecordAdmin) and acted.has_view_or_change_permission(request)
        ]
        kinds = ContentType.objects.get_for_models(*seen).values()
        return super().get_queryset(request).filter(content_type__in=kinds)

    def acted_on(self, act):
        """The admin of the records; None for a kind that has gone."""
        return self.admin_site._registry.get(act.content_type.model_class())

    @admin.display(description=gettext_lazy("action"), ordering="action")
    def what(self, act):
        """What the act is called in the list where it was done."""
        if act.action == "delete_selected":
            return _("Deletion")
        run = getattr(self.acted_on(act), act.action, None)
        return getattr(run, "short_description", act.action)

    @admin.display(description=gettext_lazy("kind of record"))
    def kind(self, act):
        return act.content_type.name

    @admin.display(description=gettext_lazy("outcome"))
    def outcome(self, act):
        if act.undone_at:
            return _("Undone by %(user)s") % {"user": act.undone_by}
        return _("It can't be undone in silence") if act.final else _("Stands")

    def may_undo(self, request, act):
        acted = self.acted_on(act)
        own = act.user_id == request.user.pk
        return (
            acted is not None
            and acted.has_change_permission(request)
            and (own or request.user.has_perm("articles.restore_record"))
        )

    def get_urls(self):
        view = self.admin_site.admin_view(self.undo_view)
        return [path("<path:object_id>/undo/", view, name="articles_act_undo"), *super().get_urls()]

    def render_change_form(self, request, context, obj=None, **kwargs):
        first = called(obj.rows.select_related("content_type").order_by("place", "pk")[:SHOWN])
        left = obj.rows.filter(undone_at=None).exists()
        context |= {
            "rows": [(self.address(row), name, row) for row, name in first],
            "more": max(obj.rows.count() - SHOWN, 0),
            "told": self.acted_on(obj).final.get(obj.action) if obj.final else "",
            "undoable": left and not obj.final and self.may_undo(request, obj),
        }
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def address(self, row):
        """The page of a record's history, where it has one."""
        model = row.content_type.model_class()
        if model not in self.admin_site._registry:
            return ""
        return reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[row.key]
        )

    def undo_view(self, request, object_id):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        act = self.get_queryset(request).filter(pk=object_id).first() if is_key(object_id) else None
        if act is None:
            raise Http404
        if not self.may_undo(request, act):
            raise PermissionDenied
        model = act.content_type.model_class()
        there = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        came_from = urlsplit(request.headers.get("Referer", ""))
        if came_from.path == there:
            there = f"{there}?{came_from.query}"  # the list as it was asked for
        back = HttpResponseRedirect(there)
        if act.final:
            self.message_user(request, self.acted_on(act).final[act.action], messages.ERROR)
            return back
        self.say(request, act, self.undo(request, act))
        return back

    def undo(self, request, act):
        acted = self.acted_on(act)
        result = undo(
            act,
            by=request.user,
            through=lambda record, write: acted.put_back(request, record, write, {}),
        )
        acted.log_undone(request, [key for model, key in result.done if model is acted.model])
        return result

    def say(self, request, act, result):
        count = len(result.done)
        if count:
            said = ngettext(
                "%(label)s undone: %(count)d record.", "%(label)s undone: %(count)d records.", count
            ) % {"label": self.what(act), "count": count}
            self.message_user(request, said, messages.SUCCESS)
        elif not result.left:
            self.message_user(request, _("It was undone already."), messages.INFO)
        for name, reason in result.left[:NAMED]:
            self.message_user(request, f"{name}: {reason}", messages.WARNING)
        if len(result.left) > NAMED:
            more = len(result.left) - NAMED
            said = ngettext(
                "%(count)d more was left as it is.", "%(count)d more were left as they are.", more
            )
            self.message_user(request, said % {"count": more}, messages.WARNING)
