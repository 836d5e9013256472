"""Embeddings and assignments of many products at once, on a few that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from products.binary_copy import BIGINT, read_rows
from products.cluster_rows import (
    StoredEmbeddings,
    assign_nearest,
    count_by_class,
    read_assignments,
    write_assignments,
)
from products.models import ClusterAssignment
from styles.models import Clustering, ModelVersion, Style
from tests.shop import direction, make_clustering, make_product, make_version, place

pytestmark = pytest.mark.django_db


def test_rows_come_as_they_are_stored_and_none_at_all_is_no_row() -> None:
    columns = {"one": BIGINT, "other": BIGINT}
    query = "SELECT n, -n FROM generate_series(1::bigint, %s) AS n"
    rows = read_rows(query, [3], columns=columns)
    assert [rows[name].tolist() for name in columns] == [[1, 2, 3], [-1, -2, -3]]
    assert len(read_rows("SELECT 1::bigint, 2::bigint LIMIT 0", [], columns=columns)) == 0


@pytest.mark.parametrize("answer", ["1::int, 2::bigint", "1::int, repeat('x', 12)", "1, NULL"])
def test_columns_of_another_width_are_refused(answer: str) -> None:
    columns = {"one": BIGINT, "other": BIGINT}
    with pytest.raises(ValueError, match=r"Expected .* received"):
        read_rows(f"SELECT {answer}", [], columns=columns)


def test_a_product_has_the_unit_mean_of_its_photos(
    version: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("products.cluster_rows.PART", 2)
    other_version = make_version(status="retired")
    place(make_product("elsewhere"), direction(z=1), version=other_version)
    vectors = [[direction(a=1)], [direction(a=1), direction(b=1)], [direction(c=1)]]
    products = [
        place(make_product(f"p{number}"), photos, version=version)
        for number, photos in enumerate(vectors)
    ]
    stored = StoredEmbeddings(version)
    assert stored.product_ids.tolist() == [product.pk for product in products]
    places, found = stored.read(np.arange(len(stored)))
    assert places.tolist() == [0, 1, 2]
    expected = [direction(a=1), direction(a=1, b=1), direction(c=1)]
    assert found == pytest.approx(np.array(expected), abs=1e-3)
    assert found.dtype == np.float32
    places, found = stored.read(np.array([2]))
    assert (places.tolist(), found.shape) == ([2], (1, 256))


def test_products_that_were_deleted_meanwhile_are_left_out(version: ModelVersion) -> None:
    products = [
        place(make_product(f"p{number}"), direction(a=1), version=version) for number in range(3)
    ]
    stored = StoredEmbeddings(version)
    products[1].delete()
    places, found = stored.read(np.arange(3))
    assert (places.tolist(), len(found)) == ([0, 2], 2)
    products[0].delete()
    assert len(stored.read(np.array([0]))[0]) == 0
    assert stored.read(np.empty(0, np.int64))[1].shape == (0, 256)


@pytest.fixture
def clustering(version: ModelVersion) -> Clustering:
    return make_clustering(version, {"near": direction(a=1), "far": direction(b=1)})


def test_assignments_are_written_once_and_only_for_products_that_exist(
    clustering: Clustering,
) -> None:
    near, far = clustering.clusters.values_list("pk", flat=True)
    ids = np.array([make_product(f"p{number}").pk for number in range(3)])
    given = np.append(ids, 10**9)
    written = write_assignments(
        clustering, product_ids=given, cluster_ids=np.array([near, far, near, near])
    )
    assert written == 3
    again = write_assignments(clustering, product_ids=ids, cluster_ids=np.full(3, far))
    assert again == 0
    held_ids, held = read_assignments(clustering)
    assert (held_ids.tolist(), held.tolist()) == (ids.tolist(), [near, far, near])


def test_products_without_a_cluster_get_the_nearest(
    clustering: Clustering, version: ModelVersion
) -> None:
    near, far = clustering.clusters.all()
    kept = place(make_product("kept"), direction(b=1), version=version, cluster=near)
    new = place(make_product("new"), [direction(a=1, b=0.9), direction(b=1)], version=version)
    assert assign_nearest(clustering) == 1
    assert assign_nearest(clustering) == 0
    held = dict(ClusterAssignment.objects.values_list("product_id", "cluster_id"))
    assert held == {kept.pk: near.pk, new.pk: far.pk}


def test_products_are_counted_by_their_first_style_else_their_type() -> None:
    punk, classic = Style.objects.get(code="punk"), Style.objects.get(code="classic")
    first = min(punk, classic, key=lambda style: style.order)
    styled, coat, plain = (
        make_product("styled", category="Coats"),
        make_product("coat", category="Coats"),
        make_product("plain"),
    )
    styled.styles.add(punk, classic)
    ids = np.array([styled.pk, coat.pk, plain.pk, 10**9])
    counted = count_by_class(ids, np.array([0, 1, 1, 0]))
    assert sorted(counted, key=str) == [
        (0, first.pk, "", 1),
        (1, None, "", 1),
        (1, None, "Coats", 1),
    ]
