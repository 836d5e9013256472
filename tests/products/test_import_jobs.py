"""Imports as jobs: previewed, confirmed, rested, cancelled, undone, and killed in the middle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, storages
from pytest_django import Settings

from products import import_jobs
from products.importing import steering
from products.importing.ledger import Ledger
from products.importing.steering import HidesMostError, ImportStateError
from products.importing.undo import kept_files
from products.models import CatalogueImport, ImportedProduct, Product, ProductImage
from products.tasks import purge_import_files
from styles.exceptions import JobError
from styles.job_runs import run_job
from tests.imports import PHOTOS, TABLE, catalogue_zip, counts, finish, send, take, zipped
from tests.shelf import Shelf, product, stored_names
from tests.shop import jpeg, make_product

pytestmark = pytest.mark.django_db(transaction=True)

State = CatalogueImport.State


@pytest.fixture(autouse=True)
def storage_of_its_own(shelf: Shelf) -> None:
    """Have photos stored where no other test does."""


def test_a_preview_says_all_and_writes_nothing_to_products() -> None:
    make_product("b", name="Old coat", price=1)
    found = send(catalogue_zip(TABLE + "c,,1,,3.jpg\n"), "shop.zip")
    assert found.state == State.PREVIEWED
    preview = found.preview
    assert [preview[name] for name in ("created", "updated", "unchanged", "refused")] == [
        1,
        1,
        0,
        1,
    ]
    (change,) = preview["changes"]
    assert change["sku"] == "b"
    assert change["fields"]["name"] == ["Old coat", "Coat"]
    assert change["fields"]["photos"] == ["0", "2"]
    assert preview["codes"] == {"name_missing": 1}
    assert product("b").name == "Old coat"
    assert not ProductImage.objects.exists()
    assert not stored_names()
    assert found.refused_rows.get().cells[0] == "c"


def test_what_was_previewed_is_imported_rows_first_then_photos() -> None:
    found = take(catalogue_zip(), "shop.zip")
    assert found.state == State.DONE
    assert counts(found) == (2, 0, 0, 0)
    assert found.photos_added == 3
    assert [image.position for image in product("b").images.all()] == [0, 1]
    assert found.job is not None
    assert found.job.result["created"] == 2


def test_the_same_file_twice_changes_nothing() -> None:
    take(catalogue_zip(), "shop.zip")
    moments = list(Product.objects.values_list("updated_at", flat=True))
    again = take(catalogue_zip(), "shop.zip")
    assert counts(again) == (0, 0, 2, 0)
    assert (again.photos_added, again.photos_removed) == (0, 0)
    assert list(Product.objects.values_list("updated_at", flat=True)) == moments
    assert not again.products.exists()


def test_a_changed_photo_is_exchanged_and_no_other() -> None:
    take(catalogue_zip(), "shop.zip")
    kept = set(ProductImage.objects.values_list("pk", flat=True))
    again = take(catalogue_zip(_2=jpeg((1, 2, 3))), "shop.zip")
    assert counts(again) == (0, 1, 1, 0)
    assert (again.photos_added, again.photos_removed) == (1, 1)
    assert len(kept & set(ProductImage.objects.values_list("pk", flat=True))) == 2


def test_a_photo_that_is_refused_late_takes_its_row_back() -> None:
    make_product("b", name="Old coat")
    broken = PHOTOS["1.jpg"][:400]
    found = take(catalogue_zip(_0=broken, _1=broken), "shop.zip")
    assert counts(found) == (0, 0, 0, 2)
    assert not Product.objects.filter(sku="a").exists()
    assert product("b").name == "Old coat"
    assert {row.code for row in found.refused_rows.all()} == {"image_truncated"}
    assert not found.products.exists()


def test_a_file_that_cannot_be_imported_is_refused_with_a_code() -> None:
    found = send("sku,name\n")
    assert (found.state, found.error_code) == (State.REFUSED, "no_rows")
    assert found.error_message
    with pytest.raises(ImportStateError):
        steering.confirm(found)


def test_columns_are_mapped_by_hand_once_and_then_recalled() -> None:
    content = "Artikel,Bezeichnung,Preis\na,Hemd,5\n"
    found = send(content)
    assert (found.state, found.error_code) == (State.UNMAPPED, "sku_column_missing")
    steering.map_columns(found, {"Artikel": "sku", "Bezeichnung": "name", "Preis": "price"})
    assert finish(found).state == State.PREVIEWED
    steering.confirm(found)
    finish(found)
    assert (product().name, product().price) == ("Hemd", Decimal(5))
    assert send(content.replace("Hemd", "Rock")).preview["updated"] == 1


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"nothing": "sku"}, "unknown_column"),
        ({"name": "secret"}, "unknown_target"),
        ({"name": "sku", "sku": "sku"}, "target_twice"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(mapping: dict[str, str], code: str) -> None:
    found = send("sku,name\na,Shirt\n")
    with pytest.raises(ValidationError) as refusal:
        steering.map_columns(found, mapping)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.exe", b"x", "unknown_format"), ("a.csv", b"", "file_empty")],
)
def test_a_file_is_refused_before_it_is_kept(name: str, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        send(content, name)
    assert refusal.value.code == code
    assert not CatalogueImport.objects.exists()


def test_a_full_feed_hides_what_is_missing_and_deletes_nothing() -> None:
    for sku in ("a", "x"):
        make_product(sku)
    make_product("y", is_published=False)
    content = "sku,name\na,Shirt\nb,Coat\n"
    found = send(content, is_full_feed=True)
    assert found.preview["missing"] == 1
    steering.confirm(found)
    assert finish(found).hidden == 1
    assert set(Product.objects.published().values_list("sku", flat=True)) == {"a", "b"}
    assert Product.objects.count() == 4
    steering.undo(found)
    finish(found)
    assert product("x").is_published
    assert not product("y").is_published


def test_a_full_feed_that_hides_most_needs_a_word() -> None:
    for sku in "wxyz":
        make_product(sku)
    found = send("sku,name\na,Shirt\n", is_full_feed=True)
    with pytest.raises(HidesMostError):
        steering.confirm(found)
    assert Product.objects.published().count() == 4
    steering.confirm(found, may_hide_most=True)
    assert finish(found).hidden == 4


def test_a_refused_row_does_not_count_as_missing_from_a_full_feed() -> None:
    make_product("a")
    make_product("b")
    found = take("sku,name,price\na,Shirt,cheap\nb,Coat,5\n", is_full_feed=True)
    assert found.hidden == 0


def test_undo_deletes_what_is_new_and_restores_what_was_changed() -> None:
    take(catalogue_zip(), "shop.zip")
    names = stored_names()
    table = TABLE.replace("29000", "1").replace("punk", "retro") + "c,Hat,5,,3.jpg\n"
    found = take(catalogue_zip(table, _2=jpeg((1, 2, 3))), "shop.zip")
    assert counts(found) == (1, 2, 0, 0)
    steering.undo(found)
    finish(found)
    assert (found.state, found.restored, found.not_restored) == (State.UNDONE, 3, 0)
    assert not Product.objects.filter(sku="c").exists()
    assert product("a").price == 29000
    assert [style.code for style in product("a").styles.all()] == ["punk"]
    assert len(stored_names() & names) == 2
    assert len(stored_names()) == 3
    assert counts(take(catalogue_zip(), "shop.zip")) == (0, 0, 2, 0)


def test_undo_leaves_alone_what_was_changed_since_and_says_so() -> None:
    make_product("a", name="Old", price=1)
    found = take("sku,name,price\na,Shirt,5\nb,Coat,6\nc,Hat,7\n")
    Product.objects.filter(sku="a").update(price=9)
    Product.objects.filter(sku="b").update(stock=3)
    Product.objects.filter(sku="c").delete()
    steering.undo(found)
    finish(found)
    assert (product("a").name, product("a").price) == ("Old", Decimal(9))
    assert product("b").stock == 3
    assert (found.restored, found.not_restored) == (0, 3)
    assert list(found.products.values_list("sku", "undo")) == [
        ("a", "changed_since"),
        ("b", "changed_since"),
        ("c", "gone"),
    ]


def test_an_import_is_undone_once() -> None:
    found = take("sku,name\na,Shirt\n")
    steering.undo(found)
    finish(found)
    with pytest.raises(ImportStateError):
        steering.undo(found)


def test_an_import_rests_and_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_jobs, "CHUNK_ROWS", 1)
    found = send("sku,name\na,Shirt\nb,Coat\nc,Hat\na,Again\n")
    steering.confirm(found)
    real_keep = Ledger.keep

    def keep_and_pause(self: Ledger, *arguments: Any) -> None:
        real_keep(self, *arguments)
        if CatalogueImport.objects.get().rows_done == 2:
            # As another process would: the run learns of it when it next reports.
            raise KeyboardInterrupt

    monkeypatch.setattr(Ledger, "keep", keep_and_pause)
    with pytest.raises(KeyboardInterrupt):
        finish(found)
    monkeypatch.setattr(Ledger, "keep", real_keep)
    found.refresh_from_db()
    steering.pause(found)
    assert found.state == State.PAUSED
    assert found.rows_done == 2
    steering.resume(found)
    assert counts(finish(found)) == (3, 0, 0, 1)
    assert found.refused_rows.get().code == "duplicate_sku"


def test_a_cancelled_import_keeps_its_account_and_can_be_undone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(import_jobs, "CHUNK_ROWS", 1)
    found = send("sku,name\na,Shirt\nb,Coat\n")
    steering.confirm(found)
    real_keep = Ledger.keep

    def keep_and_stop(self: Ledger, *arguments: Any) -> None:
        real_keep(self, *arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(Ledger, "keep", keep_and_stop)
    with pytest.raises(KeyboardInterrupt):
        finish(found)
    monkeypatch.setattr(Ledger, "keep", real_keep)
    found.refresh_from_db()
    steering.cancel(found)
    assert (found.state, found.created) == (State.CANCELLED, 1)
    steering.undo(found)
    assert finish(found).restored == 1
    assert not Product.objects.exists()


def test_a_second_delivery_of_the_job_does_nothing() -> None:
    found = take(catalogue_zip(), "shop.zip")
    assert found.job is not None
    assert run_job(found.job.pk) is None
    assert ProductImage.objects.count() == 3


def test_a_run_that_was_taken_over_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    found = send("sku,name\na,Shirt\n")
    steering.confirm(found)
    real = Ledger._claim

    def claim_late(self: Ledger) -> None:
        CatalogueImport.objects.filter(pk=found.pk).update(rows_done=1)
        real(self)

    monkeypatch.setattr(Ledger, "_claim", claim_late)
    with pytest.raises(JobError, match="taken over"):
        finish(found)
    assert not Product.objects.exists()


def test_a_full_disk_leaves_no_half_photo_and_the_import_goes_on_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = send(catalogue_zip(), "shop.zip")
    steering.confirm(found)
    real_save = FileSystemStorage.save
    saved: list[str] = []

    def fill(self: Any, name: str, *arguments: Any, **options: Any) -> str:
        if len(saved) == 1:
            raise OSError(28, "No space left on device")
        saved.append(name)
        return real_save(self, name, *arguments, **options)

    monkeypatch.setattr(FileSystemStorage, "save", fill)
    with pytest.raises(OSError, match="No space left"):
        finish(found)
    monkeypatch.undo()
    found.refresh_from_db()
    assert found.job is not None
    # A worker's job would wait for its next attempt; this one waits for whoever runs it here.
    assert (found.state, found.job.status) == (State.IMPORTING, "paused")
    assert found.job.error_code == "storage_error"
    assert not stored_names()
    assert not ProductImage.objects.exists()
    assert counts(finish(found)) == (2, 0, 0, 0)
    assert ProductImage.objects.count() == len(stored_names()) == 3


def test_photos_alone_are_imported_by_their_names() -> None:
    make_product("a", name="Shirt")
    found = take(
        zipped({"a.jpg": PHOTOS["0.jpg"], "a-2.jpg": PHOTOS["1.jpg"], "B-7.jpg": PHOTOS["2.jpg"]}),
        "photos.zip",
    )
    assert counts(found) == (1, 1, 0, 0)
    assert (product("a").name, product("a").images.count()) == ("Shirt", 2)
    assert (product("B-7").name, product("B-7").images.count()) == ("B-7", 1)


def test_mended_rows_find_their_photos_in_the_first_file() -> None:
    first = take(catalogue_zip(TABLE.replace("59000", "dear")), "shop.zip")
    assert counts(first) == (1, 0, 0, 1)
    mended = take("sku,name,price,style,image\nb,Coat,59000,,1.jpg|2.jpg\n", mends=first)
    assert counts(mended) == (1, 0, 0, 0)
    assert product("b").images.count() == 2


def test_an_address_of_a_photo_is_refused_where_none_is_fetched(settings: Settings) -> None:
    settings.KFASHION = {**settings.KFASHION, "PHOTO_URLS": False}
    found = send("sku,name,image_link\na,Shirt,https://example.com/a.jpg\n")
    assert found.preview["codes"] == {"photo_url_unsupported": 1}
    assert counts(
        take("sku,name,image_link\na,Shirt,https://x.org/a.jpg\n", with_photos=False)
    ) == (
        1,
        0,
        0,
        0,
    )


def test_old_files_are_deleted_and_the_account_stays(settings: Any) -> None:
    first = take(catalogue_zip(), "shop.zip")
    second = take(catalogue_zip(_2=jpeg((1, 2, 3))), "shop.zip")
    names = [str(first.file.name), str(second.file.name), *kept_files(second)]
    assert len(names) == 3
    assert purge_import_files() == 0
    settings.KFASHION = {**settings.KFASHION, "IMPORT_FILE_DAYS": -1}
    assert purge_import_files() == 2
    assert purge_import_files() == 0
    assert not any(map(storages["imports"].exists, names))
    assert ImportedProduct.objects.count() == 3
