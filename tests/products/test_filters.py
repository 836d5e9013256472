from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from products.filters import ProductFilters
from products.models import Product
from styles.models import Style, StyleGroup
from tests.shop import direction, make_clustering, make_product, make_version, place

pytestmark = pytest.mark.django_db


def codes(error: ValidationError) -> dict[str, str | None]:
    return {name: faults[0].code for name, faults in error.error_dict.items()}


def matching(**parameters: str) -> set[str]:
    products = ProductFilters.parse(parameters).apply(Product.objects.all())
    return set(products.values_list("sku", flat=True))


def test_empty_and_unknown_parameters_do_not_filter() -> None:
    assert ProductFilters.parse({"style": " ", "page": "2", "min_price": ""}) == ProductFilters()


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"min_price": "cheap"}, {"min_price": "invalid_price"}),
        ({"max_price": "NaN"}, {"max_price": "invalid_price"}),
        ({"max_price": "-1"}, {"max_price": "invalid_price"}),
        ({"min_price": "1e400"}, {"min_price": "invalid_price"}),
        ({"min_price": "5", "max_price": "4"}, {"min_price": "min_above_max"}),
        ({"in_stock": "perhaps"}, {"in_stock": "invalid_boolean"}),
        ({"cluster": "99"}, {"cluster": "unknown_cluster"}),
        ({"cluster": "9" * 5000}, {"cluster": "unknown_cluster"}),
        ({"cluster": "²"}, {"cluster": "unknown_cluster"}),
        ({"style": "steampunk"}, {"style": "unknown_style"}),
        ({"gender": "robot"}, {"gender": "unknown_gender"}),
        ({"category": "Spaceships"}, {"category": "unknown_category"}),
        ({"colour": "Ultraviolet"}, {"colour": "unknown_colour"}),
        ({"brand": "Nobody"}, {"brand": "unknown_brand"}),
        ({"category": "a\x00"}, {"category": "invalid_text"}),
        ({"exclude": ",".join(map(str, range(1001)))}, {"exclude": "too_many_excluded"}),
        ({"q": "x\x00y"}, {"q": "invalid_text"}),
        ({"exclude": "a,b\x00"}, {"exclude": "invalid_text"}),
        ({"brand": "b" * 201}, {"brand": "invalid_text"}),
    ],
)
def test_a_bad_value_has_a_stable_code(
    parameters: dict[str, str], expected: dict[str, str]
) -> None:
    with pytest.raises(ValidationError) as refused:
        ProductFilters.parse(parameters)
    assert codes(refused.value) == expected


def test_all_bad_values_are_reported_together() -> None:
    with pytest.raises(ValidationError) as refused:
        ProductFilters.parse({"min_price": "x", "gender": "y"})
    assert set(codes(refused.value)) == {"min_price", "gender"}


def test_price_bounds_are_inclusive_and_leave_unpriced_products_out() -> None:
    make_product("cheap", price=Decimal(10))
    make_product("dear", price=Decimal(20))
    make_product("unpriced")
    assert matching(min_price="10", max_price="10") == {"cheap"}
    assert matching(min_price="11") == {"dear"}


def test_words_match_names_in_both_languages_brands_and_skus() -> None:
    make_product("A-1", name="Lace blouse", name_ko="레이스 블라우스", brand="Maru")
    make_product("A-2", name="Denim jacket")
    assert matching(q="lace") == {"A-1"}
    assert matching(q="블라우스") == {"A-1"}
    assert matching(q="maru blouse") == {"A-1"}
    assert matching(q="a-2") == {"A-2"}
    assert matching(q="lace jacket") == set()


def test_a_style_matches_by_style_by_group_and_in_korean() -> None:
    romantic = make_product("romantic")
    romantic.styles.add(Style.objects.get(code="romantic"), Style.objects.get(code="sexy"))
    make_product("labelled", style_group=StyleGroup.objects.get(code="feminine"))
    make_product("plain")
    assert matching(style="romantic") == {"romantic"}
    assert matching(style="로맨틱") == {"romantic"}
    assert matching(style="feminine") == {"romantic", "labelled"}


def test_a_product_of_two_styles_of_a_group_comes_out_once() -> None:
    product = make_product("both")
    product.styles.set(Style.objects.filter(code__in=["romantic", "sexy"]))
    filters = ProductFilters.parse({"style": "feminine"})
    assert filters.apply(Product.objects.all()).count() == 1


def test_a_cluster_means_the_clustering_in_force() -> None:
    version = make_version()
    retired = make_clustering(version, {"a": direction(a=1)}, status="retired")
    current = make_clustering(version, {"a": direction(a=1), "b": direction(b=1)})
    product = make_product("p")
    place(product, direction(a=1), version=version, cluster=retired.clusters.get(number=0))
    assert matching(cluster="0") == set()
    place(product, [], version=version, cluster=current.clusters.get(number=1))
    assert matching(cluster="1") == {"p"}


def test_categories_colours_and_brands_ignore_case() -> None:
    make_product("p", category="Tshirts", colour="Navy Blue", brand="Maru")
    assert matching(category="tshirts", colour="navy blue", brand="MARU") == {"p"}


def test_excluded_skus_are_left_out() -> None:
    for sku in ("a", "b", "c"):
        make_product(sku)
    assert matching(exclude="a, c") == {"b"}


def test_filters_survive_being_stored() -> None:
    filters = ProductFilters.parse(
        {"style": "punk", "max_price": "9.90", "in_stock": "no", "exclude": "a,b", "q": "red dress"}
    )
    assert ProductFilters.parse(filters.as_parameters()) == filters


def test_later_parameters_replace_earlier_ones_by_name() -> None:
    stored = ProductFilters.parse({"style": "punk", "max_price": "10"})
    changed = stored.overridden_by({"style": "", "min_price": "5", "limit": "3"})
    assert changed == ProductFilters(min_price=Decimal(5), max_price=Decimal(10))
