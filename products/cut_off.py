"""What a distance means to people, learnt from the shop's own catalogue, one scale a model version.

``calibrate`` runs when a version is activated, and on request; pages, API and commands grade hits
by what it stored and say "no close match" beyond its cut-off.

How the cut-off is found, and why. The positives that a catalogue holds, photos of one product or
products of one type, are studio photos beside studio photos: 95 % of the shop's nearest neighbours
lie within 0.11, but 80 % of shoppers' photos lie beyond it. So products are restaged as if
photographed at home (see ``styles.ml.stand_ins``): what they show is known to be in the shop. The
negatives are drawn pictures that show nothing a shop sells. The cut-off is where both errors are
equally frequent, which needs no weight and no share to be chosen by hand; and it is never nearer
than the shop's own neighbours are, so that what looks like the shop always finds something.
Measured in docs/matches.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.db import models
from django.db.models import CharField
from django.db.models.functions import MD5, Cast
from django.utils.translation import gettext_lazy as _
from pgvector import HalfVector

from products.filters import ProductFilters
from products.models import Calibration, Product, ProductEmbedding
from products.nearest import nearest_products
from products.querysets import ProductQuerySet
from styles.models import ModelVersion

if TYPE_CHECKING:
    from products.search import Page, QueryVector

# Enough to know a share of errors to 4 % or so, in the seconds that an activation can spare.
SAMPLED_PHOTOS = 160
PICTURES_OF_NOTHING = 160
MIN_PHOTOS = 5
NEIGHBOUR_SHARE = 0.95
# Above it, photos of products and of nothing lie about as near: the model cannot tell.
MAX_ERROR = 1 / 3
# What the bounds are said to be in percent; between them it is in proportion.
PERCENT_AT_BOUNDS = (100.0, 90.0, 75.0, 50.0, 0.0)
FAR = 1.0


class Grade(models.TextChoices):
    """How well a product matches, in words."""

    VERY_CLOSE = "very_close", _("Very close")
    CLOSE = "close", _("Close")
    RELATED = "related", _("Related")
    DISTANT = "distant", _("Distant")


@dataclass(frozen=True)
class Match:
    """How well a product matches: ``percent`` is 100 for the same photo and 50 at the cut-off."""

    grade: Grade
    percent: int

    @property
    def name(self) -> str:
        """The grade in the active language."""
        return str(self.grade.label)


@dataclass(frozen=True)
class Bounds:
    """Cosine distances up to which hits are very close, close and related; in ascending order.

    Attributes:
        missed: share of home photos of the shop's own products that lie beyond the cut-off.
        wrongly_found: share of pictures of nothing that lie within it.
    """

    very_close: float
    close: float
    cut_off: float
    missed: float
    wrongly_found: float

    @property
    def is_reliable(self) -> bool:
        """Whether products are told from nothing well enough to say "no close match"."""
        return max(self.missed, self.wrongly_found) <= MAX_ERROR


def learn_bounds(neighbours: np.ndarray, *, at_home: np.ndarray, nothing: np.ndarray) -> Bounds:
    """Return the bounds that three samples of distances to the nearest product tell.

    Args:
        neighbours: float (N,), of the shop's products to their nearest neighbours.
        at_home: float (M,), of stand-ins for shoppers' photos.
        nothing: float (K,), of pictures that show no product.
    """
    very_close = float(np.quantile(neighbours, NEIGHBOUR_SHARE))
    close = max(very_close, float(np.median(at_home)))
    tried = np.sort(np.concatenate([at_home, nothing]))
    missed = 1.0 - np.searchsorted(np.sort(at_home), tried, side="right") / len(at_home)
    found = np.searchsorted(np.sort(nothing), tried, side="right") / len(nothing)
    cut_off = max(close, float(tried[np.maximum(missed, found).argmin()]))
    return Bounds(
        very_close=very_close,
        close=close,
        cut_off=cut_off,
        missed=float((at_home > cut_off).mean()),
        wrongly_found=float((nothing <= cut_off).mean()),
    )


def calibrate(model_version: ModelVersion) -> Calibration | None:
    """Learn and store what a version's distances mean; None with too few photos to learn from.

    Call it where the version's index is built: it asks for some 500 nearest products.

    Raises:
        ArtifactError: the version's files are missing or damaged.
    """
    # Not above: pages read scales, and only who learns one needs LiteRT.
    from products.catalogue import StoredPhoto
    from styles.stand_ins import embed_stand_ins

    products = ProductFilters(in_stock=False).apply(Product.objects.all())
    sampled = _sample(model_version, products)
    if len(sampled) < MIN_PHOTOS:
        _forget(model_version)
        return None
    stand_ins = embed_stand_ins(
        [StoredPhoto(row.image) for row in sampled],
        pictures_of_nothing=PICTURES_OF_NOTHING,
        model_version=model_version,
    )
    if len(stand_ins.at_home) < MIN_PHOTOS:
        _forget(model_version)
        return None
    neighbours = _distances(
        [row.embedding for row in sampled],
        model_version,
        products,
        [row.product_id for row in sampled],
    )
    bounds = learn_bounds(
        neighbours,
        at_home=_distances([HalfVector(v) for v in stand_ins.at_home], model_version, products),
        nothing=_distances([HalfVector(v) for v in stand_ins.nothing], model_version, products),
    )
    calibration, _created = Calibration.objects.update_or_create(
        model_version=model_version,
        defaults={
            "very_close": bounds.very_close,
            "close": bounds.close,
            "cut_off": bounds.cut_off,
            "is_reliable": bounds.is_reliable,
            "report": {
                "photos": len(stand_ins.at_home),
                "pictures_of_nothing": len(stand_ins.nothing),
                "missed": round(bounds.missed, 4),
                "wrongly_found": round(bounds.wrongly_found, 4),
            },
        },
    )
    return calibration


def calibration_of(model_version: ModelVersion) -> Calibration | None:
    """Return the scale of a version, or None where it has not been calibrated."""
    return Calibration.objects.filter(model_version=model_version).first()


def match(distance: float, calibration: Calibration) -> Match:
    """Grade a cosine distance."""
    bounds = (calibration.very_close, calibration.close, calibration.cut_off)
    reached = sum(distance > bound for bound in bounds)
    percent = np.interp(distance, (0.0, *bounds, max(FAR, bounds[-1])), PERCENT_AT_BOUNDS)
    return Match(list(Grade)[reached], int(percent + 1e-6))


def has_close_match(
    page: Page,
    query: QueryVector,
    *,
    filters: ProductFilters,
    calibration: Calibration | None,
) -> bool | None:
    """Tell whether any product that matches the filters comes close; None where nobody knows.

    The nearest one need not stand on the page: a later page, another group first, a wish.
    """
    if calibration is None or not calibration.is_reliable:
        return None
    if any(hit.distance <= calibration.cut_off for hit in page.hits):
        return True
    nearest = nearest_products(
        query.vector,
        model_version=query.model_version,
        products=query.narrow(filters.apply(Product.objects.all())),
        limit=1,
    )
    return any(distance <= calibration.cut_off for _, distance in nearest.rows)


def _forget(model_version: ModelVersion) -> None:
    """Remove a scale that was learnt when there was more to learn from."""
    Calibration.objects.filter(model_version=model_version).delete()


def _sample(model_version: ModelVersion, products: ProductQuerySet) -> list[ProductEmbedding]:
    """Return embedded photos of published products, always the same of the same catalogue."""
    rows = ProductEmbedding.objects.filter(model_version=model_version, product__in=products)
    lots = rows.annotate(lot=MD5(Cast("image_id", CharField()))).order_by("lot")
    return list(lots.select_related("image")[:SAMPLED_PHOTOS])


def _distances(
    vectors: Sequence[HalfVector],
    model_version: ModelVersion,
    products: ProductQuerySet,
    own_ids: Sequence[int] = (),
) -> np.ndarray:
    """Return the distance of each vector to the nearest product, its own product left out."""
    found = []
    for place, vector in enumerate(vectors):
        others = products.exclude(pk=own_ids[place]) if own_ids else products
        nearest = nearest_products(vector, model_version=model_version, products=others, limit=1)
        found += [distance for _, distance in nearest.rows]
    return np.array(found)
