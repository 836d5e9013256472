"""The codes of all problems the API can name, each with its sentence; apps register theirs here.

Problem details (RFC 9457) carry such a code and the address of its page as ``type``. The handler of
errors and the middleware build them here, the pages below ``/problems/`` list what is registered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.urls import reverse

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """What a stable code stands for."""

    code: str
    status: HTTPStatus
    sentence: StrPromise | str

    @property
    def address(self) -> str:
        """The path of the page about it."""
        return reverse("api:problem", args=[self.code])


_registered: dict[str, Problem] = {}


def register(status: HTTPStatus, sentences: Mapping[str, StrPromise | str]) -> None:
    """Make codes known that come with this status. Call from ``AppConfig.ready``.

    Args:
        status: what it usually comes with; a code keeps its meaning under any.
        sentences: code -> what it means, for someone who reads it away from the request.
    """
    for code, sentence in sentences.items():
        _registered[code] = Problem(code, status, sentence)


def find(code: str) -> Problem | None:
    """Return what a code stands for; None for one that nobody registered."""
    return _registered.get(code)


def registered() -> list[Problem]:
    """Return all problems by status, then by code."""
    return sorted(_registered.values(), key=lambda problem: (problem.status, problem.code))


def problem_document(
    status: HTTPStatus, *, code: str, detail: StrPromise | str, **members: Any
) -> dict[str, Any]:
    """Return problem details: ``code`` is stable, ``detail`` speaks the caller's language."""
    known = find(code)
    return {
        "type": known.address if known else "about:blank",
        "title": status.phrase,
        "status": status.value,
        "code": code,
        "detail": str(detail),
        **members,
    }
