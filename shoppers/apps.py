"""Django's entry to the shoppers app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShoppersConfig(AppConfig):
    """What shoppers view, like and search, and what the shop learns from it."""

    name = "shoppers"
    verbose_name = _("Shoppers")
    default_auto_field = "django.db.models.BigAutoField"
