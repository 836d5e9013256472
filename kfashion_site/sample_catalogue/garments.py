"""Whole garments: how parts are put together and fill the page. `grammar` draws them."""

from dataclasses import dataclass, replace

from .accessories import ACCESSORIES
from .belts import draw_belt
from .bodies import draw_body, neck_band
from .canvas import Canvas, Place
from .closures import draw_closure
from .collars import draw_collar
from .cuts import NECK_Y, Top
from .lower_trims import draw_skirt_trims, draw_trouser_trims
from .pockets import draw_pockets
from .sewing import Sewing
from .skirts import Skirt, draw_skirt
from .sleeves import SLEEVES, sleeve_points
from .trims import draw_trims
from .trousers import LEGS, Trousers, draw_trousers


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


ACCESSORY_EXTENT = {
    "cap": (214.0, 170.0, 440.0),
    "cowboy_hat": (214.0, 180.0, 430.0),
    "straw_hat": (214.0, 200.0, 436.0),
    "boots": (168.0, 130.0, 570.0),
    "sneakers": (206.0, 160.0, 520.0),
}


Garment = Top | Skirt | Trousers | Dress | Jumpsuit | Pair | Accessory


def extent(garment: Garment) -> tuple[float, float, float]:
    """Half the width, the top and the bottom of a garment before it is placed."""
    found = (226.0, 45.0, 595.0)
    match garment:
        case Top():
            found = _top_extent(garment)
        case Skirt():
            bottom = 96 + garment.length + (44 if garment.hem_trim else 12) + abs(garment.slant)
            found = (garment.hem + 22, 92, bottom)
        case Trousers():
            hip, _, hem, apart = LEGS[garment.cut]
            found = (max(hip, apart + 8 + hem) + 8, 92, 104 + garment.length)
        case Dress(bodice, skirt):
            half, top, _ = extent(bodice)
            bottom = bodice.length + skirt.length + 16 + abs(skirt.slant)
            found = (max(half, skirt.hem + 22), top, bottom)
        case Jumpsuit(bodice, trousers):
            half, top, _ = extent(bodice)
            found = (max(half, extent(trousers)[0]), top, bodice.length + trousers.length + 10)
        case Accessory(kind):
            found = ACCESSORY_EXTENT.get(kind, (186.0, 100.0, 540.0))
    return found


def _top_extent(top: Top) -> tuple[float, float, float]:
    half = sleeve_points(top)[2][0] + 8 if top.sleeve in SLEEVES else top.chest + 20
    above = {"hood": 74, "turtle": 52, "funnel": 34}.get(top.collar, 20)
    below = (60.0 if "fringe_hem" in top.trims else 14.0) + abs(top.slant) * 0.8
    return max(half, top.hem + abs(top.slant) * 0.2), NECK_Y - above, top.length + below


def placed(
    garment: Garment, *, grow: float = 1.0, dx: float = 0.0, dy: float = 0.0, tilt: float = 0.0
) -> Place:
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
            draw_skirt_trims(sewing, garment)
        case Trousers():
            draw_trousers(sewing, garment)
            draw_trouser_trims(sewing, garment)
        case Dress():
            _draw_dress(sewing, garment)
        case Jumpsuit(bodice, trousers):
            draw_trousers(
                sewing,
                replace(trousers, waist=bodice.hem),
                top_y=bodice.length - 8,
                waistband=False,
            )
            draw_trouser_trims(sewing, trousers, top_y=bodice.length)
            draw_top(sewing, replace(bodice, hem_shape="none"))
        case Pair():
            _draw_pair(sewing, garment)
        case Accessory():
            ACCESSORIES[garment.kind](sewing, garment.trims)


def draw_top(sewing: Sewing, top: Top) -> None:
    """An upper garment from back to front."""
    draw_body(sewing, top)
    rib = sewing.cloth.of(
        "rib", sewing.accent.colours[0] if "contrast" in top.trims else sewing.cloth.colours[0]
    )
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


UNDER_COLLAR = frozenset(
    {
        "yoke",
        "contrast_yoke",
        "epaulettes",
        "lace_yoke",
        "lace_front",
        "ruffle_front",
        "studs",
        "fringe",
        "tie",
        "embroidery",
    }
)


def draw_hem_rib(sewing: Sewing, top: Top) -> None:
    """The ribbed band of a sweater or bomber."""
    y, half = top.length, top.hem
    colour = sewing.accent.colours[0] if "contrast" in top.trims else sewing.cloth.colours[0]
    band = [
        (-half, y - 24),
        (0, y - 17),
        (half, y - 24),
        (half - 6, y + 6),
        (0, y + 12),
        (-half + 6, y + 6),
    ]
    sewing.canvas.paint(
        sewing.canvas.patch(band), sewing.cloth.of("rib", colour), volume=0.9, shadow=0.4
    )


def _draw_dress(sewing: Sewing, dress: Dress) -> None:
    bodice, skirt = dress.bodice, replace(dress.skirt, waist=dress.bodice.hem)
    late = {"tie", "goreum", "chain", "pearls", "waist_bow"}
    draw_top(
        sewing,
        replace(
            bodice, hem_shape="none", belt="", trims=tuple(t for t in bodice.trims if t not in late)
        ),
    )
    draw_skirt(sewing, skirt, top_y=bodice.length - 7, waistband=False)
    sewing.canvas.seam(
        [(-bodice.hem, bodice.length - 6), (0, bodice.length - 1), (bodice.hem, bodice.length - 6)],
        depth=0.34,
    )
    draw_skirt_trims(sewing, skirt, top_y=bodice.length)
    if bodice.closure == "buttons" and "through" in skirt.trims:
        for index in range(int(skirt.length / 46)):
            sewing.button(0, bodice.length + 16 + 46 * index)
    draw_trims(sewing, replace(bodice, trims=tuple(t for t in bodice.trims if t in late)))
    if bodice.belt:
        draw_belt(sewing, y=bodice.length - 2, half=bodice.hem, kind=bodice.belt)


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
