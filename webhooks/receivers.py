"""Writes events into the outbox when something happens that endpoints want to hear of.

Each receiver runs in the transaction of what happened. Where nobody has subscribed, that costs one
query of a table of few rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.dispatch import receiver

from products.cut_off import calibration_of, has_close_match
from products.models import ImageSearch, Product
from products.outcomes import search_filters
from products.search import Page, query_of_search, see_as_answered
from products.signals import image_search_done, products_embedded
from styles import taxonomy
from styles.models import ModelVersion
from styles.serving import one_view
from styles.signals import model_version_flipped
from webhooks.models import Kind
from webhooks.outbox import record, subscribers

SKUS_PER_EVENT = 100
GUESSES = 3
# Nothing of the page that a shopper sees is needed to tell whether anything is near.
NO_PAGE = Page((), 0)


@receiver(products_embedded)
def tell_of_embedded_products(
    product_ids: Collection[int], model_version: ModelVersion, **kwargs: Any
) -> None:
    """Tell that products can be found by their looks, up to a hundred an event."""
    endpoint_ids = subscribers(Kind.PRODUCT_EMBEDDED)
    if not endpoint_ids:
        return
    skus = list(
        Product.objects.filter(pk__in=product_ids).order_by("sku").values_list("sku", flat=True)
    )
    for start in range(0, len(skus), SKUS_PER_EVENT):
        content = {
            "model_version": model_version.number,
            "is_serving": model_version.status == ModelVersion.Status.ACTIVE,
            "skus": skus[start : start + SKUS_PER_EVENT],
        }
        record(Kind.PRODUCT_EMBEDDED, content, endpoint_ids=endpoint_ids)


@receiver(model_version_flipped)
def tell_of_activated_version(
    model_version: ModelVersion, replaced: ModelVersion | None, is_undo: bool, **kwargs: Any
) -> None:
    """Tell which model version serves from now on."""
    endpoint_ids = subscribers(Kind.MODEL_VERSION_ACTIVATED)
    if endpoint_ids:
        content = {
            "model_version": model_version.number,
            "replaced": replaced.number if replaced else None,
            "is_undo": is_undo,
        }
        record(Kind.MODEL_VERSION_ACTIVATED, content, endpoint_ids=endpoint_ids)


@receiver(image_search_done)
def tell_of_search_without_match(search_id: UUID, **kwargs: Any) -> None:
    """Tell that the shop has nothing that looks like a photo, and what the photo shows."""
    endpoint_ids = subscribers(Kind.IMAGE_SEARCH_NO_MATCH)
    if not endpoint_ids:
        return
    search = ImageSearch.objects.select_related("model_version", "cluster").get(pk=search_id)
    if is_without_match(search):
        record(Kind.IMAGE_SEARCH_NO_MATCH, describe_search(search), endpoint_ids=endpoint_ids)


def is_without_match(search: ImageSearch) -> bool:
    """Tell whether a finished search has no close match; not where nobody knows."""
    if search.model_version is None:
        return False
    calibration = calibration_of(search.model_version)
    if calibration is None:
        return False
    with one_view():
        see_as_answered(search)
        try:
            filters = search_filters(search)
        except ValidationError:  # Its cluster or style is gone; the shopper is told so.
            return False
        query = query_of_search(search, is_grouped=False)
        return has_close_match(NO_PAGE, query, filters=filters, calibration=calibration) is False


def describe_search(search: ImageSearch) -> dict[str, Any]:
    """Return what a photo shows; neither the photo nor anything of the shopper."""
    styles = search.probabilities.get("style", {})
    groups = taxonomy.group_mix(styles) if styles else search.probabilities.get("style_group", {})
    cluster = search.cluster
    return {
        "image_search": str(search.pk),
        "model_version": search.model_version.number if search.model_version else None,
        "cluster": {"number": cluster.number, "name": cluster.name_en} if cluster else None,
        "style_groups": _ranked(groups),
        "styles": _ranked(styles),
        "product_types": _ranked(search.probabilities.get("product_type", {}))[:GUESSES],
    }


def _ranked(probabilities: Mapping[str, float]) -> list[dict[str, Any]]:
    ranked = sorted(probabilities.items(), key=lambda item: (-item[1], item[0]))
    return [{"code": code, "probability": round(share, 4)} for code, share in ranked]
