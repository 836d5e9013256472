"""What an import did, taken back as far as nobody changed it since; for jobs and the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import Field
from django.utils import timezone

from products.importing.chunks import queue_embedding
from products.importing.drafts import Known
from products.importing.sight import STATE
from products.models import (
    CatalogueImport,
    ClusterAssignment,
    ImportedProduct,
    Product,
    ProductImage,
)
from products.models.catalogue_import import import_storage

Undo = ImportedProduct.Undo


def restore(noted: Sequence[ImportedProduct]) -> None:
    """Take back what was done to some products, and note in each row what came of it.

    A product that the import made is deleted if it is as the import left it. Of one it changed,
    each field is restored that still has the value which the import gave it. Call within a
    transaction.
    """
    ids = [each.product_id for each in noted if each.product_id is not None]
    list(Product.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    known = {product.product.pk: product for product in Known.load_by_id(ids).values()}
    states = _states(ids)
    new_photos: list[int] = []
    for each in noted:
        found = known.get(each.product_id or 0)
        if found is None:
            each.undo = Undo.GONE
        elif each.action == ImportedProduct.Action.CREATED:
            each.undo = _delete(each, found, state=states[found.product.pk])
        else:
            each.undo = _restore_fields(each, found, new_photos)
    ImportedProduct.objects.bulk_update(noted, ["undo"])
    transaction.on_commit(lambda: queue_embedding(new_photos))


def kept_files(catalogue_import: CatalogueImport) -> list[str]:
    """Return the names of the photos that are kept to undo an import."""
    changed = ImportedProduct.objects.filter(
        catalogue_import=catalogue_import, changes__has_key="photos"
    )
    return [
        photo["file"]
        for changes in changed.values_list("changes", flat=True).iterator(500)
        for photo in changes["photos"][0]
        if photo["file"]
    ]


def _states(ids: Collection[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, {state} FROM products_product p WHERE p.id = ANY(%s)".replace(
                "{state}", STATE
            ),
            [list(ids)],
        )
        return dict(cursor.fetchall())


def _delete(each: ImportedProduct, found: Known, *, state: int) -> Undo:
    photos_left = [photo.sha256 for photo in found.photos]
    if state != each.state_digest or photos_left != each.changes.get("photos", [[], []])[1]:
        return Undo.CHANGED_SINCE
    found.product.delete()
    each.product = None
    return Undo.RESTORED


def _restore_fields(each: ImportedProduct, found: Known, new_photos: list[int]) -> Undo:
    """Restore what still is as the import left it; tell whether that was all."""
    product, is_whole = found.product, True
    fields: list[str] = []
    for name, (before, after) in each.changes.items():
        if name == "styles":
            is_same = found.style_ids == set(after)
            if is_same:
                product.styles.set(before)
        elif name == "photos":
            is_same = [photo.sha256 for photo in found.photos] == after
            if is_same:
                new_photos += _restore_photos(found, before)
        else:
            field = _field(name)
            is_same = getattr(product, name) == field.to_python(after)
            if is_same:
                setattr(product, name, field.to_python(before))
                fields.append(field.name)
        is_whole = is_whole and is_same
    if fields:
        product.updated_at = timezone.now()
        product.save(update_fields=[*fields, "updated_at"])
    return Undo.RESTORED if is_whole else Undo.CHANGED_SINCE


def _field(name: str) -> Field[Any, Any]:
    field: Field[Any, Any] = Product._meta.get_field(name.removesuffix("_id"))  # type: ignore[assignment]
    return field


def _restore_photos(found: Known, before: Sequence[dict[str, Any]]) -> list[int]:
    """Give a product its earlier photos again; return the keys of those that are made anew."""
    present = {photo.sha256: photo for photo in found.photos}
    wanted = {photo["sha256"] for photo in before}
    made: list[int] = []
    for photo in found.photos:
        if photo.sha256 not in wanted:
            photo.delete()
    for position, earlier in enumerate(before):
        if kept := present.get(earlier["sha256"]):
            ProductImage.objects.filter(pk=kept.pk).update(position=position)
        elif earlier["file"]:
            made.append(_restore_photo(found.product, earlier, position=position))
    ClusterAssignment.objects.filter(product=found.product).delete()
    return made


def _restore_photo(product: Product, photo: dict[str, Any], *, position: int) -> int:
    image = ProductImage(
        product=product,
        sha256=photo["sha256"],
        width=photo["width"],
        height=photo["height"],
        position=position,
    )
    with import_storage().open(photo["file"], "rb") as file:
        image.file.save("", ContentFile(file.read()), save=False)
    (created,) = ProductImage.objects.bulk_create([image])
    return created.pk
