"""Admin pages of webhooks: who is told of what, and the log of how telling them went."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from styles.admin.read_only import ReadOnlyAdmin
from webhooks import conf
from webhooks.deliveries import send_again
from webhooks.models import TEST_KIND, Kind, WebhookDelivery, WebhookEndpoint
from webhooks.outbox import record
from webhooks.tasks import wake

# Holds the key of the endpoint whose secret may be shown once, never the secret.
SECRET_TO_SHOW = "webhook_secret_of"  # noqa: S105 - the name of a key


class WebhookEndpointForm(forms.ModelForm):
    """An endpoint as staff fill it in."""

    url = forms.URLField(label=_("address"), max_length=500, assume_scheme="https")
    kinds = forms.MultipleChoiceField(
        label=_("events"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple
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
        "told_of",
        "failing_since",
        "last_delivered_at",
        "waiting",
        "failed",
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

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """Delete one by one, as each locks itself."""
        for endpoint in queryset:
            endpoint.delete()

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret of a new endpoint."""
        return _show_secret(request, obj)

    @never_cache
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


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """The log of what was sent to whom, and what came back."""

    list_display = (
        "id",
        "created_at",
        "kind",
        "endpoint",
        "status",
        "attempts",
        "response_status",
        "error",
        "next_attempt_at",
    )
    list_filter = ("status", "event__kind", "error", "endpoint")
    list_select_related = ("event", "endpoint")
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "event__created_at"
    actions = ("send_again",)
    fieldsets = (
        (None, {"fields": ("endpoint", "status", "kind", "created_at", "webhook_id", "content")}),
        (
            _("Latest attempt"),
            {
                "fields": (
                    *("attempts", "attempted_at", "duration_milliseconds", "response_status"),
                    *("response_excerpt", "error", "error_detail", "next_attempt_at"),
                )
            },
        ),
    )

    class Media:
        css = {"all": ("kfashion/jobs.css",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return every field and what is told of the event."""
        own = super().get_readonly_fields(request, obj)
        return [*own, "kind", "created_at", "webhook_id", "content"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change deliveries has them sent again; nobody edits one."""
        return obj is None and super().has_change_permission(request)

    @admin.display(description=_("event"), ordering="event__kind")
    def kind(self, delivery: WebhookDelivery) -> str:
        """Return what happened."""
        return delivery.event.kind

    @admin.display(description=_("created"), ordering="event__created_at")
    def created_at(self, delivery: WebhookDelivery) -> Any:
        """Return when it happened."""
        return delivery.event.created_at

    @admin.display(description="webhook-id")
    def webhook_id(self, delivery: WebhookDelivery) -> str:
        """Return what the receiver knows the event by."""
        return str(delivery.event_id)

    @admin.display(description=_("content"))
    def content(self, delivery: WebhookDelivery) -> str:
        """Return the body, as people read it best."""
        text = json.dumps(delivery.event.payload, ensure_ascii=False, indent=2)
        return format_html('<pre class="job-json">{}</pre>', text)

    def get_urls(self) -> list[URLPattern]:
        """Add what the button of a delivery's page calls."""
        again = self.admin_site.admin_view(self.send_again_view)
        name = "webhooks_webhookdelivery_send_again"
        return [path("<int:pk>/send-again/", again, name=name), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the button to whoever may use it."""
        may_send = self.has_change_permission(request)
        context = {**(extra_context or {}), "may_send_again": may_send}
        return super().change_view(request, object_id, form_url, context)

    def send_again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have one delivery sent again."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request):
            raise PermissionDenied
        get_object_or_404(WebhookDelivery, pk=pk)
        self.send_again(request, WebhookDelivery.objects.filter(pk=pk))
        return HttpResponseRedirect(reverse("admin:webhooks_webhookdelivery_change", args=[pk]))

    @admin.action(description=_("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[WebhookDelivery]) -> None:
        """Have the chosen deliveries sent again."""
        sent = send_again(chosen)
        for endpoint_id in set(chosen.values_list("endpoint_id", flat=True)):
            wake(endpoint_id)
        text = ngettext(
            "%(count)s delivery is sent again.", "%(count)s deliveries are sent again.", sent
        )
        self.message_user(request, text % {"count": sent}, messages.SUCCESS)


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
