"""A made-up K-Fashion download: photos drawn in the colour of their style, annotations beside."""

from __future__ import annotations

import io
import json
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

COLOURS = {
    "로맨틱": (230, 120, 160),
    "스트리트": (40, 40, 50),
    "리조트": (60, 190, 170),
    "기타": (235, 220, 60),
}
PHOTOS_PER_SHOOT = 5
FIRST_ID = 100_000
SIDE = 48


def make_k_fashion_tree(folder: Path, *, photos: int = 200) -> Path:
    """Write `photos` annotated photos, in equal parts of four styles, and what spoils a download.

    Each style's photos come in shoots of five; every third photo has a second style, those of 기타
    have none at all. Photos are called by their id in two styles and by their file name in the
    others; one style's folders are spelled as macOS does; some annotations begin with a byte order
    mark. Beside them: a photo without an annotation, an annotation without a photo, and a photo cut
    off in the middle, which only shows when it is decoded.
    """
    for number in range(photos):
        style = list(COLOURS)[number % len(COLOURS)]
        add_photo(folder, style, number=number // len(COLOURS), identifier=FIRST_ID + number)
    source = folder / "원천데이터" / "로맨틱"
    (source / "orphan.jpg").write_bytes(draw_photo("로맨틱", shoot=1000, number=0))
    write_annotation(folder / "라벨링데이터" / "로맨틱", annotation(1, "gone_1.jpg", "로맨틱"))
    whole = draw_photo("로맨틱", shoot=1001, number=0)
    (source / "cut_1.jpg").write_bytes(whole[: len(whole) // 2])
    write_annotation(folder / "라벨링데이터" / "로맨틱", annotation(2, "cut_1.jpg", "로맨틱"))
    return folder


def add_photo(folder: Path, style: str, *, number: int, identifier: int) -> None:
    """Write one photo and its annotation, in folders of its style."""
    shoot, place = divmod(number, PHOTOS_PER_SHOOT)
    file_name = f"{identifier % len(COLOURS)}x{shoot:03}-s_{place + 1}.jpg"
    spelled = unicodedata.normalize("NFD", style) if style == "리조트" else style
    source = folder / "원천데이터" / spelled
    source.mkdir(parents=True, exist_ok=True)
    by_id = style in ("로맨틱", "기타")
    (source / (f"{identifier}.jpg" if by_id else file_name)).write_bytes(
        draw_photo(style, shoot=shoot, number=place)
    )
    second = "레트로" if number % 3 == 0 and style != "기타" else None
    write_annotation(
        folder / "라벨링데이터" / spelled,
        annotation(identifier, file_name, style, second=second),
        mark=number % 7 == 0,
    )


def draw_photo(style: str, *, shoot: int, number: int) -> bytes:
    """Return a JPEG in the style's colour; a shoot shares its pattern, its photos differ a bit."""
    names = list(COLOURS)
    pattern = np.random.default_rng([names.index(style), shoot]).normal(0, 30, (6, 6, 3))
    noise = np.random.default_rng([names.index(style), shoot, number]).normal(0, 6, (SIDE, SIDE, 3))
    pixels = np.array(COLOURS[style]) + np.kron(pattern, np.ones((8, 8, 1))) + noise
    content = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(content, "JPEG", quality=95)
    return content.getvalue()


def annotation(
    identifier: int, file_name: str, style: str, *, second: str | None = None
) -> dict[str, Any]:
    """Return an annotation as the data set writes it: a dress alone in the middle of the photo."""
    named: dict[str, str] = {} if style == "기타" else {"스타일": style}
    if second:
        named["서브스타일"] = second
    box = {"X좌표": 8.0, "Y좌표": 4.25, "가로": 32, "세로": 40}
    return {
        "이미지 정보": {
            "이미지 식별자": identifier,
            "이미지 높이": SIDE,
            "이미지 파일명": file_name,
            "이미지 너비": SIDE,
        },
        "데이터셋 정보": {
            "데이터셋 상세설명": {
                "렉트좌표": {"아우터": [{}], "하의": [{}], "원피스": [box], "상의": [{}]},
                "라벨링": {
                    "스타일": [named],
                    "아우터": [{}],
                    "하의": [{}],
                    "원피스": [{"카테고리": "드레스", "색상": "핑크"}],
                    "상의": [{}],
                },
            },
            "파일 번호": identifier,
            "파일 이름": file_name,
        },
    }


def write_annotation(folder: Path, tree: dict[str, Any], *, mark: bool = False) -> Path:
    """Write an annotation under its id, after a byte order mark if asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{tree['이미지 정보']['이미지 식별자']}.json"
    encoding = "utf-8-sig" if mark else "utf-8"
    path.write_text(json.dumps(tree, ensure_ascii=False), encoding=encoding)
    return path
