"""``manage.py describe_photos``: palettes and fingerprints for photos embedded without them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from products import conf
from products.photo_traits import describe_images, photos_without_traits
from styles.console import ReportingCommand, progress_bar


@dataclass(frozen=True)
class Described:
    """How many photos were described, and how many could not be read."""

    described: int
    failed: int


class Command(ReportingCommand):
    """Describe what has not been described yet; interrupted, it goes on where it stopped."""

    help = __doc__

    def report(self, options: dict[str, Any]) -> Described:
        missing = list(photos_without_traits().order_by("pk").values_list("pk", flat=True))
        size = conf.get("EMBEDDING_CHUNK")
        described = 0
        with progress_bar("Describing photos", unit="photo") as on_progress:
            for start in range(0, len(missing), size):
                described += describe_images(missing[start : start + size])
                on_progress(min(start + size, len(missing)), len(missing))
        return Described(described=described, failed=len(missing) - described)

    def describe(self, result: Described) -> Iterator[str]:
        yield f"Photos: {result.described} described, {result.failed} failed."
