"""What the models make of product photos: embeddings, classifications and clusters."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from products.models.product import Product, ProductImage
from styles.models import EMBEDDING_DIM, Cluster, Clustering, ModelVersion


class ProductEmbedding(models.Model):
    """Where a photo lies in the space of one model version.

    A narrow table of its own, so that a change of price or stock never touches the vector index. It
    is partitioned by model version: each has rows and a vector index of its own, which
    ``products.vector_index`` makes, builds and drops. ``product`` repeats ``image.product`` (a
    photo never changes its product) to save the search a join.

    The foreign keys are Django's alone. Kept by PostgreSQL too, they would lock products and photos
    whenever a partition comes or goes; what is deleted behind Django's back is not found by any
    search, and the repair of embeddings removes it.
    """

    pk = models.CompositePrimaryKey("image_id", "model_version_id")
    model_version = models.ForeignKey(
        ModelVersion,
        on_delete=models.CASCADE,
        related_name="product_embeddings",
        db_constraint=False,
        db_index=False,
    )
    image = models.ForeignKey(
        ProductImage,
        on_delete=models.CASCADE,
        related_name="embeddings",
        db_constraint=False,
        db_index=False,
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        related_name="embeddings",
        db_constraint=False,
        db_index=False,
    )
    embedding = HalfVectorField(dimensions=EMBEDDING_DIM, help_text=_("Unit length."))

    class Meta:
        indexes = (models.Index(fields=("product",), name="embedding_by_product"),)

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
    cluster = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, related_name="assignments", db_index=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("product", "clustering"), name="one_cluster_per_product_and_clustering"
            ),
        )
        indexes = (models.Index(fields=("cluster", "product"), name="assignment_by_cluster"),)

    def __str__(self) -> str:
        return f"product {self.product_id}, cluster {self.cluster_id}"
