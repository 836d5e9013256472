"""Finds products that look like a photo, over the API of a shop; needs Python alone.

    python docs/examples/find_look_alikes.py outfit.jpg --shop http://127.0.0.1:8000

Uploads the photo once however often the network fails, waits for the result, prints the look-alikes
part by part, and deletes the photo again.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ATTEMPTS = 4
PATIENCE_SECONDS = 60.0


class ShopError(Exception):
    """The shop refused a request; the message is its own sentence, ``code`` its stable code."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail", "The shop did not say what is wrong."))
        self.code = problem.get("code", "")


class Shop:
    """The API of a shop, as far as a search needs it."""

    def __init__(self, address: str, *, key: str = "", language: str = "en") -> None:
        self._api = f"{address.rstrip('/')}/api/v1"
        self._headers = {"Accept-Language": language}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"

    def search(self, photo: Path, **filters: str) -> dict[str, Any]:
        """Upload a photo and return the finished search.

        Raises:
            ShopError: the photo was refused, or could not be looked at.
        """
        body, content_type = form(photo, filters)
        headers = {
            "Content-Type": content_type,
            "Prefer": "wait=10",
            # Sent again with the same key, the photo is still searched once.
            "Idempotency-Key": str(uuid.uuid4()),
        }
        search = self._ask("POST", f"{self._api}/image-searches/", body=body, headers=headers)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while search["status"] not in {"done", "failed"}:
            if time.monotonic() > deadline:
                raise ShopError({"code": "too_slow", "detail": "The shop is still busy."})
            time.sleep(0.5)
            search = self._ask("GET", f"{self._api}/image-searches/{search['id']}/")
        if search["error"]:
            raise ShopError(search["error"])
        found: dict[str, Any] = search
        return found

    def look_alikes(self, search: dict[str, Any], *, most: int) -> Iterator[dict[str, Any]]:
        """Yield the products found, the nearest first."""
        asked = {"limit": str(min(most, 100)), "explain": "true"}
        while most > 0:
            part = self._ask("GET", f"{search['results']}?{urllib.parse.urlencode(asked)}")
            yield from part["results"][:most]
            most -= len(part["results"])
            if part["next_cursor"] is None:
                return
            asked["cursor"] = part["next_cursor"]

    def delete(self, search: dict[str, Any]) -> None:
        """Delete the photo and what was made of it."""
        self._ask("DELETE", f"{self._api}/image-searches/{search['id']}/")

    def _ask(
        self, method: str, address: str, *, body: bytes | None = None, headers: Any = None
    ) -> Any:
        """Send a request, again where that may help, and return the JSON of its answer."""
        for attempt in range(1, ATTEMPTS + 1):
            request = urllib.request.Request(
                address, body, {**self._headers, **(headers or {})}, method=method
            )
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    content = answer.read()
                    return json.loads(content) if content else None
            except urllib.error.HTTPError as error:
                is_worth_waiting = error.code in {429, 503} and attempt < ATTEMPTS
                if not is_worth_waiting:
                    raise ShopError(read_problem(error)) from error
                time.sleep(float(error.headers.get("Retry-After", attempt)))
            except urllib.error.URLError as error:
                if attempt == ATTEMPTS:
                    raise ShopError({"detail": f"No answer: {error.reason}."}) from error
                time.sleep(attempt)
        return None


def form(photo: Path, fields: dict[str, str]) -> tuple[bytes, str]:
    """Return a photo and fields as the body of a multipart form, and its content type."""
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    opening = f'--{edge}\r\nContent-Disposition: form-data; name="image"; filename="photo"\r\n\r\n'
    parts += [opening.encode(), photo.read_bytes(), f"\r\n--{edge}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={edge}"


def read_problem(error: urllib.error.HTTPError) -> dict[str, Any]:
    """Return the problem details of an answer, or what stands in for them."""
    try:
        problem: dict[str, Any] = json.load(error)
    except ValueError:
        return {"code": str(error.code), "detail": f"The shop answered {error.code}."}
    return problem


def main() -> int:
    """Search with the photo of the command line; return the exit status."""
    parser = argparse.ArgumentParser(description="Find products that look like a photo.")
    parser.add_argument("photo", type=Path)
    parser.add_argument("--shop", default="http://127.0.0.1:8000", help="address of the shop")
    parser.add_argument("--key", default=os.environ.get("SHOP_KEY", ""), help="key of your app")
    parser.add_argument("--language", default="en", choices=["en", "ko"])
    parser.add_argument("--limit", type=int, default=10)
    parser.add_argument("--category")
    parser.add_argument("--max-price")
    options = parser.parse_args()
    wanted = {"category": options.category, "max_price": options.max_price}
    shop = Shop(options.shop, key=options.key, language=options.language)
    try:
        search = shop.search(
            options.photo, **{name: value for name, value in wanted.items() if value}
        )
        for group in search["style_groups"][:3]:
            print(f"{group['name']:20} {group['probability']:.0%}")
        for hit in shop.look_alikes(search, most=options.limit):
            product = hit["product"]
            print(f"{hit['rank']:3}  {hit['similarity']:.3f}  {product['name']}  {product['url']}")
        shop.delete(search)
    except ShopError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{options.photo}: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
