"""What the page of a report shows of one label set: rows, cells, charts and photos, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from styles.charts import draw_reliability
from styles.ml.calibration import Calibration
from styles.ml.metrics import ClassScores
from styles.ml.scorecards import Scorecard, Sighting
from styles.report_words import name_label, name_label_set, percent

# With more classes than these the cells of a confusion matrix are drawn smaller, and smaller yet.
ROOMY_CLASSES = 25
DENSE_CLASSES = 40
# Below this difference confidence and accuracy are called the same.
SAME_SHARE = 0.02


def describe_label_set(
    name: str, card: Scorecard, *, codes: Sequence[str], photos: Mapping[int, str]
) -> dict[str, Any]:
    """Return what the page says of a label set; `photos` are data addresses by place."""
    named = {code: name_label(name, code) for code in codes}
    most_frequent = max(card.classes, key=lambda scores: scores.support).code
    return {
        "name": name_label_set(name),
        "anchor": f"label-set-{name}",
        "count": card.count,
        "right": round(card.accuracy * card.count),
        "accuracy": percent(card.accuracy),
        "top_3": percent(card.top_3),
        "macro_f1": percent(card.macro_f1),
        "majority": percent(card.majority_baseline),
        "most_frequent": named[most_frequent],
        "accuracy_share": round(100 * card.accuracy, 1),
        "majority_share": round(100 * card.majority_baseline, 1),
        "classes": [_class_row(scores, named) for scores in card.classes if scores.support],
        "averages": _averages(card),
        "confusion": _confusion(card, named),
        "pairs": [
            {
                "true": named[pair.true],
                "predicted": named[pair.predicted],
                "count": pair.count,
                "share": percent(pair.share),
            }
            for pair in card.confused_pairs
        ],
        "calibration": _calibration(card.calibration),
        "mistakes": [_photo(sighting, named, photos) for sighting in card.mistakes],
        "least_certain": [_photo(sighting, named, photos) for sighting in card.least_certain],
    }


def _class_row(scores: ClassScores, named: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": named[scores.code],
        "precision": f"{scores.precision:.3f}",
        "recall": f"{scores.recall:.3f}",
        "f1": f"{scores.f1:.3f}",
        "f1_share": round(100 * scores.f1, 1),
        "support": scores.support,
    }


def _averages(card: Scorecard) -> list[dict[str, Any]]:
    """Return the means over the classes that occur or are predicted, plain and by support."""
    columns = np.array(card.confusion).sum(axis=0)
    met = [scores for scores, said in zip(card.classes, columns, strict=True)
           if scores.support or said]  # fmt: skip
    figures = np.array([(scores.precision, scores.recall, scores.f1) for scores in met])
    support = np.array([scores.support for scores in met])
    rows = (
        (_("Mean of the classes"), figures.mean(axis=0)),
        (_("Mean weighted by photos"), np.average(figures, axis=0, weights=support)),
    )
    return [
        {
            "name": name,
            "precision": f"{means[0]:.3f}",
            "recall": f"{means[1]:.3f}",
            "f1": f"{means[2]:.3f}",
            "support": int(support.sum()),
        }
        for name, means in rows
    ]


def _confusion(card: Scorecard, named: Mapping[str, str]) -> dict[str, Any]:
    """Return the matrix without the classes that neither occur nor are predicted."""
    counts = np.array(card.confusion)
    met = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))
    names = [named[card.classes[index].code] for index in met]
    counts = counts[np.ix_(met, met)]
    return {
        "dense": len(met) > ROOMY_CLASSES,
        "fit": "dense packed"
        if len(met) > DENSE_CLASSES
        else "dense"
        if len(met) > ROOMY_CLASSES
        else "",
        "names": [{"number": number, "name": name} for number, name in enumerate(names, start=1)],
        "rows": [
            {
                "number": place + 1,
                "name": names[place],
                "cells": [
                    _cell(int(count), int(row.sum()), right=place == column)
                    for column, count in enumerate(row)
                ],
            }
            for place, row in enumerate(counts)
            if row.sum()
        ],
    }


def _cell(count: int, total: int, *, right: bool) -> dict[str, Any]:
    share = count / total
    return {
        "count": count,
        "share": f"{100 * share:.0f}%",
        "kind": ("right" if right else "wrong") + (" strong" if share >= 0.5 else ""),
        # Between the two ranges neither dark nor light figures could be read on the colour.
        "tint": round(88 + 24 * (share - 0.5) if share >= 0.5 else 10 + 50 * share),
    }


def _calibration(calibration: Calibration) -> dict[str, Any]:
    return {
        "error": percent(calibration.expected_error),
        "largest": percent(calibration.largest_error),
        "confidence": percent(calibration.confidence),
        "accuracy": percent(calibration.accuracy),
        "verdict": _verdict(calibration.confidence - calibration.accuracy),
        "chart": mark_safe(  # noqa: S308 - drawn here, of numbers and escaped words
            draw_reliability(
                calibration.bins,
                description=_("Accuracy against confidence; the table below has the numbers."),
                confidence_title=_("confidence"),
                accuracy_title=_("accuracy"),
                photos_title=_("share of the photos"),
            )
        ),
        "bins": [
            {
                "range": f"{100 * found.lower:.0f}\N{EN DASH}{100 * found.upper:.0f}%",
                "count": found.count,
                "confidence": percent(found.confidence),
                "accuracy": percent(found.accuracy),
            }
            for found in calibration.bins
            if found.confidence is not None and found.accuracy is not None
        ],
    }


def _verdict(excess: float) -> str:
    if excess > SAME_SHARE:
        return _("It is right less often than it says.")
    if excess < -SAME_SHARE:
        return _("It is right more often than it says.")
    return _("It is right about as often as it says.")


def _photo(
    sighting: Sighting, named: Mapping[str, str], photos: Mapping[int, str]
) -> dict[str, Any]:
    words = {"true": named[sighting.true], "predicted": named[sighting.predicted]}
    right = sighting.true == sighting.predicted
    return {
        **words,
        "key": sighting.key,
        "address": photos.get(sighting.photo),
        "probability": percent(sighting.probability),
        "true_probability": percent(sighting.true_probability),
        "alt": _("Photo of: %(true)s") % words
        if right
        else _("Photo of: %(true)s, taken for: %(predicted)s") % words,
    }
