"""Imports of catalogue files: what was sent, how far it is, what it changed and what it refused."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from products.models.product import Product
from products.querysets import ProductImageQuerySet
from styles.models import Job

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def import_storage() -> Storage:
    """Return where files of imports are kept: no address leads to them."""
    return storages["imports"]


def import_file_path(instance: models.Model, filename: str) -> str:
    """Return a random storage name: what the sender called the file is kept in the row."""
    return f"files/{uuid.uuid4().hex}"


class ColumnMapping(models.Model):
    """What people once said of the columns of a file; files with the same columns recall it."""

    header_fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    mapping: models.JSONField[dict[str, str]] = models.JSONField(
        _("mapping"), help_text=_("Column -> what it stands for.")
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")

    def __str__(self) -> str:
        return ", ".join(f"{column}: {target}" for column, target in self.mapping.items())


class CatalogueImport(models.Model):
    """A catalogue file on its way into the shop; any worker can go on from what its row says.

    ``rows_done`` and ``photos_done`` count the records of the file that each stage is through with;
    they are saved in the transaction that writes what the records change.
    """

    class State(models.TextChoices):
        PREVIEWING = "previewing", _("being looked at")
        UNMAPPED = "unmapped", _("waits for its columns to be named")
        PREVIEWED = "previewed", _("waits to be confirmed")
        IMPORTING = "importing", _("importing")
        EMBEDDING = "embedding", _("photos are being looked at")
        DONE = "done", _("done")
        PAUSED = "paused", _("paused")
        CANCELLED = "cancelled", _("cancelled")
        REFUSED = "refused", _("refused")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    class Format(models.TextChoices):
        CSV = "csv", _("CSV or TSV")
        XLSX = "xlsx", _("Excel workbook")
        JSON_LINES = "json_lines", _("JSON Lines")
        MERCHANT_XML = "merchant_xml", _("Merchant feed (XML)")
        PHOTOS = "photos", _("photos alone")

    file = models.FileField(
        _("file"), storage=import_storage, upload_to=import_file_path, blank=True, editable=False
    )
    has_files = models.BooleanField(
        default=True,
        editable=False,
        help_text=_("Until the file, and the photos kept to undo the import, are deleted."),
    )
    file_name = models.CharField(_("file"), max_length=255)
    format = models.CharField(_("format"), max_length=20, choices=Format.choices, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    header: models.JSONField[list[str]] = models.JSONField(default=list, editable=False)
    mapping: models.JSONField[dict[str, str]] = models.JSONField(
        _("mapping"), default=dict, blank=True
    )
    with_photos = models.BooleanField(
        _("with photos"), default=True, help_text=_("Else photos stay as they are.")
    )
    is_full_feed = models.BooleanField(
        _("whole catalogue"),
        default=False,
        help_text=_("The file names every product: those missing from it are hidden."),
    )
    may_hide_most = models.BooleanField(
        _("may hide most"),
        default=False,
        help_text=_("Even if more than half of the shop's products are missing from the file."),
    )
    mends = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="mended_by",
        editable=False,
        verbose_name=_("mends"),
        help_text=_("The import whose refused rows these are; its photos serve them too."),
    )
    language = models.CharField(max_length=10, default="en", editable=False)

    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.PREVIEWING
    )
    error_code = models.CharField(_("error code"), max_length=60, blank=True)
    error_message = models.TextField(_("error"), blank=True)
    job = models.ForeignKey(
        Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    preview: models.JSONField[dict[str, Any]] = models.JSONField(
        default=dict, blank=True, editable=False
    )

    rows = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    photos_done = models.PositiveIntegerField(_("rows whose photos are done"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("left alone"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    hidden = models.PositiveIntegerField(_("hidden"), default=0)
    photos_added = models.PositiveIntegerField(_("photos added"), default=0)
    photos_removed = models.PositiveIntegerField(_("photos removed"), default=0)
    restored = models.PositiveIntegerField(_("restored"), default=0)
    not_restored = models.PositiveIntegerField(_("could not be undone"), default=0)

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("requested by"),
    )
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("catalogue import")
        verbose_name_plural = _("catalogue imports")

    def __str__(self) -> str:
        return f"{self.pk} ({self.file_name}, {self.state})"

    @property
    def failed_job(self) -> Job | None:
        """The job that should have brought it on and failed; None while nothing went wrong."""
        is_at_work = self.state in {
            self.State.PREVIEWING,
            self.State.IMPORTING,
            self.State.UNDOING,
        }
        has_failed = is_at_work and self.job is not None and self.job.status == Job.Status.FAILED
        return self.job if has_failed else None

    @property
    def told_state(self) -> str | _StrPromise:
        """What people read of its state."""
        return _("failed") if self.failed_job else self.State(self.state).label

    def photos_waiting(self) -> ProductImageQuerySet:
        """Photos of products it touched that the serving model version has not looked at yet."""
        from products.models.product import ProductImage
        from styles.models import ModelVersion

        version = ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE).first()
        if version is None:
            return ProductImage.objects.none()
        touched = self.products.filter(changes__has_key="photos").values("product")
        return ProductImage.objects.missing_embedding_by(version).filter(product__in=touched)

    def settle(self) -> None:
        """Note that it is done once the workers have looked at all of its photos."""
        if self.state == self.State.EMBEDDING and not self.photos_waiting().exists():
            CatalogueImport.objects.filter(pk=self.pk, state=self.State.EMBEDDING).update(
                state=self.State.DONE, finished_at=timezone.now()
            )
            self.refresh_from_db()


class ImportedProduct(models.Model):
    """What an import did to a product, and what undoes it."""

    class Action(models.TextChoices):
        CREATED = "created", _("created")
        UPDATED = "updated", _("changed")
        HIDDEN = "hidden", _("hidden")

    class Undo(models.TextChoices):
        NOT_ASKED = "", _("not undone")
        RESTORED = "restored", _("undone")
        CHANGED_SINCE = "changed_since", _("changed since")
        GONE = "gone", _("deleted since")

    catalogue_import = models.ForeignKey(
        CatalogueImport, on_delete=models.CASCADE, related_name="products"
    )
    product = models.ForeignKey(
        Product, null=True, on_delete=models.SET_NULL, related_name="imports"
    )
    sku = models.CharField(_("SKU"), max_length=64)
    number = models.PositiveIntegerField(_("row"))
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    changes: models.JSONField[dict[str, Any]] = models.JSONField(
        _("changes"), default=dict, help_text=_("Field -> value before and after.")
    )
    state_digest = models.BigIntegerField(
        help_text=_("What the product was like right after: tells whether it changed since.")
    )
    undo = models.CharField(
        _("undone"), max_length=15, choices=Undo.choices, default=Undo.NOT_ASKED, blank=True
    )

    class Meta:
        ordering = ("number", "pk")
        verbose_name = _("imported product")
        verbose_name_plural = _("imported products")
        constraints = (
            models.UniqueConstraint(
                fields=("catalogue_import", "product"), name="one_change_per_import_and_product"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sku} ({self.action})"


class RefusedRow(models.Model):
    """A row that an import refused, with its cells, to be sent back with the reason."""

    catalogue_import = models.ForeignKey(
        CatalogueImport, on_delete=models.CASCADE, related_name="refused_rows"
    )
    number = models.PositiveIntegerField(_("row"))
    sku = models.CharField(_("SKU"), max_length=64, blank=True)
    code = models.CharField(_("code"), max_length=60)
    message = models.TextField(_("reason"))
    cells: models.JSONField[list[str]] = models.JSONField(default=list)

    class Meta:
        ordering = ("number",)
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        constraints = (
            models.UniqueConstraint(
                fields=("catalogue_import", "number"), name="row_is_refused_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} ({self.code})"


class LastImport(models.Model):
    """The row that a product was last imported from, so that the same one is known at sight."""

    product = models.OneToOneField(
        Product, primary_key=True, on_delete=models.CASCADE, related_name="last_import"
    )
    row_digest = models.BigIntegerField()
    state_digest = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.product_id)
