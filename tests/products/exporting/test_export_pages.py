"""The export by command and in the admin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from tests.shop import make_product

pytestmark = pytest.mark.django_db


def test_the_command_writes_a_file_and_says_what_is_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_product("a", category="Coats")
    make_product("b")
    file = tmp_path / "all.csv"
    call_command("export_products", "--output", str(file), "--category", "coats", "--json")
    printed = json.loads(capsys.readouterr().out)
    size = file.stat().st_size
    expected = {"file": str(file), "format": "csv", "products": 1, "left_out": {}, "bytes": size}
    assert printed == expected
    assert [path.name for path in tmp_path.iterdir()] == ["all.csv"]


def test_the_command_leaves_the_old_file_where_it_fails(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text("of yesterday")
    with pytest.raises(CommandError, match="address of the shop"):
        call_command("export_products", "--format", "merchant-xml", "--output", str(file))
    with pytest.raises(CommandError, match="No product has the category"):
        call_command("export_products", "--category", "none", "--output", str(file))
    assert file.read_text() == "of yesterday"


def test_products_that_a_feed_cannot_hold_are_counted_by_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_product("a", price=1)
    make_product("b")
    call_command(
        *("export_products", "--format", "merchant-tsv", "--output", str(tmp_path / "f.tsv")),
        *("--address", "https://shop.example"),
    )
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Left out, photo_missing: 1.",
        "Left out, price_missing: 1.",
    ]


def test_staff_download_from_the_list_of_products(admin_client: Client) -> None:
    make_product("a", name="Coat")
    page = admin_client.get(reverse("admin:products_product_changelist"))
    address = reverse("admin:products_product_export")
    assert f'href="{address}"' in page.content.decode()
    assert admin_client.get(address).status_code == 200

    answer = admin_client.get(address, {"format": "csv", "q": "coat"})

    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert b"a,Coat," in answer.getvalue()


def test_a_filter_that_nothing_passes_is_said_beside_its_field(admin_client: Client) -> None:
    address = reverse("admin:products_product_export")
    answer = admin_client.get(address, {"format": "csv", "category": "nothing"})
    assert answer.status_code == 400
    assert "No product has the category" in answer.content.decode()


def test_only_those_who_see_products_may_export_them(client: Client) -> None:
    staff = User.objects.create_user("clerk", password="x", is_staff=True)
    client.force_login(staff)
    address = reverse("admin:products_product_export")
    assert client.get(address).status_code == 403
    staff.user_permissions.add(Permission.objects.get(codename="view_product"))
    assert client.get(address).status_code == 200
    page = client.get(reverse("admin:products_product_changelist"))
    assert f'href="{address}"' in page.content.decode()
