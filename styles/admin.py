"""Admin pages of the styles app: what is trained and clustered can be seen, not edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from styles.models import Cluster, Clustering, ModelVersion, Style, StyleGroup


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that code writes: staff look, and edit only what ``editable`` names."""

    editable: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return every field but the editable ones."""
        names = [field.name for field in self.model._meta.fields if field.editable]
        return [name for name in names if name not in self.editable]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds such rows by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes such rows by hand."""
        return False


@admin.register(StyleGroup)
class StyleGroupAdmin(ReadOnlyAdmin):
    """The style groups of the taxonomy."""

    list_display = ("code", "name_ko", "name_en")


@admin.register(Style)
class StyleAdmin(ReadOnlyAdmin):
    """The styles of the taxonomy."""

    list_display = ("code", "name_ko", "name_en", "group")
    list_filter = ("group",)


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    """The trained models."""

    list_display = ("number", "status", "backbone", "created_at", "activated_at")
    list_filter = ("status",)


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
