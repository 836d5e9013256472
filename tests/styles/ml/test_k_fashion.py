"""The K-Fashion data set as it is downloaded, and everything that may be wrong with a download."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from styles.ml.datasets import Box
from styles.ml.errors import DatasetError
from styles.ml.k_fashion import LABEL_SETS, RANK_SHARES, find_shoot, is_k_fashion, read_k_fashion
from tests.styles.ml.k_fashion_tree import annotation, make_k_fashion_tree, write_annotation


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_k_fashion_tree(tmp_path_factory.mktemp("k-fashion"))


def put(folder: Path, *, photo: str = "a_1.jpg", style: str = "펑크", identifier: int = 1) -> Path:
    """Write a photo that nobody decodes and an annotation; return the annotation's path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / photo).write_bytes(photo.encode())
    return write_annotation(folder, annotation(identifier, "a_1.jpg", style))


def test_the_real_samples_are_read_right(shared_data: Path) -> None:
    folder = shared_data / "k-fashion-samples"
    romantic, other = read_k_fashion(folder, label_sets=LABEL_SETS)
    assert romantic.key == "k-fashion-samples/100026.jpg"
    assert romantic.read() == (folder / "100026.jpg").read_bytes()
    # A blouse and a skirt: neither is the garment of the photo.
    assert romantic.labels == {"style": "romantic"}
    assert romantic.shoot == "ave29th_160_"
    assert romantic.boxes == (Box(321, 288, 183, 330), Box(260, 59, 295, 335))
    assert other.read() == (folder / "1070263.jpg").read_bytes()
    assert other.labels == {"style": "other"}
    assert other.shoot == "nt2157k07-nt2157k07-s_"
    assert (dict(romantic.mixes), dict(other.mixes)) == ({}, {})


def test_a_download_is_read_whole_and_what_is_wrong_with_it_is_counted(tree: Path) -> None:
    dataset = read_k_fashion(tree)
    styles = Counter(example.labels["style"] for example in dataset)
    assert styles == {"romantic": 51, "street": 50, "resort": 50, "other": 50}
    assert {code: (one.count, one.names) for code, one in dataset.left_out.items()} == {
        "photo_missing": (1, ["로맨틱/1.json"]),
        "annotation_missing": (1, ["로맨틱/orphan.jpg"]),
    }
    assert len({id(example.labels) for example in dataset}) < 10


def test_every_photo_gets_the_label_of_its_own_annotation(tree: Path) -> None:
    names = {"romantic": "로맨틱", "street": "스트리트", "resort": "리조트", "other": "기타"}
    for example in read_k_fashion(tree):
        assert example.key.split("/")[0] == names[example.labels["style"]]
        assert example.read()


def test_the_second_style_is_a_share_of_the_mix(tree: Path) -> None:
    mixed = [example for example in read_k_fashion(tree) if example.mixes]
    assert len(mixed) == 3 * 17
    for example in mixed:
        main = example.labels["style"]
        assert example.mixes == {"style": {main: RANK_SHARES[0], "retro": RANK_SHARES[1]}}
    assert sum(RANK_SHARES) == pytest.approx(1.0)


def test_shoots_and_garment_boxes_are_kept(tree: Path) -> None:
    dataset = read_k_fashion(tree)
    shoots = Counter(example.shoot for example in dataset if "cut" not in example.shoot)
    assert set(shoots.values()) == {5}
    assert {example.boxes for example in dataset} == {(Box(8, 4, 32, 40),)}


def test_the_one_garment_of_a_photo_gives_further_labels_when_asked_for(tree: Path) -> None:
    dataset = read_k_fashion(tree, label_sets=("garment", "garment_colour"))
    assert dataset[0].labels == {"garment": "드레스", "garment_colour": "핑크"}
    assert dict(dataset[0].mixes) == {}


def test_photos_without_the_labels_asked_for_are_counted(tmp_path: Path) -> None:
    put(tmp_path)
    two = annotation(2, "b_1.jpg", "펑크")
    two["데이터셋 정보"]["데이터셋 상세설명"]["라벨링"]["하의"] = [{"카테고리": "팬츠"}]
    write_annotation(tmp_path, two)
    (tmp_path / "b_1.jpg").write_bytes(b"photo")
    dataset = read_k_fashion(tmp_path, label_sets=["garment"])
    assert [example.key for example in dataset] == [f"{tmp_path.name}/a_1.jpg"]
    assert dataset.left_out["label_missing"].names == [f"{tmp_path.name}/2.json"]


