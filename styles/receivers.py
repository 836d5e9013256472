"""What the styles app does when something happens: sync the taxonomy, remove artifacts of rows."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from styles import artifacts, taxonomy
from styles.models import Clustering, ModelVersion


@receiver(post_delete, sender=ModelVersion)
@receiver(post_delete, sender=Clustering)
def remove_artifact(instance: ModelVersion | Clustering, **kwargs: Any) -> None:
    """Remove the files of a version or of a clustering's head once its row is gone for good."""
    if instance.artifact_prefix:
        transaction.on_commit(partial(artifacts.clear_away, instance.artifact_prefix))


def sync_taxonomy_after_migrate(
    sender: AppConfig, using: str, apps: Apps = installed_apps, **kwargs: Any
) -> None:
    """Create or correct the rows of the taxonomy; rows of unknown codes are left alone.

    ``flush`` sends the signal without ``apps``: it empties the tables of the installed apps.
    """
    try:
        group_model = apps.get_model("styles", "StyleGroup")
        style_model = apps.get_model("styles", "Style")
    except LookupError:  # Migrated back to before the taxonomy had tables.
        return
    with transaction.atomic(using=using):
        groups = {
            group.code: group_model.objects.using(using).update_or_create(
                code=group.code,
                defaults={
                    "name_ko": group.name_ko,
                    "name_en": group.name_en,
                    "order": group.order,
                },
            )[0]
            for group in taxonomy.STYLE_GROUPS
        }
        for style in taxonomy.STYLES:
            style_model.objects.using(using).update_or_create(
                code=style.code,
                defaults={
                    "group": groups[style.group],
                    "name_ko": style.name_ko,
                    "name_en": style.name_en,
                    "order": style.order,
                },
            )
