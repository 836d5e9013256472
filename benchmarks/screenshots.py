"""Takes the pictures of README and docs anew, of the shop with its drawn sample catalogue.

    python -m benchmarks.screenshots [--folder docs/screenshots]

Opens the shop as `make run` does. Only drawn products are in it, so that no photo of anybody's is
shown; what is uploaded is a drawn product too.
"""

from __future__ import annotations

import argparse
import json
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import FilePayload, Page

from benchmarks.figures import tell
from benchmarks.pages import RANKED, chromium
from benchmarks.running_shop import ROOT, running_shop

FOLDER = ROOT / "docs" / "screenshots"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
# Name of the picture -> path in the shop; "" stands for the result of an upload.
PICTURES = {
    "home": "/",
    "list": "/products/",
    "styles": "/styles/",
    "style-group": "/styles/feminine/",
    "result": "",
}
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"locale": "en-US", **DESKTOP},
    "phone-ko": {"locale": "ko-KR", **PHONE},
    "phone-dark": {"locale": "en-US", "color_scheme": "dark", **PHONE},
}


def take(folder: Path = FOLDER) -> dict[str, Any]:
    """Take all pictures; return their names."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with running_shop() as shop, chromium() as browser:
        photo, product = drawn_photo(shop.address)
        pictures = {**PICTURES, "product": product}
        for look, options in LOOKS.items():
            for name, path in pictures.items():
                picture = folder / f"{name}-{look}.png"
                context = browser.new_context(base_url=shop.address, **options)
                page = context.new_page()
                if path:
                    page.goto(path, wait_until="networkidle")
                else:
                    search(page, photo)
                page.screenshot(path=picture)
                context.close()
                taken.append(picture.name)
    return {"folder": str(folder), "pictures": len(taken), "names": ", ".join(taken)}


def drawn_photo(address: str) -> tuple[FilePayload, str]:
    """Return a drawn photo for an upload field, and the path of a product page."""
    with urllib.request.urlopen(f"{address}/api/v1/products/?style=feminine") as answer:  # noqa: S310
        product = json.load(answer)["results"][0]
    with urllib.request.urlopen(urljoin(address, product["image"])) as answer:  # noqa: S310
        content = answer.read()
    file: FilePayload = {"name": "outfit.jpg", "mimeType": "image/jpeg", "buffer": content}
    return file, product["url"].removeprefix(address)


def search(page: Page, photo: FilePayload) -> None:
    """Upload a photo and wait for its look-alikes."""
    page.goto("/search/", wait_until="networkidle")
    page.locator("input[type=file]").first.set_input_files(photo)
    page.locator("[data-send]").click()
    page.locator(RANKED).first.wait_for()
    page.wait_for_load_state("networkidle")


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the pictures go")


if __name__ == "__main__":
    tell(take, description=__doc__, configure=_configure)
