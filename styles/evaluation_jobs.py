"""The kind of job that measures a model version on the catalogue; started by the admin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from styles.job_runs import JobRun
from styles.jobs import job_kind, start_job
from styles.models import Job, ModelVersion
from styles.training_jobs import CATALOGUE

if TYPE_CHECKING:
    from django.contrib.auth.models import User

EVALUATE = "evaluate"
MAX_SETBACKS = 3


def queue_evaluation(model_version: ModelVersion, *, requested_by: User | None = None) -> Job:
    """Have a worker measure a version; return the job, which may be under way already."""
    return start_job(EVALUATE, {"model_version": model_version.number}, requested_by=requested_by)


@job_kind(EVALUATE, title=_("evaluation"), queue="training", max_setbacks=MAX_SETBACKS)
def run_evaluation(run: JobRun) -> Mapping[str, Any]:
    """Measure what is served on the shop's own photos, and keep the report."""
    from styles.datasets import read_dataset
    from styles.evaluation import evaluate_model_version
    from styles.reports import default_language, store_report

    version = ModelVersion.objects.numbered(run.parameters["model_version"])
    examples = list(read_dataset(CATALOGUE, on_progress=run.report))
    evaluation = evaluate_model_version(
        version, examples, datasets=[CATALOGUE], on_progress=run.report
    )
    store_report(evaluation, examples, language=default_language())
    return {
        "model_version": version.number,
        "photos": evaluation.photos,
        "accuracy": {name: card.accuracy for name, card in evaluation.label_sets.items()},
    }
