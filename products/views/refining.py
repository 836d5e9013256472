"""Fragments of a result page: its list refined, its next part, why a product was found."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh, push_url

from products.cut_off import calibration_of
from products.explanations import explain_hits
from products.models import ImageSearch, Product
from products.nearest import nearest_products
from products.outcomes import product_hits
from products.ownership import may_see
from products.search import CursorError, Hit, Page, query_of_search, see_as_answered
from products.views.found import part_context, search_context

# The element that holds form and list: links that change both ask for all of it.
WHOLE: Final = "refined"


@require_safe
@cache_control(private=True, no_store=True)
def search_found(request: HttpRequest, pk: str) -> HttpResponse:
    """Return the list of a search for htmx: refined as the form says, or its next part."""
    found = _find(request, pk)
    if not getattr(request, "htmx", False):
        return redirect(f"{found.get_absolute_url()}?{request.META['QUERY_STRING']}")
    if request.GET.get("cursor"):
        return _part(request, found)
    context = {"search": found, **search_context(request, found)}
    if "failure" in context:
        # The page itself says why there is nothing to refine any more.
        return HttpResponseClientRefresh()
    refinement = context["refinement"]
    is_whole = request.htmx.target == WHOLE  # type: ignore[attr-defined]  # Of its middleware.
    template = "_look_alikes" if is_whole else "_found_anew"
    response = render(request, f"products/{template}.html", context)
    if refinement.errors:
        response.status_code = HTTPStatus.BAD_REQUEST
        return response
    return show_address(request, response, context["page_address"], refinement.query())


@require_safe
@cache_control(private=True, no_store=True)
def search_why(request: HttpRequest, pk: str, sku: str) -> HttpResponse:
    """Say why a product was found: how near it is, which styles and colours both photos share."""
    found = _find(request, pk)
    if "\x00" in sku:
        raise Http404
    product = get_object_or_404(Product.objects.published(), sku=sku)
    see_as_answered(found)
    query = query_of_search(found, is_grouped=False)
    nearest = nearest_products(
        query.vector,
        model_version=query.model_version,
        products=Product.objects.filter(pk=product.pk),
        limit=1,
    )
    hits = tuple(Hit(1, product_id, distance, False) for product_id, distance in nearest.rows)
    entries = product_hits(
        Page(hits, nearest.count),
        calibration=calibration_of(query.model_version),
        explained=explain_hits(query, [product.pk]),
    )
    context = {"entry": next(iter(entries), None), "product": product, "search": found}
    template = "_why" if getattr(request, "htmx", False) else "why"
    return render(request, f"products/{template}.html", context)


def show_address(
    request: HttpRequest, response: HttpResponse, address: str, query: str
) -> HttpResponse:
    """Have the browser show the address of the page that a fragment makes, unless it does already.

    The address holds the words of the interface alone, each as short as it can be.
    """
    shown = f"{address}?{query}" if query else address
    current = urlsplit(request.htmx.current_url or "")  # type: ignore[attr-defined]
    here = f"{current.path}?{current.query}" if current.query else current.path
    return response if here == shown else push_url(response, shown)


def _find(request: HttpRequest, pk: str) -> ImageSearch:
    searches = ImageSearch.objects.alive().select_related("cluster", "model_version")
    found: ImageSearch = get_object_or_404(searches, pk=pk, status=ImageSearch.Status.DONE)
    if found.model_version is None or not may_see(request, found):
        raise Http404
    return found


def _part(request: HttpRequest, found: ImageSearch) -> HttpResponse:
    try:
        context = {"search": found, **part_context(request, found)}
    except (CursorError, ValidationError):
        # The list is another by now: shown anew, from its beginning.
        return HttpResponseClientRefresh()
    return render(request, "products/_more.html", context)
