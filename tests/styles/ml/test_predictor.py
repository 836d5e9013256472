"""The predictor: one pass through LiteRT, safe among threads, clear about what it is given."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml.artifact import Artifact
from styles.ml.errors import ArtifactError, PredictionError
from styles.ml.images import decode_image
from styles.ml.predictor import Predictor
from tests.styles.ml import tiny


@pytest.fixture(scope="module")
def photos() -> NDArray[np.uint8]:
    """Two photos of each colour that were not trained on, blue, green, red."""
    contents = [tiny.photo(colour, number=number) for colour in tiny.COLOURS for number in (90, 91)]
    return np.stack([decode_image(content, size=tiny.INPUT_SIZE) for content in contents])


def test_a_photo_gets_embedding_and_probabilities_in_one_pass(
    predictor: Predictor, photos: NDArray[np.uint8]
) -> None:
    predictions = predictor.predict(photos)
    assert predictions.embeddings.shape == (6, 256)
    assert predictions.embeddings.dtype == np.float32
    assert np.linalg.norm(predictions.embeddings, axis=1) == pytest.approx(1.0, abs=1e-6)
    assert {name: rows.shape for name, rows in predictions.probabilities.items()} == {
        "style": (6, 3),
        "style_group": (6, 2),
    }
    for rows in predictions.probabilities.values():
        assert rows.sum(axis=1) == pytest.approx(1.0, abs=1e-3)
    assert predictions.cluster_probabilities is None


def test_probabilities_stand_in_the_order_of_the_codes(
    predictor: Predictor, photos: NDArray[np.uint8]
) -> None:
    assert predictor.metadata.label_sets["style"] == ("blue", "green", "red")
    probabilities = predictor.predict(photos).probabilities
    assert probabilities["style"].argmax(axis=1).tolist() == [0, 0, 1, 1, 2, 2]
    assert probabilities["style_group"].argmax(axis=1).tolist() == [0, 0, 0, 0, 1, 1]


def test_a_batch_says_the_same_as_its_photos_alone(
    predictor: Predictor, photos: NDArray[np.uint8]
) -> None:
    together = predictor.predict(photos)
    alone = np.concatenate(
        [predictor.predict(photos[row : row + 1]).embeddings for row in range(6)]
    )
    assert np.array_equal(together.embeddings, alone)


def test_no_photos_give_no_rows(artifact: Artifact) -> None:
    clustered = Predictor(
        artifact.trunk,
        head=artifact.head,
        metadata=artifact.metadata,
        centroids=np.eye(4, 256, dtype=np.float32),
        sharpness=10.0,
    )
    predictions = clustered.predict(np.empty((0, 32, 32, 3), dtype=np.uint8))
    assert predictions.embeddings.shape == (0, 256)
    assert predictions.probabilities["style"].shape == (0, 3)
    assert predictions.cluster_probabilities is not None
    assert predictions.cluster_probabilities.shape == (0, 4)


def test_centroids_give_cluster_probabilities_by_cosine(
    artifact: Artifact, predictor: Predictor, photos: NDArray[np.uint8]
) -> None:
    embeddings = predictor.predict(photos).embeddings
    centroids = embeddings[[0, 2, 4]]
    clustered = Predictor(
        artifact.trunk,
        head=artifact.head,
        metadata=artifact.metadata,
        centroids=centroids,
        sharpness=5.0,
    )
    found = clustered.predict(photos).cluster_probabilities
    expected = np.exp(5.0 * embeddings @ centroids.T)
    assert found is not None
    assert found == pytest.approx(expected / expected.sum(axis=1, keepdims=True), abs=1e-5)
    assert found.dtype == np.float32


def test_heat_maps_are_drawn_on_request_and_change_nothing_else(
    artifact: Artifact, predictor: Predictor, photos: NDArray[np.uint8]
) -> None:
    drawing = Predictor(
        artifact.trunk,
        head=artifact.head,
        metadata=artifact.metadata,
        heat_map=artifact.heat_map,
    )
    plain, drawn = drawing.predict(photos), drawing.predict(photos, with_heat_maps=True)
    assert plain.heat_maps is None
    assert drawn.heat_maps is not None
    assert drawn.heat_maps.shape == (6, 8, 8)
    assert drawn.heat_maps.max(axis=(1, 2)) == pytest.approx(1.0, abs=1e-5)
    assert np.array_equal(drawn.embeddings, plain.embeddings)


def test_a_predictor_without_their_graph_draws_no_heat_maps(
    predictor: Predictor, photos: NDArray[np.uint8]
) -> None:
    with pytest.raises(PredictionError, match="received one without"):
        predictor.predict(photos, with_heat_maps=True)


def test_a_heat_map_graph_that_gives_something_else_is_refused(
    artifact: Artifact, photos: NDArray[np.uint8]
) -> None:
    mistaken = Predictor(
        artifact.trunk, head=artifact.head, metadata=artifact.metadata, heat_map=artifact.head
    )
    with pytest.raises(ArtifactError, match=r"outputs \['heat_map'\], received \['embedding'"):
        mistaken.predict(photos, with_heat_maps=True)


def test_threads_share_a_predictor(predictor: Predictor, photos: NDArray[np.uint8]) -> None:
    expected = predictor.predict(photos).embeddings
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda _: predictor.predict(photos).embeddings, range(32))
        assert all(np.array_equal(answer, expected) for answer in answers)


@pytest.mark.parametrize("shape", [(32, 32, 3), (1, 31, 32, 3), (1, 32, 32, 4), ()])
def test_photos_of_another_shape_are_refused(predictor: Predictor, shape: tuple[int, ...]) -> None:
    with pytest.raises(
        PredictionError, match=r"Expected photos of shape \(\d+, 32, 32, 3\)"
    ) as caught:
        predictor.predict(np.zeros(shape, dtype=np.uint8))
    assert f"received {shape}" in str(caught.value)


def test_photos_of_another_type_are_refused(predictor: Predictor) -> None:
    with pytest.raises(PredictionError, match="of type uint8, received float32"):
        predictor.predict(np.zeros((1, 32, 32, 3), dtype=np.float32))


def test_centroids_of_another_width_are_refused(artifact: Artifact) -> None:
    with pytest.raises(PredictionError, match=r"shape \(3, 256\), received \(3, 128\)"):
        Predictor(
            artifact.trunk,
            head=artifact.head,
            metadata=artifact.metadata,
            centroids=np.eye(3, 128, dtype=np.float32),
            sharpness=1.0,
        )


def test_centroids_without_sharpness_are_refused(artifact: Artifact) -> None:
    with pytest.raises(PredictionError, match="centroids and sharpness together"):
        Predictor(
            artifact.trunk,
            head=artifact.head,
            metadata=artifact.metadata,
            centroids=np.eye(3, 256, dtype="f4"),
        )


def test_bytes_that_are_no_model_are_refused(artifact: Artifact) -> None:
    with pytest.raises(ArtifactError, match="LiteRT cannot load the model"):
        Predictor(b"not a model", head=artifact.head, metadata=artifact.metadata)


def test_a_model_of_another_input_size_is_refused(artifact: Artifact) -> None:
    metadata = replace(artifact.metadata, input_size=64)
    with pytest.raises(
        ArtifactError, match=r"shape \(1, 64, 64, 3\), received .* \(1, 32, 32, 3\)"
    ):
        Predictor(artifact.trunk, head=artifact.head, metadata=metadata)


def test_a_model_with_other_label_sets_is_refused(artifact: Artifact) -> None:
    metadata = replace(artifact.metadata, label_sets={"style": ("blue", "green", "red")})
    with pytest.raises(ArtifactError, match=r"outputs \[.*'style_prob.*received"):
        Predictor(artifact.trunk, head=artifact.head, metadata=metadata)


def test_a_model_with_another_number_of_codes_is_refused(artifact: Artifact) -> None:
    label_sets = {**artifact.metadata.label_sets, "style": ("blue", "red")}
    with pytest.raises(
        ArtifactError, match=r"style_probabilities .* \(1, 2\), received .* \(1, 3\)"
    ):
        Predictor(
            artifact.trunk,
            head=artifact.head,
            metadata=replace(artifact.metadata, label_sets=label_sets),
        )
