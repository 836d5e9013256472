from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from products.signals import image_search_done
from shoppers.models import Shopper, ShopperEvent
from shoppers.recording import Deed, record
from shoppers.tasks import finish_searches, purge_shoppers
from styles.models import ModelVersion
from tests.shop import direction, make_product, make_search
from tests.shoppers.people import make_shopper


@pytest.mark.django_db
def test_a_search_is_finished_when_a_worker_says_so(
    shopper: Shopper, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1))
    other = make_search(version, direction(b=1))
    for each in (search, other):
        ShopperEvent.objects.create(shopper=shopper, kind="search", dedupe_key=f"search:{each.pk}")
    image_search_done.send(sender=None, search_id=search.pk)
    assert list(ShopperEvent.objects.unfinished().values_list("dedupe_key", flat=True)) == [
        f"search:{other.pk}"
    ]


@pytest.mark.django_db
def test_the_sweeper_finishes_what_nobody_said_a_word_of(
    shopper: Shopper, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1))
    for each in (shopper, make_shopper()):
        ShopperEvent.objects.create(shopper=each, kind="search", dedupe_key=f"search:{search.pk}")
    assert finish_searches() == 2
    assert finish_searches() == 0
    assert not ShopperEvent.objects.unfinished().exists()


@pytest.mark.django_db
def test_purging_twice_is_purging_once() -> None:
    assert purge_shoppers() == {"events": 0, "shoppers": 0}


@pytest.mark.django_db(transaction=True)
def test_the_same_things_said_at_once_in_any_order_are_written_down_once() -> None:
    shopper = make_shopper()
    keys = [make_product(str(number)).pk for number in range(12)]
    now = timezone.now()
    deeds = [
        *(Deed("like", key, at=now) for key in keys),
        *(Deed("view", key, at=now, id=f"view-{key}") for key in keys),
    ]

    def say(number: int) -> None:
        record(shopper, deeds if number % 2 else deeds[::-1])
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(say, range(8)))
    assert ShopperEvent.objects.count() == 24
