"""System checks of the styles app: can what serves be served? Each says how to mend what it found.

They look at rows, so only ``manage.py check --database default`` and ``make run`` have them look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from styles import artifacts
from styles.catalogue import get_catalogue
from styles.exceptions import ArtifactError
from styles.models import EMBEDDING_DIM, ModelVersion

MODEL_VERSIONS = "model_versions"
MIDDLEWARE = "styles.serving.ServingMiddleware"
# Below this many products an exact scan answers as fast as an index does.
LARGE_CATALOGUE = 20_000


@register(MODEL_VERSIONS)
def check_middleware(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where a request could see two model versions."""
    if MIDDLEWARE in settings.MIDDLEWARE:
        return []
    return [
        checks.Warning(
            f"{MIDDLEWARE} is not in MIDDLEWARE.",
            hint="Add it at the end. Without it, a request that is answered while another model "
            "version is put into service may rank by one version and name the other's clusters.",
            id="styles.W001",
        )
    ]


@register(MODEL_VERSIONS)
def check_model_versions(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse versions that serve, or are about to, and cannot."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        tables = connections["default"].introspection.table_names(cursor)
    if ModelVersion._meta.db_table not in tables:
        return []  # before the first `migrate`
    wanted = (ModelVersion.Status.ACTIVE, ModelVersion.Status.STAGED)
    versions = list(ModelVersion.objects.filter(status__in=wanted))
    return [message for version in versions for message in _check(version)]


def _check(version: ModelVersion) -> Iterator[CheckMessage]:
    if not version.is_loadable:
        yield Error(
            f"Model version {version.number}, which is {version.status}, is of another release: "
            f"its artifact has format {version.metadata.get('format_version')}.",
            hint="Train a new version with `manage.py train_model_version catalogue` and put it "
            "into service with `manage.py activate_model_version N`; one that is only staged, drop "
            f"with `manage.py prune_model_versions {version.number}`.",
            id="styles.E001",
        )
        return
    yield from _check_artifact(version)
    yield from _check_index(version)


def _check_artifact(version: ModelVersion) -> Iterator[CheckMessage]:
    """Yield what is wrong with its files, and with the width of what they make."""
    widths = {"row": version.metadata.get("embedding_dim")}
    try:
        widths["artifact"] = artifacts.load(version).metadata.embedding_dim
    except ArtifactError as error:
        yield Error(
            str(error),
            hint=f"The files belong under {version.artifact_prefix}/ in the storage "
            "ARTIFACT_STORAGE. If there is no copy of them, put another version into service with "
            "`manage.py activate_model_version N`; one that is only staged, drop with `manage.py "
            f"prune_model_versions {version.number}`.",
            id="styles.E002",
        )
    for place, width in widths.items():
        if width != EMBEDDING_DIM:
            yield Error(
                f"Embeddings of model version {version.number} are {width} wide by its {place}, "
                f"and {EMBEDDING_DIM} are stored.",
                hint="It was trained by another release, or its files were exchanged. Put another "
                "version into service with `manage.py activate_model_version N`, or train a new "
                "one with `manage.py train_model_version catalogue`.",
                id="styles.E003",
            )


def _check_index(version: ModelVersion) -> Iterator[CheckMessage]:
    """Yield a warning where searches of a large catalogue go without an index."""
    if version.status != ModelVersion.Status.ACTIVE:
        return  # it gets its index before it serves
    try:
        catalogue = get_catalogue()
    except ImproperlyConfigured:
        return
    size = catalogue.size()
    if size >= LARGE_CATALOGUE and not catalogue.has_index(version):
        yield checks.Warning(
            f"Model version {version.number} serves {size} products without a valid index: "
            "every search compares with all of them.",
            hint=f"Build it with `manage.py activate_model_version {version.number}`; shoppers "
            "are served meanwhile.",
            id="styles.W002",
        )
