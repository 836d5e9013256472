"""The page of an image search: how far it is, then what was found."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from products.messages import failure_sentence
from products.models import ImageSearch
from products.ownership import may_delete, may_see
from products.views.found import search_context
from products.waiting import waiting_for


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
        context |= search_context(request, found)
    elif found.is_finished:
        context["failure"] = failure_sentence(found.error_code)
    else:
        context["waiting"] = waiting_for(found)
    if is_fragment:
        return render(request, "products/_search_result.html", context)
    refinement = context.get("refinement")
    if refinement and refinement.is_from_sliders and not refinement.errors:
        # Without scripts a form sends its sliders; the address to share holds what they stand for.
        return redirect(f"{found.get_absolute_url()}?{refinement.query()}")
    status = HTTPStatus.BAD_REQUEST if refinement and refinement.errors else HTTPStatus.OK
    return render(request, "products/search_result.html", context, status=status)
