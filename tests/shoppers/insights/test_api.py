from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import AppKey
from shoppers.insights.folding import fold_searches
from shoppers.insights.interest import count_interest
from styles.models import ModelVersion
from tests.shoppers.insights.busy_shop import noon, open_busy_shop, photograph_gaps

pytestmark = pytest.mark.django_db


def ask(client: Client, **key: bool) -> tuple[int, dict[str, object]]:
    _, secret = AppKey.objects.create_key(name="dashboard", **key)
    answer = client.get(
        reverse("shoppers_api:insights"), headers={"Authorization": f"Bearer {secret}"}
    )
    return answer.status_code, answer.json()


def test_without_a_key_nobody_reads_insights(client: Client) -> None:
    answer = client.get(reverse("shoppers_api:insights"))
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_key_reads_insights_only_if_staff_allowed_it(client: Client) -> None:
    status, body = ask(client)
    assert (status, body["code"]) == (403, "insights_not_allowed")
    assert ask(client, may_read_insights=True)[0] == 200


def test_a_shop_without_anything_answers_all_the_same(client: Client, db: None) -> None:
    _, body = ask(client, may_read_insights=True)
    assert body["style_groups"] == body["gaps"] == []
    assert body["gap_state"] == "no_model"
    assert len(body["weeks"]) == 12  # type: ignore[arg-type]


def test_the_api_tells_the_numbers_of_the_page(client: Client, version: ModelVersion) -> None:
    today: date = timezone.localdate()
    open_busy_shop(version, today=today)
    photograph_gaps(version, people=5, at=noon(today))
    fold_searches()
    count_interest()
    _, body = ask(client, may_read_insights=True)
    assert len(body["style_groups"]) == 11  # type: ignore[arg-type]
    gaps: list[dict[str, object]] = body["gaps"]  # type: ignore[assignment]
    assert [gap["searches"] for gap in gaps] == [5, 5]
    assert gaps[0]["product_types"] == {"Boots": 0.8, "Shoes": 0.2}
    assert len(gaps[0]["nearest"]) == 6  # type: ignore[arg-type]
    health: dict[str, object] = body["search_health"]  # type: ignore[assignment]
    assert health["unmatched_share"] == pytest.approx(0.122, abs=0.01)
    assert {"style_group", "colour", "price"} == set(body["balance"])  # type: ignore[call-overload]
    styles: list[dict[str, object]] = body["style_groups"]  # type: ignore[assignment]
    assert styles[0]["direction"] == "rising"
