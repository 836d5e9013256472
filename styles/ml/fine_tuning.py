"""Fine-tunes the last blocks of a backbone together with its head; the second stage of training.

Batch normalisation stays as it was learnt (Keras' transfer learning guide), the learning rate warms
up and falls by a cosine, photos are augmented inside the graph, and a contrastive term on each part
of the embedding pulls photos of a label together, from whichever data set they come.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.augmentation import AugmentationConfig, augment
from styles.ml.classifier import find_colour_width, part_of
from styles.ml.metric_learning import contrast
from styles.ml.outputs import EMBEDDING_OUTPUT, TRUNK_LAYER, probabilities_output
from styles.ml.progress_points import ProgressPoints
from styles.ml.quiet_tensorflow import keras, tf
from styles.ml.targets import ClassIndexes, weigh_examples, weigh_label_set
from styles.ml.validation import MIN_PROBABILITY, EpochScores, score_epoch

PREDICT_BATCH = 64


@dataclass(frozen=True)
class FineTuningConfig:
    """How a model is fine-tuned.

    The network learns at `network_share` of the head's `learning_rate`. Training ends early when
    the macro F1 of the held-out photos has not risen for `patience` epochs; the best epoch counts.
    """

    epochs: int = 6
    batch_size: int = 64
    learning_rate: float = 1e-3
    network_share: float = 0.5
    warm_up_share: float = 0.07
    weight_decay: float = 1e-3
    label_smoothing: float = 0.0
    balance_classes: bool = False
    contrast_weight: float = 0.1
    contrast_temperature: float = 0.1
    patience: int = 3
    augmentation: AugmentationConfig = field(default_factory=AugmentationConfig)


@dataclass(frozen=True)
class Course:
    """What a model is fine-tuned on: all N photos, and which rows train and which are held out.

    `photos` are uint8 (N, S, S, 3) and may lie on disk; `shares` are (N, C) and `class_indexes`
    (N,) per label set.
    """

    photos: NDArray[np.uint8]
    shares: Mapping[str, NDArray[np.float32]]
    class_indexes: ClassIndexes
    trained: NDArray[np.int64]
    held_out: NDArray[np.int64]


def fine_tune(
    model: Any,
    course: Course,
    *,
    fine_tuned_from: str,
    config: FineTuningConfig,
    seed: int,
    points: ProgressPoints,
    on_batch: Callable[[int, int], None],
) -> list[EpochScores]:
    """Fine-tune a model of `classifier.assemble` in place and return the scores of each epoch.

    Goes on from `points`, where a killed run left off. Calls `on_batch(done, total)` over all
    epochs.
    """
    unfreeze(model.get_layer(TRUNK_LAYER), fine_tuned_from)
    stepper = _Stepper(model, course, config)
    history = points.restore(model, stepper.optimizers)
    batches = len(stepper.draw_batches(seed, 0))
    for epoch in range(len(history), config.epochs):
        if _is_past_its_best(history, config.patience):
            break
        losses = []
        for number, rows in enumerate(stepper.draw_batches(seed, epoch)):
            losses.append(stepper.step(rows, seed=(seed % 2**31, epoch * batches + number)))
            on_batch(epoch * batches + number + 1, config.epochs * batches)
        history.append(
            score_epoch(
                predict_photos(model, course.photos, course.held_out),
                {name: indexes[course.held_out] for name, indexes in course.class_indexes.items()},
                epoch=epoch + 1,
                loss=float(np.mean(losses)),
            )
        )
        points.save(model, stepper.optimizers, history)
    points.restore_best(model, history)
    return history


def unfreeze(network: Any, fine_tuned_from: str) -> None:
    """Let a network learn from the layer of that name on, batch normalisation excepted."""
    network.get_layer(fine_tuned_from)  # A name that does not exist must not freeze everything.
    network.trainable = True
    is_reached = False
    for layer in network.layers:
        is_reached = is_reached or layer.name == fine_tuned_from
        is_norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = is_reached and not is_norm


def predict_photos(
    model: Any, photos: NDArray[np.uint8], rows: NDArray[np.int64]
) -> dict[str, NDArray[np.float32]]:
    """Return a model's outputs for some rows of photos (N, S, S, 3), read a batch at a time."""
    forward = tf.function(lambda batch: model(batch, training=False), reduce_retracing=True)
    outputs: dict[str, list[NDArray[np.float32]]] = {name: [] for name in model.output}
    for start in range(0, len(rows), PREDICT_BATCH):
        batch = tf.constant(photos[rows[start : start + PREDICT_BATCH]])
        for name, values in forward(batch).items():
            outputs[name].append(values.numpy())
    return {
        name: np.concatenate(values) if values else np.empty((0, *model.output[name].shape[1:]))
        for name, values in outputs.items()
    }


