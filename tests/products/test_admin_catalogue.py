"""The list of products in the admin: what it tells, how it is narrowed, what is done with many."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from products.admin.product_list import CategoryFilter
from products.models import (
    ImageClassification,
    LabelReview,
    Product,
    ProductEmbedding,
    ProductImage,
)
from styles.models import ModelVersion, Style
from tests.pages import text_of
from tests.shop import add_photo, direction, make_clustering, make_product, place

pytestmark = pytest.mark.django_db

LIST = "admin:products_product_changelist"
MISTAKES = "admin:products_product_mistakes"


def classify(product: Product, version: ModelVersion, **label_sets: dict[str, float]) -> None:
    image = product.images.all()[0]
    ImageClassification.objects.create(image=image, model_version=version, probabilities=label_sets)


def skus(client: Client, **filters: str) -> list[str]:
    response = client.get(reverse(LIST), filters)
    assert response.status_code == 200
    return [product.sku for product in response.context["cl"].result_list]


def act(client: Client, action: str, *products: Product, **fields: Any) -> Any:
    form = {"action": action, "_selected_action": [product.pk for product in products], **fields}
    return client.post(reverse(LIST), form, follow=True)


@pytest.fixture
def shelf(version: ModelVersion) -> dict[str, Product]:
    """Stock a product in each state: embedded, waiting, failed, and without a photo."""
    clustering = make_clustering(version, {"Coats": direction(a=1)})
    seen = make_product("seen", category="Coats", brand="Haneul", price=10)
    place(seen, direction(a=1), version=version, cluster=clustering.clusters.get())
    classify(seen, version, style={"classic": 0.7, "punk": 0.2, "resort": 0.06, "kitsch": 0.04})
    waiting = make_product("waiting", category="coats")
    add_photo(waiting)
    failed = make_product("failed", category="Shirts", is_published=False)
    add_photo(failed)
    ProductImage.objects.filter(product=failed).update(error_code="image_missing")
    bare = make_product("bare")
    return {product.sku: product for product in (seen, waiting, failed, bare)}


def test_rows_tell_the_style_mix_and_whether_photos_were_looked_at(
    admin_client: Client, shelf: dict[str, Product]
) -> None:
    response = admin_client.get(reverse(LIST))
    text = text_of(response)
    assert "Classic 70.0% Punk 20.0% Resort 6.0%" in text
    assert "Kitsch" not in text.split("Filter")[0]
    assert "failed The photo is gone. Please upload it again." in text
    shown = response.content.decode()
    for state in ("embedded", "waiting", "failed", "no_photo"):
        assert f"state-{state}" in shown
    assert "style=" not in shown.replace("?style=", "").replace("&amp;style=", "")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"photos": "embedded"}, ["seen"]),
        ({"photos": "waiting"}, ["waiting"]),
        ({"photos": "failed"}, ["failed"]),
        ({"photos": "no_photo"}, ["bare"]),
        ({"cluster": "0"}, ["seen"]),
        ({"cluster": "77"}, []),
        ({"cluster": "x"}, []),
        ({"category": "Coats"}, ["waiting", "seen"]),
        ({"is_published__exact": "0"}, ["failed"]),
        ({"q": "WAITING"}, ["waiting"]),
        ({"q": "hane"}, ["seen"]),
        ({"q": "wait"}, ["waiting"]),
        ({"q": "zzz"}, []),
    ],
)
def test_the_list_is_narrowed(
    admin_client: Client, shelf: dict[str, Product], filters: dict[str, str], expected: list[str]
) -> None:
    assert skus(admin_client, **filters) == expected


def test_each_category_is_offered_once_whatever_its_case(
    admin_client: Client, shelf: dict[str, Product]
) -> None:
    response = admin_client.get(reverse(LIST))
    specs = response.context["cl"].filter_specs
    (spec,) = [spec for spec in specs if isinstance(spec, CategoryFilter)]
    assert [value.lower() for value, _ in spec.lookup_choices] == ["coats", "shirts"]


def test_before_there_is_a_model_nothing_is_embedded(admin_client: Client) -> None:
    add_photo(make_product("new"))
    assert "waiting" in text_of(admin_client.get(reverse(LIST)))
    assert skus(admin_client, photos="embedded") == []
    assert skus(admin_client, photos="waiting") == ["new"]


def test_a_large_catalogue_is_not_counted_to_its_end(
    admin_client: Client, shelf: dict[str, Product], settings: Settings
) -> None:
    assert "4 products" in text_of(admin_client.get(reverse(LIST)))
    settings.KFASHION = {"COUNT_MAX": 3}
    response = admin_client.get(reverse(LIST))
    assert "More than 3 products" in text_of(response)
    assert response.context["cl"].paginator.count == 3


def test_products_are_given_a_style_that_training_learns(
    admin_client: Client, shelf: dict[str, Product]
) -> None:
    from products.catalogue import ProductCatalogue

    seen, waiting = shelf["seen"], shelf["waiting"]
    punk = Style.objects.get(code="punk")
    seen.styles.set(Style.objects.filter(code__in=("classic", "resort")))
    asked = act(admin_client, "set_style", seen, waiting)
    assert "2 products get this style" in text_of(asked)
    assert seen.styles.count() == 2
    act(admin_client, "set_style", seen, waiting, apply="1", style=punk.pk)
    for product in (seen, waiting):
        product.refresh_from_db()
        assert list(product.styles.all()) == [punk]
        assert "punk" in product.style_codes
    labels = {example.key: example.labels for example in ProductCatalogue().examples()}
    assert labels["waiting"]["style"] == "punk"
    messages = {entry.get_change_message() for entry in LogEntry.objects.all()}
    assert messages == {"Style set by hand: Punk."}
    assert LogEntry.objects.count() == 2


def test_hiding_is_noted_of_those_that_it_changes(
    admin_client: Client, shelf: dict[str, Product]
) -> None:
    before = shelf["seen"].updated_at
    response = act(admin_client, "hide", shelf["seen"], shelf["failed"])
    assert "1 product changed." in text_of(response)
    shelf["seen"].refresh_from_db()
    assert not shelf["seen"].is_published
    assert shelf["seen"].updated_at > before
    assert LogEntry.objects.get().object_id == str(shelf["seen"].pk)


def test_photos_are_looked_at_anew(
    admin_client: Client,
    shelf: dict[str, Product],
    version: ModelVersion,
    sent: list[tuple[str, tuple[Any, ...]]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = act(admin_client, "embed_again", shelf["seen"], shelf["failed"])
    assert "2 photos are being looked at anew" in text_of(response)
    keys = sorted(
        ProductImage.objects.filter(product__sku__in=("seen", "failed")).values_list(
            "pk", flat=True
        )
    )
    assert sent == [("products.tasks.embed_images", (keys, version.pk))]
    assert not ProductEmbedding.objects.exists()
    assert not ImageClassification.objects.exists()
    assert skus(admin_client, photos="failed") == []
    assert skus(admin_client, photos="waiting") == ["failed", "waiting", "seen"]


def test_more_than_can_be_changed_at_once_are_left_alone(
    admin_client: Client, shelf: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("products.admin.bulk_actions.MOST_AT_ONCE", 1)
    response = act(admin_client, "hide", shelf["seen"], shelf["waiting"])
    assert "at most 1 products" in text_of(response)
    assert Product.objects.filter(is_published=True).count() == 3


def test_whoever_may_only_look_is_offered_no_action(
    client: Client, shelf: dict[str, Product]
) -> None:
    user = User.objects.create_user("looks", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_product"))
    client.force_login(user)
    shown = client.get(reverse(LIST)).content.decode()
    assert 'value="hide"' not in shown
    assert reverse(MISTAKES) not in shown
    assert client.get(reverse(MISTAKES)).status_code == 403


@pytest.fixture
def doubtful(version: ModelVersion) -> list[Product]:
    """Stock three products that the model contradicts, ever surer, and one that it does not."""
    products = []
    for number, share in enumerate((0.6, 0.9, 0.7, 0.0)):
        product = make_product(f"p{number}", category="Coats")
        product.styles.set([Style.objects.get(code="classic")])
        add_photo(product)
        classify(
            product,
            version,
            style={"punk": share, "classic": 1 - share},
            product_type={"Coats": 1 - share, "Shirts": share},
        )
        products.append(product)
    return products


def shown_skus(client: Client, label_set: str) -> list[str]:
    response = client.get(reverse(MISTAKES), {"label_set": label_set})
    return [card["product"].sku for card in response.context["cards"]]


@pytest.mark.parametrize("label_set", ["style", "product_type"])
def test_the_gallery_shows_what_the_model_contradicts_surest_first(
    admin_client: Client, doubtful: list[Product], label_set: str
) -> None:
    assert shown_skus(admin_client, label_set) == ["p1", "p2", "p0"]
    text = text_of(admin_client.get(reverse(MISTAKES), {"label_set": label_set}))
    assert "model, 90.0%" in text
    assert "own label, 10.0%" in text


def test_one_click_takes_the_models_label_or_keeps_the_own(
    admin_client: Client, doubtful: list[Product]
) -> None:
    first, second = doubtful[1], doubtful[2]
    for label_set, label in (("style", "punk"), ("product_type", "Shirts")):
        address = f"{reverse(MISTAKES)}?label_set={label_set}"
        response = admin_client.post(address, {"product": first.pk, "label": label})
        assert response["Location"] == f"{address}&p=0"
    admin_client.post(
        f"{reverse(MISTAKES)}?label_set=style", {"product": second.pk, "label": "classic"}
    )
    first.refresh_from_db()
    assert first.category == "Shirts"
    assert [style.code for style in first.styles.all()] == ["punk"]
    assert [style.code for style in second.styles.all()] == ["classic"]
    assert shown_skus(admin_client, "style") == ["p0"]
    assert shown_skus(admin_client, "product_type") == ["p2", "p0"]
    assert LabelReview.objects.filter(reviewed_by__isnull=False).count() == 3
    assert LogEntry.objects.count() == 3


def test_a_confirmed_label_is_doubted_again_once_the_product_carries_another(
    admin_client: Client, doubtful: list[Product]
) -> None:
    address = f"{reverse(MISTAKES)}?label_set=style"
    admin_client.post(address, {"product": doubtful[1].pk, "label": "classic"})
    doubtful[1].styles.set([Style.objects.get(code="resort")])
    assert "p1" not in shown_skus(admin_client, "style"), "the version has not learnt resort"
    doubtful[1].styles.set([Style.objects.get(code="classic")])
    assert "p1" not in shown_skus(admin_client, "style")
    LabelReview.objects.update(label="resort")
    assert "p1" in shown_skus(admin_client, "style")


def test_a_group_takes_the_place_of_styles_of_other_groups(
    doubtful: list[Product],
) -> None:
    from products.label_mistakes import settle_label

    product = doubtful[0]
    settle_label(product, label_set="style_group", label="natural", reviewed_by=None)
    assert not product.styles.exists()
    assert product.style_group is not None
    assert product.style_group.code == "natural"


@pytest.mark.parametrize("form", [{"product": "x"}, {"product": "0"}])
def test_a_decision_on_no_product_is_not_found(
    admin_client: Client, doubtful: list[Product], form: dict[str, str]
) -> None:
    assert admin_client.post(reverse(MISTAKES), form).status_code == 404


def test_labels_that_no_product_can_carry_are_refused(
    admin_client: Client, doubtful: list[Product]
) -> None:
    address = f"{reverse(MISTAKES)}?label_set=style"
    response = admin_client.post(
        address, {"product": doubtful[0].pk, "label": "nonsense"}, follow=True
    )
    assert "There is no label “nonsense”." in text_of(response)
    long = {"product": doubtful[0].pk, "label": "x" * 101}
    address = f"{reverse(MISTAKES)}?label_set=product_type"
    assert admin_client.post(address, long, follow=True).status_code == 200
    assert Product.objects.get(pk=doubtful[0].pk).category == "Coats"
    assert not LabelReview.objects.exists()
    for wrong in ({"label_set": "nothing"}, {"p": "x"}, {"p": "9999"}):
        assert admin_client.get(reverse(MISTAKES), wrong).status_code == 404


def test_without_a_model_there_is_nothing_to_contradict(admin_client: Client) -> None:
    assert "No model version is active" in text_of(admin_client.get(reverse(MISTAKES)))
