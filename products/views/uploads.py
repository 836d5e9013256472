"""Pages by which a shopper sends a photo in, and points at another part of it."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from access.throttling import TooManyUploadsError, check_upload
from products.filters import ProductFilters
from products.forms import ImageSearchForm, PartForm
from products.models import ImageSearch
from products.ownership import make_owner_of, may_delete, owner_of
from products.submission import search_again, start_image_search, wait_for_upload

OWN_SEARCHES_SHOWN = 6


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Take a photo in and lead to its result page."""
    if request.method != "POST":
        own = ImageSearch.objects.alive().owned_by(owner_of(request))[:OWN_SEARCHES_SHOWN]
        context = {"form": ImageSearchForm(), "own_searches": own}
        return render(request, "products/search.html", context)
    form = ImageSearchForm(request.POST, request.FILES)
    refused_at: TooManyUploadsError | None = None
    if form.is_valid():
        try:
            check_upload(request)
            found = start_image_search(
                form.cleaned_data["image"],
                filters=ProductFilters(),
                crop=form.cleaned_data["crop"],
                owner=make_owner_of(request),
            )
        except ValidationError as error:
            refused_at = error if isinstance(error, TooManyUploadsError) else None
            form.refuse(error, field="image")
        else:
            wait_for_upload(found)
            return redirect(found)
    return _refused(request, "products/search.html", {"form": form}, refused_at)


@require_POST
def search_part(request: HttpRequest, pk: str) -> HttpResponse:
    """Search for another part of a photo that was sent before, and lead to its result page."""
    found = ImageSearch.objects.alive().filter(pk=pk).first()
    if found is None or not may_delete(request, found):
        raise Http404
    form = PartForm(request.POST)
    refused_at: TooManyUploadsError | None = None
    if form.is_valid():
        try:
            check_upload(request)
            again = search_again(found, crop=form.cleaned_data["crop"])
        except ValidationError as error:
            refused_at = error if isinstance(error, TooManyUploadsError) else None
            form.refuse(error, field="crop")
        except (FileNotFoundError, ImageSearch.DoesNotExist) as error:
            raise Http404 from error
        else:
            wait_for_upload(again)
            return redirect(again)
    context = {"form": form, "search": found}
    return _refused(request, "products/search_part.html", context, refused_at)


def _refused(
    request: HttpRequest,
    template: str,
    context: dict[str, object],
    too_many: TooManyUploadsError | None,
) -> HttpResponse:
    """Show a form again, with what is wrong in it."""
    if too_many is None:
        return render(request, template, context, status=HTTPStatus.BAD_REQUEST)
    response = render(request, template, context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(too_many.wait_seconds)
    return response
