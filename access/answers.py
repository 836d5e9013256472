"""What every answer says about itself: an ETag, who may keep it, what the caller has left.

The middleware stands outside of what changes answers (languages, sessions) and inside of what
adds the same header fields to all of them.
"""

from __future__ import annotations

import hashlib
import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_cache_control

from access.bodies import API
from access.throttling import Quota

# The token of a form is masked anew each time; what counts is the secret behind it.
FORM_TOKEN = re.compile(
    rb'(name="csrfmiddlewaretoken" value="|"X-CSRFToken": ?")[A-Za-z0-9]{64}(?=")'
)


class AnswerHeadersMiddleware(ConditionalGetMiddleware):
    """Lets clients keep what they were answered, and ask whether it still holds.

    Answers of the API and pages hold for one caller: they may name a shopper's photo, and every
    request counts. So caches between may not keep them, and clients ask again each time; where
    nothing has changed that costs a 304 without a body. Views that say something else about
    caching are left alone.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add the header fields, or answer 304."""
        _say_who_may_keep(request, response)
        is_page = request.method == "GET" and self.needs_etag(response)
        if is_page and not response.streaming and not response.has_header("ETag"):
            _mark(request, response)
        answer: HttpResponseBase = super().process_response(request, response)
        quota = getattr(request, "quota", None)
        if isinstance(quota, Quota):
            for name, value in quota.headers.items():
                answer.headers[name] = value
        return answer


def _say_who_may_keep(request: HttpRequest, response: HttpResponseBase) -> None:
    is_api = request.path_info.startswith(API)
    is_page = response.get("Content-Type", "").startswith("text/html")
    if response.has_header("Cache-Control") or not (is_api or is_page):
        return
    if response.status_code >= 400:
        patch_cache_control(response, no_store=True)
    elif not response.streaming:
        patch_cache_control(response, private=True, no_cache=True)


def _mark(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give a page with forms an ETag that is the same for the same page; others have Django's."""
    content: bytes = response.content  # type: ignore[attr-defined]  # Only streams have none.
    same, forms = FORM_TOKEN.subn(rb"\1", content)
    if forms:
        digest = hashlib.sha256(same)
        digest.update(request.META.get("CSRF_COOKIE", "").encode())
        # Weak: another mask makes other bytes.
        response.headers["ETag"] = f'W/"{digest.hexdigest()[:32]}"'
