"""What a shopper keeps in hand after deleting a photo."""

from __future__ import annotations

import hashlib
import uuid
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class DeletionReceipt(models.Model):
    """Says that photos and vectors of a search are gone; it holds nothing of the photo itself.

    Only who knows the id of the search can tell which one it was: the row has its SHA-256 alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    search_sha256 = models.CharField(
        max_length=64, unique=True, editable=False, help_text=_("Of the id of the search.")
    )
    photos = models.PositiveSmallIntegerField(_("photos deleted"), editable=False)
    vectors = models.PositiveSmallIntegerField(_("vectors deleted"), editable=False)
    deleted_at = models.DateTimeField(_("deleted"), auto_now_add=True)

    class Meta:
        ordering = ("-deleted_at",)
        verbose_name = _("deletion receipt")
        verbose_name_plural = _("deletion receipts")

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Return the page that shows it."""
        return reverse("products:deletion_receipt", args=[self.pk])

    @property
    def number(self) -> str:
        """What people call it by: twelve hexadecimal digits in groups of four."""
        digits = self.id.hex[:12].upper()
        return "-".join(digits[start : start + 4] for start in range(0, 12, 4))

    @classmethod
    def of_search(cls, search_id: uuid.UUID | str) -> Self | None:
        """Return the receipt for a search that was deleted, by its id."""
        return cls.objects.filter(search_sha256=digest_of_search(search_id)).first()


def digest_of_search(search_id: uuid.UUID | str) -> str:
    """Return the SHA-256, in hexadecimal, of an id in its usual form, with hyphens."""
    return hashlib.sha256(str(search_id).encode()).hexdigest()
