"""From data sets as they come, downloads and a handful of photos, to a version with one command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from styles.models import ModelVersion
from tests.styles.ml.k_fashion_tree import annotation, make_k_fashion_tree, write_annotation
from tests.styles.ml.tiny import BACKBONE, photo, tiny_backbone

pytestmark = pytest.mark.django_db


def test_a_download_trains_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = make_k_fashion_tree(tmp_path / "K-Fashion")
    with tiny_backbone():
        arguments = [str(tree), "--format", "k-fashion", "--backbone", BACKBONE]
        call_command("train_model_version", *arguments, "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    version = ModelVersion.objects.numbered(printed["model_version"])
    assert {"romantic", "street", "resort", "other"} <= set(version.label_sets["style"])
    assert set(version.label_sets) == {"style"}
    assert printed["trained"] + printed["held_out"] == 200
    assert printed["skipped"] == [{"key": "로맨틱/cut_1.jpg", "code": "image_truncated"}]
    assert printed["metrics"]["style"]["accuracy"] > 0.9


def test_three_photos_are_enough_to_train(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, colour in enumerate(("red", "red", "blue")):
        (tmp_path / colour).mkdir(exist_ok=True)
        (tmp_path / colour / f"{number}.png").write_bytes(photo(colour, number=number))
    (tmp_path / "green").mkdir()
    with tiny_backbone():
        call_command("train_model_version", str(tmp_path), "--backbone", BACKBONE, "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    version = ModelVersion.objects.numbered(printed["model_version"])
    assert version.label_sets == {"garment": ["blue", "red"]}
    assert printed["trained"] + printed["held_out"] == 3


def test_photos_without_annotations_train_nothing(tmp_path: Path) -> None:
    (tmp_path / "1.jpg").write_bytes(b"photo")
    with pytest.raises(CommandError, match=r"found 0 annotations .* 1 annotation missing"):
        call_command("train_model_version", str(tmp_path), "--format", "k-fashion")
    assert not ModelVersion.objects.exists()


def test_a_download_without_photos_trains_nothing(tmp_path: Path) -> None:
    write_annotation(tmp_path, annotation(1, "gone_1.jpg", "펑크"))
    with pytest.raises(CommandError, match="no usable photo to any; left out: 1 photo missing"):
        call_command("train_model_version", str(tmp_path), "--format", "k-fashion")
    assert not ModelVersion.objects.exists()
