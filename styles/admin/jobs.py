"""Admin pages of jobs: what runs, waits and failed; cancel it, or have it tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from styles import jobs
from styles.admin.job_results import as_text, render_result
from styles.admin.read_only import ReadOnlyAdmin
from styles.exceptions import JobError
from styles.models import Job, ModelVersion

STAGES = {
    "reading": _("data sets read"),
    "annotations": _("annotations read"),
    "features": _("photos through the backbone"),
    "epochs": _("epochs"),
    "photos": _("photos decoded"),
    "fine-tuning": _("batches of fine-tuning"),
    "export": _("export"),
    "embeddings": _("embeddings read"),
    "choosing k": _("numbers of clusters tried"),
    "grouping": _("products grouped"),
    "assigning": _("products assigned"),
    "learning": _("classifiers learnt"),
    "naming": _("products looked at for names"),
    "storing": _("products stored"),
    "embedding": _("photos embedded"),
    "index": _("the index"),
    "calibrating": _("distances calibrated"),
    "comparing": _("example queries answered"),
}


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Long work. The pages load themselves again while there is something to see."""

    list_display = ("id", "title", "status", "course", "attempts", "created_at")
    list_filter = ("status", "kind")
    list_per_page = 50
    actions = ("try_again", "cancel")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "title",
                    "status",
                    "is_cancel_requested",
                    "progress",
                    "speed",
                    "time_left",
                )
            },
        ),
        (_("Result"), {"fields": ("error_message", "model_version", "result_text")}),
        (_("What for"), {"fields": ("parameters_text", "requested_by", "is_queued")}),
        (_("When"), {"fields": ("created_at", "started_at", "progressed_at", "finished_at")}),
        (
            _("Attempts"),
            {
                "fields": ("attempts", "setbacks", "due_at", "holder", "leased_until"),
                "classes": ("collapse",),
            },
        ),
    )

    class Media:
        css = {"all": ("kfashion/jobs.css", "kfashion/admin/models.css")}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return every field and what is told of them."""
        told = ["title", "progress", "speed", "time_left", "parameters_text", "result_text"]
        return [*super().get_readonly_fields(request, obj), *told, "model_version"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change jobs cancels them and has them tried again; nobody edits one."""
        return obj is None and super().has_change_permission(request)

    @admin.display(description=_("kind"), ordering="kind")
    def title(self, job: Job) -> str:
        """Return what people call the kind."""
        try:
            return str(jobs.find_kind(job.kind).title)
        except JobError:
            return job.kind

    @admin.display(description=_("progress"))
    def course(self, job: Job) -> str:
        """Return for lists how far a job is, how fast it gets on, or what went wrong."""
        if job.error_message and job.status != Job.Status.RUNNING:
            return format_html('<div class="job-course">{}</div>', job.error_message)
        told = [self.progress(job)]
        if job.seconds_left is not None:
            told.append(format_html("{}: {}", _("per second"), self.speed(job)))
            told.append(format_html("{}: {}", _("time left"), self.time_left(job)))
        lines = format_html_join("", "<div>{}</div>", [[line] for line in told])
        return format_html('<div class="job-course">{}</div>', lines)

    @admin.display(description=_("progress"))
    def progress(self, job: Job) -> str:
        """Return a bar for the current stage."""
        if job.fraction is None:
            return "—"
        return format_html(
            '<progress class="job-progress" max="1" value="{}"></progress> {} {} / {}',
            f"{job.fraction:.4f}",
            STAGES.get(job.stage, job.stage),
            job.done,
            job.total,
        )

    @admin.display(description=_("per second"))
    def speed(self, job: Job) -> str:
        """Return how fast the current stage goes."""
        return f"{job.rate:.3g}" if job.rate else "—"

    @admin.display(description=_("time left"))
    def time_left(self, job: Job) -> str:
        """Return when the current stage will be done, as hours, minutes and seconds."""
        return str(timedelta(seconds=round(job.seconds_left))) if job.seconds_left else "—"

    @admin.display(description=_("parameters"))
    def parameters_text(self, job: Job) -> str:
        """Return what it works on."""
        return as_text(job.parameters)

    @admin.display(description=_("result"))
    def result_text(self, job: Job) -> str:
        """Return what came of it."""
        return render_result(job)

    @admin.display(description=_("model version"))
    def model_version(self, job: Job) -> str:
        """Return a link to the version that came of it."""
        version = ModelVersion.objects.filter(number=job.result.get("model_version")).first()
        if version is None:
            return "—"
        address = reverse("admin:styles_modelversion_change", args=[version.pk])
        return format_html('<a href="{}">{}</a>', address, version)

    def get_urls(self) -> list[URLPattern]:
        """Add what the buttons of a job's page call."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/cancel/", view(self.cancel_view), name="styles_job_cancel"),
            path("<int:pk>/try-again/", view(self.try_again_view), name="styles_job_try_again"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Have the list loaded again while something waits or runs."""
        is_live = Job.objects.filter(status__in=(Job.Status.WAITING, Job.Status.RUNNING)).exists()
        return super().changelist_view(request, {**(extra_context or {}), "is_live": is_live})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the buttons that make sense for the job, and load the page again while it runs."""
        job = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if job is not None:
            may_change = self.has_change_permission(request)
            at_rest = (Job.Status.PAUSED, Job.Status.FAILED, Job.Status.CANCELLED)
            context |= {
                "is_live": job.status in (Job.Status.WAITING, Job.Status.RUNNING),
                "may_cancel": may_change and not job.is_finished and not job.is_cancel_requested,
                "may_try_again": may_change and job.status in at_rest,
            }
        return super().change_view(request, object_id, form_url, context)

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel one job."""
        return self._change_one(request, pk, jobs.cancel_job, done=gettext("Cancelled."))

    def try_again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have one job tried again."""
        return self._change_one(request, pk, jobs.try_again, done=gettext("Waits for a worker."))

    @admin.action(description=_("Try again"), permissions=["change"])
    def try_again(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        """Have the chosen jobs tried again."""
        for job in chosen:
            self._change(request, job, jobs.try_again, done=gettext("Waits for a worker."))

    @admin.action(description=_("Cancel"), permissions=["change"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        """Cancel the chosen jobs."""
        for job in chosen:
            self._change(request, job, jobs.cancel_job, done=gettext("Cancelled."))

    def _change_one(
        self, request: HttpRequest, pk: int, change: Callable[[Job], None], *, done: str
    ) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request):
            raise PermissionDenied
        self._change(request, get_object_or_404(Job, pk=pk), change, done=done)
        return HttpResponseRedirect(reverse("admin:styles_job_change", args=[pk]))

    def _change(
        self, request: HttpRequest, job: Job, change: Callable[[Job], None], *, done: str
    ) -> None:
        try:
            change(job)
        except JobError as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        self.log_change(request, job, done)
        self.message_user(request, f"{job.pk}: {done}", messages.SUCCESS)
