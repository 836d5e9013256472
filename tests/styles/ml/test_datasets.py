"""Labelled photos from folders and CSV files, and how they are split."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from styles.ml.datasets import (
    NO_LABEL,
    Example,
    index_labels,
    list_label_sets,
    read_csv,
    read_folders,
    split_examples,
)
from styles.ml.errors import DatasetError

CSV = "image,sku,type,usage\na.jpg,1,Tshirts,Casual\nsub/b.jpg,2,Shirts,\n,3,Shirts,Casual\n"


def example(key: str, **labels: str) -> Example:
    return Example(key, key.encode, labels)


def test_folders_give_their_name_as_label(tmp_path: Path) -> None:
    for name in ("dress/1.jpg", "dress/2.PNG", "hat/1.webp", "hat/notes.txt", "loose.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    examples = read_folders(tmp_path, label_set="garment")
    assert [photo.key for photo in examples] == ["dress/1.jpg", "dress/2.PNG", "hat/1.webp"]
    assert [photo.labels["garment"] for photo in examples] == ["dress", "dress", "hat"]
    assert examples[0].read() == b"dress/1.jpg"


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"one folder per class, received .*nowhere"):
        read_folders(tmp_path / "nowhere", label_set="garment")


def test_a_folder_without_photos_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="received none"):
        read_folders(tmp_path, label_set="garment")


def test_a_csv_gives_labels_by_column_and_leaves_empty_cells_out(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_text("\ufeff" + CSV, encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.jpg").write_bytes(b"photo")
    examples = read_csv(path, labels={"product_type": "type", "style_group": "usage"})
    assert [photo.key for photo in examples] == ["1", "2"]
    assert examples[0].labels == {"product_type": "Tshirts", "style_group": "Casual"}
    assert examples[1].labels == {"product_type": "Shirts"}
    assert examples[1].read() == b"photo"


def test_a_csv_without_a_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_text(CSV, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"columns \['style'\] .* received \['image', 'sku'"):
        read_csv(path, labels={"style": "style"})


def test_a_csv_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_bytes("image,sku,type\na.jpg,1,셔츠\n".encode("cp949"))
    with pytest.raises(DatasetError, match="cannot be read as a UTF-8 CSV file"):
        read_csv(path, labels={"product_type": "type"})


def test_label_sets_list_their_codes_in_order() -> None:
    examples = [example("1", style="punk"), example("2", style="modern", garment="hat")]
    label_sets = list_label_sets(examples)
    assert label_sets == {"garment": ("hat",), "style": ("modern", "punk")}
    indexes = index_labels(examples, label_sets=label_sets)
    assert indexes["style"].tolist() == [1, 0]
    assert indexes["garment"].tolist() == [NO_LABEL, 0]


def split(labels: list[dict[str, str]], digests: list[str]) -> tuple[list[int], list[int]]:
    return split_examples(labels, digests=digests, held_out_fraction=0.2, seed=3)


def test_every_label_gives_up_its_share() -> None:
    labels = [{"style": "punk"}] * 40 + [{"style": "modern"}] * 10 + [{"style": "rare"}] * 2
    kept, held_out = split(labels, [str(number) for number in range(52)])
    assert sorted(kept + held_out) == list(range(52))
    assert np.bincount(np.searchsorted([40, 50], held_out, side="right")).tolist() == [8, 2, 1]


def test_a_single_photo_of_its_kind_is_trained_on() -> None:
    kept, held_out = split([{"style": "punk"}, {"style": "modern"}], ["a", "b"])
    assert (kept, held_out) == ([0, 1], [])


def test_labels_of_several_sets_give_up_no_more_than_their_share() -> None:
    labels = [
        {"style": f"style {number % 20}", "product_type": f"type {number % 31}"}
        for number in range(620)
    ]
    _, held_out = split(labels, [str(number) for number in range(620)])
    assert 0.15 * 620 <= len(held_out) <= 0.2 * 620
    for name in ("style", "product_type"):
        shares = Counter(labels[index][name] for index in held_out)
        everything = Counter(label[name] for label in labels)
        assert all(count <= round(0.2 * everything[code]) for code, count in shares.items())


def test_a_photo_without_labels_is_not_held_out() -> None:
    assert split([{}, {}, {}], ["a", "b", "c"]) == ([0, 1, 2], [])


def test_copies_stay_on_one_side() -> None:
    digests = [f"{number // 4}" for number in range(80)]
    kept, held_out = split([{"style": "punk"}] * 80, digests)
    assert {digests[index] for index in kept}.isdisjoint(digests[index] for index in held_out)
    assert len(held_out) == 16


def test_the_same_seed_gives_the_same_split() -> None:
    labels = [{"style": "punk"}] * 30
    digests = [str(number) for number in range(30)]
    assert split(labels, digests) == split(labels, digests)
    other = split_examples(labels, digests=digests, held_out_fraction=0.2, seed=4)
    assert split(labels, digests) != other


def test_nothing_is_held_out_where_nothing_is_asked_for() -> None:
    labels = [{"style": "punk"}] * 3
    kept, held_out = split_examples(labels, digests=["a", "b", "c"], held_out_fraction=0.0, seed=0)
    assert (kept, held_out) == ([0, 1, 2], [])
