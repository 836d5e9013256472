"""A shop that many people have searched and looked around in; for tests, and to look at."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

import numpy as np
from django.utils import timezone

from products.models import Calibration, ImageClassification, ImageSearch, Product
from shoppers.insights.models import SearchDay
from shoppers.models import Shopper, ShopperEvent, StyleSearchCount
from styles.models import ModelVersion
from styles.taxonomy import STYLE_GROUPS
from tests.shop import direction, make_clustering, make_product, make_search, place
from tests.shoppers.people import make_shopper

CUT_OFF = 0.4
GROUPS = [group.code for group in STYLE_GROUPS]
# The first style of each group stands for it.
STYLE_OF = {
    "traditional": "classic",
    "mannish": "mannish",
    "feminine": "feminine",
    "ethnic": "hippie",
    "contemporary": "modern",
    "natural": "resort",
    "genderfluid": "genderless",
    "sporty": "sporty",
    "subculture": "punk",
    "casual": "street",
    "other": "other",
}
COLOURS = ("Black", "Navy", "Red", "Beige", "Green", "White")
PRICES = (9_000, 29_000, 49_000, 89_000, 149_000)


def calibrate(version: ModelVersion, *, is_reliable: bool = True) -> Calibration:
    """Say that products up to CUT_OFF away come close."""
    return Calibration.objects.create(
        model_version=version,
        very_close=0.1,
        close=0.2,
        cut_off=CUT_OFF,
        is_reliable=is_reliable,
    )


def sell(sku: str, group: str, *, version: ModelVersion, **fields: object) -> Product:
    """Put a product of a style group on sale, in the direction a."""
    product = place(make_product(sku, **fields), direction(a=1), version=version)
    ImageClassification.objects.create(
        image=product.images.get(),
        model_version=version,
        probabilities={"style": {STYLE_OF[group]: 0.8, "classic": 0.2}},
    )
    return product


def noon(day: date) -> datetime:
    """Return the middle of a day."""
    return datetime.combine(day, time(12), timezone.get_current_timezone())


def note(shopper: Shopper, kind: str, product: Product, *, day: date) -> None:
    """Write down an event of a day."""
    ShopperEvent.objects.create(
        shopper=shopper,
        kind=kind,
        product=product,
        at=noon(day),
        dedupe_key=f"{kind}:{product.pk}:{day}",
    )


def photograph(
    version: ModelVersion,
    vector: np.ndarray,
    *,
    by: str,
    at: datetime | None = None,
    **fields: object,
) -> ImageSearch:
    """Have somebody search with a photo."""
    search = make_search(version, vector, owner=f"session:{by}", **fields)
    if at is not None:
        finished_at = at + timedelta(milliseconds=400)
        ImageSearch.objects.filter(pk=search.pk).update(created_at=at, finished_at=finished_at)
    return search


def near(axis: str, *, off: float, towards: str = "z") -> np.ndarray:
    """Return a vector near an axis."""
    return direction(**{axis: 1, towards: off})


def open_busy_shop(version: ModelVersion, *, today: date, seed: int = 7) -> None:
    """Fill twelve weeks with people who like what the shop has little of."""
    random = Random(seed)
    calibrate(version)
    clustering = make_clustering(
        version, {"Quiet tailoring": direction(a=1), "Loud denim": direction(b=1)}
    )
    clusters = list(clustering.clusters.all())
    products: dict[str, list[Product]] = {}
    for rank, group in enumerate(GROUPS):
        for number in range(2 + (rank * 7) % 9):
            product = sell(
                f"{group}-{number}",
                group,
                version=version,
                colour=random.choice(COLOURS),
                price=random.choice(PRICES),
                category="Coats",
            )
            products.setdefault(group, []).append(product)
            cluster = clusters[rank % 2]
            product.assignments.create(clustering=clustering, cluster=cluster)
    Product.objects.update(created_at=noon(today - timedelta(weeks=30)))
    people = [make_shopper() for _ in range(30)]
    for back in range(12):
        monday = today - timedelta(days=today.weekday()) - timedelta(weeks=back)
        days = [day for day in (monday, monday + timedelta(days=1)) if day <= today]
        for rank, group in enumerate(GROUPS):
            pull = max(1, 8 + (12 - back if rank % 3 == 0 else back - 4 if rank % 3 == 1 else 0))
            for shopper in random.sample(people, min(len(people), pull)):
                product, day = random.choice(products[group]), random.choice(days)
                note(shopper, "view", product, day=day)
                if random.random() < 0.05 + 0.04 * rank:
                    note(shopper, "like", product, day=day)
                if random.random() < 0.1:
                    note(shopper, "click", product, day=day)
            StyleSearchCount.objects.create(day=days[0], style_group=group, searchers=pull + 3)
    for back in range(1, 30):
        SearchDay.objects.create(
            day=today - timedelta(days=back),
            answered=120 + back,
            failures={"image_too_large": back % 4, "artifact_unusable": back % 2},
            judged=100,
            unmatched=10 + back % 5,
            median_milliseconds=200 + back,
            p95_milliseconds=500 + 20 * (back % 7),
        )


def photograph_gaps(version: ModelVersion, *, people: int, at: datetime | None = None) -> None:
    """Have people photograph two things that the shop does not have."""
    described = {
        "c": ({"style": {"punk": 0.7, "street": 0.3}, "product_type": {"Boots": 0.8, "Shoes": 0.2}},
              [["#1a1a1c", 0.7], ["#c41f2d", 0.3]]),
        "d": ({"style": {"feminine": 0.9, "resort": 0.1}, "product_type": {"Dresses": 0.9}},
              [["#eea6ba", 0.6], ["#f2f2f0", 0.4]]),
    }  # fmt: skip
    for axis, (probabilities, palette) in described.items():
        for number in range(people):
            photograph(
                version,
                near(axis, off=0.02 * number),
                by=f"{axis}{number}",
                at=at,
                probabilities=probabilities,
                palette=palette,
            )
