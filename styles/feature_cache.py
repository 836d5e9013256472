"""Door to the feature cache: where it lies, and which network a file of it belongs to.

Called by training and by the comparison of backbones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from styles import conf
from styles.ml.feature_cache import FeatureCache


@contextmanager
def open_feature_cache(
    backbone: str, *, weights: Path | None = None
) -> Iterator[FeatureCache | None]:
    """Give the cache of a frozen backbone, or None where ``FEATURE_CACHE_FOLDER`` is None.

    Args:
        backbone: its name in the table of backbones.
        weights: a weights file used in place of the backbone's own; another file is another cache.

    Raises:
        OSError: the weights file cannot be read.
    """
    folder = conf.get("FEATURE_CACHE_FOLDER")
    if folder is None:
        yield None
        return
    network = backbone
    if weights is not None:
        with weights.open("rb") as file:
            network += f"@{hashlib.file_digest(file, 'sha256').hexdigest()}"
    with FeatureCache(Path(folder), network=network) as cache:
        yield cache
