"""Endpoints about shoppers. They parse, call and render; decisions live elsewhere."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access.idempotency import idempotent
from access.parsers import StrictJSONParser
from access.schema import IDEMPOTENCY_KEY
from access.throttling import EVENTS
from products.api.pagination import PageRequest
from products.api.parameters import EXPLAIN, FILTERS, PAGING, WISHES, is_asked
from products.api.problems import PROBLEMS
from products.filters import ProductFilters
from products.models import Product
from shoppers import conf
from shoppers.api import serializers
from shoppers.api.event_batches import EVENT_ID, FAULTS, Verdict, read_batch
from shoppers.forgetting import switch_off
from shoppers.identity import HEADER, remember_of_app, shopper_of_app
from shoppers.liking import liked, recently_viewed
from shoppers.models import Shopper, ShopperEvent
from shoppers.recommendations import explain, recommend, usual_wishes
from shoppers.recording import record
from shoppers.taste import Taste, taste_of, version_if_any
from shoppers.trends import latest_trends
from shoppers.views.remembering import style_groups
from styles.models import StyleGroup

LISTED = 100
_NAME = {"type": "string", "pattern": r"^[A-Za-z0-9_.:+=/-]{16,128}$"}
_WHOSE = "The app's own id for the shopper, such as a random UUID."
SHOPPER = OpenApiParameter(
    HEADER, _NAME, OpenApiParameter.HEADER, required=True, description=_WHOSE
)
_NAME_IF_ANY = {"type": "string", "pattern": r"^([A-Za-z0-9_.:+=/-]{16,128})?$"}
SHOPPER_IF_ANY = OpenApiParameter(HEADER, _NAME_IF_ANY, OpenApiParameter.HEADER, description=_WHOSE)
_EVENT = {
    "type": "object",
    "required": ["kind"],
    "properties": {
        "kind": {"type": "string", "enum": list(ShopperEvent.Kind.values)},
        "sku": {"type": "string", "description": "The product; of all kinds but `search`."},
        "search": {"type": "string", "format": "uuid", "description": "The image search."},
        "at": {"type": "string", "format": "date-time", "description": "Now unless told."},
        "id": {
            "type": "string",
            "pattern": f"^{EVENT_ID}$",
            "description": "Told twice, it counts once.",
        },
    },
}
_BATCH = {
    "type": "object",
    "required": ["events"],
    "properties": {
        "events": {
            "type": "array",
            "minItems": 1,
            "maxItems": 100,
            "description": "Anything else than an event is refused for itself; the rest is taken.",
            "items": {"anyOf": [_EVENT, {}]},
        }
    },
}


class EventsView(APIView):
    """What shoppers of an app do."""

    parser_classes = (StrictJSONParser,)
    throttle_scope = EVENTS

    @extend_schema(
        operation_id="event_create",
        request={"application/json": _BATCH},
        parameters=[SHOPPER, IDEMPOTENCY_KEY],
        responses={200: serializers.EventBatchSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Take events down. With them the app declares that the shopper has agreed to it."""
        verdicts = read_batch(request.data, request=request)
        shopper = remember_of_app(request)
        known = record(shopper, [verdict.deed for verdict in verdicts if verdict.deed])
        results = []
        for index, verdict in enumerate(verdicts):
            results.append(_result(index, verdict, known))
            # Told twice in one batch, it is a duplicate the second time.
            known |= {verdict.deed.key} if verdict.deed else set()
        counts = Counter(result["status"] for result in results)
        answer = {name: counts[name] for name in ("accepted", "duplicate", "refused")}
        return Response(serializers.EventBatchSerializer({**answer, "results": results}).data)


