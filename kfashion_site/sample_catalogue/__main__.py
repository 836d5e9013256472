"""`python -m kfashion_site.sample_catalogue DIR`: draw the sample catalogue from the command line."""

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

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(
                f"\rDrawing the sample catalogue: {done} of {total}",
                end="",
                file=sys.stderr,
                flush=True,
            )

    try:
        table = draw_catalogue(
            arguments.directory,
            per_style=arguments.per_style,
            workers=arguments.workers,
            on_progress=show,
        )
    except OSError as error:
        print(f"The sample catalogue could not be written: {error}", file=sys.stderr)
        return 1
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
