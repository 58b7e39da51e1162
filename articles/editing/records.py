"""The admin of a record: its forms, its list, its history and its actions."""

from articles.editing.acts import Acting
from articles.editing.fields import PLAIN_TEXT, Suggesting
from articles.editing.forms import RecordForm
from articles.editing.lists import RecordList
from articles.editing.meanwhile import Meanwhile
from articles.editing.past import Past
from articles.editing.roles import Reserving


class RecordAdmin(Reserving, Acting, RecordList, Suggesting, Meanwhile, Past):
    """The admin of a record that editors write."""

    form = RecordForm
    formfield_overrides = PLAIN_TEXT
    slug_from = None  # the field that a new record's slug is made from
    held_by = ()  # names of the relations that keep a record from being deleted
    part_of = None  # name of the relation to what every search locks before such records
    typed_only = ()  # fields of the form that are none of the record: a reader has no use for them

    def hold(self, rows):
        """Lock these records, so that nobody else saves them before this transaction ends;
        what only points to them may be written."""
        if self.part_of:
            wholes = rows.model._meta.get_field(self.part_of).related_model._base_manager
            wholes = wholes.filter(pk__in=rows.values(self.part_of))
            list(wholes.select_for_update().order_by("pk").values_list("pk"))
        list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))

    def get_readonly_fields(self, request, obj=None):
        fixed = ["slug"] if obj and self.slug_from else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._permits(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._permits(request, obj)

    def _permits(self, request, obj):
        """Whether the state that the record is in lets this user change it."""
        asked = getattr(obj, "changed_with", "")
        return not asked or request.user.has_perm(asked)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        read = [
            (name, options | {"fields": [f for f in options["fields"] if f not in self.typed_only]})
            for name, options in fieldsets
        ]
        return [(name, options) for name, options in read if options["fields"]]

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
