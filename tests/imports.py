"""Imports as staff send them, and the jobs behind them run here; for the tests of imports."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from openpyxl import Workbook

from products.importing.steering import confirm, receive_file
from products.models import CatalogueImport
from styles.job_runs import run_job
from tests.shop import jpeg

TABLE = "sku,name,price,style,image\na,Shirt,29000,punk,0.jpg\nb,Coat,59000,,1.jpg|2.jpg\n"
PHOTOS = {f"{number}.jpg": jpeg((40 * number, 90, 200)) for number in range(4)}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def catalogue_zip(table: str = TABLE, **photos: bytes) -> bytes:
    """Return a ZIP of a table and the photos, some of them other ones."""
    others = {f"{name.removeprefix('_')}.jpg": content for name, content in photos.items()}
    return zipped({"catalogue.csv": table, **PHOTOS, **others})


def workbook(*rows: list[Any]) -> bytes:
    """Return an Excel workbook with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(content: str | bytes, name: str = "catalogue.csv", **options: Any) -> CatalogueImport:
    """Send a file as staff do and have it previewed; return the import."""
    mends = options.pop("mends", None)
    received = receive_file(
        ContentFile(content.encode() if isinstance(content, str) else content),
        name=name,
        options=options,
        requested_by=None,
        mends=mends,
    )
    return finish(received)


def finish(found: CatalogueImport) -> CatalogueImport:
    """Run the job of an import in this process."""
    assert found.job is not None
    run_job(found.job.pk, is_inline=True)
    found.refresh_from_db()
    return found


def take(content: str | bytes, name: str = "catalogue.csv", **options: Any) -> CatalogueImport:
    """Send a file, confirm what its preview says, and import it."""
    found = send(content, name, **options)
    confirm(found)
    return finish(found)


def counts(found: CatalogueImport) -> tuple[int, int, int, int]:
    """Return how many rows were created, changed, left alone and refused."""
    return found.created, found.updated, found.unchanged, found.refused
