"""The domain errors of styles.ml: its callers turn them into rows and sentences."""


class LearningError(Exception):
    """What training, exporting, loading or clustering refuses, in one sentence."""


class MissingTrainingExtraError(LearningError):
    """A package that only training needs is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"{package} is needed to train a model version and is not installed: "
            'run pip install "kfashion[train]".'
        )


class CheckpointError(LearningError):
    """A weights file is not what it should be, or asks for more than numbers."""


class WeightsUnavailableError(LearningError):
    """The published weights of a backbone cannot be had from here."""

    def __init__(self, backbone: str, *, url: str, reason: str) -> None:
        super().__init__(
            f"The ImageNet weights of {backbone} could not be downloaded ({reason.rstrip('.')}): "
            f"bring {url} here by other means and name the file with the option --weights."
        )


class DatasetError(LearningError):
    """A data set cannot be read, or holds too little to learn from."""


class TrainingError(LearningError):
    """A training run was configured or fed in a way that cannot work."""


class ExportRefusedError(LearningError):
    """The exported model strays too far from the trained one to be served."""


class ArtifactError(LearningError):
    """An artifact is incomplete, altered or of another format."""


class ArtifactFormatError(ArtifactError):
    """An artifact was exported by another release, whose files were others."""

    def __init__(self, *, expected: int, received: object) -> None:
        super().__init__(f"Expected an artifact of format {expected}, received format {received}.")
        self.expected = expected
        self.received = received


class PredictionError(LearningError):
    """A predictor was given photos or centroids of the wrong shape or type."""


class ClusteringError(LearningError):
    """Embeddings cannot be clustered as asked."""
