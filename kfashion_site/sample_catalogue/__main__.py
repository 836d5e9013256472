"""`python -m kfashion_site.sample_catalogue DIR`: draws the sample catalogue into a folder."""

import argparse
import sys
from pathlib import Path

from .catalogue import draw_catalogue


def main() -> int:
    """Parse the arguments, draw, and print where the catalogue lies."""
    parser = argparse.ArgumentParser(
        prog="python -m kfashion_site.sample_catalogue", description=__doc__
    )
    parser.add_argument("directory", type=Path, help="folder to draw into; created if absent")
    parser.add_argument(
        "--per-style", type=int, default=20, help="products in each of the 23 styles"
    )
    parser.add_argument("--workers", type=int, default=None, help="processes; two unless given")
    arguments = parser.parse_args()

    try:
        table = draw_catalogue(
            arguments.directory,
            per_style=arguments.per_style,
            workers=arguments.workers,
            on_progress=_show if sys.stderr.isatty() else None,
        )
    except OSError as error:
        sys.stderr.write(f"The sample catalogue could not be written: {error}\n")
        return 1
    sys.stdout.write(f"{table}\n")
    return 0


def _show(done: int, total: int) -> None:
    end = "\n" if done == total else ""
    sys.stderr.write(f"\rDrawing the sample catalogue: {done} of {total}{end}")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
