"""Addresses of the shop as others have to know them, from the beginning; for exported files."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from products.exporting.rows import ExportedProduct


def check_address(address: str) -> str:
    """Return where the shop is, with a slash at its end; "" stays so.

    Raises:
        ValidationError: it is no web address.
    """
    try:
        parts = urlsplit(address)
        is_sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # Half of an IPv6 address.
        is_sound = False
    if address and (not is_sound or parts.query or parts.fragment):
        raise ValidationError(
            _("“%(value)s” is not a web address: start it with https://."),
            code="invalid_url",
            params={"value": address[:40]},
        )
    return f"{address.rstrip('/')}/" if address else ""


def absolute(found: str, address: str) -> str:
    """Return an address of the shop with its host, or "" where nobody knows it."""
    if found.startswith(("http://", "https://")):
        return found
    return urljoin(address, found) if address else ""


def page_of(product: ExportedProduct) -> str:
    """Return the path of a product's page, as ``Product.get_absolute_url`` does."""
    slug = slugify(product.name)
    named = {"slug": slug} if slug else {}
    return reverse("products:detail", kwargs={**named, "pk": product.pk})
