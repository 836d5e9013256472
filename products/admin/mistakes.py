"""The gallery of labels that the model contradicts, corrected by one click.

A part of the admin of products.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from products.label_mistakes import find_mistakes, reviewable_label_sets, settle_label
from products.models import Product
from products.pictures import small_photo
from styles.models import ModelVersion
from styles.report_words import name_label, name_label_set, percent

SHOWN = 24
LAST_PAGE = 400


class MistakesGallery(admin.ModelAdmin):
    """Adds the gallery beside the list of products."""

    def get_urls(self) -> list[URLPattern]:
        """Add the gallery."""
        page = self.admin_site.admin_view(self.mistakes_view)
        return [path("mistakes/", page, name="products_product_mistakes"), *super().get_urls()]

    def mistakes_view(self, request: HttpRequest) -> HttpResponse:
        """Show what the model takes for something else, and take in what staff say to it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        version = ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE).first()
        names = reviewable_label_sets(version) if version else []
        label_set = request.GET.get("label_set") or next(iter(names), "")
        if label_set and label_set not in names:
            raise Http404
        number = request.GET.get("p", "0")
        if not number.isdecimal() or int(number) > LAST_PAGE:
            raise Http404
        if request.method == "POST":
            return self._settle(request, label_set)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Labels that the model contradicts"),
            "opts": self.opts,
            "version": version,
            "label_set": label_set,
            "label_sets": [(name, name_label_set(name)) for name in names],
            **self._page(version, label_set, int(number)),
        }
        return TemplateResponse(request, "admin/products/product/mistakes.html", context)

    def _page(self, version: ModelVersion | None, label_set: str, number: int) -> dict[str, Any]:
        if version is None or not label_set:
            return {"cards": []}
        mistakes = find_mistakes(
            version, label_set=label_set, limit=SHOWN + 1, offset=SHOWN * number
        )
        products = Product.objects.with_photos().in_bulk([each.product_id for each in mistakes])
        cards = [
            {
                "product": products[each.product_id],
                "photo": small_photo(products[each.product_id].first_image),
                "own": {"code": each.own, "name": name_label(label_set, each.own)},
                "own_share": percent(each.own_probability),
                "predicted": {
                    "code": each.predicted,
                    "name": name_label(label_set, each.predicted),
                },
                "share": percent(each.probability),
            }
            for each in mistakes[:SHOWN]
            if each.product_id in products
        ]
        return {
            "cards": cards,
            "previous": number - 1 if number else None,
            "next": number + 1 if len(mistakes) > SHOWN else None,
        }

    def _settle(self, request: HttpRequest, label_set: str) -> HttpResponse:
        key = request.POST.get("product", "")
        if not key.isdecimal():
            raise Http404
        product = get_object_or_404(Product, pk=key)
        label = request.POST.get("label", "")
        user = request.user if isinstance(request.user, User) else None
        try:
            settle_label(product, label_set=label_set, label=label, reviewed_by=user)
        except ValidationError as error:
            self.message_user(request, error.messages[0], messages.ERROR)
        else:
            told = {"set": name_label_set(label_set), "label": name_label(label_set, label)}
            said = _("%(set)s looked at: %(label)s.") % told
            self.log_change(request, product, said)
            self.message_user(request, f"{product.sku}: {said}", messages.SUCCESS)
        address = reverse("admin:products_product_mistakes")
        asked = {"label_set": label_set, "p": request.GET.get("p", "0")}
        return HttpResponseRedirect(f"{address}?{urlencode(asked)}")
