"""Pages of the storefront. They parse, call and render; decisions live elsewhere."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from products import conf
from products.cut_off import calibration_of, has_close_match
from products.filters import ProductFilters
from products.forms import ImageSearchForm
from products.listing import in_order
from products.messages import failure_sentence
from products.models import ImageSearch, Product
from products.outcomes import ProductHit, product_hits, search_filters, search_outcome
from products.search import (
    CursorError,
    HitCursor,
    Page,
    ProductNotEmbeddedError,
    QueryVector,
    complements,
    look_alikes,
    query_of_product,
    query_of_search,
    see_as_answered,
    version_in_use,
)
from products.shelves import choices, shelves
from products.submission import start_image_search
from styles.exceptions import NoActiveModelVersionError

LOOK_ALIKES_ON_PRODUCT_PAGE = 12
LAST_PAGE = 500


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the shop: a shelf a style group, then a shelf a cluster."""
    return render(request, "products/home.html", {"shelves": shelves(), "form": ImageSearchForm()})


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


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Take a photo in and lead to its result page."""
    if request.method != "POST":
        return render(request, "products/search.html", {"form": ImageSearchForm()})
    form = ImageSearchForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return redirect(
                start_image_search(form.cleaned_data["image"], filters=ProductFilters())
            )
        except ValidationError as error:
            form.add_error("image", error)
    return render(request, "products/search.html", {"form": form}, status=400)


@require_safe
@cache_control(private=True, no_store=True)
@vary_on_headers("HX-Request")
def search_result(request: HttpRequest, pk: str) -> HttpResponse:
    """Show how far a search is, then its result; htmx asks for the changing part alone."""
    is_fragment = bool(getattr(request, "htmx", False))
    found = (
        ImageSearch.objects.alive().select_related("cluster", "model_version").filter(pk=pk).first()
    )
    if found is None:
        if is_fragment:
            # The page would ask for ever; loaded anew, it says that the search is gone.
            return HttpResponseClientRefresh()
        raise Http404
    if is_fragment and not found.is_finished:
        # Nothing to swap: the page keeps what it shows and asks again.
        return HttpResponse(status=204)
    context: dict[str, Any] = {"search": found}
    if found.status == ImageSearch.Status.DONE:
        context |= _result(request, found)
    elif found.is_finished:
        context["failure"] = failure_sentence(found.error_code)
    template = "products/_search_result.html" if is_fragment else "products/search_result.html"
    return render(request, template, context)


@require_POST
def search_delete(request: HttpRequest, pk: str) -> HttpResponse:
    """Delete a shopper's photo and search at once."""
    get_object_or_404(ImageSearch, pk=pk).erase()
    return render(request, "products/search_deleted.html", {"form": ImageSearchForm()})


def _look_alikes_of(product: Product) -> list[ProductHit]:
    """Return what looks like a product; nothing while the shop has not looked at it."""
    try:
        query = query_of_product(product, model_version=version_in_use())
    except (NoActiveModelVersionError, ProductNotEmbeddedError):
        return []
    page = look_alikes(query, filters=ProductFilters(), limit=LOOK_ALIKES_ON_PRODUCT_PAGE)
    return product_hits(page, calibration=calibration_of(query.model_version))


def _result(request: HttpRequest, found: ImageSearch) -> dict[str, Any]:
    if found.model_version is None:
        return {"failure": failure_sentence("model_version_gone")}
    see_as_answered(found)
    try:
        filters = search_filters(found)
    except ValidationError as error:
        return {"failure": error.messages[0]}
    number = request.GET.get("page", "1")
    page_number = int(number) if number.isdecimal() and 1 <= int(number) <= LAST_PAGE else 1
    query = query_of_search(found, is_grouped=filters.cluster is None)
    page = _numbered_page(request, query, filters, page_number)
    calibration = calibration_of(query.model_version)
    shown = product_hits(page, calibration=calibration)
    is_close = has_close_match(page, query, filters=filters, calibration=calibration)
    return {
        "has_no_close_match": bool(shown) and is_close is False,
        "outcome": search_outcome(found),
        "in_group": [entry for entry in shown if entry.hit.is_in_group],
        "beyond": [entry for entry in shown if not entry.hit.is_in_group],
        "count": page.count,
        "page_number": page_number,
        "next_cursor": page.next.encode() if page.next else "",
    }


def _numbered_page(
    request: HttpRequest, query: QueryVector, filters: ProductFilters, number: int
) -> Page:
    """Return what follows the page before, or, from a number alone, what stands there now."""
    size = conf.get("PAGE_SIZE")
    part = partial(look_alikes, query, filters=filters, limit=size, offset=(number - 1) * size)
    try:
        return part(cursor=HitCursor.parse(request.GET.get("cursor", "")))
    except CursorError:
        # Shared addresses outlive their cursors; the number in them still leads somewhere.
        return part()
