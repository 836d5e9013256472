"""The keys of styles and style groups by their code, looked up once; for filters.

The rows follow from ``styles.taxonomy`` and are made by migrations: their keys never change while a
process lives. Tests that empty the tables make them anew, which forgets the keys.
"""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Q


@lru_cache(maxsize=256)
def style_keys(code: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the keys of the styles, and of the style groups, that a code stands for.

    A group's code stands for its styles as well; an unknown one stands for nothing.
    """
    from styles.models import Style, StyleGroup  # receivers import this before models are loaded

    styles = Style.objects.filter(Q(code=code) | Q(group__code=code))
    groups = StyleGroup.objects.filter(code=code)
    return (
        tuple(styles.values_list("pk", flat=True)),
        tuple(groups.values_list("pk", flat=True)),
    )
