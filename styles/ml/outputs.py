"""The names of what trunk and head hand on: what export, predictor and training agree on."""

from collections.abc import Mapping, Sequence

TRUNK_LAYER = "network"
"""The sub-model of a trained model that becomes the trunk; all the rest is the head."""
PHOTOS = "photos"
COLOURS_LAYER = "colours"
FEATURE_MAP = "feature_map"
"""The trunk's main output (N, rows, columns, W); further outputs bear names of their own."""
EMBEDDING_OUTPUT = "embedding"
HEAT_MAP_OUTPUT = "heat_map"
# Not "cluster_probabilities", which a label set named cluster would have as well.
CLUSTERS_OUTPUT = "clusters"


def probabilities_output(label_set: str) -> str:
    """Return the name of the output with a label set's probabilities."""
    return f"{label_set}_probabilities"


def output_widths(label_sets: Mapping[str, Sequence[str]], *, embedding_dim: int) -> dict[str, int]:
    """Return each output's name and width: the embedding, then one per label set."""
    probabilities = {probabilities_output(name): len(codes) for name, codes in label_sets.items()}
    return {EMBEDDING_OUTPUT: embedding_dim, **probabilities}
