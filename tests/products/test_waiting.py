"""How a page waits for its search: seldom, honestly, and until there is a result."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from products.models import ImageSearch
from products.waiting import LAST_ASK, Pace, waiting_for
from styles.models import ModelVersion
from tests.pages import text_of
from tests.products.test_embedding import pending_search
from tests.shop import direction, make_search

pytestmark = pytest.mark.django_db


def since(seconds: float, **fields: Any) -> ImageSearch:
    """Return an unfinished search that was started so long ago."""
    search = pending_search()
    created_at = timezone.now() - timedelta(seconds=seconds)
    ImageSearch.objects.filter(pk=search.pk).update(created_at=created_at, **fields)
    search.refresh_from_db()
    return search


def ask(client: Client, search: ImageSearch, asked: int, *, was: str = "usual") -> Any:
    return client.get(
        f"{search.get_absolute_url()}waiting/{asked}/?was={was}", headers={"hx-request": "true"}
    )


def test_the_page_asks_ever_less_often_and_never_faster_than_it_should() -> None:
    search = since(0)
    delays = [waiting_for(search, asked=asked).delay_seconds for asked in range(9)]
    assert delays == [0.5, 1, 2, 4, 8, 10, 10, 10, 10]
    assert all(one <= next_one for one, next_one in pairwise(delays))
    assert waiting_for(search, asked=10**9).next_ask == LAST_ASK


def test_each_answer_names_the_next_address_and_how_long_to_wait(client: Client) -> None:
    search = since(0)
    page = ask(client, search, 2).content.decode()
    assert f'hx-get="{search.get_absolute_url()}waiting/3/?was=usual"' in page
    # Every half minute it asks in any case: an answer that got lost must not end the waiting.
    assert 'hx-trigger="load delay:2000ms, every 30s"' in page
    assert "announcement" not in page


def test_a_worker_that_answers_nobody_is_said_to_be_silent_once(client: Client) -> None:
    search = since(60)
    page = ask(client, search, 5)
    assert "Nobody is looking at photos at the moment." in text_of(page)
    assert 'id="announcement"' in page.content.decode()
    assert "was=silent" in page.content.decode()
    assert 'id="announcement"' not in ask(client, search, 5, was="silent").content.decode()


def test_a_worker_with_much_to_do_is_said_to_be_slow(client: Client, version: ModelVersion) -> None:
    since(90)
    search = since(60)
    make_search(version, direction(a=1), finished_at=timezone.now())
    assert waiting_for(search).pace == Pace.SLOW
    assert "1 photo is before yours" in text_of(ask(client, search, 5))


def test_a_search_that_is_being_looked_at_is_next() -> None:
    waiting = waiting_for(since(60, status="running"))
    assert (waiting.pace, waiting.ahead) == (Pace.SLOW, 0)


def test_browsers_without_scripts_hurry_less_after_a_while(client: Client) -> None:
    def refresh(search: ImageSearch) -> str:
        return client.get(search.get_absolute_url()).content.decode()

    assert '<noscript><meta http-equiv="refresh" content="2">' in refresh(since(0))
    assert '<noscript><meta http-equiv="refresh" content="10">' in refresh(since(60))


def test_the_result_takes_the_place_of_the_waiting(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1))
    response = ask(client, search, 3)
    assert response.status_code == 200
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#waiting", "outerHTML")
    assert "Your photo" in response.content.decode()


def test_a_search_deleted_meanwhile_has_its_page_loaded_anew(client: Client) -> None:
    search = since(0)
    ImageSearch.objects.all().delete()
    assert ask(client, search, 3)["HX-Refresh"] == "true"


def test_the_address_of_the_waiting_is_no_page_of_its_own(client: Client) -> None:
    search = since(0)
    response = client.get(f"{search.get_absolute_url()}waiting/3/")
    assert response["Location"] == search.get_absolute_url()


def test_who_leaves_and_returns_finds_the_result(client: Client, version: ModelVersion) -> None:
    search = since(0)
    assert "Looking at your photo" in text_of(client.get(search.get_absolute_url()))
    ImageSearch.objects.filter(pk=search.pk).update(
        status="done",
        model_version=version,
        embedding=make_search(version, direction(a=1)).embedding,
    )
    assert "Your look-alikes" in text_of(client.get(search.get_absolute_url()))
