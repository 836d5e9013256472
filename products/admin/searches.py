"""Admin pages of image searches, and of the checks of the index behind them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from products.models import ImageSearch, RecallCheck
from styles.admin.read_only import ReadOnlyAdmin


@admin.register(ImageSearch)
class ImageSearchAdmin(admin.ModelAdmin):
    """Shoppers' searches, to see what failed and why; their photos go with them on delete."""

    list_display = ("id", "status", "error_code", "cluster", "created_at", "finished_at")
    list_filter = ("status", "error_code")
    fields = (
        "status",
        "error_code",
        "cluster",
        "probabilities",
        "filters",
        "created_at",
        "finished_at",
        "expires_at",
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Searches come from shoppers."""
        return False


@admin.register(RecallCheck)
class RecallCheckAdmin(ReadOnlyAdmin):
    """What the nightly check of the vector index found."""

    list_display = (
        "checked_at",
        "model_version",
        "recall",
        "samples",
        "declined",
        "exact_up_to",
        "index_milliseconds",
        "exact_milliseconds",
    )
    list_filter = ("model_version",)
