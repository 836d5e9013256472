"""What staff do with a model version: activate it, go back, measure it, prune it.

The base of the admin of model versions; all but going back is done by workers.
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from styles.activation_jobs import queue_activation
from styles.admin.start_page import StartPageAdmin
from styles.evaluation_jobs import queue_evaluation
from styles.exceptions import StylesError
from styles.models import Job, ModelVersion
from styles.pruning_jobs import queue_pruning

PAGE = "admin:styles_modelversion_change"
# What pages may be reached by whom, beside those who may look.
ACTIVATE, START, PRUNE = (
    "styles.change_modelversion",
    "styles.add_job",
    "styles.delete_modelversion",
)


class ActivationForm(forms.Form):
    """On what condition a version is to serve."""

    min_overlap = forms.FloatField(
        label=_("least overlap"),
        min_value=0,
        max_value=1,
        required=False,
        help_text=_(
            "0 to 1: the share of products that both versions must find for the example queries. "
            "Below it, the version that serves now goes on. Empty: no condition."
        ),
    )


class VersionSteps(StartPageAdmin):
    """A page for each step: it says what will happen, and does it once that is confirmed."""

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the steps."""
        view = self.admin_site.admin_view
        pages = {
            "activate": self.activate_view,
            "undo": self.undo_view,
            "evaluate": self.evaluate_view,
            "prune": self.prune_view,
        }
        return [
            *(
                path(f"<int:pk>/{name}/", view(page), name=f"styles_modelversion_{name}")
                for name, page in pages.items()
            ),
            *super().get_urls(),
        ]

    def activate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask on what condition, then have a worker activate the version and show its job."""
        version = self.find_version(request, pk, ACTIVATE)
        form = ActivationForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                job = queue_activation(version, **form.cleaned_data, requested_by=_user(request))
            except StylesError as error:
                form.add_error(None, str(error))
            else:
                return self._show_job(request, version, job, gettext("Activation started."))
        text = gettext(
            "Workers look at all products with this version, group them and compare its answers "
            "with those of the version that serves now. Then it takes over, at one moment; you can "
            "go back at once."
        )
        return self.form_page(
            request,
            form,
            title=gettext("Activate model version %(number)d") % {"number": version.number},
            text=text,
            button=gettext("Activate"),
            row=version,
        )

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask once more, then put the version that served before back into service."""
        version = self.find_version(request, pk, ACTIVATE)
        if version.status != ModelVersion.Status.ACTIVE or version.previous is None:
            raise Http404
        form = forms.Form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            from styles.activation import undo_activation  # not above: it loads all of clustering

            try:
                undo = undo_activation()
            except StylesError as error:
                form.add_error(None, str(error))
            else:
                said = gettext("Version %(number)d serves again.") % {"number": undo.model_version}
                self.log_change(request, version, said)
                self.message_user(request, said, messages.SUCCESS)
                back = ModelVersion.objects.numbered(undo.model_version)
                return HttpResponseRedirect(reverse(PAGE, args=[back.pk]))
        number = version.previous.number
        return self.form_page(
            request,
            form,
            title=gettext("Go back to version %(number)d") % {"number": number},
            text=gettext(
                "Its embeddings and its index are still there: it serves again at once, and what "
                "it has missed is looked at within moments."
            ),
            button=gettext("Go back"),
            row=version,
        )

    def evaluate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have a worker measure the version on the shop's own photos."""
        version = self.find_version(request, pk, START)
        form = forms.Form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            job = queue_evaluation(version, requested_by=_user(request))
            return self._show_job(request, version, job, gettext("Measurement started."))
        return self.form_page(
            request,
            form,
            title=gettext("Measure model version %(number)d") % {"number": version.number},
            text=gettext(
                "A worker has the version name all photos of the catalogue, which takes minutes. "
                "Then its page shows what it takes for what, and a report with photos."
            ),
            button=gettext("Measure"),
            row=version,
        )

    def prune_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what goes, then have a worker prune the version."""
        from styles.pruning import prune_model_versions

        version = self.find_version(request, pk, PRUNE)
        form = forms.Form(request.POST if request.method == "POST" else None)
        try:
            (pruned,) = prune_model_versions([version.number], dry_run=True).pruned
        except StylesError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(reverse(PAGE, args=[pk]))
        if form.is_valid():
            job = queue_pruning(version, requested_by=_user(request))
            return self._show_job(request, version, job, gettext("Pruning started."))
        told = {
            "embeddings": pruned.rows.embeddings,
            "classifications": pruned.rows.classifications,
            "megabytes": round(pruned.rows.bytes / 1e6),
        }
        return self.form_page(
            request,
            form,
            title=gettext("Prune model version %(number)d") % {"number": version.number},
            text=gettext(
                "For good go its files, %(embeddings)d embeddings, %(classifications)d "
                "classifications and its clusterings: %(megabytes)d MB of the database. There is "
                "no way back to it then."
            )
            % told,
            button=gettext("Prune"),
            row=version,
        )

    def find_version(self, request: HttpRequest, pk: int, permission: str) -> ModelVersion:
        """Return the version of a page for whoever has the permission."""
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return get_object_or_404(ModelVersion, pk=pk)

    def _show_job(
        self, request: HttpRequest, version: ModelVersion, job: Job, said: str
    ) -> HttpResponse:
        self.log_change(request, version, said)
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:styles_job_change", args=[job.pk]))


def _user(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None
