"""A file that an editor uploads: looked at first, taken in only after a second yes.

Between the two it waits in `DATA_DIR/uploads` under its sha256. The page holds a token,
signed and tied to the editor, and everything else that was typed; all is checked again.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import refused_by_database

LIFETIME = 12 * 60 * 60  # seconds that a file waits for its second yes
MAX_SHOWN = 200  # rows of a preview; the report has all
SALT = "articles.uploads"


def keep(data: bytes, name: str, user) -> str:
    """Keep a file for `user`; returns the token that brings it back."""
    folder = Path(settings.DATA_DIR) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - LIFETIME:
            old.unlink(missing_ok=True)
    digest = hashlib.sha256(data).hexdigest()
    half = folder / f"{digest}.{os.getpid()}"
    half.touch(mode=0o600)
    half.write_bytes(data)
    half.replace(folder / digest)
    return signing.dumps([digest, name, user.pk], salt=SALT)


def fetch(token: str, user) -> tuple[bytes, str]:
    """The file of a token, and its name. Raises ValidationError."""
    try:
        digest, name, owner = signing.loads(token, salt=SALT, max_age=LIFETIME)
        data = (Path(settings.DATA_DIR) / "uploads" / digest).read_bytes()
    except (signing.BadSignature, OSError) as error:
        raise ValidationError(_("The file is no longer kept: choose it again.")) from error
    if owner != user.pk or hashlib.sha256(data).hexdigest() != digest:
        raise ValidationError(_("The file is no longer kept: choose it again."))
    return data, name


def forget(token: str, user) -> None:
    """Delete the file of a token: what was taken in is kept elsewhere, under its own rules."""
    data, _name = fetch(token, user)
    path = Path(settings.DATA_DIR) / "uploads" / hashlib.sha256(data).hexdigest()
    path.unlink(missing_ok=True)


class UploadForm(forms.Form):
    """A file, new or kept from the step before. Valid, it has `data` (bytes), `name` and
    `token`; a subclass adds what must be said besides."""

    file = forms.FileField(label=gettext_lazy("file"), required=False, allow_empty_file=True)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    content, name, token = b"", "", ""

    def __init__(self, *args, user=None, max_bytes=10_000_000, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.max_bytes = user, max_bytes
        for each in self.fields.values():
            each.label = capfirst(each.label)  # as those of a model's form are

    def clean(self):
        said = super().clean()
        file, token = said.get("file"), said.get("kept")
        try:
            if file and file.size > self.max_bytes:
                size = {"size": self.max_bytes / 10**6}
                raise ValidationError(_("The file is larger than %(size)d MB.") % size)
            if file:
                self.content, self.name = file.read(), file.name
                self.token = keep(self.content, self.name, self.user)
            elif token:
                self.content, self.name = fetch(token, self.user)
                self.token = token
            elif "file" not in self.errors:
                raise ValidationError(_("Choose a file."))
        except ValidationError as refusal:
            self.add_error("file", refusal)
        return said

    def hidden(self):
        """Everything that was typed, for the next step."""
        return [self[name].as_hidden() for name in self.fields if name not in ("file", "kept")]


@dataclass(frozen=True)
class Preview:
    """What a file would do: counts as (label, number), a table, and the whole for download."""

    counts: list[tuple[str, int]]
    headings: list[str]
    rows: list[list[str]]  # as many cells as headings; those to look at first come first
    report: Callable[[], dict]  # JSON; asked for only where it is downloaded
    notes: list[str] = field(default_factory=list)  # what was found out about the file

    @property
    def shown(self):
        return self.rows[:MAX_SHOWN]


class Uploading:
    """Before a RecordAdmin: its list leads to a page for a file, a preview, and the yes.

    A subclass gives `upload_form` (an UploadForm), `upload_title`, `upload_fieldsets` (as in
    ModelAdmin), and two methods; each may raise ValidationError, which comes back as an error
    of the file, with everything still there that was typed:
    `look(form)` → Preview, writing nothing; `take(request, form)` → the sentence that says
    what was done. Who may add a record may upload.
    """

    change_list_template = "admin/upload_list.html"
    upload_form = UploadForm
    upload_title = gettext_lazy("Import a file")
    upload_fieldsets = [(None, {"fields": ["file"]})]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_upload"
        view = self.admin_site.admin_view(self.upload_view)
        return [path("upload/", view, name=name), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        extra = {
            "upload_title": self.upload_title,
            "may_upload": self.has_add_permission(request),
        } | (extra_context or {})
        return super().changelist_view(request, extra)

    def upload_view(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._upload_page(request, self.upload_form(user=request.user))
        form, step = self.upload_form(request.POST, request.FILES, user=request.user), None
        try:
            if form.is_valid():
                step = request.POST.get("step")
                if step == "commit":
                    messages.success(request, self.take(request, form))
                    forget(form.token, request.user)
                    return HttpResponseRedirect(self._list_url())
                if step != "change":
                    preview = self.look(form)
                    return self._answer(request, form, preview, step)
        except ValidationError as refusal:
            form.add_error("file", refusal)
        except IntegrityError as refusal:
            form.add_error("file", refused_by_database(refusal))
        return self._upload_page(request, form)

    def _answer(self, request, form, preview, step):
        if step != "report":
            return self._upload_page(request, form, preview)
        text = json.dumps(preview.report(), ensure_ascii=False, indent=1)
        return HttpResponse(
            text,
            content_type="application/json",
            headers={"Content-Disposition": 'attachment; filename="report.json"'},
        )

    def _upload_page(self, request, form, preview=None):
        return TemplateResponse(
            request,
            "admin/upload.html",
            {
                **self.admin_site.each_context(request),
                "title": self.upload_title,
                "opts": self.opts,
                "form": form,
                "adminform": AdminForm(form, self.upload_fieldsets, {}, model_admin=self),
                "preview": preview,
                "list_url": self._list_url(),
            },
        )

    def _list_url(self):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
