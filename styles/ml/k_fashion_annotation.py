"""One annotation of the K-Fashion data set, from bytes to what training needs; for its reader."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from styles.ml.datasets import Box
from styles.ml.errors import DatasetError

# The real ones have 3 to 20 kB, most of it outlines.
MAX_ANNOTATION_BYTES = 4 * 1024 * 1024

_PHOTO, _DATASET, _DETAILS = "이미지 정보", "데이터셋 정보", "데이터셋 상세설명"
_LABELS, _RECTANGLES = "라벨링", "렉트좌표"
_STYLE, _SECOND_STYLE = "스타일", "서브스타일"
_CATEGORY, _COLOUR = "카테고리", "색상"


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is known of one photo; names as they are written there, in whole Korean letters.

    `styles` are the main and, if there is one, the second style; () is a photo of no style (기타).
    `garment` and `colour` are those of the garment where the photo shows one alone, else "": of a
    blouse over a skirt neither is *the* garment. `boxes` are all its garments.
    """

    identifier: str
    file_name: str
    styles: tuple[str, ...]
    garment: str
    colour: str
    boxes: tuple[Box, ...]


def parse_annotation(content: bytes) -> Annotation:
    """Read one JSON annotation, UTF-8 with or without a byte order mark.

    Raises DatasetError where it is not one: not JSON, cut off, or without its list of styles.
    """
    if len(content) > MAX_ANNOTATION_BYTES:
        raise DatasetError(
            f"Expected an annotation of at most {MAX_ANNOTATION_BYTES} bytes, "
            f"received {len(content)}."
        )
    try:
        # Files that went through macOS may spell Korean in parts (NFD).
        tree = json.loads(unicodedata.normalize("NFC", content.decode("utf-8-sig")))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise DatasetError(f"Expected a JSON annotation: {error}.") from error
    photo, dataset = _part(tree, _PHOTO), _part(tree, _DATASET)
    details = _part(dataset, _DETAILS)
    labels = _part(details, _LABELS)
    if not isinstance(labels.get(_STYLE), list):
        raise DatasetError(f"Expected {_DATASET} > {_DETAILS} > {_LABELS} > {_STYLE}.")
    garments = [
        one for region in labels if region != _STYLE for one in _entries(labels, region) if one
    ]
    only = garments[0] if len(garments) == 1 else {}
    return Annotation(
        identifier=_text(photo, "이미지 식별자") or _text(dataset, "파일 번호"),
        file_name=_text(photo, "이미지 파일명") or _text(dataset, "파일 이름"),
        styles=_styles(labels),
        garment=_text(only, _CATEGORY),
        colour=_text(only, _COLOUR),
        boxes=_boxes(_part(details, _RECTANGLES)),
    )


def _part(tree: Any, name: str) -> Mapping[str, Any]:
    part = tree.get(name) if isinstance(tree, dict) else None
    return part if isinstance(part, dict) else {}


def _entries(tree: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    entries = tree.get(name)
    if isinstance(entries, list):
        yield from (entry for entry in entries if isinstance(entry, dict))


def _text(tree: Mapping[str, Any], name: str) -> str:
    value = tree.get(name)
    return str(value).strip() if isinstance(value, str | int) else ""


def _styles(labels: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the main and the second style, each named once."""
    named = [
        name
        for entry in _entries(labels, _STYLE)
        for key in (_STYLE, _SECOND_STYLE)
        if (name := _text(entry, key))
    ]
    return tuple(dict.fromkeys(named))[:2]


def _boxes(rectangles: Mapping[str, Any]) -> tuple[Box, ...]:
    """Return the garments' boxes; one that is not four numbers, or is empty, is no box."""
    boxes = (_box(entry) for region in rectangles for entry in _entries(rectangles, region))
    return tuple(box for box in boxes if box and box.width > 0 and box.height > 0)


def _box(entry: Mapping[str, Any]) -> Box | None:
    try:
        return Box(*(round(float(entry[name])) for name in ("X좌표", "Y좌표", "가로", "세로")))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
