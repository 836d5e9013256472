"""Pages of the catalogue: its list and its products."""

from __future__ import annotations

from http import HTTPStatus
from itertools import chain, zip_longest
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from products import conf
from products.cut_off import calibration_of
from products.facets import count_facets
from products.filters import ProductFilters
from products.listing import list_products
from products.models import Product
from products.outcomes import ProductHit, product_hits
from products.search import (
    CatalogueCursor,
    CursorError,
    FamilyPage,
    Page,
    ProductNotEmbeddedError,
    complements,
    look_alikes,
    query_of_product,
    version_in_use,
    without_doubles,
)
from products.sorting import Sort
from products.views.chips import chips_in_force
from products.views.price_scale import PriceScale
from products.views.refinement import Refinement
from products.views.refining import WHOLE, show_address
from products.words import close_words
from styles.exceptions import NoActiveModelVersionError

LOOK_ALIKES_ON_PRODUCT_PAGE: Final = 12
# Further ones in place of those that show the same thing.
LOOK_ALIKES_IN_RESERVE: Final = 6
# Complements shown: either fills rows of two, and one row of its own on wide screens.
LARGEST_LOOK, SMALLEST_LOOK = 6, 4


@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    """Show the catalogue, refined by the words in the address."""
    refinement = Refinement.parse(request.GET, is_of_look_alikes=False)
    context = _list(request, refinement)
    status = HTTPStatus.BAD_REQUEST if context["refinement"].errors else HTTPStatus.OK
    return render(request, "products/product_list.html", context, status=status)


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def product_found(request: HttpRequest) -> HttpResponse:
    """Return the list for htmx: refined as the form says, or its next part."""
    if not getattr(request, "htmx", False):
        return redirect(f"{reverse('products:list')}?{request.META['QUERY_STRING']}")
    refinement = Refinement.parse(request.GET, is_of_look_alikes=False)
    if request.GET.get("cursor"):
        try:
            return render(request, "products/_more_products.html", _part(request, refinement))
        except CursorError:
            return HttpResponseClientRefresh()
    context = _list(request, refinement)
    is_whole = request.htmx.target == WHOLE  # type: ignore[attr-defined]  # Of its middleware.
    template = "_products" if is_whole else "_products_anew"
    response = render(request, f"products/{template}.html", context)
    if refinement.errors:
        response.status_code = HTTPStatus.BAD_REQUEST
        return response
    return show_address(request, response, context["page_address"], refinement.query())


@require_safe
def product_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """Show a product with what looks like it; an old name in the address leads to the new one."""
    product = get_object_or_404(Product.objects.published().for_cards(), pk=pk)
    if request.path != product.get_absolute_url():
        return redirect(product, permanent=True)
    context = {"product": product, "look_alikes": _look_alikes_of(product)}
    return render(request, "products/product_detail.html", context)


@require_safe
def product_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what completes the look with a product, for htmx to put into its page."""
    product = get_object_or_404(Product.objects.published(), pk=pk)
    try:
        families = complements(
            product,
            model_version=version_in_use(),
            filters=ProductFilters(),
            per_family=LARGEST_LOOK // 2,
        )
    except (NoActiveModelVersionError, ProductNotEmbeddedError):
        families = []
    return render(request, "products/_look.html", {"entries": _look(families)})


def _look(families: list[FamilyPage]) -> list[ProductHit]:
    """Return the best of every family, then the second best: as many as fill their rows."""
    shown = Product.objects.with_photos()
    by_family = [product_hits(found.page, products=shown) for found in families]
    entries = [entry for entry in chain(*zip_longest(*by_family)) if entry is not None]
    most = next((size for size in (LARGEST_LOOK, SMALLEST_LOOK) if len(entries) >= size), None)
    return entries[:most]


def _look_alikes_of(product: Product) -> list[ProductHit]:
    """Return what looks like a product; nothing while the shop has not looked at it."""
    try:
        query = query_of_product(product, model_version=version_in_use())
    except (NoActiveModelVersionError, ProductNotEmbeddedError):
        return []
    most = LOOK_ALIKES_ON_PRODUCT_PAGE
    found = look_alikes(query, filters=ProductFilters(), limit=most + LOOK_ALIKES_IN_RESERVE)
    hits = without_doubles(found.hits, query)[:most]
    return product_hits(
        Page(hits, found.count),
        calibration=calibration_of(query.model_version),
        products=Product.objects.with_photos(),
    )


def _list(request: HttpRequest, refinement: Refinement) -> dict[str, Any]:
    """Return the list from a cursor on, or, where that leads nowhere, from its beginning."""
    try:
        part = _part(request, refinement)
    except CursorError as error:
        refinement = refinement.refused(error)
        part = _part(request, refinement, is_from_start=True)
    filters = refinement.filters
    facets = count_facets(filters)
    is_lost = not part["products"] and bool(filters.q)
    return {
        **part,
        "chips": chips_in_force(refinement, facets),
        "facets": facets,
        "price_scale": PriceScale.of(facets, filters),
        "sorts": Sort,
        "guesses": [word for word in filters.wording if word.is_guessed],
        "close_words": close_words(filters.wording) if is_lost else (),
    }


def _part(
    request: HttpRequest, refinement: Refinement, *, is_from_start: bool = False
) -> dict[str, Any]:
    text = "" if is_from_start else request.GET.get("cursor", "")
    listing = list_products(
        refinement.filters,
        limit=conf.get("PAGE_SIZE"),
        sort=refinement.sort,
        cursor=CatalogueCursor.parse(text),
    )
    return {
        "page_address": reverse("products:list"),
        "found_address": reverse("products:list_found"),
        "refinement": refinement,
        "products": listing.products,
        "count": listing.count,
        "is_count_exact": listing.is_count_exact,
        "next_cursor": listing.next.encode() if listing.next else "",
        "is_later_part": bool(text),
    }
