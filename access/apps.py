"""Django's entry to the access app."""

from __future__ import annotations

from http import HTTPStatus

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Keys of the apps that use the API, and what each of them may ask for."""

    name = "access"
    verbose_name = _("Access")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make checks, the schema's extension and the codes of this app known."""
        from access import checks, schema  # noqa: F401  # they register themselves
        from access.bodies import REFUSALS
        from access.exceptions import ERRORS
        from access.problems import register

        for code, (status, sentence) in REFUSALS.items():
            register(status, {code: sentence})
        for error in ERRORS:
            register(HTTPStatus(error.status_code), {error.default_code: error.default_detail})  # type: ignore[dict-item]
