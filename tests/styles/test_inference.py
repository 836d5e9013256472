"""The door to the model: where it looked, as numbers and as a picture."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from styles.images import ImageError
from styles.inference import PhotoPrediction, explain, predict
from styles.models import ModelVersion
from tests.styles.ml.tiny import photo

pytestmark = pytest.mark.django_db


def test_a_prediction_brings_its_heat_map_on_request(learnt: ModelVersion) -> None:
    (plain,) = predict([photo("red", number=5)], model_version=learnt, clustering=None)
    (found,) = predict(
        [photo("red", number=5)], model_version=learnt, clustering=None, with_heat_maps=True
    )
    assert isinstance(plain, PhotoPrediction)
    assert plain.heat_map is None
    assert isinstance(found, PhotoPrediction)
    assert np.array_equal(found.embedding, plain.embedding)
    assert found.heat_map is not None
    assert found.heat_map.shape == (8, 8)
    assert found.heat_map.dtype == np.float32
    assert found.heat_map.min() >= 0.0
    assert found.heat_map.max() == pytest.approx(1.0)


def test_a_photo_is_explained_by_a_picture_of_itself(learnt: ModelVersion) -> None:
    drawn = Image.open(io.BytesIO(explain(photo("green", side=80), model_version=learnt)))
    assert (drawn.format, drawn.size) == ("WEBP", (80, 80))


def test_what_is_no_photo_cannot_be_explained(learnt: ModelVersion) -> None:
    with pytest.raises(ImageError):
        explain(b"not a photo", model_version=learnt)
