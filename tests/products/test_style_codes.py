from __future__ import annotations

import pytest
from django.db import connection

from products.models import Product
from styles.models import Style, StyleGroup
from tests.shop import make_product

pytestmark = pytest.mark.django_db


def codes_of(product: Product) -> list[str]:
    product.refresh_from_db()
    return list(product.style_codes)


def test_a_product_carries_the_codes_of_its_styles_and_of_their_groups() -> None:
    product = make_product("a")
    assert codes_of(product) == []
    punk, retro = Style.objects.get(code="punk"), Style.objects.get(code="retro")
    product.styles.add(punk, retro)
    assert codes_of(product) == sorted({"punk", "retro", punk.group.code, retro.group.code})
    product.styles.remove(punk)
    assert codes_of(product) == sorted({"retro", retro.group.code})
    product.styles.clear()
    assert codes_of(product) == []


def test_a_group_that_is_known_without_a_style_is_carried_from_the_start_and_when_it_changes() -> (
    None
):
    casual, sporty = (StyleGroup.objects.get(code=code) for code in ("casual", "sporty"))
    product = make_product("a", style_group=casual)
    assert codes_of(product) == ["casual"]
    Product.objects.filter(pk=product.pk).update(style_group=sporty)
    assert codes_of(product) == ["sporty"]


def test_saving_a_product_that_was_read_before_its_styles_changed_keeps_them() -> None:
    product = make_product("a")
    stale = Product.objects.get(pk=product.pk)
    product.styles.add(Style.objects.get(code="punk"))
    stale.name = "Renamed"
    stale.save()
    assert "punk" in codes_of(product)


def test_what_another_program_writes_is_seen() -> None:
    product = make_product("a")
    style = Style.objects.get(code="punk")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO products_product_styles (product_id, style_id) VALUES (%s, %s)",
            [product.pk, style.pk],
        )
    assert "punk" in codes_of(product)
    other = Style.objects.get(code="retro")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE products_product_styles SET style_id = %s", [other.pk])
    assert codes_of(product) == sorted({"retro", other.group.code})


def test_products_are_found_by_style_and_by_group() -> None:
    first, second = make_product("a"), make_product("b")
    style = Style.objects.get(code="punk")
    first.styles.add(style)
    second.style_group = style.group
    second.save()
    assert set(Product.objects.in_style("punk")) == {first}
    assert set(Product.objects.in_style(style.group.code)) == {first, second}
    assert not Product.objects.in_style("no such style").exists()
