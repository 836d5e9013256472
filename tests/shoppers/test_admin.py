from __future__ import annotations

import pytest
from django.test import Client

from shoppers.trends import compute_trends
from tests.shop import make_product
from tests.shoppers.people import do, make_shopper


@pytest.mark.parametrize(
    "name", ["shopper", "shopperevent", "stylesearchcount", "trendsnapshot", "trend"]
)
def test_staff_look_at_every_list_and_change_nothing(admin_client: Client, name: str) -> None:
    product = make_product("a")
    for _ in range(4):
        do(make_shopper(), "like", product)
    compute_trends()
    address = f"/admin/shoppers/{name}/"
    assert admin_client.get(address).status_code == 200
    assert admin_client.get(f"{address}add/").status_code == 403
