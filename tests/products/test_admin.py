from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from products.models import ImageSearch, Product, ProductImage
from products.thumbnails import thumbnails_of
from styles.models import ModelVersion
from tests.photos import draw_photo, encode
from tests.shop import (
    add_photo,
    direction,
    make_clustering,
    make_product,
    make_search,
    place,
)

pytestmark = pytest.mark.django_db


def photo_form(*, total: int, **fields: Any) -> dict[str, Any]:
    """Return what the browser sends for a product with these photos beside its own fields."""
    return {
        "sku": "A-1",
        "name": "Coat",
        "currency": "KRW",
        "attributes": "{}",
        "images-TOTAL_FORMS": total,
        "images-INITIAL_FORMS": 0,
        **fields,
    }


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.png", content, "image/png")


@pytest.mark.parametrize(
    "model",
    [
        "products_product",
        "products_imagesearch",
        "styles_style",
        "styles_stylegroup",
        "styles_modelversion",
        "styles_clustering",
    ],
)
def test_every_list_and_every_row_opens(
    admin_client: Client, version: ModelVersion, model: str
) -> None:
    clustering = make_clustering(version, {"Coats": direction(a=1)})
    place(
        make_product("A-1"),
        direction(a=1),
        version=version,
        cluster=clustering.clusters.get(number=0),
    )
    make_search(version, direction(a=1))
    listing = admin_client.get(reverse(f"admin:{model}_changelist"))
    assert listing.status_code == 200
    row = listing.context["cl"].result_list[0]
    assert admin_client.get(reverse(f"admin:{model}_change", args=[row.pk])).status_code == 200


def test_products_are_listed_with_thumbnail_and_cluster(
    admin_client: Client, version: ModelVersion
) -> None:
    clustering = make_clustering(version, {"Coats": direction(a=1)})
    product = place(
        make_product("A-1"),
        direction(a=1),
        version=version,
        cluster=clustering.clusters.get(number=0),
    )
    page = admin_client.get(reverse("admin:products_product_changelist")).content.decode()
    assert product.first_image is not None
    assert thumbnails_of(product.first_image)[0][0] in page
    assert "0 Coats" in page


def test_the_list_takes_as_many_queries_for_many_products_as_for_few(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        add_photo(make_product(f"p{number}"))
    with django_assert_max_num_queries(16):
        admin_client.get(reverse("admin:products_product_changelist"))


def test_a_photo_added_by_hand_is_cleaned_and_queued(
    admin_client: Client,
    version: ModelVersion,
    sent: list[tuple[str, tuple[Any, ...]]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    form = photo_form(total=1, **{"images-0-file": upload(encode(draw_photo(), "PNG"))})
    form["images-0-position"] = 0
    with django_capture_on_commit_callbacks(execute=True):
        response = admin_client.post(reverse("admin:products_product_add"), form)
    assert response.status_code == 302, response.context["errors"]
    image = ProductImage.objects.get()
    assert str(image.file.name).endswith(".jpg")
    assert (image.width, image.height) == (400, 533)
    assert len(image.sha256) == 64
    assert sent == [("products.tasks.embed_images", ([image.pk], version.pk))]


def test_a_refused_photo_is_explained_and_nothing_is_stored(admin_client: Client) -> None:
    form = photo_form(total=1, **{"images-0-file": upload(b"<html>"), "images-0-position": 0})
    response = admin_client.post(reverse("admin:products_product_add"), form)
    assert response.status_code == 200
    assert "not a photo we can read" in response.content.decode()
    assert not Product.objects.exists()


def test_hiding_and_publishing_many_products_at_once(admin_client: Client) -> None:
    keys = [make_product(f"p{number}").pk for number in range(3)]
    address = reverse("admin:products_product_changelist")
    admin_client.post(address, {"action": "hide", "_selected_action": keys[:2]})
    assert Product.objects.published().count() == 1
    admin_client.post(address, {"action": "publish", "_selected_action": keys})
    assert Product.objects.published().count() == 3


def test_deleting_searches_deletes_their_photos(
    admin_client: Client, version: ModelVersion, django_capture_on_commit_callbacks: Any
) -> None:
    search = make_search(version, direction(a=1))
    form = {"action": "delete_selected", "_selected_action": [search.pk], "post": "yes"}
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("admin:products_imagesearch_changelist"), form)
    assert not ImageSearch.objects.exists()
    assert not search.photo.storage.exists(str(search.photo.name))


def test_deleting_a_product_deletes_its_photos(
    version: ModelVersion, django_capture_on_commit_callbacks: Any
) -> None:
    image = add_photo(make_product("p"))
    with django_capture_on_commit_callbacks(execute=True):
        Product.objects.get().delete()
    assert not image.file.storage.exists(str(image.file.name))


def test_staff_may_rename_clusters_and_nothing_else(
    admin_client: Client, version: ModelVersion
) -> None:
    clustering = make_clustering(version, {"Coats": direction(a=1)})
    cluster = clustering.clusters.get()
    form = {
        "clusters-TOTAL_FORMS": 1,
        "clusters-INITIAL_FORMS": 1,
        "clusters-0-id": cluster.pk,
        "clusters-0-clustering": clustering.pk,
        "clusters-0-name_en": "Warm things",
        "clusters-0-name_ko": "따뜻한 옷",
        "clusters-0-size": 99,
        "sharpness": 1,
    }
    address = reverse("admin:styles_clustering_change", args=[clustering.pk])
    assert admin_client.post(address, form).status_code == 302
    cluster.refresh_from_db()
    clustering.refresh_from_db()
    assert (cluster.name_en, cluster.name_ko, cluster.size) == ("Warm things", "따뜻한 옷", 0)
    assert clustering.sharpness == 10.0
    assert admin_client.get(reverse("admin:styles_clustering_add")).status_code == 403
