"""Refusals of the access app, each with its status and stable code; the API's handler answers them.

The sentence of each is the one its code is registered with.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, AuthenticationFailed


class KeyRefusedError(AuthenticationFailed):
    """The key that came with a request opens nothing. Base of the ways in which it does not."""


class KeyUnknownError(KeyRefusedError):
    """Nobody was given this key."""

    default_code = "key_unknown"
    default_detail = _("This key is not known. Check that it was copied as a whole.")


class KeyRevokedError(KeyRefusedError):
    """The key was taken back."""

    default_code = "key_revoked"
    default_detail = _("This key has been revoked. Ask the shop for a new one.")


class KeyExpiredError(KeyRefusedError):
    """The time of the key is over."""

    default_code = "key_expired"
    default_detail = _("This key has expired. Ask the shop for a new one.")


class IdempotencyKeyInvalidError(APIException):
    """An Idempotency-Key cannot be used as one."""

    status_code = HTTPStatus.BAD_REQUEST
    default_code = "idempotency_key_invalid"
    default_detail = _(
        "An Idempotency-Key is 1 to 255 printable ASCII characters, such as a random UUID."
    )


class IdempotencyKeyReusedError(APIException):
    """The same Idempotency-Key came with something else."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = _(
        "This Idempotency-Key was used for another request. Use a new one for each new request."
    )


class IdempotencyInProgressError(APIException):
    """The first request with the same Idempotency-Key is still being carried out."""

    status_code = HTTPStatus.CONFLICT
    default_code = "idempotency_in_progress"
    default_detail = _(
        "The first request with this Idempotency-Key is still being carried out. "
        "Send it again in a moment."
    )
    wait: ClassVar[float] = 1.0


ERRORS: tuple[type[APIException], ...] = (
    KeyUnknownError,
    KeyRevokedError,
    KeyExpiredError,
    IdempotencyKeyInvalidError,
    IdempotencyKeyReusedError,
    IdempotencyInProgressError,
)
