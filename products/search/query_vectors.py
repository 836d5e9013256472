"""What is looked for, as a vector of one model version; made by views, API and commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pgvector import HalfVector

from products import conf
from products.models import ImageSearch, Product, ProductEmbedding
from products.palette import Palette, from_json
from products.querysets import ProductQuerySet
from products.search.cursors import HitCursor
from styles.models import Cluster, ModelVersion
from styles.serving import see, serving_with

NOT_EMBEDDED = "product_not_embedded"


class ProductNotEmbeddedError(ValidationError):
    """No photo of a product has an embedding of the model version asked for."""

    def __init__(self) -> None:
        super().__init__(
            _("No photo of this product has been looked at yet. Try again shortly."),
            code=NOT_EMBEDDED,
        )


@dataclass(frozen=True)
class QueryVector:
    """A direction to look in.

    Attributes:
        vector: EMBEDDING_DIM wide, unit length.
        model_version: the version whose space it lies in; only its embeddings are compared.
        group: keys of the clusters whose products come first; empty for one plain ranking.
        examples: keys of the products it was made of, which are no answers.
        palette: the colours of the photo it was made of; empty for products, which keep theirs.
        mix: its style mix, likewise: code of a style, or of a group -> share.
    """

    vector: HalfVector
    model_version: ModelVersion
    group: tuple[int, ...] = ()
    examples: tuple[int, ...] = ()
    palette: Palette = ()
    mix: Mapping[str, float] = field(default_factory=dict)

    def narrow(self, products: ProductQuerySet) -> ProductQuerySet:
        """Return the products without the examples."""
        return products.exclude(pk__in=self.examples) if self.examples else products


def version_in_use(cursor: HitCursor | None = None) -> ModelVersion:
    """Return the version to search in: the active one, or the one a list was begun with.

    A list goes on in the version of its first page, whichever serves by now; its rows stand until
    they are pruned. After that the cursor no longer fits its list.

    Raises:
        NoActiveModelVersionError: none serves.
    """
    if cursor is not None:
        begun = ModelVersion.objects.filter(pk=cursor.model_version).first()
        if begun is not None:
            see(serving_with(begun))
            return begun
    return ModelVersion.objects.active()


def see_as_answered(search: ImageSearch) -> None:
    """Have the rest of a request see the version and the clustering that answered a search.

    Else a search from before a flip would rank by one version's vectors, and tell groups and
    clusters by another's.
    """
    if search.model_version is not None:
        clustering_id = search.cluster.clustering_id if search.cluster else None
        see(serving_with(search.model_version, clustering_id=clustering_id))


def query_of_search(search: ImageSearch, *, is_grouped: bool = True) -> QueryVector:
    """Return the query of a finished search; its predicted group comes first.

    Args:
        is_grouped: False where the shopper has said which group is meant.

    Raises:
        ValueError: the search is not done, or its model version is gone.
    """
    if search.embedding is None or search.model_version is None:
        raise ValueError(f"search {search.pk} is {search.status}, expected done")
    return QueryVector(
        half_vector(search.embedding),
        search.model_version,
        group=_predicted_clusters(search) if is_grouped else (),
        palette=from_json(search.palette),
        mix=search.probabilities.get("style") or search.probabilities.get("style_group") or {},
    )


def query_of_product(product: Product, *, model_version: ModelVersion) -> QueryVector:
    """Return the query of a product: its first embedded photo.

    The first photo is the one on the card that was clicked. A mean over front, back and label
    would lie near none of them, and products are found by their nearest photo.

    Raises:
        ProductNotEmbeddedError: no photo of it has an embedding of this version.
    """
    vectors = first_embeddings([product.pk], model_version=model_version)
    if product.pk not in vectors:
        raise ProductNotEmbeddedError
    return QueryVector(half_vector(vectors[product.pk]), model_version, examples=(product.pk,))


def first_embeddings(
    product_ids: list[int], *, model_version: ModelVersion
) -> dict[int, np.ndarray]:
    """Return the embedding of each product's first embedded photo: product id -> float32 (D,)."""
    rows = (
        ProductEmbedding.objects.filter(product__in=product_ids, model_version=model_version)
        .order_by("product_id", "image__position", "image_id")
        .distinct("product_id")
        .values_list("product_id", "embedding")
    )
    return {product_id: np.array(embedding, np.float32) for product_id, embedding in rows}


def half_vector(embedding: Any) -> HalfVector:
    """Return an embedding, as the database or NumPy gives it, as a half vector."""
    if isinstance(embedding, HalfVector):
        return embedding
    return HalfVector(np.asarray(embedding, np.float32))


def predicted_group(cluster_probabilities: dict[str, float]) -> tuple[int, ...]:
    """Return the likeliest clusters that together hold ``CLUSTER_COVERAGE`` of the probability.

    A photo on the border of two clusters has its look-alikes in both; a sure one in a single one.

    Args:
        cluster_probabilities: cluster number (as JSON keys, strings) -> probability.
    """
    covered, group = 0.0, []
    for number, probability in sorted(cluster_probabilities.items(), key=lambda item: -item[1]):
        if covered >= conf.get("CLUSTER_COVERAGE"):
            break
        group.append(int(number))
        covered += probability
    return tuple(group)


def _predicted_clusters(search: ImageSearch) -> tuple[int, ...]:
    """Return the keys of the predicted clusters, of the clustering that predicted them.

    Keys, not numbers: a clustering that is flipped between two pages moves nothing about.
    """
    if search.cluster is None:
        return ()
    return tuple(
        Cluster.objects.filter(
            clustering=search.cluster.clustering_id,
            number__in=predicted_group(search.cluster_probabilities),
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )
