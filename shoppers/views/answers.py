"""What the views have in common: where a form leads back to, and asking before remembering."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import reswap, retarget, trigger_client_event

from products.models import Product
from shoppers import conf
from shoppers.identity import has_refused

NO_CONTENT = 204
SEE_OTHER = 303


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of a page."""
    return bool(getattr(request, "htmx", False))


def address_after(request: HttpRequest) -> str:
    """Return where a form leads back to: its field ``next`` if that is an address of this shop."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    is_own = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_own else resolve_url("shoppers:for_you")


def lead_back(request: HttpRequest) -> HttpResponse:
    """Return a redirection to where a form came from, to be asked for anew."""
    return HttpResponseRedirect(address_after(request), status=SEE_OTHER)


def product_named(request: HttpRequest) -> Product | None:
    """Return the product that a form names by its key; None where it names none that is shown."""
    text = request.POST.get("product", "")
    # Longer ones are no keys, and reading endless digits costs much.
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        return None
    return Product.objects.published().filter(pk=int(text)).first()


def consent_context(request: HttpRequest, product: Product | None = None) -> dict[str, Any]:
    """Return what the question for consent needs: what for, and where it leads back to."""
    return {
        "product": product,
        "next": address_after(request),
        "has_refused": has_refused(request),
        "retention_days": conf.get("SHOPPER_RETENTION_DAYS"),
    }


def ask(request: HttpRequest, product: Product) -> HttpResponse:
    """Ask whether a like, and what follows it, may be remembered."""
    context = consent_context(request, product)
    if not is_htmx(request):
        return render(request, "shoppers/consent.html", context)
    response = render(request, "shoppers/_consent.html", context)
    trigger_client_event(response, "shopper:asked", {})
    return reswap(retarget(response, "body"), "beforeend")


def tell_like(response: HttpResponse, product: Product, *, is_liked: bool) -> HttpResponse:
    """Tell the page, for all its hearts of a product at once."""
    return trigger_client_event(
        response, "shopper:liked", {"product": product.pk, "isLiked": is_liked}
    )
