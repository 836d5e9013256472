"""The embed_products command, its tasks run where they are sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from kombu.exceptions import OperationalError

from products import tasks
from products.models import ProductEmbedding, ProductImage
from styles.models import ModelVersion
from tests.learnt import learnt_version
from tests.photos import draw_photo, encode
from tests.shop import add_photo, make_product, make_version

pytestmark = pytest.mark.django_db

DAMAGED = encode(draw_photo())[:-300]


@pytest.fixture(autouse=True)
def immediate_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each task at once; a real worker does the same in the tests of activation."""

    def run(task: Any, *arguments: Any, priority: int) -> bool:
        task(*arguments)
        return True

    monkeypatch.setattr(tasks, "_send", run)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, float]:
    call_command("embed_products", *arguments, "--json")
    counts: dict[str, float] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return counts


def test_json_counts_what_was_embedded_and_what_was_there(
    learnt: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    product = make_product("a")
    add_photo(product)
    first = printed(capsys)
    assert list(first) == ["embedded", "skipped", "failed", "photos_per_second"]
    assert (first["embedded"], first["skipped"], first["failed"]) == (1, 0, 0)
    assert first["photos_per_second"] > 0
    add_photo(product)
    again = printed(capsys)
    assert (again["embedded"], again["skipped"], again["failed"]) == (1, 1, 0)


def test_any_version_can_be_named(learnt: ModelVersion, capsys: pytest.CaptureFixture[str]) -> None:
    other = learnt_version(learnt.number + 1, status="trained")
    add_photo(make_product("a"))
    printed(capsys, "--model-version", str(other.number))
    assert ProductEmbedding.objects.get().model_version == other


def test_damaged_photos_are_tried_again_only_on_request(
    learnt: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    image = add_photo(make_product("a"), DAMAGED)
    assert printed(capsys)["failed"] == 1
    assert ProductImage.objects.get().error_code == "image_truncated"
    with image.file.storage.open(str(image.file), "wb") as file:
        file.write(encode(draw_photo()))
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


def test_without_any_worker_the_command_embeds_by_itself(
    learnt: ModelVersion, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*arguments: Any, **options: Any) -> bool:
        raise AssertionError("nothing is sent where nobody listens")

    monkeypatch.setattr(tasks, "_send", nobody)
    monkeypatch.setattr(current_app.control, "ping", lambda timeout: [])
    for number in range(3):
        add_photo(make_product(f"p{number}"))
    assert printed(capsys)["embedded"] == 3


def test_without_a_broker_it_does_so_too(
    learnt: ModelVersion, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(timeout: float) -> None:
        raise OperationalError

    monkeypatch.setattr(current_app.control, "ping", refuse)
    add_photo(make_product("p"))
    assert printed(capsys)["embedded"] == 1
