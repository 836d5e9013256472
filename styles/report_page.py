"""Makes the page of a report, one HTML file that needs nothing else; called by ``reports``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from styles.charts import Line, draw_lines
from styles.report_tables import describe_label_set
from styles.report_words import (
    FIGURES,
    STAGES,
    name_label,
    name_label_set,
    percent,
    points,
)

if TYPE_CHECKING:
    from styles.evaluation import Evaluation
    from styles.retrieval import RetrievalFigures

SHOWN_SKIPPED = 50
# The bar that an export is held to: at most half a point below the float model.
TOLERATED_POINTS = 0.5
LOWER_IS_BETTER = {"calibration_error"}


def render_report(evaluation: Evaluation, *, photos: Mapping[int, str], language: str) -> str:
    """Return the page in a language.

    Args:
        photos: place of a photo among those evaluated -> its thumbnail as a ``data:`` address.
        language: ``ko`` or ``en``.
    """
    with override(language):
        return render_to_string(
            "styles/report.html",
            {
                "evaluation": evaluation,
                "language": language,
                "label_sets": [
                    describe_label_set(
                        name,
                        card,
                        codes=[scores.code for scores in card.classes],
                        photos=photos,
                    )
                    for name, card in evaluation.label_sets.items()
                ],
                "retrieval": [_describe_retrieval(found) for found in evaluation.retrieval],
                "history": describe_history(evaluation.history),
                "comparison": _describe_comparison(evaluation),
                "agreement": [
                    (name_label_set(name), percent(share))
                    for name, share in evaluation.parity.get("top_1_agreement", {}).items()
                ],
                "sizes": [
                    (name, f"{size / 1e6:.1f}") for name, size in evaluation.artifact_bytes.items()
                ],
                "unlearnt": _describe_unlearnt(evaluation),
                "skipped": evaluation.skipped[:SHOWN_SKIPPED],
                "skipped_more": max(len(evaluation.skipped) - SHOWN_SKIPPED, 0),
                "trained_at": _time(evaluation.trained_at),
                "evaluated_at": _time(evaluation.evaluated_at),
            },
        )


def _time(iso: str) -> str:
    moment = localtime(datetime.fromisoformat(iso))
    return f"{date_format(moment, 'DATE_FORMAT')} {moment:%H:%M} ({moment.tzname()})"


def _describe_retrieval(found: RetrievalFigures) -> dict[str, Any]:
    asking, answering = name_label_set(found.asking), name_label_set(found.answering)
    figures = found.figures
    return {
        "title": asking if found.source == "own" else f"{asking} → {answering}",
        "across": found.source != "own",
        "from_file": found.source == "file",
        "queries": figures.queries,
        "gallery": figures.gallery,
        "unanswerable": figures.unanswerable,
        "precision_at_1": percent(figures.precision_at_1),
        "precision_at_10": percent(figures.precision_at_10),
        "mean_average_precision": percent(figures.mean_average_precision),
        "chance": percent(figures.chance),
        "labels": [
            {
                "name": name_label(found.asking, own.label),
                "queries": own.queries,
                "right": own.right,
                "precision_at_10": percent(own.precision_at_10),
                "share": round(100 * own.precision_at_10, 1),
                "answers": ", ".join(
                    name_label(found.answering, code) for code in found.answers.get(own.label, ())
                ),
            }
            for own in figures.by_label
        ],
    }


def describe_history(history: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return the curves of training, drawn and as a table; None where none were noted."""
    if not history:
        return None
    columns = [
        name
        for name in dict.fromkeys(name for row in history for name in row)
        if any(isinstance(row.get(name), float) for row in history)
    ]
    label_sets = dict.fromkeys(
        name.removesuffix("_accuracy").removeprefix("val_")
        for name in columns
        if name.endswith("_accuracy")
    )
    charts = [_curves(history, "", {"loss": _("Loss")}, percentages=False)]
    for label_set in label_sets:
        kinds = {"accuracy": _("Accuracy"), "macro_f1": _("Macro F1")}
        charts.append(_curves(history, f"{label_set}_", kinds, percentages=True))
        charts[-1]["title"] = name_label_set(label_set)
    return {
        "charts": [chart for chart in charts if chart["lines"]],
        "columns": columns,
        "rows": [
            {
                "stage": STAGES.get(row.get("stage", ""), row.get("stage", "")),
                "epoch": row.get("epoch", number),
                "values": ["" if row.get(name) is None else f"{row[name]:.4f}" for name in columns],
            }
            for number, row in enumerate(history, start=1)
        ],
    }


def _curves(
    history: Sequence[Mapping[str, Any]],
    prefix: str,
    kinds: Mapping[str, str],
    *,
    percentages: bool,
) -> dict[str, Any]:
    """Return a chart of trained (dashed) and validation values, a colour a kind of value."""
    lines = []
    for number, (kind, title) in enumerate(kinds.items(), start=1):
        for start, part, dashed in (("", _("training"), True), ("val_", _("validation"), False)):
            column = f"{start}{prefix}{kind}"
            values = [
                (float(place), float(row[column]))
                for place, row in enumerate(history, start=1)
                if row.get(column) is not None
            ]
            if values:
                lines.append(Line(f"{title}, {part}", values, number, dashed))
    stages = [
        (float(rows[0][0]), str(STAGES.get(stage, stage)))
        for stage, group in groupby(
            enumerate(history, start=1), key=lambda row: str(row[1].get("stage", ""))
        )
        for rows in [list(group)]
    ]
    return {
        "title": next(iter(kinds.values())),
        "lines": lines,
        "svg": mark_safe(  # noqa: S308 - drawn here, of numbers and escaped words
            draw_lines(
                lines,
                description=_("Curves over the epochs; the table below has the numbers."),
                x_title=_("epoch"),
                percent=percentages,
                stages=stages if len(stages) > 1 else (),
            )
        ),
    }


def _describe_comparison(evaluation: Evaluation) -> list[dict[str, Any]]:
    rows = []
    for one in evaluation.comparison:
        about = name_label_set(one.asking)
        if one.answering not in ("", one.asking):
            about = f"{about} → {name_label_set(one.answering)}"
        worse = one.points if one.figure in LOWER_IS_BETTER else -one.points
        rows.append(
            {
                "about": about,
                "figure": FIGURES[one.figure],
                "served": percent(one.served),
                "trained": percent(one.trained),
                "points": points(one.points),
                "worse": worse > TOLERATED_POINTS,
            }
        )
    return rows


def _describe_unlearnt(evaluation: Evaluation) -> list[dict[str, Any]]:
    return [
        {
            "name": name_label_set(label_set),
            "codes": ", ".join(
                f"{name_label(label_set, code)} ({count})" for code, count in codes.items()
            ),
            "wholly": label_set not in evaluation.label_sets,
        }
        for label_set, codes in evaluation.unlearnt.items()
    ]
