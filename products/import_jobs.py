"""The kinds of jobs behind an import: preview, import, undo; ``products.importing.steering`` starts
them, for the admin and the API.

Each goes on from what the row of the import says: a worker may be killed anywhere in between.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.importers import no_rows, recall_mapping, recognise_columns, sole_import
from products.importing.columns import Columns
from products.importing.engine import Engine, Step
from products.importing.feeds import count_missing, hide_missing, is_most
from products.importing.ledger import Ledger
from products.importing.photo_sources import ArchivePhotos, PhotoSource
from products.importing.previews import PreviewCounter
from products.importing.records import CatalogueImportError, Record, Table
from products.importing.remote_photos import with_addresses
from products.importing.sources import ZIP, Source, open_source
from products.importing.undo import restore
from products.models import CatalogueImport, ImportedProduct, RefusedRow
from styles.job_runs import JobRun
from styles.jobs import job_kind
from styles.models import ModelVersion

PREVIEW: Final = "preview_import"
IMPORT: Final = "import_catalogue"
UNDO: Final = "undo_import"
QUEUE: Final = "imports"
MAX_SETBACKS: Final = 20
PATIENCE_SECONDS: Final = 20
CHUNK_ROWS: Final = 2000
CHUNK_PHOTOS: Final = 128
"""Photos are slow: so many rows are through before the first is embedded, and lost by a kill."""

State = CatalogueImport.State


@job_kind(
    PREVIEW, title=gettext_lazy("preview of an import"), queue=QUEUE, max_setbacks=MAX_SETBACKS
)
def run_preview(run: JobRun) -> Mapping[str, Any]:
    """Find out what an import would do; nothing is written but to the import's own rows."""
    found = CatalogueImport.objects.get(pk=run.parameters["import"])
    with translation.override(found.language), ExitStack() as stack:
        try:
            if not found.sha256:
                found.sha256 = _hash(found.file)
            source = stack.enter_context(opened(found))
            return _preview(run, found, source)
        except CatalogueImportError as refusal:
            is_unmapped = refusal.code == "sku_column_missing"
            _finish(
                run,
                found,
                {"refused": refusal.code},
                state=State.UNMAPPED if is_unmapped else State.REFUSED,
                sha256=found.sha256,
                error_code=refusal.code,
                error_message=str(refusal),
                finished_at=None if is_unmapped else timezone.now(),
            )
            return {"refused": refusal.code}


def _preview(run: JobRun, found: CatalogueImport, source: Source) -> Mapping[str, Any]:
    table = source.table
    found.header, found.format = list(table.header), table.format
    found.mapping = found.mapping or recall_mapping(table.header)
    found.save(update_fields=["header", "format", "mapping", "sha256"])
    columns = columns_of(found, table)
    RefusedRow.objects.filter(catalogue_import=found).delete()
    counter = PreviewCounter(found)
    engine = Engine(source, columns, keep=counter.keep, stores=False, is_thorough=False)
    total = sum(1 for _record in table.records())
    if not total:
        raise no_rows(found.file_name)
    done = 0
    for chunk in _chunks(table.records(), CHUNK_ROWS):
        for more in engine.take(chunk):
            done += more
            run.report("rows looked at", done, total)
    preview = counter.preview
    if found.is_full_feed:
        preview.missing = count_missing(engine.skus())
        preview.hides_most = is_most(preview.missing)
    preview.columns = [[name, columns.target(cell)] for cell, name in enumerate(table.header)]
    result = {
        name: getattr(preview, name) for name in ("created", "updated", "unchanged", "refused")
    }
    _finish(
        run,
        found,
        result,
        state=State.PREVIEWED,
        preview=preview.as_json(),
        rows=total,
        error_code="",
        error_message="",
    )
    return result


@job_kind(IMPORT, title=gettext_lazy("import"), queue=QUEUE, max_setbacks=MAX_SETBACKS)
def run_import(run: JobRun) -> Mapping[str, Any]:
    """Write the rows, hide what is missing, then store the photos, which workers look at."""
    found = CatalogueImport.objects.get(pk=run.parameters["import"])
    with (
        translation.override(found.language),
        sole_import(patience_seconds=PATIENCE_SECONDS),
        opened(found) as source,
    ):
        columns = columns_of(found, source.table)
        engine = _take_all(run, found, source, columns, step=Step.ROWS)
        if found.is_full_feed and not found.hidden:
            hide_missing(found, engine.skus())
        if columns.photos:
            _take_all(run, found, source, columns, step=Step.PHOTOS)
    found.refresh_from_db()
    has_photos = bool(found.photos_added) and ModelVersion.objects.kept_up().exists()
    counted = ("created", "updated", "unchanged", "refused", "hidden", "photos_added")
    result = {name: getattr(found, name) for name in counted}
    state = State.EMBEDDING if has_photos else State.DONE
    _finish(run, found, result, state=state, finished_at=None if has_photos else timezone.now())
    return result


