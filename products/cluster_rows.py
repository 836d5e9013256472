"""Embeddings and cluster assignments of very many products; for the catalogue adapter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from django.db import connection

from products.binary_copy import BIGINT, halfvec, read_rows
from styles.models import EMBEDDING_DIM, Clustering, ModelVersion

# So many products are read or written by one statement.
PART = 10_000


class StoredEmbeddings:
    """The embeddings of all products that a version has embedded, read as they are asked for.

    Between two reads, the connection is free and no transaction is open: nothing keeps the shop
    from changing meanwhile, and whatever is deleted is left out.

    Attributes:
        product_ids: int64, shape (N,), ascending; of when this was made.
    """

    def __init__(self, model_version: ModelVersion) -> None:
        self.model_version = model_version
        self.product_ids = _ids(
            "SELECT DISTINCT product_id FROM products_productembedding "
            "WHERE model_version_id = %s ORDER BY product_id",
            [model_version.pk],
        )

    def __len__(self) -> int:
        return len(self.product_ids)

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the places of products that still exist, of those asked for, and their embeddings.

        Args:
            rows: places in ``product_ids``, ascending.
        """
        found = [
            _mean_embeddings(self.model_version, self.product_ids[rows[start : start + PART]])
            for start in range(0, len(rows), PART)
        ]
        if not found:
            return rows, np.empty((0, EMBEDDING_DIM), np.float32)
        product_ids = np.concatenate([ids for ids, _ in found])
        vectors = np.concatenate([part for _, part in found])
        return np.searchsorted(self.product_ids, product_ids), vectors


def _mean_embeddings(
    model_version: ModelVersion, product_ids: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which of the products there are (M,), and the means of their photos (M, D), unit."""
    rows = read_rows(
        "SELECT product_id, embedding FROM products_productembedding "
        "WHERE model_version_id = %s AND product_id = ANY(%s::bigint[]) ORDER BY product_id",
        [model_version.pk, product_ids.tolist()],
        columns={"product": BIGINT, "embedding": halfvec(EMBEDDING_DIM)},
    )
    if not len(rows):
        return np.empty(0, np.int64), np.empty((0, EMBEDDING_DIM), np.float32)
    ids, firsts = np.unique(rows["product"].astype(np.int64), return_index=True)
    vectors = rows["embedding"]["values"].astype(np.float32)
    if len(ids) < len(rows):
        vectors = np.add.reduceat(vectors, firsts, axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return ids, vectors


def read_assignments(clustering: Clustering) -> tuple[np.ndarray, np.ndarray]:
    """Return product ids (N,), ascending, and the keys of their clusters (N,), both int64."""
    rows = read_rows(
        "SELECT product_id, cluster_id FROM products_clusterassignment "
        "WHERE clustering_id = %s ORDER BY product_id",
        [clustering.pk],
        columns={"product": BIGINT, "cluster": BIGINT},
    )
    return rows["product"].astype(np.int64), rows["cluster"].astype(np.int64)


def write_assignments(
    clustering: Clustering, *, product_ids: np.ndarray, cluster_ids: np.ndarray
) -> int:
    """Store the cluster of each product that exists and has none yet; return how many these were.

    The rows go as two arrays of one statement: as fast as COPY, which knows no ON CONFLICT, and
    without the temporary table that it would need. The products are locked against deletion until
    the transaction ends.

    Args:
        clustering: the clusters are of this one.
        product_ids: shape (N,), of at most ``PART`` products, so that no lock is held for long.
        cluster_ids: keys of clusters, shape (N,).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO products_clusterassignment (product_id, clustering_id, cluster_id) "
            "SELECT product.id, %s, given.cluster_id "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS given (product_id, cluster_id) "
            "JOIN products_product AS product ON product.id = given.product_id "
            "ORDER BY product.id FOR KEY SHARE OF product "
            "ON CONFLICT DO NOTHING",
            [clustering.pk, product_ids.tolist(), cluster_ids.tolist()],
        )
        written: int = cursor.rowcount
    return written


def assign_nearest(clustering: Clustering) -> int:
    """Give the nearest cluster to embedded products that have none yet; return how many."""
    clusters = list(clustering.clusters.order_by("class_index"))
    centroids = np.array([cluster.centroid for cluster in clusters], np.float32)
    keys = np.array([cluster.pk for cluster in clusters])
    missing = _ids(
        "SELECT DISTINCT product_id FROM products_productembedding AS embedding "
        "WHERE model_version_id = %s AND NOT EXISTS ("
        "SELECT FROM products_clusterassignment AS assignment "
        "WHERE assignment.product_id = embedding.product_id AND clustering_id = %s) "
        "ORDER BY product_id",
        [clustering.model_version_id, clustering.pk],
    )
    written = 0
    for start in range(0, len(missing), PART):
        ids, vectors = _mean_embeddings(clustering.model_version, missing[start : start + PART])
        nearest = keys[np.argmax(vectors @ centroids.T, axis=1)]
        written += write_assignments(clustering, product_ids=ids, cluster_ids=nearest)
    return written


def count_by_class(
    product_ids: np.ndarray, classes: np.ndarray
) -> list[tuple[int, int | None, str, int]]:
    """Count products (N,) by class, first style in the order of the taxonomy, and category.

    Returns:
        Rows of class, key of the style or None, category and number of products. The category is
        that of products without a style, else empty.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT given.class, main.style_id, "
            "CASE WHEN main.style_id IS NULL THEN product.category ELSE '' END, count(*) "
            "FROM unnest(%s::bigint[], %s::int[]) AS given (product_id, class) "
            "JOIN products_product AS product ON product.id = given.product_id "
            "LEFT JOIN LATERAL ("
            "SELECT held.style_id FROM products_product_styles AS held "
            "JOIN styles_style AS style ON style.id = held.style_id "
            'WHERE held.product_id = product.id ORDER BY style."order" LIMIT 1'
            ") AS main ON true GROUP BY 1, 2, 3",
            [product_ids.tolist(), classes.tolist()],
        )
        rows: list[tuple[int, int | None, str, int]] = cursor.fetchall()
    return rows


def _ids(query: str, parameters: Sequence[int]) -> np.ndarray:
    rows = read_rows(query, parameters, columns={"product": BIGINT})
    return rows["product"].astype(np.int64)
