"""What labels ask of a model: shares of classes, and how much each label set counts."""

from __future__ import annotations

import numpy as np
import pytest

from styles.ml.datasets import NO_LABEL
from styles.ml.targets import weigh_label_set


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
