"""The page a garment is painted on: masks, light, shadows, stitches. Part drawers call it."""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from .cloth import Cloth
from .geometry import Fold, Knot, Point, along, box, curve

Array = npt.NDArray[np.floating[Any]]
Colour = tuple[int, int, int]
Relief = Callable[[Array, Array], Array]

WIDTH, HEIGHT = 512, 640
SUPERSAMPLING = 3
LIGHT = (-0.42, -0.55, 0.72)
SHADOW_TINT = np.array([1.0, 0.97, 0.88], dtype=np.float32)


class Place(NamedTuple):
    """Where garment coordinates lie on the page: scaled, turned (radians), then moved."""

    scale: float = 1.0
    x: float = WIDTH / 2
    y: float = 0.0
    tilt: float = 0.0

    def page(self, point: Point) -> Point:
        """Page coordinates of a garment point; the garment turns around the middle of the page."""
        cos, sin = math.cos(self.tilt) * self.scale, math.sin(self.tilt) * self.scale
        px, py = point[0], point[1] - HEIGHT / 2
        return (self.x + px * cos - py * sin, self.y + HEIGHT / 2 + px * sin + py * cos)

    def garment(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Garment coordinates of page pixels; the inverse of `page`."""
        cos, sin = math.cos(self.tilt) / self.scale, math.sin(self.tilt) / self.scale
        px, py = x - self.x, y - self.y - HEIGHT / 2
        return px * cos + py * sin, py * cos - px * sin + HEIGHT / 2


class Grain(NamedTuple):
    """How the cloth lies in a piece: turned around a pivot, or fanned out between two widths."""

    turn: float = 0.0
    x: float = 0.0
    y: float = 0.0
    fan: tuple[float, float, float, float] | None = None

    def uv(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Cloth coordinates (across, along the warp) of garment coordinates."""
        if self.fan is not None:
            top, top_width, bottom, bottom_width = self.fan
            share = np.clip((y - top) / (bottom - top), -0.2, 1.2)
            return (x - self.x) * top_width / (top_width + (bottom_width - top_width) * share), y
        cos, sin = math.cos(self.turn), math.sin(self.turn)
        px, py = x - self.x, y - self.y
        return px * cos + py * sin + self.x, py * cos - px * sin + self.y


@dataclass(frozen=True)
class Patch:
    """A part of the page and how far each of its pixels is covered (0 to 1)."""

    x: int
    y: int
    cover: Array

    @property
    def area(self) -> tuple[slice, slice]:
        """The patch as slices of the page."""
        height, width = self.cover.shape
        return slice(self.y, self.y + height), slice(self.x, self.x + width)


class Canvas:
    """A transparent page in linear steps of 0 to 255, painted piece by piece from back to front."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.rgb: Array = np.zeros((HEIGHT, WIDTH, 3), dtype=np.float32)
        self.alpha: Array = np.zeros((HEIGHT, WIDTH), dtype=np.float32)

    def patch(self, *outlines: Sequence[Point], holes: Sequence[Sequence[Point]] = ()) -> Patch:
        """The anti-aliased coverage of polygons given in garment coordinates."""
        shapes = [[self.place.page(p) for p in outline] for outline in outlines]
        xs = [p[0] for shape in shapes for p in shape]
        ys = [p[1] for shape in shapes for p in shape]
        left, top = max(int(min(xs)) - 8, 0), max(int(min(ys)) - 8, 0)
        right, bottom = min(int(max(xs)) + 9, WIDTH), min(int(max(ys)) + 9, HEIGHT)
        size = (max(right - left, 1) * SUPERSAMPLING, max(bottom - top, 1) * SUPERSAMPLING)
        image = Image.new("L", size)
        pen = ImageDraw.Draw(image)
        cut = [[self.place.page(p) for p in hole] for hole in holes]
        for fill, polygons in ((255, shapes), (0, cut)):
            for shape in polygons:
                pen.polygon(
                    [((x - left) * SUPERSAMPLING, (y - top) * SUPERSAMPLING) for x, y in shape],
                    fill=fill,
                )
        cover = np.asarray(image.reduce(SUPERSAMPLING), dtype=np.float32) / 255
        return Patch(left, top, cover)

    def paint(
        self,
        patch: Patch,
        cloth: Cloth,
        *,
        folds: Sequence[Fold] = (),
        grain: Grain = Grain(),  # noqa: B008 - immutable
        relief: Relief | None = None,
        volume: float = 1.0,
        shadow: float = 0.34,
        dim: float = 1.0,
    ) -> None:
        """Lay a piece of cloth on the page.

        What lies below gets its shadow, the cloth gets light.
        """
        rows, columns = patch.area
        ys, xs = np.mgrid[rows, columns].astype(np.float32)
        x, y = self.place.garment(xs, ys)
        u, v = grain.uv(x, y)
        height = _folded(x, y, folds) + cloth.crumple[rows, columns]
        height += soften(patch.cover, 9) * 9 * volume + soften(patch.cover, 3) * 1.6 * volume
        if relief is not None:
            height += relief(u, v)
        slope_y, slope_x = slopes(height)
        weave = cloth.weave(u + slope_x * 3, v + slope_y * 3, rows, columns)
        lit = cloth.light(weave.rgb, slope_x, slope_y, weave.height, LIGHT)
        inside = soften(patch.cover, 2)
        lit *= (1 - 0.36 * np.clip(1.55 - inside * 1.6, 0, 1) * patch.cover)[..., None] * dim
        if shadow:
            self.darken(Patch(patch.x, patch.y, patch.cover), shadow)
        self._over(lit, Patch(patch.x, patch.y, patch.cover * weave.cover))

    def darken(self, patch: Patch, amount: float, *, spread: int = 5, drop: int = 3) -> None:
        """A soft shadow of the patch on what is already painted."""
        shade = soften(patch.cover, spread)
        shade = np.roll(shade, (drop, drop // 2), axis=(0, 1)) * amount
        self.rgb[patch.area] *= 1 - shade[..., None] * SHADOW_TINT

    def tone(self, patch: Patch, amount: float, *, blur: int = 0) -> None:
        """Darken (amount > 0) or lighten what is painted, in the patch only."""
        cover = soften(patch.cover, blur) if blur else patch.cover
        weight = cover[..., None] * abs(amount)
        target = 0.0 if amount > 0 else 255.0
        self.rgb[patch.area] += (target - self.rgb[patch.area]) * weight

    def fill(self, patch: Patch, colour: Colour, *, opacity: float = 1.0) -> None:
        """Flat colour, for small hard things and thread."""
        rgb = np.empty((*patch.cover.shape, 3), dtype=np.float32)
        rgb[:] = colour
        self._over(rgb, Patch(patch.x, patch.y, patch.cover * opacity))

    def seam(self, knots: Sequence[Knot], *, width: float = 1.5, depth: float = 0.3) -> None:
        """A line pressed into the cloth, with the light edge that makes it read as a seam."""
        line = curve(knots)
        self.tone(self._stroke(line, width), depth)
        self.tone(self._stroke([(x + 0.9, y + 1.3) for x, y in line], width), -depth * 0.42)

    def stitch(self, knots: Sequence[Knot], colour: Colour, *, spacing: float = 5.0) -> None:
        """A row of stitches along a line."""
        marks = [
            box(x, y, spacing * 0.62, 1.3, turn=turn) for x, y, turn in along(curve(knots), spacing)
        ]
        if marks:
            self.fill(self.patch(*marks), colour, opacity=0.85)

    def line(self, knots: Sequence[Knot], colour: Colour, *, width: float = 2.0) -> None:
        """A drawn line: cord, chain, thread."""
        self.fill(self._stroke(curve(knots), width), colour)

    def _stroke(self, line: Sequence[Point], width: float) -> Patch:
        pieces = [
            [(x0 - ny, y0 + nx), (x1 - ny, y1 + nx), (x1 + ny, y1 - nx), (x0 + ny, y0 - nx)]
            for (x0, y0), (x1, y1) in itertools.pairwise(line)
            for length in [math.hypot(x1 - x0, y1 - y0) or 1.0]
            for nx, ny in [((x1 - x0) / length * width / 2, (y1 - y0) / length * width / 2)]
        ]
        return self.patch(*pieces)

    def _over(self, rgb: Array, patch: Patch) -> None:
        cover = patch.cover
        old = self.alpha[patch.area]
        total = cover + old * (1 - cover)
        mixed = rgb * cover[..., None] + self.rgb[patch.area] * (old * (1 - cover))[..., None]
        self.rgb[patch.area] = mixed / np.maximum(total, 1e-4)[..., None]
        self.alpha[patch.area] = total


def slopes(height: Array) -> tuple[Array, Array]:
    """The gradient of a height field, down the page and across it."""
    return np.gradient(height, axis=0), np.gradient(height, axis=1)


def soften(field: Array, radius: int) -> Array:
    """A near-Gaussian blur in float32 (two box blurs each way).

    Eight bits would band in the light.
    """
    size = 2 * max(radius, 1) + 1
    for _ in range(2):
        for _ in range(2):
            rows, columns = field.shape
            padded = np.empty((rows, columns + size), dtype=np.float32)
            padded[:, : size // 2 + 1] = field[:, :1]
            padded[:, size // 2 + 1 : -(size // 2)] = field
            padded[:, -(size // 2) :] = field[:, -1:]
            total = np.cumsum(padded, axis=1, dtype=np.float32)
            field = (total[:, size:] - total[:, :-size]) / np.float32(size)
        field = np.ascontiguousarray(field.T)
    return field


def _folded(x: Array, y: Array, folds: Sequence[Fold]) -> Array:
    """The height field of all folds, computed on every second pixel."""
    coarse_x, coarse_y = x[::2, ::2], y[::2, ::2]
    height = np.zeros_like(coarse_x)
    for fold in folds:
        length = math.hypot(fold.x1 - fold.x0, fold.y1 - fold.y0) or 1.0
        cos, sin = (fold.x1 - fold.x0) / length, (fold.y1 - fold.y0) / length
        dx, dy = coarse_x - fold.x0, coarse_y - fold.y0
        t = np.clip((dx * cos + dy * sin) / length, 0, 1)
        across = (dy * cos - dx * sin - fold.bend * 4 * t * (1 - t)) / (
            fold.width * (0.55 + 0.7 * t)
        )
        height += fold.height * np.exp(-across * across) * np.sin(np.pi * t**fold.rise)
    image = Image.fromarray(height, mode=None).resize(
        (x.shape[1], x.shape[0]), Image.Resampling.BILINEAR
    )
    return np.asarray(image, dtype=np.float32)
