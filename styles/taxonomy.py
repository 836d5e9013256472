"""The K-Fashion taxonomy, 23 styles in 10 groups; read by models, importers and training.

Pure Python. Source: the K-Fashion data set (AI Hub), whose annotations name a main and a second
style for each photo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OTHER = "other"
"""Code of the style (and of its group) that holds what the 23 styles do not (기타)."""


@dataclass(frozen=True)
class StyleGroup:
    """One of the 10 style groups, or ``other``. ``order`` is its place on a page, from 0."""

    code: str
    name_ko: str
    name_en: str
    order: int


@dataclass(frozen=True)
class Style:
    """One of the 23 styles, or ``other``. ``group`` is the code of its style group."""

    code: str
    group: str
    name_ko: str
    name_en: str
    order: int


_GROUP_ROWS = (
    ("traditional", "트래디셔널", "Traditional"),
    ("mannish", "매니시", "Mannish"),
    ("feminine", "페미닌", "Feminine"),
    ("ethnic", "에스닉", "Ethnic"),
    ("contemporary", "컨템포러리", "Contemporary"),
    ("natural", "내추럴", "Natural"),
    ("genderfluid", "젠더플루이드", "Gender-fluid"),
    ("sporty", "스포티", "Sporty"),
    ("subculture", "서브컬처", "Subculture"),
    ("casual", "캐주얼", "Casual"),
    (OTHER, "기타", "Other"),
)

_STYLE_ROWS = (
    ("classic", "traditional", "클래식", "Classic"),
    ("preppy", "traditional", "프레피", "Preppy"),
    ("mannish", "mannish", "매니시", "Mannish"),
    ("tomboy", "mannish", "톰보이", "Tomboy"),
    ("feminine", "feminine", "페미닌", "Feminine"),
    ("romantic", "feminine", "로맨틱", "Romantic"),
    ("sexy", "feminine", "섹시", "Sexy"),
    ("hippie", "ethnic", "히피", "Hippie"),
    ("western", "ethnic", "웨스턴", "Western"),
    ("oriental", "ethnic", "오리엔탈", "Oriental"),
    ("modern", "contemporary", "모던", "Modern"),
    ("sophisticated", "contemporary", "소피스트케이티드", "Sophisticated"),
    ("avantgarde", "contemporary", "아방가르드", "Avant-garde"),
    ("country", "natural", "컨트리", "Country"),
    ("resort", "natural", "리조트", "Resort"),
    ("genderless", "genderfluid", "젠더리스", "Genderless"),
    ("sporty", "sporty", "스포티", "Sporty"),
    ("retro", "subculture", "레트로", "Retro"),
    ("kitsch", "subculture", "키치", "Kitsch"),
    ("hiphop", "subculture", "힙합", "Hip-hop"),
    ("punk", "subculture", "펑크", "Punk"),
    ("military", "casual", "밀리터리", "Military"),
    ("street", "casual", "스트리트", "Street"),
    (OTHER, OTHER, "기타", "Other"),
)

STYLE_GROUPS: tuple[StyleGroup, ...] = tuple(
    StyleGroup(code, name_ko, name_en, order)
    for order, (code, name_ko, name_en) in enumerate(_GROUP_ROWS)
)
STYLES: tuple[Style, ...] = tuple(
    Style(code, group, name_ko, name_en, order)
    for order, (code, group, name_ko, name_en) in enumerate(_STYLE_ROWS)
)

# Other spellings found in shop exports and in the K-Fashion files. "Formal" and "Sports" are usage
# words of general catalogues; they say which group is meant, never which style.
_STYLE_ALIASES = {"kidult": "kitsch", "kitsch/kidult": "kitsch", "키치/키덜트": "kitsch"}
_GROUP_ALIASES = {"formal": "traditional", "sports": "sporty", "sport": "sporty"}


def _key(text: str) -> str:
    """Fold case, spaces and hyphens away: "Hip-Hop", "hip hop" and "hiphop" are one word."""
    return "".join(character for character in text.casefold() if character not in " -_")


_STYLE_BY_KEY = {
    _key(name): style for style in STYLES for name in (style.code, style.name_ko, style.name_en)
}
_STYLE_BY_KEY |= {_key(alias): _STYLE_BY_KEY[code] for alias, code in _STYLE_ALIASES.items()}
_GROUP_BY_KEY = {
    _key(name): group
    for group in STYLE_GROUPS
    for name in (group.code, group.name_ko, group.name_en)
}
_GROUP_BY_KEY |= {_key(alias): _GROUP_BY_KEY[code] for alias, code in _GROUP_ALIASES.items()}


def resolve_style(text: str) -> Style | None:
    """Return the style that a code, Korean or English name means, or None when it means none."""
    return _STYLE_BY_KEY.get(_key(text))


def resolve_group(text: str) -> StyleGroup | None:
    """Return the style group that a code, name or usage word ("Formal") means, or None."""
    return _GROUP_BY_KEY.get(_key(text))


def group_mix(style_probabilities: Mapping[str, float]) -> dict[str, float]:
    """Sum style probabilities into their style groups, in page order, without the groups at zero.

    Args:
        style_probabilities: style code -> probability in [0, 1].

    Raises:
        KeyError: a code is not in the taxonomy.
    """
    group_of = {style.code: style.group for style in STYLES}
    mix = {group.code: 0.0 for group in STYLE_GROUPS}
    for code, probability in style_probabilities.items():
        mix[group_of[code]] += probability
    return {code: probability for code, probability in mix.items() if probability > 0}
