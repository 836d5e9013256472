"""What the shoppers app does when image searches are answered or deleted."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from products.models import ImageSearch
from products.signals import image_search_done
from shoppers.recording import finish_search, forget_search


@receiver(image_search_done)
def keep_what_was_found(search_id: Any, **kwargs: Any) -> None:
    """Note what a photo says of the taste of whoever searched with it and agreed to that."""
    finish_search(search_id)


@receiver(post_delete, sender=ImageSearch)
def forget_deleted_search(instance: ImageSearch, **kwargs: Any) -> None:
    """Forget a search that its owner has deleted; one whose time was over has said its part."""
    if instance.expires_at > timezone.now():
        forget_search(instance.pk)
