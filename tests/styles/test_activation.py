from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.management import CommandError, call_command

from products import vector_index
from products.models import ProductEmbedding
from styles import activation
from styles.activation import activate_model_version, undo_activation
from styles.exceptions import ActivationError, ArtifactError, UnknownModelVersionError
from styles.models import Cluster, Clustering, ModelVersion
from tests.learnt import learnt_version, open_small_shop
from tests.photos import draw_photo, encode
from tests.shop import (
    add_photo,
    direction,
    make_clustering,
    make_product,
    make_version,
    place,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no worker answer, so that whatever is to be embedded is embedded here."""
    monkeypatch.setattr(current_app.control, "ping", lambda timeout: [])


@pytest.fixture
def shop(nobody_works: None, learnt: ModelVersion) -> ModelVersion:
    """Open a shop of twelve products in one cluster; return the version that serves."""
    open_small_shop(learnt, is_clustered=False)
    make_clustering(learnt, {"all": direction(a=1)})
    return learnt


@pytest.fixture
def next_version(shop: ModelVersion) -> ModelVersion:
    """Return a version that could serve next, its cluster known: to find some takes seconds."""
    version = learnt_version(shop.number + 1, status="trained")
    make_clustering(version, {"all": direction(a=1)})
    return version


def statuses() -> dict[int, str]:
    return dict(ModelVersion.objects.values_list("number", "status"))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    call_command("activate_model_version", *arguments, "--json")
    result: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return result


@pytest.mark.django_db(transaction=True)
def test_a_version_is_embedded_by_the_worker_clustered_indexed_and_flipped_to(
    learnt: ModelVersion, worker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = make_version(status="retired")
    ModelVersion.objects.filter(pk=learnt.pk).update(status="trained")
    ModelVersion.objects.filter(pk=old.pk).update(status="active")
    for number in range(6):
        product = place(make_product(f"p{number}"), direction(a=1), version=old)
        photo = encode(draw_photo(60 + 20 * number, 80))
        add_photo(product, photo)
    result = printed(capsys, str(learnt.number))
    assert result["embedding"]["embedded"] == 12
    assert result["embedding"]["failed"] == 0
    assert result["previous"] == old.number
    assert result["comparison"]["questions"] == 6
    assert statuses() == {learnt.number: "active", old.number: "retired"}
    assert Cluster.objects.in_force().exists()
    assert vector_index.is_built(learnt)
    # The old vectors stay, so that the way back is short.
    assert ProductEmbedding.objects.filter(model_version=old).count() == 6
    call_command("activate_model_version", str(learnt.number))
    assert "12 already were" in capsys.readouterr().out


def test_a_version_without_its_artifact_is_refused_and_nothing_changes() -> None:
    serving = make_version()
    lost = make_version(status="trained")
    with pytest.raises(ArtifactError, match=f"model version {lost.number} cannot be used"):
        activate_model_version(lost)
    assert statuses() == {serving.number: "active", lost.number: "trained"}


def test_an_unknown_number_is_answered_with_the_known_ones() -> None:
    version = make_version()
    with pytest.raises(UnknownModelVersionError, match=f"known versions: {version.number}"):
        ModelVersion.objects.numbered(999_999)
    with pytest.raises(CommandError, match="There is no model version 999999"):
        call_command("activate_model_version", "999999")


@pytest.mark.parametrize("arguments", [[], ["1", "--undo"]])
def test_a_number_or_undo_is_asked_for(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match="Name one model version, or --undo") as refused:
        call_command("activate_model_version", *arguments)
    assert refused.value.returncode == 2


def test_its_stages_can_be_watched(next_version: ModelVersion) -> None:
    next_version.clusterings.all().delete()
    stages: list[str] = []
    activate_model_version(
        next_version, on_progress=lambda stage, done, total: stages.append(stage)
    )
    order = list(dict.fromkeys(stages))
    assert order[0] == "embedding"
    assert order[-3:] == ["index", "calibrating", "comparing"]
    assert len(order) > 4, "clustering tells of its own stages"


def test_the_comparison_tells_people_what_changes(
    next_version: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("activate_model_version", str(next_version.number))
    out = capsys.readouterr().out
    assert "over 11 example queries (0 of them photos of shoppers): 100.0% of the nearest" in out
    assert "Products found are of the query's type" in out
    assert f"Back to {next_version.number - 1} with: manage.py activate_model_version --undo" in out


def test_too_little_overlap_stops_before_the_flip_and_can_be_overruled(
    shop: ModelVersion, next_version: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("styles.exam._overlap", lambda before, after: 0.25)
    with pytest.raises(ActivationError, match=r"overlap by 0\.250 .* at least 0\.5 was asked for"):
        activate_model_version(next_version, min_overlap=0.5)
    assert statuses() == {shop.number: "active", next_version.number: "staged"}
    assert activate_model_version(next_version, min_overlap=0.25).comparison is not None
    assert statuses() == {shop.number: "retired", next_version.number: "active"}


@pytest.mark.parametrize("text", ["1.5", "-0.1", "half"])
def test_an_impossible_overlap_is_wrong_usage(text: str) -> None:
    with pytest.raises(CommandError, match="expected a number from 0 to 1"):
        call_command("activate_model_version", "1", f"--min-overlap={text}")


def test_undo_goes_back_and_new_photos_were_embedded_for_both(
    shop: ModelVersion, next_version: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("activate_model_version", str(next_version.number))
    assert set(ModelVersion.objects.kept_up()) == {shop, next_version}
    capsys.readouterr()
    result = printed(capsys, "--undo")
    assert result == {"model_version": shop.number, "undone": next_version.number, "queued": 0}
    assert statuses() == {shop.number: "active", next_version.number: "retired"}
    assert set(ModelVersion.objects.kept_up()) == {shop}
    call_command("activate_model_version", str(next_version.number))
    capsys.readouterr()
    call_command("activate_model_version", "--undo")
    assert f"Model version {shop.number} is active again" in capsys.readouterr().out


def test_undo_catches_up_with_what_was_lost(
    shop: ModelVersion, next_version: ModelVersion, sent: list[tuple[str, tuple[Any, ...]]]
) -> None:
    activate_model_version(next_version)
    image = add_photo(make_product("late"))
    undone = undo_activation()
    assert undone.queued == 1
    assert sent == [("products.tasks.embed_images", ([image.pk], shop.pk))]


def test_a_product_that_came_meanwhile_has_a_cluster_after_undo(
    shop: ModelVersion, next_version: ModelVersion
) -> None:
    activate_model_version(next_version)
    late = place(make_product("late"), direction(a=1), version=shop)
    undo_activation()
    assert late.cluster_number is not None


def test_without_a_version_before_there_is_nothing_to_go_back_to() -> None:
    version = make_version()
    with pytest.raises(ActivationError, match="There is nothing to go back to"):
        undo_activation()
    assert statuses() == {version.number: "active"}


def test_without_its_embeddings_a_version_is_not_gone_back_to(
    shop: ModelVersion, next_version: ModelVersion
) -> None:
    activate_model_version(next_version)
    ProductEmbedding.objects.filter(model_version=shop).delete()
    with pytest.raises(ActivationError, match=f"embeddings of model version {shop.number} are gon"):
        undo_activation()
    assert statuses() == {shop.number: "retired", next_version.number: "active"}


def test_the_flip_and_what_comes_with_it_are_one(
    shop: ModelVersion, next_version: ModelVersion
) -> None:
    def refuse(result: activation.Activation) -> None:
        raise ConnectionResetError("the job was taken over")

    with pytest.raises(ConnectionResetError):
        activate_model_version(next_version, on_activated=refuse)
    assert statuses() == {shop.number: "active", next_version.number: "staged"}
    assert ModelVersion.objects.get(pk=next_version.pk).previous is None


def test_activating_again_keeps_clusters_and_the_way_back(
    shop: ModelVersion, next_version: ModelVersion
) -> None:
    activate_model_version(next_version)
    clustering = Clustering.objects.in_force().get()
    again = activate_model_version(ModelVersion.objects.active())
    assert (again.clusters, again.comparison, again.previous) == (None, None, shop.number)
    assert Clustering.objects.in_force().get() == clustering
    assert ModelVersion.objects.active().previous == shop
