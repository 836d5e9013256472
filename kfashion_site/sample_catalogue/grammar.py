"""The grammar: recipes of product lines, products decided from them, their picture and name."""

import math
import random
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from .canvas import HEIGHT, WIDTH, Canvas, Colour
from .cloth import Cloth, cut_cloth
from .garments import Garment, draw_garment, placed
from .graphics import graphic
from .hardware import BRASS, GOLD, PEARL, STEEL
from .motifs import scatter
from .sewing import Sewing, shift
from .studio import photograph
from .words import FABRIC_WORDS, GRAPHIC_WORDS, PATTERN_WORDS, TINTS

METALS: dict[str, Colour] = {
    "pearl": PEARL,
    "gold": GOLD,
    "brass": BRASS,
    "steel": STEEL,
    "horn": (94, 66, 46),
    "black": (44, 42, 44),
    "wood": (150, 106, 66),
    "white": (244, 242, 238),
    "red": (214, 50, 56),
    "copper": (180, 106, 66),
}
DENSITY: dict[str, tuple[float, float, float]] = {
    "leopard": (25, 13, 3.1),
    "rose": (52, 24, 0.6),
    "hibiscus": (80, 34, 0.9),
    "palm": (62, 36, 3.1),
    "paisley": (56, 27, 0.9),
    "crane": (86, 34, 0.3),
    "cloud": (62, 25, 0.12),
    "star": (44, 16, 0.5),
    "smiley": (52, 18, 0.3),
    "heart": (42, 15, 0.3),
    "cherry": (50, 20, 0.25),
    "cat": (60, 21, 0.2),
    "flower_power": (50, 20, 0.5),
    "splash": (92, 25, 3.1),
}
"""Motif -> distance between two, size of one, how far it may turn (radians).

46, 21 and any turn otherwise.
"""
MULTICOLOURED = frozenset({"tie_dye", "granny", "patchwork", "madras"})


@dataclass(frozen=True)
class Recipe:
    """What a shop would call one line of products; each tuple is a choice.

    cloths: "fabric:pattern" or "fabric:pattern:scale"; a pattern that starts with @ stamps a motif.
    colours: names of `TINTS` joined by "/": ground, then the colours of print and graphic.
    accents: "fabric:tint/tint" for collars, ribbons, belts; empty: the second colour of the cloth.
    price: lowest and highest in thousands of won.
    """

    en: str
    ko: str
    category: str
    garment: Garment
    cloths: tuple[str, ...]
    colours: tuple[str, ...]
    accents: tuple[str, ...] = ()
    graphics: tuple[str, ...] = ()
    metal: str = "horn"
    gender: str = "women"
    price: tuple[int, int] = (39, 89)


@dataclass(frozen=True)
class Design:
    """One product, decided: everything that its picture, its name and its row are made from."""

    sku: str
    style: str
    recipe: Recipe
    cloth: str
    colours: tuple[str, ...]
    accent: str
    graphic: str

    @property
    def fabric(self) -> str:
        """The fabric's key in `FABRICS`."""
        return self.cloth.split(":")[0]

    @property
    def pattern(self) -> str:
        """The pattern's key, with @ for stamped motifs."""
        return ([*self.cloth.split(":"), "solid"])[1]

    @property
    def scale(self) -> float:
        """Size of the pattern, 1 as drawn."""
        parts = self.cloth.split(":")
        return float(parts[2]) if len(parts) > 2 else 1.0


def design(sku: str, style: str, recipes: tuple[Recipe, ...], *, number: int) -> Design:
    """The number-th product of a style.

    Recipes take turns, and so do the choices within a recipe.
    """
    recipe = recipes[number % len(recipes)]
    turn = number // len(recipes)
    rng = random.Random(f"design {sku}")

    def choose(options: tuple[str, ...], stride: int) -> str:
        return options[(turn * stride + number % len(recipes)) % len(options)] if options else ""

    return Design(
        sku,
        style,
        recipe,
        choose(recipe.cloths, 1),
        tuple(choose(recipe.colours, 1).split("/")),
        rng.choice(recipe.accents) if recipe.accents else "",
        choose(recipe.graphics, 1),
    )


