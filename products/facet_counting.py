"""Counts products by facet, all facets in one SQL statement; for ``products.facets``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from products.filters import ProductFilters
from products.models import Product
from products.querysets import ProductQuerySet
from products.words import Wording, carrying
from styles.models import Cluster

PRICE_STEPS = [float(digit * 10**power) for power in range(10) for digit in (1, 2, 5)]
WORDS = ("category", "colour", "gender", "brand")
COLUMNS = ("pk", *WORDS, "price", "stock", "style_codes")
NO_PRODUCTS = "SELECT 0::bigint, '', '', '', '', 0::numeric, 0, ARRAY[]::varchar[] WHERE FALSE"

Narrow = Callable[[ProductQuerySet], ProductQuerySet]


@dataclass
class FacetCounts:
    """What was counted of one facet: value -> (count, lowest price, highest price)."""

    values: dict[str, tuple[int, Decimal, Decimal]] = field(default_factory=dict)

    def of(self, value: str) -> int:
        """Return the count of a value."""
        return self.values.get(value, (0,))[0]


def estimated_size() -> int:
    """Return how many products PostgreSQL believes there are; -1 where it has not looked yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [Product._meta.db_table]
        )
        (size,) = cursor.fetchone()
    return int(size)


def count_by_facet(
    asked: Mapping[str, ProductFilters],
    clusters: Sequence[Cluster],
    narrow: Narrow,
    *,
    wording: Wording = (),
    limit: int | None = None,
    percent: float | None = None,
) -> tuple[dict[str, FacetCounts], list[str]]:
    """Count facets in one statement; return also those for which more products match than limit.

    Args:
        wording: how the words of the filters are spelt here.
        limit: count at most this many products a facet.
        percent: count this much of the catalogue, always the same part, and scale up.
    """
    # Facets without a filter of their own are counted over the same products.
    matching = {own: f"m{place}" for place, own in enumerate(dict.fromkeys(asked.values()))}
    tables, parameters = _tables(matching, clusters, narrow, wording, limit=limit, percent=percent)
    clustering_id = clusters[0].clustering_id if clusters else 0
    branches = [
        _BRANCHES.get(facet, _WORD_BRANCH).format(
            facet=facet,
            matching=matching[own],
            clustering=int(clustering_id),
            steps=", ".join(map(str, PRICE_STEPS)),
        )
        for facet, own in asked.items()
    ]
    sizes = [_SIZE_BRANCH.format(matching=name) for name in matching.values()]
    statement = f"WITH {', '.join(tables)} {' UNION ALL '.join([*branches, *sizes])}"
    counted: dict[str, FacetCounts] = {
        facet: FacetCounts() for facet in [*asked, *matching.values()]
    }
    scale = 100 / percent if percent else 1
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for facet, value, count, lowest, highest in cursor.fetchall():
            counted[facet].values[value] = (round(count * scale), lowest, highest)
    cut = [facet for facet, own in asked.items() if limit and counted[matching[own]].of("") > limit]
    return counted, cut


def _tables(
    matching: Mapping[ProductFilters, str],
    clusters: Sequence[Cluster],
    narrow: Narrow,
    wording: Wording,
    *,
    limit: int | None,
    percent: float | None,
) -> tuple[list[str], list[Any]]:
    """Return the SQL of the products that each set of filters leaves, and its parameters."""
    # No facet takes the words away.
    carriers = carrying(Product.objects.all(), wording)
    bound = f" LIMIT {limit + 1}" if limit else ""
    columns = "id, category, colour, gender, brand, price, stock, style_codes"
    tables: list[str] = []
    parameters: list[Any] = []
    for filters, name in matching.items():
        products = narrow(_apply(filters, carriers, clusters))
        sql, values = _matching_sql(products, percent=percent)
        tables.append(f"{name} ({columns}) AS MATERIALIZED ({sql}{bound})")
        parameters += values
    return tables, parameters


def _apply(
    filters: ProductFilters, products: ProductQuerySet, clusters: Sequence[Cluster]
) -> ProductQuerySet:
    products = replace(filters, cluster=None, q=None).apply(products)
    if filters.cluster is None:
        return products
    # The clusters are known already: no further query to look their keys up.
    return products.assigned_to([c.pk for c in clusters if c.number == filters.cluster])


def _matching_sql(
    products: ProductQuerySet, *, percent: float | None
) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, parameters = products.order_by().values_list(*COLUMNS).query.sql_with_params()
    except EmptyResultSet:
        return NO_PRODUCTS, ()
    if percent is not None:
        table = connection.ops.quote_name(Product._meta.db_table)
        # Whole pages, the same ones every time: quick, and pages of a list agree on the counts.
        sample = f"FROM {table} TABLESAMPLE SYSTEM ({percent:.6f}) REPEATABLE (0)"
        sql = sql.replace(f"FROM {table}", sample, 1)
    return sql, parameters


_SIZE_BRANCH = "SELECT '{matching}', '', count(*), NULL, NULL FROM {matching}"
_WORD_BRANCH = """
    SELECT '{facet}', {facet}, count(*), NULL::numeric, NULL::numeric FROM {matching}
    WHERE {facet} <> '' GROUP BY {facet}
"""
_BRANCHES = {
    "style": """
    SELECT '{facet}', groups.code, count(*), NULL::numeric, NULL::numeric
    FROM {matching} CROSS JOIN unnest(style_codes) AS named (code)
    JOIN styles_stylegroup groups ON groups.code = named.code GROUP BY groups.code
""",
    "cluster": """
    SELECT '{facet}', assigned.cluster_id::text, count(*), NULL::numeric, NULL::numeric
    FROM {matching} m JOIN products_clusterassignment assigned
    ON assigned.product_id = m.id AND assigned.clustering_id = {clustering}
    GROUP BY assigned.cluster_id
""",
    "price": """
    SELECT '{facet}', width_bucket(price, ARRAY[{steps}]::numeric[])::text, count(*),
        min(price), max(price)
    FROM {matching} WHERE price IS NOT NULL GROUP BY 2
""",
    "in_stock": """
    SELECT '{facet}', (stock IS NULL OR stock > 0)::text, count(*), NULL::numeric, NULL::numeric
    FROM {matching} GROUP BY 2
""",
}
