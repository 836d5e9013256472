"""Problem details: every code stands in the registry, and every way to err has its answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from rest_framework import exceptions, serializers

from access.problems import find, registered
from kfashion_site import state
from products.api.exceptions import problem_details_handler
from styles.exceptions import NoActiveModelVersionError, UnknownModelVersionError

pytestmark = pytest.mark.django_db

API = "/api/v1"
PROBLEM = "application/problem+json"
SOURCES = ("access", "products", "shoppers")
# What refuses files of the catalogue, staff and operators, and never an app.
OTHER_DOORS = {"admin", "exporting", "importing", "management", "migrations", "embedding_runs.py"}
CODE = re.compile(r"[a-z]+(_[a-z]+)+")
# Refusals in the admin and at the command line, which the API never gives.
ELSEWHERE = {"invalid_rate", "unknown_scope"}


def sources() -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((state.BASE_DIR / folder).rglob("*.py")):
            if not OTHER_DOORS & set(path.relative_to(state.BASE_DIR).parts):
                yield path


def texts(node: ast.expr) -> Iterator[str]:
    """Yield the texts an expression can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*texts(node.body), *texts(node.orelse))


def codes_in(tree: ast.AST) -> Iterator[str]:
    """Yield what is given as a code: `code=`, `default_code =`, or to a function `_error`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "code":
                    yield from texts(keyword.value)
            if getattr(node.func, "id", "").endswith("error"):
                yield from (
                    text for each in node.args for text in texts(each) if CODE.fullmatch(text)
                )
        elif isinstance(node, ast.Assign):
            names = {getattr(target, "id", "") for target in node.targets}
            if names & {"code", "default_code"}:
                yield from texts(node.value)


def test_every_code_that_is_written_down_has_a_sentence() -> None:
    found = {
        code: path.name for path in sources() for code in codes_in(ast.parse(path.read_text()))
    }
    assert len(found) > 40
    assert {"unknown_style", "example_unfinished", "search_failed", "key_revoked"} <= set(found)
    unknown = {code: where for code, where in found.items() if find(code) is None}
    assert {code: where for code, where in unknown.items() if code not in ELSEWHERE} == {}


def kinds(of: type[Exception]) -> Iterator[Any]:
    yield of
    for kind in of.__subclasses__():
        yield from kinds(kind)


def test_every_error_of_the_framework_and_of_the_models_in_service_has_a_sentence() -> None:
    codes = {
        kind.default_code
        for kind in kinds(exceptions.APIException)
        if kind.__module__.split(".")[0] in {"rest_framework", "access", "products", "shoppers"}
    }
    assert {"parse_error", "throttled", "key_expired", "not_acceptable"} <= codes
    assert {code for code in codes if find(code) is None} == set()
    assert find(NoActiveModelVersionError.code) is not None


def test_every_code_has_a_page_in_words_and_as_json(client: Client) -> None:
    listed = client.get(f"{API}/problems/").json()
    assert listed["count"] == len(listed["results"]) == len(registered())
    for each in listed["results"]:
        assert each["detail"], each
        assert client.get(each["type"]).json() == each
    page = client.get(listed["results"][0]["type"], headers={"Accept": "text/html"})
    assert page["Content-Type"].startswith("text/html")
    assert listed["results"][0]["detail"] in page.content.decode()
    assert "Accept" in page["Vary"]
    whole = client.get(f"{API}/problems/", headers={"Accept": "text/html,*/*;q=0.1"})
    assert all(each["code"] in whole.content.decode() for each in listed["results"])
    assert client.get(f"{API}/problems/nobody_said_this/").status_code == 404


def test_sentences_of_limits_name_the_limits_in_force(client: Client, settings: Any) -> None:
    settings.KFASHION = {**settings.KFASHION, "MAX_UPLOAD_BYTES": 3 * 1024 * 1024}
    assert "3 MB" in client.get(f"{API}/problems/image_too_large/").json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        ("get", "nothing/", {}, (404, "not_found")),
        ("get", "products/nothing/", {}, (404, "not_found")),
        ("get", "image-searches/not-a-uuid/", {}, (404, "not_found")),
        ("put", "products/", {}, (405, "method_not_allowed")),
        ("patch", "image-searches/", {}, (405, "method_not_allowed")),
        ("get", "products/", {"Accept": "image/png"}, (406, "not_acceptable")),
        ("get", "products/?limit=x", {}, (400, "invalid_limit")),
    ],
)
def test_every_way_to_err_is_a_problem_that_leads_to_its_page(
    client: Client, method: str, path: str, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    response = getattr(client, method)(f"{API}/{path}", headers=headers)
    assert response["Content-Type"] == PROBLEM
    problem = response.json()
    assert (
        (response.status_code, problem["code"]) == (problem["status"], problem["code"]) == expected
    )
    assert client.get(problem["type"]).json()["code"] == problem["code"]
    if response.status_code == 405:
        assert response["Allow"]


@pytest.mark.parametrize("language", ["", "tlh", "xx-YY;q=0.3", "*", ";;q=,", "e" * 600])
def test_a_language_nobody_speaks_here_gets_english(client: Client, language: str) -> None:
    response = client.get(f"{API}/nothing/", headers={"Accept-Language": language})
    assert response.json()["detail"] == "There is nothing at this address."
    assert response["Content-Language"] == "en"


class Order(serializers.Serializer[Any]):
    """Something with parts, for an error deep within."""

    class Part(serializers.Serializer[Any]):
        sku = serializers.CharField(max_length=3)

    parts = Part(many=True)
    note = serializers.CharField()


def answer_to(error: Exception) -> Any:
    with translation.override("en"):
        response = problem_details_handler(error, {})
    assert response is not None
    return response


def test_what_a_serializer_finds_is_told_by_its_path() -> None:
    order = Order(data={"parts": [{"sku": "abc"}, {"sku": "abcd"}]})
    with pytest.raises(exceptions.ValidationError) as found:
        order.is_valid(raise_exception=True)
    response = answer_to(found.value)
    assert response.status_code == 400
    assert response.data["code"] in {"max_length", "required"}
    assert {path: faults[0]["code"] for path, faults in response.data["errors"].items()} == {
        "parts.1.sku": "max_length",
        "note": "required",
    }


def test_what_is_wrong_with_the_whole_is_told_of_the_request() -> None:
    response = answer_to(exceptions.ValidationError("This cannot be.", code="invalid"))
    assert response.data["errors"] == {
        "request": [{"code": "invalid", "detail": "This cannot be."}]
    }


def test_what_the_operator_has_to_do_is_not_told_to_shoppers() -> None:
    response = answer_to(NoActiveModelVersionError())
    assert (response.status_code, response.data["code"]) == (503, "no_active_model_version")
    assert "manage.py" not in response.data["detail"]
    response = answer_to(UnknownModelVersionError("Run manage.py x"))
    assert (response.status_code, response.data["code"]) == (503, "styles_error")
    assert response.data["detail"].startswith("The shop cannot serve this")


def test_a_bug_is_a_problem_to_an_app_and_a_page_to_a_person(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False

    def break_down(*args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("access.views.registered", break_down)
    response = client.get(f"{API}/problems/", headers={"Accept": "text/html"})
    assert (response.status_code, response.json()["code"]) == (500, "error")
    assert response["Content-Type"] == PROBLEM
    monkeypatch.setattr("products.views.uploads.ImageSearchForm", break_down)
    page = client.get("/search/")
    assert page.status_code == 500
    assert page["Content-Type"].startswith("text/html")


def test_a_bug_is_left_to_the_server() -> None:
    assert problem_details_handler(ZeroDivisionError(), {}) is None
