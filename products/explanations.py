"""Why a product was found: the styles and the colours it shares with what was asked for.

API and commands ask for it; ``products.outcomes`` puts it beside each hit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from products.palette import Palette, SharedColour, palettes_of, shared_colours
from products.search import QueryVector
from products.search.candidates import StyleMix, style_mixes
from products.search.rankers import is_of_groups
from styles import taxonomy
from styles.languages import is_korean

# Below this a share is noise to a reader.
MIN_SHARED_STYLE = 0.05


@dataclass(frozen=True)
class SharedStyle:
    """A style, or a group where only groups were learnt, that both mixes hold to this share."""

    code: str
    share: float

    @property
    def name(self) -> str:
        """Its name in the active language."""
        named = _NAMED[self.code]
        return named.name_ko if is_korean() else named.name_en


@dataclass(frozen=True)
class Explanation:
    """What a hit has in common with the query, the largest share first; empty where unknown."""

    styles: tuple[SharedStyle, ...]
    colours: tuple[SharedColour, ...]


def explain_hits(query: QueryVector, product_ids: Sequence[int]) -> Mapping[int, Explanation]:
    """Explain products found by a query: product id -> explanation; in four queries at most."""
    asked = [*query.examples[:1], *product_ids]
    mixes = style_mixes(asked, model_version=query.model_version)
    palettes = palettes_of(asked)
    example = next(iter(query.examples), 0)
    mix = query.mix or mixes.get(example, {})
    palette: Palette = query.palette or palettes.get(example, ())
    return {
        product_id: Explanation(
            styles=shared_styles(mix, mixes.get(product_id, {})),
            colours=shared_colours(palette, palettes.get(product_id, ())),
        )
        for product_id in product_ids
    }


def shared_styles(one: StyleMix, other: StyleMix) -> tuple[SharedStyle, ...]:
    """Return the styles that both mixes hold, by the smaller share.

    Where one mix knows groups alone, the groups of the other are compared with it.
    """
    if is_of_groups(one) != is_of_groups(other):
        one, other = _in_groups(one), _in_groups(other)
    shared = [
        SharedStyle(code, round(min(share, other[code]), 4))
        for code, share in one.items()
        if min(share, other.get(code, 0.0)) >= MIN_SHARED_STYLE
    ]
    return tuple(sorted(shared, key=lambda style: (-style.share, style.code)))


def _in_groups(mix: StyleMix) -> StyleMix:
    return mix if is_of_groups(mix) else taxonomy.group_mix(mix)


_NAMED: dict[str, taxonomy.Style | taxonomy.StyleGroup] = {
    **{group.code: group for group in taxonomy.STYLE_GROUPS},
    **{style.code: style for style in taxonomy.STYLES},
}
