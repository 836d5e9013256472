"""The list of products in the admin: what its rows tell, and how it is narrowed; for its admin.

Nothing here reads more of a million products than a page shows: counts are capped, rows are told
of by a constant number of queries, and filters ask what an index answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from products import conf, vocabulary
from products.messages import failure_sentence
from products.models import ImageClassification, Product, ProductEmbedding, ProductImage
from products.querysets import ProductQuerySet
from styles.models import Cluster, ModelVersion, StyleGroup

# One step through the index for each category, however many products there are of it.
CATEGORIES = """
WITH RECURSIVE found (word) AS (
    (SELECT upper(category) FROM products_product ORDER BY 1 LIMIT 1)
    UNION ALL
    SELECT (SELECT upper(category) FROM products_product
            WHERE upper(category) > found.word ORDER BY 1 LIMIT 1)
    FROM found WHERE found.word IS NOT NULL
)
SELECT (SELECT category FROM products_product WHERE upper(category) = found.word LIMIT 1)
FROM found WHERE found.word <> ''
"""
NOTES = "row_notes"
EMBEDDED, WAITING, FAILED, NO_PHOTO = "embedded", "waiting", "failed", "no_photo"


@dataclass(frozen=True)
class RowNotes:
    """What a row tells of a product beside its own fields.

    ``mix`` is the style mix of its first photo, ``reasons`` why photos of it failed, in words.
    """

    state: str
    mix: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


class CappedPaginator(Paginator):
    """Counts to ``COUNT_MAX`` and no further."""

    object_list: QuerySet[Any]

    @cached_property
    def _found(self) -> int:
        return self.object_list.order_by()[: _most() + 1].count()

    @cached_property
    def count(self) -> int:
        """Return how many there are, at most ``COUNT_MAX``."""
        return min(self._found, _most())

    @property
    def is_count_exact(self) -> bool:
        """Whether there are no more than that."""
        return self._found <= _most()


def _most() -> int:
    most: int = conf.get("COUNT_MAX")
    return most


class ProductChangeList(ChangeList):
    """A page of products with notes on each."""

    def get_results(self, request: HttpRequest) -> None:
        """Read the page's rows at once, and what is to be told of them."""
        super().get_results(request)
        products = list(self.result_list)
        notes = _take_notes(products)
        for product in products:
            vars(product)[NOTES] = notes[product.pk]
        self.result_list = products


def notes_on(product: Product) -> RowNotes:
    """Return the notes on a product of the list."""
    notes: RowNotes = vars(product)[NOTES]
    return notes


def _take_notes(products: list[Product]) -> dict[int, RowNotes]:
    version = ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE).first()
    if version is None:
        return {product.pk: _note(product, set(), {}) for product in products}
    embedded = ProductEmbedding.objects.filter(product__in=products, model_version=version)
    firsts = [image.pk for product in products if (image := product.first_image)]
    classified = ImageClassification.objects.filter(image__in=firsts, model_version=version)
    image_ids = set(embedded.values_list("image_id", flat=True))
    mixes = dict(classified.values_list("image_id", "probabilities"))
    return {product.pk: _note(product, image_ids, mixes) for product in products}


def _note(
    product: Product, embedded: set[int], mixes: Mapping[int, Mapping[str, Mapping[str, float]]]
) -> RowNotes:
    images = list(product.images.all())
    if not images:
        return RowNotes(NO_PHOTO)
    said = mixes.get(images[0].pk, {})
    codes = dict.fromkeys(image.error_code for image in images if image.error_code)
    state = FAILED if codes else EMBEDDED
    if not codes and any(image.pk not in embedded for image in images):
        state = WAITING
    return RowNotes(
        state,
        said.get("style") or said.get("style_group") or {},
        tuple(failure_sentence(code) for code in codes),
    )


def _products(queryset: QuerySet[Any]) -> ProductQuerySet:
    return cast("ProductQuerySet", queryset)


class CategoryFilter(SimpleListFilter):
    """Narrows the list to a category."""

    title = _("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the categories there are, in the language of the page."""
        with connection.cursor() as cursor:
            cursor.execute(CATEGORIES)
            words = [word for (word,) in cursor.fetchall() if word]
        return [(word, vocabulary.category_name(word)) for word in words]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the products of the category, in any case."""
        value = self.value()
        return _products(queryset).of_categories([value]) if value else queryset


class StyleFilter(SimpleListFilter):
    """Narrows the list to a style group."""

    title = _("style group")
    parameter_name = "style"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the style groups of the taxonomy."""
        return [(group.code, group.name) for group in StyleGroup.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the products of the style group."""
        value = self.value()
        return _products(queryset).in_style(value) if value else queryset


class ClusterFilter(SimpleListFilter):
    """Narrows the list to a cluster in force."""

    title = _("cluster")
    parameter_name = "cluster"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the clusters that shoppers see."""
        return [(str(each.number), f"{each.number} {each}") for each in Cluster.objects.in_force()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the products of the cluster; none of one that has gone."""
        value = self.value()
        if not value:
            return queryset
        if not value.isdecimal():
            return queryset.none()
        return _products(queryset).in_clusters([int(value)])


class EmbeddingFilter(SimpleListFilter):
    """Narrows the list to products that workers have looked at, have yet to, or could not."""

    title = _("photos")
    parameter_name = "photos"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the states."""
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the products with a photo in the state, or without any photo."""
        images = ProductImage.objects.filter(product=OuterRef("pk"))
        version = ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE).first()
        if self.value() == FAILED:
            return queryset.filter(Exists(images.exclude(error_code="")))
        if self.value() == NO_PHOTO:
            return queryset.filter(~Exists(images))
        if self.value() == EMBEDDED and version:
            embedded = ProductEmbedding.objects.filter(product=OuterRef("pk"))
            return queryset.filter(Exists(embedded.filter(model_version=version)))
        if self.value() == WAITING and version:
            return queryset.filter(Exists(images.missing_embedding_by(version)))
        if self.value() == EMBEDDED:
            return queryset.none()
        return queryset


STATES = {
    EMBEDDED: _("embedded"),
    WAITING: _("waiting"),
    FAILED: _("failed"),
    NO_PHOTO: _("no photo"),
}
