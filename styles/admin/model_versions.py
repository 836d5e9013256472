"""Admin pages of model versions, and the one that has another trained."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from styles.admin.read_only import ReadOnlyAdmin
from styles.models import ModelVersion
from styles.training_jobs import BACKBONES, CATALOGUE, DEFAULT_BACKBONE, PRESETS, queue_training


class TrainingForm(forms.Form):
    """How to train on the catalogue."""

    backbone = forms.ChoiceField(
        label=_("backbone"), choices=[(name, name) for name in BACKBONES], initial=DEFAULT_BACKBONE
    )
    preset = forms.ChoiceField(label=_("preset"), choices=list(PRESETS.items()))


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    """The trained models."""

    list_display = ("number", "status", "backbone", "created_at", "activated_at")
    list_filter = ("status",)

    def get_urls(self) -> list[URLPattern]:
        """Add the page that has a version trained."""
        train = self.admin_site.admin_view(self.train_view)
        return [path("train/", train, name="styles_modelversion_train"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the way to that page to whoever may use it."""
        may_train = request.user.has_perm("styles.add_job")
        return super().changelist_view(request, {**(extra_context or {}), "may_train": may_train})

    def train_view(self, request: HttpRequest) -> HttpResponse:
        """Ask how, start the job and show it."""
        if not request.user.has_perm("styles.add_job"):
            raise PermissionDenied
        form = TrainingForm(request.POST or None)
        if form.is_valid():
            parameters = {"datasets": [CATALOGUE], **form.cleaned_data}
            user = request.user if request.user.is_authenticated else None
            job = queue_training(parameters, requested_by=user)
            self.message_user(request, _("The training waits for a worker."), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:styles_job_change", args=[job.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Train a model version"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/styles/modelversion/train.html", context)
