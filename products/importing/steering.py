"""What people do with an import: send, map, confirm, pause, resume, cancel, undo; admin and API.

Each changes the row of the import and starts or stops its job in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from products import conf
from products.import_jobs import IMPORT, PREVIEW, UNDO
from products.importing.columns import TARGETS, fingerprint_header
from products.importing.feeds import is_most
from products.importing.sources import SUFFIXES
from products.models import CatalogueImport, ColumnMapping, RefusedRow
from styles.exceptions import JobError
from styles.jobs import cancel_job, start_job, try_again
from styles.models import Job

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = CatalogueImport.State
OPTIONS: Final = ("with_photos", "is_full_feed", "may_hide_most")
COUNTS: Final = (
    *("rows_done", "photos_done", "created", "updated", "unchanged", "refused", "hidden"),
    *("photos_added", "photos_removed"),
)


class ImportStateError(JobError):
    """An import is not at the point where this can be done with it."""

    code = "import_state"


class HidesMostError(ImportStateError):
    """A whole catalogue would hide more than half of the shop, and nobody allowed that."""

    code = "import_hides_most"


def receive_file(
    file: File[Any],
    *,
    name: str,
    options: Mapping[str, bool],
    requested_by: User | None,
    mends: CatalogueImport | None = None,
) -> CatalogueImport:
    """Keep a file that staff sent, and have a worker look at it.

    Args:
        name: what they call it; its suffix tells the format.
        options: some of ``OPTIONS``.
        mends: the import whose refused rows it holds.

    Raises:
        ValidationError: ``unknown_format``, ``file_empty`` or ``file_too_large``.
    """
    _check_file(file, name)
    received = CatalogueImport(
        file_name=PurePosixPath(name.replace("\\", "/")).name[-255:],
        language=get_language() or "en",
        requested_by=requested_by,
        mends=mends,
        **{option: options[option] for option in OPTIONS if option in options},
    )
    received.file.save("", file, save=False)
    try:
        with transaction.atomic():
            received.save()
            _start(received, PREVIEW, State.PREVIEWING)
    except BaseException:
        received.file.delete(save=False)
        raise
    return received


def _check_file(file: File[Any], name: str) -> None:
    limit = conf.get("MAX_IMPORT_BYTES")
    if PurePosixPath(name).suffix.lower() not in SUFFIXES:
        raise ValidationError(
            _("A file of this kind cannot be imported. Use one of %(suffixes)s."),
            code="unknown_format",
            params={"suffixes": ", ".join(SUFFIXES)},
        )
    if not file.size:
        raise ValidationError(_("The file is empty."), code="file_empty")
    if file.size > limit:
        raise ValidationError(
            _("The file is larger than %(limit)s MB. Split it."),
            code="file_too_large",
            params={"limit": limit // 2**20},
        )


def map_columns(found: CatalogueImport, mapping: Mapping[str, str]) -> None:
    """Say what columns stand for, remember it for files like this, and look at the file again.

    Args:
        mapping: column as the file calls it -> one of ``TARGETS``.

    Raises:
        ImportStateError: it is not waiting for this.
        ValidationError: ``unknown_target``, ``unknown_column`` or ``target_twice``.
    """
    _check_mapping(found, mapping)
    with transaction.atomic():
        _move(found, (State.UNMAPPED, State.PREVIEWED), State.PREVIEWING)
        CatalogueImport.objects.filter(pk=found.pk).update(mapping=dict(mapping), preview={})
        ColumnMapping.objects.update_or_create(
            header_fingerprint=fingerprint_header(found.header), defaults={"mapping": dict(mapping)}
        )
        _start(found, PREVIEW, State.PREVIEWING)


def _check_mapping(found: CatalogueImport, mapping: Mapping[str, str]) -> None:
    for column, target in mapping.items():
        if column not in found.header:
            raise ValidationError(
                _("The file has no column “%(column)s”."),
                code="unknown_column",
                params={"column": column[:40]},
            )
        if target not in TARGETS:
            raise ValidationError(
                _("A column cannot stand for “%(target)s”."),
                code="unknown_target",
                params={"target": str(target)[:40]},
            )
    single = [target for target in mapping.values() if target not in TARGETS[-3:]]
    twice = next((target for target in single if single.count(target) > 1), None)
    if twice:
        raise ValidationError(
            _("Two columns stand for “%(target)s”."), code="target_twice", params={"target": twice}
        )


def confirm(found: CatalogueImport, *, may_hide_most: bool | None = None) -> None:
    """Have a worker do what the preview showed.

    Raises:
        ImportStateError: there is no preview to confirm, or it would hide most of the shop.
    """
    with transaction.atomic():
        if may_hide_most is not None:
            found.may_hide_most = may_hide_most
            found.save(update_fields=["may_hide_most"])
        missing = found.preview.get("missing") or 0
        if found.is_full_feed and is_most(missing) and not found.may_hide_most:
            raise HidesMostError(
                _(
                    "%(count)s products are missing from the file and would be hidden, more than "
                    "half of the shop. Allow this expressly."
                )
                % {"count": missing}
            )
        _move(found, (State.PREVIEWED,), State.IMPORTING)
        # What the preview refused is refused anew, by what the shop is like then.
        RefusedRow.objects.filter(catalogue_import=found).delete()
        CatalogueImport.objects.filter(pk=found.pk).update(
            confirmed_at=timezone.now(), **dict.fromkeys(COUNTS, 0)
        )
        _start(found, IMPORT, State.IMPORTING)


def pause(found: CatalogueImport) -> None:
    """Have an import rest where it is.

    Raises:
        ImportStateError: it is not importing.
    """
    with transaction.atomic():
        _move(found, (State.IMPORTING,), State.PAUSED)
        _stop_job(found)


def resume(found: CatalogueImport) -> None:
    """Have a paused import, or one whose job failed, go on from where it is.

    Raises:
        ImportStateError: it neither rests nor failed, or is only just coming to rest.
    """
    with transaction.atomic():
        if found.failed_job is None:
            _move(found, (State.PAUSED,), State.IMPORTING)
        if found.job is None:
            _start(found, IMPORT, State.IMPORTING)
            return
        try:
            try_again(found.job)
        except JobError as error:
            raise ImportStateError(
                _("The import is only just coming to rest. Try again in a moment.")
            ) from error


def cancel(found: CatalogueImport) -> None:
    """End an import for good. What it wrote until then stays, and can be undone.

    Raises:
        ImportStateError: it has come to its end already.
    """
    open_states = (
        *(State.PREVIEWING, State.UNMAPPED, State.PREVIEWED, State.IMPORTING, State.PAUSED),
    )
    with transaction.atomic():
        _move(found, open_states, State.CANCELLED)
        CatalogueImport.objects.filter(pk=found.pk).update(finished_at=timezone.now())
        _stop_job(found)


def undo(found: CatalogueImport) -> None:
    """Have a worker take back what an import did.

    Raises:
        ImportStateError: it did nothing yet, is still at it, or is undone already.
    """
    with transaction.atomic():
        if found.job is not None and found.job.status == Job.Status.RUNNING:
            raise ImportStateError(_("The import is still running. Cancel it first."))
        if not found.products.exists():
            raise ImportStateError(_("The import changed nothing: there is nothing to undo."))
        _move(found, (State.DONE, State.EMBEDDING, State.CANCELLED), State.UNDOING)
        _start(found, UNDO, State.UNDOING)


def _move(found: CatalogueImport, before: tuple[State, ...], after: State) -> None:
    """Bring an import from one of some states to another; of two who try at once, one may."""
    moved = CatalogueImport.objects.filter(pk=found.pk, state__in=before).update(state=after)
    found.refresh_from_db()
    if not moved:
        raise ImportStateError(
            _("Import %(number)s cannot do this now: it is %(state)s.")
            % {"number": found.pk, "state": found.told_state}
        )


def _start(found: CatalogueImport, kind: str, state: State) -> None:
    job = start_job(kind, {"import": found.pk}, requested_by=found.requested_by)
    CatalogueImport.objects.filter(pk=found.pk).update(job=job, state=state)
    found.refresh_from_db()


def _stop_job(found: CatalogueImport) -> None:
    if found.job is not None and not found.job.is_finished:
        try:
            cancel_job(found.job)
        except JobError:
            # It came to its end in this very moment, which its row tells.
            found.job.refresh_from_db()
