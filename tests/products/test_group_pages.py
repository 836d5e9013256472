"""Style groups and clusters as places to browse."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from products.models import ImageClassification, PhotoTraits, Product
from styles.models import Clustering, ModelVersion, Style
from tests.pages import text_of
from tests.shop import direction, make_product, place

pytestmark = pytest.mark.django_db


def styled(sku: str, style: str, version: ModelVersion, *, probability: float) -> Product:
    product = place(make_product(sku), direction(a=1), version=version)
    product.styles.add(Style.objects.get(code=style))
    image = product.images.get()
    ImageClassification.objects.create(
        image=image, model_version=version, probabilities={"style": {style: probability}}
    )
    PhotoTraits.objects.create(
        image=image, palette=[("#1f2947", 0.8), ("#ffffff", 0.2)], fingerprint=b"\0" * 32
    )
    return product


def test_the_list_shows_groups_with_products_and_how_many(
    client: Client, version: ModelVersion, clustering: Clustering
) -> None:
    soft = clustering.clusters.get(name_en="Soft")
    punk = place(make_product("a"), direction(a=1), version=version, cluster=soft)
    punk.styles.add(Style.objects.get(code="punk"))
    page = client.get(reverse("products:groups"))
    assert [(entry["shelf"].code, entry["count"]) for entry in page.context["style_groups"]] == [
        ("subculture", 1)
    ]
    assert [(entry["shelf"].name, entry["count"]) for entry in page.context["clusters"]] == [
        ("Soft", 1)
    ]
    assert "Retro, Kitsch, Hip-hop, Punk" in text_of(page)
    assert reverse("products:cluster", args=[soft.number]) in page.content.decode()


def test_the_list_of_an_empty_shop_says_so(client: Client) -> None:
    assert "The shelves are still empty" in text_of(client.get(reverse("products:groups")))


def test_a_style_group_shows_first_what_the_model_is_surest_of(
    client: Client, version: ModelVersion
) -> None:
    styled("unsure", "punk", version, probability=0.2)
    styled("surest", "retro", version, probability=0.9)
    styled("sure", "punk", version, probability=0.5)
    styled("elsewhere", "classic", version, probability=1.0)
    hidden = styled("hidden", "punk", version, probability=1.0)
    Product.objects.filter(pk=hidden.pk).update(is_published=False)
    page = client.get(reverse("products:group", args=["subculture"]))
    typical = page.context["typical"]
    assert [product.sku for product in typical.products] == ["surest", "sure", "unsure"]
    assert (typical.count, typical.is_count_exact) == (3, True)
    assert [colour.code for colour in typical.colours] == ["navy", "white"]
    text = text_of(page)
    assert "Looks that began with music" in text
    assert "See all 3 products" in text
    assert "?style=subculture" in page.content.decode()


def test_a_style_group_is_told_in_korean(client: Client, version: ModelVersion) -> None:
    page = client.get(
        reverse("products:group", args=["subculture"]), headers={"Accept-Language": "ko"}
    )
    assert "음악과 거리, 농담에서 시작된" in text_of(page)


def test_a_style_group_without_products_still_tells_its_story(client: Client) -> None:
    page = client.get(reverse("products:group", args=["ethnic"]))
    assert page.status_code == 200
    assert "nothing of this style to buy" in text_of(page)


def test_a_single_style_leads_to_its_group(client: Client) -> None:
    answer = client.get(reverse("products:group", args=["punk"]))
    assert answer.status_code == 301
    assert answer.headers["Location"] == reverse("products:group", args=["subculture"])


@pytest.mark.parametrize("code", ["nonsense", "Punk", "펑크"])
def test_an_unknown_style_is_not_found(client: Client, code: str) -> None:
    assert client.get(f"/styles/{code}/").status_code == 404


def test_a_cluster_shows_what_lies_nearest_to_its_centre(
    client: Client, version: ModelVersion, clustering: Clustering
) -> None:
    soft, loud = clustering.clusters.order_by("number")
    soft.profile = {
        "styles": {"romantic": 0.6, "classic": 0.3, "gone": 0.1},
        "product_types": {"Shirts": 0.75, "Coats": 0.01},
    }
    soft.save()
    for sku, vector in (("far", direction(a=1, c=1)), ("near", direction(a=1))):
        place(make_product(sku), vector, version=version, cluster=soft)
    place(make_product("other"), direction(a=1), version=version, cluster=loud)
    page = client.get(reverse("products:cluster", args=[soft.number]))
    typical = page.context["typical"]
    assert [product.sku for product in typical.products] == ["near", "far"]
    assert typical.count == 2
    profile = page.context["profile"]
    assert [(share.name, share.percent) for share in profile.styles] == [
        ("Romantic", 60),
        ("Classic", 30),
    ]
    assert [share.code for share in profile.product_types] == ["Shirts"]
    assert [cluster.name for cluster in page.context["neighbours"]] == ["Loud"]


def test_a_cluster_that_is_no_more_leads_on(
    client: Client, version: ModelVersion, clustering: Clustering
) -> None:
    page = client.get(reverse("products:cluster", args=[77]))
    assert page.status_code == 404
    text = text_of(page)
    assert "This group is gone" in text
    assert "Soft" in text


def test_a_cluster_number_of_any_length_is_an_answer_too(client: Client) -> None:
    assert client.get(f"/groups/{10**30}/").status_code == 404


def test_home_and_lists_lead_to_the_places(
    client: Client, version: ModelVersion, clustering: Clustering
) -> None:
    soft = clustering.clusters.get(name_en="Soft")
    product = place(make_product("a"), direction(a=1), version=version, cluster=soft)
    product.styles.add(Style.objects.get(code="punk"))
    page = client.get(reverse("products:home")).content.decode()
    assert f'href="{reverse("products:group", args=["subculture"])}"' in page
    assert f'href="{reverse("products:cluster", args=[soft.number])}"' in page
