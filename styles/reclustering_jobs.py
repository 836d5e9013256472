"""The kind of job that groups products anew; started by ``recluster`` and the admin.

scikit-learn and TensorFlow are loaded in the process that runs such a job, never in one that starts
it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from styles.exceptions import JobInterruptedError
from styles.inline_jobs import clear_the_way, run_inline
from styles.job_runs import JobRun
from styles.jobs import job_kind, start_job
from styles.ml.progress import OnStage, ignore_stage
from styles.models import Job, ModelVersion

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from styles.clustering import Reclustering

RECLUSTER = "recluster"
MAX_SETBACKS = 5


def start_reclustering(
    model_version: ModelVersion,
    *,
    clusters: int | None = None,
    dry_run: bool = False,
    queue: bool = False,
    on_progress: OnStage | None = None,
    on_message: Callable[[str], None] | None = None,
) -> dict[str, Any] | Job:
    """Group the products of a version anew here, or have a worker do it.

    Args:
        model_version: whose embeddings are clustered.
        clusters: k, or None to choose it.
        dry_run: compute and report. Nothing is stored, not even a job, unless a worker does it.
        queue: whether to return at once and let a worker of the queue ``training`` do it.
        on_progress: called with a stage's name, how many are done and how many there are.
        on_message: called with sentences for people.

    Returns:
        ``styles.clustering.Reclustering`` as a dictionary, or with ``queue`` the job.

    Raises:
        JobError: another process is grouping the products of this version.
        JobCancelledError: somebody cancelled it.
        JobInterruptedError: Ctrl-C; the clusters of before are in force.
        ClusteringError: the embeddings cannot be clustered as asked.
    """
    if queue:
        return queue_reclustering(model_version, clusters=clusters, dry_run=dry_run)
    if dry_run:
        return _try_out(model_version, clusters, on_progress)
    parameters = _parameters(model_version, clusters, dry_run)
    clear_the_way(RECLUSTER, parameters)
    result = run_inline(
        RECLUSTER,
        parameters,
        when_interrupted="; the clusters of before are in force. The same command starts over",
        on_progress=on_progress,
        on_message=on_message,
    )
    return _with_largest_first(result)


def queue_reclustering(
    model_version: ModelVersion,
    *,
    clusters: int | None = None,
    dry_run: bool = False,
    requested_by: User | None = None,
) -> Job:
    """Have a worker group the products anew; return the job, which may be under way already.

    Raises:
        JobError: another one for this version is under way.
    """
    parameters = _parameters(model_version, clusters, dry_run)
    if not dry_run:
        clear_the_way(RECLUSTER, parameters)
    return start_job(RECLUSTER, parameters, requested_by=requested_by)


def _with_largest_first(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result with its shares in their order, which the database does not keep."""
    profiles = [
        {
            **profile,
            **{
                name: dict(sorted(profile[name].items(), key=lambda share: -share[1]))
                for name in ("styles", "product_types")
            },
        }
        for profile in result["profiles"]
    ]
    return {**result, "profiles": profiles}


def _try_out(
    model_version: ModelVersion, clusters: int | None, on_progress: OnStage | None
) -> dict[str, Any]:
    from styles.clustering import recluster

    try:
        result = recluster(
            model_version,
            clusters=clusters,
            dry_run=True,
            on_progress=on_progress or ignore_stage,
        )
    except KeyboardInterrupt:
        raise JobInterruptedError("Interrupted; nothing was stored.") from None
    return asdict(result)


def _parameters(model_version: ModelVersion, clusters: int | None, dry_run: bool) -> dict[str, Any]:
    parameters: dict[str, Any] = {"model_version": model_version.number}
    if clusters is not None:
        parameters["clusters"] = clusters
    if dry_run:
        parameters["dry_run"] = True
    return parameters


@job_kind(RECLUSTER, title=_("grouping into clusters"), queue="training", max_setbacks=MAX_SETBACKS)
def run_reclustering(run: JobRun) -> Mapping[str, Any]:
    """Group the products; the flip to the new clusters and the job's end are saved together."""
    from styles.clustering import recluster

    def finish(result: Reclustering) -> None:
        run.finish(asdict(result))

    result = recluster(
        ModelVersion.objects.numbered(run.parameters["model_version"]),
        clusters=run.parameters.get("clusters"),
        dry_run=run.parameters.get("dry_run", False),
        job=run.job,
        on_progress=run.report,
        on_stored=finish,
    )
    return asdict(result)
