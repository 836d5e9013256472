from __future__ import annotations

import pytest
from django.utils import translation

from products.category_families import (
    FAMILIES,
    OTHER,
    categories_of,
    complementary_families,
    family_name,
    family_of,
)
from products.vocabulary import CATEGORIES_KO


@pytest.mark.parametrize(
    ("category", "family"),
    [
        ("Tshirts", "tops"),
        ("jeans", "bottoms"),
        ("원피스", "dresses"),
        (" Trench Coats ", "outerwear"),
        ("Heels", "shoes"),
        ("가방", "bags"),
        ("Watches", "accessories"),
        ("Footballs", OTHER),
        ("", OTHER),
    ],
)
def test_a_category_has_a_family_in_both_languages(category: str, family: str) -> None:
    assert family_of(category) == family


def test_every_category_stands_in_one_family_at_most_and_in_the_vocabulary() -> None:
    listed = [category for categories in FAMILIES.values() for category in categories]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(CATEGORIES_KO)
    for family in FAMILIES:
        assert all(family_of(word) == family for word in categories_of(family))


def test_nobody_wears_trousers_to_a_dress() -> None:
    assert "bottoms" in complementary_families("tops")
    assert set(complementary_families("dresses")) == {"outerwear", "shoes", "bags", "accessories"}
    assert "shoes" not in complementary_families("shoes")
    assert complementary_families(OTHER) == tuple(FAMILIES)


def test_families_are_named_in_both_languages() -> None:
    for family in (*FAMILIES, OTHER):
        with translation.override("ko"):
            korean = family_name(family)
        assert korean != family_name(family) != ""
