"""Celery tasks of the access app."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from access.models import IdempotentRequest


@shared_task
def purge_expired_requests() -> int:
    """Forget answers whose time is over; return how many. Run by beat."""
    expired = IdempotentRequest.objects.filter(expires_at__lte=timezone.now())
    return expired.delete()[0]
