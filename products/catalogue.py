"""The shop's catalogue as the styles app sees it: the adapter behind ``styles.catalogue``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from products import cut_off, exam, vector_index, version_rows, vocabulary
from products.cluster_rows import (
    PART,
    StoredEmbeddings,
    assign_nearest,
    count_by_class,
    read_assignments,
    write_assignments,
)
from products.embedding_runs import embed_catalogue
from products.models import (
    ImageClassification,
    Product,
    ProductEmbedding,
    ProductImage,
)
from products.pictures import pictures_of
from products.tasks import MAX_QUEUED_BY_SWEEP, queue_missing_images
from styles.catalogue import (
    DroppedRows,
    EmbeddingCounts,
    ExamAnswer,
    Example,
    ExamQuestion,
    Label,
    OnProgress,
    ProductFacts,
    ProductPicture,
    ignore_progress,
)
from styles.models import Clustering, ModelVersion, Style


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
        return embed_catalogue(model_version, on_progress=on_progress or ignore_progress)

    def embeddings(self, model_version: ModelVersion) -> StoredEmbeddings:
        """Return the normalised mean of each product's photo embeddings, read a part at a time."""
        return StoredEmbeddings(model_version)

    def count_labels(
        self, product_ids: np.ndarray, classes: np.ndarray
    ) -> Mapping[tuple[int, Label], int]:
        """Count the main styles of products by class, else their types."""
        styles = {style.pk: style for style in Style.objects.all()}
        counted: Counter[tuple[int, Label]] = Counter()
        for place, style_id, category, products in count_by_class(product_ids, classes):
            label = _type(category) if style_id is None else _label(styles[style_id])
            if label:
                counted[place, label] += products
        return counted

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

    def pictures(self, skus: Collection[str]) -> Mapping[str, ProductPicture]:
        """Return first photo, name and admin page of products, by sku."""
        return pictures_of(skus)

    def assignments(self, clustering: Clustering) -> tuple[np.ndarray, np.ndarray]:
        """Return the products that a clustering holds, and the keys of their clusters."""
        return read_assignments(clustering)

    def assign(
        self,
        clustering: Clustering,
        *,
        product_ids: np.ndarray,
        cluster_ids: np.ndarray,
        on_progress: OnProgress | None = None,
    ) -> None:
        """Write the assignments of a clustering a part at a time, skipping deleted products."""
        for start in range(0, len(product_ids), PART):
            part = slice(start, start + PART)
            write_assignments(
                clustering, product_ids=product_ids[part], cluster_ids=cluster_ids[part]
            )
            (on_progress or ignore_progress)(min(start + PART, len(product_ids)), len(product_ids))

    def assign_unassigned(self, clustering: Clustering) -> int:
        """Assign products embedded since the clustering was computed to their nearest centroid."""
        return assign_nearest(clustering)

    def build_index(
        self, model_version: ModelVersion, *, on_progress: OnProgress | None = None
    ) -> None:
        """Build the index of the version's partition, searches and writes going on."""
        vector_index.build(model_version, on_progress=on_progress)

    def calibrate(self, model_version: ModelVersion) -> None:
        """Learn from which distance on a photo has no close match here."""
        cut_off.calibrate(model_version)

    def has_index(self, model_version: ModelVersion) -> bool:
        """Return whether the version's partition has a valid index."""
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
            on_progress=on_progress or ignore_progress,
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


def _facts(product: Product, probabilities: Mapping[str, Mapping[str, float]]) -> ProductFacts:
    return ProductFacts(
        sku=product.sku,
        product_type=_type(product.category),
        styles=probabilities.get("style") or probabilities.get("style_group") or {},
    )


def _label(style: Style) -> Label:
    return Label(name_ko=style.name_ko, name_en=style.name_en)


def _type(category: str) -> Label | None:
    if not category:
        return None
    return Label(name_ko=vocabulary.category_name(category, "ko"), name_en=category)
