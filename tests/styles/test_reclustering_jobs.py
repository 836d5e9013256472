"""Grouping products anew as a job: here or in a worker, cancelled, interrupted, tried out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from products.models import ClusterAssignment
from styles.clustering import recluster
from styles.exceptions import (
    ClusteringError,
    JobCancelledError,
    JobError,
    JobInterruptedError,
)
from styles.job_leases import take_lease
from styles.jobs import cancel_job
from styles.models import Cluster, Clustering, Job, ModelVersion
from styles.reclustering_jobs import queue_reclustering, start_reclustering
from tests.shop import direction, fill_two_groups, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(version: ModelVersion) -> ModelVersion:
    """Open a shop of four coats and two shirts, in two clusters."""
    fill_two_groups(version, coats=4, shirts=2)
    recluster(version, clusters=2)
    return version


def test_a_command_groups_as_a_job_and_tells_its_stages(shop: ModelVersion) -> None:
    stages: list[str] = []
    result = start_reclustering(
        shop, clusters=3, on_progress=lambda stage, done, total: stages.append(stage)
    )
    assert isinstance(result, dict)
    job = Job.objects.get()
    assert (job.kind, job.status, job.is_queued) == ("recluster", "done", False)
    assert job.result["clustering"] == result["clustering"]
    assert Clustering.objects.get(pk=result["clustering"]).job == job
    assert list(dict.fromkeys(stages)) == [
        "embeddings", "choosing k", "assigning", "learning", "naming", "storing",
    ]  # fmt: skip


def test_shares_are_told_the_largest_first(shop: ModelVersion) -> None:
    result = start_reclustering(shop, clusters=1)
    assert isinstance(result, dict)
    (profile,) = result["profiles"]
    assert list(profile["product_types"].items()) == [("Coats", 0.667), ("Shirts", 0.333)]


def test_a_dry_run_leaves_not_even_a_job(shop: ModelVersion) -> None:
    result = start_reclustering(shop, clusters=3, dry_run=True)
    assert isinstance(result, dict)
    assert result["clustering"] is None
    assert result["changes"]["splits"]
    assert Clustering.objects.count() == 1
    assert not Job.objects.exists()


def test_what_cannot_be_grouped_fails_the_job_with_the_sentence_of_the_command(
    shop: ModelVersion,
) -> None:
    with pytest.raises(ClusteringError) as refused:
        start_reclustering(shop, clusters=7)
    job = Job.objects.get()
    assert (job.status, job.error_message) == ("failed", str(refused.value))
    assert "Expected between 1 and 6 clusters" in job.error_message


@pytest.mark.parametrize("stage", ["assigning", "storing"])
def test_cancelled_or_interrupted_at_any_stage_the_clusters_of_before_stay(
    shop: ModelVersion, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("styles.job_runs.PROGRESS_SECONDS", 0)
    before = Clustering.objects.get()

    def cancel(reached: str, done: int, total: int) -> None:
        if reached == stage:
            cancel_job(Job.objects.unfinished().get())

    def interrupt(reached: str, done: int, total: int) -> None:
        if reached == stage:
            raise KeyboardInterrupt

    with pytest.raises(JobCancelledError):
        start_reclustering(shop, clusters=3, on_progress=cancel)
    with pytest.raises(JobInterruptedError, match="The same command starts over"):
        start_reclustering(shop, clusters=3, on_progress=interrupt)
    assert list(Clustering.objects.values_list("pk", "status")) == [(before.pk, "active")]
    assert ClusterAssignment.objects.count() == 6
    assert isinstance(start_reclustering(shop, clusters=3), dict)
    assert Cluster.objects.in_force().count() == 3
    assert list(Job.objects.order_by("pk").values_list("status", "attempts")) == [
        ("cancelled", 1), ("done", 2),
    ]  # fmt: skip


def test_a_run_that_was_superseded_changes_nothing(
    shop: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("styles.job_runs.PROGRESS_SECONDS", 3600)
    before = Clustering.objects.get()

    def supersede(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("storing", total):
            Job.objects.update(attempts=7)

    with pytest.raises(JobError, match="taken over"):
        start_reclustering(shop, clusters=3, on_progress=supersede)
    assert list(Clustering.objects.values_list("pk", "status")) == [(before.pk, "active")]


def test_what_a_killed_run_left_is_cleared_away_by_the_next(shop: ModelVersion) -> None:
    in_force = Clustering.objects.get()
    killed = queue_reclustering(shop)
    running = queue_reclustering(shop, dry_run=True)
    Job.objects.filter(pk=running.pk).update(
        status="running", leased_until=timezone.now() + timedelta(minutes=1)
    )
    left = {
        job: Clustering.objects.create(model_version=shop, job=job, inertia=0, sharpness=1)
        for job in (killed, running, None)
    }
    cluster = Cluster.objects.create(
        clustering=left[killed], number=9, class_index=0, size=1, centroid=direction(a=1).tolist()
    )
    product = make_product("assigned to it")
    ClusterAssignment.objects.create(product=product, clustering=left[killed], cluster=cluster)
    start_reclustering(shop, clusters=2)
    there = set(Clustering.objects.values_list("pk", flat=True))
    assert left[killed].pk not in there
    assert {in_force.pk, left[running].pk, left[None].pk} <= there
    assert not ClusterAssignment.objects.filter(product=product).exists()
    Clustering.objects.filter(pk=left[None].pk).update(
        created_at=timezone.now() - timedelta(hours=7)
    )
    start_reclustering(shop, clusters=2)
    assert not Clustering.objects.filter(pk=left[None].pk).exists()


def test_one_version_is_grouped_by_one_job_and_the_last_wish_counts(shop: ModelVersion) -> None:
    first = queue_reclustering(shop, clusters=2)
    assert queue_reclustering(shop, clusters=2) == first
    second = queue_reclustering(shop)
    first.refresh_from_db()
    assert (first.status, second.status) == ("cancelled", "waiting")
    assert queue_reclustering(shop, dry_run=True).status == "waiting"
    second.refresh_from_db()
    assert second.status == "waiting"
    assert take_lease(second.pk, is_inline=False) is not None
    with pytest.raises(JobError, match=f"Job {second.pk} is at this already"):
        start_reclustering(shop, clusters=3)


@pytest.mark.usefixtures("shop")
def test_the_command_hands_it_to_a_worker(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("recluster", "--queue", "--clusters", "3")
    job = Job.objects.get()
    assert job.parameters["clusters"] == 3
    assert f"Job {job.pk} is waiting; watch it with: manage.py jobs" in capsys.readouterr().out
    call_command("run_job", str(job.pk))
    assert Cluster.objects.in_force().count() == 3
    with pytest.raises(CommandError, match="Expected between 1 and 6 clusters"):
        call_command("recluster", "--clusters", "100")


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_it(learnt: ModelVersion, worker: Path) -> None:
    from tests.learnt import open_small_shop
    from tests.styles.test_jobs_in_workers import has_ended, wait_until

    open_small_shop(learnt)
    job = wait_until(has_ended, queue_reclustering(learnt, clusters=2), log=worker)
    assert job.status == "done"
    assert Cluster.objects.in_force().count() == 2
    clustering = Clustering.objects.get(job=job)
    assert clustering.artifact_prefix
