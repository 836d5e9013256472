"""What completes a look with a product: same style mix and palette, other category; for the API.

The same algebra as every search: the product's own query vector, filters that leave one family of
categories at a time, and rankers for its style mix and palette over the nearest of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from products.category_families import categories_of, complementary_families, family_of
from products.filters import ProductFilters
from products.models import Product
from products.nearest import nearest_products
from products.palette import palettes_of
from products.search.candidates import Candidates, style_mixes
from products.search.pages import Hit, Page
from products.search.query_vectors import query_of_product
from products.search.rankers import PaletteRanker, Ranker, StyleMixRanker, totals
from styles.models import ModelVersion

# The nearest of a family that are compared by style mix and palette.
CANDIDATES: Final = 100


@dataclass(frozen=True)
class FamilyPage:
    """The products of one family that go best with a product."""

    family: str
    page: Page


def complements(
    product: Product, *, model_version: ModelVersion, filters: ProductFilters, per_family: int
) -> list[FamilyPage]:
    """Return what goes with a product, family by family in the order people dress in.

    A family without a matching product is left out. Unless the filters name a gender, products for
    another gender are.

    Args:
        filters: what the products must match.
        per_family: at most this many products of each family.

    Raises:
        ProductNotEmbeddedError: no photo of the product has an embedding of this version.
    """
    query = query_of_product(product, model_version=model_version)
    products = query.narrow(filters.apply(Product.objects.all()))
    if product.gender not in ("", Product.Gender.UNISEX) and filters.gender is None:
        products = products.filter(gender__in=("", Product.Gender.UNISEX, product.gender))
    rankers = _rankers(product, model_version)
    pages = []
    for family in complementary_families(family_of(product.category)):
        found = nearest_products(
            query.vector,
            model_version=model_version,
            products=products.of_categories(categories_of(family)),
            limit=CANDIDATES,
        )
        if found.rows:
            hits = _best(Candidates(found.rows, model_version=model_version), rankers, per_family)
            pages.append(FamilyPage(family, Page(hits, found.count, found.is_count_exact)))
    return pages


def _rankers(product: Product, model_version: ModelVersion) -> list[Ranker]:
    """Return rankers for what is known of a product: its style mix, its palette."""
    rankers: list[Ranker] = []
    mix = style_mixes([product.pk], model_version=model_version).get(product.pk)
    palette = palettes_of([product.pk]).get(product.pk)
    if mix:
        rankers.append(StyleMixRanker(tuple(mix.items())))
    if palette:
        rankers.append(PaletteRanker(palette))
    return rankers


def _best(candidates: Candidates, rankers: list[Ranker], count: int) -> tuple[Hit, ...]:
    total, scores = totals(candidates, rankers)
    # Stable: of equal totals, the nearer comes first.
    order = (-total).argsort(kind="stable")[:count].tolist()
    return tuple(
        Hit(
            rank,
            candidates.product_ids[place],
            candidates.distances[place],
            False,
            {name: round(float(values[place]), 4) for name, values in scores.items()},
        )
        for rank, place in enumerate(order, start=1)
    )
