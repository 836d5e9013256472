"""Random catalogues and filters for Hypothesis, and an oracle that searches by brute force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

import numpy as np
from django.db import transaction
from hypothesis import strategies as st
from pgvector import HalfVector

from products.filters import ProductFilters
from products.models import ClusterAssignment, Product, ProductEmbedding, ProductImage
from styles.models import EMBEDDING_DIM, Cluster, ModelVersion

CATEGORIES = ("Coats", "Shirts", "Dresses")
COLOURS = ("Black", "Red")
GENDERS = ("women", "men")
BRANDS = ("Maru", "Haneul")
_numbers = count(10**6)

# Few axes and small numbers: equal and opposite vectors come up often, where orders go wrong.
Coordinates = tuple[int, int, int, int]
coordinates = st.tuples(*[st.integers(-2, 2)] * 4).filter(any)


@dataclass(frozen=True)
class Draft:
    """A product as it was drawn, and the row made of it."""

    category: str
    colour: str
    gender: str
    brand: str
    price: int | None
    stock: int | None
    is_published: bool
    cluster: int | None
    photos: tuple[Coordinates, ...]
    sku: str = field(default_factory=lambda: f"r{next(_numbers)}")


drafts = st.builds(
    Draft,
    category=st.sampled_from(CATEGORIES),
    colour=st.sampled_from(COLOURS),
    gender=st.sampled_from(GENDERS),
    brand=st.sampled_from(BRANDS),
    price=st.none() | st.integers(0, 5),
    stock=st.sampled_from((None, None, 0, 3)),
    is_published=st.sampled_from((True, True, True, False)),
    cluster=st.sampled_from((None, 0, 1)),
    photos=st.lists(coordinates, min_size=1, max_size=3).map(tuple) | st.just(()),
)


def seldom(*values: Any) -> st.SearchStrategy[Any]:
    """Draw one of the values, or None three times of four."""
    return st.sampled_from((*(None,) * 3 * len(values), *values))


@st.composite
def filters(draw: st.DrawFn) -> ProductFilters:
    """Draw filters, most of them open, so that something is left of a small shop."""
    low, high = sorted(draw(st.tuples(st.integers(0, 5), st.integers(0, 5))))
    return ProductFilters(
        cluster=draw(seldom(0, 1)),
        category=draw(seldom(*map(str.lower, CATEGORIES))),
        colour=draw(seldom(*COLOURS)),
        gender=draw(seldom(*GENDERS)),
        brand=draw(seldom(*BRANDS)),
        min_price=draw(seldom(Decimal(low))),
        max_price=draw(seldom(Decimal(high))),
        in_stock=draw(st.sampled_from((None, True, False))),
    )


@dataclass(frozen=True)
class Shop:
    """A model version, its clusters by number, and where to put products."""

    version: ModelVersion
    clusters: Sequence[Cluster]

    def add(self, drawn: Sequence[Draft]) -> None:
        """Create rows for drafts."""
        products = Product.objects.bulk_create(
            Product(
                sku=draft.sku,
                name=draft.sku,
                category=draft.category,
                colour=draft.colour,
                gender=draft.gender,
                brand=draft.brand,
                price=draft.price,
                stock=draft.stock,
                is_published=draft.is_published,
            )
            for draft in drawn
        )
        pairs = list(zip(products, drawn, strict=True))
        images = ProductImage.objects.bulk_create(
            ProductImage(
                product=product,
                file="none.jpg",
                sha256=f"{position:064x}",
                width=1,
                height=1,
                position=position,
            )
            for product, draft in pairs
            for position in range(len(draft.photos))
        )
        vectors = [photo for draft in drawn for photo in draft.photos]
        ProductEmbedding.objects.bulk_create(
            ProductEmbedding(
                image=image,
                product_id=image.product_id,
                model_version=self.version,
                embedding=unit(vector),
            )
            for image, vector in zip(images, vectors, strict=True)
        )
        ClusterAssignment.objects.bulk_create(
            ClusterAssignment(
                product=product,
                clustering=self.clusters[draft.cluster].clustering,
                cluster=self.clusters[draft.cluster],
            )
            for product, draft in pairs
            if draft.cluster is not None
        )


def unit(vector: Coordinates) -> HalfVector:
    """Return the unit vector of coordinates, the rest 0."""
    whole = np.zeros(EMBEDDING_DIM, np.float32)
    whole[: len(vector)] = vector
    return HalfVector(whole / np.linalg.norm(whole))


def passes(draft: Draft, wanted: ProductFilters) -> bool:
    """Tell whether a product with a photo passes, without a database."""
    return bool(
        draft.photos
        and draft.is_published
        and (wanted.in_stock is False or draft.stock != 0)
        and wanted.cluster in (None, draft.cluster)
        and (wanted.category is None or wanted.category.lower() == draft.category.lower())
        and wanted.colour in (None, draft.colour)
        and wanted.gender in (None, draft.gender)
        and wanted.brand in (None, draft.brand)
        and (
            wanted.min_price is None
            or (draft.price is not None and draft.price >= wanted.min_price)
        )
        and (
            wanted.max_price is None
            or (draft.price is not None and draft.price <= wanted.max_price)
        )
        and draft.sku not in wanted.exclude
    )


def distance(draft: Draft, query: Coordinates) -> float:
    """Return the cosine distance of a product's nearest photo, by brute force."""
    target = np.array(unit(query).to_list())
    photos = np.array([unit(photo).to_list() for photo in draft.photos])
    cosines = photos @ target / np.linalg.norm(photos, axis=1) / np.linalg.norm(target)
    return float(1 - cosines.max())


@contextmanager
def rolled_back() -> Iterator[None]:
    """Take back all that is written within: the next example finds the shop as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
