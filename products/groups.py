"""What the pages about style groups and clusters tell: typical products, colours, neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

import numpy as np
from django.db.models import F, FloatField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce
from pgvector import HalfVector

from products import conf, vocabulary
from products.filters import ProductFilters
from products.models import ImageClassification, Product
from products.outcomes import Share
from products.palette import SharedColour, colour_code, palettes_of
from products.search import QueryVector, look_alikes
from products.shelves import shown_products
from styles import taxonomy
from styles.languages import is_korean
from styles.models import Cluster, ModelVersion

# Typical products are looked for among so many of the newest of a style group, so that the page is
# as quick in a shop of a million products.
NEWEST_LOOKED_AT = 500
COLOURS_SHOWN = 6
SMALLEST_COLOUR_SHARE = 0.04
SMALLEST_SHARE = 0.05
SHARES_SHOWN = 5
NEIGHBOURS = 3


@dataclass(frozen=True)
class TypicalProducts:
    """Products that stand for many others.

    Attributes:
        products: the most typical first.
        colours: which they wear most.
        count: of how many they are the most typical; a lower bound where it is not exact.
    """

    products: Sequence[Product]
    colours: tuple[SharedColour, ...]
    count: int
    is_count_exact: bool = True


@dataclass(frozen=True)
class ClusterProfile:
    """What is in a cluster: shares of the styles and of the kinds of product, largest first."""

    styles: tuple[Share, ...]
    product_types: tuple[Share, ...]


def typical_of_style_group(
    code: str, *, model_version: ModelVersion | None, count: int
) -> TypicalProducts:
    """Return the products of a style group that the model is surest of.

    Where it has learnt no styles, or nothing serves, the newest products stand for the group.
    """
    newest = list(
        shown_products()
        .in_style(code)
        .order_by("-pk")
        .values_list("pk", flat=True)[:NEWEST_LOOKED_AT]
    )
    surest = _surest(newest, code, model_version=model_version) if model_version else []
    keys = list(dict.fromkeys([*surest, *newest]))[:count]
    products = _products(keys)
    most = conf.get("COUNT_MAX")
    counted = shown_products().in_style(code).order_by()[: most + 1].count()
    return TypicalProducts(products, common_colours(keys), min(counted, most), counted <= most)


def typical_of_cluster(
    cluster: Cluster, *, model_version: ModelVersion, count: int
) -> TypicalProducts:
    """Return the products of a cluster in force that lie nearest to its centroid."""
    query = QueryVector(HalfVector(cluster.centroid), model_version)
    page = look_alikes(query, filters=ProductFilters(cluster=cluster.number), limit=count)
    keys = [hit.product_id for hit in page.hits]
    return TypicalProducts(_products(keys), common_colours(keys), page.count, page.is_count_exact)


def nearest_clusters(cluster: Cluster, clusters: Sequence[Cluster]) -> list[Cluster]:
    """Return those of other clusters whose centroids lie nearest to a cluster's, nearest first."""
    others = [other for other in clusters if other.pk != cluster.pk]
    if not others:
        return []
    centroids = np.array([other.centroid for other in others], np.float32)
    likeness = centroids @ np.array(cluster.centroid, np.float32)
    return [others[place] for place in np.argsort(-likeness, kind="stable")[:NEIGHBOURS]]


def profile_of(cluster: Cluster) -> ClusterProfile:
    """Put the stored profile of a cluster into words of the active language."""
    rows: list[taxonomy.Style | taxonomy.StyleGroup] = [*taxonomy.STYLE_GROUPS, *taxonomy.STYLES]
    named = {row.code: row for row in rows}
    return ClusterProfile(
        styles=_shares(
            (code, named[code].name_ko if is_korean() else named[code].name_en, share)
            for code, share in _kept(cluster.profile, "styles").items()
            if code in named
        ),
        product_types=_shares(
            (word, vocabulary.category_name(word), share)
            for word, share in _kept(cluster.profile, "product_types").items()
        ),
    )


def common_colours(product_ids: Sequence[int]) -> tuple[SharedColour, ...]:
    """Return the colours that these products wear most, the largest share first."""
    found: dict[str, SharedColour] = {}
    largest: dict[str, float] = {}
    palettes = palettes_of(product_ids).values()
    for colour in (colour for palette in palettes for colour in palette):
        code, share = colour_code(colour.hex), colour.share / len(palettes)
        before = found.get(code, SharedColour(code, colour.hex, 0.0))
        if colour.share > largest.get(code, 0.0):
            before, largest[code] = replace(before, hex=colour.hex), colour.share
        found[code] = replace(before, share=before.share + share)
    worn = [colour for colour in found.values() if colour.share >= SMALLEST_COLOUR_SHARE]
    return tuple(sorted(worn, key=lambda one: (-one.share, one.code))[:COLOURS_SHOWN])


def _products(keys: Sequence[int]) -> list[Product]:
    """Return the products with these keys, in order; those deleted meanwhile are left out."""
    found = Product.objects.with_photos().in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _surest(product_ids: Sequence[int], code: str, *, model_version: ModelVersion) -> list[int]:
    """Return the products whose first photo has any probability of a group, the highest first."""
    learnt = model_version.metadata.get("label_sets", {})
    if "style" in learnt:
        styles = [style.code for style in taxonomy.STYLES if style.group == code]
        keys = [("style", style) for style in styles]
    elif "style_group" in learnt:
        keys = [("style_group", code)]
    else:
        return []
    probability = reduce(
        add,
        (
            Coalesce(
                Cast(KeyTextTransform(key, KeyTransform(kind, "probabilities")), FloatField()),
                Value(0.0),
            )
            for kind, key in keys
        ),
    )
    rows = (
        ImageClassification.objects.filter(
            model_version=model_version, image__product__in=product_ids
        )
        .annotate(probability=probability)
        .filter(probability__gt=0)
        .order_by(F("probability").desc(), "-image__product_id")
        .values_list("image__product_id", flat=True)
    )
    return list(rows)


def _kept(profile: Mapping[str, Mapping[str, float]], kind: str) -> Mapping[str, float]:
    return {code: share for code, share in profile.get(kind, {}).items() if share >= SMALLEST_SHARE}


def _shares(rows: Iterable[tuple[str, str, float]]) -> tuple[Share, ...]:
    ranked = sorted(rows, key=lambda row: (-row[2], row[0]))
    return tuple(Share(*row) for row in ranked[:SHARES_SHOWN])
