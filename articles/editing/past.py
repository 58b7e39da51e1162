"""The history of a record in the admin, and its return to an earlier state."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from simple_history.admin import SimpleHistoryAdmin

from articles.editing.fields import is_key
from articles.editing.refusals import AskingAgain


class Past(AskingAgain, SimpleHistoryAdmin):
    """Before ModelAdmin: every state that a record had."""

    object_history_list_template = "admin/history_list.html"

    def history_view(self, request, object_id, extra_context=None):
        if not is_key(object_id):
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if not (is_key(object_id) and is_key(version_id)):
            raise Http404
        if request.method == "POST" and not self.may_restore(request, object_id):
            raise PermissionDenied  # the library would let everybody who may read
        return self._asking_again(
            request, super().history_form_view, object_id, version_id, extra_context
        )

    def may_restore(self, request, object_id):
        """Whether this user may bring back an earlier state, as the record stands now."""
        if not request.user.has_perm("articles.restore_record"):
            return False
        return self.has_change_permission(request, self.get_object(request, object_id))

    def revert_disabled(self, request, obj=None):
        may = obj is None or self.may_restore(request, str(obj.pk))
        return not may or super().revert_disabled(request, obj)

    def restores(self, request):
        return request.resolver_match.url_name.endswith("_simple_history")

    def save_model(self, request, obj, form, change):
        if self.restores(request):
            # What the form doesn't offer (a status, an address) is no matter of restoring.
            now = self.model._base_manager.filter(pk=obj.pk).first()
            for field in obj._meta.concrete_fields if now else ():
                if field.name not in form.fields:
                    setattr(obj, field.attname, getattr(now, field.attname))
        super().save_model(request, obj, form, change)
