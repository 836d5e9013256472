"""System checks of the access app: are the rates rates? Each says how to mend what it found."""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, register
from django.core.exceptions import ValidationError

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
