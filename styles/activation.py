"""Puts a model version into service beside the one that serves, and takes it out again.

Called by the job of ``styles.activation_jobs`` and by ``activate_model_version --undo``. The flip
comes last, in one transaction: no request ever compares vectors of two versions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from styles import artifacts
from styles.catalogue import EmbeddingCounts, OnProgress, get_catalogue
from styles.clustering import Reclustering, recluster
from styles.exam import ExamReport, examine
from styles.exceptions import ActivationError
from styles.ml.progress import OnStage, ignore_stage
from styles.models import Clustering, ModelVersion
from styles.signals import model_version_activated, model_version_flipped

"""Called with a stage's name, how many are done and how many there are."""


@dataclass(frozen=True)
class Activation:
    """What an activation came to.

    ``clusters`` is None where the version's were kept, ``comparison`` where there was no other
    version to compare with, or nothing to ask it; ``previous`` is the number of the version that
    undo leads back to.
    """

    model_version: int
    embedding: EmbeddingCounts
    clusters: Reclustering | None
    comparison: ExamReport | None
    previous: int | None


@dataclass(frozen=True)
class Undo:
    """What going back came to; ``queued`` photos are being embedded for the version anew."""

    model_version: int
    undone: int
    queued: int


def activate_model_version(
    model_version: ModelVersion,
    *,
    min_overlap: float | None = None,
    on_progress: OnStage | None = None,
    on_activated: Callable[[Activation], None] | None = None,
) -> Activation:
    """Stage a version; embed, cluster, index, calibrate, compare, and flip.

    Interrupted, it goes on where it stopped when called again; the other version serves until the
    flip. While a version is staged, new and changed photos are embedded for both.

    Args:
        model_version: the version that is to serve.
        min_overlap: refuse to flip where the mean overlap of its answers with those of the serving
            version is below this, 0 to 1.
        on_progress: called with a stage's name, how many are done and how many there are: first
            "embedding", then those of clustering, then "index", "calibrating" and "comparing".
        on_activated: called with the result within the transaction of the flip: if it raises, the
            other version serves on.

    Raises:
        ActivationError: the versions' answers have too little in common.
        StylesError: artifact, workers or clusters are not to be had; nothing has changed for
            shoppers then.
    """
    report = on_progress or ignore_stage
    catalogue = get_catalogue()
    artifacts.load(model_version)
    _stage(model_version)
    counts = catalogue.embed(model_version, on_progress=_stage_reporter("embedding", report))
    clusters = _cluster(model_version, report)
    report("index", 0, 1)
    catalogue.build_index(model_version, on_progress=_stage_reporter("index", report))
    report("calibrating", 0, 1)
    catalogue.calibrate(model_version)
    serving = ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE).first()
    comparison = None
    if serving is not None and serving != model_version:
        comparison = examine(
            model_version, serving=serving, on_progress=_stage_reporter("comparing", report)
        )
        _require_overlap(comparison, min_overlap, model_version=model_version)
    # Photos whose message was lost while all this went on.
    catalogue.embed(model_version)
    activation = Activation(
        model_version=model_version.number,
        embedding=counts,
        clusters=clusters,
        comparison=comparison,
        previous=_number_to_go_back_to(model_version, serving),
    )
    with transaction.atomic():
        _flip(model_version)
        if on_activated is not None:
            on_activated(activation)
    return activation


