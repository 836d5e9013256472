"""Pockets of tops and trousers; `garments` and `trousers` draw them."""

from collections.abc import Callable

from .canvas import Grain
from .cuts import NECK_Y, Top
from .geometry import Fold, Knot, Point, box, loop
from .sewing import Sewing


def draw_pockets(sewing: Sewing, top: Top) -> None:
    """The pockets named by the cut; none for an empty name."""
    if top.pockets:
        POCKETS[top.pockets](sewing, top)


def patch_pocket(
    sewing: Sewing,
    x: float,
    y: float,
    *,
    width: float,
    height: float,
    flap: bool = False,
    pleat: bool = False,
    point: bool = False,
) -> None:
    """A sewn-on pocket; (x, y) is the middle of its upper edge."""
    canvas, w = sewing.canvas, width / 2
    tip = height * 0.14 if point else 0
    bag: list[Knot] = [
        (x - w, y, 1),
        (x + w, y, 1),
        (x + w, y + height - tip - 4, 1),
        (x, y + height, 1) if point else (x, y + height),
        (x - w, y + height - tip - 4, 1),
    ]
    canvas.paint(canvas.patch(loop(bag)), sewing.cloth, volume=0.7, shadow=0.4)
    inset: list[Knot] = [
        (x - w + 3.5, y + 3),
        (x - w + 3.5, y + height - tip - 7, 1),
        (x, y + height - 4, 1),
        (x + w - 3.5, y + height - tip - 7, 1),
        (x + w - 3.5, y + 3),
    ]
    canvas.stitch(inset, sewing.thread, spacing=4.4)
    if pleat:
        canvas.seam([(x - 4, y), (x - 4, y + height - 6)], depth=0.25)
        canvas.seam([(x + 4, y), (x + 4, y + height - 6)], depth=0.25)
    if flap:
        _draw_flap(sewing, x, y, half=w + 2, deep=height * 0.36)


def _draw_flap(sewing: Sewing, x: float, y: float, *, half: float, deep: float) -> None:
    lid: list[Knot] = [
        (x - half, y - 5, 1),
        (x + half, y - 5, 1),
        (x + half, y + deep - 6, 1),
        (x, y + deep + 5, 1),
        (x - half, y + deep - 6, 1),
    ]
    sewing.canvas.paint(sewing.canvas.patch(loop(lid)), sewing.cloth, volume=0.8, shadow=0.5)
    sewing.button(x, y + deep - 5, radius=3.6)


def _chest(sewing: Sewing, top: Top) -> None:
    patch_pocket(sewing, 50, NECK_Y + 96, width=48, height=54, point=True)


def _chest_flaps(sewing: Sewing, top: Top) -> None:
    for side in (-1, 1):
        patch_pocket(
            sewing,
            side * 53,
            NECK_Y + 96,
            width=50,
            height=58,
            flap=True,
            pleat="cargo" in top.trims,
        )


def _western(sewing: Sewing, top: Top) -> None:
    for side in (-1, 1):
        patch_pocket(sewing, side * 53, NECK_Y + 100, width=48, height=52, flap=True, point=True)


def _cargo(sewing: Sewing, top: Top) -> None:
    _chest_flaps(sewing, top)
    low = min(top.length - 104, NECK_Y + 268)
    for side in (-1, 1):
        patch_pocket(sewing, side * 60, low, width=66, height=76, flap=True, pleat=True)


def _patches(sewing: Sewing, top: Top) -> None:
    for side in (-1, 1):
        patch_pocket(sewing, side * 60, top.length - 132, width=66, height=80)


def _flaps(sewing: Sewing, top: Top) -> None:
    """Flap pockets of a tailored jacket and a breast welt."""
    canvas, y = sewing.canvas, min(top.waist_y + 44, top.length - 70)
    for side in (-1, 1):
        flap = loop(
            [(side * 34, y, 1), (side * 90, y - 5, 1), (side * 90, y + 15), (side * 35, y + 20)]
        )
        canvas.paint(canvas.patch(flap), sewing.cloth, volume=0.7, shadow=0.5)
    welt: list[Point] = [
        (42, NECK_Y + 118),
        (80, NECK_Y + 110),
        (81, NECK_Y + 121),
        (43, NECK_Y + 129),
    ]
    canvas.paint(canvas.patch(welt), sewing.cloth, volume=0.6, shadow=0.5)


def _bib(sewing: Sewing, top: Top) -> None:
    """The bib pocket and strap buckles of dungarees."""
    patch_pocket(sewing, 0, NECK_Y + 112, width=82, height=74)
    for side in (-1, 1):
        sewing.button(side * 60, NECK_Y + 84, radius=7)


def _welts(sewing: Sewing, top: Top) -> None:
    y = min(top.waist_y + 40, top.length - 90)
    for side in (-1, 1):
        welt = box(side * 62, y + 24, 13, 66, turn=side * 0.28)
        sewing.canvas.paint(
            sewing.canvas.patch(welt),
            sewing.cloth,
            volume=0.7,
            shadow=0.5,
            grain=Grain(side * 0.28),
        )


def _kangaroo(sewing: Sewing, top: Top) -> None:
    y, canvas = top.length - 138, sewing.canvas
    bag: list[Knot] = [
        (-44, y, 1),
        (44, y, 1),
        (80, y + 58),
        (82, y + 100, 1),
        (-82, y + 100, 1),
        (-80, y + 58),
    ]
    canvas.paint(
        canvas.patch(loop(bag)),
        sewing.cloth,
        volume=0.8,
        shadow=0.42,
        folds=[Fold(-30, y + 20, 10, y + 92, 9, 1.6)],
    )
    for side in (-1, 1):
        canvas.stitch([(side * 41, y + 3), (side * 76, y + 59), (side * 78, y + 97)], sewing.thread)


def _zips(sewing: Sewing, top: Top) -> None:
    y = top.length - 120
    for side in (-1, 1):
        sewing.zip([(side * 84, y), (side * 50, y + 44)], width=4)
    if "biker" in top.closure:
        sewing.zip([(44, NECK_Y + 146), (84, NECK_Y + 132)], width=4)


POCKETS: dict[str, Callable[[Sewing, Top], None]] = {
    "chest": _chest,
    "chest_flaps": _chest_flaps,
    "western": _western,
    "cargo": _cargo,
    "patches": _patches,
    "flaps": _flaps,
    "welts": _welts,
    "kangaroo": _kangaroo,
    "zips": _zips,
    "bib": _bib,
}
