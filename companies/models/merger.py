"""Two records of one company: one stands for both, and nothing is moved."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _


class Mergeable:
    """What `merged_into` and `absorbed_by` mean to a company. Each merger is a link of its
    own, so that a chain of them can be parted anywhere, and leaves what was before."""

    @property
    def end_of_mergers(self):
        """The key of the record that stands for it, or None where it stands itself."""
        into = self.merged_into
        return into and (into.absorbed_by_id or into.pk)

    @property
    def shown_as(self):
        """The record that readers see in its place: itself, unless it was merged."""
        return self.absorbed_by or self

    def records(self):
        """It and all that was merged into it."""
        return type(self).objects.filter(models.Q(pk=self.pk) | models.Q(absorbed_by=self.pk))

    @transaction.atomic
    def merge(self, into, *, by=None, reason=""):
        """Let `into` stand for this record: readers see all that either has under that one.

        Raises ValidationError with every reason that speaks against it.
        """
        own, into = self._locked(self.pk, into.pk)
        refusals = list(own._refusals(into))
        if refusals:
            raise ValidationError(refusals)
        own._put(into, by, reason)
        own.absorbed.update(absorbed_by=into)
        self.refresh_from_db()

    @transaction.atomic
    def part(self, *, by=None, reason=""):
        """Take its merger back; what had been merged into it before stays with it.

        Raises ValidationError.
        """
        (own,) = self._locked(self.pk)
        if not own.merged_into_id:
            raise ValidationError(_("%(name)s isn't merged.") % {"name": own})
        merged = dict(own.absorbed_by.absorbed.values_list("pk", "merged_into"))
        below, found = {own.pk}, set()
        while below:
            below = {key for key, into in merged.items() if into in below}
            found |= below
        own._put(None, by, reason)
        type(self).objects.filter(pk__in=found).update(absorbed_by=own)
        self.refresh_from_db()

    def _locked(self, *keys):
        """The records as they are now, so that nobody merges them at the same time."""
        rows = type(self).objects.select_for_update().filter(pk__in=keys)
        found = {record.pk: record for record in rows.order_by("pk")}
        return [found[key] for key in keys]

    def _put(self, into, by, reason):
        self.merged_into = into
        self._history_user, self._change_reason = by, reason
        self.save()

    def _refusals(self, into):
        """Why it can't be merged into that record, in words."""
        names = {"name": self, "into": into}
        if self.pk == into.pk:
            yield _("A record can't be merged into itself.")
            return
        for record in (self, into):
            if record.merged_into_id:
                yield _("%(name)s was merged into %(into)s already; part them first.") % {
                    "name": record,
                    "into": record.merged_into,
                }
        for brand, parent in ((self, into), (into, self)):
            if brand.parent and brand.parent.shown_as.pk == parent.pk:
                yield _("%(brand)s is a brand of %(parent)s: two things, not one.") % {
                    "brand": brand,
                    "parent": parent,
                }
            whole = parent.activities.model.objects.filter(
                company__in=parent.records(), brand__in=brand.records()
            ).first()
            if whole:
                yield _(
                    "%(brand)s is the activity “%(activity)s” of %(parent)s: what it did would "
                    "count for the whole business."
                ) % {"brand": brand, "parent": parent, "activity": whole}
        if into.parent and type(self).objects.filter(parent__in=self.records()).exists():
            yield _("%(name)s has brands, and %(into)s is a brand itself.") % names
