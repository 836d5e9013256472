"""Import of the real catalogue into an empty shop, twice: the second run finds nothing to do.

    python -m benchmarks.catalogue_import [--json]

No model version is there yet, so that nothing but the import is measured.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import Any

from benchmarks.figures import tell
from benchmarks.running_shop import CATALOGUE, require_shared_data
from benchmarks.shop import temporary_shop


def measure() -> dict[str, Any]:
    """Return seconds and rows a second of both runs, their ratio, and the memory they took."""
    require_shared_data()
    with temporary_shop():
        from products.importers import import_catalogue

        began = time.perf_counter()
        first = import_catalogue(CATALOGUE)
        halfway = time.perf_counter()
        second = import_catalogue(CATALOGUE)
        ended = time.perf_counter()
    assert (second.unchanged, second.images_added) == (first.created, 0), "not repeatable"
    return {
        "rows": first.created,
        "failed rows": first.failed,
        "first run s": round(halfway - began, 1),
        "first run rows/s": round(first.created / (halfway - began)),
        "second run s": round(ended - halfway, 1),
        "second run rows/s": round(second.unchanged / (ended - halfway)),
        "second to first": f"{(halfway - began) / (ended - halfway):.1f} times faster",
        "peak memory MB": _peak_memory_bytes() // 2**20,
    }


def _peak_memory_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    tell(measure, description=__doc__)
