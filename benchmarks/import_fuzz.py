"""Catalogue files of every format, mutated: each is read or refused with a code, and soon.

    python -m benchmarks.import_fuzz [--mutations N] [--seed N] [--json]

No database is needed: what is looked at is whatever meets the bytes of a file, from opening it to
what its rows say and its photos hold. A crash or a hang ends the run and names its seed.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import signal
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.figures import tell

MUTATIONS = 10_000
HANG_SECONDS = 20
SPLICES = (
    *(b"", b"\0", b"\xff\xfe", b'"', b"'", b",", b";", b"\t", b"\r\n", b"<", b">", b"&", b"]]>"),
    *(
        b"&a;",
        b"<!DOCTYPE x>",
        b"<item>",
        b"</item>",
        b"PK\x03\x04",
        b"PK\x01\x02",
        b"../",
        b"=1+1",
    ),
    *(b"99999999999", b"-1", b"1e999", b"NaN", b"[[[[", b"{", b"}", b"null", b"XFD1048576"),
    "가나다".encode(),
    "상품코드".encode("cp949"),
)
HEADER = ("sku", "name", "price", "stock", "style", "gender", "image")
ROWS = (
    ("a", "Shirt", "29000", "3", "punk", "women", "0.jpg"),
    ("b", "Coat", "₩59,000", "", "", "", "1.jpg|2.jpg"),
)


@cache
def seeds() -> dict[str, bytes]:
    """Return a sound file of each format by its name."""
    lines = [HEADER, *ROWS]
    items = "".join(
        "<item>"
        + "".join(f"<g:{n}>{v}</g:{n}>" for n, v in zip(HEADER, row, strict=True))
        + "</item>"
        for row in ROWS
    )
    table = "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines).encode()
    jsons = "".join(
        "{" + ", ".join(f'"{n}": "{v}"' for n, v in zip(HEADER, row, strict=True)) + "}\n"
        for row in ROWS
    )
    return {
        "a.csv": table,
        "a.tsv": "".join("\t".join(line) + "\n" for line in lines).encode(),
        "a.jsonl": jsons.encode(),
        "a.xml": f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>{items}</channel></rss>'.encode(),
        "a.xlsx": _workbook(lines),
        "a.zip": _zipped({"a.csv": table, **{f"{n}.jpg": bytes([n]) * 900 for n in range(3)}}),
    }


def mutate(content: bytes, *, drawn: random.Random, is_archive: bool) -> bytes:
    """Return a file with a few of its bytes other than they were.

    Args:
        is_archive: mutate what is packed as well as the package: else nothing behind the checksum
            of an entry would ever be met.
    """
    if is_archive and drawn.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        name = drawn.choice(sorted(files))
        files[name] = _mutated(files[name], drawn)
        content = _zipped(files)
        if drawn.random() < 0.8:
            return content
    return _mutated(content, drawn)


def _mutated(content: bytes, drawn: random.Random) -> bytes:
    mutated = bytearray(content)
    for _ in range(drawn.choice((1, 1, 2, 3, 8))):
        at = drawn.randrange(len(mutated) + 1)
        length = drawn.choice((0, 1, 1, 4, 40))
        match drawn.randrange(6):
            case 0 if mutated:
                mutated[at % len(mutated)] ^= 1 << drawn.randrange(8)
            case 1:
                del mutated[at : at + length]
            case 2:
                mutated[at:at] = drawn.choice(SPLICES) * drawn.choice((1, 1, 1, 300))
            case 3:
                mutated[at : at + length] = drawn.choice(SPLICES)
            case 4:
                mutated[at:at] = mutated[at : at + 4 * length]
            case _:
                mutated[at : at + length] = drawn.randbytes(length)
        if drawn.random() < 0.02:
            del mutated[at:]
    return bytes(mutated)


def outcome(file: Path, *, name: str) -> list[str]:
    """Return the codes of what was refused of a file and its rows, and "read" for what was not.

    Raises:
        Exception: the importer has crashed; it raises nothing where it refuses.
    """
    from django.core.exceptions import ValidationError

    from products.importing.columns import Columns
    from products.importing.records import CatalogueImportError
    from products.importing.rows import read_row
    from products.importing.sources import open_source

    found: list[str] = []
    try:
        with open_source(file, name=name) as source:
            columns = Columns.of(source.table.header)
            for record in source.table.records():
                if "sku" not in columns.fields:
                    return ["sku_column_missing"]
                try:
                    for photo in read_row(record, columns=columns).photos or ():
                        source.photos.read(photo)
                    found.append("read")
                except ValidationError as refusal:
                    found.append(refusal.code if refusal.code and refusal.messages[0] else "")
    except CatalogueImportError as refusal:
        return [refusal.code if str(refusal) else ""]
    return found


def run_seed(seed: int, *, folder: Path) -> list[str]:
    """Mutate the file that a seed tells, as it tells, and return what came of it."""
    drawn = random.Random(seed)
    name = sorted(seeds())[seed % len(seeds())]
    is_archive = name.endswith((".zip", ".xlsx"))
    file = folder / f"{seed}-{os.getpid()}"
    file.write_bytes(mutate(seeds()[name], drawn=drawn, is_archive=is_archive))
    try:
        found = outcome(file, name=name)
    finally:
        file.unlink()
    assert all(found), "refused without a code"
    return found


def measure(mutations: int, seed: int) -> dict[str, Any]:
    """Return how many files and rows were read and refused, by code, and the longest time."""
    os.environ.setdefault("SECRET_KEY", "only for this benchmark")
    os.environ.setdefault("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")
    os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")
    os.environ["DJANGO_SETTINGS_MODULE"] = "kfashion_site.settings"
    import django

    django.setup()
    codes: Counter[str] = Counter()
    longest = 0.0
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="kfashion-fuzz-") as name:
        for number in range(seed, seed + mutations):
            started = time.perf_counter()
            try:
                with _alarm(HANG_SECONDS):
                    codes.update(run_seed(number, folder=Path(name)))
            except Exception as error:
                raise RuntimeError(f"seed {number} crashed the importer") from error
            longest = max(longest, time.perf_counter() - started)
    return {
        "mutated files": mutations,
        "crashes": 0,
        "hangs": 0,
        "refusals without a code": 0,
        "longest s": round(longest, 2),
        "files a second": round(mutations / (time.perf_counter() - began)),
        "rows read": codes.pop("read", 0),
        "refused by": dict(codes.most_common()),
    }


@contextmanager
def _alarm(seconds: int) -> Iterator[None]:
    def ring(number: int, frame: object) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _zipped(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, packed in files.items():
            archive.writestr(name, packed)
    return content.getvalue()


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mutations", type=int, default=MUTATIONS, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the first mutation")


if __name__ == "__main__":
    tell(measure, description=__doc__, configure=_configure)
