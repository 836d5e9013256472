"""Admin pages of model versions, and the one that has another trained."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from styles.admin.start_page import StartPageAdmin
from styles.models import Job, ModelVersion
from styles.training_jobs import BACKBONES, CATALOGUE, DEFAULT_BACKBONE, PRESETS, queue_training


class TrainingForm(forms.Form):
    """How to train on the catalogue."""

    backbone = forms.ChoiceField(
        label=_("backbone"), choices=[(name, name) for name in BACKBONES], initial=DEFAULT_BACKBONE
    )
    preset = forms.ChoiceField(label=_("preset"), choices=list(PRESETS.items()))


@admin.register(ModelVersion)
class ModelVersionAdmin(StartPageAdmin):
    """The trained models."""

    list_display = ("number", "status", "backbone", "created_at", "activated_at")
    list_filter = ("status",)
    start_form = TrainingForm
    start_address = "train"
    start_title = _("Train a model version")
    start_text = _(
        "A worker learns from the shop's own products and their photos, which takes minutes to "
        "hours. Nothing changes for shoppers until the new version is activated."
    )
    start_button = _("Train")
    started_text = _("The training waits for a worker.")

    def start(self, cleaned: dict[str, Any], *, user: User | None) -> Job:
        """Queue a training on the catalogue."""
        return queue_training({"datasets": [CATALOGUE], **cleaned}, requested_by=user)