def test_progress_is_heard_to_the_end(tree: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    read_k_fashion(tree, progress=lambda *told: heard.append(told))
    assert heard[-1] == ("annotations", 202, 202)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1, 2]",
        b"[" * 100_000,
        b'{"a": 1}',
        '{"데이터셋 정보": {"데이터셋 상세설명": {"라벨링": {"스타일": "펑크"}}}}'.encode(),
        '{"이미지 정보": {}}'.encode("cp949"),
        b" " * 5_000_000,
    ],
    ids=["empty", "cut", "list", "deep", "foreign", "no list", "cp949", "huge"],
)
def test_annotations_that_cannot_be_read_are_listed_without_their_photos(
    tmp_path: Path, content: bytes
) -> None:
    put(tmp_path)
    (tmp_path / "2.json").write_bytes(content)
    (tmp_path / "2.jpg").write_bytes(b"photo")
    dataset = read_k_fashion(tmp_path)
    assert len(dataset) == 1
    assert {code: one.names for code, one in dataset.left_out.items()} == {
        "annotation_unreadable": [f"{tmp_path.name}/2.json"]
    }


def test_boxes_that_are_none_are_left_out(tmp_path: Path) -> None:
    tree = annotation(1, "a_1.jpg", "펑크")
    tree["데이터셋 정보"]["데이터셋 상세설명"]["렉트좌표"] = {
        "상의": [{"X좌표": "left", "Y좌표": 1, "가로": 2, "세로": 3}, 7],
        "하의": [{"X좌표": float("nan"), "Y좌표": 1, "가로": 2, "세로": 3}],
        "아우터": [{"X좌표": 0, "Y좌표": 0, "가로": 0, "세로": 9}],
        "원피스": [{"X좌표": 1, "Y좌표": 2, "가로": 3, "세로": 4}],
    }
    write_annotation(tmp_path, tree)
    (tmp_path / "a_1.jpg").write_bytes(b"photo")
    assert read_k_fashion(tmp_path)[0].boxes == (Box(1, 2, 3, 4),)


def test_styles_outside_the_taxonomy_are_counted_by_name(tmp_path: Path) -> None:
    put(tmp_path)
    for identifier, styles in ((2, ["스팀펑크"]), (3, ["스팀펑크"]), (4, ["펑크", "스팀펑크"])):
        tree = annotation(identifier, f"b_{identifier}.jpg", styles[0])
        if styles[1:]:
            tree = annotation(identifier, f"b_{identifier}.jpg", styles[0], second=styles[1])
        write_annotation(tmp_path, tree)
        (tmp_path / f"b_{identifier}.jpg").write_bytes(b"photo")
    dataset = read_k_fashion(tmp_path)
    assert [dict(example.labels) for example in dataset] == [{"style": "punk"}] * 2
    assert [dict(example.mixes) for example in dataset] == [{}, {}]
    assert dataset.left_out["style_unknown"].count == 2
    assert dataset.left_out["style_unknown"].names == ["스팀펑크"]
    assert dataset.left_out["second_style_unknown"].count == 1


def test_photos_of_one_name_go_to_the_annotation_nearest_to_them(tmp_path: Path) -> None:
    for part, style in (("train", "펑크"), ("validation", "모던")):
        folder = tmp_path / part
        write_annotation(folder / "라벨링데이터", annotation(1, "a_1.jpg", style))
        (folder / "원천데이터").mkdir()
        (folder / "원천데이터" / "a_1.jpg").write_bytes(part.encode())
    dataset = read_k_fashion(tmp_path)
    assert {example.read(): example.labels["style"] for example in dataset} == {
        b"train": "punk",
        b"validation": "modern",
    }


def test_photos_that_two_annotations_may_mean_are_never_guessed(tmp_path: Path) -> None:
    put(tmp_path / "good")
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "7.jpg").write_bytes(b"photo")
    write_annotation(tmp_path / "three", annotation(7, "b_7.jpg", "펑크"))
    dataset = read_k_fashion(tmp_path)
    assert len(dataset) == 1
    assert dataset.left_out["photo_ambiguous"].names == ["three/7.json"]
    assert dataset.left_out["annotation_missing"].count == 2


