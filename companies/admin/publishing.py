"""How an announcement comes before readers: now, at an hour, or by a preview for a few."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import PlainText, RecordForm
from articles.fields import hour_in_words
from companies import previews
from companies.models import Announcement
from companies.tombstones import tombstone

VERBS = ("_publish", "_schedule", "_unschedule")


class ParisHour(forms.SplitDateTimeField):
    """A day and an hour in the newsroom's time; one that isn't there, or is there twice,
    because the clocks are changed, is refused with what to choose instead."""

    def __init__(self, **kwargs):
        super().__init__(widget=AdminSplitDateTime, **kwargs)

    def compress(self, parts):
        if not parts or None in parts or "" in parts:
            return super().compress(parts)  # which names the half that is missing
        naive = timezone.datetime.combine(*parts)
        zone = timezone.get_current_timezone()
        earlier, later = (naive.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
        said = {"hour": f"{naive:%H:%M}"}
        if earlier < later:
            said["next"] = f"{naive + (later - earlier):%H:%M}"
            raise ValidationError(
                _(
                    "There is no %(hour)s in that night: the clocks are put forward. Choose "
                    "%(next)s, or an hour before the change."
                ),
                code="skipped",
                params=said,
            )
        if earlier > later:
            raise ValidationError(
                _(
                    "%(hour)s comes twice in that night: the clocks are put back. Choose an "
                    "hour before or after the one that is repeated."
                ),
                code="repeated",
                params=said,
            )
        return super().compress(parts)


class PublicNoteForm(RecordForm):
    """A record's form with one line for the readers of what was published."""

    note_fr = PlainText(
        label=gettext_lazy("Public note on the change, in French"),
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy(
            "One line that readers see; needed where they would see something new."
        ),
    )
    note_en = PlainText(
        label=gettext_lazy("Public note on the change, in English"),
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy(
            "One line that readers see; needed where they would see something new."
        ),
    )

    def clean_note_fr(self):
        return " ".join(self.cleaned_data["note_fr"].split())  # one line

    def clean_note_en(self):
        return " ".join(self.cleaned_data["note_en"].split())


