"""Settings of the styles app, with their defaults; everything else in the app reads them here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from styles.ml.images import ImageLimits

DEFAULTS: dict[str, Any] = {
    # Largest accepted photo file and its largest width x height, both checked before decoding.
    "MAX_UPLOAD_BYTES": 10 * 1024 * 1024,
    "MAX_IMAGE_PIXELS": 50_000_000,
    # Longest side kept of a stored photo; larger ones are scaled down when they come in.
    "MAX_STORED_SIDE": 1600,
    # Storage alias that holds model artifacts. It must never be served to the public.
    "ARTIFACT_STORAGE": "artifacts",
    # LiteRT threads in one worker child. One is best while there are as many children as cores.
    "INFERENCE_THREADS": 1,
    "SEED": 20_170_407,
    # Folder for what trainings go on from after a kill; None for var/training below BASE_DIR.
    "TRAINING_FOLDER": None,
    # Folder that keeps what frozen backbones said of photos, so that training on them again takes
    # seconds; None keeps nothing. It may be deleted at any time.
    "FEATURE_CACHE_FOLDER": None,
    # A running job renews its lease three times in this time; a dead one is found this much later.
    "JOB_LEASE_SECONDS": 60,
    # Pause after the first setback of a job; each further one doubles it.
    "JOB_RETRY_SECONDS": 5,
    # A waiting job of which nothing was heard for this long is sent to the workers again.
    "JOB_RESEND_SECONDS": 60,
}


def get(name: str) -> Any:
    """Return ``settings.KFASHION[name]``, or its default.

    Raises:
        KeyError: the app has no setting of that name.
    """
    return getattr(settings, "KFASHION", {}).get(name, DEFAULTS[name])


def image_limits() -> ImageLimits:
    """Return the limits every photo is held to, in bytes and pixels."""
    return ImageLimits(max_bytes=get("MAX_UPLOAD_BYTES"), max_pixels=get("MAX_IMAGE_PIXELS"))


def training_folder() -> Path:
    """Return the folder for what trainings go on from after a kill."""
    folder = get("TRAINING_FOLDER")
    return Path(folder) if folder else Path(settings.BASE_DIR) / "var" / "training"
