"""Finds the rows that addresses of the API name; for its views."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from products.models import ImageSearch, Product


def find_search(pk: str) -> ImageSearch:
    """Return a search that has not expired.

    Raises:
        Http404: there is none. Ids cannot be guessed, so nobody finds another's either.
    """
    searches = ImageSearch.objects.alive().select_related("cluster", "model_version")
    search: ImageSearch = get_object_or_404(searches, pk=pk)
    return search


def find_product(sku: str) -> Product:
    """Return a product by its SKU, sold out or not.

    Raises:
        Http404: there is none, or it is hidden.
    """
    if "\x00" in sku:  # PostgreSQL takes no such text, not even to find nothing.
        raise Http404
    product: Product = get_object_or_404(Product.objects.published().for_cards(), sku=sku)
    return product
