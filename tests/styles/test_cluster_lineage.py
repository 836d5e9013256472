"""Clusters over several runs: which numbers and names they keep, and what is told of the change."""

from __future__ import annotations

import json
from collections import Counter
from itertools import count

import pytest
from django.core.management import call_command

from products.models import ClusterAssignment, Product
from styles.catalogue import Label
from styles.cluster_names import name_clusters
from styles.clustering import recluster, undo_recluster
from styles.models import Cluster, Clustering, ModelVersion
from tests.shop import add_photo, direction, make_product, make_version, place

pytestmark = pytest.mark.django_db

TYPES = {"a": "Coats", "b": "Shirts", "c": "Dresses", "d": "Bags"}
_skus = count(1)


def stock(version: ModelVersion, axis: str, products: int) -> list[Product]:
    """Sell products of one type near one axis, two of which never lie on the same spot."""
    return [
        place(
            make_product(f"{axis}-{number}", category=TYPES[axis]),
            direction(**{axis: 1, "z": 0.0001 * number}),
            version=version,
        )
        for number in (next(_skus) for _ in range(products))
    ]


def numbers() -> dict[str, int]:
    """Return the number of the cluster in force that holds each type of products."""
    held = ClusterAssignment.objects.filter(cluster__in=Cluster.objects.in_force())
    found = set(held.values_list("product__category", "cluster__number"))
    assert len(found) == len(dict(found)), f"types are mixed: {found}"
    return dict(found)


def names() -> dict[int, str]:
    return dict(Cluster.objects.in_force().values_list("number", "name_en"))


def test_numbers_stay_when_another_cluster_becomes_the_largest(version: ModelVersion) -> None:
    stock(version, "a", 5)
    stock(version, "b", 3)
    recluster(version, clusters=2)
    assert numbers() == {"Coats": 0, "Shirts": 1}
    stock(version, "b", 6)
    result = recluster(version, clusters=2)
    assert numbers() == {"Coats": 0, "Shirts": 1}
    assert [cluster.size for cluster in result.clusters] == [5, 9]
    assert result.moved == 0


def test_a_number_is_never_given_to_another_group(version: ModelVersion) -> None:
    for axis, size in (("a", 6), ("b", 4), ("c", 3)):
        stock(version, axis, size)
    recluster(version, clusters=3)
    assert numbers() == {"Coats": 0, "Shirts": 1, "Dresses": 2}
    Product.objects.filter(category="Dresses").delete()
    stock(version, "d", 3)
    recluster(version, clusters=3)
    assert numbers() == {"Coats": 0, "Shirts": 1, "Bags": 3}
    # Not even one that was given in a clustering which is out of force, or gone.
    undo_recluster(version)
    Clustering.objects.exclude(status="active").delete()
    Product.objects.filter(category="Bags").delete()
    recluster(version, clusters=2)
    stock(version, "c", 4)
    recluster(version, clusters=3)
    assert numbers()["Dresses"] > 2


def test_a_successor_remembers_the_numbers_of_clusterings_that_are_gone(
    version: ModelVersion,
) -> None:
    stock(version, "a", 6)
    stock(version, "b", 4)
    recluster(version, clusters=2)
    Product.objects.filter(category="Shirts").delete()
    recluster(version, clusters=1)
    Clustering.objects.exclude(status="active").delete()
    stock(version, "c", 4)
    recluster(version, clusters=2)
    assert numbers() == {"Coats": 0, "Dresses": 2}


def test_a_split_keeps_number_and_name_with_its_larger_part(version: ModelVersion) -> None:
    stock(version, "a", 5)
    stock(version, "b", 3)
    recluster(version, clusters=1)
    Cluster.objects.update(name_en="All", name_ko="모두", is_named_by_staff=True)
    result = recluster(version, clusters=2)
    assert numbers() == {"Coats": 0, "Shirts": 1}
    assert names() == {0: "All", 1: "Shirts"}
    assert result.changes is not None
    (split,) = result.changes.splits
    assert (split.number, [(part.number, part.products) for part in split.into]) == (
        0, [(0, 5), (1, 3)],
    )  # fmt: skip


def test_a_merge_keeps_number_and_name_of_the_larger_one(version: ModelVersion) -> None:
    stock(version, "b", 3)
    stock(version, "a", 5)
    recluster(version, clusters=2)
    Cluster.objects.filter(number=0).update(name_en="Warm", is_named_by_staff=True)
    Cluster.objects.filter(number=1).update(name_en="Light", is_named_by_staff=True)
    result = recluster(version, clusters=1)
    assert names() == {0: "Warm"}
    assert result.changes is not None
    (merge,) = result.changes.merges
    assert (merge.number, [(part.number, part.products) for part in merge.of]) == (
        0, [(0, 5), (1, 3)],
    )  # fmt: skip
    fates = {change.number: change.fate for change in result.changes.clusters}
    assert fates == {0: "kept", 1: "vanished"}


def test_made_names_follow_what_is_in_a_cluster(version: ModelVersion) -> None:
    stock(version, "a", 5)
    stock(version, "b", 3)
    recluster(version, clusters=2)
    Product.objects.filter(category="Coats").update(category="Jackets")
    result = recluster(version, clusters=2)
    assert names() == {0: "Jackets", 1: "Shirts"}
    assert result.changes is not None
    assert result.changes.clusters[0].former_name_en == "Coats"


