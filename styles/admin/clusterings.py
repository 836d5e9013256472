"""Admin pages of clusterings, where staff rename clusters and have products grouped anew."""

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
from styles.exceptions import StylesError
from styles.models import Cluster, Clustering, ModelVersion
from styles.reclustering_jobs import queue_reclustering

NAMES = ("name_ko", "name_en")


class ClusterForm(forms.ModelForm):
    """A cluster's names; whoever changes one names the cluster."""

    class Meta:
        model = Cluster
        fields = (*NAMES, "is_named_by_staff")

    def clean(self) -> dict[str, Any]:
        """Remember that staff named the cluster; without the mark, its name is made anew again."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if set(NAMES) & set(self.changed_data):
            cleaned["is_named_by_staff"] = True
        return cleaned


class ClusterInline(admin.TabularInline):
    """The clusters of a clustering; only their names are for staff to change."""

    model = Cluster
    form = ClusterForm
    fields = ("number", *NAMES, "is_named_by_staff", "size")
    readonly_fields = ("number", "size")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Clusters come from k-means alone."""
        return False


class ReclusteringForm(forms.Form):
    """How to group the products."""

    clusters = forms.IntegerField(
        label=_("number of groups"),
        min_value=1,
        required=False,
        help_text=_("As many as fit best if left empty."),
    )
    dry_run = forms.BooleanField(
        label=_("only try it out"),
        required=False,
        help_text=_("The job then tells what would move, split and merge, and changes nothing."),
    )


@admin.register(Clustering)
class ClusteringAdmin(ReadOnlyAdmin):
    """The clusterings and the curve behind k."""

    list_display = ("id", "model_version", "status", "silhouette", "created_at")
    list_filter = ("status",)
    inlines = (ClusterInline,)

    def get_urls(self) -> list[URLPattern]:
        """Add the page that has the products grouped anew."""
        recluster = self.admin_site.admin_view(self.recluster_view)
        return [
            path("recluster/", recluster, name="styles_clustering_recluster"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the way to that page to whoever may use it."""
        context = {
            **(extra_context or {}),
            "may_recluster": request.user.has_perm("styles.add_job"),
        }
        return super().changelist_view(request, context)

    def recluster_view(self, request: HttpRequest) -> HttpResponse:
        """Ask how, start the job and show it."""
        if not request.user.has_perm("styles.add_job"):
            raise PermissionDenied
        form = ReclusteringForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            user = request.user if request.user.is_authenticated else None
            try:
                job = queue_reclustering(
                    ModelVersion.objects.active(), **form.cleaned_data, requested_by=user
                )
            except StylesError as error:
                form.add_error(None, str(error))
            else:
                self.message_user(request, _("The grouping waits for a worker."), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:styles_job_change", args=[job.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Group the products anew"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/styles/clustering/recluster.html", context)
