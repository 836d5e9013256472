"""Finds products that are offered twice, by their photos; for ``find_duplicates``.

Two photos are one when their fingerprints hardly differ and their colours agree (the fingerprint
is of brightness alone: a shirt in another colour has the same), or when the model puts them in one
place. Neither compares all with all: fingerprints are sorted by bands of their bits, and vectors
get fingerprints of their own. Of the 6,874 products at hand 75 pairs share a photo and 74 of them
a place; beyond a distance of 0.003 the model's nearest pairs are different products.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from products.models import PhotoTraits, Product, ProductEmbedding
from products.palette import from_json, palette_distance
from styles.appearance import fingerprint_vectors, near_pairs
from styles.models import ModelVersion

# In units of CIE76: saved again at quality 50 and 0.6 of the size, 99 of 100 photos stay within it;
# the same cut in another colour begins at 2.6, but for one pair.
MAX_PALETTE_DISTANCE = 2.5
MAX_VECTOR_DISTANCE = 0.003
CHUNK = 5_000

PHOTO, VECTOR = "photo", "vector"


@dataclass(frozen=True)
class DuplicateGroup:
    """Products that seem to be one: in order of their keys, the first offered first.

    Attributes:
        skus: two or more.
        reasons: ``photo`` where photos are the same, ``vector`` where the model cannot tell.
    """

    skus: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class DuplicateSearch:
    """What a search for duplicates came to; ``undescribed`` photos have no fingerprint yet."""

    groups: tuple[DuplicateGroup, ...]
    products: int
    undescribed: int


def find_duplicates(model_version: ModelVersion | None = None) -> DuplicateSearch:
    """Find groups of products that show the same thing.

    Args:
        model_version: compares its vectors as well; None compares fingerprints alone.
    """
    found: dict[tuple[int, int], set[str]] = {}
    for pair in _pairs_by_photo():
        found.setdefault(pair, set()).add(PHOTO)
    for pair in _pairs_by_vector(model_version) if model_version else ():
        found.setdefault(pair, set()).add(VECTOR)
    members = _join(found)
    skus = dict(
        Product.objects.filter(pk__in={key for group in members for key in group}).values_list(
            "pk", "sku"
        )
    )
    groups = [
        DuplicateGroup(
            tuple(skus[key] for key in group if key in skus),
            tuple(sorted(set().union(*(found[pair] for pair in found if pair[0] in group)))),
        )
        for group in members
    ]
    return DuplicateSearch(
        groups=tuple(group for group in groups if len(group.skus) > 1),
        products=Product.objects.count(),
        undescribed=_count_undescribed(),
    )


def _pairs_by_photo() -> Iterator[tuple[int, int]]:
    """Yield pairs of products, the lower key first, of which two photos are the same."""
    rows = PhotoTraits.objects.order_by("image_id").values_list(
        "image_id", "image__product_id", "fingerprint"
    )
    images, products, fingerprints = [], [], []
    for image_id, product_id, fingerprint in rows.iterator(chunk_size=CHUNK):
        images.append(image_id)
        products.append(product_id)
        fingerprints.append(bytes(fingerprint))
    near = _of_two_products(near_pairs(fingerprints), products)
    for start in range(0, len(near), CHUNK):
        part = near[start : start + CHUNK]
        asked = {images[place] for pair in part for place in pair}
        palettes = {
            image_id: from_json(palette)
            for image_id, palette in PhotoTraits.objects.filter(pk__in=asked).values_list(
                "pk", "palette"
            )
        }
        for one, other in part:
            first, second = palettes.get(images[one], ()), palettes.get(images[other], ())
            if palette_distance(first, second) <= MAX_PALETTE_DISTANCE:
                yield _in_order(products[one], products[other])


def _pairs_by_vector(model_version: ModelVersion) -> Iterator[tuple[int, int]]:
    """Yield pairs of products, the lower key first, of which two photos lie in one place."""
    rows = ProductEmbedding.objects.filter(model_version=model_version)
    images, products, fingerprints = [], [], []
    for part in _chunks(
        rows.order_by("image_id").values_list("image_id", "product_id", "embedding")
    ):
        images += [image_id for image_id, _, _ in part]
        products += [product_id for _, product_id, _ in part]
        fingerprints += fingerprint_vectors(_unit([embedding for _, _, embedding in part]))
    near = _of_two_products(near_pairs(fingerprints), products)
    for start in range(0, len(near), CHUNK):
        part_of_pairs = near[start : start + CHUNK]
        asked = {images[place] for pair in part_of_pairs for place in pair}
        kept = dict(rows.filter(image__in=asked).values_list("image_id", "embedding"))
        for one, other in part_of_pairs:
            if images[one] in kept and images[other] in kept:
                first, second = _unit([kept[images[one]], kept[images[other]]])
                if 1.0 - float(first @ second) <= MAX_VECTOR_DISTANCE:
                    yield _in_order(products[one], products[other])


def _chunks(
    rows: Iterable[tuple[int, int, object]],
) -> Iterator[list[tuple[int, int, object]]]:
    part: list[tuple[int, int, object]] = []
    for row in rows.iterator(chunk_size=CHUNK):  # type: ignore[attr-defined]
        part.append(row)
        if len(part) == CHUNK:
            yield part
            part = []
    if part:
        yield part


def _unit(embeddings: Sequence[object]) -> np.ndarray:
    """Return unit vectors (N, D), float32; halfvec storage has rounded their lengths a little."""
    vectors = np.array([np.asarray(embedding, np.float32) for embedding in embeddings])
    unit: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _of_two_products(
    pairs: Iterable[tuple[int, int]], products: Sequence[int]
) -> list[tuple[int, int]]:
    """Leave out the photos of one product, which may well look alike."""
    return [pair for pair in pairs if products[pair[0]] != products[pair[1]]]


def _in_order(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _join(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return groups of keys that pairs join, directly or by others, in order."""
    leaders: dict[int, int] = {}

    def leader(key: int) -> int:
        while leaders.setdefault(key, key) != key:
            leaders[key] = leaders[leaders[key]]
            key = leaders[key]
        return key

    for one, other in pairs:
        first, second = sorted((leader(one), leader(other)))
        leaders[second] = first
    groups: dict[int, list[int]] = {}
    for key in sorted(leaders):
        groups.setdefault(leader(key), []).append(key)
    return list(groups.values())


def _count_undescribed() -> int:
    from products.photo_traits import photos_without_traits

    return photos_without_traits().count()
