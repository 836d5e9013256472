"""Every style's looks by taxonomy code; `catalogue` draws them in this order."""

from kfashion_site.sample_catalogue.grammar import Recipe

from .casual import MILITARY, STREET
from .contemporary import AVANTGARDE, MODERN, SOPHISTICATED
from .ethnic import HIPPIE, WESTERN
from .feminine import FEMININE, ROMANTIC
from .genderfluid import GENDERLESS
from .mannish import MANNISH, TOMBOY
from .music_scenes import HIPHOP, PUNK
from .natural import COUNTRY, RESORT
from .oriental import ORIENTAL
from .sexy import SEXY
from .sporty import SPORTY
from .subculture import KITSCH, RETRO
from .traditional import CLASSIC, PREPPY

LOOKS: dict[str, tuple[str, tuple[Recipe, ...]]] = {
    "classic": ("CLA", CLASSIC),
    "preppy": ("PRE", PREPPY),
    "mannish": ("MAN", MANNISH),
    "tomboy": ("TOM", TOMBOY),
    "feminine": ("FEM", FEMININE),
    "romantic": ("ROM", ROMANTIC),
    "sexy": ("SEX", SEXY),
    "hippie": ("HIP", HIPPIE),
    "western": ("WES", WESTERN),
    "oriental": ("ORI", ORIENTAL),
    "modern": ("MOD", MODERN),
    "sophisticated": ("SOP", SOPHISTICATED),
    "avantgarde": ("AVA", AVANTGARDE),
    "country": ("COU", COUNTRY),
    "resort": ("RES", RESORT),
    "genderless": ("GEN", GENDERLESS),
    "sporty": ("SPO", SPORTY),
    "retro": ("RET", RETRO),
    "kitsch": ("KIT", KITSCH),
    "hiphop": ("HOP", HIPHOP),
    "punk": ("PUN", PUNK),
    "military": ("MIL", MILITARY),
    "street": ("STR", STREET),
}
"""Taxonomy code -> the three letters of its skus, and its recipes."""
