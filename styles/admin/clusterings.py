"""Admin pages of clusterings, where staff rename clusters and have products grouped anew."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from styles.admin.start_page import StartPageAdmin
from styles.models import Cluster, Clustering, Job, ModelVersion
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
class ClusteringAdmin(StartPageAdmin):
    """The clusterings and the curve behind k."""

    list_display = ("id", "model_version", "status", "silhouette", "created_at")
    list_filter = ("status",)
    inlines = (ClusterInline,)
    start_form = ReclusteringForm
    start_address = "recluster"
    start_title = _("Group the products anew")
    start_text = _(
        "A worker groups look-alike products anew. Groups that go on keep their numbers, and the "
        "names that staff gave them. Shoppers see the groups of before until all is ready."
    )
    start_button = _("Group")
    started_text = _("The grouping waits for a worker.")

    def start(self, cleaned: dict[str, Any], *, user: User | None) -> Job:
        """Queue a reclustering of the active version."""
        return queue_reclustering(ModelVersion.objects.active(), **cleaned, requested_by=user)
