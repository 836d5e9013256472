"""Admin pages of the styles app: what is trained, clustered and under way; found by Django."""

from styles.admin.clusterings import ClusteringAdmin
from styles.admin.jobs import JobAdmin
from styles.admin.model_versions import ModelVersionAdmin
from styles.admin.taxonomy import StyleAdmin, StyleGroupAdmin

__all__ = ["ClusteringAdmin", "JobAdmin", "ModelVersionAdmin", "StyleAdmin", "StyleGroupAdmin"]
