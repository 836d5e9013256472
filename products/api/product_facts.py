"""What the API says of a product beyond its own row; for the serializers.

``ProductQuerySet.for_answers()`` reads it by the statement that reads the row. Products that come
with the relations of ``for_cards()``, as pages need them, are asked for those.
"""

from __future__ import annotations

from typing import NamedTuple

from django.core.files.storage import default_storage

from products.models import Product
from styles.languages import is_korean


class ProductFacts(NamedTuple):
    """A product's relations, put into words.

    Attributes:
        photo: the address of its first photo.
        styles: code and name of each, in order.
        style_group: the code of its main group.
        cluster: the number of its cluster in force.
    """

    photo: str | None
    styles: list[dict[str, str]]
    style_group: str | None
    cluster: int | None


def facts_of(product: Product) -> ProductFacts:
    """Return what stands beside a product's row, names in the active language."""
    if "style_rows" not in product.__dict__:
        return _facts_of_relations(product)
    file, rows, group_code, cluster = (
        product.__dict__[name]
        for name in ("first_file", "style_rows", "group_code", "number_in_force")
    )
    name = "name_ko" if is_korean() else "name_en"
    return ProductFacts(
        photo=default_storage.url(file) if file else None,
        styles=[{"code": row["code"], "name": row[name]} for row in rows],
        style_group=rows[0]["group"] if rows else group_code,
        cluster=cluster,
    )


def _facts_of_relations(product: Product) -> ProductFacts:
    photo, group = product.first_image, product.main_style_group
    return ProductFacts(
        photo=photo.file.url if photo else None,
        styles=[{"code": style.code, "name": style.name} for style in product.styles.all()],
        style_group=group.code if group else None,
        cluster=product.cluster_number,
    )
