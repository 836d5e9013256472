"""What completes a look with a product: same style mix and palette, other category; for the API.

The same algebra as every search: the product's own query vector, filters that leave one family of
categories at a time, and rankers for its style mix and palette over the nearest of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from products.category_families import categories_of, complementary_families, family_of
from products.filters import ProductFilters
from products.models import Product
from products.nearest import nearest_products
from products.palette import palettes_of
from products.search.candidates import Candidates, style_mixes
from products.search.pages import Hit, Page
from products.search.query_vectors import query_of_product
from products.search.rankers import TOTAL, PaletteRanker, Ranker, StyleMixRanker, totals
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
    found = {
        family: nearest_products(
            query.vector,
            model_version=model_version,
            products=products.of_categories(categories_of(family)),
            limit=CANDIDATES,
        )
        for family in complementary_families(family_of(product.category))
    }
    # Of all families at once: what rankers read takes a query each time they are asked.
    rows = [row for neighbours in found.values() for row in neighbours.rows]
    hits = _reorder(rows, product, model_version)
    return [
        FamilyPage(
            family,
            Page(
                _best([hits[key] for key, _ in neighbours.rows], per_family),
                neighbours.count,
                neighbours.is_count_exact,
            ),
        )
        for family, neighbours in found.items()
        if neighbours.rows
    ]


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


def _reorder(
    rows: Sequence[tuple[int, float]], product: Product, model_version: ModelVersion
) -> dict[int, Hit]:
    """Return a hit for each row, with its scores; ranks are still open."""
    candidates = Candidates(rows, model_version=model_version)
    _, scores = totals(candidates, _rankers(product, model_version))
    return {
        product_id: Hit(
            0,
            product_id,
            distance,
            False,
            {name: round(float(values[place]), 4) for name, values in scores.items()},
        )
        for place, (product_id, distance) in enumerate(rows)
    }


def _best(hits: list[Hit], count: int) -> tuple[Hit, ...]:
    # Stable: of equal totals, the nearer comes first.
    best = sorted(hits, key=lambda hit: -hit.scores[TOTAL])[:count]
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(best, start=1))
