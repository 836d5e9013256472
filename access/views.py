"""Pages about the problems the API can name: where the ``type`` of problem details leads."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from access.problems import Problem, find, registered


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
    return _answer(request, {"problem": found, "problems": [found]}, members=_as_json(found))


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
