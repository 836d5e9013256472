"""A catalogue of any size made of real embeddings, in a throw-away shop; for `vector_search`.

Each product is a real one moved part of the way to one of its neighbours, with some noise: the new
ones fill the clumps in which a trained model lays real photos out, and stay within them. Its type
and cluster follow from where it lies; its other properties are drawn by lot, in such shares that
for every filter there are values kept by 50, 10, 1, 0.1 and 0.01 % of the products.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks.binary_copy import write_rows

if TYPE_CHECKING:
    from styles.models import Cluster, ModelVersion

SHARES = (0.5, 0.1, 0.01, 0.001, 0.0001)
COLOURS = ("Black", "White", "Navy", "Coral", "Saffron", "Grey")
BRANDS = ("Half", "Tenth", "Hundredth", "Thousandth", "Rare", "Others")
GENDERS = ("women", "men", "girls", "boys", "unisex")
STYLE_GROUPS = ("casual", "sporty", "natural", "ethnic", "contemporary")
WORDS = ("cotton", "linen", "silk", "cashmere", "vicuna", "")
CLUSTERS = 8
NEIGHBOURS = 20
NOISE = 0.15
PART = 10_000


@dataclass(frozen=True)
class RealEmbeddings:
    """What it is made of: unit vectors (N, 256) with types (N,), and queries (M, 256)."""

    vectors: NDArray[np.float32]
    types: NDArray[np.str_]
    queries: NDArray[np.float32]


@dataclass(frozen=True)
class LargeCatalogue:
    """The products as arrays; the row of a product is its key less one.

    Attributes:
        vectors: unit vectors as PostgreSQL stores them, float16 (N, 256).
        columns: what filters ask for: name -> float64 or int64 (N,), numbers of the words above.
    """

    vectors: NDArray[np.float16]
    columns: dict[str, NDArray[np.float64]]
    types: NDArray[np.str_]


def real_embeddings(kept: Path) -> RealEmbeddings:
    """Return the real embeddings kept in a file; the first time, train a model for them."""
    if not kept.exists():
        from benchmarks import street_to_shop as street
        from benchmarks.running_shop import UPLOADS, require_shared_data
        from styles.ml.datasets import read_folders
        from styles.ml.training import train

        require_shared_data()
        products = [street.with_group(example) for example in street.read_products()]
        shoppers = read_folders(UPLOADS / "train", label_set="garment")
        artifact = train([*products, *shoppers], progress=street.report).artifact
        asked = read_folders(UPLOADS / "validation", label_set="garment")
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            kept,
            vectors=street.embed(artifact, products),
            types=np.array([product.labels.get("product_type", "") for product in products]),
            queries=street.embed(artifact, asked),
        )
    with np.load(kept) as found:
        return RealEmbeddings(found["vectors"], found["types"], found["queries"])


def multiply(real: RealEmbeddings, *, products: int, seed: int = 0) -> LargeCatalogue:
    """Return so many products made of the real ones."""
    random = np.random.default_rng(seed)
    sources, parts = [], []
    for start in range(0, products, PART):
        source, vectors = jitter(real, random=random, count=min(PART, products - start))
        sources.append(source)
        parts.append(vectors.astype(np.float16))
    source = np.concatenate(sources)
    columns = {
        name: random.choice(len(SHARES) + 1, products, p=[*SHARES, 1 - sum(SHARES)]).astype(float)
        for name in ("colour", "brand", "style", "word")
    }
    columns["gender"] = random.choice(5, products, p=[0.5, 0.1, 0.01, 0.001, 0.389]).astype(float)
    columns["price"] = random.permutation(products) + 1.0
    columns["stock"] = random.choice(2, products, p=[0.1, 0.9]).astype(float)
    columns["cluster"] = _clusters(real)[source].astype(float)
    kinds, numbers = np.unique(real.types, return_inverse=True)
    columns["category"] = numbers[source].astype(float)
    return LargeCatalogue(np.concatenate(parts), columns, kinds)


def jitter(
    real: RealEmbeddings, *, random: np.random.Generator, count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the rows of real products (count,) and unit vectors near them (count, 256)."""
    source = random.integers(0, len(real.vectors), count)
    cosines = real.vectors[source] @ real.vectors.T
    near = np.argpartition(-cosines, NEIGHBOURS, axis=1)[:, : NEIGHBOURS + 1]
    other = near[np.arange(count), random.integers(0, NEIGHBOURS + 1, count)]
    share = random.random((count, 1), np.float32)
    noise = random.standard_normal((count, real.vectors.shape[1]), np.float32)
    noise *= NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
    moved = real.vectors[source] * share + real.vectors[other] * (1 - share) + noise
    return source, moved / np.linalg.norm(moved, axis=1, keepdims=True)


