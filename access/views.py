"""Pages about the problems the API can name, where their ``type`` leads; and the last resort."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from django.views.decorators.http import require_safe

from access.bodies import API
from access.problems import MEDIA_TYPE, Problem, find, problem_document, registered


@require_safe
def problem_list(request: HttpRequest) -> HttpResponse:
    """List every code with its sentence, as a page or as JSON."""
    problems = registered()
    return _answer(
        request,
        {"problems": problems},
        members={"count": len(problems), "results": [_as_json(each) for each in problems]},
    )


@require_safe
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """Say what one code means, as a page or as JSON."""
    found = find(code)
    if found is None:
        raise Http404
    return _answer(request, {"problem": found}, members=_as_json(found))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what nobody foresaw: problem details to an app, the page of the shop to a person."""
    if not request.path_info.startswith(API):
        return defaults.server_error(request)
    document = problem_document(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        code="error",
        detail=_("Something went wrong in the shop. It has been noted; please try again later."),
    )
    return JsonResponse(document, status=document["status"], content_type=MEDIA_TYPE)


def _answer(
    request: HttpRequest, context: dict[str, object], *, members: dict[str, object]
) -> HttpResponse:
    response: HttpResponse
    if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
        response = render(request, "access/problems.html", context)
    else:
        response = JsonResponse(members, json_dumps_params={"ensure_ascii": False})
    patch_vary_headers(response, ["Accept"])
    return response


def _as_json(problem: Problem) -> dict[str, object]:
    return {
        "type": problem.address,
        "code": problem.code,
        "status": problem.status.value,
        "title": HTTPStatus(problem.status).phrase,
        "detail": str(problem.sentence),
    }
