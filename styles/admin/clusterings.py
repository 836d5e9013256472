"""Admin pages of clusterings, where staff rename clusters."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from styles.admin.read_only import ReadOnlyAdmin
from styles.models import Cluster, Clustering


class ClusterInline(admin.TabularInline):
    """The clusters of a clustering; only their names are for staff to change."""

    model = Cluster
    fields = ("number", "name_ko", "name_en", "size")
    readonly_fields = ("number", "size")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Clusters come from k-means alone."""
        return False


@admin.register(Clustering)
class ClusteringAdmin(ReadOnlyAdmin):
    """The clusterings and the curve behind k."""

    list_display = ("id", "model_version", "status", "silhouette", "created_at")
    list_filter = ("status",)
    inlines = (ClusterInline,)
