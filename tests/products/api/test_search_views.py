from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from products.models import Product
from styles.models import ModelVersion
from tests.shop import (
    direction,
    make_clustering,
    make_product,
    make_search,
    make_version,
    place,
)

pytestmark = pytest.mark.django_db

API = "/api/v1"


def get(client: Client, address: str, **parameters: Any) -> Any:
    return client.get(f"{API}/{address}", parameters).json()


def skus(body: Any) -> list[str]:
    return [hit["product"]["sku"] for hit in body["results"]]


@pytest.fixture
def shelf_of_six(version: ModelVersion) -> None:
    """Six products, ever further from a; the odd ones are red."""
    for number in range(6):
        product = make_product(
            f"p{number}", colour="Red" if number % 2 else "Blue", name=f"Linen {number}"
        )
        place(product, direction(a=5, b=number), version=version)


@pytest.mark.usefixtures("shelf_of_six")
def test_a_wish_reorders_and_says_what_it_went_by(client: Client, version: ModelVersion) -> None:
    address = f"image-searches/{make_search(version, direction(a=1)).pk}/results/"
    plain = get(client, address)
    assert skus(plain) == ["p0", "p1", "p2", "p3", "p4", "p5"]
    assert plain["results"][0]["scores"] == {}
    red = get(client, address, prefer_colour="red")
    assert skus(red) == ["p1", "p3", "p5", "p0", "p2", "p4"]
    first = red["results"][0]
    assert first["rank"] == 1
    assert first["scores"]["colour"] == 1.0
    assert first["scores"]["total"] == pytest.approx(
        (first["scores"]["likeness"] + 0.5) / 1.5, abs=1e-3
    )


@pytest.mark.usefixtures("shelf_of_six")
@pytest.mark.parametrize("wish", [{}, {"prefer_colour": "red"}, {"diversity": "0.5"}])
def test_pages_neither_repeat_nor_hide_while_products_come_and_go(
    client: Client, version: ModelVersion, wish: dict[str, str]
) -> None:
    address = f"image-searches/{make_search(version, direction(a=1)).pk}/results/"
    first = get(client, address, limit=2, **wish)
    shown = skus(first)
    Product.objects.get(sku=shown[0]).delete()
    place(make_product("newcomer"), direction(a=1), version=version)
    rest = get(client, address, limit=100, cursor=first["next_cursor"], **wish)
    assert set(skus(rest)) - {"newcomer"} == {f"p{n}" for n in range(6)} - set(shown)
    assert rest["results"][0]["rank"] == 3
    assert rest["next_cursor"] is None


def test_a_list_goes_on_in_the_version_it_was_begun_with(
    client: Client, version: ModelVersion
) -> None:
    for number in range(4):
        place(make_product(f"p{number}"), direction(a=5, b=number), version=version)
    first = get(client, "products/p0/similar/", limit=1)
    assert skus(first) == ["p1"]
    ModelVersion.objects.filter(pk=version.pk).update(status="retired")
    newer = make_version()
    for number in range(4):
        place(Product.objects.get(sku=f"p{number}"), direction(c=1, d=4 - number), version=newer)
    rest = get(client, "products/p0/similar/", cursor=first["next_cursor"])
    assert skus(rest) == ["p2", "p3"]


@pytest.mark.usefixtures("shelf_of_six")
def test_several_examples_make_one_query(client: Client, version: ModelVersion) -> None:
    place(make_product("b"), direction(b=1), version=version)
    search = make_search(version, direction(a=1))
    liked = get(client, "look-alikes/", like=f"{search.pk},b")
    assert skus(liked)[0] == "p5"
    assert "b" not in skus(liked)
    away = get(client, "look-alikes/", like="p3", unlike="b")
    assert skus(away)[0] == "p0"
    assert {"p3", "b"}.isdisjoint(skus(away))
    assert away["count"] == 5


@pytest.mark.usefixtures("shelf_of_six")
def test_a_photo_can_be_moved_towards_and_away_from_products(
    client: Client, version: ModelVersion
) -> None:
    address = f"image-searches/{make_search(version, direction(a=1)).pk}/results/"
    assert skus(get(client, address, like="p5"))[0] in {"p2", "p3"}
    assert skus(get(client, "products/p3/similar/", unlike="p5"))[0] in {"p1", "p2"}


def test_a_wish_gives_up_the_blocks_but_says_what_lies_in_the_group(
    client: Client, version: ModelVersion
) -> None:
    clustering = make_clustering(version, {"near": direction(a=1), "far": direction(b=1)})
    near, far = clustering.clusters.order_by("number")
    place(make_product("in"), direction(a=1, b=1), version=version, cluster=near)
    place(make_product("out"), direction(a=1), version=version, cluster=far)
    search = make_search(version, direction(a=1), cluster=near, cluster_probabilities={"0": 1.0})
    address = f"image-searches/{search.pk}/results/"
    assert skus(get(client, address)) == ["in", "out"]
    wished = get(client, address, prefer_words="nothing")
    assert skus(wished) == ["out", "in"]
    assert [hit["in_group"] for hit in wished["results"]] == [False, True]


