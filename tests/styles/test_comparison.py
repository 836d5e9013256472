"""Comparing backbones: the study's tables out of a command, stored, and told what went wrong."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from styles.artifacts import artifact_storage
from tests.styles.ml.tiny import BACKBONE, COLOURS, photo, tiny_backbone


@pytest.fixture(autouse=True)
def backbone() -> Iterator[None]:
    """Have the tiny backbone in the table."""
    with tiny_backbone():
        yield


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write twenty photos of each colour into a folder of its own, and one that is none."""
    root = tmp_path_factory.mktemp("photos")
    for colour in COLOURS:
        (root / colour).mkdir()
        for number in range(20):
            (root / colour / f"{number}.png").write_bytes(photo(colour, number=number))
    (root / "red" / "damaged.png").write_bytes(b"no photo")
    return root


SHORT = ("--backbones", BACKBONE, "--batch-sizes", "8,16", "--epochs", "2,4")


def compare(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    call_command("compare_backbones", *arguments, "--json")
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return printed


def test_the_studys_tables_come_out_and_are_stored(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = compare(capsys, str(folders), *SHORT)
    comparison = printed["comparison"]
    assert comparison["photos"] == {"train": 48, "validation": 6, "test": 6}
    assert comparison["classes"] == sorted(COLOURS)
    assert [skipped["key"] for skipped in comparison["skipped"]] == ["red/damaged.png"]
    (row,) = comparison["backbones"]
    for part in ("train", "validation", "test"):
        assert 0 <= row[part]["accuracy"] <= 1
        assert row[part]["loss"] > 0
    assert row["parameters"] == (4 * 4 * 3 * 16 + 16) + (16 * 512 + 512) + (512 * 3 + 3)
    assert row["artifact_bytes"] > 1000
    assert row["latency_milliseconds"] > 0
    assert len(row["history"]) == 10
    assert comparison["swept"] == BACKBONE
    assert [swept["batch_size"] for swept in comparison["batch_sizes"]] == [8, 16]
    assert [swept["epochs"] for swept in comparison["epochs"]] == [2, 4]
    storage = artifact_storage()
    assert printed["stored"].startswith("comparisons/")
    with storage.open(f"{printed['stored']}/comparison.json") as file:
        assert json.load(file) == comparison
    with storage.open(f"{printed['stored']}/comparison.csv", "r") as file:
        rows = list(csv.DictReader(file))
    assert [row["table"] for row in rows] == ["backbones", *2 * ["batch_sizes"], *2 * ["epochs"]]
    assert float(rows[0]["test_accuracy"]) == row["test"]["accuracy"]


def test_the_same_photos_give_the_same_figures_again(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    once, again = (compare(capsys, str(folders), *SHORT)["comparison"] for _ in range(2))
    for name in ("batch_sizes", "epochs", "photos"):
        assert once[name] == again[name]
    assert once["backbones"][0]["history"] == again["backbones"][0]["history"]


def test_a_backbone_that_cannot_be_built_is_listed_and_the_others_go_on(
    folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone.pth"
    arguments = ["--weights", f"efficientnet-lite0={gone}", "--output", str(tmp_path / "tables")]
    arguments += [*SHORT, "--backbones", f"efficientnet-lite0,{BACKBONE}"]
    call_command("compare_backbones", str(folders), *arguments)
    out = capsys.readouterr().out
    assert f"efficientnet-lite0 was left out: {gone} cannot be read" in out
    assert f"{BACKBONE} by batch size" in out
    assert f"Stored as JSON, CSV and Markdown in {tmp_path / 'tables'}" in out
    stored = (tmp_path / "tables" / "comparison.md").read_text(encoding="utf-8")
    assert stored.strip() in out


def test_where_no_backbone_can_be_built_it_says_why(folders: Path, tmp_path: Path) -> None:
    arguments = ["--backbones", "vgg16", "--weights", f"vgg16={tmp_path / 'gone.h5'}"]
    with pytest.raises(CommandError, match=r"None of the backbones .* there is no such file"):
        call_command("compare_backbones", str(folders), *arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--backbones", "lenet"], "Expected one of the backbones .* received 'lenet'"),
        (
            ["--backbones", BACKBONE, "--sweep", "vgg16"],
            "that are compared, tiny, received 'vgg16'",
        ),
        (["--weights", "lenet=file.h5"], "received 'lenet'"),
        (["--label-set", "fabric"], "at least two different labels, received 'fabric'"),
        (["--batch-sizes", "0"], "expected whole numbers from 1, received '0'"),
        (["--weights", "vgg16"], "expected NAME=FILE, received 'vgg16'"),
        ([*SHORT, "--output", "/dev/null/tables"], "cannot be written to /dev/null/tables"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(
    folders: Path, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("compare_backbones", str(folders), *arguments)


def test_photos_with_several_label_sets_need_a_choice(tmp_path: Path, folders: Path) -> None:
    table = folders / "labels.csv"
    rows = [["sku", "image", "colour", "fabric"], ["1", "red/1.png", "red", "wool"]]
    with table.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(CommandError, match=r"received colour, fabric: choose .* --label-set"):
        call_command("compare_backbones", str(table), "--labels", "colour,fabric")
