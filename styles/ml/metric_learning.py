"""A loss on the embedding itself: photos of the same label shall lie together; for fine-tuning."""

from typing import Any

from styles.ml.quiet_tensorflow import tf

FAR = 1e9


def contrast(embeddings: Any, class_indexes: Any, *, temperature: float) -> Any:
    """Return the supervised contrastive loss of unit embeddings (N, D), a scalar of at least 0.

    `class_indexes` (N,) are negative where a photo has no label: it then takes no part, for it may
    well be of the class of any other. A photo alone in its class in the batch pulls nobody.
    Source: Khosla et al. 2020, https://arxiv.org/abs/2004.11362, equation 2.
    """
    is_labelled = class_indexes >= 0
    embeddings = tf.boolean_mask(embeddings, is_labelled)
    class_indexes = tf.boolean_mask(class_indexes, is_labelled)
    itself = tf.eye(tf.shape(embeddings)[0])
    cosines = tf.matmul(embeddings, embeddings, transpose_b=True) / temperature
    log_shares = cosines - tf.reduce_logsumexp(cosines - FAR * itself, axis=1, keepdims=True)
    is_same = class_indexes[:, None] == class_indexes[None, :]
    partners = tf.cast(is_same, tf.float32) * (1.0 - itself)
    counts = tf.reduce_sum(partners, axis=1)
    losses = -tf.reduce_sum(partners * log_shares, axis=1) / tf.maximum(counts, 1.0)
    return tf.reduce_sum(losses) / tf.maximum(tf.reduce_sum(tf.cast(counts > 0, tf.float32)), 1.0)
