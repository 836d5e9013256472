"""Thumbnails of product photos: made once, kept, and gone with the photo."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import NoReverseMatch, reverse
from PIL import Image
from redis.exceptions import ConnectionError as NoBroker

from products import thumbnails
from products.models import ProductImage
from products.tasks import sweep_thumbnails
from tests.shop import add_photo, jpeg, make_product, make_search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]


def photo_of(size: tuple[int, int] = (600, 800)) -> ProductImage:
    image = add_photo(make_product("a"), jpeg(size=size))
    image.width, image.height = size
    image.save()
    return image


def address(image: ProductImage, width: int = 240) -> str:
    return thumbnails.thumbnail_address(image.file.name or "", width=width)


def stored(width: int = 240) -> list[str]:
    return [name for name in stored_files() if name.startswith(f"thumbnails/{width}/")]


def stored_files(folder: str = "") -> list[str]:
    if not default_storage.exists(folder):
        return []
    folders, files = default_storage.listdir(folder)
    below = [name for one in folders for name in stored_files(f"{folder}{one}/")]
    return [*(f"{folder}{name}" for name in files), *below]


def test_a_thumbnail_is_a_narrow_webp_that_browsers_keep(client: Client) -> None:
    answer = client.get(address(photo_of()))
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=2592000, immutable"
    with Image.open(BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("WEBP", (240, 320))
        red, green, blue = image.convert("RGB").getpixel((120, 160))  # type: ignore[misc]
    assert red - max(green, blue) > 90


def test_a_photo_is_never_enlarged(client: Client) -> None:
    image = photo_of((300, 400))
    answer = client.get(address(image, width=960))
    with Image.open(BytesIO(answer.content)) as thumbnail:
        assert thumbnail.size == (300, 400)
    assert [width for _, width in thumbnails.thumbnails_of(image)] == [240, 300]
    assert thumbnails.thumbnails_of(image)[-1][0] == address(image, width=480)


def test_a_second_look_decodes_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    image = photo_of()
    first = client.get(address(image))
    monkeypatch.setattr(thumbnails, "_shrink", None)
    assert client.get(address(image)).content == first.content


def test_many_asking_at_once_decode_once(monkeypatch: pytest.MonkeyPatch) -> None:
    image = photo_of()
    decoded, shrink = [], thumbnails._shrink

    def count(photo: bytes, *, width: int) -> bytes:
        decoded.append(width)
        return shrink(photo, width=width)

    monkeypatch.setattr(thumbnails, "_shrink", count)
    with ThreadPoolExecutor(16) as threads:
        got = list(
            threads.map(
                lambda _: thumbnails.read_thumbnail(image.file.name or "", width=240), range(48)
            )
        )
    assert decoded == [240]
    assert len(set(got)) == 1


def test_a_thumbnail_that_a_killed_process_left_half_written_is_made_anew() -> None:
    image = photo_of()
    whole = thumbnails.read_thumbnail(image.file.name or "", width=240)
    (name,) = stored()
    default_storage.delete(name)
    default_storage.save(name, ContentFile(whole[: len(whole) // 2]))
    assert thumbnails.read_thumbnail(image.file.name or "", width=240) == whole
    assert stored() == [name]


def test_a_turn_that_nobody_gives_back_holds_up_nobody_for_ever(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = photo_of()
    monkeypatch.setattr(thumbnails, "PATIENCE_SECONDS", 0.05)
    name = thumbnails._stored_name(image.file.name or "", width=240)
    cache.set(f"thumbnail:{name}", 1)
    assert client.get(address(image)).status_code == 200
    cache.delete(f"thumbnail:{name}")


def test_photos_are_shown_while_the_broker_is_down(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: Any) -> None:
        raise NoBroker

    monkeypatch.setattr(cache, "add", refuse)
    assert client.get(address(photo_of())).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/thumbnails/240/products/ab/" + "0" * 32 + ".jpg",
        "/thumbnails/241/products/ab/" + "0" * 32 + ".jpg",
        "/thumbnails/240/products/../../manage.py",
        "/thumbnails/240/products/%2e%2e/%2e%2e/secret_key",
        "/thumbnails/240//etc/passwd",
        "/thumbnails/240/searches/ab/" + "0" * 32 + ".jpg",
        "/thumbnails/240/products/ab/" + "0" * 32 + ".jpg%0a",
        "/thumbnails/-1/products/ab/" + "0" * 32 + ".jpg",
    ],
)
def test_addresses_of_anything_else_are_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert stored() == []


def test_photos_of_shoppers_have_no_thumbnails(client: Client, version: Any) -> None:
    from tests.shop import direction

    name = make_search(version, direction(a=1)).photo.name or ""
    assert client.get(f"/thumbnails/240/{name}").status_code == 404
    with pytest.raises(NoReverseMatch):
        thumbnails.thumbnail_address(name, width=240)


def test_a_damaged_photo_is_a_missing_one_not_a_breakdown(client: Client) -> None:
    image = add_photo(make_product("a"), b"no photo")
    assert client.get(address(image)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_thumbnails_go_with_their_photo(client: Client) -> None:
    image = photo_of()
    addresses = [address(image, width=width) for width in thumbnails.WIDTHS]
    assert {client.get(one).status_code for one in addresses} == {200}
    image.delete()
    assert stored_files() == []
    assert {client.get(one).status_code for one in addresses} == {404}


def test_the_sweep_removes_what_has_lost_its_photo_and_nothing_else(client: Client) -> None:
    kept, lost = photo_of(), add_photo(make_product("b"))
    for image in (kept, lost):
        client.get(address(image))
    client.get(address(kept, width=480))
    default_storage.delete(lost.file.name or "")
    old_width = f"thumbnails/100/{(kept.file.name or '').removesuffix('.jpg')}.webp"
    default_storage.save(old_width, ContentFile(b"of another time"))
    assert sweep_thumbnails() == 2
    assert len(stored()) == len(stored(480)) == 1
    assert not default_storage.exists(old_width)


def test_a_photo_deleted_while_its_thumbnail_is_made_leaves_none(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    image, shrink = photo_of(), thumbnails._shrink

    def shrink_late(photo: bytes, *, width: int) -> bytes:
        default_storage.delete(image.file.name or "")
        return shrink(photo, width=width)

    monkeypatch.setattr(thumbnails, "_shrink", shrink_late)
    assert client.get(address(image)).status_code == 404
    assert stored() == []


def test_pages_offer_browsers_the_widths_to_choose_from(client: Client) -> None:
    add_photo(make_product("older"))
    image = photo_of()
    page = client.get(reverse("products:list")).content.decode()
    for width in (240, 480, 600):
        assert f" {width}w" in page
    assert address(image, width=960) in page
    assert 'width="600" height="800"' in page
    # What is seen first is loaded first, the rest when it comes near.
    assert (page.count('fetchpriority="high"'), page.count('loading="lazy"')) == (1, 1)
