from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pgvector import HalfVector

from products.models import Calibration, ImageSearch, ProductEmbedding
from products.validators import IMAGE_MESSAGES
from styles.models import Clustering, ModelVersion
from tests.pages import text_of, upload
from tests.photos import draw_photo, encode
from tests.shop import (
    direction,
    make_product,
    make_search,
    place,
)

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_a_photo_leads_to_the_page_of_its_search(client: Client) -> None:
    response = upload(client, encode(draw_photo()))
    found = ImageSearch.objects.get()
    assert response.status_code == 302
    assert response["Location"] == found.get_absolute_url()
    assert found.photo  # Whether a worker has taken it up depends on what runs beside this test.


@pytest.mark.parametrize(
    ("language", "code"), [("ko", "image_unsupported_format"), ("en", "image_empty")]
)
def test_a_refused_photo_says_why_beside_the_field(
    client: Client, language: str, code: str
) -> None:
    content = b"" if code == "image_empty" else b"<html>not a photo</html>"
    response = upload(client, content, **{"accept-language": language})
    assert response.status_code == 400
    with translation.override(language):
        assert str(IMAGE_MESSAGES[code]) in text_of(response)
    assert 'aria-describedby="id_image_error"' in response.content.decode()
    assert not ImageSearch.objects.exists()


def test_no_photo_at_all_is_asked_for(client: Client) -> None:
    response = client.post(reverse("products:search"))
    assert response.status_code == 400
    assert "Choose a photo first." in text_of(response)


def test_a_form_without_its_token_is_told_to_send_again() -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("products:search"))
    assert response.status_code == 403
    assert "Please send it again" in text_of(response)


def result(client: Client, search: ImageSearch, **options: Any) -> Any:
    return client.get(search.get_absolute_url(), **options)


def test_a_pending_search_shows_the_photo_and_asks_again(
    client: Client, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1), status="running")
    response = result(client, search)
    page = response.content.decode()
    assert search.photo.url in page
    assert f'hx-get="{search.get_absolute_url()}waiting/1/?was=usual"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert response["Cache-Control"] == "private, no-store"


def test_a_page_that_waits_for_a_deleted_search_is_loaded_anew(
    client: Client, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1), status="pending")
    ImageSearch.objects.all().delete()
    response = result(client, search, headers={"hx-request": "true"})
    assert response["HX-Refresh"] == "true"
    assert result(client, search).status_code == 404


def test_htmx_gets_nothing_while_pending_then_the_changing_part_alone(
    client: Client, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1), status="pending")
    as_htmx = {"headers": {"hx-request": "true"}}
    waiting = result(client, search, **as_htmx)
    assert (waiting.status_code, waiting["Cache-Control"]) == (204, "private, no-store")
    ImageSearch.objects.update(status="done")
    response = result(client, search, **as_htmx)
    assert response.status_code == 200
    assert "HX-Request" in response["Vary"]
    fragment = response.content.decode()
    assert "<html" not in fragment
    assert 'id="announcement"' in fragment
    assert 'id="waiting"' not in fragment


def test_a_result_shows_group_mix_and_look_alikes_in_the_group_first(
    client: Client, version: ModelVersion, clustering: Clustering
) -> None:
    soft, loud = clustering.clusters.all()
    place(make_product("in", name="Inside"), direction(a=1, b=2), version=version, cluster=soft)
    place(make_product("out", name="Outside"), direction(a=9, b=1), version=version, cluster=loud)
    search = make_search(
        version,
        direction(a=1),
        cluster=soft,
        cluster_probabilities={"0": 0.93, "1": 0.07},
        probabilities={"style": {"romantic": 0.6, "punk": 0.4}, "product_type": {"Coats": 0.9}},
    )
    response = result(client, search)
    page = text_of(response)
    assert "Soft With 93% certainty" in page
    assert "Feminine 60% Romantic 60% Subculture 40% Punk 40%" in page
    assert "Coats 90%" in page
    assert page.index("Inside") < page.index("Outside")
    assert '<rect class="bar__fill" width="60"' in response.content.decode()


def test_a_photo_between_groups_is_not_claimed_for_one(
    client: Client, version: ModelVersion, clustering: Clustering
) -> None:
    search = make_search(
        version,
        direction(a=1),
        cluster=clustering.clusters.get(number=0),
        cluster_probabilities={"0": 0.51, "1": 0.49},
    )
    page = text_of(result(client, search))
    assert "between several groups of the shop; this one is the likeliest, with 51%" in page


