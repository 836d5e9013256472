"""What came of jobs as people read it, by kind; for their pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from styles.activation_jobs import ACTIVATE
from styles.admin.exam_table import render_exam
from styles.evaluation_jobs import EVALUATE
from styles.models import Job
from styles.reclustering_jobs import RECLUSTER
from styles.report_words import name_label_set, percent
from styles.training_jobs import TRAIN

Facts = list[tuple[str, Any]]


def as_text(value: Any) -> str:
    """Return parameters or a result as people read them best where nothing is known of them."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return format_html('<pre class="job-json">{}</pre>', text) if value else "—"


def render_result(job: Job) -> SafeString | str:
    """Return what came of a job, with all of its figures folded away below."""
    describe = _DESCRIPTIONS.get(job.kind)
    if not job.result or describe is None:
        return as_text(job.result)
    return render_to_string(
        "admin/styles/job/_result.html",
        {
            "facts": describe(job.result),
            "exam": render_exam(job.result.get("comparison") or {}),
            "all": as_text(job.result),
        },
    )


# Rows of earlier releases, and of work that turned out to be done, lack some of the figures.
def _describe_activation(result: Mapping[str, Any]) -> Facts:
    counts = result.get("embedding", {})
    clusters = result.get("clusters") or {}
    return _known(
        (_("Photos embedded"), counts.get("embedded")),
        (_("Embedded before"), counts.get("skipped")),
        (_("Could not be read"), counts.get("failed")),
        (_("Groups"), len(clusters["clusters"]) if clusters else None),
    )


def _describe_training(result: Mapping[str, Any]) -> Facts:
    scores = result.get("metrics", {})
    return [
        *_known(
            (_("Photos learnt from"), result.get("trained")),
            (_("Photos held out"), result.get("held_out")),
        ),
        *_accuracies({name: score["accuracy"] for name, score in scores.items()}),
    ]


def _describe_evaluation(result: Mapping[str, Any]) -> Facts:
    return [
        *_known((_("Photos"), result.get("photos"))),
        *_accuracies(result.get("accuracy", {})),
    ]


def _describe_reclustering(result: Mapping[str, Any]) -> Facts:
    return _known(
        (_("Products"), result.get("products")),
        (_("Groups"), len(result.get("clusters", ())) or None),
        (_("Change their group"), result.get("moved")),
    )


def _known(*facts: tuple[str, Any]) -> Facts:
    return [(name, value) for name, value in facts if value is not None]


def _accuracies(shares: Mapping[str, float]) -> Facts:
    return [
        (
            _("Accuracy: %(label_set)s") % {"label_set": name_label_set(name)},
            percent(share),
        )
        for name, share in shares.items()
    ]


_DESCRIPTIONS: Mapping[str, Callable[[Mapping[str, Any]], Facts]] = {
    ACTIVATE: _describe_activation,
    EVALUATE: _describe_evaluation,
    RECLUSTER: _describe_reclustering,
    TRAIN: _describe_training,
}
