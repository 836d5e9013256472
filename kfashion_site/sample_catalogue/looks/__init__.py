"""Every style's looks by taxonomy code; `catalogue` draws them in this order."""

from ..grammar import Recipe
from .feminine import AVANTGARDE, FEMININE, ROMANTIC, SEXY, SOPHISTICATED
from .folk import COUNTRY, HIPPIE, ORIENTAL, RESORT, WESTERN
from .tailored import CLASSIC, GENDERLESS, MANNISH, MODERN, PREPPY, TOMBOY
from .youth import HIPHOP, KITSCH, MILITARY, PUNK, RETRO, SPORTY, STREET

LOOKS: dict[str, tuple[str, tuple[Recipe, ...]]] = {
    "classic": ("CLA", CLASSIC), "preppy": ("PRE", PREPPY), "mannish": ("MAN", MANNISH), "tomboy": ("TOM", TOMBOY),
    "feminine": ("FEM", FEMININE), "romantic": ("ROM", ROMANTIC), "sexy": ("SEX", SEXY), "hippie": ("HIP", HIPPIE),
    "western": ("WES", WESTERN), "oriental": ("ORI", ORIENTAL), "modern": ("MOD", MODERN),
    "sophisticated": ("SOP", SOPHISTICATED), "avantgarde": ("AVA", AVANTGARDE), "country": ("COU", COUNTRY),
    "resort": ("RES", RESORT), "genderless": ("GEN", GENDERLESS), "sporty": ("SPO", SPORTY), "retro": ("RET", RETRO),
    "kitsch": ("KIT", KITSCH), "hiphop": ("HOP", HIPHOP), "punk": ("PUN", PUNK), "military": ("MIL", MILITARY),
    "street": ("STR", STREET),
}
"""Taxonomy code -> the three letters of its skus, and its recipes."""
