"""Pictures that show nothing a shop sells, of other kinds than a calibration learns from."""

from __future__ import annotations

import io
from functools import partial

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from styles.ml.datasets import Example

SIZE = (400, 533)
KINDS = ("landscape", "page of text", "boxes", "stripes", "wall")

Colour = tuple[int, int, int]


def scenes(count: int) -> list[Example]:
    """Return so many pictures, each labelled with its kind."""
    return [
        Example(
            key=f"scene-{number}",
            read=partial(draw_scene, number),
            labels={"scene": KINDS[number % len(KINDS)]},
        )
        for number in range(count)
    ]


def draw_scene(number: int) -> bytes:
    """Return the JPEG of a picture; always the same for a number."""
    random = np.random.default_rng(1_000_000 + number)
    image = Image.new("RGB", SIZE, _colour(random, low=90))
    kind = KINDS[number % len(KINDS)]
    if kind == "landscape":
        _draw_landscape(image, random)
    elif kind == "page of text":
        _draw_text(image, random)
    elif kind == "boxes":
        _draw_boxes(image, random)
    elif kind == "stripes":
        _draw_stripes(image, random)
    blurred = image.filter(ImageFilter.GaussianBlur(float(random.uniform(0, 2))))
    grain = random.normal(0, random.uniform(1, 12), (SIZE[1], SIZE[0], 3))
    pixels = np.clip(np.asarray(blurred) + grain, 0, 255).astype(np.uint8)
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "JPEG", quality=88)
    return content.getvalue()


def _colour(random: np.random.Generator, *, low: int = 0) -> Colour:
    red, green, blue = random.integers(low, 256, 3).tolist()
    return red, green, blue


def _draw_landscape(image: Image.Image, random: np.random.Generator) -> None:
    draw = ImageDraw.Draw(image)
    horizon = int(random.integers(150, 350))
    draw.rectangle((0, 0, SIZE[0], horizon), fill=(130, 190, 240))
    draw.rectangle((0, horizon, *SIZE), fill=(70, 140, 60))
    for _ in range(6):
        x, reach = int(random.integers(0, SIZE[0])), int(random.integers(30, 120))
        mountain = [(x - reach, horizon), (x, horizon - 2 * reach), (x + reach, horizon)]
        draw.polygon(mountain, fill=_colour(random))


def _draw_text(image: Image.Image, random: np.random.Generator) -> None:
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, *SIZE), fill=(250, 250, 245))
    for y in range(30, 500, 18):
        letters = "".join(chr(code) for code in random.integers(97, 123, 50).tolist())
        draw.text((25, y), letters, fill=(20, 20, 20))


def _draw_boxes(image: Image.Image, random: np.random.Generator) -> None:
    draw = ImageDraw.Draw(image)
    for _ in range(int(random.integers(5, 30))):
        x, y = random.integers(0, SIZE[0]), random.integers(0, SIZE[1])
        width, height = random.integers(10, 150, 2)
        box = (int(x), int(y), int(x + width), int(y + height))
        draw.rectangle(box, fill=_colour(random))


def _draw_stripes(image: Image.Image, random: np.random.Generator) -> None:
    draw = ImageDraw.Draw(image)
    step, colour = int(random.integers(8, 60)), _colour(random)
    for x in range(-SIZE[1], SIZE[0], 2 * step):
        draw.line((x, 0, x + SIZE[1], SIZE[1]), fill=colour, width=step)
