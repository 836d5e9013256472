"""A page of the admin that asks how, starts a job and shows it; for model versions, clusterings."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from styles.admin.read_only import ReadOnlyAdmin
from styles.exceptions import StylesError
from styles.models import Job


class StartPageAdmin(ReadOnlyAdmin):
    """Rows that only jobs make, with a page beside their list that starts such a job.

    Subclasses set what the page says and implement ``start``.
    """

    change_list_template = "admin/styles/startable_change_list.html"
    start_form: ClassVar[type[forms.Form]]
    start_address: ClassVar[str]
    start_title: ClassVar[Any]
    start_text: ClassVar[Any]
    start_button: ClassVar[Any]
    started_text: ClassVar[Any]

    def start(self, cleaned: dict[str, Any], *, user: User | None) -> Job:
        """Queue the job that was asked for.

        Raises:
            StylesError: it cannot be started; the message is shown above the form.
        """
        raise NotImplementedError

    @property
    def start_page_name(self) -> str:
        """The name of the page's address within the admin."""
        return f"{self.opts.app_label}_{self.opts.model_name}_{self.start_address}"

    def get_urls(self) -> list[URLPattern]:
        """Add the page to those of the rows."""
        page = self.admin_site.admin_view(self.start_view)
        return [
            path(f"{self.start_address}/", page, name=self.start_page_name),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the way to the page to whoever may use it."""
        context = dict(extra_context or {})
        if request.user.has_perm("styles.add_job"):
            context["start_url"] = reverse(f"admin:{self.start_page_name}")
            context["start_title"] = self.start_title
        return super().changelist_view(request, context)

    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Ask how, start the job and show it."""
        if not request.user.has_perm("styles.add_job"):
            raise PermissionDenied
        form = self.start_form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            user = request.user if request.user.is_authenticated else None
            try:
                job = self.start(form.cleaned_data, user=user)
            except StylesError as error:
                form.add_error(None, str(error))
            else:
                self.message_user(request, self.started_text, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:styles_job_change", args=[job.pk]))
        return self.form_page(
            request, form, title=self.start_title, text=self.start_text, button=self.start_button
        )

    def form_page(
        self,
        request: HttpRequest,
        form: forms.Form,
        *,
        title: Any,
        text: Any,
        button: Any,
        row: Model | None = None,
    ) -> HttpResponse:
        """Return a page that says what a button does, and asks what the form asks.

        Args:
            row: the one that it is about, if it is about one.
        """
        context = {**self.page_context(request, title=title, row=row), "text": text}
        context |= {"button": button, "form": form}
        return TemplateResponse(request, "admin/styles/start_job.html", context)

    def page_context(
        self, request: HttpRequest, *, title: Any, row: Model | None = None
    ) -> dict[str, Any]:
        """Return what each page beside the list and the rows needs."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": row,
            "row_url": reverse(f"{name}_change", args=[row.pk]) if row else "",
            "list_url": reverse(f"{name}_changelist"),
        }
