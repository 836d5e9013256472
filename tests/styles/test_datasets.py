"""From a name on a command line to labelled photos."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from styles.catalogue import Example
from styles.datasets import (
    count_labels,
    read_dataset,
    with_known_styles,
    without_implied_labels,
)
from styles.exceptions import TrainingError


def write_table(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def label_sets(examples: Sequence[Example]) -> set[str]:
    return {name for example in examples for name in example.labels}


def test_style_groups_are_learnt_only_where_styles_are_not_known() -> None:
    def example(**labels: str) -> Example:
        return Example("key", lambda: b"", labels)

    with_styles = [
        example(style="punk", style_group="subculture"),
        example(style="classic", style_group="traditional"),
        example(style_group="casual"),
    ]
    assert label_sets(without_implied_labels(with_styles)) == {"style"}
    groups_only = [example(style_group="casual"), example(style_group="sporty")]
    assert label_sets(without_implied_labels(groups_only)) == {"style_group"}


def test_styles_in_a_csv_may_be_written_in_either_language(tmp_path: Path) -> None:
    rows = [["sku", "image", "style"], ["1", "1.jpg", "펑크"], ["2", "2.jpg", "Hip-Hop"]]
    table = write_table(tmp_path / "labels.csv", rows)
    examples = read_dataset(str(table), labels="style")
    assert [example.labels["style"] for example in examples] == ["punk", "hiphop"]


def test_styles_outside_the_taxonomy_are_named() -> None:
    with pytest.raises(TrainingError, match="not in the taxonomy: steampunk"):
        with_known_styles([Example("1", lambda: b"", {"style": "steampunk"})])


def test_several_columns_of_a_csv_become_label_sets(tmp_path: Path) -> None:
    rows = [["image", "style", "colour"], ["1.jpg", "punk", "red"], ["2.jpg", "", "blue"]]
    dataset = read_dataset(str(write_table(tmp_path / "labels.csv", rows)), labels="style, colour")
    assert count_labels(dataset) == {"style": 1, "colour": 2}
    assert [example.key for example in dataset] == ["1.jpg", "2.jpg"]


def test_a_folder_per_style_is_brought_to_the_codes_of_the_taxonomy(tmp_path: Path) -> None:
    for name in ("로맨틱", "Hip-Hop"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.jpg").write_bytes(b"photo")
    dataset = read_dataset(str(tmp_path), labels="style")
    assert sorted(example.labels["style"] for example in dataset) == ["hiphop", "romantic"]
    assert label_sets(read_dataset(str(tmp_path))) == {"garment"}
