"""Imports over the API, for staff who are signed in: send, watch, steer, fetch what was refused.

Apps have no business here: their schema does not show it, their keys do not open it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from products.api.problems import problem
from products.importing import steering
from products.importing.refused_file import refused_response
from products.models import CatalogueImport
from styles.models import Job

LISTED = 50
ACTIONS = {
    "pause": steering.pause,
    "resume": steering.resume,
    "cancel": steering.cancel,
    "undo": steering.undo,
}


class IsImporter(BasePermission):
    """Staff who may see imports, and for everything else may add them."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the caller may do this."""
        user = request.user
        needed = "view" if request.method in ("GET", "HEAD", "OPTIONS") else "add"
        return bool(user.is_staff and user.has_perm(f"products.{needed}_catalogueimport"))


class ImportSerializer(serializers.ModelSerializer[CatalogueImport]):
    """An import: how it stands, how far it is, what it would do or did."""

    progress = serializers.SerializerMethodField()

    class Meta:
        model = CatalogueImport
        fields = (
            *("id", "file_name", "format", "state", "error_code", "error_message", "progress"),
            *("header", "mapping", "with_photos", "is_full_feed", "may_hide_most", "mends"),
            *("preview", "rows", "created", "updated", "unchanged", "refused", "hidden"),
            *("photos_added", "photos_removed", "restored", "not_restored"),
            *("created_at", "confirmed_at", "finished_at", "undone_at"),
        )
        read_only_fields = fields

    def get_progress(self, found: CatalogueImport) -> dict[str, Any] | None:
        """Return how far it is, in units of its stage; null while nothing is under way."""
        job = found.job
        if found.failed_job is not None:
            error = found.failed_job
            return {"failed": {"code": error.error_code, "message": error.error_message}}
        if found.state == CatalogueImport.State.EMBEDDING:
            waiting = found.photos_waiting().count()
            total = found.photos_added
            return {"stage": "photos looked at", "done": max(total - waiting, 0), "total": total}
        if job is None or job.status != Job.Status.RUNNING:
            return None
        return {
            "stage": job.stage,
            "done": job.done,
            "total": job.total,
            "per_second": job.rate,
            "seconds_left": job.seconds_left,
        }


class _ImportView(APIView):
    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsImporter,)

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, steering.ImportStateError):
            return problem(HTTPStatus.CONFLICT, code=exc.code, detail=str(exc))
        return super().handle_exception(exc)


@extend_schema(exclude=True)
class ImportListView(_ImportView):
    """The latest imports, and the place to send a file to."""

    parser_classes = (MultiPartParser,)

    def get(self, request: Request) -> Response:
        """Return the latest imports."""
        latest = CatalogueImport.objects.select_related("job")[:LISTED]
        return Response({"results": ImportSerializer(latest, many=True).data})

    def post(self, request: Request) -> Response:
        """Take a file in and have it previewed; 202 with its address."""
        file = request.FILES.get("file")
        if file is None:
            fault = ValidationError(
                _("Send the catalogue file as multipart form field “file”."), code="file_required"
            )
            raise ValidationError({"file": fault})
        truth = serializers.BooleanField()
        options = {
            name: truth.to_internal_value(request.POST[name])
            for name in steering.OPTIONS
            if name in request.POST
        }
        received = steering.receive_file(
            file,
            name=file.name or "",
            options=options,
            requested_by=request.user if request.user.is_authenticated else None,
            mends=_mended(request.POST.get("mends", "")),
        )
        address = request.build_absolute_uri(reverse("api:import", args=[received.pk]))
        return Response(
            ImportSerializer(received).data,
            status=HTTPStatus.ACCEPTED,
            headers={"Location": address},
        )


@extend_schema(exclude=True)
class ImportView(_ImportView):
    """One import."""

    def get(self, request: Request, pk: int) -> Response:
        """Return how an import stands."""
        found = get_object_or_404(CatalogueImport, pk=pk)
        found.settle()
        return Response(ImportSerializer(found).data)


@extend_schema(exclude=True)
class ImportActionView(_ImportView):
    """What is done with an import: confirm, map, pause, resume, cancel, undo."""

    parser_classes = (JSONParser,)

    def post(self, request: Request, pk: int, action: str) -> Response:
        """Do it, and return how the import stands then."""
        found = get_object_or_404(CatalogueImport, pk=pk)
        body = request.data if isinstance(request.data, dict) else {}
        if action == "confirm":
            steering.confirm(found, may_hide_most=body.get("may_hide_most") is True or None)
        elif action == "map":
            steering.map_columns(found, _mapping(body.get("mapping")))
        elif action in ACTIONS:
            ACTIONS[action](found)
        else:
            raise Http404
        found.refresh_from_db()
        return Response(ImportSerializer(found).data, status=HTTPStatus.ACCEPTED)


@extend_schema(exclude=True)
class RefusedRowsView(_ImportView):
    """The refused rows of an import."""

    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """Return them as a file with the reason of each, ready to be mended."""
        return refused_response(get_object_or_404(CatalogueImport, pk=pk))


def _mended(number: Any) -> CatalogueImport | None:
    if not number:
        return None
    is_number = str(number).isdecimal() and len(str(number)) < 18
    found = CatalogueImport.objects.filter(pk=number).first() if is_number else None
    if found is None:
        raise ValidationError(
            {"mends": ValidationError(_("There is no import of that number."), "unknown_import")}
        )
    return found


def _mapping(sent: Any) -> dict[str, str]:
    if not isinstance(sent, dict) or not all(isinstance(each, str) for each in sent.values()):
        fault = ValidationError(
            _("Send an object: column -> what it stands for."), code="mapping_required"
        )
        raise ValidationError({"mapping": fault})
    return sent
