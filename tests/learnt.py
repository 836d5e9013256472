"""A model version that has really been trained, small enough for tests: styles by colour."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from functools import cache, partial

from products.embedding import embed_images
from styles import artifacts
from styles.clustering import recluster
from styles.images import clean_image
from styles.ml.artifact import Artifact
from styles.ml.datasets import Example
from styles.models import ModelVersion, Style
from tests.shop import add_photo, make_product
from tests.styles.ml.tiny import COLOURS, photo, tiny_backbone, tiny_config

STYLES = {"blue": "classic", "green": "resort", "red": "punk"}
TYPES = {"blue": "Coats", "green": "Shirts", "red": "Dresses"}
PHOTOS_PER_COLOUR = 12


@cache
def learnt_artifact() -> Artifact:
    """Train and export once a process."""
    from styles.ml.training import train

    examples = [
        Example(
            key=f"{colour}-{number}",
            read=partial(photo, colour, number=number),
            labels={"style": STYLES[colour], "product_type": TYPES[colour]},
        )
        for number in range(PHOTOS_PER_COLOUR)
        for colour in COLOURS
    ]
    with tiny_backbone():
        return train(examples, config=tiny_config()).artifact


def learnt_version(number: int = 1, *, status: str = "active") -> ModelVersion:
    """Store the artifact and create its row."""
    artifact = learnt_artifact()
    return ModelVersion.objects.create(
        number=number,
        status=status,
        backbone=artifact.metadata.backbone,
        artifact_prefix=artifacts.save(artifact),
        metadata=asdict(artifact.metadata),
    )


def open_small_shop(version: ModelVersion, *, is_clustered: bool = True) -> None:
    """Sell twelve products in three colours and styles, embedded by the version and clustered."""
    images = []
    for number in range(12):
        colour = list(COLOURS)[number % len(COLOURS)]
        product = make_product(
            f"KF-{number:03}",
            name=f"{colour.title()} {TYPES[colour][:-1].lower()} {number}",
            name_ko=f"{colour} 상품 {number}",
            brand="Haneul",
            price=Decimal(10_000 + 1_000 * number),
            stock=0 if number == 11 else 5,
            gender="unisex",
            category=TYPES[colour],
            colour=colour.title(),
        )
        product.styles.add(Style.objects.get(code=STYLES[colour]))
        images.append(add_photo(product, clean_image(photo(colour, number=100 + number)).content))
    embed_images([image.pk for image in images], model_version=version)
    if is_clustered:
        recluster(version, clusters=len(COLOURS))
