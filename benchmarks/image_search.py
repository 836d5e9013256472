"""Image search over HTTP: one client, then several, and the memory of a web process.

    python -m benchmarks.image_search [--json]

Opens the shop on the real catalogue as `make run` does (minutes the first time, seconds later) and
uploads real phone photos with ``Prefer: wait=10``.
"""

from __future__ import annotations

import json
import statistics
import time
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.figures import tell
from benchmarks.running_shop import CATALOGUE, UPLOADS, require_shared_data, running_shop

WARM_UP = 10
SEARCHES = 200
CLIENTS = 8


def measure() -> dict[str, Any]:
    """Return the figures by name."""
    require_shared_data()
    photos = [path.read_bytes() for path in sorted((UPLOADS / "validation").glob("*/*.jpg"))]
    with running_shop(CATALOGUE) as shop:
        endpoint = f"{shop.address}/api/v1/image-searches/"
        for photo in photos[:WARM_UP]:
            search(endpoint, photo)
        alone = [search(endpoint, photos[i % len(photos)]) for i in range(SEARCHES)]
        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as clients:
            together = list(
                clients.map(lambda i: search(endpoint, photos[i % len(photos)]), range(SEARCHES))
            )
        elapsed = time.monotonic() - began
        web = shop.web_processes()
        return {
            "searches": SEARCHES,
            "one client, finished search": spread([finished for finished, _ in alone]),
            "one client, with its products": spread([whole for _, whole in alone]),
            f"{CLIENTS} clients, finished search": spread([finished for finished, _ in together]),
            f"{CLIENTS} clients, with its products": spread([whole for _, whole in together]),
            f"{CLIENTS} clients searches/s": round(SEARCHES / elapsed, 1),
            "web process resident MB": max(p.memory_info().rss for p in web) // 2**20,
            "tensorflow mapped by web": any(maps_tensorflow(p.pid) for p in web),
        }


def search(endpoint: str, photo: bytes) -> tuple[float, float]:
    """Upload a photo; return the seconds to the finished search, and to its products too.

    Raises:
        RuntimeError: the search was not done in time, or failed.
    """
    began = time.monotonic()
    with urllib.request.urlopen(upload_request(endpoint, photo), timeout=30) as answer:  # noqa: S310
        found = json.load(answer)
    finished = time.monotonic() - began
    if found["status"] != "done":
        raise RuntimeError(f"search is {found['status']}: {found['error']}")
    with urllib.request.urlopen(found["results"], timeout=30) as answer:  # noqa: S310
        results = json.load(answer)["results"]
    if not results:
        raise RuntimeError("no products found")
    return finished, time.monotonic() - began


def upload_request(endpoint: str, photo: bytes) -> urllib.request.Request:
    """Return the request that uploads a photo and waits for its finished search."""
    boundary = uuid.uuid4().hex
    opening = (
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="image"; filename="photo.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = opening.encode() + photo + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Prefer": "wait=10"}
    return urllib.request.Request(endpoint, body, headers)  # noqa: S310 - http on 127.0.0.1


def spread(seconds: list[float]) -> dict[str, float]:
    """Return median and 95th percentile in milliseconds."""
    percentiles = statistics.quantiles([s * 1000 for s in seconds], n=100)
    return {"p50 ms": round(percentiles[49], 1), "p95 ms": round(percentiles[94], 1)}


def maps_tensorflow(pid: int) -> bool:
    """Tell whether a process has any of TensorFlow's libraries in memory (Linux)."""
    maps = Path(f"/proc/{pid}/maps")
    return maps.exists() and "tensorflow" in maps.read_text()


if __name__ == "__main__":
    tell(measure, description=__doc__)
