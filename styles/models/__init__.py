"""Rows of the styles app: the taxonomy, model versions, and clusterings with their clusters."""

from styles.models.clustering import EMBEDDING_DIM, Cluster, Clustering
from styles.models.model_version import ModelVersion
from styles.models.taxonomy import BilingualName, Style, StyleGroup

__all__ = [
    "EMBEDDING_DIM",
    "BilingualName",
    "Cluster",
    "Clustering",
    "ModelVersion",
    "Style",
    "StyleGroup",
]