def test_clusters_of_the_next_model_version_are_matched_by_their_products(
    version: ModelVersion,
) -> None:
    sold = {axis: stock(version, axis, size) for axis, size in (("a", 3), ("b", 5))}
    recluster(version, clusters=2)
    Cluster.objects.filter(number=1).update(name_en="Warm", name_ko="따뜻", is_named_by_staff=True)
    following = make_version(status="staged")
    # The other way round in its space, so that centroids would mislead.
    for axis, other in (("a", "b"), ("b", "a")):
        for number, product in enumerate(sold[axis]):
            vector = direction(**{other: 1, "z": 0.001 * number})
            place(product, vector, version=following)
    result = recluster(following, clusters=2)
    ModelVersion.objects.filter(pk=version.pk).update(status="retired")
    ModelVersion.objects.filter(pk=following.pk).update(status="active")
    assert numbers() == {"Shirts": 0, "Coats": 1}
    assert names() == {0: "Shirts", 1: "Warm"}
    assert result.changes is not None
    assert result.changes.compared_model_version == version.number
    assert result.clustering is not None
    assert Clustering.objects.get(pk=result.clustering).previous is None


def test_what_would_change_is_told_for_each_cluster(version: ModelVersion) -> None:
    coats = stock(version, "a", 5)
    stock(version, "b", 3)
    recluster(version, clusters=2)
    stock(version, "b", 2)  # no cluster holds these yet
    # One coat lies among the shirts now, one is gone.
    coats[0].embeddings.update(embedding=direction(b=1).tolist())
    coats[1].embeddings.all().delete()
    result = recluster(version, clusters=2, dry_run=True)
    assert result.changes is not None
    told = {
        change.number: (
            change.before, change.after, change.kept,
            change.moved_in, change.moved_out, change.added, change.gone,
        )
        for change in result.changes.clusters
    }  # fmt: skip
    assert told == {0: (5, 3, 3, 0, 1, 0, 1), 1: (3, 6, 3, 1, 0, 2, 0)}
    assert result.moved == 1
    assert (result.changes.splits, result.changes.merges) == ((), ())


def test_the_command_tells_both_names_splits_merges_and_what_vanishes(
    version: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    for axis, size in (("a", 6), ("b", 4), ("c", 3)):
        stock(version, axis, size)
    recluster(version, clusters=2)
    call_command("recluster", "--clusters", "3", "--dry-run")
    printed = capsys.readouterr().out
    assert "in products:" in printed
    assert "Dresses / 원피스 (new)" in printed
    assert "0 splits into 0 (4) and 2 (3)." in printed
    call_command("recluster", "--clusters", "3")
    capsys.readouterr()
    call_command("recluster", "--clusters", "2", "--dry-run", "--json")
    changes = json.loads(capsys.readouterr().out.splitlines()[-1])["changes"]
    assert [change["fate"] for change in changes["clusters"]] == ["kept", "kept", "vanished"]
    call_command("recluster", "--clusters", "2", "--dry-run")
    printed = capsys.readouterr().out
    assert "(vanished)" in printed
    assert "0 (4) and 2 (3) merge into 0." in printed
    assert "3 of 13 products change their cluster number." in printed


def test_products_embedded_or_deleted_while_k_means_ran_are_taken_care_of(
    version: ModelVersion,
) -> None:
    stock(version, "a", 6)
    stock(version, "b", 4)
    recluster(version, clusters=2)

    def change_the_shop(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("choosing k", 0):
            stock(version, "b", 1)
            Product.objects.filter(category="Coats").earliest("pk").delete()

    recluster(version, clusters=2, on_progress=change_the_shop)
    in_force = ClusterAssignment.objects.filter(cluster__in=Cluster.objects.in_force())
    assert Counter(in_force.values_list("cluster__number", flat=True)) == {0: 5, 1: 5}


def test_a_product_lies_where_the_mean_of_its_photos_lies(version: ModelVersion) -> None:
    stock(version, "a", 4)
    stock(version, "b", 4)
    seen_twice = make_product("two", category="Coats")
    # The first photo alone would make it a shirt.
    place(seen_twice, [direction(b=1, a=0.9), direction(a=1)], version=version)
    add_photo(seen_twice)
    recluster(version, clusters=2)
    cluster = Cluster.objects.in_force().get(assignments__product=seen_twice)
    assert cluster.number == numbers()["Coats"]


def label(name: str) -> Label:
    return Label(name_ko=f"{name} 옷", name_en=name)


def test_a_made_name_stays_where_it_would_only_be_turned_round_or_counted_anew() -> None:
    coats, shirts = label("Coats"), label("Shirts")
    before = [
        Cluster(name_en="Coats · Shirts", name_ko="a"),
        Cluster(name_en="Coats 2", name_ko="b"),
        Cluster(name_en="Coats", name_ko="c"),
    ]
    summaries = name_clusters(
        [Counter({shirts: 6, coats: 4}), Counter({coats: 9}), Counter({shirts: 9})],
        numbers=[0, 4, 7],
        sizes=[10, 9, 9],
        ancestors=before,
    )
    assert [summary.name_en for summary in summaries] == ["Coats · Shirts", "Coats 2", "Shirts"]


def test_no_name_is_given_twice_in_either_language() -> None:
    shirts = label("Shirts")
    named = Cluster(name_en="Blouses", name_ko=shirts.name_ko, is_named_by_staff=True)
    summaries = name_clusters(
        [Counter({shirts: 6}), Counter({shirts: 4}), Counter()],
        numbers=[0, 1, 2],
        sizes=[6, 4, 1],
        ancestors=[named, None, None],
    )
    assert [(summary.name_en, summary.name_ko) for summary in summaries] == [
        ("Blouses", "Shirts 옷"),
        ("Shirts 2", "Shirts 옷 2"),
        ("Style group", "스타일 그룹"),
    ]
