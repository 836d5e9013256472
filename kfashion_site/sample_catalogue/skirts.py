"""Skirts, alone or under a bodice; `garments` calls it."""

import math
from dataclasses import dataclass

from .canvas import Grain, Relief
from .cloth import Array
from .geometry import Fold, Knot, along, curve
from .sewing import Sewing, drape, gathers
from .waistbands import WAIST_Y, draw_waistband


@dataclass(frozen=True)
class Skirt:
    """The cut of a skirt. Lengths in pixels of the picture, halves measured from the middle."""

    cut: str = "a_line"
    waist: float = 72
    hem: float = 138
    length: float = 300
    slant: float = 0
    slit: float = 0
    tiers: int = 1
    waistband: str = "band"
    hem_trim: str = ""
    trims: tuple[str, ...] = ()


def draw_skirt(
    sewing: Sewing, skirt: Skirt, *, top_y: float = WAIST_Y, waistband: bool = True
) -> None:
    """A skirt that starts at height top_y."""
    bottom = top_y + skirt.length
    if skirt.slit:
        _draw_back_panel(sewing, skirt, top_y, bottom)
    if skirt.tiers > 1:
        for tier in reversed(range(skirt.tiers)):
            _draw_tier(sewing, skirt, tier, top_y)
    else:
        _draw_panel(sewing, skirt, top_y, bottom)
    if waistband and skirt.waistband:
        draw_waistband(sewing, skirt.waist, top_y, kind=skirt.waistband)


def _width_at(skirt: Skirt, share: float) -> float:
    """Half the width of the skirt at a share of its length."""
    hip = {"pencil": 22.0, "a_line": 16.0, "circle": 6.0}.get(skirt.cut, 14.0)
    straight = skirt.waist + (skirt.hem - skirt.waist) * share ** (
        1.25 if skirt.cut == "circle" else 0.9
    )
    width: float = straight + hip * math.sin(math.pi * min(share * 1.25, 1.0)) * (
        0.75 if share < 0.8 else 0.6
    )
    return width


def _draw_panel(sewing: Sewing, skirt: Skirt, top_y: float, bottom: float) -> None:
    shares = (0.0, 0.22, 0.5, 0.78, 1.0)
    right: list[Knot] = []
    for share in shares:
        corner = (1.0,) if share in (0.0, 1.0) else ()
        y = top_y + (bottom - top_y) * share - (6 if share == 1.0 else 0)
        right.append(
            (
                _width_at(skirt, share) if share else skirt.waist,
                y + skirt.slant * share * share,
                *corner,
            )
        )
    left = [(-k[0], k[1] - 2 * skirt.slant * (i / 4) ** 2, *k[2:]) for i, k in enumerate(right)]
    hem = _wavy_hem(skirt, bottom)
    if skirt.slit:
        hem = [(46, bottom + 4, 1), (40, bottom - skirt.slit, 1), (34, bottom + 5, 1), *hem[1:]]
    outline = curve([(0, top_y + 5), *right, *hem, *reversed(left)], closed=True)
    grain = Grain(fan=(top_y, skirt.waist, bottom, _width_at(skirt, 1.0)))
    cloth = sewing.cloth
    sewing.canvas.paint(
        sewing.canvas.patch(outline),
        cloth,
        folds=_skirt_folds(sewing, skirt, top_y, bottom),
        grain=grain,
        relief=_pleats(skirt, sharp=skirt.cut == "pleated"),
    )
    if skirt.hem_trim:
        _draw_hem_trim(sewing, skirt, bottom)
    elif skirt.cut != "circle" and not skirt.slant:
        half = _width_at(skirt, 1.0)
        sewing.canvas.seam(
            [(-half, bottom - 18), (0, bottom - 8), (half, bottom - 18)], width=1.2, depth=0.15
        )


def _wavy_hem(skirt: Skirt, bottom: float) -> list[Knot]:
    half = _width_at(skirt, 1.0)
    if skirt.cut == "pencil" or skirt.slant:
        return [(0, bottom + 4)]
    count, swing = (
        (11, 4.0) if skirt.cut == "pleated" else (9, 6.5 if skirt.cut == "circle" else 3.0)
    )
    hem: list[Knot] = []
    for index in range(1, count):
        x = half - 2 * half * index / count
        sag = 9 * (1 - (x / half) ** 2)
        hem.append((x, bottom - 4 + sag + (swing if index % 2 else -swing) * 0.8))
    return hem


