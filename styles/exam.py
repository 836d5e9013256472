"""The exam of a model version before it serves: how its answers differ from the serving version's.

Called by the activation. Both versions answer the same stored example queries; the figures are kept
with the version, for people to read in the terminal and in the admin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from styles import conf
from styles.catalogue import ExamAnswer, ExamQuestion, OnProgress, get_catalogue
from styles.models import ModelVersion

QUESTIONS = 200
ANSWERS = 10
MOST_CHANGED = 5


@dataclass(frozen=True)
class ChangedAnswer:
    """A question that the two versions answer differently, with the products found, as skus."""

    question: dict[str, str]
    overlap: float
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class ExamReport:
    """How two versions' answers compare over ``questions`` questions.

    Attributes:
        model_version: number of the version that serves.
        questions: how many both could answer.
        photos: how many of them are photos of shoppers.
        mean_overlap: share of the nearest ten products that both found, 0 to 1.
        same_first: share of questions whose first product is the same, 0 to 1.
        same_type_before: share of products found by the serving version that are of the type of
            the question's product; None where no question has a type.
        same_type_after: the same for the version examined.
        changed: the questions whose answers changed most.
    """

    model_version: int
    questions: int
    photos: int
    mean_overlap: float
    same_first: float
    same_type_before: float | None
    same_type_after: float | None
    changed: tuple[ChangedAnswer, ...]


def examine(
    model_version: ModelVersion,
    *,
    serving: ModelVersion,
    on_progress: OnProgress,
) -> ExamReport | None:
    """Have two versions answer the same questions and keep the report with the one examined.

    The questions are stored before the first is answered, so that an exam that was interrupted, or
    is held again, asks the same; those of the exam before are asked again where they still exist.

    Returns:
        The report, or None where there is nothing to ask, as in an empty shop.
    """
    catalogue = get_catalogue()
    questions = _questions(model_version, serving=serving)
    total = 2 * len(questions)
    before = catalogue.answers(
        questions,
        model_version=serving,
        limit=ANSWERS,
        on_progress=lambda done, _: on_progress(done, total),
    )
    after = catalogue.answers(
        questions,
        model_version=model_version,
        limit=ANSWERS,
        on_progress=lambda done, _: on_progress(len(questions) + done, total),
    )
    report = compare_answers(questions, before, after, serving=serving)
    if report is not None:
        model_version.comparison = {**model_version.comparison, **asdict(report)}
        model_version.save(update_fields=["comparison"])
    return report


def compare_answers(
    questions: Sequence[ExamQuestion],
    before: Sequence[ExamAnswer | None],
    after: Sequence[ExamAnswer | None],
    *,
    serving: ModelVersion,
) -> ExamReport | None:
    """Return the figures over the questions that both versions answered; None if there is none."""
    answered = [
        (question, old, new)
        for question, old, new in zip(questions, before, after, strict=True)
        if old is not None and new is not None and (old.skus or new.skus)
    ]
    if not answered:
        return None
    changes = sorted(
        (
            ChangedAnswer(_named(question), _overlap(old.skus, new.skus), old.skus, new.skus)
            for question, old, new in answered
        ),
        key=lambda change: change.overlap,
    )
    return ExamReport(
        model_version=serving.number,
        questions=len(answered),
        photos=sum(bool(question.search) for question, _, _ in answered),
        mean_overlap=round(fmean(change.overlap for change in changes), 4),
        same_first=round(fmean(old.skus[:1] == new.skus[:1] for _, old, new in answered), 4),
        same_type_before=_same_type([old for _, old, _ in answered]),
        same_type_after=_same_type([new for _, _, new in answered]),
        changed=tuple(change for change in changes[:MOST_CHANGED] if change.overlap < 1),
    )


def _questions(model_version: ModelVersion, *, serving: ModelVersion) -> list[ExamQuestion]:
    stored = model_version.comparison.get("asked") or serving.comparison.get("asked") or []
    questions = get_catalogue().questions(
        serving,
        count=QUESTIONS,
        seed=conf.get("SEED"),
        kept=[ExamQuestion(**question) for question in stored],
    )
    model_version.comparison = {"asked": [_named(question) for question in questions]}
    model_version.save(update_fields=["comparison"])
    return list(questions)


def _named(question: ExamQuestion) -> dict[str, Any]:
    return {name: value for name, value in asdict(question).items() if value}


def _overlap(before: Sequence[str], after: Sequence[str]) -> float:
    return len(set(before) & set(after)) / max(len(before), len(after))


def _same_type(answers: Sequence[ExamAnswer]) -> float | None:
    """Return the share of products found that are of their question's type."""
    matches = [
        product_type == answer.product_type
        for answer in answers
        if answer.product_type
        for product_type in answer.product_types
    ]
    return round(fmean(matches), 4) if matches else None
