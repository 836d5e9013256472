"""Directions that import-linter cannot see, because they show only when a process runs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("tensorflow", "keras", "sklearn", "ai_edge_litert")


def modules_loaded_by(code: str) -> set[str]:
    """Run code in a fresh interpreter and return the top-level modules it loaded."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted(set(sys.modules))))"
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    return set(json.loads(finished.stdout.splitlines()[-1]))


def test_a_web_process_loads_neither_tensorflow_nor_litert() -> None:
    loaded = modules_loaded_by(
        "import kfashion_site.wsgi\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "from products.api import urls, views\n"
        "from products.views import catalogue, home, results, uploads"
    )
    assert "products.api.views" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_a_worker_serves_without_tensorflow() -> None:
    loaded = modules_loaded_by(
        "import django, os\n"
        "django.setup()\n"
        "import products.tasks, products.embedding, styles.inference"
    )
    assert "ai_edge_litert" in loaded
    assert loaded.isdisjoint({"tensorflow", "keras"})


@pytest.mark.parametrize(
    "module",
    ["images", "predictor", "artifact", "clustering", "metrics", "retrieval", "scorecards"],
)
def test_what_serves_knows_neither_django_nor_tensorflow(module: str) -> None:
    loaded = modules_loaded_by(f"import styles.ml.{module}")
    assert loaded.isdisjoint({"django", "tensorflow", "keras"})
