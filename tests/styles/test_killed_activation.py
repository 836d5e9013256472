"""The command that activates a version, killed in the middle of its work and run again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from kfashion_site.state import BASE_DIR
from products import vector_index
from products.models import ClusterAssignment, ImageClassification, ProductEmbedding, ProductImage
from styles.models import Job, ModelVersion
from styles.serving import read_serving
from tests.learnt import learnt_version
from tests.photos import draw_photo, encode
from tests.shop import add_photo, direction, make_clustering, make_product, make_version

pytestmark = pytest.mark.django_db(transaction=True)

PHOTOS = 40
PATIENCE_SECONDS = 60.0


@pytest.fixture
def serving() -> ModelVersion:
    """Return a version that serves, and has nothing else to do with these tests."""
    return make_version("active")


@pytest.fixture
def coming(serving: ModelVersion) -> ModelVersion:
    """Return a trained version with a cluster, and store the photos it is to embed."""
    version = learnt_version(5000, status="trained")
    make_clustering(version, {"all": direction(a=1)})
    content = encode(draw_photo())
    for number in range(PHOTOS):
        add_photo(make_product(f"p{number}"), content)
    return version


@pytest.fixture
def command(coming: ModelVersion, tmp_path: Path) -> list[str]:
    """Return the command line that activates the version."""
    return [sys.executable, "-m", "django", "activate_model_version", str(coming.number)]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return the environment that leads the command to the database of the tests."""
    place, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return {
        **os.environ,
        "DATABASE_URL": f"{place}/{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "tests.lone_settings",
        "TRAINING_FOLDER": str(tmp_path),
        "LOG_LEVEL": "ERROR",
    }


@contextmanager
def killed_when(
    condition: Callable[[], bool], command: list[str], environment: dict[str, str]
) -> Iterator[None]:
    """Run the command, kill it once the condition holds, and go on with what is left."""
    with subprocess.Popen(command, cwd=BASE_DIR, env=environment) as process:
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not condition():
                assert process.poll() is None, "it ended before it could be killed"
                assert time.monotonic() < deadline
                time.sleep(0.02)
            yield
        finally:
            process.kill()


def finish(command: list[str], environment: dict[str, str]) -> str:
    """Run the same command to its end; return what it printed."""
    done = subprocess.run(
        command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def assert_all_is_there_once(coming: ModelVersion) -> None:
    assert read_serving().model_version == coming
    assert ProductImage.objects.count() == PHOTOS
    for made in (ProductEmbedding, ImageClassification):
        assert made._default_manager.filter(model_version=coming).count() == PHOTOS
    assert ClusterAssignment.objects.count() == PHOTOS
    assert vector_index.is_built(coming)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), bool_and(indisvalid) FROM pg_index "
            "JOIN pg_class ON pg_class.oid = indexrelid "
            "JOIN pg_am ON pg_am.oid = relam "
            "WHERE indrelid = %s::regclass AND amname IN ('hnsw', 'ivfflat')",
            [vector_index.partition_name(coming)],
        )
        assert cursor.fetchone() == (1, True)
    job = Job.objects.get()
    assert (job.status, job.attempts) == ("done", 2)


def test_killed_while_it_embeds_the_same_command_goes_on(
    serving: ModelVersion,
    coming: ModelVersion,
    command: list[str],
    environment: dict[str, str],
) -> None:
    def is_embedding() -> bool:
        return ProductEmbedding.objects.filter(model_version=coming).count() >= 3

    with killed_when(is_embedding, command, environment):
        pass
    done = ProductEmbedding.objects.filter(model_version=coming).count()
    assert 0 < done < PHOTOS, "killed too late to matter"
    assert read_serving().model_version == serving
    assert ModelVersion.objects.get(pk=coming.pk).status == "staged"
    assert f"{PHOTOS - done} embedded, {done} already were" in finish(command, environment)
    assert_all_is_there_once(coming)


def test_killed_while_it_builds_the_index_the_same_command_goes_on(
    serving: ModelVersion,
    coming: ModelVersion,
    command: list[str],
    environment: dict[str, str],
) -> None:
    def is_building() -> bool:
        with connection.cursor() as cursor:
            # A transaction sees what it saw first, unless it asks for more.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute("SELECT count(*) FROM pg_stat_progress_create_index")
            return bool(cursor.fetchone() != (0,))

    finish([*command[:-2], "embed_products", "--model-version", command[-1]], environment)
    with transaction.atomic():
        # A build waits for everybody who writes.
        ProductEmbedding.objects.filter(model_version=coming).update(model_version=coming)
        with killed_when(is_building, command, environment):
            assert not vector_index.is_built(coming)
    assert read_serving().model_version == serving
    finish(command, environment)
    assert_all_is_there_once(coming)
