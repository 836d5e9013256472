"""The page in the admin that shows what the photos say; ``shoppers.admin`` puts it there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from products.messages import failure_sentence
from products.models import Product
from shoppers import conf
from shoppers.insights import figures
from shoppers.insights.facets import Facet
from shoppers.insights.gap_figures import gap_figures
from shoppers.insights.models import Insights
from shoppers.insights.reading import GapState, InsightsRead, read_insights
from shoppers.insights.wording import milliseconds, percent
from styles.admin.read_only import ReadOnlyAdmin


@admin.register(Insights)
class InsightsAdmin(ReadOnlyAdmin):
    """One page in the place of a list. Its rows are numbers that nobody reads one by one."""

    class Media:
        css = {"all": ("kfashion/insights.css",)}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes figures."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether it may be read: the page for who may, its single rows for nobody."""
        return obj is None and super().has_view_permission(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show all insights."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = read_insights(products=Product.objects.with_photos())
        context = {
            **self.admin_site.each_context(request),
            "title": _("What the photos say"),
            "opts": self.opts,
            "media": self.media,
            "found": found,
            "retention_days": conf.get("SHOPPER_RETENTION_DAYS"),
            **describe(found),
        }
        return TemplateResponse(request, "admin/shoppers/insights/page.html", context)


def describe(found: InsightsRead) -> dict[str, Any]:
    """Return what the template of the page reads, in words of the active language."""
    health = found.health
    return {
        "styles": figures.style_figures(found),
        "gaps": gap_figures(found),
        "knows_gaps": found.gap_state is GapState.KNOWN,
        "lacks_model": found.gap_state is GapState.NO_MODEL,
        "conversions": [
            (_("By style"), figures.conversion_figures(found, Facet.STYLE_GROUP)),
            (_("By cluster"), figures.conversion_figures(found, Facet.CLUSTER)),
        ],
        "balances": [
            (_("By style"), figures.balance_figures(found, Facet.STYLE_GROUP)),
            (_("By colour"), figures.balance_figures(found, Facet.COLOUR)),
            (_("By price"), figures.balance_figures(found, Facet.PRICE)),
        ],
        "tiles": [
            (_("Searches answered"), f"{health.answered:,}"),
            (_("Median"), milliseconds(health.median_milliseconds)),
            (_("95 of 100 within"), milliseconds(health.p95_milliseconds)),
            (_("Without a close match"), percent(health.unmatched_share)),
            (_("Failed"), f"{health.failed:,}"),
            (_("Recall of the index"), percent(health.recall)),
        ],
        "latency": figures.latency_drawing(found),
        "unmatched": figures.unmatched_drawing(found),
        "recall": figures.recall_drawing(found) if health.checks else "",
        "failures": [(code, failure_sentence(code), count) for code, count in health.failures],
    }
