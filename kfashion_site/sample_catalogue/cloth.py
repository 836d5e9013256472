"""Cloth: texture, relief and answer to light of a printed fabric. The canvas paints with it."""

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from .fabrics import FABRICS, Fabric
from .prints import PLACED, PRINTS

Array = npt.NDArray[np.floating[Any]]
Colour = tuple[int, int, int]


class Weave(NamedTuple):
    """Texture of a patch: rgb (H, W, 3) 0 to 255, height (H, W) in pixels, cover (H, W) 0 to 1."""

    rgb: Array
    height: Array
    cover: Array


@dataclass(frozen=True, eq=False)
class Cloth:
    """What a garment is cut from.

    Noise fields span the page, so that all pieces share one cloth.
    """

    fabric: Fabric
    colours: tuple[Colour, ...]
    pattern: str
    scale: float
    noise: tuple[Array, ...]
    crumple: Array
    layer: Array | None = None
    """(H, W, 4) stamped motifs over the print, 0 to 255, alpha 0 to 1."""
    phase: tuple[float, float] = (0.0, 0.0)
    decals: tuple[Array, ...] = field(default=())

    def weave(self, u: Array, v: Array, rows: slice, columns: slice) -> Weave:
        """The cloth at cloth coordinates (u, v) that fall on these page pixels."""
        noise = [n[rows, columns] for n in self.noise]
        u, v = u + self.phase[0], v + self.phase[1]
        rgb = PRINTS[self.pattern](u / self.scale, v / self.scale, self.colours, noise)
        for layer in (*([] if self.layer is None else [self.layer]), *self.decals):
            part = layer[rows, columns]
            rgb = rgb + (part[..., :3] - rgb) * part[..., 3:]
        height, tone, cover = self.fabric.texture(u, v, noise)
        return Weave(rgb * tone[..., None], height, cover)

    def light(
        self,
        rgb: Array,
        slope_x: Array,
        slope_y: Array,
        height: Array,
        light: tuple[float, float, float],
    ) -> Array:
        """Lit colours: diffuse light, a cool shadow side, and the fabric's own sheen."""
        fine_y: Array = np.gradient(height, axis=0)
        fine_x: Array = np.gradient(height, axis=1)
        sx = slope_x * self.fabric.softness + fine_x
        sy = slope_y * self.fabric.softness + fine_y
        norm = 1 / np.sqrt(1 + sx * sx + sy * sy)
        facing = (-sx * light[0] - sy * light[1] + light[2]) * norm
        diffuse = 0.42 + 0.58 * np.clip(facing / light[2], 0, 1.5)
        shade = np.clip(1 - diffuse, 0, 1)[..., None]
        lit = rgb * diffuse[..., None] * (1 - shade * np.array([0.12, 0.07, -0.06], np.float32))
        lit += (diffuse[..., None] - 1) * 16
        if self.fabric.gloss:
            half = np.array([light[0], light[1], light[2] + 1.0])
            half /= np.linalg.norm(half)
            glint = np.clip((-sx * half[0] - sy * half[1] + half[2]) * norm, 0, 1)
            base = float(half[2]) ** self.fabric.sharpness
            glint = np.clip(glint**self.fabric.sharpness - base, 0, 1) / max(1 - base, 0.05)
            lit += (glint * 255 * self.fabric.gloss)[..., None] * (0.45 + rgb / 460)
        clipped: Array = np.clip(lit, 0, 255).astype(np.float32)
        return clipped

    def plain(self, colour: Colour | None = None) -> "Cloth":
        """The same fabric without its print, in another colour if one is given."""
        colours = (colour or self.colours[0], *self.colours[1:])
        return replace(self, pattern="solid", colours=colours, layer=None, decals=())

    def of(self, fabric: str, colour: Colour) -> "Cloth":
        """Another plain fabric that shares this cloth's noise."""
        return replace(self.plain(colour), fabric=FABRICS[fabric])

    def second(self) -> "Cloth":
        """The same fabric in the second colour, for contrast parts."""
        return self.plain(self.colours[1 % len(self.colours)])


def smooth_noise(
    generator: np.random.Generator, *, cell: float, height: int, width: int, stretch: float = 1.0
) -> Array:
    """Noise of about -1 to 1 whose features are `cell` pixels wide and `stretch` times as tall."""
    if cell <= 1:
        return generator.standard_normal((height, width), dtype=np.float32) * 0.7
    rows, columns = int(height / cell / stretch) + 3, int(width / cell) + 3
    coarse = generator.standard_normal((rows, columns)).astype(np.float32)
    image = Image.fromarray(coarse)
    left, top = 1.0, 1.0
    grown = image.resize(
        (width, height),
        Image.Resampling.BICUBIC,
        box=(left, top, left + width / cell, top + height / cell / stretch),
    )
    return np.asarray(grown, dtype=np.float32) * 0.8


def cut_cloth(
    fabric: str,
    colours: tuple[Colour, ...],
    pattern: str,
    *,
    scale: float,
    generator: np.random.Generator,
    height: int,
    width: int,
) -> Cloth:
    """A length of cloth the size of the page, with the wrinkles its fabric takes."""
    kind = FABRICS[fabric]
    noise = tuple(
        smooth_noise(generator, cell=cell, height=height, width=width)
        for cell in (1.0, 7.0, 26.0, 70.0)
    )
    wrinkles = smooth_noise(generator, cell=30.0, height=height, width=width, stretch=2.4)
    fine = smooth_noise(generator, cell=12.0, height=height, width=width, stretch=2.0)
    crumple = (wrinkles * 2.1 + fine * 0.55) * kind.crumple
    phase = (
        (0.0, 0.0)
        if pattern in PLACED
        else (
            float(generator.uniform(0, 60)),
            float(generator.uniform(0, 60)),
        )
    )
    return Cloth(kind, colours, pattern, scale, noise, crumple, phase=phase)
