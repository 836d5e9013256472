"""When an export is refused, and what of the model becomes int8."""

from __future__ import annotations

import errno
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from styles.ml.artifact import Artifact
from styles.ml.errors import ExportRefusedError
from styles.ml.export import Parity, check_parity
from styles.ml.training import train
from tests.styles.ml import tiny

FAITHFUL = Parity(100, mean_cosine=0.995, min_cosine=0.97, top_1_agreement={"style": 0.98})


def test_a_faithful_export_passes() -> None:
    check_parity(FAITHFUL)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mean_cosine": 0.5}, "mean cosine of at least 0.97 on 100 photos, received 0.5000"),
        ({"min_cosine": 0.3}, "lowest cosine of at least 0.80 on 100 photos, received 0.3000"),
        (
            {"top_1_agreement": {"style": 0.98, "garment": 0.42}},
            "top-1 agreement for garment of at least 0.80 on 100 photos, received 0.4200",
        ),
        ({"mean_cosine": float("nan")}, "mean cosine of at least 0.97 on 100 photos, received nan"),
    ],
)
def test_an_unfaithful_export_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ExportRefusedError, match="strays from the trained one") as caught:
        check_parity(replace(FAITHFUL, **changes))
    assert message in str(caught.value)


def test_convolutions_are_int8_and_outputs_float(artifact: Artifact) -> None:
    interpreter: Any = Interpreter(model_content=artifact.trunk)
    interpreter.allocate_tensors()
    (kernel,) = [
        tensor
        for tensor in interpreter.get_tensor_details()
        if len(tensor["shape"]) == 4 and tensor["shape"][1:3].tolist() == [4, 4]
    ]
    assert kernel["dtype"] == np.int8
    assert [tensor["dtype"] for tensor in interpreter.get_input_details()] == [np.uint8]
    assert {tensor["dtype"] for tensor in interpreter.get_output_details()} == {np.float32}


@pytest.mark.parametrize("stage", ["tf.saved_model.save", "keras.Model.save"])
def test_a_disk_that_fills_during_export_ends_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"styles.ml.export.{stage}", full)
    with (
        tiny.tiny_backbone(),
        pytest.raises(ExportRefusedError, match=r"No space left on device.*there is space"),
    ):
        train(tiny.examples(4), config=tiny.tiny_config())
