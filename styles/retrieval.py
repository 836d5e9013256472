"""How well a model finds look-alikes: which photos ask and which answer; for evaluation.

Every label set is asked for within itself: a photo of a label should find others of that label.
Where two label sets mean the same things in different words, as folders of phone photos and the
types of products do, photos of the one are also asked for among those of the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from styles.catalogue import Example
from styles.exceptions import EvaluationError
from styles.measuring import Measurement
from styles.ml.bridges import MIN_SHARED_WORDS, match_names
from styles.ml.datasets import list_label_sets
from styles.ml.progress import OnStage
from styles.ml.retrieval import Retrieval, measure_retrieval, measure_retrieval_across

Answers = Mapping[str, Sequence[str]]
"""Code of a photo that asks -> codes of the photos that are right for it."""


@dataclass(frozen=True)
class Pairing:
    """Photos labelled in one set that are asked for among those labelled in another.

    `source` says where `answers` are from: ``names`` that read alike, or a ``file``.
    """

    asking: str
    answering: str
    answers: Answers
    source: str


@dataclass(frozen=True)
class RetrievalFigures:
    """How well photos labelled in the set `asking` find those labelled in `answering`.

    Within one label set, where both are the same, there are no `answers`: a label is its own.
    """

    asking: str
    answering: str
    answers: Answers
    source: str
    figures: Retrieval


def read_answers(path: Path) -> dict[str, list[str]]:
    """Read a JSON object of a code to the list of codes that answer it.

    Raises:
        EvaluationError: the file cannot be read or holds something else.
    """
    expected = '{"t-shirt": ["Tshirts"], ...}'
    try:
        answers = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"Expected a JSON file like {expected} in {path}: {error}") from error
    if not isinstance(answers, dict) or not all(
        isinstance(codes, list) and all(isinstance(code, str) for code in codes)
        for codes in answers.values()
    ):
        raise EvaluationError(f"Expected {path} to hold an object like {expected}.")
    return answers


def find_pairings(examples: Sequence[Example], *, answers: Answers | None) -> list[Pairing]:
    """Return the label sets whose photos can be asked for among those of another.

    With `answers` that is so where both sides know some of its codes, else where the codes of a
    coarser label set read like those of a finer one. No photo may be labelled in both.
    """
    label_sets = list_label_sets(examples)
    together = {pair for example in examples for pair in permutations(sorted(example.labels), 2)}
    pairings = []
    for asking, answering in permutations(label_sets, 2):
        if (asking, answering) in together:
            continue
        asked, offered = label_sets[asking], label_sets[answering]
        if answers is not None:
            found = _known(answers, asked=asked, offered=offered)
        else:
            found = _alike(asked=asked, offered=offered)
        if found:
            source = "names" if answers is None else "file"
            pairings.append(Pairing(asking, answering, found, source))
    return pairings


def _known(answers: Answers, *, asked: Sequence[str], offered: Sequence[str]) -> Answers:
    known = {
        code: [answer for answer in answers[code] if answer in set(offered)]
        for code in asked
        if code in answers
    }
    return {code: right for code, right in known.items() if right}


def _alike(*, asked: Sequence[str], offered: Sequence[str]) -> Answers:
    if len(offered) < len(asked):
        return {}
    alike: dict[str, list[str]] = {}
    for finer, coarser in match_names(offered, asked).items():
        alike.setdefault(asked[coarser], []).append(offered[finer])
    return alike if len(alike) >= MIN_SHARED_WORDS else {}


def measure_all(
    measurement: Measurement,
    examples: Sequence[Example],
    *,
    evaluated: int,
    pairings: Sequence[Pairing],
    seed: int,
    on_progress: OnStage,
) -> list[RetrievalFigures]:
    """Return the figures of every label set and pairing that has something to find.

    Only the first `evaluated` of the examples ask; those behind them, products of the shop, only
    answer. Calls ``on_progress("retrieval", done, total)``.
    """
    label_sets = list_label_sets(examples[:evaluated])
    asking = measurement.among(0, evaluated)
    total = len(label_sets) + len(pairings)
    found = []
    for done, name in enumerate(label_sets, start=1):
        rows, labels = _labelled(asking, examples, name)
        within = measure_retrieval(asking.embeddings[rows], labels, seed=seed)
        if within:
            found.append(RetrievalFigures(name, name, {}, "own", within))
        on_progress("retrieval", done, total)
    for done, pairing in enumerate(pairings, start=len(label_sets) + 1):
        rows, labels = _labelled(asking, examples, pairing.asking)
        shelf, offered = _labelled(measurement, examples, pairing.answering)
        across = measure_retrieval_across(
            asking.embeddings[rows],
            query_labels=labels,
            gallery=measurement.embeddings[shelf],
            gallery_labels=offered,
            answers={code: set(right) for code, right in pairing.answers.items()},
            seed=seed,
        )
        if across:
            found.append(
                RetrievalFigures(
                    pairing.asking, pairing.answering, pairing.answers, pairing.source, across
                )
            )
        on_progress("retrieval", done, total)
    return found


def _labelled(
    measurement: Measurement, examples: Sequence[Example], label_set: str
) -> tuple[list[int], list[str]]:
    """Return the rows of a measurement whose photos have a label in the set, and the labels."""
    rows = [
        row for row, photo in enumerate(measurement.photos) if label_set in examples[photo].labels
    ]
    return rows, [examples[measurement.photos[row]].labels[label_set] for row in rows]
