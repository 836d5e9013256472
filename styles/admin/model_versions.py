"""Admin pages of model versions: train, look at, compare, activate, go back, measure, prune."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from styles.admin.exam_table import render_exam
from styles.admin.version_page import compare_versions, describe_version
from styles.admin.version_steps import ACTIVATE, PRUNE, START, VersionSteps
from styles.models import Job, ModelVersion
from styles.reports import PAGE_FILE, find_report, read_report
from styles.training_jobs import BACKBONES, CATALOGUE, DEFAULT_BACKBONE, PRESETS, queue_training


class TrainingForm(forms.Form):
    """How to train on the catalogue."""

    backbone = forms.ChoiceField(
        label=_("backbone"), choices=[(name, name) for name in BACKBONES], initial=DEFAULT_BACKBONE
    )
    preset = forms.ChoiceField(label=_("preset"), choices=list(PRESETS.items()))


@admin.register(ModelVersion)
class ModelVersionAdmin(VersionSteps):
    """The trained models."""

    list_display = ("number", "status", "backbone", "created_at", "activated_at")
    list_filter = ("status",)
    actions = ("compare",)
    change_form_template = "admin/styles/modelversion/change_form.html"
    fieldsets = (
        (
            None,
            {"fields": ("number", "status", "backbone", "created_at", "activated_at", "previous")},
        ),
        (
            _("For machines"),
            {"fields": ("artifact_prefix", "metadata"), "classes": ("collapse",)},
        ),
    )
    start_form = TrainingForm
    start_address = "train"
    start_title = _("Train a model version")
    start_text = _(
        "A worker learns from the shop's own products and their photos, which takes minutes to "
        "hours. Nothing changes for shoppers until the new version is activated."
    )
    start_button = _("Train")
    started_text = _("The training waits for a worker.")

    class Media:
        css = {"all": ("kfashion/jobs.css", "kfashion/admin/models.css")}

    def start(self, cleaned: dict[str, Any], *, user: User | None) -> Job:
        """Queue a training on the catalogue."""
        return queue_training({"datasets": [CATALOGUE], **cleaned}, requested_by=user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return every field, times and the way back among them."""
        return [*super().get_readonly_fields(request, obj), "created_at", "previous"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change versions activates them; nobody edits one."""
        return obj is None and super().has_change_permission(request)

    def get_urls(self) -> list[URLPattern]:
        """Add the comparison of two, and the report on one."""
        view = self.admin_site.admin_view
        return [
            path("compare/", view(self.compare_view), name="styles_modelversion_compare"),
            path("<int:pk>/report/", view(self.report_view), name="styles_modelversion_report"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what is known of the version, and what can be done with it."""
        version = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if version is not None:
            context |= describe_version(version)
            context["exam"] = render_exam(version.comparison)
            context["links"] = list(self._links(request, version))
        return super().change_view(request, object_id, form_url, context)

    def _links(self, request: HttpRequest, version: ModelVersion) -> list[dict[str, str]]:
        may, links = request.user.has_perm, []

        def lead(name: str, text: str) -> None:
            address = reverse(f"admin:styles_modelversion_{name}", args=[version.pk])
            links.append({"address": address, "text": text})

        is_active = version.status == ModelVersion.Status.ACTIVE
        if not is_active and may(ACTIVATE):
            lead("activate", gettext("Activate"))
        if is_active and version.previous and may(ACTIVATE):
            number = version.previous.number
            lead("undo", gettext("Go back to version %(number)d") % {"number": number})
        serving = ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE).first()
        if serving and not is_active:
            address = reverse("admin:styles_modelversion_compare")
            links.append(
                {
                    "address": f"{address}?version={serving.pk}&version={version.pk}",
                    "text": gettext("Compare with the one that serves"),
                }
            )
        if may(START):
            lead("evaluate", gettext("Measure"))
        if not is_active and may(PRUNE):
            lead("prune", gettext("Prune"))
        return links

    @admin.action(description=_("Compare two versions"))
    def compare(
        self, request: HttpRequest, chosen: QuerySet[ModelVersion]
    ) -> HttpResponseRedirect | None:
        """Lead to the page of the two chosen versions side by side."""
        keys = list(chosen.order_by("number").values_list("pk", flat=True)[:3])
        if len(keys) != 2:
            self.message_user(request, gettext("Choose two versions."), messages.ERROR)
            return None
        address = reverse("admin:styles_modelversion_compare")
        return HttpResponseRedirect(f"{address}?version={keys[0]}&version={keys[1]}")

    def compare_view(self, request: HttpRequest) -> HttpResponse:
        """Show two versions side by side."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        keys = [key for key in request.GET.getlist("version") if key.isdecimal()]
        versions = list(ModelVersion.objects.filter(pk__in=keys).order_by("number"))
        if len(versions) != 2:
            raise Http404
        first, second = versions
        # Whichever sat its exam against the other one tells how the answers differ.
        exams = [
            one.comparison
            for one, other in ((second, first), (first, second))
            if one.comparison.get("model_version") == other.number
        ]
        context = self.page_context(request, title=gettext("Two versions side by side"))
        context |= compare_versions(first, second)
        context["exam"] = render_exam(exams[0]) if exams else ""
        return TemplateResponse(request, "admin/styles/modelversion/compare.html", context)

    # The report is one file that brings its own styles, and no script.
    @method_decorator(csp_update({"style-src": [SELF, UNSAFE_INLINE]}))
    def report_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the latest report on the version."""
        version = self.find_version(request, pk, "styles.view_modelversion")
        prefix = find_report(version)
        if prefix is None:
            raise Http404
        return HttpResponse(read_report(prefix, PAGE_FILE))