def _clusters(real: RealEmbeddings) -> NDArray[np.int64]:
    from styles.ml.clustering import fit_clusters

    assignments: NDArray[np.int64] = fit_clusters(real.vectors, clusters=CLUSTERS).assignments
    return assignments


def store(catalogue: LargeCatalogue) -> None:
    """Write the products with their photos, embeddings and clusters; the version is made too."""
    from django.db import connection

    version, clusters, groups = _parents()
    with connection.cursor() as cursor:
        # The rows are right: checking each reference would take minutes.
        cursor.execute("SET session_replication_role = replica")
        with cursor.copy(
            "COPY products_product (id, sku, name, name_ko, brand, price, currency, stock, gender, "
            "category, colour, url, style_group_id, style_codes, attributes, is_published, "
            "created_at, updated_at) FROM STDIN"
        ) as copy:
            for row in _product_rows(catalogue, groups):
                copy.write_row(row)
        cursor.execute(
            "INSERT INTO products_productimage (id, product_id, file, sha256, width, height, "
            "position, error_code) SELECT id, id, 'none.jpg', lpad(id::text, 64, '0'), 1, 1, 0, '' "
            "FROM products_product"
        )
        with cursor.copy("COPY products_clusterassignment (product_id, clustering_id, cluster_id) "
                         "FROM STDIN") as copy:  # fmt: skip
            for key, number in enumerate(
                catalogue.columns["cluster"].astype(int).tolist(), start=1
            ):
                cluster = clusters[number]
                copy.write_row((key, cluster.clustering_id, cluster.pk))
        cursor.execute("SET session_replication_role = DEFAULT")
    insert_embeddings(np.arange(len(catalogue.vectors)), catalogue.vectors, version=version.pk)
    with connection.cursor() as cursor:
        for table in ("product", "productimage", "productembedding", "clusterassignment"):
            cursor.execute(f"VACUUM (ANALYZE) products_{table}")


def insert_embeddings(
    rows: NDArray[np.int64], vectors: NDArray[np.float16], *, version: int
) -> None:
    """Write embeddings (N, 256) of the products in these rows (N,)."""
    from django.db import connection

    keys = rows + 1
    with connection.cursor() as cursor:
        columns = {
            "image_id": keys,
            "product_id": keys,
            "model_version_id": np.full(len(keys), version),
            "embedding": vectors,
        }
        write_rows(cursor, "products_productembedding", [columns])


def _product_rows(catalogue: LargeCatalogue, groups: list[int]) -> Iterator[tuple[object, ...]]:
    numbers = {name: column.astype(int).tolist() for name, column in catalogue.columns.items()}
    for row in range(len(catalogue.vectors)):
        style = numbers["style"][row]
        yield (
            row + 1,
            f"sku-{row + 1}",
            f"Item {row + 1} {WORDS[numbers['word'][row]]}",
            f"상품 {row + 1}",
            BRANDS[numbers["brand"][row]],
            numbers["price"][row],
            "KRW",
            numbers["stock"][row] * 3,
            GENDERS[numbers["gender"][row]],
            str(catalogue.types[numbers["category"][row]]),
            COLOURS[numbers["colour"][row]],
            "",
            groups[style] if style < len(groups) else None,
            list(STYLE_GROUPS[style : style + 1]),  # as the trigger would have set them
            f'{{"season": "Summer", "usage": "Casual", "material": "{row % 97}"}}',
            True,
            "2026-11-23 00:00+00",
            "2026-11-23 00:00+00",
        )


def _parents() -> tuple[ModelVersion, list[Cluster], list[int]]:
    """Make the active version, its clusters in force; return both and keys of style groups."""
    from pgvector import HalfVector

    from styles.models import Cluster, Clustering, ModelVersion, StyleGroup

    version = ModelVersion.objects.create(
        number=1, status="active", backbone="efficientnet-lite0", artifact_prefix="none",
        metadata={"label_sets": {}},
    )  # fmt: skip
    clustering = Clustering.objects.create(
        model_version=version, status="active", inertia=0.0, sharpness=1.0
    )
    centroid = HalfVector([1.0] + [0.0] * 255)
    clusters = [
        Cluster.objects.create(
            clustering=clustering, number=number, class_index=number, name_ko=str(number),
            name_en=str(number), size=0, centroid=centroid,
        )
        for number in range(CLUSTERS)
    ]  # fmt: skip
    keys = dict(StyleGroup.objects.values_list("code", "pk"))
    return version, clusters, [keys[code] for code in STYLE_GROUPS]
