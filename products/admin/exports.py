"""The admin page on which the catalogue goes out again; a part of the admin of products."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products import conf
from products.exporters import KINDS, Export, Format, read_filters
from products.importing.records import CatalogueImportError
from products.models import Product

FORMATS = (
    (Format.CSV, "CSV"),
    (Format.XLSX, gettext_lazy("Excel workbook")),
    (Format.MERCHANT_XML, gettext_lazy("Google Merchant feed (XML)")),
    (Format.MERCHANT_TSV, gettext_lazy("Google Merchant feed (TSV)")),
)


class ExportForm(forms.Form):
    """What is to go out, in the words of the shop's own filters."""

    format = forms.ChoiceField(label=gettext_lazy("format"), choices=FORMATS)
    q = forms.CharField(label=gettext_lazy("words in its name"), required=False)
    category = forms.CharField(label=gettext_lazy("category"), required=False)
    brand = forms.CharField(label=gettext_lazy("brand"), required=False)
    colour = forms.CharField(label=gettext_lazy("colour"), required=False)
    style = forms.CharField(label=gettext_lazy("style or style group"), required=False)
    cluster = forms.CharField(label=gettext_lazy("number of its cluster"), required=False)
    gender = forms.ChoiceField(
        label=gettext_lazy("gender"), choices=[("", "—"), *Product.Gender.choices], required=False
    )
    in_stock = forms.ChoiceField(
        label=gettext_lazy("stock"),
        choices=[("", gettext_lazy("Sold-out products too")), ("true", gettext_lazy("In stock"))],
        required=False,
    )

    def export(self, *, address: str) -> Export | None:
        """Return what was asked for, or None where a filter or the whole cannot be met."""
        if not self.is_valid():
            return None
        chosen = dict(self.cleaned_data)
        try:
            to = Format(chosen.pop("format"))
            return Export(to, filters=read_filters(chosen), address=address)
        except ValidationError as error:
            self.add_error(None, error)
        except CatalogueImportError as error:
            self.add_error(None, ValidationError(str(error), code=error.code))
        return None


class ExportedAdmin(admin.ModelAdmin):
    """Offers the download above the list of products."""

    change_list_template = "admin/exports/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page of the export."""
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="products_product_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Show the form; once a format is chosen, send the file as it is written.

        Raises:
            PermissionDenied: to those who may not see products.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        is_asked = "format" in request.GET
        form = ExportForm(request.GET if is_asked else None)
        address = conf.get("SHOP_ADDRESS") or request.build_absolute_uri("/")
        export = form.export(address=address) if is_asked else None
        if export:
            return _download(export)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Export products"),
            "opts": self.model._meta,
            "form": form,
        }
        return TemplateResponse(
            request, "admin/exports/export.html", context, status=400 if is_asked else 200
        )


def _download(export: Export) -> StreamingHttpResponse:
    kind = KINDS[export.format]
    response = StreamingHttpResponse(export.parts(), content_type=kind.content_type)
    name = f"products-{timezone.localdate().isoformat()}.{kind.suffix}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
