"""Admin pages of image searches, and of the checks of the index behind them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from products.messages import failure_sentence
from products.models import ImageSearch, RecallCheck
from styles.admin.read_only import ReadOnlyAdmin

LATELY = timedelta(days=7)
# Between the end of a search's time and the sweeper's next run, and the one after that.
GRACE = timedelta(hours=2)


@admin.register(ImageSearch)
class ImageSearchAdmin(admin.ModelAdmin):
    """Shoppers' searches, to see what failed and why; their photos go with them on delete."""

    change_list_template = "admin/products/imagesearch/change_list.html"
    list_display = ("id", "status", "reason", "cluster", "created_at", "finished_at", "expires_at")
    list_filter = ("status",)
    list_per_page = 50
    list_select_related = ("cluster",)
    show_full_result_count = False
    fields = (
        "status",
        "error_code",
        "reason",
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

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody edits a search."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show above the list why searches failed lately, and whether photos go as promised."""
        failed = ImageSearch.objects.filter(
            status=ImageSearch.Status.FAILED, created_at__gte=timezone.now() - LATELY
        )
        reasons = failed.values("error_code").annotate(count=Count("pk")).order_by("-count")
        overdue = ImageSearch.objects.filter(expires_at__lt=timezone.now() - GRACE)
        context = {
            **(extra_context or {}),
            "days": LATELY.days,
            "failures": [
                {
                    "code": row["error_code"],
                    "sentence": failure_sentence(row["error_code"]),
                    "count": row["count"],
                }
                for row in reasons
            ],
            "overdue": overdue.with_photo().count(),
        }
        return super().changelist_view(request, context)

    @admin.display(description=_("reason"))
    def reason(self, search: ImageSearch) -> str:
        """Return why it failed, as the shopper was told."""
        return failure_sentence(search.error_code) if search.error_code else "—"


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
