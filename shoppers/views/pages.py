"""The pages "For you" and "Trending", and the shelf that home shows of the first."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from products.filters import ProductFilters
from products.models import Product
from products.ownership import owner_of
from shoppers.identity import shopper_of
from shoppers.liking import in_order
from shoppers.models import Shopper
from shoppers.recommendations import TASTE, Recommended, recommend, usual_wishes
from shoppers.recording import record_searches
from shoppers.taste import Taste, taste_of, version_if_any
from shoppers.trends import latest_trends
from shoppers.views.answers import NO_CONTENT, consent_context
from shoppers.views.remembering import style_groups
from styles.models import StyleGroup

PAGE_SIZE = 24
ON_SHELF = 8
NEWEST_SHOWN = 24


@never_cache
@require_safe
def for_you(request: HttpRequest) -> HttpResponse:
    """Show what a shopper may like, and why; to anybody else what is trending, and the question."""
    shopper = shopper_of(request)
    errors: list[str] = []
    try:
        taste, found = _recommended(request, shopper, limit=PAGE_SIZE)
    except ValidationError as error:
        errors = error.messages
        taste, found = _recommended(request, shopper, limit=PAGE_SIZE, parameters={})
    context: dict[str, Any] = {
        "shopper": shopper,
        "found": found,
        "is_known": found.basis == TASTE,
        "style_groups": style_groups(taste),
        "errors": errors,
        "is_continued": bool(request.GET.get("cursor")),
        **consent_context(request),
    }
    return render(request, "shoppers/for_you.html", context, status=400 if errors else 200)


@never_cache
@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    """Show a row of recommendations for htmx to put into home; nothing where no taste is known."""
    shopper = shopper_of(request)
    if shopper is None:
        return HttpResponse(status=NO_CONTENT)
    _, found = _recommended(request, shopper, limit=ON_SHELF, parameters={})
    if found.basis != TASTE or not found.entries:
        return HttpResponse(status=NO_CONTENT)
    return render(request, "shoppers/_shelf.html", {"found": found})


@require_safe
def trending(request: HttpRequest) -> HttpResponse:
    """Show the styles and products that are rising; the newest where too few have voted."""
    trends = latest_trends()
    groups = {group.code: group for group in StyleGroup.objects.all()}
    shown = Product.objects.published().available()
    visible = set(shown.filter(pk__in=trends.product_ids).values_list("pk", flat=True))
    rising = [key for key in trends.product_ids if key in visible]
    products = in_order(rising, most=PAGE_SIZE)
    context = {
        "trends": trends,
        "styles": [
            (groups[trend.style_group], trend)
            for trend in trends.styles
            if trend.style_group in groups
        ],
        "products": products,
        "newest": [] if products else shown.order_by("-pk").for_cards()[:NEWEST_SHOWN],
    }
    return render(request, "shoppers/trending.html", context)


def _recommended(
    request: HttpRequest,
    shopper: Shopper | None,
    *,
    limit: int,
    parameters: Any = None,
) -> tuple[Taste, Recommended]:
    """Return the taste of a shopper, and products for it by the filters and wishes of a page.

    Raises:
        ValidationError: a filter, a wish or the cursor makes no sense.
    """
    asked = request.GET if parameters is None else parameters
    filters, wishes = ProductFilters.parse(asked), usual_wishes(asked)
    version = version_if_any()
    taste = Taste()
    if shopper is not None:
        record_searches(shopper, owner_of(request))
        taste = taste_of(shopper, model_version=version)
    found = recommend(
        taste,
        model_version=version,
        filters=filters,
        wishes=wishes,
        limit=limit,
        cursor=asked.get("cursor", ""),
    )
    return taste, found
