"""What the pages of imports say: progress, counts, columns, changes; for ``imports``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from products.importing.columns import TARGETS, Columns
from products.models import CatalogueImport, ImportedProduct, Product
from styles.models import Job, Style, StyleGroup

State = CatalogueImport.State
STAGES: Final = {
    "rows looked at": _("rows looked at"),
    "rows": _("rows written"),
    "rows passed over": _("rows passed over, which are in already"),
    "photos stored": _("rows whose photos are stored"),
    "products restored": _("products restored"),
}
TARGET_NAMES: Final = {
    "sku": _("SKU"),
    "name": _("name"),
    "name_ko": _("Korean name"),
    "brand": _("brand"),
    "price": _("price"),
    "currency": _("currency"),
    "stock": _("stock"),
    "gender": _("gender"),
    "category": _("category"),
    "colour": _("colour"),
    "url": _("address in the shop"),
    "style": _("style"),
    "style_group": _("style group"),
    "usage": _("usage"),
    "availability": _("availability"),
    "image": _("photo"),
    "attribute": _("another detail, kept as it is"),
    "ignore": _("nothing, leave it out"),
}
_MORE_NAMES: Final = {"styles": _("styles"), "photos": _("photos"), "attributes": _("details")}


def progress_of(found: CatalogueImport) -> dict[str, Any]:
    """Return how far an import is, how fast, and how long it will take; empty while at rest."""
    if found.state == State.EMBEDDING:
        total = max(found.photos_added, 1)
        done = max(total - found.photos_waiting().count(), 0)
        return {
            "stage": gettext("photos looked at"),
            "done": done,
            "total": total,
            "fraction": done / total,
        }
    job = found.job
    if job is None or job.status != Job.Status.RUNNING or job.fraction is None:
        return {}
    left = job.seconds_left
    return {
        "stage": STAGES.get(job.stage, job.stage),
        "done": job.done,
        "total": job.total,
        "fraction": job.fraction,
        "rate": f"{job.rate:.3g}" if job.rate else "",
        "time_left": str(timedelta(seconds=round(left))) if left is not None else "",
    }


def counted(found: CatalogueImport) -> list[tuple[str, int]]:
    """Return what an import came to, each count with its name."""
    fields = ["created", "updated", "unchanged", "refused", "photos_added", "photos_removed"]
    fields += ["hidden"] if found.is_full_feed else []
    fields += ["restored", "not_restored"] if found.state == State.UNDONE else []
    names = {field.name: str(field.verbose_name) for field in CatalogueImport._meta.fields}
    return [(names[field], getattr(found, field)) for field in fields]


def told_columns(found: CatalogueImport) -> list[dict[str, Any]]:
    """Return each column of the file with what it stands for and what it could stand for."""
    columns = Columns.of(found.header, mapping=found.mapping)
    return [
        {
            "number": number,
            "name": name,
            "target": columns.target(number),
            "choices": [(target, TARGET_NAMES[target]) for target in TARGETS],
        }
        for number, name in enumerate(found.header)
        if name.strip()
    ]


def told_preview(found: CatalogueImport) -> dict[str, Any]:
    """Return what an import would do, its changes field by field in words; empty without one."""
    if not found.preview:
        return {}
    names = {field.name: str(field.verbose_name) for field in CatalogueImport._meta.fields}
    shown = ("created", "updated", "unchanged", "refused", "photos_added", "photos_removed")
    return {
        **found.preview,
        "counts": [(names[name], found.preview[name]) for name in shown],
        "changes": [
            {**change, "fields": list(_told_fields(change["fields"]))}
            for change in found.preview["changes"]
        ],
    }


def not_restored(found: CatalogueImport) -> QuerySet[ImportedProduct]:
    """Return the products of which an undo could not take back all."""
    undo = ImportedProduct.Undo
    return found.products.filter(undo__in=(undo.CHANGED_SINCE, undo.GONE)).select_related("product")


def _told_fields(fields: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each field with its values before and after."""
    for name, (before, after) in fields.items():
        if name == "attributes":
            for key in sorted({*before, *after}):
                if before.get(key) != after.get(key):
                    yield key, str(before.get(key, "")), str(after.get(key, ""))
            continue
        yield _field_name(name), _told(name, before), _told(name, after)


def _field_name(name: str) -> str:
    if name in _MORE_NAMES:
        return str(_MORE_NAMES[name])
    return str(getattr(Product._meta.get_field(name.removesuffix("_id")), "verbose_name", name))


def _told(name: str, value: Any) -> str:
    if name == "styles":
        return ", ".join(str(style) for style in Style.objects.filter(pk__in=value)) or "—"
    if name == "style_group_id":
        return str(StyleGroup.objects.filter(pk=value or 0).first() or "—")
    return str(value) if value not in {"", None} else "—"
