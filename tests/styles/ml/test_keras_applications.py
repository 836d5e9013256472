"""Networks of keras.applications: their preprocessing, their weights files, their download."""

from __future__ import annotations

import functools
import hashlib
import http.server
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from styles.ml import keras_applications
from styles.ml.errors import CheckpointError, WeightsUnavailableError
from styles.ml.keras_applications import (
    EFFICIENTNET_B0,
    RESNET50,
    VGG16,
    Application,
    build_application,
)
from styles.ml.quiet_tensorflow import keras
from tests.styles.ml.published import network, published_weights, save_published

MODULES = {"vgg16": "vgg16", "resnet50": "resnet50", "efficientnetb0": "efficientnet"}


@pytest.mark.parametrize(
    "application", [VGG16, RESNET50, EFFICIENTNET_B0], ids=lambda application: application.name
)
def test_uint8_photos_give_what_keras_gives_after_its_own_preprocessing(
    application: Application,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Keras builds another graph for the weights it downloads, so it must believe it has."""
    name = application.name
    path = str(published_weights()[name])
    monkeypatch.setattr("keras.src.utils.file_utils.get_file", lambda *_, **__: path)
    reference = getattr(keras.applications, application.constructor)(
        include_top=False, weights="imagenet", input_shape=(224, 224, 3)
    )
    photos = np.random.default_rng(0).integers(0, 256, (1, 224, 224, 3), dtype=np.uint8)
    preprocessed = getattr(keras.applications, MODULES[name]).preprocess_input(
        photos.astype(np.float32)
    )
    expected = reference.predict(preprocessed, verbose=0)
    received = network(name).predict(photos, verbose=0)
    assert np.allclose(received, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())


def test_a_file_with_the_top_gives_the_same_network(tmp_path: Path) -> None:
    path = save_published("EfficientNetB0", tmp_path / "efficientnetb0.h5", include_top=True)
    built = build_application(EFFICIENTNET_B0, path)
    with h5py.File(path, "r") as file:
        expected = file["top_conv/top_conv/kernel"][:]
    assert np.array_equal(built.get_layer("top_conv").get_weights()[0], expected)


def test_a_deeper_network_of_the_same_names_is_refused(tmp_path: Path) -> None:
    deeper = save_published("VGG19", tmp_path / "vgg19.h5", include_top=False)
    with pytest.raises(CheckpointError, match="layer block3_conv4 is in the file alone") as caught:
        build_application(VGG16, deeper)
    assert "vgg19.h5 does not hold the weights of vgg16" in str(caught.value)
    assert VGG16.file in str(caught.value)


def test_another_network_is_refused() -> None:
    with pytest.raises(CheckpointError, match="does not hold the weights of resnet50: layer"):
        build_application(RESNET50, published_weights()["vgg16"])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"gone\.h5 .* there is no such file"):
        build_application(VGG16, tmp_path / "gone.h5")


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "truncated.h5"
    content = published_weights()["efficientnetb0"].read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(CheckpointError, match="truncated"):
        build_application(EFFICIENTNET_B0, path)


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.h5"
    path.write_text("no weights")
    with pytest.raises(CheckpointError, match="file signature not found"):
        build_application(EFFICIENTNET_B0, path)
    other = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    other.save_weights(tmp_path / "new.weights.h5")
    with pytest.raises(CheckpointError, match="no legacy Keras file"):
        build_application(EFFICIENTNET_B0, tmp_path / "new.weights.h5")


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    path = Path(shutil.copy(published_weights()["efficientnetb0"], tmp_path / "damaged.h5"))
    with h5py.File(path, "r+") as file:
        file["stem_conv/stem_conv/kernel"][0] = np.nan
    with pytest.raises(CheckpointError, match="numbers that are not finite"):
        build_application(EFFICIENTNET_B0, path)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give Keras an empty cache of its own."""
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def server() -> Iterator[str]:
    """Serve the published files over HTTP; return the address."""
    folder = published_weights()["efficientnetb0"].parent
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    listener = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(quiet, directory=str(folder))
    )
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listener.server_port}"
    listener.shutdown()
    listener.server_close()


def test_published_weights_are_downloaded_once_and_standard_output_stays_clean(
    server: str,
    cache: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = published_weights()["efficientnetb0"]
    application = replace(
        EFFICIENTNET_B0,
        url=f"{server}/{path.name}",
        md5=hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest(),
    )
    built = build_application(application)
    expected = network("efficientnetb0").get_weights()
    assert all(map(np.array_equal, built.get_weights(), expected))
    printed = capsys.readouterr()
    assert "Downloading" in printed.err
    assert not printed.out
    assert (cache / "models" / path.name).is_file()
    build_application(replace(application, url=f"http://127.0.0.1:1/{path.name}"))


def test_a_download_of_other_content_is_refused(server: str, cache: Path) -> None:
    application = replace(EFFICIENTNET_B0, url=f"{server}/{EFFICIENTNET_B0.file}")
    with pytest.raises(WeightsUnavailableError, match="hash does not match"):
        build_application(application)


def test_a_server_that_cannot_be_reached_ends_in_one_sentence(cache: Path) -> None:
    application = replace(VGG16, url=f"http://127.0.0.1:1/{VGG16.file}")
    with pytest.raises(WeightsUnavailableError, match="could not be downloaded") as caught:
        build_application(application)
    assert re.search(r"refused\): bring .*notop\.h5 here .* option --weights\.", str(caught.value))


def test_a_server_that_keeps_silent_is_not_waited_for(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keras_applications, "DOWNLOAD_TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        application = replace(VGG16, url=f"http://127.0.0.1:{silent.getsockname()[1]}/weights.h5")
        with pytest.raises(WeightsUnavailableError, match="timed out"):
            build_application(application)
    assert socket.getdefaulttimeout() is None
