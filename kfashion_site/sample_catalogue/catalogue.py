"""Draws the catalogue into a folder and writes its CSV; the launcher and `__main__` call it."""

import csv
import io
import json
import os
import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from .grammar import Design, colour, design, draw, name
from .looks import LOOKS

GRAMMAR_VERSION = 4
"""Raise it when pictures or rows change: folders drawn by an older grammar are drawn again."""

COLUMNS = (
    "sku",
    "name",
    "name_ko",
    "brand",
    "price",
    "currency",
    "stock",
    "gender",
    "category",
    "colour",
    "style",
    "image",
    "drawn",
)
BRANDS = (
    "Moru & Dal",
    "Haneul Atelier",
    "Onda Works",
    "Studio Neut",
    "Bom Seam",
    "Garo Sero",
    "Maison Dure",
    "Yeoul",
)
MARKER = ".drawn.json"
JPEG_QUALITY = 88


def draw_catalogue(
    directory: Path,
    *,
    per_style: int = 20,
    workers: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Draw `per_style` products a style into `directory`; return the path of its catalogue.csv.

    Pictures are 512 x 640 JPEG under images/; their bytes depend on the sku and the grammar alone.
    A folder that already holds this catalogue is left as it is, and pictures that an interrupted
    run has finished are kept. `workers` defaults to two processes; with 1 all is drawn in this
    process. `on_progress` gets (pictures done, pictures in all). Raises OSError when the folder
    cannot be written.
    """
    table = directory / "catalogue.csv"
    state = {
        "grammar_version": GRAMMAR_VERSION,
        "per_style": per_style,
        "products": per_style * len(LOOKS),
    }
    marker = directory / MARKER
    images = directory / "images"
    designs = plan(per_style=per_style)
    found = _read_marker(marker)
    is_whole = table.exists() and not _missing(designs, images)
    if is_whole and found == {**state, "is_complete": True}:
        return table
    images.mkdir(parents=True, exist_ok=True)
    is_stale = found.get("grammar_version") != GRAMMAR_VERSION
    for leftover in images.glob("*KF-*" if is_stale else ".KF-*.part"):
        leftover.unlink()
    _write(marker, json.dumps({**state, "is_complete": False}).encode())
    _draw_missing(designs, images, workers=workers, on_progress=on_progress)
    _write(table, _table(designs).encode())
    _write(marker, json.dumps({**state, "is_complete": True}).encode())
    return table


def plan(*, per_style: int) -> list[Design]:
    """The designs of the whole catalogue, in the order of the CSV."""
    return [
        design(f"KF-{letters}-{number + 1:03d}", style, recipes, number=number)
        for style, (letters, recipes) in LOOKS.items()
        for number in range(per_style)
    ]


def row(product: Design) -> dict[str, str]:
    """The product's row in the CSV."""
    rng = random.Random(f"row {product.sku}")
    english, korean = name(product)
    low, high = product.recipe.price
    stock = 0 if rng.random() < 0.05 else rng.randint(2, 60)
    return {
        "sku": product.sku,
        "name": english,
        "name_ko": korean,
        "brand": rng.choice(BRANDS),
        "price": str(rng.randint(low, high) * 1000),
        "currency": "KRW",
        "stock": str(stock),
        "gender": product.recipe.gender,
        "category": product.recipe.category,
        "colour": colour(product),
        "style": product.style,
        "image": f"images/{product.sku}.jpg",
        "drawn": "yes",
    }


def _missing(designs: list[Design], images: Path) -> list[Design]:
    return [product for product in designs if not (images / f"{product.sku}.jpg").exists()]


def _draw_missing(
    designs: list[Design],
    images: Path,
    *,
    workers: int | None,
    on_progress: Callable[[int, int], None] | None,
) -> None:
    missing = [(product, images) for product in _missing(designs, images)]
    done = len(designs) - len(missing)

    def report() -> None:
        if on_progress is not None:
            on_progress(done, len(designs))

    report()
    if workers == 1 or len(missing) < 8:
        for job in missing:
            _draw_job(job)
            done += 1
            report()
        return
    with ProcessPoolExecutor(workers or 2, mp_context=get_context("spawn")) as pool:
        for _ in pool.map(_draw_job, missing, chunksize=8):
            done += 1
            report()


def _draw_job(job: tuple[Design, Path]) -> None:
    draw_product(*job)


def draw_product(product: Design, images: Path) -> None:
    """Draw one product into the folder `images`, under its sku."""
    buffer = io.BytesIO()
    draw(product).save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    _write(images / f"{product.sku}.jpg", buffer.getvalue())


def _table(designs: list[Design]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row(product) for product in designs)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a reader never meets half a file."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)


def _read_marker(path: Path) -> dict[str, object]:
    try:
        marker = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return marker if isinstance(marker, dict) else {}
