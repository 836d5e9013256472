"""System checks of the access app: are the rates rates? Each says how to mend what it found."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register
from django.core.exceptions import ValidationError
from rest_framework.settings import api_settings

from access import conf
from access.models import check_rates

GROUPS = ("anonymous", "keys")


@register
def check_throttle_rates(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse rates that no request could be held to."""
    found: list[CheckMessage] = []
    for group, rates in conf.get("THROTTLE_RATES").items():
        try:
            if group not in GROUPS:
                raise ValidationError(f"There is no group “{group}” of callers.")
            check_rates(rates)
        except ValidationError as error:
            found.append(
                checks.Error(
                    f'KFASHION["THROTTLE_RATES"]["{group}"]: {" ".join(error.messages)}',
                    hint="The groups are “anonymous” and “keys”, each with rates for reads, "
                    "searches and events, such as 600/hour. {} switches all limits off.",
                    id="access.E001",
                )
            )
    return found


@register
def check_proxies(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where callers cannot be told apart by their address, or may make one up."""
    count = api_settings.NUM_PROXIES
    if not conf.get("THROTTLE_RATES") or count:
        return []
    if count == 0 and not getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        return []
    fault = (
        "X-Forwarded-For is believed whoever wrote it"
        if count is None
        else "a proxy stands before the shop, and its address is taken for that of all shoppers"
    )
    return [
        checks.Warning(
            f'REST_FRAMEWORK["NUM_PROXIES"] is {count}: {fault}.',
            hint="Say how many proxies of yours write into X-Forwarded-For; 0 for none.",
            id="access.W001",
        )
    ]
