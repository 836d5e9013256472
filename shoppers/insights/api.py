"""The insights over the API, for apps of the shop's staff: the numbers that the page shows."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access.models import AppKey
from access.problems import MEDIA_TYPE
from products.api.problems import PROBLEMS
from products.api.serializers import ProblemSerializer
from shoppers.insights.balance import Balance
from shoppers.insights.conversion import Conversions
from shoppers.insights.facets import Facet, name_of
from shoppers.insights.reading import Gap, InsightsRead, read_insights
from shoppers.insights.serializers import InsightsSerializer

NOT_ALLOWED = "insights_not_allowed"
# Registered by the app with the status they come with.
FAULTS = {
    HTTPStatus.FORBIDDEN: {
        NOT_ALLOWED: _("The key of this app may not read insights. Staff can allow it."),
    },
}


class MayReadInsights(BasePermission):
    """Lets in the apps whose key staff has allowed to."""

    code = NOT_ALLOWED

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, AppKey) and request.auth.may_read_insights


class InsightsView(APIView):
    """What the photos say."""

    permission_classes = (MayReadInsights,)

    @extend_schema(
        operation_id="insights",
        responses={
            200: InsightsSerializer,
            ("403", MEDIA_TYPE): OpenApiResponse(
                ProblemSerializer, "The key may not read insights."
            ),
            **PROBLEMS,
        },
    )
    def get(self, request: Request) -> Response:
        """Return what rises, what is missing, what converts, what is uneven and how fast it is.

        For apps of staff: it takes a key that may read insights.
        """
        return Response(InsightsSerializer(insights_document(read_insights())).data)


def insights_document(found: InsightsRead) -> dict[str, Any]:
    """Return all insights as plain values, with names in the active language."""
    health = found.health
    return {
        "weeks": found.weeks,
        "min_shoppers": found.min_shoppers,
        "min_seen": found.min_seen,
        "style_groups": [
            {
                **asdict(curve),
                "name": name_of(Facet.STYLE_GROUP, curve.code, clusters={}),
                "direction": curve.direction.value,
            }
            for curve in found.styles
        ],
        "gap_state": found.gap_state.value,
        "gaps": [_gap(gap) for gap in found.gaps],
        "gaps_filled": found.filled,
        "conversion": {
            facet: _conversions(compared, facet, found)
            for facet, compared in found.conversions.items()
        },
        "balance": {
            facet: [_balance(row, facet, found) for row in rows]
            for facet, rows in found.balances.items()
        },
        "search_health": {
            **{
                name: getattr(health, name)
                for name in (
                    *("answered", "failed", "judged", "unmatched", "unmatched_share"),
                    *("median_milliseconds", "p95_milliseconds", "recall"),
                )
            },
            "failures": dict(health.failures),
            "recall_checks": health.checks,
            "days": health.days,
        },
    }


def _gap(gap: Gap) -> dict[str, Any]:
    row = gap.row
    return {
        "since": row.first_day,
        "searches": gap.searches,
        "weeks": gap.weeks,
        "style_groups": row.mix,
        "product_types": row.product_types,
        "colours": row.colours,
        "nearest": [{"sku": near.product.sku, "distance": near.distance} for near in gap.products],
    }


def _conversions(compared: Conversions, facet: str, found: InsightsRead) -> dict[str, Any]:
    return {
        "average": compared.average,
        "groups": [
            {**asdict(each), "name": name_of(facet, each.key, clusters=found.clusters)}
            for each in compared.groups
        ],
    }


def _balance(row: Balance, facet: str, found: InsightsRead) -> dict[str, Any]:
    return {**asdict(row), "name": name_of(facet, row.key, clusters=found.clusters)}
