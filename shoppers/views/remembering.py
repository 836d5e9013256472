"""Consent, and what a shopper can do about it: see what is known, clear it, switch it off."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from access.throttling import EVENTS, count
from products.models import Product
from products.outcomes import outcome_of
from products.ownership import owner_of
from shoppers import conf
from shoppers.forgetting import clear, switch_off
from shoppers.identity import has_refused, refuse, remember, shopper_of
from shoppers.liking import liked, recently_viewed
from shoppers.models import ShopperEvent
from shoppers.recording import Deed, record, record_searches
from shoppers.taste import Taste, taste_of, version_if_any
from shoppers.views.answers import (
    consent_context,
    is_htmx,
    lead_back,
    product_named,
    tell_like,
)

Kind = ShopperEvent.Kind
PRODUCTS_SHOWN = 24


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Take the answer to the question for consent; a yes brings the like it was asked for.

    Each yes of somebody new makes a row, so that an address can say it so often in an hour.
    """
    is_yes = request.POST.get("answer") == "yes"
    product = product_named(request)
    if is_yes and shopper_of(request) is None:
        quota = count(EVENTS, request=request)
        if quota is not None and quota.is_exceeded:
            return _come_back_later(request, product, wait_seconds=quota.reset_seconds)
    if is_htmx(request):
        response = render(request, "shoppers/_consent_given.html", {"is_yes": is_yes})
    else:
        response = lead_back(request)
    if not is_yes:
        refuse(request, response)
        return response
    shopper = remember(request, response)
    if product is not None:
        record(shopper, [Deed(Kind.LIKE, product.pk)])
        tell_like(response, product, is_liked=True)
    return response


@never_cache
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Show a shopper all that the shop knows of them."""
    shopper = shopper_of(request)
    context: dict[str, Any] = {"shopper": shopper, "has_refused": has_refused(request)}
    if shopper is None:
        return render(request, "shoppers/settings.html", context | consent_context(request))
    record_searches(shopper, owner_of(request))
    version = version_if_any()
    taste = taste_of(shopper, model_version=version)
    context |= {
        "taste": taste,
        "style_groups": style_groups(taste),
        "liked": liked(shopper, most=PRODUCTS_SHOWN),
        "viewed": recently_viewed(shopper),
        "searches": [item for item in taste.items if item.kind == Kind.SEARCH],
        "retention_days": conf.get("SHOPPER_RETENTION_DAYS"),
    }
    return render(request, "shoppers/settings.html", context)


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete what is known of a shopper, or with ``off`` the shopper as well, and say what went."""
    is_off = "off" in request.POST
    shopper = shopper_of(request)
    context = {"at": timezone.now(), "is_off": is_off}
    if shopper is None:
        return render(request, "shoppers/forgotten.html", context)
    context["counts"] = switch_off(shopper) if is_off else clear(shopper)
    response = render(request, "shoppers/forgotten.html", context)
    if is_off:
        refuse(request, response)
    return response


def _come_back_later(
    request: HttpRequest, product: Product | None, *, wait_seconds: int
) -> HttpResponse:
    """Ask the question again, and say that it cannot be answered yet."""
    if is_htmx(request):
        # Not as an error: htmx shows none.
        return render(request, "shoppers/_consent_given.html", {"is_too_often": True})
    context = {**consent_context(request, product), "is_too_often": True}
    response = render(
        request, "shoppers/consent.html", context, status=HTTPStatus.TOO_MANY_REQUESTS
    )
    response["Retry-After"] = str(wait_seconds)
    return response


def style_groups(taste: Taste) -> Any:
    """Return the style mix of a taste for people: named shares, the largest first."""
    mix = {"style_group": taste.mix}
    return outcome_of(mix, cluster=None, cluster_probability=None).style_groups
