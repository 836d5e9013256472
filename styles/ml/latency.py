"""Times an exported network in LiteRT, one photo at a time; for the comparison of backbones."""

import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

WARM_UP_RUNS = 5
TIMED_RUNS = 30


def measure_latency(exported: bytes, photos: NDArray[np.uint8], *, threads: int) -> float:
    """Return the median milliseconds for one photo of `photos`, uint8 (N, S, S, 3), N at least 1.

    `exported` is a LiteRT model with one input, for one photo a time.
    """
    interpreter = Interpreter(model_content=exported, num_threads=threads)
    interpreter.allocate_tensors()
    (tensor,) = interpreter.get_input_details()
    seconds = []
    for run in range(WARM_UP_RUNS + TIMED_RUNS):
        interpreter.set_tensor(tensor["index"], photos[run % len(photos)][np.newaxis])
        start = time.perf_counter()
        interpreter.invoke()
        seconds.append(time.perf_counter() - start)
    return 1000 * float(np.median(seconds[WARM_UP_RUNS:]))
