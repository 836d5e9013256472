"""Custom labels by which advertisements are grouped; for all formats of an export.

Google takes five labels, of at most 100 characters and 1,000 different values each: so a style mix
is told by its first two styles and by how pure it is, not by its shares.
https://support.google.com/merchants/answer/6324473
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from styles import taxonomy

MAX_LABEL: Final = 100
PURE, LEANING, MIXED = "pure", "leaning", "mixed"
_PURE_FROM: Final = 0.75
_LEANING_FROM: Final = 0.5
# Below this share a second style is noise of the model.
_SECOND_FROM: Final = 0.15


def custom_labels(
    *, group: str, mix: Mapping[str, float], cluster: str
) -> tuple[str, str, str, str, str]:
    """Return style group, main style, second style, how pure the mix is, and cluster.

    Args:
        group: the code of the style group that the shop labelled it with, or "": then that of the
            mix is said.
        mix: style code -> share, of the serving model; the style groups' where it knows no styles.
            Empty where it has not looked yet.
        cluster: number and name, or "".
    """
    ranked = sorted(mix.items(), key=lambda share: (-share[1], share[0]))
    first = ranked[0] if ranked else ("", 0.0)
    second = ranked[1][0] if len(ranked) > 1 and ranked[1][1] >= _SECOND_FROM else ""
    return (
        group or _group_of(mix),
        first[0],
        second,
        _purity(first[1]) if ranked else "",
        cluster[:MAX_LABEL].strip(),
    )


def _purity(share: float) -> str:
    if share >= _PURE_FROM:
        return PURE
    return LEANING if share >= _LEANING_FROM else MIXED


def _group_of(mix: Mapping[str, float]) -> str:
    if not mix:
        return ""
    is_of_groups = any(taxonomy.resolve_style(code) is None for code in mix)
    groups = mix if is_of_groups else taxonomy.group_mix(mix)
    return max(groups, key=lambda code: (groups[code], code))