def name(plan: Design) -> tuple[str, str]:
    """The product's name in English and Korean."""
    tint = TINTS[plan.colours[0]]
    pattern, fabric = (
        PATTERN_WORDS[plan.pattern.split("+")[0]],
        FABRIC_WORDS.get(plan.fabric, ("", "")),
    )
    picture = GRAPHIC_WORDS.get(plan.graphic, ("", ""))
    english, korean = plan.recipe.en, plan.recipe.ko
    words_en = [
        w for w in (pattern[0], picture[0], fabric[0]) if w and w.lower() not in english.lower()
    ]
    words_ko = [w for w in (pattern[1], picture[1], fabric[1]) if w and w not in korean]
    title = " ".join([*words_en, english])
    return f"{title[0].upper()}{title[1:]}, {tint.en}", f"{' '.join([*words_ko, korean])} {tint.ko}"


def colour(plan: Design) -> str:
    """The basic colour that shoppers filter by."""
    return "Multi" if plan.pattern in MULTICOLOURED else TINTS[plan.colours[0]].basic


def draw(plan: Design) -> Image.Image:
    """The picture, 512 x 640 RGB; the same plan always gives the same pixels."""
    rng = random.Random(plan.sku)
    generator = np.random.default_rng(rng.getrandbits(64))
    recipe = plan.recipe
    place = placed(
        recipe.garment,
        grow=rng.uniform(0.95, 1.0),
        dx=rng.uniform(-5, 5),
        dy=rng.uniform(-5, 5),
        tilt=rng.uniform(-0.022, 0.022),
    )
    canvas = Canvas(place)
    colours = tuple(TINTS[key].rgb for key in plan.colours)
    printed = (
        colours if len(colours) > 1 else (*colours, shift(colours[0], -46), shift(colours[0], 40))
    )
    cloth = _cloth(plan, printed, rng=rng, generator=generator, canvas=canvas)
    if plan.accent:
        fabric, tints = plan.accent.split(":")
        keys = tints.split("/")
        accent = replace(
            cloth.of(fabric, TINTS[keys[0]].rgb),
            colours=tuple(TINTS[k].rgb for k in [*keys, keys[0]]),
        )
    else:
        accent = cloth.plain(colours[1 % len(colours)])
        accent = replace(accent, colours=(colours[1 % len(colours)], *colours[2:], colours[0]))
    trims = getattr(recipe.garment, "trims", ())
    sewing = Sewing(canvas, cloth, accent, METALS[recipe.metal], rng, trims)
    draw_garment(sewing, recipe.garment)
    return photograph(canvas, ground=colours[0], rng=rng, generator=generator)


def _cloth(
    plan: Design,
    colours: tuple[Colour, ...],
    *,
    rng: random.Random,
    generator: np.random.Generator,
    canvas: Canvas,
) -> Cloth:
    stamped = plan.pattern.startswith("@")
    cloth = cut_cloth(
        plan.fabric,
        colours,
        "solid" if stamped else plan.pattern,
        scale=plan.scale,
        generator=generator,
        height=HEIGHT,
        width=WIDTH,
    )
    if stamped:
        motifs = plan.pattern[1:].split("+")
        spacing, size, turning = DENSITY.get(motifs[0], (46, 21, math.pi))
        layer = scatter(
            motifs,
            colours[1:],
            spacing=spacing * plan.scale,
            size=size * plan.scale,
            turning=turning,
            rng=rng,
            place=canvas.place,
        )
        cloth = replace(cloth, layer=layer)
    if plan.graphic:
        ink = colours[-1] if len(colours) > 1 else (40, 40, 44)
        cloth = replace(
            cloth,
            decals=(
                graphic(plan.graphic, colours=colours[1:], ink=ink, rng=rng, place=canvas.place),
            ),
        )
    return cloth
