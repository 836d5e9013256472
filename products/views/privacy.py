"""Pages by which a shopper takes a photo back, and reads what the shop keeps."""

from __future__ import annotations

import logging
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from products.deletion import erase_with_receipt
from products.forms import ImageSearchForm
from products.models import DeletionReceipt, ImageSearch
from products.ownership import may_delete, owner_of

logger = logging.getLogger(__name__)


@require_POST
def search_delete(request: HttpRequest, pk: str) -> HttpResponse:
    """Delete a shopper's photo and its searches at once, and lead to the receipt for it."""
    found = ImageSearch.objects.filter(pk=pk).first()
    if found is None:
        # Pressed twice, or sent again by going back: it is gone all the same.
        receipt = DeletionReceipt.of_search(pk)
        if receipt is None:
            raise Http404
        return redirect(receipt)
    if not may_delete(request, found):
        raise Http404
    try:
        return redirect(erase_with_receipt(found))
    except OSError:
        logger.exception("The photo of search %s could not be deleted", found.pk)
        context = {"search": found}
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return render(request, "products/search_not_deleted.html", context, status=status)


@require_safe
@cache_control(private=True, no_store=True)
def deletion_receipt(request: HttpRequest, pk: str) -> HttpResponse:
    """Show the receipt for a deleted photo."""
    context = {"receipt": get_object_or_404(DeletionReceipt, pk=pk), "form": ImageSearchForm()}
    return render(request, "products/search_deleted.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept and for how long, with the photos of this browser that are kept now."""
    own = ImageSearch.objects.alive().owned_by(owner_of(request))
    return render(request, "products/privacy.html", {"own_searches": own})