def _take_all(
    run: JobRun, found: CatalogueImport, source: Source, columns: Columns, *, step: Step
) -> Engine:
    """Take all records through a step, but for those that an earlier run is through with."""
    ledger = Ledger(found, step=step)
    engine = Engine(source, columns, keep=ledger.keep, step=step)
    refused = RefusedRow.objects.filter(catalogue_import=found)
    is_photos = step is Step.PHOTOS
    stage = "photos stored" if is_photos else "rows"
    done = found.photos_done if is_photos else found.rows_done
    records = source.table.records()
    for chunk in _chunks(islice(records, done), CHUNK_ROWS):
        engine.pass_over(chunk, refused=_numbers(refused, chunk))
        run.report("rows passed over", len(engine.first_rows), done)
    for chunk in _chunks(records, CHUNK_PHOTOS if is_photos else CHUNK_ROWS):
        run.report(stage, done, found.rows)
        # Rows that were refused before are through: what they say of photos counts for nothing.
        skipped = _numbers(refused, chunk) if is_photos else frozenset()
        for _more in engine.take(chunk, skipped=skipped):
            pass
        done += len(chunk)
    ledger.flush()
    run.report(stage, done, found.rows)
    return engine


@job_kind(UNDO, title=gettext_lazy("undo of an import"), queue=QUEUE, max_setbacks=MAX_SETBACKS)
def run_undo(run: JobRun) -> Mapping[str, Any]:
    """Take back what an import did, product by product, as far as nobody has changed it since."""
    found = CatalogueImport.objects.get(pk=run.parameters["import"])
    noted = ImportedProduct.objects.filter(catalogue_import=found)
    total = noted.count()
    open_rows = noted.filter(undo=ImportedProduct.Undo.NOT_ASKED).order_by("pk")
    with sole_import(patience_seconds=PATIENCE_SECONDS):
        while True:
            run.report("products restored", total - open_rows.count(), total)
            with transaction.atomic():
                chunk = list(open_rows.select_for_update(of=("self",))[:CHUNK_ROWS])
                restore(chunk)
            if not chunk:
                break
    restored = noted.filter(undo=ImportedProduct.Undo.RESTORED).count()
    result = {"restored": restored, "not_restored": total - restored}
    _finish(run, found, result, state=State.UNDONE, undone_at=timezone.now(), **result)
    return result


def columns_of(found: CatalogueImport, table: Table) -> Columns:
    """Return what the columns of an import mean, by its own mapping.

    Raises:
        CatalogueImportError: ``duplicate_column`` or ``sku_column_missing``.
    """
    columns = recognise_columns(table, mapping=found.mapping)
    return columns if found.with_photos else columns.without_photos()


@contextmanager
def opened(found: CatalogueImport) -> Iterator[Source]:
    """Open the file of an import for as long as the block lasts.

    The photos of the import whose refused rows it mends serve it too.

    Raises:
        CatalogueImportError: the file cannot be imported, or is kept no longer.
    """
    with ExitStack() as stack:
        photos: PhotoSource | None = None
        mended = found.mends
        if mended and mended.file and mended.file_name.lower().endswith(ZIP):
            path = stack.enter_context(_local(mended.file))
            earlier = stack.enter_context(open_source(path, name=mended.file_name))
            photos = earlier.photos if isinstance(earlier.photos, ArchivePhotos) else None
        path = stack.enter_context(_local(found.file))
        source = stack.enter_context(open_source(path, name=found.file_name, photos=photos))
        yield stack.enter_context(with_addresses(source))


@contextmanager
def _local(file: FieldFile) -> Iterator[Path]:
    """Give a stored file as one of this machine, copied only where it is none."""
    if not file:
        raise CatalogueImportError("file_purged", _("The file of this import is kept no longer."))
    if isinstance(file.storage, FileSystemStorage):
        yield Path(file.path)
        return
    with TemporaryDirectory(prefix="kfashion-import-") as folder:
        path = Path(folder) / "file"
        with file.open("rb") as stored, path.open("wb") as target:
            shutil.copyfileobj(stored, target)
        yield path


def _hash(file: FieldFile) -> str:
    with _local(file) as path, path.open("rb") as opened_file:
        return hashlib.file_digest(opened_file, "sha256").hexdigest()


def _chunks(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    while chunk := list(islice(records, size)):
        yield chunk


def _numbers(refused: Any, chunk: list[Record]) -> frozenset[int]:
    between = refused.filter(number__gte=chunk[0].number, number__lte=chunk[-1].number)
    return frozenset(between.values_list("number", flat=True))


def _finish(run: JobRun, found: CatalogueImport, result: Mapping[str, Any], **values: Any) -> None:
    """Save the end of a job together with what it means for its import."""
    with transaction.atomic():
        CatalogueImport.objects.filter(pk=found.pk).update(**values)
        run.finish(result)
