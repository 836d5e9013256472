"""Admin pages of deliveries: the log of what was sent to whom, and sending it again."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from styles.admin.read_only import ReadOnlyAdmin
from webhooks.deliveries import send_again
from webhooks.models import WebhookDelivery
from webhooks.tasks import wake


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
