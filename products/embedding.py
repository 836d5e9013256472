"""Worker half of the products app: photos to stored embeddings, searches to results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from pgvector import HalfVector

from products import conf
from products.crops import Crop
from products.models import (
    ClusterAssignment,
    ImageClassification,
    ImageSearch,
    PhotoTraits,
    ProductEmbedding,
    ProductImage,
)
from products.palette import as_json
from products.photo_traits import store_traits
from products.signals import image_search_done, products_embedded
from styles.images import ImageError
from styles.inference import PhotoPrediction, predict
from styles.models import Cluster, Clustering, ModelVersion
from styles.serving import one_view

OUTCOME_FIELDS = (
    "status",
    "model_version",
    "embedding",
    "probabilities",
    "cluster",
    "cluster_probabilities",
    "palette",
    "heat_map",
    "finished_at",
)


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
    images = list(ProductImage.objects.incomplete_for(model_version).filter(pk__in=image_ids))
    readable, photos, failed = [], [], []
    for image in images:
        try:
            with image.file.open("rb") as file:
                photos.append(file.read())
            readable.append(image)
        except FileNotFoundError:
            failed.append((image, "image_missing"))
    clustering = Clustering.objects.active_for(model_version)
    predictions = predict(
        photos,
        model_version=model_version,
        clustering=clustering,
        # A later version finds them described: pixels do not change.
        with_appearance=len(readable) > PhotoTraits.objects.filter(image__in=readable).count(),
    )
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
    # Photos deleted since they were read would break the foreign keys of the whole chunk, and what
    # the model made of a file that was exchanged since says nothing of the new one.
    alive = set(
        ProductImage.objects.filter(pk__in=[image.pk for image, _ in embedded])
        .select_for_update(of=("self",), no_key=True)
        .values_list("pk", "file", "sha256")
    )
    embedded = [
        (image, prediction)
        for image, prediction in embedded
        if (image.pk, image.file.name, image.sha256) in alive
    ]
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
    store_traits(
        (image.pk, prediction.appearance)
        for image, prediction in embedded
        if prediction.appearance is not None
    )
    if clustering is not None:
        _assign(embedded, clustering=clustering)
    if embedded:
        products_embedded.send(
            sender=ProductEmbedding,
            product_ids={image.product_id for image, _ in embedded},
            model_version=model_version,
        )


def _assign(
    embedded: Sequence[tuple[ProductImage, PhotoPrediction]], *, clustering: Clustering
) -> None:
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


def classify(photo: bytes) -> ImageSearch:
    """Return an unsaved, finished search for a photo, by the active model version.

    Raises:
        ImageError: the photo cannot be decoded.
        StylesError: nothing can be predicted at present (no active version, damaged artifact).
    """
    with one_view():
        model_version = ModelVersion.objects.active()
        clustering = Clustering.objects.in_force().first()
    (prediction,) = predict(
        [photo],
        model_version=model_version,
        clustering=clustering,
        with_appearance=True,
        with_heat_maps=True,
    )
    if isinstance(prediction, ImageError):
        raise prediction
    return ImageSearch(
        status=ImageSearch.Status.DONE,
        model_version=model_version,
        embedding=HalfVector(prediction.embedding),
        probabilities=prediction.probabilities,
        cluster=_likeliest(prediction, clustering),
        cluster_probabilities={
            str(number): probability
            for number, probability in prediction.cluster_probabilities.items()
        },
        palette=as_json(prediction.appearance.palette) if prediction.appearance else [],
        heat_map=(
            []
            if prediction.heat_map is None
            else (100 * prediction.heat_map).round().astype(int).tolist()
        ),
        finished_at=timezone.now(),
    )


def _likeliest(prediction: PhotoPrediction, clustering: Clustering | None) -> Cluster | None:
    if clustering is None or not prediction.cluster_probabilities:
        return None
    return clustering.clusters.get(number=next(iter(prediction.cluster_probabilities)))


def run_image_search(search: ImageSearch) -> None:
    """Classify and embed a shopper's photo and write the outcome to its row.

    Raises:
        StylesError: nothing can be predicted at present. The row stays unfinished, for the caller
            to retry or to fail.
    """
    try:
        with search.photo.open("rb") as file:
            photo = file.read()
        crop = Crop.stored(search.crop)
        found = classify(crop.cut_out_of(photo) if crop else photo)
    except FileNotFoundError:
        fail_image_search(search, code="image_missing")
    except ImageError as error:
        fail_image_search(search, code=error.code)
    else:
        _write(search, **{name: getattr(found, name) for name in OUTCOME_FIELDS}, error_code="")


def fail_image_search(search: ImageSearch, *, code: str) -> None:
    """Close a search with a stable error code, which page and API put into words."""
    _write(search, status=ImageSearch.Status.FAILED, error_code=code, finished_at=timezone.now())


def _write(search: ImageSearch, **values: Any) -> None:
    # Not save(): the owner may have deleted photo and row in the meantime, and it must stay so.
    with transaction.atomic():
        is_first = ImageSearch.objects.unfinished().filter(pk=search.pk).update(**values)
        if is_first and values["status"] == ImageSearch.Status.DONE:
            image_search_done.send(sender=ImageSearch, search_id=search.pk)
    if not conf.get("IMAGE_SEARCH_LIFETIME_HOURS"):
        search.forget_photo()
