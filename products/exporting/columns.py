"""How the columns of exported files are named; ``products.importing.columns`` reads it back here.

Such a file is known by its column ``exported_at``. Its columns mean exactly what they were written
from, so that nothing of the shop changes when the file comes back as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

MARK: Final = "exported_at"
ATTRIBUTE_PREFIX: Final = "attribute_"
OWN_PREFIX: Final = "shop_"
"""Of columns that say what a Merchant feed has no exact word for."""
LABELS: Final = tuple(f"custom_label_{number}" for number in range(5))

_TARGETS: Final[Mapping[str, str]] = {
    "id": "sku",
    "title": "name",
    "product_type": "category",
    "color": "colour",
    **{
        name: name
        for name in (
            *("sku", "name", "name_ko", "brand", "price", "currency", "stock", "gender"),
            *("category", "colour", "url", "style", "style_group"),
        )
    },
    **{f"{OWN_PREFIX}{name}": name for name in ("stock", "gender", "url", "style", "style_group")},
}
# Made for others, from what the shop knows anyway.
_MADE: Final = (
    *(MARK, *LABELS, "image_link", "additional_image_link", "link", "description"),
    *("availability", "condition", "age_group", "identifier_exists"),
)


def is_export(header: Sequence[str]) -> bool:
    """Whether a file was written by this shop, or another of its kind."""
    return MARK in header


def mapping_of_export(header: Sequence[str]) -> dict[str, str]:
    """Return header -> what it means, for columns of an export; nothing for any other file.

    Columns that people added to it are left out: they are recognised by name, as in any file.
    """
    if not is_export(header):
        return {}
    said: dict[str, str] = dict.fromkeys((name for name in header if name in _MADE), "ignore")
    for name in header:
        if name in _TARGETS:
            is_said_better = f"{OWN_PREFIX}{name}" in header
            said[name] = "ignore" if is_said_better else _TARGETS[name]
        elif name.startswith(ATTRIBUTE_PREFIX):
            said[name] = "attribute"
    return said


def plain_name(name: str, *, header: Sequence[str]) -> str:
    """Return the name of an attribute as it was before it became a column."""
    return name.removeprefix(ATTRIBUTE_PREFIX) if is_export(header) else name
