from __future__ import annotations

import uuid

import pytest
from django.test import Client

from products.api.serializers import HitSerializer, ProductSerializer
from products.models import Product
from styles.models import ModelVersion, Style
from tests.shop import add_photo, direction, make_product, place

pytestmark = pytest.mark.django_db

API = "/api/v1"
PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        f"image-searches/{uuid.uuid4()}/",
        "image-searches/guess/",
        "products/none/",
        "products/%00/",
        "products/%00/similar/",
        "nothing/here",
    ],
)
def test_what_is_not_there_is_a_problem_too(client: Client, path: str) -> None:
    response = client.get(f"{API}/{path}")
    assert response.status_code == 404
    assert response["Content-Type"] == PROBLEM
    assert response.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "invalid_limit"),
        ("limit=1000000", "invalid_limit"),
        ("limit=ten", "invalid_limit"),
        ("cursor=%FF", "invalid_cursor"),
        ("cursor=cDk5OTk5OTk5OTk5OTk", "invalid_cursor"),
        ("min_price=9&max_price=1", "min_above_max"),
        ("cluster=12", "unknown_cluster"),
        ("style=nope", "unknown_style"),
    ],
)
def test_a_bad_query_is_a_problem_with_its_code(client: Client, query: str, code: str) -> None:
    response = client.get(f"{API}/products/?{query}")
    assert response.status_code == 400
    assert response.json()["code"] == code


def test_products_are_listed_newest_first_with_count_and_cursor(client: Client) -> None:
    for number in range(5):
        make_product(f"p{number}")
    make_product("hidden", is_published=False)
    first = client.get(f"{API}/products/?limit=3").json()
    assert first["count"] == 5
    assert [product["sku"] for product in first["results"]] == ["p4", "p3", "p2"]
    make_product("newcomer")
    second = client.get(f"{API}/products/?limit=3&cursor={first['next_cursor']}").json()
    assert [product["sku"] for product in second["results"]] == ["p1", "p0"]
    assert second["next_cursor"] is None


def test_the_list_of_products_takes_as_many_queries_for_many_as_for_few(
    client: Client, version: ModelVersion, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        add_photo(make_product(f"p{number}"))
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get(f"{API}/products/?limit=12")


def test_a_product_is_found_by_its_sku_even_when_sold_out(client: Client) -> None:
    make_product("A-1", name="Coat", name_ko="코트", price="129000", stock=0, colour="Black")
    body = client.get(f"{API}/products/A-1/", headers={"Accept-Language": "ko"}).json()
    assert body["name"] == "코트"
    assert body["price"] == "129000.00"
    assert body["currency"] == "KRW"
    assert body["image"] is None


def test_a_hidden_product_is_not_there(client: Client) -> None:
    make_product("A-1", is_published=False)
    assert client.get(f"{API}/products/A-1/").status_code == 404


def test_look_alikes_of_a_product(client: Client, version: ModelVersion) -> None:
    place(make_product("a"), direction(a=1), version=version)
    place(make_product("b"), direction(a=1, b=1), version=version)
    body = client.get(f"{API}/products/a/similar/").json()
    assert [hit["product"]["sku"] for hit in body["results"]] == ["b"]
    make_product("c")
    assert client.get(f"{API}/products/c/similar/").json()["code"] == "product_not_embedded"


def test_without_an_active_model_version_look_alikes_are_unavailable(client: Client) -> None:
    make_product("a")
    response = client.get(f"{API}/products/a/similar/")
    assert response.status_code == 503
    assert response.json()["code"] == "no_active_model_version"


def test_schema_and_docs_are_served(client: Client) -> None:
    schema = client.get(f"{API}/schema/", headers={"Accept": "application/json"})
    assert schema.status_code == 200
    docs = client.get(f"{API}/docs/")
    assert b"swagger" in docs.content
    assert b"//cdn" not in docs.content


def test_stored_sku_characters_work_in_addresses(client: Client) -> None:
    for sku in ("A.1", "b:2", "c+3", "한글-4"):
        Product(sku=sku, name="x").full_clean()
        make_product(sku)
        assert client.get(f"{API}/products/{sku}/").json()["sku"] == sku


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(client: Client) -> None:
    response = client.put(f"{API}/products/")
    assert response.status_code == 405
    assert response.json()["code"] == "method_not_allowed"
    assert "GET" in response["Allow"]


def test_the_root_lists_every_endpoint(client: Client) -> None:
    body = client.get(f"{API}/").json()
    paths = {endpoint["path"]: endpoint["methods"] for endpoint in body["endpoints"]}
    assert paths[f"{API}/image-searches/"] == ["POST"]
    assert paths[f"{API}/recommendations/"] == ["GET"]
    assert client.get(body["docs"].removeprefix("http://testserver")).status_code == 200


def test_an_unknown_language_falls_back_to_english(client: Client) -> None:
    for language in ("xx", "fr-CA, de;q=0.8", "\x7f", "ko" * 5000):
        response = client.get(f"{API}/products/none/", headers={"Accept-Language": language})
        assert response.status_code == 404
        assert response.json()["detail"] == "There is nothing at this address."


def test_an_address_with_a_line_end_is_a_problem_too(client: Client) -> None:
    response = client.get(f"{API}/image-searches/a%0Ab/")
    assert response.status_code == 404
    assert response["Content-Type"] == PROBLEM


def test_products_say_all_that_their_fields_describe(client: Client, version: ModelVersion) -> None:
    product = make_product("a", price="12.5", stock=0, colour="Red", attributes={"fit": ["slim"]})
    product.styles.add(*Style.objects.filter(code__in=["punk", "classic"]))
    place(product, direction(a=1), version=version)
    body = client.get(f"{API}/products/a/").json()
    assert list(body) == list(ProductSerializer().fields)
    described = {
        name: field.to_representation(field.get_attribute(product))
        for name, field in ProductSerializer().fields.items()
        if name not in {"url", "image"} and field.get_attribute(product) is not None
    }
    assert {name: body[name] for name in described} == described
    place(make_product("b"), direction(a=1), version=version)
    hits = client.get(f"{API}/products/a/similar/?limit=1").json()["results"]
    assert hits
    assert [list(hit) for hit in hits] == [list(HitSerializer().fields) for _ in hits]
