from __future__ import annotations

import json

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image

from products.duplicates import find_duplicates
from products.embedding import embed_images
from products.models import PhotoTraits, Product, ProductImage
from products.photo_traits import describe_images, photos_without_traits
from styles.models import ModelVersion
from tests.photos import encode
from tests.shop import add_photo, direction, make_product, place

pytestmark = pytest.mark.django_db


def textured(seed: int, *, tint: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Image.Image:
    """Return a photo of large soft patches of grey, or of a tint."""
    cells = np.random.default_rng(seed).integers(60, 250, (9, 9, 1)) * np.array(tint)
    image = Image.fromarray(cells.round().astype(np.uint8))
    return image.resize((240, 240), Image.Resampling.BICUBIC)


def sell(sku: str, *photos: bytes) -> Product:
    product = make_product(sku)
    describe_images([add_photo(product, photo).pk for photo in photos])
    return product


def groups() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(group.skus, group.reasons) for group in find_duplicates().groups]


def test_products_that_share_a_photo_are_one_group_however_it_was_saved() -> None:
    sell("a", encode(textured(1)))
    sell("other", encode(textured(2)))
    sell("b", encode(textured(3)), encode(textured(1).resize((150, 150)), quality=60))
    sell("c", encode(textured(1), "PNG"))
    assert groups() == [(("a", "b", "c"), ("photo",))]


def test_the_same_cut_in_another_colour_is_another_product() -> None:
    sell("grey", encode(textured(1)))
    sell("red", encode(textured(1, tint=(1.0, 0.3, 0.3))))
    assert groups() == []


def test_two_photos_of_one_product_are_no_duplicates() -> None:
    sell("a", encode(textured(1)), encode(textured(1), quality=60))
    assert groups() == []


def test_photos_without_contrast_are_not_taken_for_each_other() -> None:
    for sku in "ab":
        sell(sku, encode(Image.new("RGB", (80, 80), "white")))
    assert groups() == []


def test_products_in_one_place_of_the_model_are_a_group(version: ModelVersion) -> None:
    for sku, vector in {
        "a": direction(a=1, b=0.5),
        "b": direction(a=1, b=0.51),
        "far": direction(a=1, b=0.7),
    }.items():
        place(make_product(sku), vector, version=version)
    (group,) = find_duplicates(version).groups
    assert (group.skus, group.reasons) == (("a", "b"), ("vector",))


def test_the_command_lists_groups_and_why(
    learnt: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    for sku in "ab":
        image = add_photo(make_product(sku), encode(textured(1)))
        embed_images([image.pk], model_version=learnt)
    call_command("find_duplicates", "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert printed == {
        "groups": [{"skus": ["a", "b"], "reasons": ["photo", "vector"]}],
        "products": 2,
        "undescribed": 0,
    }
    call_command("find_duplicates", "--photos-only")
    assert "a = b  (photo)" in capsys.readouterr().out


def test_embedding_describes_photos_once(learnt: ModelVersion) -> None:
    image = add_photo(make_product("a"), encode(textured(1)))
    embed_images([image.pk], model_version=learnt)
    traits = PhotoTraits.objects.get()
    assert len(bytes(traits.fingerprint)) == 32
    assert sum(share for _, share in traits.palette) == pytest.approx(1, abs=2e-3)
    PhotoTraits.objects.update(palette=[["#000000", 1.0]])
    image.embeddings.all().delete()
    embed_images([image.pk], model_version=learnt)
    assert PhotoTraits.objects.get().palette == [["#000000", 1.0]]


def test_photos_from_before_are_described_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    product = make_product("a")
    good, damaged = add_photo(product, encode(textured(1))), add_photo(product, b"no photo")
    lost = add_photo(product)
    lost.file.storage.delete(str(lost.file.name))
    call_command("describe_photos", "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert printed == {"described": 1, "failed": 2}
    assert [traits.image_id for traits in PhotoTraits.objects.all()] == [good.pk]
    codes = dict(ProductImage.objects.exclude(error_code="").values_list("pk", "error_code"))
    assert codes == {damaged.pk: "image_unsupported_format", lost.pk: "image_missing"}
    assert not photos_without_traits().exists()
    call_command("describe_photos")
    assert "0 described, 0 failed" in capsys.readouterr().out
