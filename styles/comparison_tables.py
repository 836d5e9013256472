"""The tables of a comparison as Markdown and CSV, from its plain values; for comparison.py."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

BYTES_PER_MEGABYTE = 1_000_000
PARTS = ("train", "validation", "test")

Row = Sequence[str]


def to_markdown(comparison: Mapping[str, Any]) -> str:
    """Return all tables with a line on what they were measured on."""
    return "\n".join([*describe_comparison(comparison), ""])


def describe_comparison(comparison: Mapping[str, Any]) -> Iterator[str]:
    """Yield the tables as lines of Markdown, which read well on a terminal too."""
    photos = ", ".join(f"{count} {part}" for part, count in comparison["photos"].items())
    yield (
        f"{comparison['label_set']}: {len(comparison['classes'])} classes, photos: {photos}; "
        f"guessing the most frequent class: {comparison['majority']:.4f}"
    )
    yield ""
    yield from _table(*_backbones(comparison["backbones"]))
    for one in comparison["unavailable"]:
        yield f"{one['backbone']} was left out: {one['reason']}"
    for title, name in (("batch size", "batch_sizes"), ("number of epochs", "epochs")):
        if comparison[name]:
            yield ""
            yield f"{comparison['swept']} by {title}"
            yield ""
            yield from _table(*_swept(comparison[name]))
    if comparison["skipped"]:
        yield ""
        yield f"{len(comparison['skipped'])} photos could not be read and were skipped."


def to_csv(comparison: Mapping[str, Any]) -> str:
    """Return every row of every table in one CSV file; its first column names the table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["table", "backbone", "batch_size", "epochs"]
        + [f"{part}_{figure}" for part in PARTS for figure in ("accuracy", "loss")]
        + ["parameters", "artifact_bytes", "latency_milliseconds"]
        + ["features_seconds", "head_seconds"]
    )
    for row in comparison["backbones"]:
        figures = ("parameters", "artifact_bytes", "latency_milliseconds")
        times = ("features_seconds", "head_seconds")
        writer.writerow(
            ["backbones", row["backbone"], "", len(row["history"]), *_scores(row)]
            + [row[name] for name in (*figures, *times)]
        )
    for name in ("batch_sizes", "epochs"):
        for row in comparison[name]:
            writer.writerow(
                [name, comparison["swept"], row["batch_size"], row["epochs"], *_scores(row)]
                + [""] * 5
            )
    return text.getvalue()


def _backbones(rows: Sequence[Mapping[str, Any]]) -> tuple[Row, list[Row]]:
    titles = [
        "backbone", "train acc.", "loss", "val. acc.", "loss", "test acc.", "loss",
        "parameters (M)", "int8 (MB)", "one photo (ms)", "features (s)", "head (s)",
    ]  # fmt: skip
    return titles, [
        [
            row["backbone"],
            *(_figure(score) for score in _scores(row)),
            f"{row['parameters'] / 1e6:.2f}",
            f"{row['artifact_bytes'] / BYTES_PER_MEGABYTE:.2f}",
            f"{row['latency_milliseconds']:.2f}",
            f"{row['features_seconds']:.1f}",
            f"{row['head_seconds']:.1f}",
        ]
        for row in rows
    ]


def _swept(rows: Sequence[Mapping[str, Any]]) -> tuple[Row, list[Row]]:
    titles = ["batch size", "epochs", "train acc.", "loss", "val. acc.", "loss"]
    return titles, [
        [str(row["batch_size"]), str(row["epochs"]), *map(_figure, _scores(row)[:4])]
        for row in rows
    ]


def _scores(row: Mapping[str, Any]) -> list[float | str]:
    """Return accuracy and loss of each part, "" where it has no photos."""
    return [
        (row.get(part) or {}).get(figure, "") for part in PARTS for figure in ("accuracy", "loss")
    ]


def _figure(value: float | str) -> str:
    return f"{value:.4f}" if isinstance(value, float) else "-"


def _table(titles: Row, rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    yield _line(titles, widths)
    yield "|" + "|".join("-" * (width + 1) + ":" for width in widths) + "|"
    for row in rows:
        yield _line(row, widths)


def _line(cells: Row, widths: Sequence[int]) -> str:
    padded = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    return "| " + " | ".join(padded) + " |"
