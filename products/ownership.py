"""Whose an image search is: who may see it, and who may delete it; pages and API ask here.

An owner is written as ``key:PREFIX`` for an app's key, as ``session:SHA256`` for a browser, and is
empty for whoever has the id of the search, as with anonymous searches over the API.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any, Final

from products.models import ImageSearch
from products.querysets import OWNED_BY_KEY

# In the session of the browser; what is stored with a search is its hash alone.
SESSION_KEY: Final = "image_search_secret"
SECRET_BYTES: Final = 32
_SECRET_LENGTH: Final = len(secrets.token_urlsafe(SECRET_BYTES))


def owner_of(request: Any) -> str:
    """Return who asks, as the owner of a search is written; empty for somebody unknown.

    Args:
        request: of a page or of the API; an app's key stands in ``request.auth``.
    """
    return _key_owner(request) or _session_owner(request)


def make_owner_of(request: Any) -> str:
    """Return who asks, after giving an unknown browser a secret of its own in its session.

    The cookie this sets is needed for what was asked: without it nobody could delete the photo.
    """
    if not owner_of(request):
        request.session[SESSION_KEY] = secrets.token_urlsafe(SECRET_BYTES)
    return owner_of(request)


def may_see(request: Any, search: ImageSearch) -> bool:
    """Whether who asks may see a search: of a key its own app alone, of others who has the link."""
    if not search.owner.startswith(OWNED_BY_KEY):
        return True
    return _is_same(search.owner, _key_owner(request))


def may_delete(request: Any, search: ImageSearch) -> bool:
    """Whether who asks may delete a search and search its photo again: only its owner."""
    return not search.owner or _is_same(search.owner, owner_of(request))


def _key_owner(request: Any) -> str:
    prefix = getattr(getattr(request, "auth", None), "prefix", None)
    return f"{OWNED_BY_KEY}{prefix}" if prefix else ""


def _session_owner(request: Any) -> str:
    session = getattr(request, "session", None)
    secret = session.get(SESSION_KEY) if session is not None else None
    # A cookie of an old version may have led to anything.
    if not isinstance(secret, str) or len(secret) != _SECRET_LENGTH:
        return ""
    return f"session:{hashlib.sha256(secret.encode()).hexdigest()}"


def _is_same(owner: str, other: str) -> bool:
    return hmac.compare_digest(owner.encode(), other.encode())
