from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageDraw, ImageFilter

from products.models import CatalogueImport, ImageClassification, ImportedProduct, Product
from products.photo_coach import ADVICE, advise, judge_quality
from products.photo_traits import describe_images
from styles.photo_quality import PhotoQuality
from tests.shop import add_photo, make_product, make_version

pytestmark = pytest.mark.django_db


def photo(*, seed: int = 0, blur: float = 0) -> bytes:
    image = Image.new("RGB", (300, 400), (240, 240, 235))
    draw = ImageDraw.Draw(image)
    for number in range(6):
        top = 80 + 40 * number
        draw.rectangle((90, top, 110 + 17 * ((seed + number) % 7), top + 20), fill=(30, 60, 120))
    buffer = BytesIO()
    image.filter(ImageFilter.GaussianBlur(blur)).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def sell(sku: str, content: bytes, **fields: object) -> Product:
    product = make_product(sku, **fields)
    image = add_photo(product, content)
    with Image.open(BytesIO(content)) as opened:
        image.width, image.height = opened.size
    image.save()
    return product


def found() -> set[tuple[str, str]]:
    return {(each.sku, each.code) for each in advise()}


def test_a_good_photo_needs_no_advice() -> None:
    sell("good", photo())
    assert found() == set()


def test_blurred_photos_are_told() -> None:
    sell("blurred", photo(blur=5))
    assert found() == {("blurred", "photo_blurred")}


def test_a_small_photo_is_small_and_not_blurred_as_well() -> None:
    quality = PhotoQuality(sharpness=0.1, clutter=0.9)
    assert judge_quality(quality, width=199, height=400) == [("photo_small", "199 x 400")]
    assert judge_quality(quality, width=200, height=400) == [
        ("photo_blurred", "0.10"),
        ("photo_cluttered", "0.90"),
    ]


def test_photos_that_are_gone_are_told() -> None:
    product = sell("gone", photo())
    image = product.images.get()
    image.file.storage.delete(str(image.file.name))
    assert found() == {("gone", "photo_unreadable")}


@pytest.mark.parametrize(
    ("category", "probability", "is_told"),
    [
        ("Jeans", 0.95, True),
        ("Jeans", 0.85, False),  # not sure enough
        ("Tshirts", 0.95, False),  # of one family with shirts
        ("Whatever", 0.95, False),  # who knows
    ],
)
def test_photos_that_are_surely_of_another_family_are_told(
    category: str, probability: float, is_told: bool
) -> None:
    product = sell("a", photo(), category=category)
    ImageClassification.objects.create(
        image=product.images.get(),
        model_version=make_version(),
        probabilities={"product_type": {"shirts": probability, "jeans": 1 - probability}},
    )
    assert found() == ({("a", "photo_unlike_category")} if is_told else set())


def test_products_with_the_same_photo_are_told_of_each_other() -> None:
    for sku in ("a", "b"):
        sell(sku, photo(seed=1))
    sell("c", photo(seed=4))
    describe_images([image.pk for p in Product.objects.all() for image in p.images.all()])
    told = {(each.sku, each.code, each.measure) for each in advise()}
    assert told == {("a", "photo_duplicate", "b"), ("b", "photo_duplicate", "a")}


def test_the_command_lists_what_an_import_brought(capsys: pytest.CaptureFixture[str]) -> None:
    sell("old", photo(blur=5))
    new = sell("new", photo(blur=5))
    imported = CatalogueImport.objects.create(file_name="shop.zip")
    ImportedProduct.objects.create(
        catalogue_import=imported,
        product=new,
        sku="new",
        number=2,
        action="created",
        state_digest=0,
    )
    call_command("coach_photos", "--import", str(imported.pk), "--json")
    printed = json.loads(capsys.readouterr().out)
    assert printed["counts"] == {"photo_blurred": 1}
    assert printed["advice"][0]["sku"] == "new"
    assert printed["advice"][0]["sentence"] == str(ADVICE["photo_blurred"])
    with pytest.raises(CommandError, match="no import 0"):
        call_command("coach_photos", "--import", "0")


def test_hidden_products_are_left_alone() -> None:
    sell("hidden", photo(blur=5), is_published=False)
    assert found() == set()
