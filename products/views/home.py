"""The first page of the storefront."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from products.forms import ImageSearchForm
from products.shelves import shelves


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the shop: a shelf a style group, then a shelf a cluster."""
    return render(request, "products/home.html", {"shelves": shelves(), "form": ImageSearchForm()})
