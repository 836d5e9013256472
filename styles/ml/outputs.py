"""The names of a model's outputs: the one thing that export and predictor must agree on."""

from collections.abc import Mapping, Sequence

EMBEDDING_OUTPUT = "embedding"


def probabilities_output(label_set: str) -> str:
    """Return the name of the output with a label set's probabilities."""
    return f"{label_set}_probabilities"


def output_widths(label_sets: Mapping[str, Sequence[str]], *, embedding_dim: int) -> dict[str, int]:
    """Return each output's name and width: the embedding, then one per label set."""
    probabilities = {probabilities_output(name): len(codes) for name, codes in label_sets.items()}
    return {EMBEDDING_OUTPUT: embedding_dim, **probabilities}
