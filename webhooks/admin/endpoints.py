"""Admin pages of endpoints: who is told of what, the secrets, and a test event."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from webhooks import conf
from webhooks.models import TEST_KIND, Kind, WebhookDelivery, WebhookEndpoint
from webhooks.outbox import record

# Holds the key of the endpoint whose secret may be shown once, never the secret.
SECRET_TO_SHOW = "webhook_secret_of"  # noqa: S105 - the name of a key


class WebhookEndpointForm(forms.ModelForm):
    """An endpoint as staff fill it in."""

    url = forms.URLField(
        label=capfirst(_("address")),
        max_length=500,
        assume_scheme="https",
        widget=AdminURLFieldWidget,
    )
    kinds = forms.MultipleChoiceField(
        label=capfirst(_("events")), choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("url", "description", "kinds", "is_active")


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(admin.ModelAdmin):
    """The endpoints. A secret is shown once, when it is made."""

    form = WebhookEndpointForm
    list_display = (
        "__str__",
        "is_active",
        "waiting",
        "failed",
        "last_delivered_at",
        "failing_since",
        "told_of",
    )
    list_filter = ("is_active",)
    fieldsets = (
        (None, {"fields": WebhookEndpointForm.Meta.fields}),
        (_("State"), {"fields": ("failing_since", "disabled_at", "disabled_reason", "created_at")}),
    )
    readonly_fields = ("failing_since", "disabled_at", "disabled_reason", "created_at")

    class Media:
        css = {"all": ("kfashion/jobs.css",)}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out the state of an endpoint that there is not yet."""
        return super().get_fieldsets(request, obj) if obj else self.fieldsets[:1]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEndpoint]:
        """Return the endpoints with their counts."""
        return WebhookEndpoint.objects.counted()

    @admin.display(description=_("events"))
    def told_of(self, endpoint: WebhookEndpoint) -> str:
        """Return the events that an endpoint has subscribed to."""
        return ", ".join(endpoint.kinds)

    @admin.display(description=_("waiting"), ordering="waiting")
    def waiting(self, endpoint: Any) -> str:
        """Return how many deliveries wait, with the way to them."""
        return _link_to_log(endpoint.pk, WebhookDelivery.Status.WAITING, endpoint.waiting)

    @admin.display(description=_("failed"), ordering="failed")
    def failed(self, endpoint: Any) -> str:
        """Return how many deliveries failed, with the way to them."""
        return _link_to_log(endpoint.pk, WebhookDelivery.Status.FAILED, endpoint.failed)

    @admin.display(description=_("last delivered"), ordering="last_delivered_at")
    def last_delivered_at(self, endpoint: Any) -> Any:
        """Return when something last arrived."""
        return endpoint.last_delivered_at

    def get_urls(self) -> list[URLPattern]:
        """Add the page of the secret, and what the buttons of an endpoint's page call."""
        view = self.admin_site.admin_view
        own = (("secret", self.secret_view), ("rotate", self.rotate_view), ("test", self.test_view))
        return [
            *(
                path(f"<int:pk>/{name}/", view(target), name=f"webhooks_webhookendpoint_{name}")
                for name, target in own
            ),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save what staff wrote and nothing that workers write; switched on again, begin anew."""
        if not change:
            obj.save()
            return
        written = [name for name in form.changed_data if name in WebhookEndpointForm.Meta.fields]
        if "is_active" in written and obj.is_active:
            obj.failing_since = obj.disabled_at = obj.resting_until = None
            obj.disabled_reason, obj.silences = "", 0
            written += ["failing_since", "disabled_at", "resting_until"]
            written += ["disabled_reason", "silences"]
        obj.save(update_fields=written)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Tell what goes: the endpoints, and their log, which is long and is nobody's to list."""
        counts = {
            str(self.opts.verbose_name_plural): len(objs),
            str(WebhookDelivery._meta.verbose_name_plural): (
                WebhookDelivery.objects.filter(endpoint__in=[obj.pk for obj in objs]).count()
            ),
        }
        return [str(obj) for obj in objs], counts, set(), []

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """Delete one by one, as each locks itself."""
        for endpoint in queryset:
            endpoint.delete()

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret of a new endpoint."""
        return _show_secret(request, obj)

    def secret_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a secret to whoever has just had it made, once."""
        endpoint = self._changeable(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Secret of the endpoint"),
            "opts": self.opts,
            "endpoint": endpoint,
            "secret": endpoint.secret if request.session.get(SECRET_TO_SHOW) == pk else "",
            "old_secret_hours": conf.get("WEBHOOK_OLD_SECRET_HOURS"),
        }
        request.session.pop(SECRET_TO_SHOW, None)
        return TemplateResponse(request, "admin/webhooks/webhookendpoint/secret.html", context)

    def rotate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a new secret and show it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        endpoint = self._changeable(request, pk)
        endpoint.rotate_secret()
        self.log_change(request, endpoint, gettext("New secret."))
        return _show_secret(request, endpoint)

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send an event without meaning, and show its delivery."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        endpoint = self._changeable(request, pk)
        with transaction.atomic():
            WebhookEndpoint.objects.filter(pk=pk).update(resting_until=None)
            event = record(TEST_KIND, {"endpoint": endpoint.pk}, endpoint_ids=[endpoint.pk])
        if endpoint.is_active:
            self.message_user(request, _("A test event is on its way."), messages.SUCCESS)
        else:
            self.message_user(
                request,
                _("A test event waits until the endpoint is switched on."),
                messages.WARNING,
            )
        return HttpResponseRedirect(
            reverse("admin:webhooks_webhookdelivery_change", args=[event.deliveries.get().pk])
        )

    def _changeable(self, request: HttpRequest, pk: int) -> WebhookEndpoint:
        # Whoever may add one sees its secret; other than that it takes the right to change it.
        is_own = request.session.get(SECRET_TO_SHOW) == pk
        if not (self.has_change_permission(request) or (is_own and request.method == "GET")):
            raise PermissionDenied
        return get_object_or_404(WebhookEndpoint, pk=pk)


def _show_secret(request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    request.session[SECRET_TO_SHOW] = endpoint.pk
    return HttpResponseRedirect(
        reverse("admin:webhooks_webhookendpoint_secret", args=[endpoint.pk])
    )


def _link_to_log(endpoint_id: int, status: str, count: int) -> str:
    address = reverse("admin:webhooks_webhookdelivery_changelist")
    return format_html(
        '<a href="{}?endpoint__id__exact={}&status__exact={}">{}</a>',
        address,
        endpoint_id,
        status,
        count,
    )