def undo_activation() -> Undo:
    """Flip back to the version that served before, at once, and embed for it what it has missed.

    Its rows and its index are still there, and new photos were embedded for it as well. Should a
    message have been lost, those photos follow within moments: going back is not kept waiting.

    Raises:
        NoActiveModelVersionError: nothing serves.
        ActivationError: there is no version to go back to.
        ArtifactError: its artifact is gone or damaged.
    """
    present = ModelVersion.objects.active()
    previous = present.previous
    if previous is None:
        raise ActivationError(
            f"There is nothing to go back to: no version served before model version "
            f"{present.number}, or it has been pruned. Put any version that there is into service "
            "with `manage.py activate_model_version N`."
        )
    catalogue = get_catalogue()
    artifacts.load(previous)
    if catalogue.has_embeddings(present) and not catalogue.has_embeddings(previous):
        raise ActivationError(
            f"The embeddings of model version {previous.number} are gone: make them anew with "
            f"`manage.py activate_model_version {previous.number}`."
        )
    with transaction.atomic():
        _flip(previous, is_undo=True)
    queued = catalogue.queue_missing(previous)
    clustering = Clustering.objects.active_for(previous)
    if clustering is not None:
        catalogue.assign_unassigned(clustering)
    return Undo(model_version=previous.number, undone=present.number, queued=queued)


def _stage(model_version: ModelVersion) -> None:
    """Stage a version unless it serves: from now on new photos are embedded for it as well."""
    ModelVersion.objects.filter(pk=model_version.pk).exclude(
        status=ModelVersion.Status.ACTIVE
    ).update(status=ModelVersion.Status.STAGED)
    model_version.refresh_from_db()


def _cluster(model_version: ModelVersion, report: OnStage) -> Reclustering | None:
    """Cluster a version that has no clusters yet; else give those to what came meanwhile."""
    clustering = Clustering.objects.active_for(model_version)
    if clustering is None:
        return recluster(model_version, on_progress=report)
    get_catalogue().assign_unassigned(clustering)
    return None


def _require_overlap(
    comparison: ExamReport | None, min_overlap: float | None, *, model_version: ModelVersion
) -> None:
    if min_overlap is None or comparison is None or comparison.mean_overlap >= min_overlap:
        return
    raise ActivationError(
        f"The nearest products of model versions {comparison.model_version} and "
        f"{model_version.number} overlap by {comparison.mean_overlap:.3f} on average over "
        f"{comparison.questions} example queries, and at least {min_overlap:g} was asked for. "
        f"Model version {comparison.model_version} serves on; without --min-overlap the same "
        "command flips at once."
    )


def _number_to_go_back_to(model_version: ModelVersion, serving: ModelVersion | None) -> int | None:
    if serving is not None and serving != model_version:
        return serving.number
    return model_version.previous.number if model_version.previous else None


def _flip(model_version: ModelVersion, *, is_undo: bool = False) -> None:
    """Let a version serve in place of the present one, within the caller's transaction."""
    # Locking all serving rows in one order keeps two flips at once from crossing.
    locked = list(
        ModelVersion.objects.select_for_update(of=("self",), no_key=True)
        .filter(status__in=(ModelVersion.Status.ACTIVE, ModelVersion.Status.STAGED))
        .order_by("pk")
    )
    serving = [version for version in locked if version.status == ModelVersion.Status.ACTIVE]
    replaced = next((version for version in serving if version != model_version), None)
    changed: dict[str, Any] = {"status": ModelVersion.Status.ACTIVE}
    if replaced is not None:
        ModelVersion.objects.filter(pk=replaced.pk).update(status=ModelVersion.Status.RETIRED)
        changed["activated_at"] = timezone.now()
        if not is_undo:
            changed["previous"] = replaced
    elif not serving:
        changed["activated_at"] = timezone.now()
    if not ModelVersion.objects.filter(pk=model_version.pk).update(**changed):
        raise ActivationError(f"Model version {model_version.number} has just been pruned.")
    model_version.refresh_from_db()
    if "activated_at" in changed:
        model_version_flipped.send(
            sender=ModelVersion, model_version=model_version, replaced=replaced, is_undo=is_undo
        )
    transaction.on_commit(
        lambda: model_version_activated.send(sender=ModelVersion, model_version=model_version)
    )


def _stage_reporter(stage: str, report: OnStage) -> OnProgress:
    return lambda done, total: report(stage, done, total)
