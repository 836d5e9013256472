from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from styles.jobs import cancel_job, start_job
from styles.models import Job
from tests.counting import COUNT

pytestmark = pytest.mark.django_db


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    call_command("jobs", "--json", *arguments)
    listed: list[dict[str, Any]] = json.loads(capsys.readouterr().out.splitlines()[-1])["jobs"]
    return listed


def test_what_is_unfinished_comes_before_what_ended(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = start_job(COUNT, {"steps": 1})
    for steps in range(2, 5):
        cancel_job(start_job(COUNT, {"steps": steps}))
    listed = printed(capsys, "--limit", "2")
    assert [job["status"] for job in listed] == ["waiting", "cancelled", "cancelled"]
    assert listed[0]["id"] == waiting.pk
    assert listed[0]["parameters"] == {"steps": 1}
    assert listed[1]["parameters"] == {"steps": 4}


def test_progress_and_errors_are_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("jobs")
    assert capsys.readouterr().out == "There are no jobs.\n"
    now = timezone.now()
    running = start_job(COUNT, {"steps": 1})
    progress = {"stage": "counting", "done": 30, "total": 120, "progressed_at": now}
    Job.objects.filter(pk=running.pk).update(
        status="running",
        leased_until=now,
        stage_started_at=now - timedelta(seconds=10),
        **progress,
    )
    failed = start_job(COUNT, {"steps": 2})
    Job.objects.filter(pk=failed.pk).update(
        status="failed", error_message="No photos.", finished_at=now
    )
    call_command("jobs")
    first, second = capsys.readouterr().out.splitlines()
    assert first.split(maxsplit=3)[1:] == [
        "count",
        "running",
        "counting 30/120, 3 a second, 30 s left",
    ]
    assert second.endswith("No photos.")


def test_jobs_are_cancelled_and_tried_again_by_number(capsys: pytest.CaptureFixture[str]) -> None:
    job = start_job(COUNT, {"steps": 1})
    assert printed(capsys, "--cancel", str(job.pk))[0]["status"] == "cancelled"
    assert printed(capsys, "--try-again", str(job.pk))[0]["status"] == "waiting"
    with pytest.raises(CommandError, match="nothing to try again"):
        call_command("jobs", "--try-again", str(job.pk))
    with pytest.raises(CommandError, match="There is no job 12345"):
        call_command("jobs", "--cancel", "12345")
