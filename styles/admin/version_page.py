"""What the pages of model versions show: figures, curves, confusion, two versions side by side.

Called by the admin of model versions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from styles.models import ModelVersion
from styles.report_page import LOWER_IS_BETTER, describe_history
from styles.report_words import FIGURES, name_label, name_label_set, percent, points
from styles.reports import NUMBERS_FILE, find_report, read_report

SHOWN_FIGURES = ("accuracy", "top_3", "macro_f1")
# With more classes the columns of a confusion matrix are numbered, and its cells drawn smaller.
ROOMY_CLASSES = 16
SHADES = 10
Metrics = Mapping[str, Mapping[str, float]]


def describe_version(version: ModelVersion) -> dict[str, Any]:
    """Return what a version's page shows beside its fields."""
    prefix = find_report(version)
    numbers = json.loads(read_report(prefix, NUMBERS_FILE)) if prefix else {}
    return {
        "metrics": _describe_metrics(version.metrics),
        "history": describe_history(version.metadata.get("history", [])),
        "has_report": bool(prefix),
        "evaluated": _describe_metrics(numbers.get("label_sets", {})),
        "confusions": [
            _describe_confusion(name, card) for name, card in numbers.get("label_sets", {}).items()
        ],
    }


def compare_versions(first: ModelVersion, second: ModelVersion) -> dict[str, Any]:
    """Return what the page of two versions side by side shows; ``first`` is the elder."""
    return {
        "versions": [first, second],
        "facts": [
            {"name": name, "values": values, "differs": values[0] != values[1]}
            for name, values in _facts(first, second)
        ],
        "figures": list(_differences(first.metrics, second.metrics)),
        "histories": [
            {"version": version, "history": describe_history(version.metadata.get("history", []))}
            for version in (first, second)
        ],
    }


def _describe_metrics(metrics: Metrics) -> list[dict[str, Any]]:
    return [
        {
            "name": name_label_set(label_set),
            "photos": round(scores["count"]),
            "accuracy": percent(scores["accuracy"]),
            "accuracy_share": f"{scores['accuracy']:.4f}",
            "top_3": percent(scores["top_3"]),
            "macro_f1": percent(scores["macro_f1"]),
            "majority": percent(scores["majority_baseline"]),
        }
        for label_set, scores in metrics.items()
    ]


def _describe_confusion(label_set: str, card: Mapping[str, Any]) -> dict[str, Any]:
    """Return the matrix without the classes that neither occur nor are predicted."""
    counts: Sequence[Sequence[int]] = card["confusion"]
    predicted = [sum(column) for column in zip(*counts, strict=True)]
    met = [place for place, row in enumerate(counts) if sum(row) or predicted[place]]
    names = [name_label(label_set, card["classes"][place]["code"]) for place in met]
    return {
        "name": name_label_set(label_set),
        "is_dense": len(met) > ROOMY_CLASSES,
        "columns": [{"number": n, "name": name} for n, name in enumerate(names, start=1)],
        "rows": [
            {
                "number": number,
                "name": names[number - 1],
                "cells": [
                    _cell(counts[row][column], sum(counts[row]), is_right=row == column)
                    for column in met
                ],
            }
            for number, row in enumerate(met, start=1)
            if sum(counts[row])
        ],
        "pairs": [
            {
                "true": name_label(label_set, pair["true"]),
                "predicted": name_label(label_set, pair["predicted"]),
                "count": pair["count"],
                "share": percent(pair["share"]),
            }
            for pair in card["confused_pairs"]
        ],
    }


def _cell(count: int, total: int, *, is_right: bool) -> dict[str, Any]:
    share = count / total
    # A style sheet colours so many shades: the page allows no style of a single cell.
    shade = max(1, round(SHADES * share)) if count else 0
    return {
        "count": count,
        "share": percent(share),
        "kind": f"{'right' if is_right else 'wrong'} shade-{shade}" if count else "",
    }


def _facts(*versions: ModelVersion) -> list[tuple[str, list[str]]]:
    parity = [version.metadata.get("parity", {}) for version in versions]
    return [
        (_("Status"), [version.get_status_display() for version in versions]),
        (_("Backbone"), [version.backbone for version in versions]),
        (_("Photo side, pixels"), [str(v.metadata.get("input_size", "—")) for v in versions]),
        (_("Epochs"), [str(len(v.metadata.get("history", []))) for v in versions]),
        (
            _("Learnt to name"),
            [
                ", ".join(f"{name_label_set(n)} ({len(c)})" for n, c in v.label_sets.items())
                for v in versions
            ],
        ),
        (_("Same first label after the export"), [_agreement(found) for found in parity]),
    ]


def _agreement(parity: Mapping[str, Any]) -> str:
    shares = parity.get("top_1_agreement", {})
    return ", ".join(f"{name_label_set(n)} {percent(share)}" for n, share in shares.items()) or "—"


def _differences(before: Metrics, after: Metrics) -> list[dict[str, Any]]:
    """Return each figure of both; a difference only where both have it, in points."""
    rows = []
    for label_set in dict.fromkeys([*before, *after]):
        for figure in SHOWN_FIGURES:
            old = before.get(label_set, {}).get(figure)
            new = after.get(label_set, {}).get(figure)
            gain = None if old is None or new is None else 100 * (new - old)
            rows.append(
                {
                    "label_set": name_label_set(label_set),
                    "figure": FIGURES[figure],
                    "values": ["—" if value is None else percent(value) for value in (old, new)],
                    "points": "—" if gain is None else points(gain),
                    "verdict": _verdict(figure, gain),
                }
            )
    return rows


def _verdict(figure: str, gain: float | None) -> str:
    if not gain:
        return ""
    is_better = gain < 0 if figure in LOWER_IS_BETTER else gain > 0
    return "better" if is_better else "worse"
