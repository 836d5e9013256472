"""What answers say about keeping them: ETags that are met again, and nothing for caches between."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from access.answers import AnswerHeadersMiddleware
from products.models import Product
from styles.models import ModelVersion
from tests.shop import add_photo, direction, make_clustering, make_product, make_search, place

pytestmark = pytest.mark.django_db

API = "/api/v1"


@pytest.fixture
def shop(version: ModelVersion) -> dict[str, str]:
    """Return addresses of a small shop, by what they show."""
    clustering = make_clustering(version, {"Coats": direction(a=1)})
    coat = make_product("coat", category="Coats")
    place(coat, direction(a=1), version=version, cluster=clustering.clusters.get())
    search = make_search(version, direction(a=1))
    return {
        "products": f"{API}/products/",
        "product": f"{API}/products/coat/",
        "similar": f"{API}/products/coat/similar/",
        "styles": f"{API}/styles/",
        "clusters": f"{API}/clusters/",
        "search": f"{API}/image-searches/{search.pk}/",
        "results": f"{API}/image-searches/{search.pk}/results/",
        "schema": f"{API}/schema/",
        "problems": f"{API}/problems/",
        "page": coat.get_absolute_url(),
    }


NAMES = [
    *("products", "product", "similar", "styles", "clusters", "search", "results"),
    *("schema", "problems", "page"),
]


@pytest.mark.parametrize("name", NAMES)
def test_what_has_not_changed_is_not_sent_again(
    client: Client, shop: dict[str, str], name: str
) -> None:
    client.get(shop[name])  # The first page brings the cookie that its forms go with.
    first = client.get(shop[name])
    assert first.status_code == 200
    again = client.get(shop[name], headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]
    assert again["Vary"] == first["Vary"]


@pytest.mark.parametrize("name", NAMES)
def test_caches_between_keep_nothing_and_clients_ask_again(
    client: Client, shop: dict[str, str], name: str
) -> None:
    directives = set(client.get(shop[name])["Cache-Control"].replace(" ", "").split(","))
    assert "private" in directives
    assert directives & {"no-cache", "no-store"}


@pytest.mark.parametrize("name", ["product", "page"])
def test_what_has_changed_is_sent_with_another_etag(
    client: Client, shop: dict[str, str], name: str
) -> None:
    client.get(shop[name])
    first = client.get(shop[name])
    Product.objects.update(price=12345, currency="KRW")
    again = client.get(shop[name], headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


@pytest.mark.parametrize("name", ["styles", "page"])
def test_another_language_is_another_answer(
    client: Client, shop: dict[str, str], name: str
) -> None:
    english, korean = (
        client.get(shop[name], headers={"Accept-Language": language}) for language in ("en", "ko")
    )
    if name == "page":
        assert english["ETag"] != korean["ETag"]
    assert "accept-language" in korean["Vary"].lower()


def test_forms_of_another_visitor_are_not_taken_from_a_copy(
    client: Client, shop: dict[str, str]
) -> None:
    client.get(shop["page"])
    first = client.get(shop["page"])
    other = Client()
    other.get(shop["page"])
    assert other.get(shop["page"])["ETag"] != first["ETag"]


def test_problems_are_not_kept(client: Client) -> None:
    response = client.get(f"{API}/products/nothing/")
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response


def test_a_photo_keeps_the_header_fields_of_its_own(client: Client) -> None:
    product = make_product("coat")
    address = add_photo(product).file.url
    response = client.get(address)
    assert response.status_code == 200
    assert "immutable" in response["Cache-Control"]
    assert response.streaming
    assert b"".join(response)[:2] == b"\xff\xd8"


def test_a_stream_passes_unread(rf: RequestFactory) -> None:
    def parts() -> list[bytes]:
        raise AssertionError("it was read")

    def lazily(read: Callable[[], list[bytes]]) -> object:
        yield from read()

    stream = StreamingHttpResponse(lazily(parts), content_type="text/html")  # type: ignore[arg-type]
    answer = AnswerHeadersMiddleware(lambda request: stream)(rf.get(f"{API}/products/"))
    assert answer is stream
    assert "ETag" not in answer
    assert "Cache-Control" not in answer


def test_static_files_are_served_as_they_are(client: Client) -> None:
    response = client.get("/static/kfashion/shop.css")
    assert response.status_code == 200
    assert "private" not in response.get("Cache-Control", "")
    response.close()


def test_the_sign_in_page_stays_out_of_every_cache(client: Client) -> None:
    assert "no-store" in client.get(reverse("admin:login"))["Cache-Control"]
