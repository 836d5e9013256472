"""The catalogue as a Google Merchant feed, XML or TSV; called by ``products.exporters``.

https://support.google.com/merchants/answer/7052112 says which fields there are. What the shop knows
beyond them stands in fields of its own, so that the feed can be imported again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.sax.saxutils import escape as escape_xml

from django.utils import timezone

from products.exporting.addresses import absolute, page_of
from products.exporting.columns import LABELS, MARK
from products.exporting.rows import ExportedProduct
from products.importing.escaping import escape
from products.models import Product

MAX_ID: Final = 50
MAX_FURTHER_PHOTOS: Final = 10
_GENDERS: Final[Mapping[str, tuple[str, str]]] = {
    Product.Gender.WOMEN: ("female", "adult"),
    Product.Gender.MEN: ("male", "adult"),
    Product.Gender.GIRLS: ("female", "kids"),
    Product.Gender.BOYS: ("male", "kids"),
    Product.Gender.UNISEX: ("unisex", "adult"),
}
_OWN: Final = (
    *("name_ko", "shop_stock", "shop_gender", "shop_url", "shop_style", "shop_style_group", MARK),
)
"""Fields of the shop's own, which Google leaves alone."""
FIELDS: Final = (
    *("id", "title", "description", "link", "image_link", "additional_image_link"),
    *("availability", "price", "brand", "condition", "gender", "age_group", "color"),
    *("product_type", "identifier_exists", *LABELS, *_OWN),
)
_ITEMS: Final = 200
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0" '
    'xmlns:c="http://base.google.com/cns/1.0">\n<channel>\n'
    "<title>{title}</title>\n<link>{link}</link>\n<description>{title}</description>\n"
)
_TAIL: Final = "</channel>\n</rss>\n"


def items(
    products: Iterable[ExportedProduct], *, address: str, left_out: Counter[str]
) -> Iterator[dict[str, str]]:
    """Yield field -> text for each product that Google would take.

    Args:
        address: where the shop is.
        left_out: reason -> products, counted for those that lack what no item may lack.
    """
    written_at = timezone.now().isoformat(timespec="seconds")
    for product in products:
        if reason := _fault(product):
            left_out[reason] += 1
        else:
            yield {**_item(product, address), MARK: written_at}


def tsv_rows(found: Iterable[Mapping[str, str]]) -> Iterator[list[str]]:
    """Yield items as rows under a header; no cell of it is a formula."""
    yield list(FIELDS)
    for item in found:
        yield [escape(" ".join(item.get(field, "").split())) for field in FIELDS]


def xml_parts(found: Iterable[Mapping[str, str]], *, title: str, address: str) -> Iterator[bytes]:
    """Yield items as an RSS 2.0 document, some hundred at a time."""
    part = [_HEAD.format(title=_text(title), link=_text(address))]
    for item in found:
        part.append("<item>\n")
        part += [
            f"<{_tag(field)}>{_text(text)}</{_tag(field)}>\n"
            for field, value in item.items()
            # A field with several values is written several times.
            for text in (value.split(",") if field == "additional_image_link" else (value,))
            if text
        ]
        part.append("</item>\n")
        if len(part) > _ITEMS * len(FIELDS):
            yield "".join(part).encode()
            part.clear()
    yield "".join([*part, _TAIL]).encode()


def _fault(product: ExportedProduct) -> str:
    if product.price is None:
        return "price_missing"
    if not product.photos:
        return "photo_missing"
    return "sku_too_long" if len(product.sku) > MAX_ID else ""


def _item(product: ExportedProduct, address: str) -> dict[str, str]:
    # Several stand in one field, separated by commas.
    photos = [absolute(photo, address).replace(",", "%2C") for photo in product.photos]
    gender, age_group = _GENDERS.get(product.gender, ("", ""))
    description = product.attributes.get("description")
    return {
        "id": product.sku,
        "title": product.name,
        "description": description if isinstance(description, str) else product.name,
        "link": product.url or absolute(page_of(product), address),
        "image_link": photos[0],
        "additional_image_link": ",".join(photos[1 : 1 + MAX_FURTHER_PHOTOS]),
        "availability": "out_of_stock" if product.stock == 0 else "in_stock",
        "price": f"{product.price} {product.currency}",
        "brand": product.brand,
        "condition": "new",
        "gender": gender,
        "age_group": age_group,
        "color": product.colour,
        "product_type": product.category,
        "identifier_exists": "no",
        **dict(zip(LABELS, product.labels, strict=True)),
        "name_ko": product.name_ko,
        "shop_stock": "" if product.stock is None else str(product.stock),
        "shop_gender": product.gender,
        "shop_url": product.url,
        "shop_style": "|".join(product.styles),
        "shop_style_group": product.style_group,
    }


def _tag(field: str) -> str:
    return f"c:{field}" if field in _OWN else f"g:{field}"


def _text(text: str) -> str:
    """Return a text for XML, without the characters that no XML may hold."""
    if not text.isprintable():
        text = "".join(
            each
            for each in text
            if (each >= " " or each in "\t\n\r") and each not in "\ufffe\uffff"
        )
    # No formula is run here, but what looks escaped already would lose its apostrophe on import.
    return escape_xml(escape(text) if text.startswith("'") else text)
