"""What a garment is sewn with, in one value that is passed to all part drawers."""

import random
from dataclasses import dataclass

from .canvas import Canvas, Colour
from .cloth import Cloth
from .geometry import Fold, Knot, curve, ellipse


@dataclass(frozen=True, eq=False)
class Sewing:
    """One garment on the table."""

    canvas: Canvas
    cloth: Cloth
    accent: Cloth
    metal: Colour
    rng: random.Random
    trims: tuple[str, ...] = ()

    @property
    def thread(self) -> Colour:
        """A stitching colour that shows on the cloth without shouting."""
        r, g, b = self.cloth.colours[0]
        lift = 46 if r + g + b < 330 else -52
        return (clamp(r + lift), clamp(g + lift), clamp(b + lift))

    def button(
        self, x: float, y: float, *, radius: float = 4.2, colour: Colour | None = None
    ) -> None:
        """A round button with a rim, a shadow, a highlight and two holes."""
        tint = colour or self.metal
        dark, light = shift(tint, -60), shift(tint, 55)
        canvas = self.canvas
        canvas.darken(canvas.patch(ellipse(x, y + 1.5, radius, radius)), 0.5, spread=2, drop=1)
        canvas.fill(canvas.patch(ellipse(x, y, radius, radius)), dark)
        canvas.fill(canvas.patch(ellipse(x - 0.4, y - 0.5, radius - 0.9, radius - 0.9)), tint)
        if radius > 3.4:
            canvas.fill(canvas.patch(ellipse(x, y, radius * 0.5, radius * 0.5)), shift(tint, -22))
        shine = ellipse(x - radius * 0.3, y - radius * 0.36, radius * 0.32, radius * 0.24)
        canvas.fill(canvas.patch(shine), light, opacity=0.9)

    def stud(self, x: float, y: float, *, radius: float = 3.0) -> None:
        """A pyramid stud or rivet."""
        canvas = self.canvas
        diamond = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
        canvas.darken(canvas.patch(diamond), 0.5, spread=2, drop=1)
        canvas.fill(canvas.patch(diamond), shift(self.metal, -40))
        canvas.fill(canvas.patch([*diamond[:2], (x, y), *diamond[3:]]), shift(self.metal, 30))
        canvas.fill(canvas.patch([diamond[0], (x, y), diamond[3]]), shift(self.metal, 75))

    def zip(self, knots: list[Knot], *, width: float = 5.0, pull: bool = True) -> None:
        """A zip: tape, two rows of teeth, a slider."""
        canvas, line = self.canvas, curve(knots)
        canvas.seam(knots, width=width + 3, depth=0.32)
        canvas.line(knots, shift(self.metal, -70), width=width)
        canvas.stitch(knots, shift(self.metal, 40), spacing=3.2)
        if pull:
            x, y = line[0]
            canvas.fill(canvas.patch(ellipse(x, y + 5, 3.4, 4.6)), self.metal)
            canvas.fill(canvas.patch(ellipse(x, y + 14, 2.2, 6.5)), shift(self.metal, 25))

    def jitter(self, amount: float) -> float:
        """A little disorder, -amount to amount."""
        return self.rng.uniform(-amount, amount)


def clamp(value: float) -> int:
    """A colour channel."""
    return max(0, min(255, round(value)))


def shift(colour: Colour, amount: float) -> Colour:
    """The colour, lighter (amount > 0) or darker."""
    return (clamp(colour[0] + amount), clamp(colour[1] + amount), clamp(colour[2] + amount))


def blend(first: Colour, second: Colour, share: float) -> Colour:
    """Between two colours; share 0 is the first."""
    a, b = first, second
    return (
        clamp(a[0] + (b[0] - a[0]) * share),
        clamp(a[1] + (b[1] - a[1]) * share),
        clamp(a[2] + (b[2] - a[2]) * share),
    )


def gathers(
    x0: float,
    x1: float,
    y: float,
    *,
    length: float,
    rng: random.Random,
    every: float = 9.0,
    height: float = 1.6,
    spread: float = 1.0,
    slope: float = 0.0,
) -> list[Fold]:
    """Folds that hang from a gathered edge between x0 and x1 and fan out by `spread`."""
    middle, folds, x = (x0 + x1) / 2, [], x0 + every / 2
    while x < x1:
        reach = length * rng.uniform(0.5, 1.15)
        far = middle + (x - middle) * spread + rng.uniform(-3, 3)
        start = y + (x - middle) * slope
        tall = height * rng.uniform(0.6, 1.2)
        bend = rng.uniform(-4, 4)
        folds.append(Fold(x, start, far, start + reach, every * 0.36, tall, bend, rise=0.42))
        x += every * rng.uniform(0.75, 1.25)
    return folds


def drape(
    half_top: float,
    half_hem: float,
    top: float,
    hem: float,
    *,
    rng: random.Random,
    count: int = 5,
    height: float = 2.4,
    width: float = 9.0,
) -> list[Fold]:
    """Long soft folds that deepen down a hanging piece and run out over its hem."""
    folds = []
    for index in range(count):
        share = (index + 0.5) / count * 2 - 1 + rng.uniform(-0.12, 0.12)
        start = top + (hem - top) * rng.uniform(-0.1, 0.25)
        beyond = hem + (hem - start) * 0.55
        x0, x1 = share * half_top * 0.8, share * half_hem * 0.93
        tall = height * rng.choice((1, 1, -0.8)) * rng.uniform(0.7, 1.2)
        bend = rng.uniform(-9, 9)
        end = x1 + (x1 - x0) * 0.4
        folds.append(Fold(x0, start, end, beyond, width, tall, bend, rise=1.0))
    return folds
