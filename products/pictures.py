"""What pages for staff show of products: a small photo, a name, the way to their page.

For the catalogue port, and through it for the admin of model versions, clusterings and jobs.
"""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from products.models import Product, ProductImage
from products.thumbnails import thumbnails_of
from styles.catalogue import ProductPicture


def small_photo(image: ProductImage | None) -> str:
    """Return the address of a photo's smallest copy, of the photo itself where it has none."""
    if image is None:
        return ""
    addresses = [address for address, _ in thumbnails_of(image)] or [image.file.url]
    return addresses[0]


def pictures_of(skus: Collection[str]) -> dict[str, ProductPicture]:
    """Return what staff are shown of these products, by sku, in two queries."""
    return {
        product.sku: ProductPicture(
            sku=product.sku,
            name=product.display_name,
            thumbnail=small_photo(product.first_image),
            page=reverse("admin:products_product_change", args=[product.pk]),
        )
        for product in Product.objects.with_photos().filter(sku__in=set(skus))
    }
