"""The loss on embeddings, by hand: who pulls whom, and who only pushes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from styles.ml.metric_learning import contrast
from styles.ml.quiet_tensorflow import tf

EMBEDDINGS = np.array([[1, 0], [1, 0], [0, 1], [-1, 0]], np.float32)


def loss_of(
    class_indexes: list[int], *, temperature: float = 1.0, embeddings: np.ndarray = EMBEDDINGS
) -> float:
    given = tf.constant(embeddings), tf.constant(class_indexes, tf.int64)
    return float(contrast(*given, temperature=temperature))


def test_two_of_a_class_pull_each_other_past_the_others() -> None:
    # Both see their partner at a cosine of 1 and the others at 0 and -1.
    expected = math.log(math.e + 1 + 1 / math.e) - 1
    assert loss_of([0, 0, 1, 2]) == pytest.approx(expected, rel=1e-6)


def test_the_temperature_divides_cosines() -> None:
    expected = math.log(math.exp(10) + 1 + math.exp(-10)) - 10
    assert loss_of([0, 0, 1, 2], temperature=0.1) == pytest.approx(expected, rel=1e-2)


def test_partners_are_averaged_first_and_photos_then() -> None:
    # The first two see partners at 1 and 0, the third both at 0; the fourth is alone.
    near = math.log(math.e + 1 + 1 / math.e) - (1 + 0) / 2
    far = math.log(1 + 1 + 1)
    assert loss_of([0, 0, 0, 1]) == pytest.approx((2 * near + far) / 3, rel=1e-6)


def test_photos_of_a_class_close_together_cost_less_than_apart() -> None:
    assert loss_of([0, 0, 1, 2]) < loss_of([0, 1, 2, 0])


def test_an_unlabelled_photo_takes_no_part() -> None:
    assert loss_of([-1, -1, -1, -1]) == 0.0
    assert loss_of([-1, -1, 0, 1]) == 0.0
    assert loss_of([0, -1, 0, 2]) == pytest.approx(
        loss_of([0, 0, 2], embeddings=EMBEDDINGS[[0, 2, 3]])
    )
    assert loss_of([0, 0, -1, -1]) == pytest.approx(0.0, abs=1e-6)  # nobody to be told from


@pytest.mark.parametrize("class_indexes", [[0, 1, 2, 3], [-1, -1, -1, -1], [0, -1, 1, -1]])
def test_a_batch_without_partners_teaches_nothing(class_indexes: list[int]) -> None:
    embeddings = tf.Variable(EMBEDDINGS)
    with tf.GradientTape() as tape:
        loss = contrast(embeddings, tf.constant(class_indexes, tf.int64), temperature=0.1)
    assert float(loss) == 0.0
    assert np.array_equal(tape.gradient(loss, embeddings).numpy(), np.zeros((4, 2)))


def test_a_single_photo_teaches_nothing() -> None:
    assert loss_of([0], embeddings=EMBEDDINGS[:1]) == 0.0


def test_the_gradient_brings_partners_together() -> None:
    embeddings = tf.Variable(np.array([[1, 0], [0.6, 0.8], [0, 1]], np.float32))
    with tf.GradientTape() as tape:
        loss = contrast(embeddings, tf.constant([0, 0, 1], tf.int64), temperature=0.5)
    step = -tape.gradient(loss, embeddings).numpy()
    assert np.isfinite(step).all()
    assert step[0] @ np.array([0.6, 0.8]) > 0  # towards its partner
    assert step[0] @ np.array([0, 1]) < step[0] @ np.array([1, 0])
    assert step[2] @ np.array([0.6, 0.8]) < 0  # away from the others
