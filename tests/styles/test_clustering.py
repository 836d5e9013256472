from __future__ import annotations

import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from products.models import ClusterAssignment, Product
from styles.clustering import recluster, undo_recluster
from styles.exceptions import ClusteringError
from styles.models import Cluster, Clustering, ModelVersion, Style
from tests.shop import direction, make_product, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_heaps(version: ModelVersion) -> ModelVersion:
    """Embed six coats, four shirts and two punk dresses in three directions of their own."""
    random = np.random.default_rng(3)
    heaps = [("a", 6, "Coats"), ("b", 4, "Shirts"), ("c", 2, "Dresses")]
    for axis, size, category in heaps:
        for number in range(size):
            vector = direction(**{axis: 1}) + random.normal(scale=0.01, size=256)
            product = make_product(f"{category}-{number}", category=category)
            place(product, (vector / np.linalg.norm(vector)).astype(np.float32), version=version)
            if category == "Dresses":
                product.styles.add(Style.objects.get(code="punk"))
    return version


def numbers_by_category() -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for product in Product.objects.for_cards():
        assert product.cluster_number is not None
        found.setdefault(product.category, set()).add(product.cluster_number)
    return found


def test_heaps_become_clusters_the_largest_first_and_every_product_gets_one(
    three_heaps: ModelVersion,
) -> None:
    result = recluster(three_heaps)
    assert [cluster.size for cluster in result.clusters] == [6, 4, 2]
    assert numbers_by_category() == {"Coats": {0}, "Shirts": {1}, "Dresses": {2}}
    assert result.moved is None
    assert max(result.curve, key=lambda point: point["silhouette"] or 0)["k"] == 3
    assert Clustering.objects.active_for(three_heaps).pk == result.clustering  # type: ignore[union-attr]


def test_clusters_are_named_in_both_languages_after_styles_else_types(
    three_heaps: ModelVersion,
) -> None:
    recluster(three_heaps, clusters=3)
    names = list(Cluster.objects.order_by("number").values_list("name_en", "name_ko"))
    assert names == [("Coats", "코트"), ("Shirts", "셔츠"), ("Punk", "펑크")]


def test_clusters_of_one_name_are_told_apart(version: ModelVersion) -> None:
    for axis in "ab":
        for number in range(3):
            vector = direction(**{axis: 1, "z": 0.01 * (number + 1)})
            place(make_product(f"{axis}{number}", category="Coats"), vector, version=version)
    result = recluster(version, clusters=2)
    assert [cluster.name_en for cluster in result.clusters] == ["Coats", "Coats 2"]


def test_a_dry_run_stores_nothing(three_heaps: ModelVersion) -> None:
    result = recluster(three_heaps, dry_run=True)
    assert result.clustering is None
    assert len(result.clusters) == 3
    assert not Clustering.objects.exists()
    assert not ClusterAssignment.objects.exists()


def test_a_second_run_replaces_the_first_and_undo_brings_it_back(
    three_heaps: ModelVersion,
) -> None:
    first = recluster(three_heaps, clusters=3)
    second = recluster(three_heaps, clusters=2)
    assert second.moved is not None
    assert Cluster.objects.in_force().count() == 2
    assert undo_recluster(three_heaps).pk == first.clustering
    assert Cluster.objects.in_force().count() == 3
    assert numbers_by_category() == {"Coats": {0}, "Shirts": {1}, "Dresses": {2}}
    with pytest.raises(ClusteringError, match="no earlier clustering"):
        undo_recluster(three_heaps)


def test_products_that_came_in_between_get_a_cluster_on_undo(three_heaps: ModelVersion) -> None:
    recluster(three_heaps, clusters=3)
    newcomer = place(make_product("new", category="Coats"), direction(a=1), version=three_heaps)
    recluster(three_heaps, clusters=2)
    undo_recluster(three_heaps)
    assert Product.objects.for_cards().get(pk=newcomer.pk).cluster_number == 0


def test_without_embeddings_there_is_nothing_to_cluster(version: ModelVersion) -> None:
    with pytest.raises(ClusteringError, match="has embedded no product"):
        recluster(version)


def test_more_clusters_than_products_are_refused(three_heaps: ModelVersion) -> None:
    with pytest.raises(ClusteringError, match="received 13"):
        recluster(three_heaps, clusters=13)
    assert not Clustering.objects.exists()


def test_the_command_prints_one_json_object(
    three_heaps: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("recluster", "--clusters", "3", "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [cluster["size"] for cluster in printed["clusters"]] == [6, 4, 2]
    call_command("recluster", "--clusters", "auto", "--dry-run")
    assert "Dry run: nothing was stored." in capsys.readouterr().out
    call_command("recluster", "--clusters", "2")
    assert "products change their cluster number" in capsys.readouterr().out
    call_command("recluster", "--undo")
    assert "is in force" in capsys.readouterr().out


def test_the_command_says_in_a_sentence_what_is_missing() -> None:
    with pytest.raises(CommandError, match="No model version is active"):
        call_command("recluster")


@pytest.mark.parametrize("clusters", ["0", "-1", "many"])
def test_the_command_refuses_a_wrong_number_of_clusters(clusters: str) -> None:
    with pytest.raises(CommandError, match="expected a number of clusters or 'auto'"):
        call_command("recluster", f"--clusters={clusters}")
