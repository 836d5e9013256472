"""A row applied to its product in memory: what would change; for ``products.importing.engine``."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from products.importing.records import Record
from products.importing.rows import ProductRow
from products.models import Product, ProductImage
from styles.models import Style, StyleGroup

DEMO_MARK = "demo_price"
"""Key in ``Product.attributes`` of products whose price and stock are made up."""


NO_RECORD: Final = Record(0, ())


@dataclass(frozen=True)
class Taxonomy:
    """The primary keys of the taxonomy's rows, by code."""

    styles: Mapping[str, int]
    groups: Mapping[str, int]

    @classmethod
    def load(cls) -> Taxonomy:
        """Read both tables once for a whole import."""
        return cls(
            styles=dict(Style.objects.values_list("code", "pk")),
            groups=dict(StyleGroup.objects.values_list("code", "pk")),
        )


@dataclass(frozen=True)
class Known:
    """A product as the shop has it, with its photos in order and the keys of its styles."""

    product: Product
    photos: tuple[ProductImage, ...] = ()
    style_ids: frozenset[int] = frozenset()

    @classmethod
    def load(cls, skus: Collection[str]) -> dict[str, Known]:
        """Return the products that have one of the SKUs, by SKU."""
        return cls._complete(Product.objects.in_bulk(skus, field_name="sku"))

    @classmethod
    def load_by_id(cls, ids: Collection[int]) -> dict[str, Known]:
        """Return the products with these keys, by SKU."""
        return cls._complete(
            {product.sku: product for product in Product.objects.filter(pk__in=ids)}
        )

    @classmethod
    def _complete(cls, products: Mapping[str, Product]) -> dict[str, Known]:
        # Prefetching would build two managers a product, the dearest part of an idle second run.
        ids = [product.pk for product in products.values()]
        photos, style_ids = defaultdict(list), defaultdict(set)
        for photo in ProductImage.objects.filter(product__in=ids).order_by("position", "pk"):
            photos[photo.product_id].append(photo)
        styled = Product.styles.through.objects.filter(product__in=ids)
        for product_id, style_id in styled.values_list("product_id", "style_id"):
            style_ids[product_id].add(style_id)
        return {
            sku: cls(product, tuple(photos[product.pk]), frozenset(style_ids[product.pk]))
            for sku, product in products.items()
        }


@dataclass
class Draft:
    """A product as a row wants it, not saved yet. ``product.pk`` is None for a new one.

    Attributes:
        record: what it was read from, with its digest, see ``products.importing.sight``.
        before: the fields of ``product`` that differ from its row, with the values of its row.
        style_ids: the styles it shall have; None leaves them.
        photos: the photos it shall have, in order, new ones unsaved; None leaves them.
    """

    row: ProductRow
    known: Known
    is_new: bool
    record: Record = NO_RECORD
    digest: int = 0
    before: dict[str, Any] = field(default_factory=dict)
    style_ids: frozenset[int] | None = None
    photos: Sequence[ProductImage] | None = None

    @property
    def product(self) -> Product:
        """The product, changed in memory."""
        return self.known.product

    @property
    def new_photos(self) -> list[ProductImage]:
        """Photos without a row."""
        return [photo for photo in self.photos or () if photo._state.adding]

    @property
    def dropped_photos(self) -> list[ProductImage]:
        """Photos that the row no longer names."""
        if self.photos is None:
            return []
        kept = {photo.pk for photo in self.photos}
        return [photo for photo in self.known.photos if photo.pk not in kept]

    @property
    def moved_photos(self) -> list[ProductImage]:
        """Kept photos whose place has changed."""
        return [
            photo
            for place, photo in enumerate(self.photos or ())
            if not photo._state.adding and photo.position != place
        ]

    @property
    def has_other_photos(self) -> bool:
        """Whether its photos, or their places, differ from those it has."""
        return bool(self.new_photos or self.dropped_photos or self.moved_photos)

    @property
    def is_changed(self) -> bool:
        """Whether saving would change anything at all."""
        return bool(
            self.is_new or self.before or self.style_ids is not None or self.has_other_photos
        )


def draft_product(
    row: ProductRow,
    known: Known | None,
    *,
    taxonomy: Taxonomy,
    demo_prices: bool = False,
    is_named_by_sku: bool = False,
) -> Draft:
    """Apply all of a row but its photos.

    Args:
        known: the product of that SKU, or None; it is changed in memory.
        demo_prices: make up a price, and a stock where none is known, for a product without one.
        is_named_by_sku: whether the SKU is the name of a product that has none.

    Raises:
        ValidationError: ``name_missing`` for a new product.
    """
    draft = Draft(row, known or Known(Product(sku=row.sku)), is_new=known is None)
    product = draft.product
    values = dict(row.values)
    if product.attributes.get(DEMO_MARK) and values.get("price") is None:
        # An empty cell does not take away what was made up for it.
        values = {name: value for name, value in values.items() if value is not None}
    for name, value in values.items():
        _set(draft, name, value)
    _set(draft, "attributes", _merged(product.attributes, row))
    _draft_styles(draft, taxonomy)
    if demo_prices and product.price is None:
        _make_up_price(draft)
    if not product.name and is_named_by_sku:
        _set(draft, "name", product.sku)
    if not product.name:
        raise ValidationError(_("The product has no name."), code="name_missing")
    return draft


def _draft_styles(draft: Draft, taxonomy: Taxonomy) -> None:
    row, style_ids = draft.row, draft.known.style_ids
    if row.style_codes is not None:
        wanted = frozenset(taxonomy.styles[code] for code in row.style_codes)
        if wanted != style_ids:
            draft.style_ids = style_ids = wanted
    if row.says_group:
        # A group stands only where no style says more.
        group = taxonomy.groups[row.group_code] if row.group_code and not style_ids else None
        _set(draft, "style_group_id", group)


def _make_up_price(draft: Draft) -> None:
    """Give 9,900 to 199,900 won and a stock of 1 to 60, always the same for a SKU."""
    digest = hashlib.sha256(draft.product.sku.encode()).digest()
    fraction = int.from_bytes(digest[:4], "big") / 2**32
    # Even on a logarithmic scale: as in a shop, most things are cheap.
    _set(draft, "price", Decimal(round(10 * 20**fraction) * 1000 - 100))
    _set(draft, "currency", "KRW")
    if draft.product.stock is None:
        _set(draft, "stock", digest[4] % 60 + 1)
    _set(draft, "attributes", {**draft.product.attributes, DEMO_MARK: True})


def _merged(attributes: Mapping[str, object], row: ProductRow) -> dict[str, object]:
    merged = {**attributes, **row.attributes}
    if row.values.get("price") is not None:
        merged.pop(DEMO_MARK, None)
    return {key: value for key, value in merged.items() if value != ""}


def _set(draft: Draft, name: str, value: object) -> None:
    if getattr(draft.product, name) != value:
        draft.before.setdefault(name, getattr(draft.product, name))
        setattr(draft.product, name, value)