def test_a_clustering_that_is_flipped_between_two_pages_moves_nothing(
    client: Client, version: ModelVersion
) -> None:
    old = make_clustering(version, {"near": direction(a=1), "far": direction(b=1)})
    near, far = old.clusters.order_by("number")
    for number, cluster in enumerate((far, near, far, near)):
        place(
            make_product(f"p{number}"), direction(a=9, b=number), version=version, cluster=cluster
        )
    search = make_search(version, direction(a=1), cluster=near, cluster_probabilities={"0": 1.0})
    address = f"image-searches/{search.pk}/results/"
    first = get(client, address, limit=1)
    old.status = "retired"
    old.save()
    new = make_clustering(version, {"near": direction(a=1)})
    place(Product.objects.get(sku="p0"), [], version=version, cluster=new.clusters.get())
    rest = get(client, address, cursor=first["next_cursor"])
    assert skus(first) + skus(rest) == ["p1", "p3", "p0", "p2"]


@pytest.mark.usefixtures("shelf_of_six")
def test_a_cursor_of_another_list_is_refused(client: Client) -> None:
    cursor = get(client, "products/p0/similar/", limit=1)["next_cursor"]
    for address, parameters in (
        ("products/p1/similar/", {}),
        ("products/p0/similar/", {"diversity": "0.5"}),
        ("products/p0/similar/", {"like": "p2"}),
    ):
        body = get(client, address, cursor=cursor, **parameters)
        assert body["code"] == "cursor_of_another_list"
    assert get(client, "products/", cursor=cursor)["code"] == "invalid_cursor"


def test_a_search_whose_version_is_deleted_is_gone(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1))
    version.delete()
    response = client.get(f"{API}/image-searches/{search.pk}/results/")
    assert (response.status_code, response.json()["code"]) == (410, "model_version_gone")


@pytest.mark.usefixtures("shelf_of_six")
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=1000000", "invalid_limit"),
        ("limit=0", "invalid_limit"),
        ("cursor=nonsense", "invalid_cursor"),
        ("min_price=9&max_price=1", "min_above_max"),
        ("min_price=cheap", "invalid_price"),
        ("cluster=99", "unknown_cluster"),
        ("style=steampunk", "unknown_style"),
        ("gender=robot", "unknown_gender"),
        ("category=spaceships", "unknown_category"),
        ("colour=ultraviolet", "unknown_colour"),
        ("brand=nobody", "unknown_brand"),
        ("in_stock=perhaps", "invalid_boolean"),
        ("q=a%00b", "invalid_text"),
        ("mix=steampunk:1", "unknown_style"),
        ("mix=punk:lots", "invalid_mix"),
        ("diversity=2", "invalid_diversity"),
        ("prefer_words=a%00b", "invalid_words"),
        ("same_palette=perhaps", "invalid_boolean"),
        ("same_palette=true", "palette_unknown"),
        ("like=nowhere", "unknown_example"),
        ("like=bare", "example_not_embedded"),
        ("like=p1&unlike=p1", "example_liked_and_disliked"),
        (f"unlike={uuid4()}", "unknown_example"),
    ],
)
def test_bad_input_is_a_problem_with_code_and_sentence(
    client: Client, version: ModelVersion, query: str, code: str
) -> None:
    make_product("bare")
    search = make_search(version, direction(a=1))
    for address in (
        f"image-searches/{search.pk}/results/?",
        "products/p0/similar/?",
        "look-alikes/?" if query.startswith("like") else "look-alikes/?like=p0&",
    ):
        for language in ("en", "ko"):
            response = client.get(f"{API}/{address}{query}", headers={"Accept-Language": language})
            assert response.status_code == 400
            assert response.json()["code"] == code
            assert len(response.json()["detail"]) > 5
            assert response["Content-Language"] == language


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_is_not_ones_own_or_has_expired_is_not_found(
    client: Client, version: ModelVersion, language: str
) -> None:
    expired = make_search(version, direction(a=1), expires_at=timezone.now() - timedelta(seconds=1))
    for key in (uuid4(), expired.pk):
        response = client.get(
            f"{API}/image-searches/{key}/results/", headers={"Accept-Language": language}
        )
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_examples_alone_without_a_liked_one_are_refused(
    client: Client, version: ModelVersion
) -> None:
    place(make_product("a"), direction(a=1), version=version)
    assert get(client, "look-alikes/")["code"] == "like_required"
    assert get(client, "look-alikes/", unlike="a")["code"] == "like_required"


def test_without_an_active_version_look_alikes_are_unavailable(client: Client) -> None:
    response = client.get(f"{API}/look-alikes/?like=a")
    assert (response.status_code, response.json()["code"]) == (503, "no_active_model_version")


def test_look_alikes_of_a_product_take_as_many_queries_for_many_as_for_few(
    client: Client, version: ModelVersion, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        place(make_product(f"p{number}"), direction(a=5, b=number), version=version)
    with django_assert_max_num_queries(11):  # type: ignore[operator]
        client.get("/api/v1/products/p0/similar/?limit=12")
