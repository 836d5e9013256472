"""What the page of an image search loads of its own: how far it is, and where the model looked."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django_htmx.http import reswap, retarget

from products.heat_maps import MEDIA_TYPE, HeatMapUnavailableError, draw_heat_map_of
from products.models import ImageSearch
from products.ownership import may_see
from products.views.results import search_result
from products.waiting import Pace, waiting_for


@require_safe
@cache_control(private=True, no_store=True)
def search_waiting(request: HttpRequest, pk: str, asked: int) -> HttpResponse:
    """Return how far a search is, for the page that waits for it; the result once there is one."""
    if not getattr(request, "htmx", False):
        return redirect("products:search_result", pk)
    found = ImageSearch.objects.alive().filter(pk=pk).first()
    if found is None or found.is_finished or not may_see(request, found):
        return reswap(retarget(search_result(request, pk), "#waiting"), "outerHTML")
    waiting = waiting_for(found, asked=asked)
    context = {
        "search": found,
        "waiting": waiting,
        # Said once to those who listen, not with every request.
        "is_news": waiting.pace != request.GET.get("was", Pace.USUAL),
    }
    return render(request, "products/_search_waiting.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def search_heat_map(request: HttpRequest, pk: str) -> HttpResponse:
    """Return the picture of where the model looked."""
    found = ImageSearch.objects.alive().filter(pk=pk, status=ImageSearch.Status.DONE).first()
    if found is None or not may_see(request, found):
        raise Http404
    try:
        return HttpResponse(draw_heat_map_of(found), content_type=MEDIA_TYPE)
    except HeatMapUnavailableError as error:
        raise Http404 from error
