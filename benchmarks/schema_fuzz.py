"""The API of an open shop against its own schema: all checks of schemathesis, for long.

    python -m benchmarks.schema_fuzz [--examples N] [--json]

Opens the shop on the real catalogue as `make run` does and asks whatever the schema allows, and
what it does not: first without a key, then with one. Ends with 1 where anything failed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.api import make_key
from benchmarks.figures import tell
from benchmarks.running_shop import CATALOGUE, ROOT, require_shared_data, running_shop

EXAMPLES = 100
SERVER_ERROR = "Server error"


def measure(*, examples: int) -> dict[str, Any]:
    """Return the figures by name.

    Raises:
        SystemExit: something failed; what it was has been printed.
    """
    require_shared_data()
    # Limits would answer most of it.
    os.environ["API_THROTTLES"] = "0"
    with running_shop(CATALOGUE) as shop:
        figures = {
            "without a key": fuzz(shop.address, examples=examples),
            "with a key": fuzz(shop.address, examples=examples, key=make_key()),
        }
    if any(figure["failures"] or figure["errors"] for figure in figures.values()):
        print(json.dumps(figures), file=sys.stderr)
        sys.exit(1)
    return figures


def fuzz(address: str, *, examples: int, key: str = "") -> dict[str, Any]:
    """Run schemathesis once; return how many requests it sent, and how many failed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/schema/"]
        command += ["--checks", "all", "--max-examples", str(examples), "--continue-on-failure"]
        command += ["--report", "json", "--report-json-path", str(report)]
        command += ["--header", f"Authorization: Bearer {key}"] if key else []
        subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)
        return counted(json.loads(report.read_text(encoding="utf-8")))


def counted(report: dict[str, Any]) -> dict[str, Any]:
    """Return what a report of schemathesis sums up to."""
    cases = report["test_cases"]
    return {
        "endpoints": report["operations"]["tested"],
        "requests": cases["generated"],
        "failures": cases["with_failures"],
        "errors": cases["errored"] + len(report["errors"]),
        "5xx": sum(each["count"] for each in report["failures"] if each["title"] == SERVER_ERROR),
    }


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what the command line may say."""
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="for each endpoint")


if __name__ == "__main__":
    tell(measure, description=__doc__, configure=configure)
