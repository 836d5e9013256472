"""Whose a search is: apps by their key, browsers by a secret, everybody else by the link."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from products.models import ImageSearch
from products.ownership import SESSION_KEY, make_owner_of, may_delete, may_see, owner_of
from products.search import Examples, query_of_examples
from styles.models import ModelVersion
from tests.pages import upload
from tests.photos import draw_photo, encode
from tests.shop import direction, make_search


def asking(session: dict[str, Any] | None = None, *, key: str = "") -> Any:
    """Return a request as far as ownership looks at it."""
    auth = SimpleNamespace(prefix=key) if key else None
    return SimpleNamespace(session={} if session is None else session, auth=auth)


def test_a_browser_gets_a_secret_of_which_only_the_hash_is_told() -> None:
    request = asking()
    owner = make_owner_of(request)
    assert owner.startswith("session:")
    assert request.session[SESSION_KEY] not in owner
    assert make_owner_of(request) == owner == owner_of(request)
    assert make_owner_of(asking()) != owner
    assert len(owner) <= (ImageSearch._meta.get_field("owner").max_length or 0)


def test_a_key_owns_what_it_asks_for_whatever_the_session() -> None:
    request = asking({SESSION_KEY: "x" * 43}, key="abcd1234")
    assert owner_of(request) == "key:abcd1234"


@pytest.mark.parametrize("remembered", [None, 7, "", "short", ["x" * 43], {"id": "x"}])
def test_what_an_old_version_left_in_a_session_owns_nothing(remembered: Any) -> None:
    request = asking({SESSION_KEY: remembered})
    assert owner_of(request) == ""
    assert make_owner_of(request).startswith("session:")


@pytest.mark.parametrize(
    ("owner", "key", "sees", "deletes"),
    [
        ("", "", True, True),
        ("", "mine", True, True),
        ("key:mine", "mine", True, True),
        ("key:mine", "", False, False),
        ("key:mine", "other", False, False),
        ("session:0", "", True, False),
        ("session:0", "mine", True, False),
    ],
)
def test_links_are_for_all_but_those_of_keys_and_only_owners_delete(
    owner: str, key: str, sees: bool, deletes: bool
) -> None:
    search = ImageSearch(owner=owner)
    request = asking(key=key)
    assert (may_see(request, search), may_delete(request, search)) == (sees, deletes)


@pytest.mark.django_db
def test_a_search_belongs_to_the_browser_that_sent_the_photo(client: Client) -> None:
    upload(client, encode(draw_photo()))
    found = ImageSearch.objects.get()
    address = reverse("products:search_delete", args=[found.pk])
    stranger = Client()
    assert stranger.get(found.get_absolute_url()).status_code == 200
    assert "Delete my photo now" not in stranger.get(found.get_absolute_url()).content.decode()
    assert stranger.post(address).status_code == 404
    assert ImageSearch.objects.exists()
    assert client.post(address).status_code == 302
    assert not ImageSearch.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["", "no-such-session", "x" * 4000, "é"])
def test_a_session_cookie_of_an_old_version_is_no_obstacle(client: Client, cookie: str) -> None:
    client.cookies["sessionid"] = cookie
    assert upload(client, encode(draw_photo())).status_code == 302
    assert ImageSearch.objects.get().owner.startswith("session:")


@pytest.mark.django_db
def test_nobody_gets_a_cookie_of_ownership_for_looking_around(client: Client) -> None:
    client.get(reverse("products:search"))
    client.get(reverse("products:privacy"))
    assert "sessionid" not in client.cookies


@pytest.mark.django_db
def test_searches_of_a_key_are_not_there_for_pages_and_other_callers(
    client: Client, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1), owner="key:abcd1234", heat_map=[[0, 100]])
    page = search.get_absolute_url()
    own = f"/api/v1/image-searches/{search.pk}/"
    for address in (page, f"{page}heat-map/", own, f"{own}results/", f"{own}heat-map/"):
        assert client.get(address).status_code == 404, address
    assert client.delete(own).status_code == 404
    assert client.post(f"{page}delete/").status_code == 404
    assert client.post(f"{page}again/").status_code == 404
    assert ImageSearch.objects.exists()


@pytest.mark.django_db
def test_searches_of_a_key_are_examples_to_it_alone(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1), owner="key:abcd1234")
    response = client.get("/api/v1/look-alikes/", {"like": str(search.pk)})
    assert (response.status_code, response.json()["code"]) == (400, "unknown_example")
    examples = Examples(liked=(str(search.pk),))
    with pytest.raises(ValidationError, match="no search"):
        query_of_examples(examples, model_version=version, owner="key:other")
    assert query_of_examples(examples, model_version=version, owner="key:abcd1234").vector


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["search_result", "search_heat_map", "search_waiting"])
def test_a_guessed_id_leads_nowhere(client: Client, name: str) -> None:
    pk = "01234567-89ab-4def-8123-456789abcdef"
    arguments = [pk, 0] if name == "search_waiting" else [pk]
    assert client.get(reverse(f"products:{name}", args=arguments), follow=True).status_code == 404


@pytest.mark.django_db
def test_the_upload_page_lists_the_searches_of_this_browser(client: Client) -> None:
    upload(client, encode(draw_photo()))
    found = ImageSearch.objects.get()
    for address in (reverse("products:search"), reverse("products:privacy")):
        assert found.get_absolute_url() in client.get(address).content.decode()
        assert found.get_absolute_url() not in Client().get(address).content.decode()


@pytest.mark.django_db
def test_a_language_nobody_knows_is_no_obstacle(client: Client) -> None:
    client.cookies["django_language"] = "tlh-\x7f"
    assert client.get(reverse("products:search")).status_code == 200
    client.cookies["django_language"] = "x" * 3000
    assert upload(client, encode(draw_photo())).status_code == 302
