from __future__ import annotations

import uuid

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import Settings

from products.search import Examples, query_of_examples, query_of_product
from styles.models import ModelVersion
from tests.shop import direction, make_product, make_search, make_version, place

pytestmark = pytest.mark.django_db


def examples(like: str = "", unlike: str = "") -> Examples:
    return Examples.parse({"like": like, "unlike": unlike})


def refusal(like: str, unlike: str, version: ModelVersion) -> tuple[str, str | None]:
    with pytest.raises(ValidationError) as refused:
        query_of_examples(examples(like, unlike), model_version=version)
    ((parameter, (error,)),) = refused.value.error_dict.items()
    assert error.messages[0]
    return parameter, error.code


def test_liked_examples_are_averaged_and_disliked_ones_taken_off(
    version: ModelVersion, settings: Settings
) -> None:
    settings.KFASHION = {"DISLIKE_WEIGHT": 0.5}
    for sku, vector in (("a", direction(a=1)), ("b", direction(b=1)), ("c", direction(c=1))):
        place(make_product(sku), vector, version=version)
    between = query_of_examples(examples("a,b"), model_version=version)
    assert np.allclose(between.vector.to_list(), direction(a=1, b=1), atol=1e-3)
    away = query_of_examples(examples("a", "c"), model_version=version)
    assert np.allclose(away.vector.to_list(), direction(a=1, c=-0.5), atol=1e-3)
    assert np.linalg.norm(away.vector.to_list()) == pytest.approx(1, abs=1e-3)


def test_photos_and_products_mix_and_the_products_are_no_answers(version: ModelVersion) -> None:
    product = place(make_product("a"), direction(a=1), version=version)
    disliked = place(make_product("d"), direction(d=1), version=version)
    palette = [["#c41f2d", 1.0]]
    search = make_search(version, direction(b=1), palette=palette)
    query = query_of_examples(examples(f"{search.pk},a", "d"), model_version=version)
    assert query.examples == (product.pk, disliked.pk)
    assert query.group == ()
    assert query.palette[0].hex == "#c41f2d"


def test_the_product_a_list_began_with_is_liked_too(version: ModelVersion) -> None:
    first = place(make_product("a"), direction(a=1), version=version)
    second = place(make_product("b"), direction(b=1), version=version)
    base = query_of_product(first, model_version=version)
    query = query_of_examples(examples(unlike="b"), model_version=version, base=base)
    assert query.examples == (first.pk, second.pk)
    assert query.vector.to_list()[0] > 0 > query.vector.to_list()[1]


def test_a_sku_that_looks_like_an_id_is_a_sku(version: ModelVersion) -> None:
    sku = str(uuid.uuid4())
    product = place(make_product(sku), direction(a=1), version=version)
    assert query_of_examples(examples(sku), model_version=version).examples == (product.pk,)


def test_an_unknown_or_hidden_product_is_refused(version: ModelVersion) -> None:
    place(make_product("hidden", is_published=False), direction(a=1), version=version)
    assert refusal("nowhere", "", version) == ("like", "unknown_example")
    assert refusal("hidden", "", version) == ("like", "unknown_example")


def test_an_unknown_or_expired_search_is_refused(version: ModelVersion) -> None:
    expired = make_search(version, direction(a=1), expires_at=timezone.now())
    place(make_product("a"), direction(a=1), version=version)
    assert refusal(str(uuid.uuid4()), "", version) == ("like", "unknown_example")
    assert refusal("a", str(expired.pk), version) == ("unlike", "unknown_example")


def test_a_product_without_an_embedded_photo_is_refused(version: ModelVersion) -> None:
    make_product("bare")
    assert refusal("bare", "", version) == ("like", "example_not_embedded")


def test_a_search_without_a_result_is_refused(version: ModelVersion) -> None:
    search = make_search(version, direction(a=1), status="pending", embedding=None)
    assert refusal(str(search.pk), "", version) == ("like", "example_unfinished")


def test_a_photo_of_another_model_version_is_refused(version: ModelVersion) -> None:
    search = make_search(make_version(status="retired"), direction(a=1))
    assert refusal(str(search.pk), "", version) == ("like", "example_of_another_version")


def test_something_must_be_liked(version: ModelVersion) -> None:
    place(make_product("a"), direction(a=1), version=version)
    assert refusal("", "a", version) == ("like", "like_required")
    assert refusal("", "", version) == ("like", "like_required")


def test_examples_that_cancel_out_are_refused(version: ModelVersion, settings: Settings) -> None:
    settings.KFASHION = {"DISLIKE_WEIGHT": 1.0}
    place(make_product("a"), direction(a=1), version=version)
    place(make_product("twin"), direction(a=1), version=version)
    place(make_product("opposite"), direction(a=-1), version=version)
    assert refusal("a", "twin", version) == ("unlike", "examples_cancel_out")
    assert refusal("a,opposite", "", version) == ("like", "examples_cancel_out")


@pytest.mark.parametrize(
    ("like", "unlike", "parameter", "code"),
    [
        ("a,b", "b", "unlike", "example_liked_and_disliked"),
        (",".join(map(str, range(51))), "", "like", "too_many_examples"),
        ("a", "b\x00", "unlike", "invalid_text"),
    ],
)
def test_examples_that_make_no_sense_have_a_code(
    like: str, unlike: str, parameter: str, code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        examples(like, unlike)
    assert refused.value.error_dict[parameter][0].code == code