def test_a_version_that_knows_groups_alone_says_so(client: Client, version: ModelVersion) -> None:
    search = make_search(
        version, direction(a=1), probabilities={"style_group": {"casual": 0.9, "sporty": 0.1}}
    )
    page = text_of(result(client, search))
    assert "Casual 90% Sporty 10%" in page
    assert "knows style groups, not the single styles in them" in page


def test_a_version_that_knows_no_styles_says_so(client: Client, version: ModelVersion) -> None:
    search = make_search(
        version, direction(a=1), probabilities={"product_type": {"Coats": 0.8, "Shirts": 0.2}}
    )
    page = text_of(result(client, search))
    assert "Only Coats 80%" in page
    assert "Only Shirts 20%" in page
    assert "it does not know what the style is called" in page
    assert "Its mix of styles" not in page


def test_before_the_first_clustering_the_result_is_one_plain_ranking(
    client: Client, version: ModelVersion
) -> None:
    place(make_product("a", name="Alone"), direction(a=1), version=version)
    page = text_of(result(client, make_search(version, direction(a=1))))
    assert "has not sorted its products into groups yet" in page
    assert "100% alike" in page
    assert "beyond this group" not in page


def test_a_result_without_any_product_offers_the_catalogue(
    client: Client, version: ModelVersion
) -> None:
    page = text_of(result(client, make_search(version, direction(a=1))))
    assert "Nothing in the shop looks like it yet" in page


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", "²"])
def test_a_senseless_page_number_means_the_first_page(
    client: Client, version: ModelVersion, number: str
) -> None:
    search = make_search(version, direction(a=1))
    response = client.get(search.get_absolute_url(), {"page": number})
    assert response.context["page_number"] == 1


def test_results_are_paged(client: Client, version: ModelVersion, settings: Any) -> None:
    settings.KFASHION = {"PAGE_SIZE": 2}
    for name in ("first", "second", "third"):
        place(make_product(name), direction(a=1), version=version)
    search = make_search(version, direction(a=1))
    first = result(client, search)
    assert 'rel="next"' in first.content.decode()
    second = client.get(search.get_absolute_url(), {"page": 2})
    assert [entry.product.sku for entry in second.context["beyond"]] == ["third"]
    third = client.get(search.get_absolute_url(), {"page": 3})
    assert "That was the last page" in text_of(third)


@pytest.mark.parametrize("code", ["artifact_unusable", "image_truncated", "never_heard_of"])
def test_a_failed_search_says_a_sentence_and_the_way_back(
    client: Client, version: ModelVersion, code: str
) -> None:
    search = make_search(version, direction(a=1), status="failed", error_code=code)
    page = text_of(result(client, search))
    assert "This search did not work" in page
    assert "Try another photo" in page
    assert code not in page


def test_a_search_of_a_deleted_model_version_asks_for_the_photo_again(
    client: Client, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1))
    version.delete()
    assert "has learnt its products anew since this search" in text_of(result(client, search))


def test_a_search_within_a_cluster_that_is_gone_says_so(
    client: Client, version: ModelVersion, clustering: Clustering
) -> None:
    search = make_search(version, direction(a=1), filters={"cluster": "7"})
    assert "There is no cluster “7”. Known clusters: 0, 1." in text_of(result(client, search))


def test_a_photo_can_be_deleted_at_once(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1))
    file = Path(search.photo.path)
    assert file.exists()
    response = client.post(reverse("products:search_delete", args=[search.pk]), follow=True)
    assert "Your photo is deleted" in text_of(response)
    assert not file.exists()
    assert result(client, search).status_code == 404


def test_a_link_cannot_delete_a_photo(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1))
    assert client.get(reverse("products:search_delete", args=[search.pk])).status_code == 405


def test_an_expired_search_is_gone(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1), expires_at=timezone.now() - timedelta(seconds=1))
    assert result(client, search).status_code == 404


def test_a_photo_of_nothing_in_the_shop_is_led_to_its_group(
    client: Client, version: ModelVersion, clustering: Clustering
) -> None:
    soft, _ = clustering.clusters.all()
    place(make_product("far"), direction(a=1, b=2), version=version, cluster=soft)
    Calibration.objects.create(
        model_version=version, very_close=0.1, close=0.2, cut_off=0.3, is_reliable=True
    )
    found = make_search(
        version, direction(a=1), cluster=soft, cluster_probabilities={"0": 0.9, "1": 0.1}
    )
    page = client.get(found.get_absolute_url()).content.decode()
    assert "No close match" in page
    assert 'href="/products/?cluster=0">Look around Soft</a>' in page
    assert "Distant, 3" in page
    ProductEmbedding.objects.update(embedding=HalfVector(direction(a=1)))
    page = client.get(found.get_absolute_url()).content.decode()
    assert "No close match" not in page
    assert "Very close, 100%" in page