class Publishing:
    """Before RecordAdmin: the buttons, actions and pages of publication."""

    change_form_template = "admin/companies/announcement/change_form.html"

    def has_publish_permission(self, request, obj=None):
        return request.user.has_perm("companies.publish_announcement")

    # --- The form -----------------------------------------------------------

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        asked = request.method == "POST" and any(verb in request.POST for verb in VERBS)
        if asked and not self.has_publish_permission(request):
            raise PermissionDenied
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, obj=None, **kwargs):
        retracted = obj is not None and obj.status == Announcement.Status.RETRACTED
        scheduled = obj is not None and obj.scheduled
        is_open = obj is not None and obj.is_open
        may_save = (
            self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        )
        offers = may_save and self.has_publish_permission(request) and not is_open
        context |= {
            "is_draft": not (is_open or scheduled or retracted),
            "may_publish": offers,
            "may_schedule": offers and not retracted,
            "may_unschedule": offers and scheduled,
            "may_retract": is_open and self.has_publish_permission(request),
            "show_save": not offers,  # it stands beside the others then
        }
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def publish_as_asked(self, request, announcement, form):
        """Do what the button says, once all that was typed is saved."""
        notes = {name: form.cleaned_data[name] for name in ("note_fr", "note_en")}
        if "_publish" in request.POST:
            announcement.publish(by=request.user, **notes)
        elif "_schedule" in request.POST:
            hour = form.cleaned_data.get("publish_at")
            if hour is None:
                raise ValidationError(_("Say at which hour it opens: “Opens at”."))
            announcement.publish(at=hour, by=request.user, **notes)
        elif "_unschedule" in request.POST:
            announcement.unschedule()
        else:
            announcement.amend(by=request.user, **notes)
        if {"_publish", "_schedule"} & set(request.POST):
            self.tell_when(request, announcement)

    def tell_when(self, request, announcement):
        """What readers see of it from when on, and what keeps it from them."""
        if announcement.scheduled:
            text = _("“%(title)s” opens on %(hour)s, Paris time.")
            said = {"title": announcement, "hour": hour_in_words(announcement.public_from)}
            self.message_user(request, text % said, messages.SUCCESS)
        for doubt in announcement.doubts():
            self.message_user(request, doubt, messages.WARNING)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, announcement):
        return announcement.state

    @admin.display(description=gettext_lazy("what readers see"))
    def readers_see(self, announcement):
        newest = announcement.newest_edition if announcement.pk else None
        if newest is None:
            return _("Nothing yet.")
        if announcement.scheduled:
            return _("Nothing before its hour; then what is saved here.")
        left = tombstone(announcement.public_id)
        if left:
            return (
                _("The reason of the retraction alone.")
                if left.retracted
                else _("The public notice of the killed piece alone.")
            )
        if announcement.status == Announcement.Status.RETRACTED:
            return _("Nothing: it was retracted before anybody could read it.")
        if Announcement.objects.unsupported().filter(pk=announcement.pk).exists():
            return _("Nothing: no public article supports it.")
        return format_html(
            '<a href="{}">{}</a>',
            announcement.get_absolute_url(),
            _("Edition %(number)d of %(hour)s, until a change is saved with its note.")
            % {"number": newest.number, "hour": hour_in_words(newest.made_at)},
        )

    # --- Actions on the list --------------------------------------------------

    @admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
    def publish(self, request, queryset):
        retracted, answer = Announcement.Status.RETRACTED, None
        if queryset.filter(status=retracted).exists():
            answer = self.act_with_note(
                request,
                queryset,
                lambda a, fr, en: a.publish(
                    by=request.user,
                    **{"note_fr": fr, "note_en": en} if a.status == retracted else {},
                ),
                _("Publish"),
            )
        else:
            self.act(request, queryset, lambda a: a.publish(by=request.user), _("Publish"))
        if answer is None:
            for announcement in queryset.filter(status=Announcement.Status.PUBLISHED):
                self.tell_when(request, announcement)
        return answer

    @admin.action(description=gettext_lazy("Cancel the hour"), permissions=["publish"])
    def unschedule(self, request, queryset):
        self.act(request, queryset, lambda a: a.unschedule(), _("Cancel the hour"))

    @admin.action(description=gettext_lazy("Retract"), permissions=["publish"])
    def retract(self, request, queryset):
        return self.act_with_note(
            request,
            queryset,
            lambda a, fr, en: a.retract(reason_fr=fr, reason_en=en, by=request.user),
            _("Retract"),
        )

    @admin.action(description=gettext_lazy("Checked today"), permissions=["amend"])
    def say_it_stands(self, request, queryset):
        self.act(request, queryset, lambda a: a.say_it_stands(), _("Checked today"))

    # --- Previews ---------------------------------------------------------------

    def get_urls(self):
        own = [("preview", self.preview_view), ("retract", self.retract_view)]
        return [
            *(
                path(
                    f"<int:pk>/{name}/",
                    self.admin_site.admin_view(view),
                    name=f"companies_announcement_{name}",
                )
                for name, view in own
            ),
            *super().get_urls(),
        ]

    def retract_view(self, request, pk):
        """The act of the list, from the announcement's own page."""
        announcement = self.get_object(request, str(pk)) if pk < 2**63 else None
        if announcement is None:
            raise Http404
        if not self.has_publish_permission(request):
            raise PermissionDenied
        run, _name, _description = self.get_actions(request)["retract"]
        answer = run(self, request, Announcement.objects.filter(pk=pk))
        page = reverse("admin:companies_announcement_change", args=[pk])
        return answer or HttpResponseRedirect(page)

    def preview_view(self, request, pk):
        """Make a link for people without an account, or end all that were made."""
        announcement = self.get_object(request, str(pk)) if pk < 2**63 else None
        if announcement is None:
            raise Http404
        if not self.has_change_permission(request, announcement):
            raise PermissionDenied
        link = until = None
        if request.method == "POST" and "withdraw" in request.POST:
            previews.withdraw(announcement)
            self.log_change(request, announcement, [_("All preview links withdrawn")])
            self.message_user(request, _("No link that was made leads to it any more."))
            return HttpResponseRedirect(request.path)
        if request.method == "POST":
            key, until = previews.make(announcement)
            link = request.build_absolute_uri(reverse("announcements:preview", args=[key]))
            self.log_change(request, announcement, [_("Preview link made")])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview for people without an account"),
            "opts": self.opts,
            "announcement": announcement,
            "public": Announcement.objects.public().filter(pk=pk).exists(),
            "link": link,
            "until": until,
            "days": previews.LASTS.days,
        }
        return TemplateResponse(request, "admin/companies/announcement/preview.html", context)
