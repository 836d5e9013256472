"""Judges the photos of products and says what to do about them; called by ``coach_photos``.

Thresholds were found on 400 of the shop's own product photos and 400 photos that people took of
their clothes, as they were and blurred: see docs/photo-coach.md. What pixels cannot tell is not
told: several garments that lie close together look like one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext_lazy as _

from products.category_families import OTHER, family_of
from products.duplicates import find_duplicates
from products.models import CatalogueImport, ImageClassification, Product, ProductImage
from products.querysets import ProductImageQuerySet
from styles.models import ModelVersion
from styles.photo_quality import ImageError, PhotoQuality, measure_photo

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SMALL, BLURRED, CLUTTERED = "photo_small", "photo_blurred", "photo_cluttered"
UNLIKE_CATEGORY, DUPLICATE = "photo_unlike_category", "photo_duplicate"
UNREADABLE = "photo_unreadable"
MIN_SIDE: Final = 200
"""Pixels of the shorter side that a card needs on a good screen."""
MIN_SHARPNESS: Final = 0.45
MAX_CLUTTER: Final = 0.2
SURE: Final = 0.9
_CHUNK: Final = 500

ADVICE: Final[Mapping[str, StrPromise]] = {
    SMALL: _("The photo is too small to look good. Take the original in its full size."),
    BLURRED: _("The photo is blurred. Take it again with more light and a steady hand."),
    CLUTTERED: _(
        "There is much beside the garment, or more than one. Photograph it alone before a plain "
        "background, or cut it out."
    ),
    UNLIKE_CATEGORY: _(
        "The photo looks like another kind of product than its category says. Check both."
    ),
    DUPLICATE: _("Another product has the same photo. Check whether one of them is to go."),
    UNREADABLE: _("The photo cannot be read any more. Upload it again."),
}
"""Code -> what to do, in a sentence."""


@dataclass(frozen=True)
class PhotoAdvice:
    """Something to do about a photo.

    Attributes:
        image: key of the photo; of a duplicate, of the product's first.
        measure: what was measured, or what it is mistaken for: category or SKUs.
    """

    sku: str
    image: int
    code: str
    measure: str

    @property
    def sentence(self) -> str:
        """What to do, in the language in use."""
        return str(ADVICE[self.code])


def judge_quality(quality: PhotoQuality, *, width: int, height: int) -> list[tuple[str, str]]:
    """Return code and measure of each fault that pixels tell; the size is that of the stored photo.

    A small photo is judged by its size alone: enlarged, it would count as blurred too.
    """
    if min(width, height) < MIN_SIDE:
        return [(SMALL, f"{width} x {height}")]
    found = []
    if quality.sharpness < MIN_SHARPNESS:
        found.append((BLURRED, f"{quality.sharpness:.2f}"))
    if quality.clutter > MAX_CLUTTER:
        found.append((CLUTTERED, f"{quality.clutter:.2f}"))
    return found


def advise(
    *,
    catalogue_import: CatalogueImport | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Iterator[PhotoAdvice]:
    """Yield what to do about photos, fault by fault.

    Args:
        catalogue_import: judge the photos of products that it created or changed alone.
    """
    images = ProductImage.objects.filter(product__is_published=True)
    if catalogue_import is not None:
        touched = catalogue_import.products.filter(product__isnull=False)
        images = images.filter(product__in=touched.values("product"))
    version = ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE).first()
    total, done, last = images.count(), 0, 0
    while chunk := _next(images, last):
        yield from _of_pixels(chunk)
        if version is not None:
            yield from _of_classification(chunk, version)
        last, done = chunk[-1].pk, done + len(chunk)
        if on_progress:
            on_progress(done, total)
    yield from _of_duplicates(images, version)


def _next(images: ProductImageQuerySet, last: int) -> list[ProductImage]:
    following = images.filter(pk__gt=last).select_related("product").order_by("pk")
    return list(following[:_CHUNK])


def _of_pixels(images: Sequence[ProductImage]) -> Iterator[PhotoAdvice]:
    for image in images:
        try:
            with image.file.open("rb") as file:
                quality = measure_photo(file.read())
        except (FileNotFoundError, ImageError) as error:
            reason = getattr(error, "code", "image_missing")
            yield PhotoAdvice(image.product.sku, image.pk, UNREADABLE, reason)
            continue
        for code, measure in judge_quality(quality, width=image.width, height=image.height):
            yield PhotoAdvice(image.product.sku, image.pk, code, measure)


def _of_classification(
    images: Sequence[ProductImage], version: ModelVersion
) -> Iterator[PhotoAdvice]:
    """Tell photos that the model is sure to be of another family of products than their category.

    Within a family shops disagree on words: a top may be a blouse.
    """
    types = dict(
        ImageClassification.objects.filter(image__in=images, model_version=version).values_list(
            "image_id", KeyTransform("product_type", "probabilities")
        )
    )
    for image in images:
        if not (probabilities := types.get(image.pk)):
            continue
        seen = max(probabilities, key=probabilities.__getitem__)
        said, looks = family_of(image.product.category), family_of(seen)
        if probabilities[seen] >= SURE and OTHER not in {said, looks} and said != looks:
            yield PhotoAdvice(image.product.sku, image.pk, UNLIKE_CATEGORY, seen)


def _of_duplicates(
    images: ProductImageQuerySet, version: ModelVersion | None
) -> Iterator[PhotoAdvice]:
    for group in find_duplicates(version).groups:
        products = Product.objects.filter(sku__in=group.skus, images__in=images).distinct()
        for product in products.order_by("pk"):
            first = product.first_image
            if first is not None:
                others = ", ".join(sku for sku in group.skus if sku != product.sku)
                yield PhotoAdvice(product.sku, first.pk, DUPLICATE, others)
