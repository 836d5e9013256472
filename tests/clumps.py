"""A catalogue in clumps, as a trained model lays it out, with a vector index; for search tests."""

from __future__ import annotations

import numpy as np
from django.db import connection
from pgvector import HalfVector

from products import vector_index
from products.models import Product, ProductEmbedding, ProductImage
from styles.models import ModelVersion

CLUMPS = 12
PER_CLUMP = 250


def store_clumps(version: ModelVersion) -> np.ndarray:
    """Store products in clumps of one category each.

    Every second photo belongs to the product of the one before; every tenth product is red, one in
    four is for men. Returns the vectors (N, 256), the row being the photo's place in order of keys.
    """
    random = np.random.default_rng(7)
    centres = random.normal(size=(CLUMPS, 256))
    clumps = np.repeat(np.arange(CLUMPS), PER_CLUMP)
    found = centres[clumps] + 0.6 * random.normal(size=(len(clumps), 256))
    unit: np.ndarray = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    products = Product.objects.bulk_create(
        Product(
            sku=f"p{number}",
            name="p",
            category=f"Category {clumps[number * 2]}",
            colour="Red" if number % 10 == 0 else "Blue",
            gender="men" if number % 4 == 0 else "women",
        )
        for number in range(len(unit) // 2)
    )
    images = ProductImage.objects.bulk_create(
        ProductImage(
            product=products[row // 2], file="none.jpg", sha256=f"{row:064x}", width=1, height=1
        )
        for row in range(len(unit))
    )
    ProductEmbedding.objects.bulk_create(
        ProductEmbedding(
            image=image,
            product_id=image.product_id,
            model_version=version,
            embedding=HalfVector(vector),
        )
        for image, vector in zip(images, unit, strict=True)
    )
    vector_index.build(version)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE products_product")
    return unit
