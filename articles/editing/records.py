"""The admin of a record: its forms, its list, its history and its actions."""

from articles.editing.acts import Acting
from articles.editing.fields import PLAIN_TEXT, Suggesting
from articles.editing.forms import RecordForm
from articles.editing.lists import RecordList
from articles.editing.meanwhile import Meanwhile
from articles.editing.past import Past


class RecordAdmin(Acting, RecordList, Suggesting, Meanwhile, Past):
    """The admin of a record that editors write."""

    form = RecordForm
    formfield_overrides = PLAIN_TEXT
    slug_from = None  # the field that a new record's slug is made from
    held_by = ()  # names of the relations that keep a record from being deleted

    def get_readonly_fields(self, request, obj=None):
        fixed = ["slug"] if obj and self.slug_from else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_prepopulated_fields(self, request, obj=None):
        return {"slug": [self.slug_from]} if self.slug_from and not obj else {}

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refused = getattr(request, "refused", None)
        return form

    def render_change_form(self, request, context, obj=None, **kwargs):
        held = obj and any(getattr(obj, name).exists() for name in self.held_by)
        return super().render_change_form(
            request, context | {"show_delete": not held}, obj=obj, **kwargs
        )

    def get_deleted_objects(self, objs, request):
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        # What is protected nobody may delete: that, and no missing permission, is the reason.
        return listed, counts, set() if protected else lacking, protected

    def view_on_site(self, obj):
        """The record's page, once the public may open it."""
        if not hasattr(obj, "get_absolute_url"):
            return None
        public = type(obj).objects.public().filter(pk=obj.pk).exists()
        return obj.get_absolute_url() if public else None
