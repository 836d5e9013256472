"""Searches in the admin, and the groups of staff."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from products.models import ImageSearch
from products.staff_groups import GROUPS, make_staff_groups
from styles.models import ModelVersion
from tests.pages import text_of
from tests.shop import direction, make_search, make_version

pytestmark = pytest.mark.django_db

LIST = "admin:products_imagesearch_changelist"


def test_the_list_says_why_searches_failed_lately(
    admin_client: Client, version: ModelVersion
) -> None:
    for code in ("image_missing", "image_missing", "artifact_unusable"):
        ImageSearch.objects.create(status="failed", error_code=code)
    old = ImageSearch.objects.create(status="failed", error_code="photo_not_kept")
    ImageSearch.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    response = admin_client.get(reverse(LIST))
    assert [(each["code"], each["count"]) for each in response.context["failures"]] == [
        ("image_missing", 2),
        ("artifact_unusable", 1),
    ]
    assert "2 The photo is gone. Please upload it again." in text_of(response)
    narrowed = admin_client.get(reverse(LIST), {"error_code": "image_missing"})
    assert narrowed.context["cl"].result_count == 2


def test_photos_kept_longer_than_promised_are_told(
    admin_client: Client, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1))
    assert "No photo is kept longer" in text_of(admin_client.get(reverse(LIST)))
    ImageSearch.objects.update(expires_at=timezone.now() - timedelta(hours=3))
    response = admin_client.get(reverse(LIST))
    assert "1 photo is kept longer than was promised" in text_of(response)
    page = admin_client.get(reverse("admin:products_imagesearch_change", args=[search.pk]))
    assert str(search.photo.name) not in page.content.decode()


@pytest.mark.parametrize(
    ("group", "may", "may_not"),
    [
        ("Buyer", "products.add_catalogueimport", "styles.add_job"),
        ("Merchandiser", "styles.change_clustering", "products.add_product"),
        ("Operator", "styles.change_modelversion", "products.change_product"),
        ("Operator", "webhooks.add_webhookendpoint", "auth.change_user"),
    ],
)
def test_each_group_of_staff_may_do_its_work_and_no_more(
    group: str, may: str, may_not: str
) -> None:
    user = User.objects.create_user("somebody", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    assert user.has_perm(may)
    assert not user.has_perm(may_not)
    assert user.has_perm("products.view_product")


def test_every_permission_that_a_group_names_exists_and_changes_of_the_shop_stay() -> None:
    for name, grants in GROUPS.items():
        held = set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))
        assert {codename for codenames in grants.values() for codename in codenames} <= held
    buyer = Group.objects.get(name="Buyer")
    buyer.permissions.clear()
    Group.objects.filter(name="Operator").delete()
    make_staff_groups(using="default", sender=apps.get_app_config("products"))
    assert not buyer.permissions.exists()
    assert Group.objects.get(name="Operator").permissions.exists()


def test_a_merchandiser_corrects_labels_and_finds_the_way_there(client: Client) -> None:
    make_version()
    user = User.objects.create_user("merchandiser", is_staff=True)
    user.groups.add(Group.objects.get(name="Merchandiser"))
    client.force_login(user)
    gallery = reverse("admin:products_product_mistakes")
    assert gallery in client.get(reverse("admin:products_product_changelist")).content.decode()
    assert client.get(gallery).status_code == 200
    assert client.get(reverse("admin:products_product_add")).status_code == 403
