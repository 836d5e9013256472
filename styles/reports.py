"""Reports of evaluations: one JSON for scripts, one page for people, kept beside the artifacts.

Called by ``evaluate_model_version``, by the job that does the same, and by the admin, which shows
them. The storage is not public, as the page shows photos.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image

from styles import artifacts, conf
from styles.catalogue import Example
from styles.exceptions import EvaluationError
from styles.images import ImageError
from styles.ml.images import open_image
from styles.models import ModelVersion
from styles.report_page import render_report

if TYPE_CHECKING:
    from styles.evaluation import Evaluation

LANGUAGES = ("ko", "en")
PAGE_FILE, NUMBERS_FILE = "report.html", "report.json"
TIME_FORMAT = "%Y%m%dT%H%M%S.%fZ"
THUMBNAIL_SIZE = (300, 400)
THUMBNAIL_QUALITY = 60


@dataclass(frozen=True)
class StoredReport:
    """Where a report is: `page` and `numbers` are paths, or names in a storage that has none."""

    page: str
    numbers: str


def default_language() -> str:
    """Return the language of the site, English where it is neither of those a report can be in."""
    language = settings.LANGUAGE_CODE.split("-")[0]
    return language if language in LANGUAGES else "en"


def store_report(
    evaluation: Evaluation,
    examples: Sequence[Example],
    *,
    language: str,
    output: Path | None = None,
) -> StoredReport:
    """Write a report into the artifact storage and, if asked, into a folder too.

    Args:
        examples: those that were evaluated; thumbnails of a few are made from them.
        language: of the page, ``ko`` or ``en``.
        output: a folder; it is made if it is not there, and files of a report in it are replaced.

    Returns:
        Where the report is: in `output` if that is given.

    Raises:
        EvaluationError: it cannot be written.
    """
    page = render_report(
        evaluation, photos=dict(_thumbnails(evaluation, examples)), language=language
    )
    numbers = json.dumps(asdict(evaluation), ensure_ascii=False, indent=1)
    files = {PAGE_FILE: page.encode(), NUMBERS_FILE: numbers.encode()}
    try:
        stored = _keep(files, model_version=evaluation.model_version)
        if output:
            output.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (output / name).write_bytes(content)
            stored = {name: str(output / name) for name in files}
    except OSError as error:
        raise EvaluationError(f"The report cannot be written: {error}.") from error
    return StoredReport(page=stored[PAGE_FILE], numbers=stored[NUMBERS_FILE])


def find_report(model_version: ModelVersion) -> str | None:
    """Return the prefix of the latest report on a version in the artifact storage; None if none.

    Numbers of pruned versions are given again: a report that is older than the version is not its.
    """
    storage = artifacts.artifact_storage()
    folder = f"reports/{model_version.number}"
    try:
        times, _ = storage.listdir(folder)
    except FileNotFoundError:
        return None
    trained = model_version.created_at.astimezone(UTC).strftime(TIME_FORMAT)
    for time in sorted(times, reverse=True):
        names = (PAGE_FILE, NUMBERS_FILE)
        if time > trained and all(storage.exists(f"{folder}/{time}/{name}") for name in names):
            return f"{folder}/{time}"
    return None


def read_report(prefix: str, name: str) -> bytes:
    """Return a file of a report: ``PAGE_FILE`` or ``NUMBERS_FILE``.

    Raises:
        FileNotFoundError: it has just been removed.
    """
    with artifacts.artifact_storage().open(f"{prefix}/{name}") as file:
        content: bytes = file.read()
    return content


def _keep(files: dict[str, bytes], *, model_version: int) -> dict[str, str]:
    storage = artifacts.artifact_storage()
    time = datetime.now(UTC).strftime(TIME_FORMAT)
    stored = {}
    for name, content in files.items():
        kept = storage.save(f"reports/{model_version}/{time}/{name}", ContentFile(content))
        try:
            stored[name] = storage.path(kept)
        except NotImplementedError:  # A bucket has names, not paths.
            stored[name] = kept
    return stored


def _thumbnails(evaluation: Evaluation, examples: Sequence[Example]) -> Iterator[tuple[int, str]]:
    """Yield place and ``data:`` address of each photo the page shows, if it can still be read."""
    places = {
        sighting.photo
        for card in evaluation.label_sets.values()
        for sighting in (*card.mistakes, *card.least_certain)
    }
    for place in sorted(places):
        try:
            yield place, _thumbnail(examples[place].read())
        except (ImageError, OSError):  # Gone since it was measured; the page says so.
            continue


def _thumbnail(photo: bytes) -> str:
    image = open_image(photo, limits=conf.image_limits(), draft_side=min(THUMBNAIL_SIZE))
    image.thumbnail(THUMBNAIL_SIZE, Image.Resampling.LANCZOS)
    image.info = {}
    content = io.BytesIO()
    image.save(content, "WEBP", quality=THUMBNAIL_QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(content.getvalue()).decode()}"
