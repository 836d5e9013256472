"""Runs benchmarks and writes their figures to benchmarks/results.md; `make bench` runs all.

python -m benchmarks [NAME ...]
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import flat

NAMES = (
    "startup",
    "predictor",
    "street_to_shop",
    "cut_off",
    "learning",
    "cluster_classifier",
    "embedding",
    "image_search",
    "api",
    "pages",
    "catalogue_import",
    "vector_search",
    "recluster",
    "change_under_load",
)
RESULTS = Path(__file__).with_name("results.md")
HEADING = "# Benchmark results\n\nMachines are noisy: compare ratios within a run.\n"


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; return the exit status."""
    sections, failed = recorded(), []
    for name in names or NAMES:
        print(f"== {name}", flush=True)
        finished = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", "--json"],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if finished.returncode:
            failed.append(name)
            continue
        figures = json.loads(finished.stdout.splitlines()[-1])
        rows = "\n".join(f"| {figure} | {value} |" for figure, value in flat(figures))
        print(rows, flush=True)
        sections[name] = f"{conditions()}\n\n| figure | value |\n|---|---|\n{rows}"
        write(sections)
    if failed:
        print(f"Failed, figures left as they were: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def conditions() -> str:
    """Return when and on what a benchmark was run."""
    return (
        f"`python -m benchmarks` on {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores "
        f"({platform.machine()}), Python {platform.python_version()}."
    )


def recorded() -> dict[str, str]:
    """Return the sections of the results file by name of the benchmark."""
    if not RESULTS.exists():
        return {}
    _, *parts = RESULTS.read_text(encoding="utf-8").split("\n## ")
    named = (part.split("\n", 1) for part in parts)
    return {name: body.strip() for name, body in named}


def write(sections: dict[str, str]) -> None:
    """Write the results file, benchmarks in their usual order."""
    body = "".join(f"\n## {name}\n\n{sections[name]}\n" for name in NAMES if name in sections)
    RESULTS.write_text(f"{HEADING}{body}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
