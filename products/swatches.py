"""What the colours of catalogues look like, for the swatches beside their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from products.palette import NAMED_COLOURS

# Words of ``vocabulary.COLOURS_KO`` that photos are not named by; several colours for a mixture.
_MORE: Final[Mapping[str, tuple[str, ...]]] = {
    "bronze": ("#8c6a3f",),
    "coffee brown": ("#4b3324",),
    "copper": ("#b06a43",),
    "fluorescent green": ("#b4f22c",),
    "gold": ("#c9a648",),
    "grey melange": ("#8e9093", "#b9babc"),
    "indigo": ("#34406f",),
    "ivory": ("#f4efdf",),
    "khaki": ("#8d8357",),
    "maroon": ("#5f1f28",),
    "metallic": ("#8c8f94", "#c9ccd0"),
    "multi": ("#c41f2d", "#f2d53c", "#2f8c46", "#2e62b6"),
    "navy blue": ("#1f2947",),
    "nude": ("#e0bfa6",),
    "off white": ("#f2efe6",),
    "sea green": ("#3f8f74",),
    "silver": ("#b9bdc2",),
    "skin": ("#e0bfa6",),
    "steel": ("#7c858d",),
    "tan": ("#b98d5f",),
    "turquoise blue": ("#41c3c4",),
}
# Of the shades of one name the first is the plainest.
_PLAIN: Final = dict(reversed(NAMED_COLOURS))


def swatch(colour: str) -> tuple[str, ...]:
    """Return colours such as #1a2b3c that stand for a catalogue's word; empty if it is unknown."""
    word = colour.casefold()
    if word in _MORE:
        return _MORE[word]
    return (_PLAIN[word],) if word in _PLAIN else ()
