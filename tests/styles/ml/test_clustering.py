"""k-means over unit vectors: how many clusters, in which order, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml.clustering import (
    choose_sharpness,
    draw_members,
    fit_clusters,
    shape_clusters,
)
from styles.ml.errors import ClusteringError


def blobs(*sizes: int, width: int = 16, spread: float = 0.05) -> NDArray[np.float32]:
    """Return unit vectors around one axis for each of `sizes`, in that order."""
    random = np.random.default_rng(0)
    rows = [
        np.eye(width)[axis] + random.normal(0, spread, (size, width))
        for axis, size in enumerate(sizes)
    ]
    vectors = np.concatenate(rows)
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit.astype(np.float32)


def test_the_number_of_clusters_is_found_by_silhouette() -> None:
    result = fit_clusters(blobs(30, 20, 10))
    assert len(result.centroids) == 3
    assert [point.k for point in result.curve] == list(range(2, 13))
    assert result.silhouette == max(point.silhouette or 0.0 for point in result.curve)


def test_clusters_are_numbered_by_falling_size() -> None:
    result = fit_clusters(blobs(10, 30, 20))
    assert np.bincount(result.assignments).tolist() == [30, 20, 10]
    assert result.centroids.argmax(axis=1).tolist() == [1, 2, 0]


def test_centroids_are_unit_vectors_and_distances_are_to_the_own_one() -> None:
    embeddings = blobs(12, 9)
    result = fit_clusters(embeddings, clusters=2)
    assert np.linalg.norm(result.centroids, axis=1) == pytest.approx(1.0, abs=1e-6)
    own = np.sum(embeddings * result.centroids[result.assignments], axis=1)
    assert result.distances == pytest.approx(1 - own, abs=1e-6)
    assert result.distances.dtype == result.centroids.dtype == np.float32


def test_a_given_number_of_clusters_is_kept() -> None:
    result = fit_clusters(blobs(20, 20), clusters=5)
    assert len(result.centroids) == 5
    assert [point.k for point in result.curve] == [5]


def test_the_same_seed_gives_the_same_clusters() -> None:
    embeddings = blobs(40, 30, 20, 10, spread=0.3)
    first, second = (fit_clusters(embeddings, clusters=4, seed=7) for _ in range(2))
    assert np.array_equal(first.centroids, second.centroids)
    assert np.array_equal(first.assignments, second.assignments)


def test_the_median_member_holds_its_cluster_nine_to_one() -> None:
    embeddings = blobs(40, 40, 40, spread=0.2)
    result = fit_clusters(embeddings, clusters=3)
    logits = result.sharpness * embeddings @ result.centroids.T
    runner_up, best = np.sort(logits, axis=1)[:, -2:].T
    assert np.median(np.exp(best - runner_up)) == pytest.approx(9.0, rel=1e-3)


def test_sharpness_stays_finite_where_members_lie_between_centroids() -> None:
    assert choose_sharpness(np.zeros(4, np.float32)) == 1_000.0


def test_one_embedding_is_one_cluster() -> None:
    result = fit_clusters(blobs(1))
    assert (len(result.centroids), result.silhouette, result.sharpness) == (1, None, 1.0)
    assert result.distances == pytest.approx(0.0, abs=1e-6)


def test_identical_embeddings_are_one_cluster() -> None:
    result = fit_clusters(np.repeat(blobs(1), 20, axis=0))
    assert len(result.centroids) == 1
    assert result.assignments.tolist() == [0] * 20


def test_three_embeddings_leave_no_choice_but_two_clusters() -> None:
    assert [point.k for point in fit_clusters(blobs(2, 1)).curve] == [2]


def test_more_clusters_than_different_embeddings_are_refused() -> None:
    with pytest.raises(ClusteringError, match=r"between 1 and 1 clusters .* received 3"):
        fit_clusters(np.repeat(blobs(1), 20, axis=0), clusters=3)


@pytest.mark.parametrize("shape", [(0, 8), (8,)])
def test_embeddings_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ClusteringError, match="at least one embedding of shape"):
        fit_clusters(np.ones(shape, dtype=np.float32))


@pytest.mark.parametrize("value", [0.0, 2.0, np.nan])
def test_embeddings_that_are_no_unit_vectors_are_refused(value: float) -> None:
    embeddings = blobs(4, 4)
    embeddings[3] *= value
    with pytest.raises(ClusteringError, match="length 1"):
        fit_clusters(embeddings)


def test_a_cluster_without_a_direction_is_refused() -> None:
    opposite = np.array([[1.0, 0.0], [-1.0, 0.0]], dtype=np.float32)
    with pytest.raises(ClusteringError, match="cancel out"):
        fit_clusters(opposite, clusters=1)


def test_the_choice_of_k_is_explained() -> None:
    assert (
        "Of 2 to 12 clusters, 3 have the highest silhouette"
        in fit_clusters(blobs(30, 20, 10)).choice
    )
    assert fit_clusters(blobs(20, 20), clusters=5).choice == "5 clusters were asked for."
    assert "too few different embeddings (1)" in fit_clusters(blobs(1)).choice


class Table:
    """Embeddings that are read from elsewhere; some rows vanish before they are read."""

    def __init__(self, embeddings: NDArray[np.float32], *, vanished: tuple[int, ...] = ()) -> None:
        self.embeddings, self.vanished = embeddings, vanished
        self.most_read = 0

    def __len__(self) -> int:
        return len(self.embeddings)

    def read(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        self.most_read = max(self.most_read, len(rows))
        rows = rows[~np.isin(rows, self.vanished)]
        return rows, self.embeddings[rows]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a hundred embeddings very many."""
    monkeypatch.setattr("styles.ml.clustering.CHOICE_SAMPLE", 60)
    monkeypatch.setattr("styles.ml.clustering.MINI_BATCHES_ABOVE", 100)
    monkeypatch.setattr("styles.ml.clustering.PART", 64)


