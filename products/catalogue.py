"""The shop's catalogue as the styles app sees it: the adapter behind ``styles.catalogue``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from django.db import transaction
from django.db.models import Avg

from products import exam, vector_index, version_rows, vocabulary
from products.embedding_runs import embed_catalogue
from products.models import (
    ClusterAssignment,
    ImageClassification,
    Product,
    ProductEmbedding,
    ProductImage,
)
from products.tasks import MAX_QUEUED_BY_SWEEP, queue_missing_images
from styles.catalogue import (
    CatalogueEmbeddings,
    DroppedRows,
    EmbeddingCounts,
    ExamAnswer,
    Example,
    ExamQuestion,
    Label,
    OnProgress,
    ProductFacts,
)
from styles.models import Cluster, Clustering, ModelVersion, Style

ASSIGNMENT_BATCH = 5000


class ProductCatalogue:
    """Implements ``styles.catalogue.Catalogue`` over the products tables."""

    def examples(self) -> Iterator[Example]:
        """Yield each photo of each product with what is known of it, in a stable order."""
        images = (
            ProductImage.objects.filter(error_code="")
            .select_related("product__style_group")
            .prefetch_related("product__styles__group")
            .order_by("product__sku", "position", "pk")
        )
        for image in images.iterator(chunk_size=2000):
            yield Example(
                key=image.product.sku, read=StoredPhoto(image), labels=_labels(image.product)
            )

    def embed(
        self, model_version: ModelVersion, *, on_progress: OnProgress | None = None
    ) -> EmbeddingCounts:
        """Have the workers embed what is missing; where none answers, embed it here.

        Raises:
            WorkersSilentError: workers answer, but embedded nothing for ``GIVE_UP_AFTER_SECONDS``.
        """
        return embed_catalogue(model_version, on_progress=on_progress or _ignore_progress)

    def embeddings(self, model_version: ModelVersion) -> CatalogueEmbeddings:
        """Return the normalised mean of each product's photo embeddings, by product id."""
        rows = (
            ProductEmbedding.objects.filter(model_version=model_version)
            .values("product_id")
            .annotate(mean=Avg("embedding"))
            .order_by("product_id")
            .values_list("product_id", "mean")
        )
        ids, means = [], []
        for product_id, mean in rows.iterator(chunk_size=2000):
            ids.append(product_id)
            means.append(np.array(mean, np.float32))
        if not ids:
            return CatalogueEmbeddings(np.empty(0, np.int64), np.empty((0, 0), np.float32))
        vectors = np.stack(means)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return CatalogueEmbeddings(np.array(ids, np.int64), vectors)

    def labels(self, product_ids: np.ndarray) -> Sequence[Label | None]:
        """Return each product's main style, else its type, else None."""
        products = (
            Product.objects.select_related("style_group")
            .prefetch_related("styles")
            .in_bulk([int(product_id) for product_id in product_ids])
        )
        return [_label(products.get(int(product_id))) for product_id in product_ids]

    def facts(
        self, product_ids: np.ndarray, *, model_version: ModelVersion
    ) -> Sequence[ProductFacts | None]:
        """Return each product's sku, type, and the style mix of its first photo."""
        ids = [int(product_id) for product_id in product_ids]
        products = Product.objects.in_bulk(ids)
        classified = (
            ImageClassification.objects.filter(
                image__product_id__in=ids, model_version=model_version
            )
            .order_by("image__product_id", "image__position", "image_id")
            .distinct("image__product_id")
            .values_list("image__product_id", "probabilities")
        )
        mixes = dict(classified)
        return [
            _facts(products[product_id], mixes.get(product_id, {}))
            if product_id in products
            else None
            for product_id in ids
        ]

    def assign(
        self, clustering: Clustering, *, product_ids: np.ndarray, clusters: Sequence[Cluster]
    ) -> None:
        """Write the assignments of a clustering in one transaction, skipping deleted products."""
        alive = set(
            Product.objects.filter(pk__in=[int(pk) for pk in product_ids]).values_list(
                "pk", flat=True
            )
        )
        with transaction.atomic():
            ClusterAssignment.objects.bulk_create(
                (
                    ClusterAssignment(product_id=int(pk), clustering=clustering, cluster=cluster)
                    for pk, cluster in zip(product_ids, clusters, strict=True)
                    if int(pk) in alive
                ),
                batch_size=ASSIGNMENT_BATCH,
                ignore_conflicts=True,
            )

    def assign_unassigned(self, clustering: Clustering) -> int:
        """Assign products embedded since the clustering was computed to their nearest centroid."""
        clusters = list(clustering.clusters.order_by("number"))
        centroids = np.array([cluster.centroid for cluster in clusters], np.float32)
        rows = (
            ProductEmbedding.objects.filter(model_version=clustering.model_version)
            .exclude(product__assignments__clustering=clustering)
            .order_by("product_id", "image__position", "image_id")
            .distinct("product_id")
            .values_list("product_id", "embedding")
        )
        created = ClusterAssignment.objects.bulk_create(
            (
                ClusterAssignment(
                    product_id=product_id,
                    clustering=clustering,
                    cluster=clusters[int(np.argmax(centroids @ np.array(embedding, np.float32)))],
                )
                for product_id, embedding in rows
            ),
            batch_size=ASSIGNMENT_BATCH,
            ignore_conflicts=True,
        )
        return len(created)

    def build_index(
        self, model_version: ModelVersion, *, on_progress: OnProgress | None = None
    ) -> None:
        """Build the HNSW index of the version's partition, searches and writes going on."""
        vector_index.build(model_version, on_progress=on_progress)

    def has_index(self, model_version: ModelVersion) -> bool:
        """Return whether the version's partition has a valid HNSW index."""
        return vector_index.is_built(model_version)

    def size(self) -> int:
        """Return how many products there are, hidden and sold-out ones too."""
        return Product.objects.count()

    def has_embeddings(self, model_version: ModelVersion) -> bool:
        """Return whether any photo has an embedding of this version."""
        return ProductEmbedding.objects.filter(model_version=model_version).exists()

    def queue_missing(self, model_version: ModelVersion) -> int:
        """Send what this version has not embedded to the workers, the first of it at least."""
        return queue_missing_images(model_version, again=True, limit=MAX_QUEUED_BY_SWEEP)

    def questions(
        self, model_version: ModelVersion, *, count: int, seed: int, kept: Sequence[ExamQuestion]
    ) -> Sequence[ExamQuestion]:
        """Draw from the products that shoppers see, and take the photos that they still keep."""
        return exam.draw_questions(model_version, count=count, seed=seed, kept=kept)

    def answers(
        self,
        questions: Sequence[ExamQuestion],
        *,
        model_version: ModelVersion,
        limit: int,
        on_progress: OnProgress | None = None,
    ) -> Sequence[ExamAnswer | None]:
        """Search among what shoppers see, for each question as the version itself embeds it."""
        return exam.answer_questions(
            questions,
            model_version=model_version,
            limit=limit,
            on_progress=on_progress or _ignore_progress,
        )

    def drop(self, model_version: ModelVersion) -> DroppedRows:
        """Drop the version's partition, classifications and cluster assignments."""
        return version_rows.drop_rows(model_version)

    def count_rows(self, model_version: ModelVersion) -> DroppedRows:
        """Count what ``drop`` would drop."""
        return version_rows.count_rows(model_version)


