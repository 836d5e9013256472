"""Django's entry to the shoppers app."""

from __future__ import annotations

from http import HTTPStatus

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShoppersConfig(AppConfig):
    """What shoppers view, like and search, and what the shop learns from it."""

    name = "shoppers"
    verbose_name = _("Shoppers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access.problems import register
        from shoppers import receivers  # noqa: F401
        from shoppers.api.event_batches import BATCH_FAULTS, FAULTS
        from shoppers.identity import PROBLEMS
        from shoppers.insights.api import FAULTS as INSIGHT_FAULTS

        for problems in (PROBLEMS, BATCH_FAULTS, FAULTS):
            register(HTTPStatus.BAD_REQUEST, problems)
        for status, sentences in INSIGHT_FAULTS.items():
            register(status, sentences)
