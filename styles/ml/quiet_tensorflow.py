"""The only place that imports TensorFlow and Keras: what trains and exports imports them here."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from styles.ml.errors import MissingTrainingExtraError

# Read when TensorFlow is first imported, so they are set before that.
for _name, _value in {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "KERAS_BACKEND": "tensorflow",
    # Nothing here needs a GPU, and looking for one takes a second and logs errors.
    "CUDA_VISIBLE_DEVICES": "-1",
}.items():
    os.environ.setdefault(_name, _value)


@contextmanager
def native_log_hidden() -> Iterator[None]:
    """Hide what C++ writes to standard error: some of it no switch turns off. Exceptions pass."""
    sys.stderr.flush()
    standard_error = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(standard_error, 2)
        os.close(standard_error)
        os.close(nowhere)


try:
    with native_log_hidden():
        import keras as _keras
        import tensorflow as _tensorflow
except ImportError as error:
    raise MissingTrainingExtraError("tensorflow") from error

# Neither package ships usable type information.
keras: Any = _keras
tf: Any = _tensorflow
tf.get_logger().setLevel("ERROR")
