"""Pages by which a shopper sends a photo in, and takes it back."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from products.filters import ProductFilters
from products.forms import ImageSearchForm
from products.models import ImageSearch
from products.submission import start_image_search


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


@require_POST
def search_delete(request: HttpRequest, pk: str) -> HttpResponse:
    """Delete a shopper's photo and search at once."""
    get_object_or_404(ImageSearch, pk=pk).erase()
    return render(request, "products/search_deleted.html", {"form": ImageSearchForm()})
