"""The kind of job that trains a model version; started by ``train_model_version`` and the admin.

TensorFlow is loaded in the process that runs such a job, never in one that starts it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from styles.inline_jobs import run_inline
from styles.job_runs import JobRun
from styles.jobs import job_kind, start_job
from styles.ml.progress import OnStage
from styles.models import Job

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from styles.catalogue import Example
    from styles.training import Trained

TRAIN = "train"
CATALOGUE = "catalogue"
DEFAULT_BACKBONE = "efficientnet-lite0"
# The names of styles.ml.backbones, which a web process must not load.
BACKBONES = (
    DEFAULT_BACKBONE,
    "efficientnet-lite1",
    "efficientnet-lite2",
    "efficientnetb0",
    "resnet50",
    "vgg16",
)
DEFAULT_PRESET = "quick"
# Those of styles.training, as people choose between them.
PRESETS = {
    DEFAULT_PRESET: _("quick: a head on the frozen backbone, in minutes"),
    "full": _("full: the backbone's last blocks as well, for the best result"),
    "study": _("study: the recipe of the original study"),
}
# What of the parameters tells how to read the data sets; the others are told to the training.
READING = ("format", "labels")
MAX_SETBACKS = 5


def start_training(
    parameters: Mapping[str, Any],
    *,
    queue: bool,
    on_progress: OnStage | None = None,
    on_message: Callable[[str], None] | None = None,
) -> Trained | Job:
    """Train here, or have a worker do it; the same parameters go on with what was interrupted.

    Args:
        parameters: ``datasets``, a list of names as ``read_dataset`` takes them; ``format`` and
            ``labels`` for reading them; whatever else ``train_model_version`` takes. None means
            the default.
        queue: whether to return at once and let a worker of the queue ``training`` do it.
        on_progress: called with a stage's name, how many are done and how many there are.
        on_message: called with sentences for people.

    Returns:
        The trained version, or with ``queue`` the job.

    Raises:
        JobError: another process is at this very training.
        JobCancelledError: somebody cancelled it.
        JobInterruptedError: Ctrl-C; it can be continued.
        TrainingError: the data sets cannot be learnt from.
    """
    if queue:
        return queue_training(parameters)
    result = run_inline(
        TRAIN,
        _complete(parameters),
        when_interrupted=". The same command goes on with it",
        on_progress=on_progress,
        on_message=on_message,
    )
    from styles.training import Trained

    return Trained(**result)


def queue_training(parameters: Mapping[str, Any], *, requested_by: User | None = None) -> Job:
    """Have a worker train; return its job, which may be under way already.

    Args:
        parameters: as for ``start_training``.
        requested_by: who asked for it.
    """
    return start_job(TRAIN, _complete(parameters), requested_by=requested_by)


def _complete(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters that mean the same in every process, without what is left to defaults."""
    given = {name: value for name, value in parameters.items() if value is not None}
    given.setdefault("backbone", DEFAULT_BACKBONE)
    given.setdefault("preset", DEFAULT_PRESET)
    given["datasets"] = [
        name if name == CATALOGUE else str(Path(name).resolve()) for name in given["datasets"]
    ]
    if "weights" in given:
        given["weights"] = str(Path(given["weights"]).resolve())
    return given


@job_kind(TRAIN, title=_("training"), queue="training", max_setbacks=MAX_SETBACKS)
def run_training(run: JobRun) -> Mapping[str, Any]:
    """Read the data sets and train on them; the version and the job's end are saved together."""
    from styles.datasets import count_labels, describe_left_out, read_dataset
    from styles.training import train_model_version

    def finish(trained: Trained) -> None:
        run.finish(asdict(trained))

    options = dict(run.parameters)
    names = options.pop("datasets")
    reading = {name: options.pop(name) for name in READING if name in options}
    run.report("reading", 0, len(names))
    examples: list[Example] = []
    for number, name in enumerate(names, start=1):
        dataset = read_dataset(name, **reading, on_progress=run.report)
        for line in describe_left_out(dataset.left_out):
            run.tell(line)
        examples += dataset
        run.report("reading", number, len(names))
    labelled = ", ".join(f"{n} with {name}" for name, n in count_labels(examples).items())
    run.tell(f"Learning from {len(examples)} photos: {labelled}.")
    trained = train_model_version(
        examples,
        **options,
        checkpoints=run.folder,
        on_progress=run.report,
        on_trained=finish,
    )
    return asdict(trained)
