"""Labelled photos from folders and CSV files, and how they are split."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from styles.ml.datasets import (
    LISTED_NAMES,
    NO_LABEL,
    Dataset,
    Example,
    LeftOut,
    index_labels,
    list_label_sets,
    read_csv,
    read_folders,
    sample_per_class,
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


def test_rows_without_a_photo_or_a_label_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("image,style,shoot\na.jpg,punk,s1\n,punk\nb.jpg\nc.jpg,modern,s1\n\n")
    dataset = read_csv(path, labels={"style": "style"})
    assert [(photo.key, photo.shoot) for photo in dataset] == [("a.jpg", "s1"), ("c.jpg", "s1")]
    assert {code: one.names for code, one in dataset.left_out.items()} == {
        "photo_missing": ["line 3"],
        "label_missing": ["b.jpg"],
    }


def test_a_csv_without_usable_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("image,style\na.jpg,\n")
    with pytest.raises(DatasetError, match=r"a photo and a label .* received 1 label missing"):
        read_csv(path, labels={"style": "style"})


def test_names_of_left_out_things_are_few_and_different_but_all_are_counted() -> None:
    left_out = LeftOut()
    for number in range(1000):
        left_out.add(f"{number // 2}")
    assert (left_out.count, len(left_out.names)) == (1000, LISTED_NAMES)


def test_a_data_set_is_a_sequence_of_its_examples() -> None:
    dataset = Dataset([example("1"), example("2")])
    assert [len(dataset), dataset[0].key, [one.key for one in dataset[1:]]] == [2, "1", ["2"]]
    assert dataset[1] in dataset


def sample(examples: list[Example], per_class: int, seed: int = 0) -> list[Example]:
    return sample_per_class(examples, label_set="style", per_class=per_class, seed=seed)


def test_every_class_gives_as_many_photos_as_it_has_up_to_the_number() -> None:
    many = [example(f"a{number}", style="punk") for number in range(50)]
    few = [example(f"b{number}", style="modern") for number in range(3)]
    drawn = sample([*many, *few, example("c", garment="hat")], 10)
    assert Counter(one.labels["style"] for one in drawn) == {"punk": 10, "modern": 3}
    assert [one.key for one in sample(many, 10)] == [one.key for one in sample(many, 10)]
    assert sample(many, 10) != sample(many, 10, seed=1)


def test_every_shoot_gives_one_photo_before_any_gives_two() -> None:
    shoots = [
        replace(example(f"{shoot}-{number}", style="punk"), shoot=f"s{shoot}")
        for shoot, photos in enumerate([30, 1, 2, 5])
        for number in range(photos)
    ]
    assert Counter(one.shoot for one in sample(shoots, 4)) == {"s0": 1, "s1": 1, "s2": 1, "s3": 1}
    assert Counter(one.shoot for one in sample(shoots, 9)) == {"s0": 3, "s1": 1, "s2": 2, "s3": 3}


def test_a_label_set_that_nothing_is_labelled_in_cannot_be_sampled() -> None:
    with pytest.raises(DatasetError, match="a label in style, received none"):
        sample([example("1", garment="hat")], 3)


def test_a_second_style_that_is_never_a_first_one_is_a_class_too() -> None:
    mixed = replace(example("1", style="punk"), mixes={"style": {"punk": 2 / 3, "retro": 1 / 3}})
    assert list_label_sets([mixed])["style"] == ("punk", "retro")
