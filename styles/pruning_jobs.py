"""The kind of job that prunes a model version; started by the admin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from styles.job_runs import JobRun
from styles.jobs import job_kind, start_job
from styles.models import Job, ModelVersion

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PRUNE = "prune"
MAX_SETBACKS = 3


def queue_pruning(model_version: ModelVersion, *, requested_by: User | None = None) -> Job:
    """Have a worker prune a version; return the job, which may be under way already."""
    return start_job(PRUNE, {"model_version": model_version.number}, requested_by=requested_by)


@job_kind(PRUNE, title=_("pruning"), queue="default", max_setbacks=MAX_SETBACKS)
def run_pruning(run: JobRun) -> Mapping[str, Any]:
    """Prune the version; one that an earlier attempt has pruned is done."""
    from styles.pruning import prune_model_versions

    number = run.parameters["model_version"]
    if not ModelVersion.objects.filter(number=number).exists():
        return {"pruned": []}
    pruning = prune_model_versions([number])
    return {"pruned": [asdict(version) for version in pruning.pruned]}
