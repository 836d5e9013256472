"""A clustering in the admin: why so many groups, what is in them, the map, and the way back."""

from __future__ import annotations

import numpy as np
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from products.models import ImageClassification, Product
from styles.cluster_map import map_clustering, project
from styles.clustering import recluster
from styles.models import Clustering, ModelVersion
from tests.pages import text_of
from tests.shop import fill_two_groups

pytestmark = pytest.mark.django_db


def page(name: str, clustering: Clustering) -> str:
    return reverse(f"admin:styles_clustering_{name}", args=[clustering.pk])


@pytest.fixture
def clustering(version: ModelVersion) -> Clustering:
    """Open a shop of six coats and four shirts, grouped by the number that fits best."""
    fill_two_groups(version, coats=6, shirts=4)
    for product in Product.objects.all():
        ImageClassification.objects.create(
            image=product.images.get(),
            model_version=version,
            probabilities={"style": {"classic": 0.6, "punk": 0.4}},
        )
    recluster(version)
    return Clustering.objects.get()


def test_a_clustering_tells_why_so_many_groups_and_what_is_in_them(
    admin_client: Client, clustering: Clustering
) -> None:
    response = admin_client.get(page("change", clustering))
    shown, text = response.content.decode(), text_of(response)
    assert shown.count('<svg class="chart"') == 2
    assert clustering.report["choice"] in text
    first = response.context["clusters"][0]
    assert first["shares"][0][1][0] == {"name": "Classic", "share": "0.6000", "percent": "60.0%"}
    assert {mention["product"].sku for mention in first["typical"]} <= {
        f"p{number}" for number in range(6)
    }
    assert 'class="pic"' in shown
    assert "style=" not in shown


def test_the_map_keeps_look_alikes_together(admin_client: Client, clustering: Clustering) -> None:
    points = {point.sku: point for point in map_clustering(clustering)}
    assert set(points) == {f"p{number}" for number in range(10)}
    coats = [points[f"p{number}"].x for number in range(6)]
    shirts = [points[f"p{number}"].x for number in range(6, 10)]
    assert max(coats) < min(shirts) or max(shirts) < min(coats)
    response = admin_client.get(page("map", clustering))
    shown = response.content.decode()
    assert shown.count('r="3.5"') == 10
    assert 'class="tone-1"' in shown
    assert "style=" not in shown
    # The next day's map is the same one, also without those deleted meanwhile.
    Product.objects.get(sku="p3").delete()
    assert map_clustering(clustering) == list(points.values())


def test_a_map_of_equal_products_is_one_point() -> None:
    assert project(np.ones((3, 4), np.float32)).tolist() == [[0.0, 0.0]] * 3


def test_the_map_asks_for_the_photo_of_a_product(
    admin_client: Client, clustering: Clustering
) -> None:
    address = reverse("admin:styles_clustering_picture")
    product = Product.objects.get(sku="p3")
    picture = admin_client.get(address, {"sku": "p3"}).json()
    assert picture["told"] == "p3 Product p3"
    assert picture["page"] == reverse("admin:products_product_change", args=[product.pk])
    assert admin_client.get(address, {"sku": "unknown"}).status_code == 404


def test_staff_go_back_to_the_groups_before(admin_client: Client, clustering: Clustering) -> None:
    assert admin_client.get(page("undo", clustering)).status_code == 404
    recluster(clustering.model_version, clusters=3)
    present = Clustering.objects.get(status="active")
    assert page("undo", present) in admin_client.get(page("change", present)).content.decode()
    assert admin_client.get(page("undo", present)).status_code == 200
    response = admin_client.post(page("undo", present))
    assert response["Location"] == page("change", clustering)
    assert Clustering.objects.get(status="active") == clustering
    assert LogEntry.objects.get().object_id == str(present.pk)


def test_whoever_only_looks_sees_the_map_and_changes_nothing(
    client: Client, clustering: Clustering
) -> None:
    recluster(clustering.model_version, clusters=3)
    present = Clustering.objects.get(status="active")
    user = User.objects.create_user("looks", is_staff=True)
    client.force_login(user)
    assert client.get(page("map", present)).status_code == 403
    assert client.get(reverse("admin:styles_clustering_picture")).status_code == 403
    user.user_permissions.set(Permission.objects.filter(codename="view_clustering"))
    assert client.get(page("map", present)).status_code == 200
    assert page("undo", present) not in client.get(page("change", present)).content.decode()
    assert client.post(page("undo", present)).status_code == 403
