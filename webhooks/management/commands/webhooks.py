"""``manage.py webhooks``: list the endpoints, what waits for them and what did not arrive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from styles.console import ReportingCommand
from webhooks.models import WebhookEndpoint

TIMES = ("failing_since", "disabled_at", "last_delivered_at")


class Command(ReportingCommand):
    """List the endpoints with the counts of their deliveries."""

    help = __doc__

    def report(self, options: dict[str, Any]) -> dict[str, Any]:
        return {
            "endpoints": [
                _as_dictionary(endpoint) for endpoint in WebhookEndpoint.objects.counted()
            ]
        }

    def describe(self, result: dict[str, Any]) -> Iterator[str]:
        if not result["endpoints"]:
            yield "There are no endpoints; staff add them in the admin."
        for endpoint in result["endpoints"]:
            yield f"{endpoint['id']:>4}  {endpoint['url']}  ({', '.join(endpoint['kinds'])})"
            yield (
                f"      {_state(endpoint)}; {endpoint['waiting']} waiting, "
                f"{endpoint['failed']} failed, {endpoint['delivered']} delivered"
            )


def _as_dictionary(endpoint: Any) -> dict[str, Any]:
    plain = ("url", "description", "kinds", "is_active", "disabled_reason")
    counts = ("waiting", "failed", "delivered")
    return {
        "id": endpoint.pk,
        **{name: getattr(endpoint, name) for name in (*plain, *counts)},
        **{name: _as_text(getattr(endpoint, name)) for name in TIMES},
    }


def _as_text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _state(endpoint: dict[str, Any]) -> str:
    if not endpoint["is_active"]:
        reason = endpoint["disabled_reason"]
        return f"switched off {endpoint['disabled_at']} ({reason})" if reason else "switched off"
    return f"failing since {endpoint['failing_since']}" if endpoint["failing_since"] else "active"
