from __future__ import annotations

import json
import os
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from products import vector_index
from products.models import (
    ClusterAssignment,
    ImageClassification,
    ImageSearch,
    ProductEmbedding,
)
from styles import artifacts
from styles.activation_jobs import queue_activation
from styles.exceptions import PruningError, UnknownModelVersionError
from styles.job_leases import take_lease
from styles.models import Clustering, Job, ModelVersion
from styles.pruning import prune_model_versions
from tests.learnt import learnt_version
from tests.shop import direction, make_clustering, make_product, make_search, make_version, place

pytestmark = pytest.mark.django_db


def retire(number: int, **fields: Any) -> ModelVersion:
    """Return a retired version that was really stored and has all that a version can have."""
    version = learnt_version(number, status="retired")
    ModelVersion.objects.filter(pk=version.pk).update(**fields)
    clustering = make_clustering(version, {"all": direction(a=1)})
    clustering.artifact_prefix = (
        artifacts.artifact_storage()
        .save(f"clusterings/of-{number}/metadata.json", ContentFile(b"{}"))
        .rpartition("/")[0]
    )
    clustering.save()
    product = make_product(f"of-{number}")
    place(product, direction(a=1), version=version, cluster=clustering.clusters.get())
    ImageClassification.objects.create(
        image=product.images.get(), model_version=version, probabilities={}
    )
    return version


def numbers() -> set[int]:
    return set(ModelVersion.objects.values_list("number", flat=True))


def files(prefix: str) -> list[str]:
    storage = artifacts.artifact_storage()
    return storage.listdir(prefix)[1] if storage.exists(prefix) else []


def test_all_that_a_version_made_goes_with_its_files(
    django_capture_on_commit_callbacks: Any,
) -> None:
    make_version("active")
    old = retire(900)
    head = old.clusterings.get().artifact_prefix
    assert files(old.artifact_prefix)
    with django_capture_on_commit_callbacks(execute=True):
        pruning = prune_model_versions()
    (pruned,) = pruning.pruned
    assert (pruned.model_version, pruned.status) == (900, "retired")
    assert (pruned.rows.embeddings, pruned.rows.classifications, pruned.rows.assignments) == (
        1,
    ) * 3
    assert pruned.rows.bytes > 0
    assert 900 not in numbers()
    for made in (ProductEmbedding, ImageClassification, ClusterAssignment, Clustering):
        assert not made._default_manager.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [vector_index.partition_name(old)])
        assert cursor.fetchone() == (None,)
    assert files(old.artifact_prefix) == []
    assert files(head) == []


def test_what_serves_is_staged_or_may_be_gone_back_to_stays() -> None:
    before = make_version("retired")
    active = make_version("active", previous=before)
    staged = make_version("staged")
    trained = make_version("trained")
    assert prune_model_versions().pruned == ()
    assert numbers() == {before.number, active.number, staged.number, trained.number}


def test_asked_for_by_number_all_but_the_active_one_goes() -> None:
    before = make_version("retired")
    active = make_version("active", previous=before)
    staged = make_version("staged")
    with pytest.raises(PruningError, match=f"Model version {active.number} serves"):
        prune_model_versions([before.number, active.number])
    assert before.number in numbers(), "nothing is pruned where one cannot be"
    with pytest.raises(UnknownModelVersionError):
        prune_model_versions([999_999])
    prune_model_versions([before.number, staged.number, before.number])
    assert numbers() == {active.number}
    assert ModelVersion.objects.active().previous is None


def test_the_newest_can_be_kept() -> None:
    make_version("active")
    oldest, newer, newest = (make_version("retired") for _ in range(3))
    pruning = prune_model_versions(keep=2)
    assert [version.model_version for version in pruning.pruned] == [oldest.number]
    assert {newer.number, newest.number} <= numbers()


def test_a_dry_run_counts_and_changes_nothing() -> None:
    make_version("active")
    retire(900)
    (would_go,) = prune_model_versions(dry_run=True).pruned
    assert would_go.rows.embeddings == 1
    assert 900 in numbers()
    assert ProductEmbedding.objects.count() == 1


def test_a_version_that_is_being_activated_is_refused_and_a_waiting_activation_cancelled() -> None:
    make_version("active")
    staged = make_version("staged")
    job = queue_activation(staged)
    assert take_lease(job.pk, is_inline=False)
    with pytest.raises(PruningError, match=f"job {job.pk}"):
        prune_model_versions([staged.number])
    Job.objects.filter(pk=job.pk).update(status="paused", leased_until=None)
    prune_model_versions([staged.number])
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_searches_of_a_pruned_version_say_so(client: Any) -> None:
    make_version("active")
    old = retire(900)
    search = make_search(old, direction(a=1))
    assert client.get(f"/api/v1/image-searches/{search.pk}/results/").status_code == 200
    prune_model_versions()
    answer = client.get(f"/api/v1/image-searches/{search.pk}/results/")
    assert (answer.status_code, answer.json()["code"]) == (410, "model_version_gone")
    assert client.get(f"/search/{search.pk}/").status_code == 200
    assert ImageSearch.objects.get().model_version is None


def test_artifacts_that_a_dead_process_left_behind_go_once_they_are_old(
    django_capture_on_commit_callbacks: Any,
) -> None:
    kept = learnt_version(900)
    storage = artifacts.artifact_storage()
    young = storage.save("clusterings/young/head.tflite", ContentFile(b"young"))
    old = storage.save("clusterings/old/head.tflite", ContentFile(b"old"))
    long_ago = time.time() - (artifacts.LEFT_BEHIND_AFTER + timedelta(hours=1)).total_seconds()
    os.utime(storage.path(old), (long_ago, long_ago))
    for name in files(kept.artifact_prefix):
        os.utime(storage.path(f"{kept.artifact_prefix}/{name}"), (long_ago, long_ago))
    assert "clusterings/old" in prune_model_versions(dry_run=True).left_behind
    assert storage.exists(old)
    assert "clusterings/old" in prune_model_versions().left_behind
    assert not storage.exists(old)
    assert storage.exists(young)
    assert files(kept.artifact_prefix)
    storage.delete(young)


def test_the_command_says_what_went(capsys: pytest.CaptureFixture[str]) -> None:
    make_version("active")
    retire(900)
    call_command("prune_model_versions", "--dry-run")
    out = capsys.readouterr().out
    assert "Model version 900, retired: 1 embeddings in" in out
    assert "Dry run: all of it is still there." in out
    call_command("prune_model_versions", "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert printed["pruned"][0]["rows"]["embeddings"] == 1
    call_command("prune_model_versions", "--keep", "3")
    assert "There is nothing to prune." in capsys.readouterr().out
    with pytest.raises(CommandError, match="not both"):
        call_command("prune_model_versions", "1", "--keep", "1")
    with pytest.raises(CommandError, match="expected a whole number"):
        call_command("prune_model_versions", "--keep", "-1")
