"""Serves thumbnails of product photos."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from products.thumbnails import read_thumbnail

logger = logging.getLogger(__name__)

KEPT_SECONDS = 30 * 24 * 3600


@require_safe
def thumbnail(request: HttpRequest, name: str, width: str) -> HttpResponse:
    """Serve a thumbnail. The address admits product photos and known widths alone."""
    try:
        content = read_thumbnail(name, width=int(width))
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            logger.warning("The photo %s has no thumbnail: %s", name, error)
        return HttpResponseNotFound(content_type="text/plain")
    response = HttpResponse(content, content_type="image/webp")
    # Names are random and never reused.
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS, immutable=True)
    return response
