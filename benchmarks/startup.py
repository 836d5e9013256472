"""From nothing to an open shop: what `make run` takes once its dependencies are installed.

    python -m benchmarks.startup [--json]

Opens the drawn shop twice in an empty folder, then the real catalogue where it is present.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from benchmarks.figures import tell
from benchmarks.running_shop import CATALOGUE, running_shop


def measure() -> dict[str, Any]:
    """Return seconds from the call of the launcher to the first answer of the shop."""
    with tempfile.TemporaryDirectory(prefix="kfashion-startup-") as folder:
        state = Path(folder)
        state.chmod(0o711)  # Services that may not run as root have to pass.
        figures = {
            "drawn catalogue, first s": opened_after(None, state=state),
            "drawn catalogue, second s": opened_after(None, state=state),
        }
        if CATALOGUE.exists():
            figures["real catalogue, first s"] = opened_after(CATALOGUE, state=state)
            figures["real catalogue, second s"] = opened_after(CATALOGUE, state=state)
        return figures


def opened_after(catalogue: Path | None, *, state: Path) -> float:
    """Open and close a shop; return the seconds until it answered."""
    with running_shop(catalogue, state=state) as shop:
        return round(shop.opened_after_seconds, 1)


if __name__ == "__main__":
    tell(measure, description=__doc__)
