"""Grouping a very large catalogue anew: time, memory, and how it is undone.

    python -m benchmarks.recluster [--products N] [--json]

The drawn sample catalogue is imported, a model trained on it, and its products are multiplied, with
their embeddings jittered: every tenth has a second photo. Then `manage.py recluster` runs twice, as
in a shop: the first time there is nothing to compare with, the second time clusters are matched to
those in force. Both run beside nothing else, in a process of their own, whose peak memory is told;
TensorFlow, which exports the head that tells the clusters, is in it. The bar is for a million.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.binary_copy import write_rows
from benchmarks.figures import tell
from benchmarks.running_shop import ROOT
from benchmarks.shop import temporary_shop

PRODUCTS = 1_000_000
PER_STYLE = 8
# Unit vectors plus this much noise in each of 256 directions have a cosine of 0.85 to the original.
JITTER = 0.04
SECOND_PHOTO_OF = 10
PART = 20_000
ALLOWED_SECONDS, ALLOWED_MEGABYTES = 180.0, 1_024


@dataclass(frozen=True)
class Run:
    """What a command printed as JSON, how long it took and its peak memory.

    ``processor_seconds`` are its own, without those of the database.
    """

    printed: dict[str, Any]
    seconds: float
    processor_seconds: float
    megabytes: int


def measure(*, products: int) -> dict[str, Any]:
    """Return all figures for a catalogue of about so many products."""
    with temporary_shop() as folder:
        version = open_shop(folder)
        said(f"multiplying the products to {products:,}")
        multiply(products, model_version_id=version)
        said("grouping for the first time")
        first = manage("recluster", "--json")
        said(f"{first.seconds:.0f} s; grouping again")
        again = manage("recluster", "--json", "--clusters", str(len(first.printed["clusters"]) + 1))
        said(f"{again.seconds:.0f} s; going back")
        undo = manage("recluster", "--undo", "--json")
    return {
        "products": again.printed["products"],
        "first time": told(first),
        "again, matched to those in force": told(again)
        | {
            "products with another number": again.printed["moved"],
            "splits": len(again.printed["changes"]["splits"]),
            "accuracy of the head, held out": round(again.printed["report"]["accuracy"], 4),
        },
        "undo s": round(undo.seconds, 1),
    }


def told(run: Run) -> dict[str, Any]:
    """Return a run's figures against what is allowed for a million products."""
    return {
        "s": round(run.seconds, 1),
        "allowed s": ALLOWED_SECONDS,
        "of the processor s": round(run.processor_seconds, 1),
        "peak memory MB": run.megabytes,
        "allowed MB": ALLOWED_MEGABYTES,
        "clusters": len(run.printed["clusters"]),
        "reached": run.seconds <= ALLOWED_SECONDS and run.megabytes <= ALLOWED_MEGABYTES,
    }


def open_shop(folder: Path) -> int:
    """Import the drawn catalogue, train on it, embed it; return the key of the model version."""
    from django.utils import timezone

    from styles.models import ModelVersion

    said("drawing and importing the sample catalogue")
    command = [sys.executable, "-m", "kfashion_site.sample_catalogue", str(folder / "sample")]
    command += ["--per-style", str(PER_STYLE)]
    drawn = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    catalogue = Path(drawn.stdout.strip())
    manage("import_products", str(catalogue), "--images", str(catalogue.parent), "--json")
    said("training on it and embedding it")
    number = manage("train_model_version", "catalogue", "--json").printed["model_version"]
    manage("embed_products", "--model-version", str(number), "--json")
    # Not by activating it: that would build the vector index, which the rows to come would fill
    # one by one.
    ModelVersion.objects.filter(number=number).update(status="active", activated_at=timezone.now())
    return ModelVersion.objects.get(number=number).pk


