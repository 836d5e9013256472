"""Addresses of the reference shop."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.views.decorators.cache import cache_control
from django.views.generic import RedirectView
from django.views.static import serve

from kfashion_site.health import healthz, readyz


@cache_control(public=True, max_age=24 * 3600)
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers to the icon: of pages that name none, as the admin's, they ask here."""
    return redirect(static("kfashion/favicon.svg"))


handler500 = "access.views.server_error"
urlpatterns = [
    path("favicon.ico", favicon),
    path(
        "admin/insights/",
        RedirectView.as_view(pattern_name="admin:shoppers_insights_changelist"),
        name="insights",
    ),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz/", healthz, name="healthz"),
    path("readyz/", readyz, name="readyz"),
    path("api/v1/", include("shoppers.api.urls")),
    # Last below api/: it answers whatever nobody else knows.
    path("api/v1/", include("products.api.urls")),
    path("", include("shoppers.urls")),
    path("", include("products.urls")),
]


@cache_control(public=True, max_age=7 * 24 * 3600, immutable=True)
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve stored photos. Names are random and never reused, so they may be cached."""
    return serve(request, path, document_root=settings.MEDIA_ROOT)


if settings.SERVE_MEDIA:
    urlpatterns.append(re_path(r"^media/(?P<path>.+)$", media, name="media"))
