"""Rows of webhooks: who is told, what happened, and how telling each of them went."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.addresses import is_public
from webhooks import conf
from webhooks.querysets import WebhookDeliveryQuerySet, WebhookEndpointQuerySet
from webhooks.signatures import new_secret


class Kind(models.TextChoices):
    """What an endpoint may subscribe to; the values are part of the interface."""

    PRODUCT_EMBEDDED = "product.embedded", _("Products can be found by their looks")
    MODEL_VERSION_ACTIVATED = "model_version.activated", _("Another model version serves")
    IMAGE_SEARCH_NO_MATCH = "image_search.no_match", _("A photo found nothing close")


# Staff send it by a button; nobody subscribes.
TEST_KIND = "webhook.test"


def validate_address(url: str) -> None:
    """Refuse what is known never to be called; names are looked up when something is sent.

    Raises:
        ValidationError: no https, name and password in it, a private address, no such port.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:  # Django lets ports pass that there are not.
        raise ValidationError(_("Enter a valid URL."), code="invalid") from error
    if parts.scheme != "https" and not conf.get("WEBHOOK_ALLOW_HTTP"):
        raise ValidationError(_("Use an address that begins with https://."), code="insecure")
    if parts.username is not None or parts.password is not None:
        raise ValidationError(
            _("Leave name and password out of the address; the signature proves who sends."),
            code="credentials",
        )
    try:
        is_private = not is_public(host)
    except ValueError:
        is_private = False
    if is_private and not conf.get("WEBHOOK_ALLOW_PRIVATE"):
        raise ValidationError(_("This address is not on the public internet."), code="private")


class WebhookEndpoint(models.Model):
    """An address of another system, and what it wants to hear of.

    Its deliveries go out one at a time, in the order in which they are due: a system that hangs
    keeps one worker waiting, never all of them.
    """

    class Reason(models.TextChoices):
        GONE = "gone", _("it answered that it is gone (410)")
        FAILING = "failing", _("it took nothing for days")

    url = models.URLField(_("address"), max_length=500, validators=[validate_address])
    description = models.CharField(_("description"), max_length=200, blank=True)
    kinds = ArrayField(
        models.CharField(max_length=40, choices=Kind.choices), verbose_name=_("events")
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("While it is off, nothing is recorded for it, and what waits goes on waiting."),
    )
    secret = models.CharField(max_length=100, default=new_secret, editable=False)
    previous_secret = models.CharField(max_length=100, blank=True, editable=False)
    previous_secret_until = models.DateTimeField(null=True, blank=True, editable=False)

    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    silences = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Attempts in a row that got no answer.")
    )
    resting_until = models.DateTimeField(null=True, blank=True, editable=False)
    disabled_at = models.DateTimeField(_("switched off"), null=True, blank=True, editable=False)
    disabled_reason = models.CharField(
        _("why"), max_length=10, choices=Reason.choices, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("endpoint")
        verbose_name_plural = _("endpoints")

    def __str__(self) -> str:
        return self.description or self.url

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the endpoint with its deliveries, also those being written at this moment."""
        with transaction.atomic():
            WebhookEndpoint.objects.select_for_update().filter(pk=self.pk).first()
            return super().delete(*args, **kwargs)

    def rotate_secret(self) -> None:
        """Sign with a new secret, and beside it with the old one for a while."""
        self.previous_secret, self.secret = self.secret, new_secret()
        self.previous_secret_until = timezone.now() + timedelta(
            hours=conf.get("WEBHOOK_OLD_SECRET_HOURS")
        )
        self.save(update_fields=("secret", "previous_secret", "previous_secret_until"))

    @property
    def signing_secrets(self) -> list[str]:
        """The secrets that count at present, the newest first."""
        until = self.previous_secret_until
        if until is not None and until > timezone.now():
            return [self.secret, self.previous_secret]
        return [self.secret]


class WebhookEvent(models.Model):
    """Something that happened, written in the transaction in which it did."""

    id = models.UUIDField(
        primary_key=True,
        default=uuid.uuid4,
        editable=False,
        help_text=_("The header webhook-id."),
    )
    kind = models.CharField(_("event"), max_length=40)
    payload: models.JSONField[dict[str, Any]] = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint, and how the latest attempt went.

    Whoever sends it holds a lease. ``attempts`` tells the attempts apart: only the latest may
    write. One that died with its worker is made again, under the same ``webhook-id``.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    class Error(models.TextChoices):
        TIMEOUT = "timeout", _("no answer in time")
        UNREACHABLE = "unreachable", _("nobody answered")
        INSECURE = "insecure", _("the certificate is not valid")
        REFUSED_ADDRESS = "refused_address", _("the address is not allowed")
        REDIRECTED = "redirected", _("it pointed elsewhere, which is not followed")
        ANSWERED = "answered", _("it answered with an error")

    event = models.ForeignKey(WebhookEvent, on_delete=models.CASCADE, related_name="deliveries")
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries"
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.WAITING
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, db_default=Now())
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    attempted_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    response_status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    response_excerpt = models.TextField(_("beginning of the answer"), blank=True)
    duration_milliseconds = models.PositiveIntegerField(_("milliseconds"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=20, choices=Error.choices, blank=True)
    error_detail = models.CharField(_("detail"), max_length=300, blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = (
            models.UniqueConstraint(
                fields=("event", "endpoint"), name="one_delivery_per_event_and_endpoint"
            ),
        )
        indexes = (
            models.Index(
                fields=("endpoint", "next_attempt_at", "id"),
                condition=Q(status="waiting"),
                name="waiting_delivery",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} ({self.status})"
