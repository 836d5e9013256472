"""The example queries of a model version's exam, and its answers; for the catalogue port.

Questions are products that shoppers see, and the photos of shoppers' searches while they are kept.
Answers are plain rankings of the catalogue, without filters and without the question itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import MD5, Concat
from pgvector import HalfVector

from products.models import ImageSearch, Product, ProductEmbedding
from products.nearest import nearest_products
from products.querysets import ProductQuerySet
from styles.catalogue import ExamAnswer, ExamQuestion, OnProgress
from styles.images import ImageError
from styles.models import ModelVersion

MAX_PHOTOS = 50


def draw_questions(
    model_version: ModelVersion, *, count: int, seed: int, kept: Sequence[ExamQuestion]
) -> list[ExamQuestion]:
    """Return up to ``count`` products, those of ``kept`` first, and up to ``MAX_PHOTOS`` photos.

    A product's place in the draw depends on its sku and the seed alone: as the catalogue changes,
    most questions stay.
    """
    candidates = _shown().embedded_by(model_version)
    skus = _kept([question.sku for question in kept], candidates, "sku")[:count]
    drawn = (
        candidates.exclude(sku__in=skus)
        .order_by(MD5(Concat(F("sku"), Value(f" {seed}"))), "sku")
        .values_list("sku", flat=True)[: count - len(skus)]
    )
    searches = ImageSearch.objects.alive().filter(
        status=ImageSearch.Status.DONE, model_version=model_version
    )
    photos = _kept([question.search for question in kept], searches, "pk")[:MAX_PHOTOS]
    newest = searches.exclude(pk__in=photos).order_by("-created_at").values_list("pk", flat=True)
    return [
        *(ExamQuestion(sku=sku) for sku in [*skus, *drawn]),
        *(ExamQuestion(search=str(pk)) for pk in [*photos, *newest[: MAX_PHOTOS - len(photos)]]),
    ]


def _kept(names: Sequence[str], rows: QuerySet[Any], field: str) -> list[str]:
    """Return the names that rows still have, in their order."""
    wanted = [name for name in names if name]
    there = {
        str(value)
        for value in rows.filter(**{f"{field}__in": wanted}).values_list(field, flat=True)
    }
    return [name for name in wanted if name in there]


def answer_questions(
    questions: Sequence[ExamQuestion],
    *,
    model_version: ModelVersion,
    limit: int,
    on_progress: OnProgress,
) -> list[ExamAnswer | None]:
    """Answer each question by a version; None where product, photo or embedding are gone."""
    answers = []
    for done, question in enumerate(questions, start=1):
        answers.append(
            _answer_product(question.sku, model_version, limit)
            if question.sku
            else _answer_photo(question.search, model_version, limit)
        )
        on_progress(done, len(questions))
    return answers


def _shown() -> ProductQuerySet:
    return Product.objects.published().available()


def _answer_product(sku: str, model_version: ModelVersion, limit: int) -> ExamAnswer | None:
    found = (
        ProductEmbedding.objects.filter(product__sku=sku, model_version=model_version)
        .order_by("image__position", "image_id")
        .values_list("embedding", "product__category")
        .first()
    )
    if found is None:
        return None
    vector, product_type = found
    others = _shown().exclude(sku=sku)
    return _search(vector, others, model_version, limit, product_type=product_type)


def _answer_photo(search_id: str, model_version: ModelVersion, limit: int) -> ExamAnswer | None:
    """Answer by a shopper's photo, embedded anew unless this very version did so already."""
    search = ImageSearch.objects.filter(pk=search_id).first()
    if search is None:
        return None
    if search.model_version_id == model_version.pk:
        vector = search.embedding
    else:
        vector = _embed(search, model_version)
    return None if vector is None else _search(vector, _shown(), model_version, limit)


def _embed(search: ImageSearch, model_version: ModelVersion) -> HalfVector | None:
    # Not above: every process loads this module, and only those that predict need LiteRT.
    from styles.inference import predict

    if not search.photo:  # The shop keeps none.
        return None
    try:
        with search.photo.open("rb") as file:
            photo = file.read()
    except FileNotFoundError:  # Its owner has just deleted it.
        return None
    (prediction,) = predict([photo], model_version=model_version, clustering=None)
    return None if isinstance(prediction, ImageError) else HalfVector(prediction.embedding)


def _search(
    vector: HalfVector,
    products: ProductQuerySet,
    model_version: ModelVersion,
    limit: int,
    *,
    product_type: str = "",
) -> ExamAnswer:
    rows = nearest_products(
        vector, model_version=model_version, products=products, limit=limit
    ).rows
    found = Product.objects.in_bulk([product_id for product_id, _ in rows])
    ranked = [found[product_id] for product_id, _ in rows if product_id in found]
    return ExamAnswer(
        product_type=product_type,
        skus=tuple(product.sku for product in ranked),
        product_types=tuple(product.category for product in ranked),
    )
