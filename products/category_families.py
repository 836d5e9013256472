"""Which categories belong together, and which families make a look; for "complete the look".

The words are those of ``products.vocabulary``, in English or Korean, in any case. A category that
is not in the table belongs to OTHER.
"""

from __future__ import annotations

from typing import Final

from products.vocabulary import CATEGORIES_KO
from styles.languages import is_korean

OTHER: Final = "other"

# In the order in which people dress, and pages show them.
FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "tops": (
        *("blouses", "cardigans", "hoodies", "kurtas", "kurtis", "shirts", "sweaters"),
        *("sweatshirts", "tops", "tshirts", "tunics", "vests", "waistcoat"),
    ),
    "bottoms": (
        *("capris", "churidar", "jeans", "leggings", "lounge pants", "lounge shorts", "shorts"),
        *("skirts", "track pants", "trousers"),
    ),
    "dresses": (
        *("dresses", "hanbok", "jumpsuit", "jumpsuits", "kimonos", "kurta sets", "suits"),
        "tracksuits",
    ),
    "outerwear": ("blazers", "coats", "jackets", "rain jacket", "trench coats"),
    "shoes": (
        *("boots", "casual shoes", "flats", "flip flops", "formal shoes", "heels", "sandals"),
        *("shoes", "sports sandals", "sports shoes"),
    ),
    "bags": (
        *("backpacks", "bags", "clutches", "duffel bag", "handbags", "laptop bag"),
        *("messenger bag", "rucksacks", "waist pouch"),
    ),
    "accessories": (
        *("belts", "bracelet", "caps", "cufflinks", "dupatta", "gloves", "hat", "hats"),
        *("headband", "mufflers", "necklace and chains", "scarves", "socks", "stockings"),
        *("stoles", "sunglasses", "ties", "tights", "umbrellas", "wallets", "watches"),
    ),
}

_NAMES: Final = {
    "tops": ("Tops", "상의"),
    "bottoms": ("Bottoms", "하의"),
    "dresses": ("Dresses and suits", "원피스·수트"),
    "outerwear": ("Outerwear", "아우터"),
    "shoes": ("Shoes", "신발"),
    "bags": ("Bags", "가방"),
    "accessories": ("Accessories", "액세서리"),
    OTHER: ("Other", "기타"),
}

# Two garments for the same place do not make a look: nobody wears trousers to a dress.
_EXCLUDED: Final = {
    "tops": {"tops", "dresses"},
    "bottoms": {"bottoms", "dresses"},
    "dresses": {"dresses", "tops", "bottoms"},
}

_FAMILY_OF: Final = {
    word: family
    for family, categories in FAMILIES.items()
    for category in categories
    for word in (category, CATEGORIES_KO[category])
}


def family_of(category: str) -> str:
    """Return the family of a category, OTHER where it is unknown."""
    return _FAMILY_OF.get(category.strip().casefold(), OTHER)


def categories_of(family: str) -> tuple[str, ...]:
    """Return the words, in both languages and in lower case, of a family's categories."""
    return tuple(word for word, each in _FAMILY_OF.items() if each == family)


def complementary_families(family: str) -> tuple[str, ...]:
    """Return the families that complete a look with this one, in the order people dress in."""
    excluded = _EXCLUDED.get(family, {family})
    return tuple(each for each in FAMILIES if each not in excluded)


def family_name(family: str) -> str:
    """Return what a family is called in the active language."""
    return _NAMES[family][is_korean()]
