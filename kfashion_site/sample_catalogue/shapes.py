"""What a drawn motif is made of: coloured polygons in a unit square. All motif modules use it."""

import random
from collections.abc import Callable, Sequence

from .canvas import Colour
from .geometry import Point

Shape = tuple[Sequence[Point], Colour]


Motif = Callable[[Sequence[Colour], random.Random], list[Shape]]
"""(colours after the ground, chance) -> polygons from back to front within about -1 to 1."""
