from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from products.filters import ProductFilters
from products.models import ImageClassification, PhotoTraits, Product
from products.search import FamilyPage, ProductNotEmbeddedError, complements
from styles.models import ModelVersion
from tests.pages import text_of
from tests.shop import direction, make_product, place

pytestmark = pytest.mark.django_db


def sell(
    version: ModelVersion,
    sku: str,
    category: str,
    *,
    styles: dict[str, float] | None = None,
    colour: str = "",
    **fields: str,
) -> Product:
    product = make_product(sku, category=category, **fields)
    place(product, direction(a=1), version=version)
    image = product.images.get()
    if styles:
        ImageClassification.objects.create(
            image=image, model_version=version, probabilities={"style": styles}
        )
    if colour:
        PhotoTraits.objects.create(image=image, palette=[[colour, 1.0]], fingerprint=bytes(32))
    return product


def looks(families: list[FamilyPage]) -> dict[str, list[str]]:
    skus = dict(Product.objects.values_list("pk", "sku"))
    return {found.family: [skus[hit.product_id] for hit in found.page.hits] for found in families}


def look(product: Product, version: ModelVersion, **filters: str) -> dict[str, list[str]]:
    return looks(
        complements(
            product, model_version=version, filters=ProductFilters.parse(filters), per_family=2
        )
    )


def test_other_families_come_in_the_order_people_dress_in(version: ModelVersion) -> None:
    shirt = sell(version, "shirt", "Shirts")
    for sku, category in (("bag", "가방"), ("shoe", "Heels"), ("jeans", "JEANS")):
        sell(version, sku, category)
    for sku, category in (("other-shirt", "Shirts"), ("dress", "Dresses"), ("ball", "Footballs")):
        sell(version, sku, category)
    found = look(shirt, version)
    assert found == {"bottoms": ["jeans"], "shoes": ["shoe"], "bags": ["bag"]}
    assert list(found) == ["bottoms", "shoes", "bags"]


def test_the_same_style_mix_and_palette_come_first(version: ModelVersion) -> None:
    shirt = sell(version, "shirt", "Shirts", styles={"punk": 1.0}, colour="#c41f2d")
    sell(version, "neither", "Jeans", styles={"classic": 1.0}, colour="#1f2947")
    sell(version, "style", "Jeans", styles={"punk": 1.0}, colour="#1f2947")
    sell(version, "both", "Jeans", styles={"punk": 0.9, "retro": 0.1}, colour="#c41f2d")
    (bottoms,) = complements(shirt, model_version=version, filters=ProductFilters(), per_family=2)
    assert looks([bottoms]) == {"bottoms": ["both", "style"]}
    assert bottoms.page.count == 3
    best = bottoms.page.hits[0].scores
    assert best["mix"] == pytest.approx(0.9)
    assert best["palette"] == pytest.approx(1.0)
    assert set(best) == {"likeness", "mix", "palette", "total"}


def test_a_look_is_for_one_gender_unless_the_filters_say_so(version: ModelVersion) -> None:
    shirt = sell(version, "shirt", "Shirts", gender="women")
    sell(version, "hers", "Jeans", gender="women")
    sell(version, "his", "Jeans", gender="men")
    sell(version, "anyones", "Heels", gender="unisex")
    assert look(shirt, version) == {"bottoms": ["hers"], "shoes": ["anyones"]}
    assert look(shirt, version, gender="men") == {"bottoms": ["his"]}


def test_a_look_may_have_nothing_to_complete_it(version: ModelVersion) -> None:
    assert look(sell(version, "shirt", "Shirts"), version) == {}


def test_filters_narrow_a_look(version: ModelVersion) -> None:
    shirt = sell(version, "shirt", "Shirts")
    sell(version, "cheap", "Jeans", price="10")
    sell(version, "dear", "Jeans", price="90")
    assert look(shirt, version, max_price="50") == {"bottoms": ["cheap"]}


def test_a_product_without_an_embedding_has_no_look_yet(version: ModelVersion) -> None:
    with pytest.raises(ProductNotEmbeddedError):
        look(make_product("bare"), version)


def test_the_api_groups_a_look_by_family(client: Client, version: ModelVersion) -> None:
    sell(version, "shirt", "Shirts")
    for number in range(3):
        sell(version, f"jeans-{number}", "Jeans")
    body = client.get(
        "/api/v1/products/shirt/complements/?per_family=1", headers={"Accept-Language": "ko"}
    ).json()
    (bottoms,) = body["results"]
    assert (bottoms["family"], bottoms["name"], bottoms["count"]) == ("bottoms", "하의", 3)
    assert [hit["rank"] for hit in bottoms["results"]] == [1]


def test_the_page_of_a_product_loads_what_goes_with_it(
    client: Client, version: ModelVersion
) -> None:
    shirt = sell(version, "shirt", "Shirts")
    sell(version, "jeans", "Jeans", name="Blue jeans")
    address = reverse("products:look", args=[shirt.pk])
    assert f'hx-get="{address}"' in client.get(shirt.get_absolute_url()).content.decode()
    assert "Goes with this Blue jeans" in text_of(client.get(address))
    bare = make_product("bare")
    assert text_of(client.get(reverse("products:look", args=[bare.pk]))).strip() == ""
    hidden = make_product("hidden", is_published=False)
    assert client.get(reverse("products:look", args=[hidden.pk])).status_code == 404


def test_without_a_model_version_nothing_goes_with_a_product(client: Client) -> None:
    response = client.get(reverse("products:look", args=[make_product("a").pk]))
    assert response.status_code == 200
    assert not text_of(response).strip()


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("shirt/complements/?per_family=11", 400, "invalid_per_family"),
        ("shirt/complements/?per_family=x", 400, "invalid_per_family"),
        ("bare/complements/", 409, "product_not_embedded"),
        ("nowhere/complements/", 404, "not_found"),
    ],
)
def test_a_look_that_cannot_be_given_is_a_problem(
    client: Client, version: ModelVersion, path: str, status: int, code: str
) -> None:
    sell(version, "shirt", "Shirts")
    make_product("bare")
    response = client.get(f"/api/v1/products/{path}")
    assert (response.status_code, response.json()["code"]) == (status, code)
