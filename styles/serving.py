"""What one request or task takes to be serving, from its start to its end; for querysets and views.

A flip may come between two queries of a request. So what serves is read once, in one statement, and
``ModelVersion.objects.active()`` and the ``in_force()`` of clusterings and clusters answer from
that: the middleware opens such a view for each request, tasks and commands open one themselves.
Outside of any view every query asks the database anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from styles.models import ModelVersion


@dataclass(frozen=True)
class Serving:
    """A model version and the key of the clustering in force with it; either may be None."""

    model_version: ModelVersion | None
    clustering_id: int | None


@dataclass
class _View:
    """What a request or task sees; read when it is first asked for."""

    serving: Serving | None = None


_view: ContextVar[_View | None] = ContextVar("serving", default=None)


@contextmanager
def one_view() -> Iterator[None]:
    """Have everything within see one model version and one clustering.

    A view within a view is the same one: whoever began first has seen it already.
    """
    if _view.get() is not None:
        yield
        return
    token = _view.set(_View())
    try:
        yield
    finally:
        _view.reset(token)


def see(serving: Serving) -> None:
    """Have the rest of the present view see these, as for a search answered before the last flip.

    Outside of any view nothing changes.
    """
    view = _view.get()
    if view is not None:
        view.serving = serving


def seen() -> Serving | None:
    """Return what the present view sees; None outside of any."""
    view = _view.get()
    if view is None:
        return None
    if view.serving is None:
        view.serving = read_serving()
    return view.serving


def read_serving() -> Serving:
    """Return what serves at this moment, from one statement: both are of one side of a flip."""
    from styles.models import Clustering, ModelVersion

    in_force = Clustering.objects.filter(
        model_version=OuterRef("pk"), status=Clustering.Status.ACTIVE
    ).values("pk")
    active = ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE)
    version = active.annotate(clustering_in_force=Subquery(in_force[:1])).first()
    # Where there is no such version, there is no such attribute either.
    return Serving(version, getattr(version, "clustering_in_force", None))


def serving_with(model_version: ModelVersion, *, clustering_id: int | None = None) -> Serving:
    """Return a version as it serves, or served, with one of its clusterings.

    Args:
        model_version: of any status.
        clustering_id: key of one of its clusterings; None for the one in force with it.
    """
    from styles.models import Clustering

    if clustering_id is None:
        in_force = Clustering.objects.active_for(model_version)
        clustering_id = in_force.pk if in_force else None
    return Serving(model_version, clustering_id)


class ServingMiddleware:
    """Gives each request one view of what serves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request within a view of its own."""
        with one_view():
            return self._get_response(request)
