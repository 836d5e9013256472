"""Admin pages of products, with thumbnails, and of their photos."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import QuerySet, URLField
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from products.admin.exports import ExportedAdmin
from products.models import Product, ProductImage
from products.thumbnails import thumbnails_of
from products.validators import clean_upload


def thumbnail(image: ProductImage | None) -> str:
    """Return a small picture of a photo, for lists."""
    if image is None:
        return "—"
    addresses = [address for address, _ in thumbnails_of(image)] or [image.file.url]
    return format_html(
        '<img class="thumbnail" src="{}" alt="" width="56" height="70" loading="lazy">',
        addresses[0],
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
class ProductAdmin(ExportedAdmin):
    """The catalogue."""

    class Media:
        css = {"all": ("kfashion/admin.css",)}

    list_display = (
        "photo",
        "sku",
        "display_name",
        "category",
        "colour",
        "price",
        "stock",
        "cluster",
        "is_published",
    )
    list_display_links = ("photo", "sku")
    list_filter = ("is_published", "gender", "styles__group", "category")
    list_per_page = 50
    search_fields = ("sku", "name", "name_ko", "brand")
    filter_horizontal = ("styles",)
    # Django 6's default; this version warns until one is chosen.
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    inlines = (ProductImageInline,)
    actions = ("publish", "hide")

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

    @admin.action(description=_("Show in the shop"))
    def publish(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        """Publish the selected products."""
        products.update(is_published=True)

    @admin.action(description=_("Hide from the shop"))
    def hide(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        """Hide the selected products."""
        products.update(is_published=False)
