"""The cut of an upper body: measures, neckline, outline. Bodies, sleeves and collars read it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .geometry import Knot, Point

NECK_Y = 96.0


@dataclass(frozen=True)
class Top:
    """The cut of an upper body.

    Lengths in pixels of the picture, halves measured from the middle.
    """

    neck: str = "crew"
    sleeve: str = "short"
    collar: str = ""
    closure: str = ""
    pockets: str = ""
    hem_shape: str = "straight"
    cuff: str = ""
    shoulder: float = 116
    chest: float = 106
    waist: float = 102
    hem: float = 108
    waist_y: float = 350
    length: float = 505
    slant: float = 0
    trims: tuple[str, ...] = ()
    rib: bool = False
    belt: str = ""

    def wide(self, by: float) -> "Top":
        """The same cut, `by` pixels wider on each side."""
        return replace(
            self,
            shoulder=self.shoulder + by,
            chest=self.chest + by,
            waist=self.waist + by,
            hem=self.hem + by,
        )


NECK_WIDTH = {"boat": 66, "square": 52, "scoop": 52, "wide": 58, "v": 42, "deep_v": 46, "wrap": 44}


def neck_width(top: Top) -> float:
    """Half the width of the neck opening at the shoulder."""
    return float(NECK_WIDTH.get(top.neck, 40))


def neckline(top: Top) -> list[Knot]:
    """The front neckline from the middle to the right shoulder."""
    w, y = neck_width(top), NECK_Y
    lines: dict[str, list[Knot]] = {
        "crew": [(0, y + 33), (w * 0.66, y + 25), (w, y, 1)],
        "high": [(0, y + 18), (w * 0.66, y + 14), (w, y, 1)],
        "scoop": [(0, y + 70), (w * 0.68, y + 52), (w, y, 1)],
        "wide": [(0, y + 44), (w * 0.7, y + 32), (w, y, 1)],
        "boat": [(0, y + 19), (w * 0.7, y + 13), (w, y, 1)],
        "v": [(0, y + 82, 1), (w * 0.56, y + 36), (w, y, 1)],
        "deep_v": [(0, y + 150, 1), (w * 0.56, y + 64), (w, y, 1)],
        "wrap": [(0, y + 118, 1), (w * 0.6, y + 46), (w, y, 1)],
        "jacket": [(0, y + 165, 1), (w * 0.7, y + 50), (w, y, 1)],
        "square": [(0, y + 60), (w - 4, y + 58, 1), (w, y, 1)],
        "keyhole": [(0, y + 76, 1), (7, y + 52), (2, y + 26, 1), (w * 0.66, y + 21), (w, y, 1)],
    }
    return lines.get(top.neck, lines["crew"])


def body_half(top: Top) -> list[Knot]:
    """The right half of the body's outline, neck to hem."""
    y, armpit = NECK_Y, NECK_Y + 128
    side: list[Knot] = [(top.chest, armpit, 1), (top.waist, top.waist_y)]
    if top.sleeve == "strap" or top.neck in ("bustier", "sweetheart"):
        peak = [(0, y + 74, 1), (34, y + 54), (72, y + 70)]
        edge: list[Knot] = peak if top.neck == "sweetheart" else [(0, y + 76), (60, y + 66, 1)]
        start = [*edge, (top.chest - 12, y + 108, 1)]
    elif top.neck == "off":
        start = [(0, y + 66), (top.chest + 2, y + 60, 1)]
    elif top.neck == "halter":
        start = [(0, y + 26), (30, y - 4, 1), (48, y + 64), (top.chest - 6, y + 122, 1)]
    else:
        width = top.shoulder if top.sleeve != "none" else top.shoulder - 24
        drop = y + 24 + (4 if width > 124 else 0)
        hollow = (min(width, top.chest) - 9, y + 84)
        slope: list[Knot] = [(width - 16, drop - 4), (width - 3, drop + 5, 1)]
        start = [*neckline(top), *slope, hollow]
    return [*start, *side, *hem_knots(top)]


def hem_knots(top: Top) -> list[Knot]:
    """The right half of the hem, from the side to the middle."""
    x, y = top.hem, top.length
    shapes: dict[str, list[Knot]] = {
        "shirt": [(x, y - 40, 1), (x * 0.8, y - 8), (x * 0.45, y + 3), (0, y + 4)],
        "round": [(x, y - 16), (x - 16, y, 1), (0, y + 3)],
        "point": [(x, y - 26, 1), (0, y + 16, 1)],
        "waistcoat": [(x, y - 24, 1), (34, y + 18, 1), (0, y - 14, 1)],
    }
    return shapes.get(top.hem_shape, [(x, y - 4, 1), (x * 0.5, y + 2), (0, y + 3)])


def slanted(points: Sequence[Point], top: Top) -> list[Point]:
    """Drop the hem towards one side, for asymmetric cuts."""
    if not top.slant:
        return list(points)
    start = NECK_Y + 170
    return [
        (x, y + top.slant * (x / 110) * max(0.0, (y - start) / (top.length - start)) ** 1.4)
        for x, y in points
    ]