class TasteView(APIView):
    """What the shop knows of a shopper of an app."""

    @extend_schema(
        operation_id="taste_retrieve",
        parameters=[SHOPPER],
        responses={200: serializers.TasteSerializer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return the shopper's style mix, and what it was made of."""
        shopper = shopper_of_app(request, is_required=True)
        taste = _taste(shopper)
        return Response(
            serializers.TasteSerializer(
                {
                    "is_known": shopper is not None,
                    "since": shopper.consented_at if shopper else None,
                    "events": taste.counts,
                    "style_groups": style_groups(taste),
                    "liked": _skus(liked(shopper, most=LISTED)) if shopper else [],
                    "viewed": _skus(recently_viewed(shopper)) if shopper else [],
                    "retention_days": conf.get("SHOPPER_RETENTION_DAYS"),
                }
            ).data
        )

    @extend_schema(
        operation_id="taste_destroy",
        parameters=[SHOPPER],
        responses={200: serializers.ForgottenSerializer, **PROBLEMS},
    )
    def delete(self, request: Request) -> Response:
        """Delete all that is known of the shopper at once, and say what it was."""
        shopper = shopper_of_app(request, is_required=True)
        deleted = switch_off(shopper) if shopper else {}
        return Response(
            serializers.ForgottenSerializer({"deleted": deleted, "deleted_at": timezone.now()}).data
        )


class RecommendationsView(APIView):
    """What a shopper of an app may like."""

    @extend_schema(
        operation_id="recommendations",
        parameters=[SHOPPER_IF_ANY, *WISHES, *FILTERS, *EXPLAIN, *PAGING],
        responses={200: serializers.RecommendationListSerializer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return products by the shopper's taste; without any, what is trending or new."""
        asked = request.query_params
        page = PageRequest.parse(asked)
        taste = _taste(shopper_of_app(request))
        version = version_if_any()
        found = recommend(
            taste,
            model_version=version,
            filters=ProductFilters.parse(asked),
            wishes=usual_wishes(asked),
            limit=page.limit,
            cursor=page.cursor,
        )
        if is_asked(asked, "explain") and version is not None:
            found = explain(found, taste, model_version=version)
        body: Any = {
            "basis": found.basis,
            "count": found.count,
            "count_is_exact": found.is_count_exact,
            "next_cursor": found.next or None,
            "results": found.entries,
        }
        return Response(
            serializers.RecommendationListSerializer(body, context={"request": request}).data
        )


class TrendsView(APIView):
    """What is rising in the shop."""

    @extend_schema(
        operation_id="trends",
        parameters=[*FILTERS, PAGING[0]],
        responses={200: serializers.TrendsSerializer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return the style groups and products rising this week; filters narrow the products."""
        limit = PageRequest.parse(request.query_params).limit
        filters = ProductFilters.parse(request.query_params)
        trends = latest_trends()
        shown = filters.apply(Product.objects.all()).for_cards().in_bulk(trends.product_ids)
        products = [trend for trend in trends.products if trend.product_id in shown][:limit]
        for trend in products:
            trend.product = shown[trend.product_id or 0]
        groups = {group.code: group.name for group in StyleGroup.objects.all()}
        styles = [trend for trend in trends.styles if trend.style_group in groups]
        for trend in styles:
            trend.name = groups[trend.style_group]  # type: ignore[attr-defined]  # Read below.
        body = {
            "computed_at": trends.computed_at,
            "min_shoppers": conf.get("TREND_MIN_SHOPPERS"),
            "style_groups": styles,
            "products": products,
        }
        return Response(serializers.TrendsSerializer(body, context={"request": request}).data)


def _result(index: int, verdict: Verdict, known: set[str]) -> dict[str, Any]:
    if verdict.deed is None:
        status, detail = "refused", str(FAULTS[verdict.code])
    else:
        is_told = verdict.deed.is_named and verdict.deed.key in known
        status, detail = "duplicate" if is_told else "accepted", None
    return {
        "index": index,
        "id": verdict.id,
        "status": status,
        "code": verdict.code or None,
        "detail": detail,
    }


def _taste(shopper: Shopper | None) -> Taste:
    version = version_if_any()
    return taste_of(shopper, model_version=version) if shopper else Taste()


def _skus(products: Any) -> list[str]:
    return [product.sku for product in products]
