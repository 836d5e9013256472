"""The kind of job that activates a model version; for ``activate_model_version`` and the admin.

It only steers: workers of the queue ``inference`` embed. What takes the processor, the clustering
and its classifier, needs TensorFlow as training does, so it waits in the same queue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from styles.inline_jobs import clear_the_way, run_inline
from styles.job_runs import JobRun
from styles.jobs import job_kind, start_job
from styles.ml.progress import OnStage
from styles.models import Job, ModelVersion

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from styles.activation import Activation

ACTIVATE = "activate"
MAX_SETBACKS = 5


def start_activation(
    model_version: ModelVersion,
    *,
    queue: bool,
    min_overlap: float | None = None,
    on_progress: OnStage | None = None,
    on_message: Callable[[str], None] | None = None,
) -> dict[str, Any] | Job:
    """Activate a version here, or have a worker do it; called again, it goes on where it stopped.

    Args:
        model_version: the version that is to serve.
        queue: whether to return at once and let a worker of the queue ``training`` do it.
        min_overlap: see ``styles.activation.activate_model_version``.
        on_progress: called with a stage's name, how many are done and how many there are.
        on_message: called with sentences for people.

    Returns:
        ``styles.activation.Activation`` as a dictionary, or with ``queue`` the job.

    Raises:
        JobError: another process is activating this version.
        JobCancelledError: somebody cancelled it.
        JobInterruptedError: Ctrl-C; it can be continued.
        StylesError: what stands in the way; nothing has changed for shoppers then.
    """
    if queue:
        return queue_activation(model_version, min_overlap=min_overlap)
    parameters = _parameters(model_version, min_overlap)
    clear_the_way(ACTIVATE, parameters)
    result: dict[str, Any] = run_inline(
        ACTIVATE,
        parameters,
        when_interrupted="; the version that served before serves on. The same command goes on "
        "with it",
        on_progress=on_progress,
        on_message=on_message,
    )
    return result


def queue_activation(
    model_version: ModelVersion,
    *,
    min_overlap: float | None = None,
    requested_by: User | None = None,
) -> Job:
    """Have a worker activate a version; return the job, which may be under way already."""
    parameters = _parameters(model_version, min_overlap)
    clear_the_way(ACTIVATE, parameters)
    return start_job(ACTIVATE, parameters, requested_by=requested_by)


def _parameters(model_version: ModelVersion, min_overlap: float | None) -> dict[str, Any]:
    asked = {} if min_overlap is None else {"min_overlap": min_overlap}
    return {"model_version": model_version.number, **asked}


@job_kind(ACTIVATE, title=_("activation"), queue="training", max_setbacks=MAX_SETBACKS)
def run_activation(run: JobRun) -> Mapping[str, Any]:
    """Activate; the flip and the job's end are saved together, so that neither comes alone."""
    from styles.activation import activate_model_version

    def finish(activation: Activation) -> None:
        run.finish(asdict(activation))

    activation = activate_model_version(
        ModelVersion.objects.numbered(run.parameters["model_version"]),
        min_overlap=run.parameters.get("min_overlap"),
        on_progress=run.report,
        on_activated=finish,
    )
    return asdict(activation)
