"""Domain errors of the styles app; commands, tasks and the API turn them into one sentence."""

from __future__ import annotations


class StylesError(Exception):
    """Base of all errors here. ``str(error)`` is a sentence that says what to do."""

    code = "styles_error"


class NoActiveModelVersionError(StylesError):
    """Nothing can be embedded or classified because no model version is active."""

    code = "no_active_model_version"

    def __init__(self) -> None:
        super().__init__(
            "No model version is active. Train one with `manage.py train_model_version catalogue` "
            "and activate it with `manage.py activate_model_version N`."
        )


class UnknownModelVersionError(StylesError):
    """A model version of that number does not exist, or cannot serve."""

    code = "unknown_model_version"


class ArtifactError(StylesError):
    """A model version's files are missing, damaged, or of another format."""

    code = "artifact_unusable"


class ArtifactStorageError(StylesError):
    """An artifact could not be stored; nothing of it was kept."""

    code = "artifact_not_stored"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The artifact could not be stored: {reason}. Nothing of it was kept. Make space in "
            "the artifact storage and run this again."
        )


class ClusteringError(StylesError):
    """The embeddings cannot be clustered as asked."""

    code = "clustering_impossible"


class TrainingError(StylesError):
    """A data set cannot be learnt from as asked."""

    code = "training_impossible"


class EvaluationError(StylesError):
    """A model version cannot be measured, or its report not be written, as asked."""

    code = "evaluation_impossible"


class JobError(StylesError):
    """A job cannot be started, cancelled or tried again as asked."""

    code = "job_impossible"


class JobCancelledError(StylesError):
    """A job was cancelled while it ran; what it had stored so far has been cleared away."""

    code = "job_cancelled"


class JobInterruptedError(StylesError):
    """The command that ran a job was interrupted; it can be continued."""

    code = "job_interrupted"


class ActivationError(StylesError):
    """A model version cannot be put into service, or taken out of it, as asked."""

    code = "activation_impossible"


class PruningError(StylesError):
    """A model version cannot be pruned as asked."""

    code = "pruning_impossible"