def _skirt_folds(sewing: Sewing, skirt: Skirt, top_y: float, bottom: float) -> list[Fold]:
    rng, half = sewing.rng, _width_at(skirt, 1.0)
    if skirt.cut == "pleated":
        return []
    if skirt.cut == "pencil":
        return [
            Fold(s * skirt.waist, top_y + 60 + 30 * i, s * 20, top_y + 80 + 34 * i, 7, 1.3, 5)
            for s in (-1, 1)
            for i in range(3)
        ]
    count = 9 if skirt.cut == "circle" else 6
    folds = drape(skirt.waist, half, top_y, bottom, rng=rng, count=count, height=3.6, width=8.5)
    if skirt.cut in ("gathered", "circle"):
        folds += gathers(
            -skirt.waist,
            skirt.waist,
            top_y,
            length=(bottom - top_y) * 0.5,
            rng=rng,
            every=11,
            height=2.0,
            spread=1.35,
        )
    return folds


def _pleats(skirt: Skirt, *, sharp: bool) -> Relief | None:
    if not sharp:
        return None
    period = skirt.waist * 2 / 11

    def relief(u: Array, v: Array) -> Array:
        rise = (u / period + 0.5) % 1
        return (rise**1.6 * 6.5).astype(u.dtype)

    return relief


def _draw_tier(sewing: Sewing, skirt: Skirt, tier: int, top_y: float) -> None:
    first, last = tier / skirt.tiers, (tier + 1) / skirt.tiers
    y0, y1 = top_y + skirt.length * first, top_y + skirt.length * last + 9
    w0 = skirt.waist + (skirt.hem - skirt.waist) * first * 0.95
    w1 = skirt.waist + (skirt.hem - skirt.waist) * last + 8
    edge: list[Knot] = [
        (w1 - 2 * w1 * i / 12, y1 + 6 * (1 - (1 - i / 6) ** 2) + (4 if i % 2 else -3))
        for i in range(1, 12)
    ]
    outline = curve(
        [(0, y0 + 4), (w0, y0, 1), (w1, y1 - 4, 1), *edge, (-w1, y1 - 4, 1), (-w0, y0, 1)],
        closed=True,
    )
    folds = gathers(
        -w0, w0, y0, length=y1 - y0, rng=sewing.rng, every=11, height=2.4, spread=w1 / w0
    )
    second = sewing.accent if "alternate" in skirt.trims and tier % 2 else sewing.cloth
    sewing.canvas.paint(sewing.canvas.patch(outline), second, folds=folds, shadow=0.45)
    if skirt.hem_trim == "lace":
        lace = sewing.cloth.of("lace", sewing.accent.colours[0])
        line = curve([(w1, y1 - 4), *edge, (-w1, y1 - 4)])
        strip = [*line, *[(x * 1.015, y + 16) for x, y in reversed(line)]]
        sewing.canvas.paint(sewing.canvas.patch(strip), lace, shadow=0.2)


def _draw_back_panel(sewing: Sewing, skirt: Skirt, top_y: float, bottom: float) -> None:
    panel = [
        (10.0, bottom - skirt.slit),
        (64.0, bottom - skirt.slit),
        (66.0, bottom - 3),
        (8.0, bottom - 3),
    ]
    sewing.canvas.paint(sewing.canvas.patch(panel), sewing.cloth.plain(), dim=0.55)


def _draw_hem_trim(sewing: Sewing, skirt: Skirt, bottom: float) -> None:
    half = _width_at(skirt, 1.0)
    line = curve([(half, bottom - 6), (0, bottom + 4), (-half, bottom - 6)])
    if skirt.hem_trim == "fringe":
        for x, y, _ in along(line, 5.5):
            length = 40 + sewing.jitter(5)
            sewing.canvas.line(
                [(x, y - 4), (x + sewing.jitter(3), y + length)], sewing.cloth.colours[0], width=3.2
            )
        return
    fabric, deep = {"lace": ("lace", 24), "tulle": ("tulle", 34), "ruffle": ("", 34)}[
        skirt.hem_trim
    ]
    cloth = sewing.cloth.of(fabric, sewing.accent.colours[0]) if fabric else sewing.cloth
    lower = [(x * 1.05, y + deep + 4 * math.sin(i * 1.4)) for i, (x, y) in enumerate(line)]
    folds = gathers(
        -half, half, bottom, length=deep + 10, rng=sewing.rng, every=10, height=2.2, spread=1.05
    )
    sewing.canvas.paint(
        sewing.canvas.patch([*line, *reversed(lower)]), cloth, folds=folds, shadow=0.4
    )
