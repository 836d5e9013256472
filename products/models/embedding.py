"""What the models make of product photos: embeddings, classifications and clusters."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, HnswIndex

from products.models.product import Product, ProductImage
from styles.models import EMBEDDING_DIM, Cluster, Clustering, ModelVersion


class ProductEmbedding(models.Model):
    """Where a photo lies in the space of one model version.

    A narrow table of its own, so that a change of price or stock never touches the vector index.
    ``product`` repeats ``image.product`` (a photo never changes its product) to save the search a
    join.
    """

    image = models.ForeignKey(ProductImage, on_delete=models.CASCADE, related_name="embeddings")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="embeddings")
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.CASCADE, related_name="product_embeddings"
    )
    embedding = HalfVectorField(dimensions=EMBEDDING_DIM, help_text=_("Unit length."))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("image", "model_version"), name="one_embedding_per_image_and_version"
            ),
        )
        indexes = (
            HnswIndex(
                name="embedding_hnsw_cosine",
                fields=("embedding",),
                m=16,
                ef_construction=64,
                opclasses=("halfvec_cosine_ops",),
            ),
        )

    def __str__(self) -> str:
        return f"image {self.image_id}, model version {self.model_version_id}"


class ImageClassification(models.Model):
    """What a model version says a product photo shows: label set -> code -> probability."""

    image = models.ForeignKey(
        ProductImage, on_delete=models.CASCADE, related_name="classifications"
    )
    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="+")
    probabilities: models.JSONField[dict[str, dict[str, float]]] = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("image", "model_version"), name="one_classification_per_image_and_version"
            ),
        )

    def __str__(self) -> str:
        return f"image {self.image_id}, model version {self.model_version_id}"


class ClusterAssignment(models.Model):
    """The cluster a product belongs to under one clustering."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="assignments")
    clustering = models.ForeignKey(Clustering, on_delete=models.CASCADE, related_name="+")
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="assignments")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("product", "clustering"), name="one_cluster_per_product_and_clustering"
            ),
        )

    def __str__(self) -> str:
        return f"product {self.product_id}, cluster {self.cluster_id}"
