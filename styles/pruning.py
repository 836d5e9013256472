"""Prunes model versions that no longer serve: rows, index, clusterings and files; for the command.

What is left behind in the artifact storage by a process that died goes as well.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from styles import artifacts
from styles.activation_jobs import ACTIVATE
from styles.catalogue import DroppedRows, get_catalogue
from styles.exceptions import PruningError
from styles.jobs import cancel_job
from styles.models import Job, ModelVersion
from styles.querysets import JobQuerySet


@dataclass(frozen=True)
class PrunedVersion:
    """A version that was pruned, or that would be after a dry run."""

    model_version: int
    status: str
    rows: DroppedRows


@dataclass(frozen=True)
class Pruning:
    """What pruning came to; ``left_behind`` are folders of artifacts that belonged to no row."""

    pruned: tuple[PrunedVersion, ...]
    left_behind: tuple[str, ...]
    is_dry_run: bool


def prune_model_versions(
    numbers: Collection[int] = (), *, keep: int = 0, dry_run: bool = False
) -> Pruning:
    """Prune the versions named, or all retired ones but the newest ``keep`` and where undo leads.

    Interrupted, call it again. Searches that point at a pruned version say that it is gone.

    Args:
        numbers: of versions; staged ones and the one undo leads to are pruned only if named.
        keep: how many retired versions stay for reasons of one's own; without ``numbers``.
        dry_run: report, change nothing.

    Raises:
        UnknownModelVersionError: there is no version of such a number.
        PruningError: it serves, or is being activated at this moment.
    """
    versions = (
        [ModelVersion.objects.numbered(number) for number in dict.fromkeys(numbers)]
        if numbers
        else _retired(keep=keep)
    )
    for version in versions:
        _refuse_in_use(version)
    pruned = []
    for version in versions:
        status = version.status
        rows = get_catalogue().count_rows(version) if dry_run else _prune(version)
        pruned.append(PrunedVersion(version.number, status, rows))
    left_behind = artifacts.find_left_behind()
    if not dry_run:
        for prefix in left_behind:
            artifacts.remove(prefix)
    return Pruning(tuple(pruned), tuple(left_behind), is_dry_run=dry_run)


def _retired(*, keep: int) -> list[ModelVersion]:
    """Return the retired versions but the newest, and the one that undo leads to."""
    retired = ModelVersion.objects.filter(status=ModelVersion.Status.RETIRED)
    kept_up = ModelVersion.objects.kept_up().values("pk")
    return list(retired.exclude(pk__in=kept_up).order_by("-activated_at", "-number")[keep:])


def _refuse_in_use(version: ModelVersion) -> None:
    if version.status == ModelVersion.Status.ACTIVE:
        raise PruningError(
            f"Model version {version.number} serves: put another one into service first, with "
            "`manage.py activate_model_version N`."
        )
    running = _activations(version).filter(status=Job.Status.RUNNING).first()
    if running is not None:
        raise PruningError(
            f"Model version {version.number} is being activated: wait for job {running.pk}, or "
            f"cancel it with `manage.py jobs --cancel {running.pk}`."
        )


def _activations(version: ModelVersion) -> JobQuerySet:
    return Job.objects.unfinished().filter(kind=ACTIVATE, parameters__model_version=version.number)


def _prune(version: ModelVersion) -> DroppedRows:
    """Take a version out of all that would embed for it or flip to it, then drop what it made."""
    for job in _activations(version):
        cancel_job(job)
    with transaction.atomic():
        locked = ModelVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        _refuse_in_use(locked)
        ModelVersion.objects.filter(previous=locked).update(previous=None)
        ModelVersion.objects.filter(pk=locked.pk).update(status=ModelVersion.Status.TRAINED)
    rows = get_catalogue().drop(version)
    # With the row go its clusterings, and with both their files: see ``styles.receivers``.
    version.delete()
    return rows
