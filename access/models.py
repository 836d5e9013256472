"""Keys of the apps that use the API, and the requests that were answered once for all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import AbstractAPIKey

from access import conf

LAST_USED_PRECISION = timedelta(minutes=1)


def check_rates(rates: Any) -> None:
    """Refuse rates of a key that cannot be meant.

    Raises:
        ValidationError: code ``invalid_rate`` or ``unknown_scope``.
    """
    from access.throttling import SCOPES, parse_rate  # not above: throttling counts for keys

    if not isinstance(rates, dict):
        raise ValidationError(
            _('Write rates as an object, such as {"reads": "600/minute"}.'), code="invalid_rate"
        )
    for scope, text in rates.items():
        if scope not in SCOPES:
            raise ValidationError(
                _("There are rates for %(scopes)s, none for “%(scope)s”."),
                code="unknown_scope",
                params={"scopes": ", ".join(SCOPES), "scope": scope},
            )
        parse_rate(text)


class AppKey(AbstractAPIKey):
    """A key that an app identifies itself with. Its secret is hashed here, and shown only once."""

    contact = models.CharField(
        _("contact"),
        max_length=200,
        blank=True,
        help_text=_("Whom to tell before the key is revoked: a person or an address."),
    )
    rates: models.JSONField[dict[str, str]] = models.JSONField(
        _("rates"),
        default=dict,
        blank=True,
        validators=[check_rates],
        help_text=_(
            'Rates of its own, such as {"reads": "600/minute", "searches": "100/hour"}; '
            "the others are those of all keys."
        ),
    )
    may_read_insights = models.BooleanField(
        _("may read insights"),
        default=False,
        help_text=_("For apps of your staff: what the photos of all shoppers say, in numbers."),
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-created",)
        verbose_name = _("app key")
        verbose_name_plural = _("app keys")

    def note_use(self) -> None:
        """Remember that it was used, to the minute: not every request writes a row."""
        now = timezone.now()
        due_before = now - LAST_USED_PRECISION
        if self.last_used_at is None or self.last_used_at < due_before:
            is_due = Q(last_used_at=None) | Q(last_used_at__lt=due_before)
            AppKey.objects.filter(is_due, pk=self.pk).update(last_used_at=now)


def answer_expiry() -> datetime:
    """Return the moment from which an answer given now may be forgotten."""
    return timezone.now() + timedelta(hours=conf.get("IDEMPOTENCY_HOURS"))


class IdempotentRequest(models.Model):
    """A request with an Idempotency-Key that was carried out, with its answer.

    The row is written in the transaction that does what was asked for: there is none without the
    other. What was refused or broke off leaves no row and may be tried again.
    """

    id = models.CharField(
        primary_key=True, max_length=64, help_text=_("Digest of key, caller and address.")
    )
    fingerprint = models.CharField(max_length=64, help_text=_("Digest of what was sent."))
    status = models.PositiveSmallIntegerField()
    headers: models.JSONField[dict[str, str]] = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), default=answer_expiry, db_index=True)

    class Meta:
        verbose_name = _("idempotent request")
        verbose_name_plural = _("idempotent requests")

    def __str__(self) -> str:
        return f"{self.id[:12]} ({self.status})"
