"""Embedding through the Celery worker, from stored file to row, on the real catalogue.

    python -m benchmarks.embedding [--json]

Opens the shop on the real catalogue as `make run` does, deletes all embeddings of the active model
version, and has the running worker make them again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.figures import tell
from benchmarks.running_shop import CATALOGUE, ROOT, STATE, require_shared_data, running_shop

FORGET = (
    "from products.models import ImageClassification, ProductEmbedding;"
    "ImageClassification.objects.all().delete(); ProductEmbedding.objects.all().delete()"
)


def measure() -> dict[str, Any]:
    """Return what ``embed_products --json`` says after everything was forgotten."""
    require_shared_data()
    with running_shop(CATALOGUE):
        manage("shell", "--no-imports", "--command", FORGET)
        figures: dict[str, Any] = json.loads(manage("embed_products", "--json").splitlines()[-1])
        return figures


def manage(*arguments: str) -> str:
    """Run a management command against the open shop and return what it printed."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    environment = os.environ | {"KFASHION_VAR": str(STATE), "LOG_LEVEL": "WARNING"}
    finished = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return finished.stdout


if __name__ == "__main__":
    tell(measure, description=__doc__)
