from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext

from styles import serving
from styles.exceptions import NoActiveModelVersionError
from styles.models import Cluster, Clustering, ModelVersion
from tests.shop import direction, make_clustering, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def flipping() -> tuple[ModelVersion, ModelVersion]:
    """Give the version that serves and one that is about to, each with a clustering in force."""
    old, new = make_version("active"), make_version("staged")
    make_clustering(old, {"old": direction(a=1)})
    make_clustering(new, {"new": direction(b=1)})
    return old, new


def flip(old: ModelVersion, new: ModelVersion) -> None:
    ModelVersion.objects.filter(pk=old.pk).update(status="retired")
    ModelVersion.objects.filter(pk=new.pk).update(status="active")


def names() -> list[str]:
    return list(Cluster.objects.in_force().values_list("name_en", flat=True))


def test_a_view_sees_one_version_and_its_clusters_through_a_flip(
    flipping: tuple[ModelVersion, ModelVersion],
) -> None:
    old, new = flipping
    with serving.one_view():
        assert ModelVersion.objects.active() == old
        flip(old, new)
        assert ModelVersion.objects.active() == old
        assert names() == ["old"]
        assert Clustering.objects.in_force().get().model_version == old
    assert ModelVersion.objects.active() == new
    assert names() == ["new"]


def test_what_serves_is_read_in_one_statement_and_only_when_it_is_asked_for(
    flipping: tuple[ModelVersion, ModelVersion],
) -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        serving.one_view(),
    ):
        pass
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries, serving.one_view():
        for _ in range(3):
            ModelVersion.objects.active()
        Cluster.objects.in_force()
    assert len(queries) == 1


def test_a_view_within_a_view_is_the_same(flipping: tuple[ModelVersion, ModelVersion]) -> None:
    old, new = flipping
    with serving.one_view():
        assert ModelVersion.objects.active() == old
        flip(old, new)
        with serving.one_view():
            assert ModelVersion.objects.active() == old


def test_a_view_can_look_back_to_another_version_and_clustering(
    flipping: tuple[ModelVersion, ModelVersion],
) -> None:
    old, new = flipping
    retired = make_clustering(new, {"retired": direction(c=1)}, status="retired")
    with serving.one_view():
        serving.see(serving.serving_with(new))
        assert ModelVersion.objects.active() == new
        assert names() == ["new"]
        serving.see(serving.serving_with(new, clustering_id=retired.pk))
        assert names() == ["retired"]
    serving.see(serving.serving_with(new))
    assert ModelVersion.objects.active() == old, "there is no view to change"


def test_without_a_version_a_view_sees_none() -> None:
    with serving.one_view():
        with pytest.raises(NoActiveModelVersionError):
            ModelVersion.objects.active()
        assert names() == []
        assert not Clustering.objects.in_force().exists()
        serving.see(serving.serving_with(make_version("staged")))
        assert names() == []


def test_each_request_has_a_view_of_its_own(flipping: tuple[ModelVersion, ModelVersion]) -> None:
    old, new = flipping
    seen: list[Any] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(ModelVersion.objects.active())
        flip(old, new)
        seen.append(ModelVersion.objects.active())
        return HttpResponse()

    respond = serving.ServingMiddleware(answer)
    respond(HttpRequest())
    respond(HttpRequest())
    assert seen == [old, old, new, new]
    assert serving.seen() is None
