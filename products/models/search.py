"""Shoppers' image searches."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from products import conf
from products.querysets import ImageSearchQuerySet
from styles.models import EMBEDDING_DIM, Cluster, ModelVersion


def search_photo_path(instance: models.Model, filename: str) -> str:
    """Return a random storage name that does not reveal the search's id either."""
    return f"searches/{uuid.uuid4().hex}.jpg"


def default_expiry() -> datetime:
    """Return the moment from which a search started now may be purged."""
    hours = conf.get("IMAGE_SEARCH_LIFETIME_HOURS") or conf.get("VECTOR_LIFETIME_HOURS")
    return timezone.now() + timedelta(hours=hours)


class ImageSearch(models.Model):
    """A shopper's photo and what was found in it. The row is the truth; the task only serves it."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        RUNNING = "running", _("being looked at")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PENDING
    )
    error_code = models.CharField(_("error"), max_length=60, blank=True)
    photo = models.FileField(
        _("photo"),
        upload_to=search_photo_path,
        blank=True,
        help_text=_("Empty once it was looked at, where the shop keeps no photos."),
    )
    owner = models.CharField(
        _("owner"),
        max_length=80,
        blank=True,
        db_index=True,
        editable=False,
        help_text=_("Who may delete it, see products.ownership; empty for whoever has its id."),
    )
    first_search = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="further_searches",
        editable=False,
        help_text=_("The search this photo was sent for, where another part of it was meant."),
    )
    filters: models.JSONField[dict[str, Any]] = models.JSONField(
        _("filters"), default=dict, blank=True
    )
    crop: models.JSONField[Sequence[float]] = models.JSONField(
        _("crop"),
        default=list,
        blank=True,
        help_text=_("Left, top, width and height of what is meant, 0 to 1; empty for the whole."),
    )
    model_version = models.ForeignKey(
        ModelVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    embedding = HalfVectorField(dimensions=EMBEDDING_DIM, null=True, blank=True, editable=False)
    probabilities: models.JSONField[dict[str, dict[str, float]]] = models.JSONField(
        default=dict, blank=True, help_text=_("Label set -> code -> probability.")
    )
    cluster = models.ForeignKey(
        Cluster, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cluster_probabilities: models.JSONField[dict[str, float]] = models.JSONField(
        default=dict, blank=True, help_text=_("Cluster number -> probability.")
    )
    palette: models.JSONField[list[tuple[str, float]]] = models.JSONField(
        default=list, blank=True, editable=False, help_text=_("Colours of the photo with shares.")
    )
    heat_map: models.JSONField[list[list[int]]] = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text=_("Where the model looked: rows of 0 to 100, over the square it was shown."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), default=default_expiry, db_index=True)

    objects = ImageSearchQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("image search")
        verbose_name_plural = _("image searches")
        constraints = (
            models.CheckConstraint(
                condition=~Q(status="done") | Q(embedding__isnull=False),
                name="done_search_has_embedding",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} ({self.status})"

    def get_absolute_url(self) -> str:
        """Return the result page."""
        return reverse("products:search_result", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        """Whether no worker will touch this search again."""
        return self.status in {self.Status.DONE, self.Status.FAILED}

    def forget_photo(self) -> None:
        """Delete the photo alone. The file goes first: until then the row names it."""
        self.photo.delete(save=False)
        type(self).objects.filter(pk=self.pk).update(photo="")

    def erase(self) -> None:
        """Delete photo and row. The photo goes first: a row left over can be erased again."""
        self.photo.delete(save=False)
        self.delete()
