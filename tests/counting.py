"""A kind of jobs that counts: long work without learning anything, to be killed in the middle."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from styles.exceptions import TrainingError
from styles.job_runs import JobRun
from styles.jobs import job_kind
from styles.models import StyleGroup

COUNT = "count"
PREFIX = "counted"


@job_kind(COUNT, title="counting", queue="training", max_setbacks=3)
def count(run: JobRun) -> Mapping[str, Any]:
    """Count to ``steps``, on from where it was stopped; then create one row, as training does.

    ``fails`` is a sentence to fail with; ``breaks`` is how many attempts meet a passing error.
    """
    if sentence := run.parameters.get("fails"):
        raise TrainingError(sentence)
    if run.job.attempts <= run.parameters.get("breaks", 0):
        raise ConnectionResetError("The storage hung up.")
    steps = run.parameters["steps"]
    run.folder.mkdir(parents=True, exist_ok=True)
    reached = run.folder / "reached"
    first = int(reached.read_text()) if reached.exists() else 0
    for step in range(first, steps):
        run.report("counting", step, steps)
        time.sleep(run.parameters.get("pause_seconds", 0))
        reached.write_text(str(step + 1))
    result = {"counted_from": first, "counted_to": steps}
    with transaction.atomic():
        code = f"{PREFIX}-{run.job.pk}-{run.job.attempts}"
        StyleGroup.objects.create(code=code, order=0, name_en=code, name_ko=code)
        run.finish(result)
    return result
