"""What a file changes in a shop that knows its products already, and what it leaves."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

import pytest

from products.importing import chunks
from products.importing.drafts import Draft
from products.models import ClusterAssignment, Product, ProductImage
from styles.models import Style, StyleGroup
from tests.shelf import CATALOGUE, Shelf, counts, product, stored_names
from tests.shop import direction, jpeg, make_clustering, make_version

pytestmark = pytest.mark.django_db


def test_a_second_run_changes_nothing_and_stores_nothing(shelf: Shelf) -> None:
    assert counts(shelf.take(CATALOGUE)) == (2, 0, 0, 0)
    names, moments = stored_names(), list(Product.objects.values_list("updated_at", flat=True))
    assert counts(shelf.take(CATALOGUE)) == (0, 0, 2, 0)
    assert stored_names() == names
    assert list(Product.objects.values_list("updated_at", flat=True)) == moments


def test_a_second_run_decodes_no_photo(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.take(CATALOGUE)

    def fail(_file: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("products.importing.photos.clean_upload", fail)
    assert counts(shelf.take(CATALOGUE)) == (0, 0, 2, 0)


def test_new_products_come_with_the_codes_of_their_styles(shelf: Shelf) -> None:
    shelf.take(CATALOGUE.replace("punk", "punk|retro"))
    group = Style.objects.get(code="punk").group.code
    assert {"punk", "retro", group} <= set(product("a").style_codes)
    only_grouped = product("b")
    assert only_grouped.style_group is not None
    assert only_grouped.style_codes == [only_grouped.style_group.code]


def test_a_product_that_is_made_meanwhile_is_updated(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_copy = chunks._copy_products

    def copy_late(drafts: Collection[Draft]) -> None:
        Product.objects.create(sku="a", name="Theirs", brand="Kept")
        real_copy(drafts)

    monkeypatch.setattr(chunks, "_copy_products", copy_late)
    shelf.take(CATALOGUE)
    assert (product("a").name, product("a").price) == ("Shirt", Decimal(29000))
    assert [style.code for style in product("a").styles.all()] == ["punk"]
    assert product("b").images.count() == 2


def test_a_changed_cell_updates_its_product_alone(shelf: Shelf) -> None:
    shelf.take(CATALOGUE)
    result = shelf.take(CATALOGUE.replace("29000", "31000").replace("punk", "retro"))
    assert counts(result) == (0, 1, 1, 0)
    assert product("a").price == 31000
    assert [style.code for style in product("a").styles.all()] == ["retro"]


def test_a_changed_photo_replaces_the_old_one_and_keeps_the_others(shelf: Shelf) -> None:
    shelf.take(CATALOGUE)
    before = {image.position: image for image in product("b").images.all()}
    shelf.photo("2.jpg", jpeg((1, 2, 3)))
    result = shelf.take(CATALOGUE)
    assert counts(result) == (0, 1, 1, 0)
    assert (result.images_added, result.images_removed) == (1, 1)
    kept, new = product("b").images.all()
    assert kept.pk == before[0].pk
    assert new.pk != before[1].pk
    assert new.position == 1


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_replaced_photo_is_deleted(shelf: Shelf) -> None:
    shelf.take(CATALOGUE)
    shelf.photo("0.jpg", jpeg((1, 2, 3)))
    shelf.take(CATALOGUE)
    assert stored_names() == {image.file.name for image in ProductImage.objects.all()}


def test_photos_in_another_order_change_places_without_being_stored_again(shelf: Shelf) -> None:
    shelf.take(CATALOGUE)
    names = stored_names()
    first, second = product("b").images.all()
    assert counts(shelf.take(CATALOGUE.replace("1.jpg|2.jpg", "2.jpg|1.jpg"))) == (0, 1, 1, 0)
    assert [image.pk for image in product("b").images.all()] == [second.pk, first.pk]
    assert stored_names() == names


def test_a_product_with_new_photos_loses_the_cluster_of_the_old_ones(shelf: Shelf) -> None:
    shelf.take(CATALOGUE)
    clustering = make_clustering(make_version(), {"Lace": direction(a=1)})
    for made in Product.objects.all():
        ClusterAssignment.objects.create(
            product=made, clustering=clustering, cluster=clustering.clusters.get()
        )
    shelf.photo("0.jpg", jpeg((1, 2, 3)))
    shelf.take(CATALOGUE)
    assert ClusterAssignment.objects.get().product == product("b")


def test_columns_that_are_absent_leave_everything_as_it_is(shelf: Shelf) -> None:
    shelf.take(
        "sku,name,price,stock,brand,gender,style,season,image\n"
        "a,Shirt,29000,3,Ondo,men,punk,Fall,0.jpg\n"
    )
    assert counts(shelf.take("sku,stock\na,2\n")) == (0, 1, 0, 0)
    kept = product()
    assert (kept.stock, kept.price) == (2, Decimal(29000))
    assert (kept.brand, kept.gender) == ("Ondo", "men")
    assert kept.attributes == {"season": "Fall"}
    assert kept.styles.get() == Style.objects.get(code="punk")
    assert kept.images.count() == 1


def test_an_empty_cell_empties_its_field(shelf: Shelf) -> None:
    shelf.take("sku,name,price,style,season\na,Shirt,29000,punk,Fall\n")
    shelf.take("sku,name,price,style,season\na,Shirt,,,\n")
    assert (product().price, product().attributes) == (None, {})
    assert not product().styles.exists()


def test_a_sale_during_the_import_keeps_its_effect(shelf: Shelf) -> None:
    shelf.take("sku,name,stock,image\na,Shirt,5,0.jpg\n")
    shelf.photo("0.jpg", jpeg((1, 2, 3)))

    def sell(done: int, total: int) -> None:
        Product.objects.update(stock=4)

    shelf.take("sku,name,image\na,Blouse,0.jpg\n", on_progress=sell)
    assert (product().name, product().stock) == ("Blouse", 4)


def test_a_group_set_by_hand_survives_a_file_that_says_nothing_of_styles(shelf: Shelf) -> None:
    shelf.take("sku,name\na,Shirt\n")
    Product.objects.update(style_group=StyleGroup.objects.get(code="ethnic"))
    shelf.take("sku,name\na,Blouse\n")
    assert product().style_group == StyleGroup.objects.get(code="ethnic")


def test_usage_sets_no_group_beside_styles_known_from_elsewhere(shelf: Shelf) -> None:
    shelf.take("sku,name,style\na,Shirt,punk\n")
    shelf.take("sku,name,usage\na,Shirt,Formal\n")
    assert product().style_group is None


def test_demo_prices_are_marked_and_always_the_same(shelf: Shelf) -> None:
    shelf.take("sku,name\na,Shirt\n", demo_prices=True)
    made = product()
    assert made.price is not None
    assert 9_900 <= made.price <= 199_900
    assert made.stock in range(1, 61)
    assert (made.currency, made.attributes) == ("KRW", {"demo_price": True})
    assert counts(shelf.take("sku,name\na,Shirt\n", demo_prices=True)) == (0, 0, 1, 0)
    assert counts(shelf.take("sku,name\na,Shirt\n")) == (0, 0, 1, 0)
    assert counts(shelf.take("sku,name,price,stock\na,Shirt,,\n")) == (0, 0, 1, 0)


def test_demo_prices_leave_real_ones_alone(shelf: Shelf) -> None:
    shelf.take("sku,name,price\na,Shirt,5000\n", demo_prices=True)
    assert (product().price, product().stock, product().attributes) == (Decimal(5000), None, {})


def test_a_real_price_replaces_a_made_up_one_and_its_mark(shelf: Shelf) -> None:
    shelf.take("sku,name\na,Shirt\n", demo_prices=True)
    shelf.take("sku,price\na,5000\n")
    assert (product().price, product().attributes) == (Decimal(5000), {})
