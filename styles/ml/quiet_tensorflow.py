"""The only place that imports TensorFlow and Keras: what trains and exports takes both from here.

TensorFlow reads its logging switches when it is first imported, so they are set here, before that.
"""

import os
from typing import Any

from styles.ml.errors import MissingTrainingExtraError

for _name, _value in {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "ABSL_MIN_LOG_LEVEL": "3",
    "GLOG_minloglevel": "3",
    "KERAS_BACKEND": "tensorflow",
    "CUDA_VISIBLE_DEVICES": "-1",
}.items():
    os.environ.setdefault(_name, _value)

try:
    import keras as _keras
    import tensorflow as _tensorflow
except ImportError as error:
    raise MissingTrainingExtraError("tensorflow") from error

# Neither package ships usable type information.
keras: Any = _keras
tf: Any = _tensorflow
tf.get_logger().setLevel("ERROR")

__all__ = ["keras", "tf"]