def multiply(products: int, *, model_version_id: int) -> None:
    """Add products, photos, styles and embeddings like those there are, until there are so many."""
    from django.db import connection

    with connection.cursor() as cursor:
        # Rows that are copies of right ones need no checks one by one.
        cursor.execute("SET session_replication_role = replica")
        for table, changed in (
            ("products_product", {"id": "id + copy * 100000", "sku": "sku || '-' || copy"}),
            (
                "products_productimage",
                {"id": "id + copy * 100000", "product_id": "product_id + copy * 100000"},
            ),
            ("products_product_styles", {"product_id": "product_id + copy * 100000"}),
        ):
            _multiply_rows(cursor, table, changed, products=products)
        _jitter_embeddings(cursor, products=products, model_version_id=model_version_id)
        cursor.execute("SET session_replication_role = DEFAULT")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _multiply_rows(cursor: Any, table: str, changed: dict[str, str], *, products: int) -> None:
    """Copy each row of a table, some of its columns changed, for each copy of the catalogue."""
    cursor.execute("SELECT count(*) FROM products_product WHERE id < 100000")
    copies = -(-products // cursor.fetchone()[0]) - 1
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "AND is_generated = 'NEVER' AND (column_name <> 'id' OR %s) ORDER BY ordinal_position",
        [table, "id" in changed],
    )
    columns = [name for (name,) in cursor.fetchall()]
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, "  # noqa: S608
        f"generate_series(1, {copies}) AS copy",
    )


def _jitter_embeddings(cursor: Any, *, products: int, model_version_id: int) -> None:
    """Give each photo that has none an embedding near that of the photo it is a copy of."""
    from products.binary_copy import BIGINT, halfvec, read_rows
    from styles.models import EMBEDDING_DIM

    known = read_rows(
        "SELECT product_id, embedding FROM products_productembedding WHERE model_version_id = %s",
        [model_version_id],
        columns={"product": BIGINT, "embedding": halfvec(EMBEDDING_DIM)},
    )
    originals = dict(
        zip(known["product"].tolist(), known["embedding"]["values"].astype(np.float32), strict=True)
    )
    photos = read_rows(
        "SELECT id, product_id FROM products_productimage WHERE id >= 100000 ORDER BY id",
        [],
        columns={"image": BIGINT, "product": BIGINT},
    )
    random = np.random.default_rng(0)
    for photo_set in (photos, photos[::SECOND_PHOTO_OF]):
        images = photo_set["image"].astype(np.int64)
        if photo_set is not photos:
            images = images + 10**12  # a second photo, of which no other row is needed
        parts = _jittered(images, photo_set["product"].astype(np.int64), originals, random)
        write_rows(
            cursor,
            "products_productembedding",
            (
                {**part, "model_version_id": np.full(len(part["image_id"]), model_version_id)}
                for part in parts
            ),
        )


def _jittered(
    images: np.ndarray,
    products: np.ndarray,
    originals: dict[int, np.ndarray],
    random: np.random.Generator,
) -> Iterator[dict[str, np.ndarray]]:
    """Yield keys and embeddings of photos, a part at a time, each near its original."""
    for start in range(0, len(images), PART):
        part = slice(start, start + PART)
        near = np.array([originals[product % 100_000] for product in products[part].tolist()])
        near += random.normal(scale=JITTER, size=near.shape).astype(np.float32)
        yield {
            "image_id": images[part],
            "product_id": products[part],
            "embedding": near / np.linalg.norm(near, axis=1, keepdims=True),
        }


def manage(*arguments: str) -> Run:
    """Run a management command in a process of its own; its last line is JSON."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        child = subprocess.Popen(command, cwd=ROOT, stdout=output)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"manage.py {arguments[0]} ended with status {child.returncode}")
        output.seek(0)
        printed = json.loads(output.read().splitlines()[-1])
    peak = usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024
    return Run(printed, seconds, usage.ru_utime + usage.ru_stime, peak // 2**20)


def said(sentence: str) -> None:
    """Tell on standard error what comes next."""
    print(f"  {sentence}", file=sys.stderr, flush=True)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the size of the catalogue to the command line."""
    parser.add_argument("--products", type=int, default=PRODUCTS, metavar="N")


if __name__ == "__main__":
    tell(measure, description=__doc__, configure=configure)
