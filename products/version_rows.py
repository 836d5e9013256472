"""All that a model version made of the catalogue, counted and dropped; for the catalogue port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, models
from django.db.models import Max, Min

from products import vector_index
from products.models import ClusterAssignment, ImageClassification, ProductEmbedding
from styles.catalogue import DroppedRows
from styles.models import Clustering, ModelVersion

BATCH_KEYS = 20_000


def count_rows(model_version: ModelVersion) -> DroppedRows:
    """Return what ``drop_rows`` would drop, in rows and in bytes on the disk."""
    embeddings = ProductEmbedding.objects.filter(model_version=model_version).count()
    return DroppedRows(
        embeddings=embeddings,
        classifications=_classifications(model_version).count(),
        assignments=_assignments(model_version).count(),
        bytes=vector_index.size_in_bytes(model_version),
    )


def drop_rows(model_version: ModelVersion) -> DroppedRows:
    """Drop a version's partition, its classifications and its cluster assignments.

    The partition's rows and index leave the disk at once. The other two tables hold those of other
    versions too: theirs are deleted in batches, so that no lock is held for long, and vacuumed, so
    that the next version's rows take the space that these leave. Interrupted, call it again.
    """
    dropped = count_rows(model_version)
    for rows in (_assignments(model_version), _classifications(model_version)):
        for batch in _batches(rows):
            batch.delete()
    vector_index.drop(model_version)
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            for model in (ClusterAssignment, ImageClassification):
                cursor.execute(f'VACUUM (ANALYZE) "{model._meta.db_table}"')
    return dropped


def _classifications(model_version: ModelVersion) -> models.QuerySet[ImageClassification]:
    return ImageClassification.objects.filter(model_version=model_version)


def _assignments(model_version: ModelVersion) -> models.QuerySet[ClusterAssignment]:
    clusterings = Clustering.objects.filter(model_version=model_version)
    return ClusterAssignment.objects.filter(clustering__in=list(clusterings))


def _batches(rows: models.QuerySet[Any]) -> Iterator[models.QuerySet[Any]]:
    """Yield the rows by ranges of their keys."""
    ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return
    for start in range(ends["first"], ends["last"] + 1, BATCH_KEYS):
        yield rows.filter(pk__gte=start, pk__lt=start + BATCH_KEYS)
