"""Whole garments: how parts are put together, and how much of the page each takes. `grammar` draws them."""

from dataclasses import dataclass, replace

from .accessories import ACCESSORIES
from .canvas import Canvas, Place
from .collars import draw_collar
from .fronts import draw_belt, draw_closure, draw_pockets
from .lower import LEGS, Skirt, Trousers, draw_skirt, draw_trousers, leg_centre
from .sewing import Sewing
from .trims import PEARL, draw_trims, rip
from .upper import NECK_Y, SLEEVES, Top, draw_body, neck_band, sleeve_points


@dataclass(frozen=True)
class Dress:
    """A bodice (its length is where the skirt starts) and a skirt."""

    bodice: Top
    skirt: Skirt


@dataclass(frozen=True)
class Jumpsuit:
    """A bodice and trousers in one piece; also dungarees."""

    bodice: Top
    trousers: Trousers


@dataclass(frozen=True)
class Pair:
    """A top and trousers sold together, shown one over the other."""

    top: Top
    trousers: Trousers


@dataclass(frozen=True)
class Accessory:
    """A bag, a hat or shoes: the name of its drawer, and its trims."""

    kind: str
    trims: tuple[str, ...] = ()


Garment = Top | Skirt | Trousers | Dress | Jumpsuit | Pair | Accessory


def extent(garment: Garment) -> tuple[float, float, float]:
    """Half the width, the top and the bottom of a garment before it is placed."""
    match garment:
        case Top():
            half = sleeve_points(garment)[2][0] + 8 if garment.sleeve in SLEEVES else garment.chest + 20
            top = NECK_Y - {"hood": 74, "turtle": 52, "funnel": 34}.get(garment.collar, 20)
            deep = 60.0 if "fringe_hem" in garment.trims else 14.0
            return max(half, garment.hem + abs(garment.slant) * 0.2), top, garment.length + deep + abs(garment.slant) * 0.8
        case Skirt():
            return garment.hem + 22, 92, 96 + garment.length + (44 if garment.hem_trim else 12) + abs(garment.slant)
        case Trousers():
            hip, _, hem, apart = LEGS[garment.cut]
            return max(hip, apart + 8 + hem) + 8, 92, 96 + garment.length + 8
        case Dress(bodice, skirt):
            half, top, _ = extent(bodice)
            return max(half, skirt.hem + 22), top, bodice.length + skirt.length + 16 + abs(skirt.slant)
        case Jumpsuit(bodice, trousers):
            half, top, _ = extent(bodice)
            return max(half, extent(trousers)[0]), top, bodice.length + trousers.length + 10
        case _:
            return 200.0, 60.0, 580.0


def placed(garment: Garment, *, grow: float = 1.0, dx: float = 0.0, dy: float = 0.0, tilt: float = 0.0) -> Place:
    """The place that fits a garment into the page."""
    half, top, bottom = extent(garment)
    scale = min(1.34, 550 / (bottom - top), 226 / half) * grow
    return Place(scale, 256 + dx, dy + 2 - scale * ((top + bottom) / 2 - 320), tilt)


def draw_garment(sewing: Sewing, garment: Garment) -> None:
    """Paint a garment on the canvas of `sewing`, which is already placed."""
    match garment:
        case Top():
            draw_top(sewing, garment)
        case Skirt():
            draw_skirt(sewing, garment)
            _skirt_trims(sewing, garment)
        case Trousers():
            draw_trousers(sewing, garment)
            _trouser_trims(sewing, garment, 96)
        case Dress():
            _draw_dress(sewing, garment)
        case Jumpsuit(bodice, trousers):
            draw_trousers(sewing, replace(trousers, waist=bodice.hem), top_y=bodice.length - 8, waistband=False)
            _trouser_trims(sewing, trousers, bodice.length)
            draw_top(sewing, replace(bodice, hem_shape="none"))
        case Pair():
            _draw_pair(sewing, garment)
        case Accessory():
            ACCESSORIES[garment.kind](sewing, garment.trims)


def draw_top(sewing: Sewing, top: Top) -> None:
    """An upper garment from back to front."""
    draw_body(sewing, top)
    rib = sewing.cloth.of("rib", sewing.accent.colours[0] if "contrast" in top.trims else sewing.cloth.colours[0])
    if top.rib and top.neck not in ("off", "sweetheart", "bustier", "halter") and not top.collar:
        neck_band(sewing, top, cloth=rib)
    if top.hem_shape == "rib":
        draw_hem_rib(sewing, top)
    draw_closure(sewing, top)
    draw_pockets(sewing, top)
    under = replace(top, trims=tuple(t for t in top.trims if t in UNDER_COLLAR))
    over = replace(top, trims=tuple(t for t in top.trims if t not in UNDER_COLLAR))
    draw_trims(sewing, under)
    draw_collar(sewing, top)
    draw_trims(sewing, over)
    if top.belt:
        draw_belt(sewing, y=top.waist_y, half=top.waist, kind=top.belt)


UNDER_COLLAR = frozenset({"yoke", "contrast_yoke", "epaulettes", "lace_yoke", "lace_front", "ruffle_front", "studs", "fringe", "tie", "embroidery"})


def draw_hem_rib(sewing: Sewing, top: Top) -> None:
    """The ribbed band of a sweater or bomber."""
    y, half = top.length, top.hem
    colour = sewing.accent.colours[0] if "contrast" in top.trims else sewing.cloth.colours[0]
    band = [(-half, y - 24), (0, y - 17), (half, y - 24), (half - 6, y + 6), (0, y + 12), (-half + 6, y + 6)]
    sewing.canvas.paint(sewing.canvas.patch(band), sewing.cloth.of("rib", colour), volume=0.9, shadow=0.4)


