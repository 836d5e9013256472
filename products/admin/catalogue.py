"""Admin pages of products, with thumbnails, and of their photos."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import QuerySet, URLField
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from products.admin.bulk_actions import BulkActions
from products.admin.exports import ExportedAdmin
from products.admin.mistakes import MistakesGallery
from products.admin.product_list import (
    STATES,
    CappedPaginator,
    CategoryFilter,
    ClusterFilter,
    EmbeddingFilter,
    ProductChangeList,
    StyleFilter,
    notes_on,
)
from products.models import Product, ProductImage
from products.pictures import small_photo
from products.validators import clean_upload
from styles.report_words import name_label, percent

SHOWN_STYLES = 3


def thumbnail(image: ProductImage | None) -> str:
    """Return a small picture of a photo, for lists."""
    if image is None:
        return "—"
    return format_html(
        '<img class="thumbnail" src="{}" alt="" width="56" height="70" loading="lazy">',
        small_photo(image),
    )


class ProductImageForm(ModelForm):
    """Takes a photo in as every other door does: checked, cleaned and re-encoded."""

    class Meta:
        model = ProductImage
        fields = ("file", "position")

    def clean(self) -> dict[str, Any]:
        """Replace an uploaded file by its clean copy.

        Raises:
            ValidationError: the photo is refused, or the product has it already.
        """
        cleaned: dict[str, Any] = super().clean() or {}
        if "file" not in self.changed_data or not cleaned.get("file"):
            return cleaned
        try:
            photo = clean_upload(cleaned["file"])
        except ValidationError as error:
            self.add_error("file", error)
            return cleaned
        twins = ProductImage.objects.filter(product=self.instance.product_id, sha256=photo.sha256)
        if self.instance.product_id and twins.exclude(pk=self.instance.pk).exists():
            self.add_error("file", ValidationError(_("The product has this photo."), code="twin"))
            return cleaned
        cleaned["file"] = ContentFile(photo.content, name="photo.jpg")
        self.instance.sha256 = photo.sha256
        self.instance.width, self.instance.height = photo.width, photo.height
        return cleaned


class ProductImageInline(admin.TabularInline):
    """The photos of a product. A changed photo is a new one: delete the old, add the new."""

    model = ProductImage
    form = ProductImageForm
    fields = ("preview", "file", "position", "error_code")
    readonly_fields = ("preview", "error_code")
    extra = 1

    @admin.display(description=_("preview"))
    def preview(self, image: ProductImage) -> str:
        """Return the photo as a thumbnail."""
        return thumbnail(image if image.pk else None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Photos are added and deleted: embeddings belong to one photo for good."""
        return False


@admin.register(Product)
class ProductAdmin(ExportedAdmin, MistakesGallery, BulkActions):
    """The catalogue."""

    class Media:
        css = {"all": ("kfashion/admin.css", "kfashion/admin/products.css")}

    list_display = (
        "photo",
        "sku",
        "display_name",
        "photos_state",
        "style_mix",
        "cluster",
        "category",
        "price",
        "stock",
        "is_published",
    )
    # What an index holds in order; others would sort the whole catalogue for a page of it.
    sortable_by = ("sku", "price")
    list_display_links = ("photo", "sku")
    list_filter = (
        "is_published",
        EmbeddingFilter,
        ClusterFilter,
        StyleFilter,
        "gender",
        CategoryFilter,
    )
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    # Each is answered by an index; one that were not would make all of them read the whole table.
    search_fields = ("sku__iexact", "name", "name_ko", "brand")
    search_help_text = _("A whole SKU, or words of a name or brand.")
    filter_horizontal = ("styles",)
    # Django 6's default; this version warns until one is chosen.
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    inlines = (ProductImageInline,)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list whose rows carry notes."""
        return ProductChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        """Return the products with all that a row shows."""
        return Product.objects.for_cards()

    @admin.display(description=_("photo"))
    def photo(self, product: Product) -> str:
        """Return the first photo as a thumbnail."""
        return thumbnail(product.first_image)

    @admin.display(description=_("cluster"))
    def cluster(self, product: Product) -> str:
        """Return number and name of the cluster in force."""
        cluster = product.current_cluster
        return f"{cluster.number} {cluster.name}" if cluster else "—"

    @admin.display(description=_("style mix"))
    def style_mix(self, product: Product) -> str:
        """Return what the first photo looks like to the model that serves."""
        mix = sorted(notes_on(product).mix.items(), key=lambda share: -share[1])[:SHOWN_STYLES]
        if not mix:
            return "—"
        rows = [(_name(code), percent(share)) for code, share in mix]
        return format_html(
            '<dl class="mix">{}</dl>',
            format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", rows),
        )

    @admin.display(description=_("photos"))
    def photos_state(self, product: Product) -> str:
        """Return whether the model has looked at the photos, and why not."""
        notes = notes_on(product)
        state = format_html(
            '<span class="state state-{}">{}</span>', notes.state, STATES[notes.state]
        )
        reasons = format_html_join(
            "", '<p class="reasons">{}</p>', [[one] for one in notes.reasons]
        )
        return format_html("{}{}", state, reasons)


def _name(code: str) -> str:
    named = name_label("style", code)
    return named if named != code else name_label("style_group", code)