def _is_past_its_best(history: list[EpochScores], patience: int) -> bool:
    if not history:
        return False
    best = max(history, key=lambda scores: scores.mean_macro_f1)
    return history[-1].epoch - best.epoch >= patience


class _Stepper:
    """Takes one step of gradient descent at a time, the network slower than the head."""

    def __init__(self, model: Any, course: Course, config: FineTuningConfig) -> None:
        self.course = course
        self.config = config
        trained = course.trained
        self.weights = {
            name: weigh_label_set(indexes[trained])
            for name, indexes in course.class_indexes.items()
            if (indexes[trained] >= 0).any()
        }
        self.example_weights = {
            name: weigh_examples(course.class_indexes[name], balance_classes=config.balance_classes)
            for name in self.weights
        }
        steps = config.epochs * -(-len(trained) // config.batch_size)
        self.optimizers = [
            self._build_optimizer(share, steps) for share in (1.0, config.network_share)
        ]
        self._model = model
        self._colour_width = find_colour_width(model)
        self._step = tf.function(self._build_step(), reduce_retracing=True)

    def draw_batches(self, seed: int, epoch: int) -> list[NDArray[np.int64]]:
        """Return the rows of each batch of an epoch: the same ones for the same seed."""
        order = np.random.default_rng((seed, epoch)).permutation(self.course.trained)
        size = self.config.batch_size
        return [np.sort(order[start : start + size]) for start in range(0, len(order), size)]

    def step(self, rows: NDArray[np.int64], *, seed: tuple[int, int]) -> float:
        """Learn from the photos in `rows`; return the loss."""
        course = self.course
        taught = {
            name: (
                tf.constant(course.shares[name][rows]),
                tf.constant(course.class_indexes[name][rows]),
                tf.constant(self.example_weights[name][rows]),
            )
            for name in self.weights
        }
        return float(self._step(tf.constant(course.photos[rows]), taught, tf.constant(seed)))

    def _build_optimizer(self, share: float, steps: int) -> Any:
        peak = share * self.config.learning_rate
        warm_up = max(1, round(self.config.warm_up_share * steps))
        schedule = keras.optimizers.schedules.CosineDecay(
            peak / warm_up, max(1, steps - warm_up), warmup_target=peak, warmup_steps=warm_up
        )
        return keras.optimizers.AdamW(schedule, weight_decay=self.config.weight_decay)

    def _build_step(self) -> Callable[..., Any]:
        model = self._model
        network = model.get_layer(TRUNK_LAYER).trainable_variables
        slow = {id(variable) for variable in network}
        head = [variable for variable in model.trainable_variables if id(variable) not in slow]
        for optimizer, variables in zip(self.optimizers, (head, network), strict=True):
            optimizer.build(variables)

        def step(photos: Any, taught: Mapping[str, Any], seed: Any) -> Any:
            changed = augment(photos, seed=seed, config=self.config.augmentation)
            with tf.GradientTape() as tape:
                loss = self._loss(model(changed, training=True), taught)
            gradients = tape.gradient(loss, [*head, *network])
            for optimizer, variables, own in zip(
                self.optimizers,
                (head, network),
                (gradients[: len(head)], gradients[len(head) :]),
                strict=True,
            ):
                optimizer.apply(own, variables)
            return loss

        return step

    def _loss(self, outputs: Mapping[str, Any], taught: Mapping[str, Any]) -> Any:
        total = 0.0
        for name, (shares, class_indexes, weights) in taught.items():
            classes, smoothing = shares.shape[-1], self.config.label_smoothing
            wanted = shares * (1.0 - smoothing) + smoothing / classes
            probabilities = tf.maximum(outputs[probabilities_output(name)], MIN_PROBABILITY)
            losses = -tf.reduce_sum(wanted * tf.math.log(probabilities), axis=-1) * weights
            term = tf.reduce_mean(losses)
            if self.config.contrast_weight:
                term += self.config.contrast_weight * contrast(
                    part_of(outputs[EMBEDDING_OUTPUT], name, colour_width=self._colour_width),
                    class_indexes,
                    temperature=self.config.contrast_temperature,
                )
            total += self.weights[name] * term
        return total