def _draw_dress(sewing: Sewing, dress: Dress) -> None:
    bodice, skirt = dress.bodice, replace(dress.skirt, waist=dress.bodice.hem)
    late = {"tie", "goreum", "chain", "pearls", "waist_bow"}
    draw_top(sewing, replace(bodice, hem_shape="none", belt="", trims=tuple(t for t in bodice.trims if t not in late)))
    draw_skirt(sewing, skirt, top_y=bodice.length - 7, waistband=False)
    sewing.canvas.seam([(-bodice.hem, bodice.length - 6), (0, bodice.length - 1), (bodice.hem, bodice.length - 6)], depth=0.34)
    _skirt_trims(sewing, skirt, top_y=bodice.length)
    if bodice.closure == "buttons" and "through" in skirt.trims:
        for index in range(int(skirt.length / 46)):
            sewing.button(0, bodice.length + 16 + 46 * index)
    draw_trims(sewing, replace(bodice, trims=tuple(t for t in bodice.trims if t in late)))
    if bodice.belt:
        draw_belt(sewing, y=bodice.length - 2, half=bodice.hem, kind=bodice.belt)


def _skirt_trims(sewing: Sewing, skirt: Skirt, *, top_y: float = 96.0) -> None:
    canvas, bottom = sewing.canvas, top_y + skirt.length
    if "buttons" in skirt.trims:
        canvas.seam([(10, top_y + 12), (14, bottom - 4)], depth=0.3)
        for index in range(int(skirt.length / 44)):
            sewing.button(1, top_y + 28 + 44 * index, radius=4.6)
    if "zip" in skirt.trims:
        sewing.zip([(44, top_y + 20), (58, bottom - 14)], width=6)
    if "studs" in skirt.trims:
        for row in range(2):
            for index in range(11):
                share = index / 5 - 1
                sewing.stud(share * skirt.hem * 0.92, bottom - 24 - 13 * row + 9 * (1 - share * share), radius=3.8)
    if "jeans" in skirt.trims:
        canvas.stitch([(0, top_y + 22), (0, bottom - 6)], sewing.thread)
        for side in (-1, 1):
            canvas.stitch([(side * skirt.waist * 0.5, top_y + 22), (side * skirt.waist * 0.7, top_y + 50), (side * (skirt.waist + 15), top_y + 58)], sewing.thread)
    if "buckles" in skirt.trims:
        for y in (top_y + 36, top_y + 74):
            strap = [(20.0, y), (skirt.waist + 14, y - 4), (skirt.waist + 14, y + 9), (20.0, y + 13)]
            canvas.paint(canvas.patch(strap), sewing.accent.of("leather", sewing.accent.colours[0]), shadow=0.5)
            sewing.stud(36, y + 6, radius=4.6)


def _trouser_trims(sewing: Sewing, trousers: Trousers, top_y: float) -> None:
    knee = top_y + 140 + (trousers.length - 140) * 0.46
    hip, width, _, apart = LEGS[trousers.cut]
    middle = apart * 0.5 + 7 + width / 2
    if "rips" in trousers.trims:
        for side, y, wide in ((1, knee - 10, width * 0.66), (-1, knee + 14, width * 0.6), (-1, knee - 74, width * 0.5), (1, knee + 66, width * 0.42)):
            rip(sewing, side * middle, y, width=wide)
    if "chain" in trousers.trims:
        points = [(hip * 0.4, top_y + 22.0), (hip * 0.8, top_y + 128.0), (hip + 2, top_y + 64.0)]
        sewing.canvas.line(points, (150, 154, 160), width=5)
        sewing.canvas.stitch(points, (232, 234, 238), spacing=7)
    if "straps" in trousers.trims:
        leather = sewing.accent.of("leather", (34, 32, 34))
        for side, y in ((1, knee - 40), (-1, knee - 6), (1, knee + 44)):
            strap = [(side * (middle - width * 0.5), y), (side * (middle + width * 0.52), y - 6), (side * (middle + width * 0.52), y + 6), (side * (middle - width * 0.5), y + 12)]
            sewing.canvas.paint(sewing.canvas.patch(strap), leather, shadow=0.5)
            sewing.stud(side * middle, y + 3, radius=4.5)
        sewing.zip([(middle, top_y + 150), (middle - 4, top_y + 206)], width=4)
    if "embroidered" in trousers.trims:
        from .motifs import MOTIFS

        for side in (-1, 1):
            for step in range(5):
                x = side * leg_centre(trousers, 0.55 + step * 0.1)
                y = top_y + 140 + (trousers.length - 140) * (0.52 + 0.1 * step)
                for points, tint in MOTIFS["daisy"](sewing.accent.colours, sewing.rng):
                    sewing.canvas.fill(sewing.canvas.patch([(x + px * 15, y + py * 15) for px, py in points]), tint)
    if "pearls" in trousers.trims:
        sewing.button(0, top_y + 11, radius=5, colour=PEARL)


def _draw_pair(sewing: Sewing, pair: Pair) -> None:
    canvas: Canvas = sewing.canvas
    page = canvas.place
    low = placed(pair.trousers, grow=0.74, dx=86, dy=66, tilt=0.05)
    canvas.place = low._replace(tilt=low.tilt + page.tilt)
    draw_trousers(sewing, pair.trousers)
    high = placed(pair.top, grow=0.76, dx=-64, dy=-78, tilt=-0.06)
    canvas.place = high._replace(tilt=high.tilt + page.tilt)
    draw_top(sewing, pair.top)
    canvas.place = page