def test_a_photo_is_learnt_from_once(tmp_path: Path) -> None:
    put(tmp_path)
    write_annotation(tmp_path / "again", annotation(1, "a_1.jpg", "모던"))
    dataset = read_k_fashion(tmp_path)
    assert [example.labels["style"] for example in dataset] == ["punk"]
    assert dataset.left_out["annotated_twice"].names == ["again/1.json"]


def test_names_in_either_unicode_spelling_are_the_same_name(tmp_path: Path) -> None:
    parts = unicodedata.normalize("NFD", "여름_1.jpg")
    (tmp_path / parts).write_bytes(b"photo")
    path = write_annotation(tmp_path, annotation(1, "여름_1.jpg", "펑크"))
    path.write_text(unicodedata.normalize("NFD", path.read_text("utf-8")), "utf-8")
    (example,) = read_k_fashion(tmp_path)
    assert (example.labels["style"], example.shoot) == ("punk", "여름_")
    assert example.key == f"{tmp_path.name}/여름_1.jpg"


def test_names_in_no_known_encoding_can_still_be_printed(tmp_path: Path) -> None:
    put(tmp_path)
    folder = tmp_path / os.fsdecode("로맨틱".encode("cp949"))
    folder.mkdir()
    (folder / "2.jpg").write_bytes(b"photo")
    dataset = read_k_fashion(tmp_path)
    assert all(name.encode() for one in dataset.left_out.values() for name in one.names)


def test_what_macos_leaves_in_zips_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "._1.json").write_bytes(b"\0")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "1.jpg").write_bytes(b"\0")
    assert read_k_fashion(tmp_path).left_out == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_folders_that_cannot_be_opened_are_named(tmp_path: Path) -> None:
    put(tmp_path)
    locked = tmp_path / "locked"
    locked.mkdir(mode=0)
    assert read_k_fashion(tmp_path).left_out["folder_unreadable"].names == [str(locked)]


def test_links_to_folders_are_followed_once(tmp_path: Path) -> None:
    put(tmp_path / "disk")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "photos").symlink_to(tmp_path / "disk")
    (tmp_path / "disk" / "round").symlink_to(tmp_path / "data")
    assert len(read_k_fashion(tmp_path / "data")) == 1


def test_a_tree_with_nothing_usable_is_told_in_one_sentence(tmp_path: Path) -> None:
    write_annotation(tmp_path, annotation(1, "gone_1.jpg", "펑크"))
    (tmp_path / "2.json").write_bytes(b"{")
    (tmp_path / "other.jpg").write_bytes(b"photo")
    with pytest.raises(DatasetError) as refused:
        read_k_fashion(tmp_path)
    assert str(refused.value).endswith(
        "found 2 annotations and no usable photo to any; left out: 1 photo missing, "
        "1 annotation unreadable, 1 annotation missing."
    )


def test_a_missing_folder_and_an_unknown_label_set_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"Expected a folder .* received .*nowhere"):
        read_k_fashion(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="style, garment, garment_colour; received mood"):
        read_k_fashion(tmp_path, label_sets=["mood"])


@pytest.mark.parametrize(
    ("file_name", "shoot"),
    [
        ("nt2157k07-nt2157k07-s_3.jpg", "nt2157k07-nt2157k07-s_"),
        ("Ave29th_160_02.jpg", "ave29th_160_"),
        ("look 12 (2).jpeg", "look 12 ("),
        ("100026.jpg", ""),
        ("summer.jpg", ""),
        ("", ""),
    ],
)
def test_a_shoot_is_everything_before_the_last_number(file_name: str, shoot: str) -> None:
    assert find_shoot(file_name) == shoot


def test_annotations_are_told_from_other_json(tree: Path, tmp_path: Path) -> None:
    assert is_k_fashion(tree)
    (tmp_path / "package.json").write_text("{}")
    assert not is_k_fashion(tmp_path)
    put(tmp_path / "deep" / "down")
    assert is_k_fashion(tmp_path)
