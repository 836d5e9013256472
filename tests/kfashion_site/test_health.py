from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as RedisConnectionError

from tests.shop import make_version


def test_a_process_that_is_up_is_healthy_without_a_database(client: Client) -> None:
    assert client.get("/healthz/").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_shop_is_ready_once_a_model_version_is_active(client: Client) -> None:
    unready = client.get("/readyz/")
    assert unready.status_code == 503
    assert unready.json()["checks"] == {"database": True, "broker": True, "model_version": False}
    make_version()
    assert client.get("/readyz/").status_code == 200


@pytest.mark.django_db
def test_a_shop_without_its_broker_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(key: str) -> None:
        raise RedisConnectionError

    make_version()
    monkeypatch.setattr(cache, "get", refuse)
    response = client.get("/readyz/")
    assert response.status_code == 503
    assert response.json()["checks"]["broker"] is False
