"""What tests of pages do with them: read their text, send them a photo."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse


def text_of(response: Any) -> str:
    """Return the page without its markup, spaces collapsed."""
    page = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", page)


def upload(client: Client, content: bytes, name: str = "photo.jpg", **headers: str) -> Any:
    """Send a photo through the upload form."""
    return client.post(
        reverse("products:search"), {"image": SimpleUploadedFile(name, content)}, headers=headers
    )
