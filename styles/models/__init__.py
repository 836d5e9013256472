"""Rows of the styles app: the taxonomy, model versions, clusterings with their clusters, jobs."""

from styles.models.clustering import EMBEDDING_DIM, Cluster, Clustering
from styles.models.job import Job
from styles.models.model_version import ModelVersion
from styles.models.taxonomy import BilingualName, Style, StyleGroup

__all__ = [
    "EMBEDDING_DIM",
    "BilingualName",
    "Cluster",
    "Clustering",
    "Job",
    "ModelVersion",
    "Style",
    "StyleGroup",
]
