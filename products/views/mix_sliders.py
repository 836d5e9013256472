"""The sliders of the style mix: what they show, and the wish they stand for; for ``refinement``.

A page has a slider for each of the 10 style groups, an address one word, ``mix``. The sliders
begin at the photo's own mix, which is no wish: left there, they leave the list as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from products.search.candidates import StyleMix
from products.search.rankers import share_of
from products.search.wishes import Wishes
from styles import taxonomy
from styles.languages import is_korean

FIELD_PREFIX: Final = "mix-"
STEP: Final = 5
# What is like no other has no slider: nobody asks for more of it.
GROUPS: Final = tuple(group for group in taxonomy.STYLE_GROUPS if group.code != taxonomy.OTHER)


@dataclass(frozen=True)
class MixSlider:
    """A slider; ``value`` and ``own`` are from 0 to 100, in steps of STEP.

    Attributes:
        value: where it stands.
        own: where the photo's own mix has it.
        percent: its share of the mix that all sliders make up.
    """

    code: str
    name: str
    value: int
    own: int
    percent: int

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"{FIELD_PREFIX}{self.code}"


def mix_sliders(wishes: Wishes, own: StyleMix) -> list[MixSlider]:
    """Return the sliders at the mix wished for, or at the photo's own."""
    values, starts = _positions(dict(wishes.mix) or own), _positions(own)
    total = sum(values.values()) or 1
    return [
        MixSlider(
            group.code,
            group.name_ko if is_korean() else group.name_en,
            values[group.code],
            starts[group.code],
            round(100 * values[group.code] / total),
        )
        for group in GROUPS
    ]


def read_sliders(parameters: Mapping[str, str], *, shown: StyleMix, own: StyleMix) -> str | None:
    """Return the ``mix`` that moved sliders stand for; None where none was moved.

    Args:
        parameters: of the form that was sent.
        shown: the mix that the sliders of that form stood at.
        own: the photo's own mix; sliders put back there wish for nothing, an empty text.
    """
    sent = {
        group.code: parameters[f"{FIELD_PREFIX}{group.code}"].strip()
        for group in GROUPS
        if f"{FIELD_PREFIX}{group.code}" in parameters
    }
    values = {code: int(text) for code, text in sent.items() if _is_position(text)}
    if len(values) < len(sent):
        # What is no number is refused with the mix that it is in, as in any address.
        return ",".join(f"{code}:{text or 0}" for code, text in sent.items())
    if not sent or _moved(values, shown) is False:
        return None
    if not any(values.values()) or not _moved(values, own):
        return ""
    return ",".join(f"{code}:{value / 100:g}" for code, value in values.items() if value)


def _moved(values: Mapping[str, int], mix: StyleMix) -> bool:
    positions = _positions(mix)
    return any(positions[code] != value for code, value in values.items())


def _positions(mix: StyleMix) -> dict[str, int]:
    """Return where sliders stand for a mix of styles or groups."""
    return {group.code: round(100 * share_of(group.code, mix) / STEP) * STEP for group in GROUPS}


def _is_position(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 3
