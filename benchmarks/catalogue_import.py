"""Imports into an empty shop, each twice: the real catalogue with its photos, and very many rows.

    python -m benchmarks.catalogue_import [--rows N] [--json]

The second import of a file finds nothing to do. No model version is there yet, so that nothing but
the import is measured; the ZIP of the real catalogue is imported and previewed as the admin does.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

from benchmarks.figures import tell
from benchmarks.running_shop import CATALOGUE, require_shared_data
from benchmarks.shop import temporary_shop

ROWS = 1_000_000
WORDS = (
    *("linen", "wool", "cotton", "silk", "denim", "shirt", "dress"),
    *("coat", "skirt", "jacket", "navy", "ivory", "black", "red"),
)
STYLES = ("classic", "punk", "retro", "")


def measure(rows: int) -> dict[str, Any]:
    """Return seconds, rows a second and memory of all of them."""
    require_shared_data()
    with temporary_shop() as folder:
        # First, for the peak of memory is that of the whole process so far.
        large = _twice(_write_rows(folder / "rows.csv", rows))
        large["peak memory MB"] = _peak_memory_bytes() // 2**20
        print(large, file=sys.stderr)
        return {
            f"{rows} rows without photos": large,
            "real catalogue with photos": _twice(CATALOGUE),
            "the same as a ZIP": _sent(_pack(folder / "catalogue.zip")),
        }


def _twice(file: Path) -> dict[str, Any]:
    from products.importers import import_catalogue

    began = time.perf_counter()
    first = import_catalogue(file)
    halfway = time.perf_counter()
    second = import_catalogue(file)
    ended = time.perf_counter()
    assert (second.unchanged, second.images_added) == (first.created, 0), "not repeatable"
    return {
        "rows": first.created,
        "failed rows": first.failed,
        "first run s": round(halfway - began, 1),
        "first run rows/s": round(first.created / (halfway - began)),
        "second run s": round(ended - halfway, 1),
        "second run rows/s": round(second.unchanged / (ended - halfway)),
        "second to first": f"{(halfway - began) / (ended - halfway):.1f} times faster",
    }


def _sent(archive: Path) -> dict[str, Any]:
    """Import a ZIP over again into a shop without its products, stage by stage as a worker does."""
    from django.core.files import File
    from django.db import connection

    from products.importing.steering import confirm, receive_file
    from styles.job_runs import run_job

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE products_product CASCADE")
    with archive.open("rb") as opened:
        found = receive_file(File(opened), name=archive.name, options={}, requested_by=None)
    began = time.perf_counter()
    assert found.job is not None
    run_job(found.job.pk, is_inline=True)
    previewed = time.perf_counter()
    found.refresh_from_db()
    confirm(found)
    assert found.job is not None
    run_job(found.job.pk, is_inline=True)
    found.refresh_from_db()
    return {
        "preview s": round(previewed - began, 1),
        "import s": round(time.perf_counter() - previewed, 1),
        "rows": found.created,
        "photos": found.photos_added,
    }


def _pack(archive: Path) -> Path:
    with zipfile.ZipFile(archive, "w") as target:
        for file in sorted(CATALOGUE.parent.rglob("*")):
            if file.is_file():
                target.write(file, file.relative_to(CATALOGUE.parent))
    return archive


def _write_rows(file: Path, rows: int) -> Path:
    drawn = random.Random(1)
    with file.open("w", encoding="utf-8") as target:
        target.write("sku,name,name_ko,brand,price,stock,gender,category,colour,style,url,season\n")
        for number in range(rows):
            words = drawn.choices(WORDS, k=4)
            target.write(
                f"P-{number:07},{' '.join(words).title()} {number},상품 {number},"
                f"Brand {number % 500},{1000 * (number % 200) + 900},{number % 50},women,"
                f"{words[0]},{words[1]},{STYLES[number % 4]},https://shop.example/{number},SS\n"
            )
    return file


def _peak_memory_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N")


if __name__ == "__main__":
    tell(measure, description=__doc__, configure=_configure)
