"""The tables of a comparison, from plain values checked by hand."""

from __future__ import annotations

import csv
import io
from typing import Any

from styles.comparison_tables import describe_comparison, to_csv, to_markdown


def comparison() -> dict[str, Any]:
    half = {"accuracy": 0.5, "loss": 1.25}
    return {
        "label_set": "garment",
        "classes": ["hat", "shoes"],
        "photos": {"train": 8, "validation": 1, "test": 0},
        "majority": 0.625,
        "backbones": [
            {
                "backbone": "resnet50",
                "train": {"accuracy": 1.0, "loss": 0.125},
                "validation": half,
                "test": None,
                "parameters": 23_500_000,
                "artifact_bytes": 24_100_000,
                "latency_milliseconds": 31.5,
                "features_seconds": 12.0,
                "head_seconds": 1.5,
                "history": [{}, {}],
            }
        ],
        "unavailable": [{"backbone": "vgg16", "reason": "No weights."}],
        "swept": "resnet50",
        "batch_sizes": [{"batch_size": 16, "epochs": 10, "train": half, "validation": half}],
        "epochs": [],
        "skipped": [{"key": "a.png", "code": "image_truncated"}],
    }


def test_tables_are_markdown_and_a_part_without_photos_is_a_dash() -> None:
    lines = list(describe_comparison(comparison()))
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    assert cells[2] == [
        "resnet50", "1.0000", "0.1250", "0.5000", "1.2500", "-", "-",
        "23.50", "24.10", "31.50", "12.0", "1.5",
    ]  # fmt: skip
    assert cells[-1] == ["16", "10", "0.5000", "1.2500", "0.5000", "1.2500"]
    assert {line.count("|") for line in lines if "|" in line} == {13, 7}
    assert "vgg16 was left out: No weights." in lines
    assert "resnet50 by batch size" in lines
    assert not any("number of epochs" in line for line in lines)
    assert lines[-1] == "1 photos could not be read and were skipped."
    assert to_markdown(comparison()).splitlines() == lines


def test_one_csv_file_holds_every_row() -> None:
    first, second = csv.DictReader(io.StringIO(to_csv(comparison())))
    assert (first["table"], first["backbone"], first["epochs"]) == ("backbones", "resnet50", "2")
    assert (first["train_accuracy"], first["test_accuracy"]) == ("1.0", "")
    assert (first["artifact_bytes"], first["head_seconds"]) == ("24100000", "1.5")
    assert (second["table"], second["batch_size"], second["epochs"]) == ("batch_sizes", "16", "10")
    assert (second["validation_loss"], second["artifact_bytes"]) == ("1.25", "")
