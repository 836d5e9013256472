"""Rows of the products app: the catalogue, its embeddings and clusters, and image searches."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, HnswIndex

from products import conf
from products.querysets import (
    ImageSearchQuerySet,
    ProductEmbeddingQuerySet,
    ProductImageQuerySet,
    ProductQuerySet,
    assignments_in_force,
)
from styles.models import EMBEDDING_DIM, Cluster, Clustering, ModelVersion, Style, StyleGroup


def default_currency() -> str:
    """Return the shop's currency code; a function so that migrations do not freeze it."""
    currency: str = conf.get("DEFAULT_CURRENCY")
    return currency


def product_photo_path(instance: models.Model, filename: str) -> str:
    """Return a random storage name: what the sender called the file is never used."""
    name = uuid.uuid4().hex
    return f"products/{name[:2]}/{name}.jpg"


def search_photo_path(instance: models.Model, filename: str) -> str:
    """Return a random storage name that does not reveal the search's id either."""
    return f"searches/{uuid.uuid4().hex}.jpg"


def default_expiry() -> datetime:
    """Return the moment from which a search started now may be purged."""
    return timezone.now() + timedelta(hours=conf.get("IMAGE_SEARCH_LIFETIME_HOURS"))


class Product(models.Model):
    """Something the shop sells. Prices and stock may be unknown: many feeds carry neither."""

    class Gender(models.TextChoices):
        WOMEN = "women", _("Women")
        MEN = "men", _("Men")
        GIRLS = "girls", _("Girls")
        BOYS = "boys", _("Boys")
        UNISEX = "unisex", _("Unisex")

    sku = models.CharField(
        _("SKU"),
        max_length=64,
        unique=True,
        validators=(RegexValidator(r"^[\w.:+-]+\Z", _("Use letters, digits and . : + - _ only.")),),
    )
    name = models.CharField(_("name"), max_length=200)
    name_ko = models.CharField(_("Korean name"), max_length=200, blank=True)
    brand = models.CharField(_("brand"), max_length=100, blank=True)
    price = models.DecimalField(
        _("price"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=(MinValueValidator(0),),
    )
    currency = models.CharField(_("currency"), max_length=3, default=default_currency)
    stock = models.PositiveIntegerField(
        _("stock"), null=True, blank=True, help_text=_("Empty: not tracked, always available.")
    )
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, blank=True)
    category = models.CharField(_("category"), max_length=100, blank=True)
    colour = models.CharField(_("colour"), max_length=60, blank=True)
    url = models.URLField(_("address in the shop"), max_length=500, blank=True)
    styles = models.ManyToManyField(Style, blank=True, related_name="products")
    style_group = models.ForeignKey(
        StyleGroup,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="products",
        help_text=_("Where only the group is known, not the style."),
    )
    attributes: models.JSONField[dict[str, Any]] = models.JSONField(
        _("attributes"), default=dict, blank=True
    )
    is_published = models.BooleanField(_("published"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = ProductQuerySet.as_manager()

    # Filled by the prefetch of the same name.
    assignments_in_force: list[ClusterAssignment]

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = (
            models.Index(fields=("category",), name="product_by_category"),
            models.Index(fields=("style_group",), name="product_by_style_group"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="price_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sku} {self.display_name}"

    def get_absolute_url(self) -> str:
        """Return the product page; the key at its end survives a change of name."""
        slug = slugify(self.name)
        named = {"slug": slug} if slug else {}
        return reverse("products:detail", kwargs={**named, "pk": self.pk})

    @property
    def display_name(self) -> str:
        """The name in the active language; the other one where it is missing."""
        if (get_language() or "").startswith("ko") and self.name_ko:
            return self.name_ko
        return self.name

    @property
    def is_sold_out(self) -> bool:
        """Whether stock is tracked and none is left."""
        return self.stock == 0

    @property
    def is_drawn(self) -> bool:
        """Whether this is a picture of the drawn sample catalogue, which pages must say."""
        return bool(self.attributes.get("drawn") == "yes")

    @property
    def has_demo_price(self) -> bool:
        """Whether the price was made up for a demonstration, which pages must say."""
        return bool(self.attributes.get("demo_price"))

    @property
    def first_image(self) -> ProductImage | None:
        """The photo shown on cards. Prefetch ``images`` before asking many products."""
        return next(iter(self.images.all()), None)

    @property
    def cluster_number(self) -> int | None:
        """The number of its cluster in force. ``for_cards()`` prefetches it."""
        cluster = self.current_cluster
        return cluster.number if cluster else None

    @property
    def current_cluster(self) -> Cluster | None:
        """Its cluster under the clustering in force, or None before there is one."""
        if not hasattr(self, "assignments_in_force"):
            models.prefetch_related_objects([self], assignments_in_force())
        assignment = next(iter(self.assignments_in_force), None)
        return assignment.cluster if assignment else None

    @property
    def main_style_group(self) -> StyleGroup | None:
        """The group of its main style, or the group it is labelled with, or None."""
        style = next(iter(self.styles.all()), None)
        return style.group if style else self.style_group


class ProductImage(models.Model):
    """A stored photo of a product: a clean JPEG, re-encoded from what came in."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    file = models.FileField(_("photo"), upload_to=product_photo_path)
    sha256 = models.CharField(
        max_length=64,
        editable=False,
        help_text=_("Of the bytes that came in: tells whether an import changes the photo."),
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    embedding_queued_at = models.DateTimeField(null=True, blank=True, editable=False)
    error_code = models.CharField(
        _("error"),
        max_length=60,
        blank=True,
        editable=False,
        help_text=_("Why this photo cannot be embedded; empty when it can."),
    )

    objects = ProductImageQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("product photo")
        verbose_name_plural = _("product photos")
        constraints = (
            models.UniqueConstraint(fields=("product", "sha256"), name="unique_photo_of_product"),
        )

    def __str__(self) -> str:
        return str(self.file.name)


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

    objects = ProductEmbeddingQuerySet.as_manager()

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


class ImageSearch(models.Model):
    """A shopper's photo and what was found in it. The row is the truth; the task only serves it."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        RUNNING = "running", _("being looked at")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PENDING
    )
    error_code = models.CharField(_("error"), max_length=60, blank=True)
    photo = models.FileField(_("photo"), upload_to=search_photo_path)
    filters: models.JSONField[dict[str, Any]] = models.JSONField(
        _("filters"), default=dict, blank=True
    )
    model_version = models.ForeignKey(
        ModelVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    embedding = HalfVectorField(dimensions=EMBEDDING_DIM, null=True, blank=True, editable=False)
    probabilities: models.JSONField[dict[str, dict[str, float]]] = models.JSONField(
        default=dict, blank=True, help_text=_("Label set -> code -> probability.")
    )
    cluster = models.ForeignKey(
        Cluster, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cluster_probabilities: models.JSONField[dict[str, float]] = models.JSONField(
        default=dict, blank=True, help_text=_("Cluster number -> probability.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), default=default_expiry, db_index=True)

    objects = ImageSearchQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("image search")
        verbose_name_plural = _("image searches")
        constraints = (
            models.CheckConstraint(
                condition=~Q(status="done") | Q(embedding__isnull=False),
                name="done_search_has_embedding",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} ({self.status})"

    def get_absolute_url(self) -> str:
        """Return the result page."""
        return reverse("products:search_result", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        """Whether no worker will touch this search again."""
        return self.status in {self.Status.DONE, self.Status.FAILED}

    def erase(self) -> None:
        """Delete photo and row. The photo goes first: a row left over can be erased again."""
        self.photo.delete(save=False)
        self.delete()
