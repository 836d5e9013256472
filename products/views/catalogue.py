"""Pages of the catalogue: its list and its products."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from products import conf
from products.cut_off import calibration_of
from products.filters import ProductFilters
from products.listing import in_order
from products.models import Product
from products.outcomes import ProductHit, product_hits
from products.search import (
    ProductNotEmbeddedError,
    complements,
    look_alikes,
    query_of_product,
    version_in_use,
)
from products.shelves import choices
from styles.exceptions import NoActiveModelVersionError

LOOK_ALIKES_ON_PRODUCT_PAGE = 12


@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    """Show the catalogue, narrowed down by the filters in the address."""
    errors: list[str] = []
    try:
        filters = ProductFilters.parse(request.GET)
    except ValidationError as error:
        errors, filters = error.messages, ProductFilters()
    products = in_order(filters).for_cards()
    page = Paginator(products, conf.get("PAGE_SIZE")).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "filters": filters,
        "errors": errors,
        "choices": choices(filters),
        "query": urlencode(filters.as_parameters()),
    }
    return render(request, "products/product_list.html", context, status=400 if errors else 200)


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
            product, model_version=version_in_use(), filters=ProductFilters(), per_family=1
        )
    except (NoActiveModelVersionError, ProductNotEmbeddedError):
        families = []
    entries = [entry for found in families for entry in product_hits(found.page)]
    return render(request, "products/_look.html", {"entries": entries})


def _look_alikes_of(product: Product) -> list[ProductHit]:
    """Return what looks like a product; nothing while the shop has not looked at it."""
    try:
        query = query_of_product(product, model_version=version_in_use())
    except (NoActiveModelVersionError, ProductNotEmbeddedError):
        return []
    page = look_alikes(query, filters=ProductFilters(), limit=LOOK_ALIKES_ON_PRODUCT_PAGE)
    return product_hits(page, calibration=calibration_of(query.model_version))
