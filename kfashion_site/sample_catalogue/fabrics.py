"""Fabrics: fine relief, tone and see-through of a weave, and its sheen. `cloth` looks them up."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Texture = Callable[[Array, Array, Sequence[Array]], tuple[Array, Array, Array]]
"""(u, v, noise at 1, 7, 26 and 70 pixels) -> height in pixels, tone around 1, cover 0 to 1."""


class Fabric(NamedTuple):
    """A kind of cloth."""

    texture: Texture
    gloss: float = 0.0
    sharpness: float = 12.0
    """Exponent of the sheen: satin is broad, patent leather narrow."""
    softness: float = 1.0
    """How strongly folds show."""
    crumple: float = 1.0


def _ones(u: Array) -> Array:
    return np.ones_like(u)


def _cotton(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    return noise[0] * 0.05, 1 + noise[0] * 0.012, _ones(u)


def _denim(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    twill = np.sin((u * 0.8 + v) * 2.1)
    tone = 1 + 0.05 * twill + noise[0] * 0.06 + noise[1] * 0.03 + noise[3] * 0.07
    return twill * 0.10 + noise[0] * 0.12, tone, _ones(u)


def _linen(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    slub = np.sin(u * 2.4 + noise[1] * 2) * 0.5 + np.sin(v * 2.2 + noise[2] * 3) * 0.5
    return slub * 0.12 + noise[0] * 0.08, 1 + slub * 0.035 + noise[0] * 0.03, _ones(u)


def _knit(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    column = np.abs(((u / 6.0) % 1) - 0.5) * 2
    stitch = np.sin((v + column * 3.2) * np.pi / 2.6)
    height = np.cos(column * np.pi) * 0.26 + stitch * 0.2
    return height + noise[0] * 0.08, 1 + stitch * 0.05 - (column > 0.86) * 0.07, _ones(u)


def _rib(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    rib = np.sin(u * np.pi / 3.6)
    return rib * 0.75 + np.sin(v * 2) * 0.06, 1 + rib * 0.06 + noise[0] * 0.02, _ones(u)


def _cable(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    base, tone, cover = _knit(u, v, noise)
    lane = ((u + 26) / 52 % 1 - 0.5) * 52
    sway = 7.5 * np.sin(v * np.pi / 21)
    first = np.exp(-(((lane - sway) / 6.2) ** 2))
    second = np.exp(-(((lane + sway) / 6.2) ** 2))
    front = np.cos(v * np.pi / 21) > 0
    plait = np.where(front, np.maximum(first * 1.15, second), np.maximum(first, second * 1.15))
    gutter = np.exp(-(((np.abs(lane) - 18) / 2.2) ** 2))
    return base * 0.6 + plait * 4.4 - gutter * 1.6, tone - gutter * 0.10, cover


def _tweed(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    weave = np.sin(u * 1.9) * np.sin(v * 1.9)
    fleck = np.where(noise[0] > 1.25, 0.24, 0) - np.where(noise[0] < -1.3, 0.22, 0)
    return weave * 0.25 + noise[0] * 0.3, 1 + weave * 0.08 + fleck, _ones(u)


def _boucle(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    curl = np.sin(u * 1.3 + noise[1] * 2.0) * np.sin(v * 1.3 + noise[1] * 2.4)
    return curl * 0.34 + noise[0] * 0.22, 1 + curl * 0.05 + noise[0] * 0.06, _ones(u)


def _corduroy(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    wale = np.sin(u * np.pi / 2.7)
    return wale * 0.62, 1 + wale * 0.09 + noise[0] * 0.03, _ones(u)


def _leather(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    return noise[0] * 0.05 + noise[1] * 0.07, 1 + noise[1] * 0.02, _ones(u)


def _suede(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    return noise[0] * 0.1, 1 + noise[0] * 0.035 + noise[1] * 0.045 + noise[2] * 0.05, _ones(u)


def _felt(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    return noise[0] * 0.09, 1 + noise[0] * 0.03 + noise[1] * 0.012, _ones(u)


def _satin(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    return noise[2] * 0.3, _ones(u), _ones(u)


def _velvet(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    return noise[1] * 0.16, 1 + noise[0] * 0.03 + noise[1] * 0.03 + noise[2] * 0.06, _ones(u)


def _nylon(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    return noise[1] * 0.15, _ones(u), _ones(u)


def _puffer(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    baffle = np.abs(np.sin(v * np.pi / 46)) ** 0.55
    pucker = np.sin(u * 0.42 + noise[2] * 4) * (1 - baffle) * 1.6
    return baffle * 11 + pucker + noise[1] * 0.4, 1 - (baffle < 0.22) * 0.16, _ones(u)


def _quilt(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    a, b = np.abs(np.sin((u + v) * np.pi / 38)), np.abs(np.sin((u - v) * np.pi / 38))
    cell = np.minimum(a, b) ** 0.6
    return cell * 4.5, 1 - (cell < 0.24) * 0.12, _ones(u)


def _fleece(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    bobble = np.sin(u * 0.72 + noise[1] * 2.6) * np.sin(v * 0.72 + noise[2] * 3.4)
    return bobble * 0.75 + noise[0] * 0.3, 1 + bobble * 0.04, _ones(u)


def _lace(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    row = np.floor(v / 24)
    x = ((u + (row % 2) * 14) / 28 % 1 - 0.5) * 28
    y = (v / 24 % 1 - 0.5) * 24
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    petal = 8.6 + 2.2 * np.cos(angle * 6)
    flower = np.clip(petal - radius + 0.5, 0, 1) * np.clip(radius - 2.1, 0, 1)
    scallop = np.clip(1.4 - np.abs(radius - petal - 2.4), 0, 1)
    net = np.clip(np.maximum(np.cos((u + v) * 1.12), np.cos((u - v) * 1.12)) * 6 - 4.9, 0, 1)
    thread = np.maximum(np.maximum(flower, scallop), net * 0.55)
    return thread * 0.35, 0.86 + 0.16 * thread, (0.52 + 0.48 * thread).astype(np.float32)


def _mesh(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    hole = np.sin(u * 0.95) * np.sin(v * 0.95)
    return hole * 0.2, 1 - np.clip(hole, 0, 1) * 0.3, (1 - 0.55 * (hole > 0.25)).astype(np.float32)


def _tulle(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    return noise[0] * 0.1, 1 + noise[2] * 0.05, np.full_like(u, 0.84) + noise[2] * 0.06


def _crochet(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    loop = np.sin(u * np.pi / 4.2) * np.sin(v * np.pi / 4.2)
    return (
        np.abs(loop) * 1.6,
        0.86 + 0.2 * np.abs(loop),
        (1 - 0.5 * (np.abs(loop) < 0.1)).astype(np.float32),
    )


def _straw(u: Array, v: Array, noise: Sequence[Array]) -> tuple[Array, Array, Array]:
    over = np.sin(u * np.pi / 5) * np.sin(v * np.pi / 3.2)
    return over * 0.9 + noise[0] * 0.15, 1 + over * 0.1 + noise[0] * 0.06, _ones(u)


FABRICS: dict[str, Fabric] = {
    "cotton": Fabric(_cotton),
    "jersey": Fabric(_cotton, softness=0.9, crumple=0.8),
    "poplin": Fabric(_cotton, softness=1.1, crumple=1.15),
    "chiffon": Fabric(_tulle, softness=1.15, crumple=0.9),
    "denim": Fabric(_denim, softness=0.9, crumple=1.0),
    "linen": Fabric(_linen, softness=1.0, crumple=1.5),
    "knit": Fabric(_knit, softness=0.75, crumple=0.7),
    "rib": Fabric(_rib, softness=0.75, crumple=0.5),
    "cable": Fabric(_cable, softness=0.75, crumple=0.5),
    "wool": Fabric(_felt, softness=0.85, crumple=0.6),
    "suiting": Fabric(_cotton, softness=0.9, crumple=0.45),
    "tweed": Fabric(_tweed, softness=0.75, crumple=0.4),
    "boucle": Fabric(_boucle, softness=0.7, crumple=0.4),
    "corduroy": Fabric(_corduroy, softness=0.85, crumple=0.8),
    "leather": Fabric(_leather, gloss=0.36, sharpness=10, softness=1.25, crumple=0.42),
    "patent": Fabric(_leather, gloss=0.75, sharpness=26, softness=1.2, crumple=0.7),
    "suede": Fabric(_suede, softness=0.9, crumple=0.8),
    "satin": Fabric(_satin, gloss=0.26, sharpness=7, softness=1.2, crumple=0.7),
    "silk": Fabric(_satin, gloss=0.20, sharpness=6, softness=1.1, crumple=0.7),
    "velvet": Fabric(_velvet, gloss=0.14, sharpness=4, softness=1.15, crumple=1.0),
    "nylon": Fabric(_nylon, gloss=0.2, sharpness=10, softness=1.1, crumple=1.0),
    "puffer": Fabric(_puffer, gloss=0.16, sharpness=8, softness=0.7, crumple=0.5),
    "quilt": Fabric(_quilt, gloss=0.08, sharpness=8, softness=0.8, crumple=0.4),
    "fleece": Fabric(_fleece, softness=0.75, crumple=0.4),
    "sweat": Fabric(_felt, softness=0.85, crumple=1.0),
    "lace": Fabric(_lace, softness=0.8, crumple=0.6),
    "mesh": Fabric(_mesh, softness=0.8, crumple=0.7),
    "tulle": Fabric(_tulle, softness=1.0, crumple=0.8),
    "crochet": Fabric(_crochet, softness=0.7, crumple=0.5),
    "straw": Fabric(_straw, softness=0.8, crumple=0.2),
    "rubber": Fabric(_cotton, gloss=0.12, sharpness=8, softness=0.9, crumple=0.1),
}
