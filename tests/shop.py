"""Rows for tests: products with vectors small enough to check by hand, versions, clusterings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import count
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from pgvector import HalfVector
from PIL import Image

from products.models import (
    ClusterAssignment,
    ImageSearch,
    Product,
    ProductEmbedding,
    ProductImage,
)
from styles.models import EMBEDDING_DIM, Cluster, Clustering, ModelVersion

_numbers = count(1)


def direction(**weights: float) -> np.ndarray:
    """Return the unit vector with these weights on the axes a, b, c, ...; the rest is 0."""
    vector = np.zeros(EMBEDDING_DIM, np.float32)
    for axis, weight in weights.items():
        vector[ord(axis) - ord("a")] = weight
    return vector / np.linalg.norm(vector)


def make_version(status: str = "active", **fields: Any) -> ModelVersion:
    """Create a model version without an artifact: enough for whatever only reads rows."""
    number = next(_numbers)
    metadata = {"label_sets": {"style": ["classic", "punk"], "product_type": ["Coats", "Shirts"]}}
    return ModelVersion.objects.create(
        **{
            "number": number,
            "status": status,
            "backbone": "efficientnet-lite0",
            "artifact_prefix": f"nowhere/{number}",
            "metadata": metadata,
            **fields,
        }
    )


def make_clustering(
    version: ModelVersion, centroids: Mapping[str, np.ndarray], *, status: str = "active"
) -> Clustering:
    """Create a clustering whose clusters, numbered from 0, have these English names."""
    clustering = Clustering.objects.create(
        model_version=version, status=status, inertia=1.0, silhouette=0.5, sharpness=10.0
    )
    for number, (name, centroid) in enumerate(centroids.items()):
        Cluster.objects.create(
            clustering=clustering,
            number=number,
            class_index=number,
            name_en=name,
            name_ko=f"{name} 그룹",
            centroid=HalfVector(centroid),
            size=0,
        )
    return clustering


def jpeg(colour: tuple[int, int, int] = (200, 30, 60), size: tuple[int, int] = (40, 50)) -> bytes:
    """Return a small JPEG of one colour."""
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG")
    return buffer.getvalue()


def make_product(sku: str, **fields: Any) -> Product:
    """Create a product without photos."""
    return Product.objects.create(**{"sku": sku, "name": f"Product {sku}", **fields})


def add_photo(product: Product, content: bytes | None = None) -> ProductImage:
    """Give a product a stored photo, without telling any worker."""
    number = next(_numbers)
    image = ProductImage(
        product=product,
        sha256=f"{number:064x}",
        width=40,
        height=50,
        position=product.images.count(),
    )
    image.file.save("photo.jpg", ContentFile(content or jpeg()), save=False)
    (created,) = ProductImage.objects.bulk_create([image])
    return created


def place(
    product: Product,
    vectors: Sequence[np.ndarray] | np.ndarray,
    *,
    version: ModelVersion,
    cluster: Cluster | None = None,
) -> Product:
    """Give a product a photo at each of these vectors, and a cluster."""
    for vector in [vectors] if isinstance(vectors, np.ndarray) else vectors:
        ProductEmbedding.objects.create(
            image=add_photo(product),
            product=product,
            model_version=version,
            embedding=HalfVector(vector),
        )
    if cluster:
        ClusterAssignment.objects.create(
            product=product, clustering=cluster.clustering, cluster=cluster
        )
    return product


def make_search(version: ModelVersion, vector: np.ndarray, **fields: Any) -> ImageSearch:
    """Create a finished search at a vector."""
    search = ImageSearch(
        **{
            "status": "done",
            "model_version": version,
            "embedding": HalfVector(vector),
            "probabilities": {"style": {"classic": 0.7, "punk": 0.3}},
            **fields,
        }
    )
    search.photo.save("photo.jpg", ContentFile(jpeg()), save=False)
    search.save()
    return search


def fill_two_groups(version: ModelVersion, *, coats: int, shirts: int) -> None:
    """Place coats that look alike and shirts that look alike, far from each other."""
    for number in range(coats + shirts):
        category, axis = ("Coats", "a") if number < coats else ("Shirts", "b")
        product = make_product(f"p{number}", category=category)
        place(product, direction(**{axis: 1, "z": 0.01 * number}), version=version)
