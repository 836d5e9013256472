"""From a K-Fashion download to a model version, with one command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from styles.models import ModelVersion
from tests.styles.ml.k_fashion_tree import annotation, make_k_fashion_tree, write_annotation
from tests.styles.ml.tiny import BACKBONE, tiny_backbone

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


def test_a_download_without_photos_trains_nothing(tmp_path: Path) -> None:
    write_annotation(tmp_path, annotation(1, "gone_1.jpg", "펑크"))
    with pytest.raises(CommandError, match="no usable photo to any; left out: 1 photo missing"):
        call_command("train_model_version", str(tmp_path), "--format", "k-fashion")
    assert not ModelVersion.objects.exists()
