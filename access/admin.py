"""Keys of apps in the admin: made, limited, revoked. The secret is shown once, when it is made."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key import admin as _library  # noqa: F401  # it registers its model
from rest_framework_api_key.models import APIKey

from access.models import AppKey

# The library's own model has neither contact nor rates, and opens nothing here.
admin.site.unregister(APIKey)


@admin.register(AppKey)
class AppKeyAdmin(admin.ModelAdmin):
    """A key is revoked rather than deleted, so that its app is told what became of it."""

    list_display = ("prefix", "name", "contact", "created", "last_used_at", "expires", "revoked")
    list_filter = ("revoked", "created")
    search_fields = ("name", "prefix", "contact")
    fields = (
        *("name", "contact", "rates", "may_read_insights"),
        *("expiry_date", "revoked", "prefix", "last_used_at"),
    )

    @admin.display(description=_("expires"), ordering="expiry_date")
    def expires(self, key: AppKey) -> Any:
        return key.expiry_date

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = ("prefix", "last_used_at")
        return (*fixed, "name", "expiry_date", "revoked") if obj and obj.revoked else fixed

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any = None, change: bool = False
    ) -> None:
        """Save a key; show the secret of a new one."""
        if change:
            obj.save()
            return
        secret = AppKey.objects.assign_key(obj)
        obj.save()
        sentence = _("Copy the key of “{name}” now, it cannot be shown again: {secret}")
        messages.warning(
            request,
            format_html(
                str(sentence), name=obj.name, secret=format_html("<code>{}</code>", secret)
            ),
        )
