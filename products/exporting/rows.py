"""Products as an export tells them, read page by page; for every format of ``products.exporters``.

Pages follow the primary key: a cursor held open over a million rows would keep a transaction, and
the old rows of every other table, for as long as somebody's download takes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import F
from django.db.models.fields.json import KeyTransform

from products.exporting.labels import custom_labels
from products.importing.columns import attribute_key, fold_header
from products.models import ClusterAssignment, ImageClassification, Product, ProductImage
from products.querysets import ProductQuerySet
from styles.models import Clustering, ModelVersion, Style, StyleGroup

PAGE: Final = 1_000
MAX_ATTRIBUTES: Final = 200
"""Keys that become columns; those that most products have come first."""

_FIELDS: Final = (
    *("id", "sku", "name", "name_ko", "brand", "price", "currency", "stock", "gender", "category"),
    *("colour", "url", "style_group_id", "attributes"),
)
# A value that is no text would come back as one.
_KEYS: Final = """
    SELECT key FROM products_product p, jsonb_each(p.attributes)
    WHERE jsonb_typeof(p.attributes) = 'object'
    GROUP BY key HAVING bool_and(jsonb_typeof(value) = 'string') ORDER BY count(*) DESC, key
"""


@dataclass(frozen=True, slots=True)
class ExportedProduct:
    """A product with all that any format says of it; absent texts are "".

    Attributes:
        styles: codes of the styles it is labelled with, in order.
        style_group: code of the group it is labelled with where no style says more.
        photos: addresses of its photos, in order, as the storage gives them.
        labels: see ``custom_labels``.
    """

    pk: int
    sku: str
    name: str
    name_ko: str
    brand: str
    price: Decimal | None
    currency: str
    stock: int | None
    gender: str
    category: str
    colour: str
    url: str
    attributes: Mapping[str, Any]
    styles: tuple[str, ...]
    style_group: str
    photos: tuple[str, ...]
    labels: tuple[str, str, str, str, str]


def exported_products(products: ProductQuerySet) -> Iterator[ExportedProduct]:
    """Yield products in the order of their keys; memory holds a page of them.

    What is added, changed or deleted meanwhile may or may not be in it; nothing is in it twice.
    """
    reader = _PageReader()
    last = 0
    while page := list(products.filter(pk__gt=last).order_by("pk").values(*_FIELDS)[:PAGE]):
        last = page[-1]["id"]
        yield from reader.complete(page)


def attribute_keys() -> list[str]:
    """Return the keys of attributes that come back from a column as they were."""
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        keys = [key for (key,) in cursor.fetchall() if key and attribute_key(key) == key]
    # Of two that a header row cannot tell apart the rarer one stays.
    distinct: dict[str, str] = {}
    for key in keys:
        distinct.setdefault(fold_header(key), key)
    return [key for folded, key in distinct.items() if folded][:MAX_ATTRIBUTES]


class _PageReader:
    """Reads what belongs to a page of products, in a query a table."""

    def __init__(self) -> None:
        self._version = ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE).first()
        self._styles = {
            pk: (code, group)
            for pk, code, group in Style.objects.values_list("pk", "code", "group__code")
        }
        self._groups = dict(StyleGroup.objects.values_list("pk", "code"))

    def complete(self, page: Sequence[dict[str, Any]]) -> Iterator[ExportedProduct]:
        ids = [row["id"] for row in page]
        photos = self._photos(ids)
        first = {photos[pk][0][0]: pk for pk in photos}
        mixes, clusters, styles = self._mixes(first), self._clusters(ids), self._style_ids(ids)
        for row in page:
            pk = row.pop("id")
            known = [self._styles[style] for style in styles[pk]]
            labelled = self._groups.get(row.pop("style_group_id"), "")
            yield ExportedProduct(
                pk=pk,
                styles=tuple(code for code, _group in known),
                style_group="" if known else labelled,
                photos=tuple(default_storage.url(file) for _image, file in photos.get(pk, ())),
                labels=custom_labels(
                    group=known[0][1] if known else labelled,
                    mix=mixes.get(pk, {}),
                    cluster=clusters.get(pk, ""),
                ),
                **row,
            )

    def _photos(self, ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        images = ProductImage.objects.filter(product__in=ids).order_by("position", "pk")
        for product, image, file in images.values_list("product_id", "pk", "file"):
            found[product].append((image, file))
        return found

    def _mixes(self, first: Mapping[int, int]) -> dict[int, Mapping[str, float]]:
        """Return the mix that the serving version sees in the first photo of each product."""
        if self._version is None:
            return {}
        classified = ImageClassification.objects.filter(
            image__in=first, model_version=self._version
        ).values_list(
            "image_id",
            KeyTransform("style", "probabilities"),
            KeyTransform("style_group", "probabilities"),
        )
        return {first[image]: styles or groups or {} for image, styles, groups in classified}

    def _clusters(self, ids: Sequence[int]) -> dict[int, str]:
        assigned = ClusterAssignment.objects.filter(
            product__in=ids, clustering__in=Clustering.objects.in_force()
        ).values_list("product_id", "cluster__number", "cluster__name_en")
        return {product: f"{number} {name}".strip() for product, number, name in assigned}

    def _style_ids(self, ids: Sequence[int]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        styled = Product.styles.through.objects.filter(product__in=ids)
        ordered = styled.order_by(F("product_id"), F("style_id"))
        for product, style in ordered.values_list("product_id", "style_id"):
            found[product].append(style)
        return found
