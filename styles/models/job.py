"""The row of long work: training now, embedding and imports later; via ``styles.models``."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from styles.querysets import UNFINISHED, JobQuerySet


class Job(models.Model):
    """Long work: what, for what, how far, how often tried, until when leased, why failed.

    Whoever runs a job holds a lease on it and renews it; a lease that has run out belongs to a
    runner that died. ``attempts`` counts the runs and tells them apart: only the latest may write.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.SlugField(_("kind"), max_length=40, db_index=False)
    parameters: models.JSONField[dict[str, Any]] = models.JSONField(_("parameters"))
    fingerprint = models.CharField(
        max_length=64, editable=False, help_text=_("SHA-256 of kind and parameters.")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.WAITING
    )
    is_queued = models.BooleanField(
        _("runs in a worker"),
        default=True,
        help_text=_("Else a command runs it, and only a command goes on with it."),
    )
    is_cancel_requested = models.BooleanField(_("cancelling"), default=False)

    stage = models.CharField(_("stage"), max_length=60, blank=True)
    done = models.PositiveBigIntegerField(_("done"), default=0)
    total = models.PositiveBigIntegerField(_("total"), default=0)
    stage_began_with = models.PositiveBigIntegerField(default=0, editable=False)
    stage_started_at = models.DateTimeField(null=True, editable=False)
    progressed_at = models.DateTimeField(_("last progress"), null=True, blank=True)

    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    setbacks = models.PositiveIntegerField(
        _("setbacks"), default=0, help_text=_("Attempts that died or met a passing error.")
    )
    holder = models.CharField(
        _("run by"), max_length=200, blank=True, help_text=_("Machine and process.")
    )
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    due_at = models.DateTimeField(
        _("not before"), db_default=Now(), help_text=_("After a setback a job waits for a while.")
    )
    told_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When the workers were last told of it.")
    )

    error_code = models.CharField(_("error code"), max_length=60, blank=True)
    error_message = models.TextField(_("error"), blank=True)
    result: models.JSONField[dict[str, Any]] = models.JSONField(
        _("result"), default=dict, blank=True
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("requested by"),
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = (
            # Starting the same work again finds the row; two at once cannot both create it.
            models.UniqueConstraint(
                fields=("fingerprint",),
                condition=Q(status__in=UNFINISHED),
                name="one_unfinished_job_per_fingerprint",
            ),
            models.CheckConstraint(
                condition=Q(status="running", leased_until__isnull=False)
                | (~Q(status="running") & Q(leased_until__isnull=True)),
                name="job_is_leased_while_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNFINISHED, finished_at__isnull=True)
                | (~Q(status__in=UNFINISHED) & Q(finished_at__isnull=False)),
                name="job_has_an_end_when_it_is_finished",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(error_message=""),
                name="failed_job_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} ({self.kind}, {self.status})"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.status not in UNFINISHED

    @property
    def fraction(self) -> float | None:
        """How much of the current stage is done, from 0 to 1; None before there is a stage."""
        return min(self.done / self.total, 1.0) if self.total else None

    @property
    def rate(self) -> float | None:
        """How many of the current stage's units are done in a second; None while unknown."""
        if not self.stage_started_at or not self.progressed_at:
            return None
        seconds = (self.progressed_at - self.stage_started_at).total_seconds()
        units = self.done - self.stage_began_with
        return units / seconds if seconds > 0 and units > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """How long the current stage will take at this rate; None unless running and known."""
        if self.status != self.Status.RUNNING or not self.rate:
            return None
        return max(self.total - self.done, 0) / self.rate
