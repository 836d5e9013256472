"""Likes and views: the heart on every card, and the strip of what was looked at last."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from products.models import Product
from products.ownership import owner_of
from shoppers.identity import shopper_of
from shoppers.liking import is_liked, recently_viewed
from shoppers.models import ShopperEvent
from shoppers.recording import Deed, record, record_searches
from shoppers.views.answers import NO_CONTENT, ask, is_htmx, lead_back, product_named, tell_like

Kind = ShopperEvent.Kind


@require_POST
def like(request: HttpRequest, pk: int) -> HttpResponse:
    """Like a product, or no longer; what the button says is wanted, else the other of the two."""
    product = get_object_or_404(Product.objects.published(), pk=pk)
    shopper = shopper_of(request)
    if shopper is None:
        return ask(request, product)
    wanted = request.POST.get("wanted")
    if wanted not in (Kind.LIKE, Kind.UNLIKE):
        wanted = Kind.UNLIKE if is_liked(shopper, pk) else Kind.LIKE
    record(shopper, [Deed(wanted, product.pk)])
    if not is_htmx(request):
        return lead_back(request)
    is_now = wanted == Kind.LIKE
    context = {"product": product, "liked_products": {product.pk} if is_now else ()}
    return tell_like(render(request, "shoppers/_like.html", context), product, is_liked=is_now)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recent(request: HttpRequest) -> HttpResponse:
    """Show what was looked at last. A product page posts itself, and is noted as looked at.

    Asked by a script once the page stands, so that pages may be cached, and robots that run no
    scripts leave no trace. Without consent nothing is noted and nothing comes.
    """
    shopper = shopper_of(request)
    if shopper is None:
        return HttpResponse(status=NO_CONTENT)
    shown = product_named(request)
    if shown is not None:
        record_searches(shopper, owner_of(request))
        record(shopper, [Deed(Kind.VIEW, shown.pk)])
    products = recently_viewed(shopper, without=shown.pk if shown else None)
    if not products:
        return HttpResponse(status=NO_CONTENT)
    return render(request, "shoppers/_recent.html", {"products": products})
