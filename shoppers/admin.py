"""Admin pages of the shoppers app: what is stored and what is rising, for staff to look at."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shoppers.insights import page  # noqa: F401  # it registers itself
from shoppers.models import Shopper, ShopperEvent, StyleSearchCount, Trend, TrendSnapshot
from styles.admin.read_only import ReadOnlyAdmin


@admin.register(Shopper)
class ShopperAdmin(ReadOnlyAdmin):
    """Who agreed to be remembered; nobody can be told from their row."""

    list_display = ("pk", "app", "terms_version", "consented_at", "last_seen_at", "events")
    list_filter = ("app", "terms_version")
    date_hierarchy = "consented_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Shopper]:
        shoppers: QuerySet[Shopper] = super().get_queryset(request)
        return shoppers.annotate(event_count=Count("events"))

    @admin.display(description=_("events"), ordering="event_count")
    def events(self, shopper: Shopper) -> int:
        """Return how much is known of a shopper."""
        count: int = shopper.event_count  # type: ignore[attr-defined]  # Annotated.
        return count


@admin.register(ShopperEvent)
class ShopperEventAdmin(ReadOnlyAdmin):
    """What shoppers did."""

    list_display = ("at", "kind", "product", "shopper")
    list_filter = ("kind",)
    list_select_related = ("product", "shopper")
    date_hierarchy = "at"


@admin.register(StyleSearchCount)
class StyleSearchCountAdmin(ReadOnlyAdmin):
    """How many visitors searched for which style."""

    list_display = ("day", "style_group", "searchers")
    list_filter = ("style_group",)
    date_hierarchy = "day"


@admin.register(TrendSnapshot)
class TrendSnapshotAdmin(ReadOnlyAdmin):
    """When trends were computed, and of how many votes."""

    list_display = ("computed_at", "votes")


@admin.register(Trend)
class TrendAdmin(ReadOnlyAdmin):
    """What was rising."""

    list_display = ("snapshot", "rank", "product", "style_group", "lift", "votes", "shoppers")
    list_select_related = ("snapshot", "product")