@pytest.mark.usefixtures("small_parts")
def test_very_many_embeddings_are_read_a_part_at_a_time_and_clustered_in_mini_batches() -> None:
    embeddings = blobs(120, 80, 40)
    table = Table(embeddings)
    stages: list[str] = []
    result = fit_clusters(table, on_progress=lambda stage, done, total: stages.append(stage))
    assert np.bincount(result.assignments).tolist() == [120, 80, 40]
    assert table.most_read == 64
    assert list(dict.fromkeys(stages)) == ["choosing k", "grouping", "assigning"]
    all_at_once = fit_clusters(embeddings, clusters=3)
    assert np.array_equal(result.assignments, all_at_once.assignments)
    assert result.inertia == pytest.approx(all_at_once.inertia, rel=0.01)


@pytest.mark.usefixtures("small_parts")
def test_a_small_cluster_survives_mini_batches() -> None:
    result = fit_clusters(Table(blobs(900, 900, 12)), clusters=3)
    assert np.bincount(result.assignments).tolist() == [900, 900, 12]


def test_k_is_chosen_on_a_sample_and_kept_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("styles.ml.clustering.CHOICE_SAMPLE", 60)
    embeddings = blobs(120, 80, 40)
    result = fit_clusters(embeddings)
    assert np.bincount(result.assignments).tolist() == [120, 80, 40]
    assert result.curve[1].inertia < result.inertia, "the curve is of the sample"


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("size", [30, 120])
def test_what_vanishes_while_it_is_read_is_left_out(size: int) -> None:
    embeddings = blobs(size, size)
    result = fit_clusters(Table(embeddings, vanished=(0, size)), clusters=2)
    assert result.rows.tolist() == [row for row in range(2 * size) if row not in (0, size)]
    assert np.bincount(result.assignments).tolist() == [size - 1, size - 1]
    own = np.sum(embeddings[result.rows] * result.centroids[result.assignments], axis=1)
    assert result.distances == pytest.approx(1 - own, abs=1e-6)


def test_more_clusters_than_the_sample_has_different_embeddings_are_refused(
    small_parts: None,
) -> None:
    table = Table(np.repeat(blobs(1, 1), 100, axis=0))
    with pytest.raises(ClusteringError, match=r"between 1 and 2 clusters .* in the sample"):
        fit_clusters(table, clusters=3)


def test_classes_can_be_put_into_another_order() -> None:
    embeddings = blobs(30, 20, 10, spread=0.3)
    result = fit_clusters(embeddings, clusters=3)
    turned = result.reordered(np.array([2, 0, 1]))
    assert (
        np.bincount(turned.assignments).tolist()
        == np.bincount(result.assignments)[[2, 0, 1]].tolist()
    )
    own = np.sum(embeddings * turned.centroids[turned.assignments], axis=1)
    assert turned.distances == pytest.approx(1 - own, abs=1e-6)
    next_best = np.sum(embeddings * turned.centroids[turned.runners_up], axis=1)
    assert turned.margins == pytest.approx(own - next_best, abs=1e-6)


def test_members_are_drawn_of_each_cluster_by_its_share() -> None:
    assignments = np.repeat([0, 1, 2], [600, 399, 1])
    drawn = draw_members(assignments, at_most=100)
    assert np.bincount(assignments[drawn]).tolist() == [60, 40, 1]
    assert (np.diff(drawn) > 0).all()
    assert np.array_equal(draw_members(assignments, at_most=1000), np.arange(1000))


def test_shapes_tell_the_typical_from_the_borderline() -> None:
    embeddings = np.array([[1, 0], [0.95, 0.3], [0.8, 0.6], [0, 1], [0.1, 1]], dtype=np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    result = fit_clusters(embeddings, clusters=2)
    assert result.assignments.tolist() == [0, 0, 0, 1, 1]
    first, second = shape_clusters(result, count=2)
    assert first.typical.tolist() == [1, 0]
    assert first.borderline.tolist() == [2, 1]
    assert first.runners_up.tolist() == [1, 1]
    assert second.borderline.tolist() == [4, 3]
    cosines = np.sort(embeddings[3:] @ result.centroids.T, axis=1)
    expected = choose_sharpness(cosines[:, 1] - cosines[:, 0])
    assert second.sharpness == pytest.approx(expected, rel=1e-5)
