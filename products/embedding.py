"""Worker half of the products app: photos to stored embeddings, searches to results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from pgvector import HalfVector

from products.models import (
    ClusterAssignment,
    ImageClassification,
    ImageSearch,
    ProductEmbedding,
    ProductImage,
)
from styles.images import ImageError
from styles.inference import PhotoPrediction, predict
from styles.models import Cluster, Clustering, ModelVersion


@dataclass(frozen=True)
class ChunkCounts:
    """What became of a chunk of photos."""

    embedded: int
    skipped: int
    failed: int


def embed_images(image_ids: Sequence[int], *, model_version: ModelVersion) -> ChunkCounts:
    """Embed and classify product photos and store both.

    Safe to run twice or at once: photos that are embedded already, or gone, are skipped, and the
    rows are written in one transaction that leaves existing ones alone. A photo that cannot be
    decoded gets its ``error_code`` and is not tried again.
    """
    images = list(ProductImage.objects.missing_embedding_by(model_version).filter(pk__in=image_ids))
    readable, photos, failed = [], [], []
    for image in images:
        try:
            with image.file.open("rb") as file:
                photos.append(file.read())
            readable.append(image)
        except FileNotFoundError:
            failed.append((image, "image_missing"))
    clustering = Clustering.objects.active_for(model_version)
    predictions = predict(photos, model_version=model_version, clustering=clustering)
    embedded = []
    for image, prediction in zip(readable, predictions, strict=True):
        if isinstance(prediction, ImageError):
            failed.append((image, prediction.code))
        else:
            embedded.append((image, prediction))
    with transaction.atomic():
        for image, code in failed:
            ProductImage.objects.filter(pk=image.pk).update(error_code=code)
        _store(embedded, model_version=model_version, clustering=clustering)
    return ChunkCounts(
        embedded=len(embedded), skipped=len(image_ids) - len(images), failed=len(failed)
    )


def _store(
    embedded: Sequence[tuple[ProductImage, PhotoPrediction]],
    *,
    model_version: ModelVersion,
    clustering: Clustering | None,
) -> None:
    # Photos deleted since they were read would break the foreign keys of the whole chunk.
    alive = set(
        ProductImage.objects.filter(pk__in=[image.pk for image, _ in embedded])
        .select_for_update(of=("self",), no_key=True)
        .values_list("pk", flat=True)
    )
    embedded = [(image, prediction) for image, prediction in embedded if image.pk in alive]
    ProductEmbedding.objects.bulk_create(
        (
            ProductEmbedding(
                image=image,
                product_id=image.product_id,
                model_version=model_version,
                embedding=HalfVector(prediction.embedding),
            )
            for image, prediction in embedded
        ),
        ignore_conflicts=True,
    )
    ImageClassification.objects.bulk_create(
        (
            ImageClassification(
                image=image, model_version=model_version, probabilities=prediction.probabilities
            )
            for image, prediction in embedded
        ),
        ignore_conflicts=True,
    )
    if clustering is None:
        return
    cluster_ids = dict(clustering.clusters.values_list("number", "pk"))
    ClusterAssignment.objects.bulk_create(
        (
            ClusterAssignment(
                product_id=image.product_id,
                clustering=clustering,
                cluster_id=cluster_ids[next(iter(prediction.cluster_probabilities))],
            )
            for image, prediction in embedded
            if prediction.cluster_probabilities
        ),
        ignore_conflicts=True,
    )


def run_image_search(search: ImageSearch) -> None:
    """Classify and embed a shopper's photo and write the outcome to its row.

    Raises:
        StylesError: nothing can be predicted at present (no active model version, damaged
            artifact). The row stays unfinished, for the caller to retry or to fail.
    """
    model_version = ModelVersion.objects.active()
    clustering = Clustering.objects.active_for(model_version)
    try:
        with search.photo.open("rb") as file:
            photo = file.read()
    except FileNotFoundError:
        fail_image_search(search, code="image_missing")
        return
    (prediction,) = predict([photo], model_version=model_version, clustering=clustering)
    if isinstance(prediction, ImageError):
        fail_image_search(search, code=prediction.code)
        return
    search.model_version = model_version
    search.embedding = HalfVector(prediction.embedding)
    search.probabilities = prediction.probabilities
    search.cluster_probabilities = {
        str(number): probability for number, probability in prediction.cluster_probabilities.items()
    }
    if prediction.cluster_probabilities:
        search.cluster = Cluster.objects.get(
            clustering=clustering, number=next(iter(prediction.cluster_probabilities))
        )
    search.status = ImageSearch.Status.DONE
    search.error_code = ""
    _finish(search)


def fail_image_search(search: ImageSearch, *, code: str) -> None:
    """Close a search with a stable error code, which page and API put into words."""
    search.status = ImageSearch.Status.FAILED
    search.error_code = code
    _finish(search)


def _finish(search: ImageSearch) -> None:
    search.finished_at = timezone.now()
    # Only if the row still stands: its owner may have deleted photo and row in the meantime.
    ImageSearch.objects.filter(pk=search.pk).update(
        status=search.status,
        error_code=search.error_code,
        model_version=search.model_version,
        embedding=search.embedding,
        probabilities=search.probabilities,
        cluster=search.cluster,
        cluster_probabilities=search.cluster_probabilities,
        finished_at=search.finished_at,
    )
