"""From a name on a command line to labelled photos."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from styles.catalogue import Example
from styles.datasets import (
    FORMATS,
    LEFT_OUT_REASONS,
    count_labels,
    describe_left_out,
    read_dataset,
    with_known_styles,
    without_implied_labels,
)
from styles.exceptions import TrainingError
from tests.shop import add_photo, make_product
from tests.styles.ml.k_fashion_tree import make_k_fashion_tree
from tests.styles.ml.tiny import photo


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


def test_a_folder_with_annotations_is_known_as_k_fashion(tmp_path: Path) -> None:
    make_k_fashion_tree(tmp_path, photos=8)
    dataset = read_dataset(str(tmp_path))
    assert label_sets(dataset) == {"style"}
    assert len(dataset) == 9
    both = read_dataset(str(tmp_path), format="k-fashion", labels="style,garment")
    assert label_sets(both) == {"style", "garment"}


def test_what_was_left_out_is_told_reason_by_reason(tmp_path: Path) -> None:
    make_k_fashion_tree(tmp_path, photos=4)
    lines = list(describe_left_out(read_dataset(str(tmp_path)).left_out))
    assert lines == [
        "Left out, an annotation or row without a photo: 1 (로맨틱/1.json)",
        "Left out, a photo without an annotation: 1 (로맨틱/orphan.jpg)",
    ]
    assert all(reason[0].isupper() for reason in LEFT_OUT_REASONS.values())


@pytest.mark.django_db
@pytest.mark.parametrize("format", FORMATS)
def test_the_catalogue_is_the_catalogue_beside_data_sets_of_any_format(format: str) -> None:
    add_photo(make_product("p1", category="Coats"), photo("red", number=0))
    assert label_sets(read_dataset("catalogue", format=format)) == {"product_type"}


def test_empty_class_folders_are_named(tmp_path: Path) -> None:
    for name in ("hat", "dress", "skirt"):
        (tmp_path / name).mkdir()
    for name in ("hat/1.jpg", "dress/2.jpg"):
        (tmp_path / name).write_bytes(b"photo")
    dataset = read_dataset(str(tmp_path))
    assert len(dataset) == 2
    assert list(describe_left_out(dataset.left_out)) == [
        "A folder without photos, no class: 1 (skirt)"
    ]


@pytest.mark.parametrize(
    ("format", "labels", "sentence"),
    [
        ("catalogue", None, "Expected the name catalogue"),
        ("folders", "style,garment", "Expected one label set .* received style, garment"),
        ("folders", None, "Expected photos in the folders"),
        ("k-fashion", None, "Expected K-Fashion annotations and their photos"),
        ("k-fashion", "mood", "received mood"),
        ("csv", None, "cannot be read as a UTF-8 CSV file"),
    ],
)
def test_a_data_set_that_cannot_be_read_is_refused_in_a_sentence(
    tmp_path: Path, format: str, labels: str | None, sentence: str
) -> None:
    assert format in FORMATS
    with pytest.raises(TrainingError, match=sentence):
        read_dataset(str(tmp_path), format=format, labels=labels)
