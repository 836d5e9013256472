"""Django's entry to the styles app."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class StylesConfig(AppConfig):
    """Registers kinds of jobs, and keeps the taxonomy's rows in step with ``styles.taxonomy``."""

    name = "styles"
    verbose_name = _("Styles")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from styles import (  # noqa: F401 - they register
            activation_jobs,
            checks,
            evaluation_jobs,
            pruning_jobs,
            reclustering_jobs,
            training_jobs,
        )
        from styles.receivers import sync_taxonomy_after_migrate

        post_migrate.connect(sync_taxonomy_after_migrate, sender=self)
