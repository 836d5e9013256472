"""Trims by name, the details that give a style away; `garments` draws them."""

from collections.abc import Callable

from .cuts import Top
from .frills import (
    fringe,
    fringe_hem,
    lace_front,
    lace_hem,
    lace_yoke,
    ribbons,
    ruffle_band,
    ruffle_front,
    waist_bow,
)
from .hardware import chain, pearls, pins, rips, straps, stud_hem, studs
from .insets import bands, embroidery, epaulettes, git, goreum, patches, sleeve_stripes, tie, yoke
from .sewing import Sewing


def draw_trims(sewing: Sewing, top: Top) -> None:
    """All trims of an upper body, in the order the cut names them."""
    for name in top.trims:
        if name in TRIMS:
            TRIMS[name](sewing, top)


TRIMS: dict[str, Callable[[Sewing, Top], None]] = {
    "studs": studs,
    "stud_hem": stud_hem,
    "fringe": fringe,
    "fringe_hem": fringe_hem,
    "yoke": yoke,
    "epaulettes": epaulettes,
    "lace_yoke": lace_yoke,
    "lace_hem": lace_hem,
    "lace_front": lace_front,
    "ruffle_front": ruffle_front,
    "ruffle_band": ruffle_band,
    "ribbons": ribbons,
    "waist_bow": waist_bow,
    "pearls": pearls,
    "chain": chain,
    "pins": pins,
    "rips": rips,
    "tie": tie,
    "goreum": goreum,
    "git": git,
    "sleeve_stripes": sleeve_stripes,
    "bands": bands,
    "embroidery": embroidery,
    "straps": straps,
    "patches": patches,
}
