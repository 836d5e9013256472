"""The page of an image search: how far it is, then what was found."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from products import conf
from products.cut_off import calibration_of, has_close_match
from products.filters import ProductFilters
from products.messages import failure_sentence
from products.models import ImageSearch
from products.outcomes import product_hits, search_filters, search_outcome
from products.ownership import may_delete, may_see
from products.search import (
    CursorError,
    HitCursor,
    Page,
    QueryVector,
    look_alikes,
    query_of_search,
    see_as_answered,
)
from products.waiting import waiting_for

LAST_PAGE = 500


@require_safe
@cache_control(private=True, no_store=True)
@vary_on_headers("HX-Request")
def search_result(request: HttpRequest, pk: str) -> HttpResponse:
    """Show how far a search is, then its result; htmx asks for the changing part alone."""
    is_fragment = bool(getattr(request, "htmx", False))
    found = (
        ImageSearch.objects.alive().select_related("cluster", "model_version").filter(pk=pk).first()
    )
    if found is None or not may_see(request, found):
        if is_fragment:
            # The page would ask for ever; loaded anew, it says that the search is gone.
            return HttpResponseClientRefresh()
        raise Http404
    if is_fragment and not found.is_finished:
        # Nothing to swap: the page keeps what it shows and asks again.
        return HttpResponse(status=204)
    context: dict[str, Any] = {"search": found, "is_own": may_delete(request, found)}
    if found.status == ImageSearch.Status.DONE:
        context |= _result(request, found)
    elif found.is_finished:
        context["failure"] = failure_sentence(found.error_code)
    else:
        context["waiting"] = waiting_for(found)
    template = "products/_search_result.html" if is_fragment else "products/search_result.html"
    return render(request, template, context)


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
