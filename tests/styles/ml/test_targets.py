"""What labels ask of a model: shares of classes, and how much each label set and photo counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from styles.ml.datasets import NO_LABEL, Example, index_labels
from styles.ml.targets import share_classes, weigh_examples, weigh_label_set


@pytest.mark.parametrize(
    ("class_indexes", "weight"),
    [
        ([0, 0, 0, 0], 0.0),
        ([NO_LABEL, NO_LABEL], 0.0),
        ([0, 1, NO_LABEL, NO_LABEL], np.log(2) / 2),
        (list(range(20)), 1.0),
    ],
    ids=["one label", "no label", "two labels", "twenty labels"],
)
def test_a_label_set_counts_by_how_much_its_labels_tell(
    class_indexes: list[int], weight: float
) -> None:
    assert weigh_label_set(np.array(class_indexes)) == pytest.approx(weight)


def shares_of(label: str | None, mix: Mapping[str, float] | None = None) -> list[float]:
    """Return the shares of a, b and c that one photo asks for in the label set style."""
    labels = {"style": label} if label else {"garment": "dress"}
    examples = [Example("1", bytes, labels, mixes={"style": mix} if mix else {})]
    label_sets = {"style": ("a", "b", "c")}
    indexes = index_labels(examples, label_sets=label_sets)
    shares = share_classes(examples, indexes, label_sets=label_sets)["style"]
    assert shares.dtype == np.float32
    row: list[float] = shares[0].tolist()
    return row


@pytest.mark.parametrize(
    ("label", "mix", "shares"),
    [
        ("b", None, [0, 1, 0]),
        ("b", {"b": 0.75, "c": 0.25}, [0, 0.75, 0.25]),
        ("b", {"b": 0.6, "unheard of": 0.4}, [0, 1, 0]),
        ("a", {"a": 0.3, "c": 0.1, "unheard of": 0.6}, [0.75, 0, 0.25]),
        ("a", {"unheard of": 1.0}, [1, 0, 0]),
        (None, None, [0, 0, 0]),
        (None, {"a": 1.0}, [0, 0, 0]),
        ("unheard of", {"a": 0.5, "unheard of": 0.5}, [0, 0, 0]),
    ],
    ids=[
        "a label",
        "a mix",
        "a code of the mix is not learnt",
        "what is left of a mix sums to 1",
        "no code of the mix is learnt",
        "no label",
        "a mix without a label",
        "the label is not learnt",
    ],
)
def test_a_photo_asks_for_the_shares_of_its_classes(
    label: str | None, mix: Mapping[str, float] | None, shares: list[float]
) -> None:
    assert shares_of(label, mix) == pytest.approx(shares)


def test_a_bridged_label_counts_although_the_photo_itself_has_none() -> None:
    examples = [Example("1", bytes, {"garment": "dress"})]
    shares = share_classes(examples, {"style": np.array([1])}, label_sets={"style": ("a", "b")})
    assert shares["style"].tolist() == [[0.0, 1.0]]


def test_each_label_set_has_shares_of_its_own() -> None:
    examples = [Example("1", bytes, {"style": "a"}), Example("2", bytes, {"garment": "y"})]
    label_sets = {"style": ("a", "b"), "garment": ("x", "y", "z")}
    indexes = index_labels(examples, label_sets=label_sets)
    shares = share_classes(examples, indexes, label_sets=label_sets)
    assert shares["style"].tolist() == [[1, 0], [0, 0]]
    assert shares["garment"].tolist() == [[0, 0, 0], [0, 1, 0]]


def test_every_labelled_photo_counts_the_same_unless_classes_are_balanced() -> None:
    indexes = np.array([0, 0, 0, 0, 1, NO_LABEL])
    weights = weigh_examples(indexes, balance_classes=False)
    assert weights.tolist() == [1, 1, 1, 1, 1, 0]
    assert weights.dtype == np.float32


def test_balanced_a_photo_of_a_rare_class_counts_more() -> None:
    indexes = np.array([0, 0, 0, 0, 1, NO_LABEL])
    weights = weigh_examples(indexes, balance_classes=True)
    # 1 / sqrt(4) four times and 1 / sqrt(1): a mean of 0.6.
    assert weights.tolist() == pytest.approx([0.5 / 0.6] * 4 + [1 / 0.6, 0])
    assert weights[indexes != NO_LABEL].mean() == pytest.approx(1.0)


@pytest.mark.parametrize("balance_classes", [True, False])
def test_where_nothing_has_a_label_nothing_counts(balance_classes: bool) -> None:
    indexes = np.array([NO_LABEL, NO_LABEL])
    assert weigh_examples(indexes, balance_classes=balance_classes).tolist() == [0, 0]
