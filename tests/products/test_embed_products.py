"""The embed_products command, with a stand-in for worker and model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from products import embedding, tasks
from products.models import ProductEmbedding, ProductImage
from styles.images import ImageError
from styles.inference import PhotoPrediction
from styles.models import Clustering, ModelVersion
from tests.shop import add_photo, direction, jpeg, make_product, make_version

pytestmark = pytest.mark.django_db

DAMAGED = b"not a photo"


def predict(
    photos: Sequence[bytes], *, model_version: ModelVersion, clustering: Clustering | None
) -> list[PhotoPrediction | ImageError]:
    """See the same in every photo but the damaged one."""
    return [
        ImageError("image_truncated")
        if photo == DAMAGED
        else PhotoPrediction(np.array(direction(a=1)), {"style": {"punk": 1.0}}, {})
        for photo in photos
    ]


@pytest.fixture(autouse=True)
def immediate_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each task where it is queued, as a worker would, on what `predict` sees."""

    def embed(image_ids: Sequence[int], model_version_id: int) -> None:
        version = ModelVersion.objects.get(pk=model_version_id)
        embedding.embed_images(image_ids, model_version=version)

    monkeypatch.setattr(tasks, "embed_images", SimpleNamespace(delay=embed))
    monkeypatch.setattr(embedding, "predict", predict)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, float]:
    call_command("embed_products", *arguments, "--json")
    counts: dict[str, float] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return counts


def test_json_counts_what_was_embedded_and_what_was_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_version("active")
    product = make_product("a")
    add_photo(product)
    first = printed(capsys)
    assert list(first) == ["embedded", "skipped", "failed", "photos_per_second"]
    assert (first["embedded"], first["skipped"], first["failed"]) == (1, 0, 0)
    assert first["photos_per_second"] > 0
    add_photo(product, jpeg((1, 2, 3)))
    again = printed(capsys)
    assert (again["embedded"], again["skipped"], again["failed"]) == (1, 1, 0)


def test_any_version_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    make_version("active")
    other = make_version("trained")
    add_photo(make_product("a"))
    printed(capsys, "--model-version", str(other.number))
    assert ProductEmbedding.objects.get().model_version == other


def test_damaged_photos_are_tried_again_only_on_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_version("active")
    image = add_photo(make_product("a"), DAMAGED)
    assert printed(capsys)["failed"] == 1
    assert ProductImage.objects.get().error_code == "image_truncated"
    with image.file.storage.open(str(image.file), "wb") as file:
        file.write(jpeg())
    assert printed(capsys)["embedded"] == 0
    assert printed(capsys, "--retry-failed")["embedded"] == 1
    assert ProductImage.objects.get().error_code == ""


def test_people_read_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    make_version("active")
    call_command("embed_products")
    assert capsys.readouterr().out.startswith("Photos: 0 embedded, 0 already were, 0 failed")


def test_without_an_active_version_it_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="train_model_version"):
        call_command("embed_products")


def test_an_unknown_version_is_refused_with_those_there_are() -> None:
    known = make_version("active")
    with pytest.raises(CommandError, match=f"known versions: {known.number}"):
        call_command("embed_products", "--model-version", "999999")
