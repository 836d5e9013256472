"""Admin pages of webhooks; Django loads this package."""

from webhooks.admin.deliveries import WebhookDeliveryAdmin
from webhooks.admin.endpoints import WebhookEndpointAdmin

__all__ = ["WebhookDeliveryAdmin", "WebhookEndpointAdmin"]
