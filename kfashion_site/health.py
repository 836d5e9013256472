"""Health of a web process, for load balancers and for ``make run``."""

from __future__ import annotations

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from redis.exceptions import RedisError

from styles.models import ModelVersion


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process is up."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when searches can be served: database, broker and an active model version."""
    checks = {"database": False, "broker": False, "model_version": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = True
        checks["model_version"] = ModelVersion.objects.filter(status="active").exists()
    except DatabaseError:
        pass  # Said by the answer itself.
    try:
        cache.get("readyz")
        checks["broker"] = True
    except RedisError:
        pass  # Said by the answer itself.
    is_ready = all(checks.values())
    return JsonResponse(
        {"status": "ok" if is_ready else "unready", "checks": checks},
        status=200 if is_ready else 503,
    )
