"""Finds the rows that addresses of the API name; for its views."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request

from products.models import ImageSearch, Product
from products.ownership import may_delete, may_see


def find_search(pk: str, *, request: Request) -> ImageSearch:
    """Return a search that has not expired, and that who asks may see.

    Raises:
        Http404: there is none, or it belongs to the key of another app.
    """
    searches = ImageSearch.objects.alive().select_related("cluster", "model_version")
    search: ImageSearch = get_object_or_404(searches, pk=pk)
    if not may_see(request, search):
        raise Http404
    return search


def find_own_search(pk: str, *, request: Request) -> ImageSearch:
    """Return a search that who asks may delete.

    Raises:
        Http404: there is none, or it belongs to somebody else; which of the two is not told.
    """
    search = find_search(pk, request=request)
    if not may_delete(request, search):
        raise Http404
    return search


def find_product(sku: str, *, is_shown: bool = True) -> Product:
    """Return a product by its SKU, sold out or not.

    Args:
        sku: as the address has it.
        is_shown: whether all that the API says of it is read too; a search from it needs none.

    Raises:
        Http404: there is none, or it is hidden.
    """
    if "\x00" in sku:  # PostgreSQL takes no such text, not even to find nothing.
        raise Http404
    products = Product.objects.published()
    product: Product = get_object_or_404(products.for_answers() if is_shown else products, sku=sku)
    return product