class StoredPhoto:
    """Reads a product photo when called, so that examples stay small and can be pickled."""

    def __init__(self, image: ProductImage) -> None:
        self.file = image.file

    def __call__(self) -> bytes:
        with self.file.open("rb") as file:
            content: bytes = file.read()
        return content


def _labels(product: Product) -> dict[str, str]:
    """Return label set -> code for what is known of a product."""
    labels = {}
    style = _main_style(product)
    group = style.group if style else product.style_group
    if style:
        labels["style"] = style.code
    if group:
        labels["style_group"] = group.code
    known = {"product_type": product.category, "colour": product.colour, "gender": product.gender}
    return labels | {name: code for name, code in known.items() if code}


def _main_style(product: Product) -> Style | None:
    return next(iter(product.styles.all()), None)


def _label(product: Product | None) -> Label | None:
    if product is None:
        return None
    named = _main_style(product)
    if named:
        return Label(name_ko=named.name_ko, name_en=named.name_en)
    return _type(product)


def _facts(product: Product, probabilities: Mapping[str, Mapping[str, float]]) -> ProductFacts:
    return ProductFacts(
        sku=product.sku,
        product_type=_type(product),
        styles=probabilities.get("style") or probabilities.get("style_group") or {},
    )


def _type(product: Product) -> Label | None:
    if not product.category:
        return None
    return Label(name_ko=vocabulary.category_name(product.category, "ko"), name_en=product.category)


def _ignore_progress(done: int, total: int) -> None:
    """Stand in for a callback where nobody watches."""
