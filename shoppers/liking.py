"""Which products a shopper likes; read by pages and by the context processor of all templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from products.models import Product
from shoppers import conf
from shoppers.identity import key_hash_of, shopper_of
from shoppers.models import Shopper, ShopperEvent

Kind = ShopperEvent.Kind
RECENT_SHOWN = 12
_RECENT_READ = 100


def liked_products(request: HttpRequest) -> dict[str, Any]:
    """Return what every template may ask: ``liked_products``, the keys of the products liked.

    One query for all hearts of a page, asked with the first; none without consent. And
    ``shopper_retention_days``, after which what a shopper did is forgotten.
    """
    return {
        "liked_products": SimpleLazyObject(lambda: liked_ids(request)),
        "shopper_retention_days": conf.get("SHOPPER_RETENTION_DAYS"),
    }


def liked_ids(request: HttpRequest) -> frozenset[int]:
    """Return the keys of the products that the shopper of a browser likes."""
    if not key_hash_of(request):
        return frozenset()
    shopper = shopper_of(request)
    return frozenset(_liked(shopper)) if shopper else frozenset()


def is_liked(shopper: Shopper, product_id: int) -> bool:
    """Whether a shopper likes a product."""
    last = ShopperEvent.objects.about_likes().filter(shopper=shopper, product=product_id).first()
    return last is not None and last.kind == Kind.LIKE


def recently_viewed(shopper: Shopper, *, without: int | None = None) -> Sequence[Product]:
    """Return the products a shopper looked at last, the latest first, with all that cards show."""
    views = ShopperEvent.objects.filter(shopper=shopper, kind__in=(Kind.VIEW, Kind.CLICK))
    keys = dict.fromkeys(
        views.order_by("-at", "-pk").values_list("product_id", flat=True)[:_RECENT_READ]
    )
    wanted = [key for key in keys if key != without]
    return in_order(wanted, most=RECENT_SHOWN)


def liked(shopper: Shopper, *, most: int) -> Sequence[Product]:
    """Return the products a shopper likes, the latest first, with all that cards show."""
    return in_order(_liked(shopper), most=most)


def in_order(keys: Sequence[int], *, most: int) -> Sequence[Product]:
    """Return products that shoppers may see in the order of their keys, ready for cards."""
    # More than are shown, for some may be hidden by now.
    found = Product.objects.published().for_cards().in_bulk(keys[: 2 * most])
    return [found[key] for key in keys if key in found][:most]


def _liked(shopper: Shopper) -> list[int]:
    rows = ShopperEvent.objects.about_likes().filter(shopper=shopper)
    last = sorted(rows.values_list("at", "pk", "product_id", "kind"), reverse=True)
    return [key for _at, _pk, key, kind in last if kind == Kind.LIKE]
