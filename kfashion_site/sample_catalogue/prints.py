"""Woven and dyed patterns as functions of cloth coordinates; `cloth` looks them up by name."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Colours = Sequence[tuple[int, int, int]]
Print = Callable[[Array, Array, Colours, Sequence[Array]], Array]
"""(u, v, colours, noise at 1, 7, 26 and 70 pixels) -> rgb (H, W, 3), 0 to 255."""


def _rgb(shape: tuple[int, ...], colour: tuple[int, int, int]) -> Array:
    return np.broadcast_to(np.array(colour, np.float32), (*shape, 3)).copy()


def _mix(rgb: Array, colour: tuple[int, int, int], share: Array) -> Array:
    mixed: Array = rgb + (np.array(colour, np.float32) - rgb) * share[..., None].astype(np.float32)
    return mixed


def _band(t: Array, *, period: float, width: float, at: float = 0.0) -> Array:
    """1 within `width` around `at` in every period, with an edge one pixel soft."""
    distance = np.abs(((t - at) / period + 0.5) % 1 - 0.5) * period
    share: Array = np.clip(width / 2 - distance + 0.5, 0, 1)
    return share


def _solid(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    return _rgb(u.shape, colours[0])


def _stripes(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    return _mix(_rgb(u.shape, colours[0]), colours[1], _band(v, period=30, width=12))


def _wide_stripes(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    rgb = _mix(_rgb(u.shape, colours[0]), colours[1], _band(v, period=84, width=42))
    return _mix(rgb, colours[-1], _band(v, period=84, width=7, at=42)) if len(colours) > 2 else rgb


def _vertical_stripes(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    return _mix(_rgb(u.shape, colours[0]), colours[1], _band(u, period=18, width=6))


def _awning(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    return _mix(_rgb(u.shape, colours[0]), colours[1], _band(u, period=40, width=20))


def _pinstripe(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    return _mix(_rgb(u.shape, colours[0]), colours[1], _band(u, period=17, width=1.7) * 0.8)


def _gingham(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    across, down = _band(u, period=22, width=11), _band(v, period=22, width=11)
    return _mix(_rgb(u.shape, colours[0]), colours[1], (across + down) * 0.48)


def _tartan(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    rgb = _rgb(u.shape, colours[0])
    second, third = colours[1 % len(colours)], colours[2 % len(colours)]
    hatch = 0.78 + 0.22 * np.sin((u + v) * 2.2)
    for t, weight in ((u, 0.62), (v, 0.54)):
        rgb = _mix(rgb, second, _band(t, period=62, width=24) * weight * hatch)
        rgb = _mix(rgb, third, _band(t, period=62, width=2.6, at=0) * 0.9)
        rgb = _mix(rgb, third, _band(t, period=62, width=2.2, at=31) * 0.85)
        rgb = _mix(rgb, second, _band(t, period=62, width=3, at=24) * 0.7)
    return rgb


def _buffalo(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    across, down = _band(u, period=52, width=26), _band(v, period=52, width=26)
    hatch = 0.9 + 0.1 * np.sin((u + v) * 2.2)
    return _mix(_rgb(u.shape, colours[0]), colours[1], (across * 0.5 + down * 0.5) * hatch)


def _madras(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    rgb = _rgb(u.shape, colours[0])
    for index, colour in enumerate(colours[1:]):
        for t in (u, v):
            rgb = _mix(rgb, colour, _band(t, period=44, width=12 - 3 * index, at=15 * index) * 0.5)
    return rgb


def _glen(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    fine = _band(u, period=4, width=2) * 0.5 + _band(v, period=4, width=2) * 0.5
    block = np.maximum(_band(u, period=46, width=22), _band(v, period=46, width=22))
    rgb = _mix(_rgb(u.shape, colours[0]), colours[1], fine * (0.25 + 0.6 * block))
    line = np.maximum(_band(u, period=46, width=1.8, at=23), _band(v, period=46, width=1.8, at=23))
    return _mix(rgb, colours[2 % len(colours)], line * 0.75)


def _houndstooth(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    """Four dark and four light threads each way in a two-and-two twill, as it is woven."""
    size, share = 2.7, np.zeros_like(u)
    for du, dv in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)):
        weft, warp = np.floor((v + dv) / size), np.floor((u + du) / size)
        is_warp_on_top = (warp - weft) % 4 < 2
        share += np.where(is_warp_on_top, warp % 8 < 4, weft % 8 < 4) / 4
    return _mix(_rgb(u.shape, colours[0]), colours[1], share)


def _herringbone(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    zigzag = np.abs((u / 22) % 1 - 0.5) * 22
    return _mix(_rgb(u.shape, colours[0]), colours[1], _band(v + zigzag, period=6, width=2.6) * 0.7)


def _argyle(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    a, b = u / 58 + v / 84, u / 58 - v / 84
    diamond = (np.floor(a) + np.floor(b)) % 2
    rgb = _mix(_rgb(u.shape, colours[0]), colours[1], diamond * 0.95)
    rgb = _mix(rgb, colours[2 % len(colours)], ((np.floor(a) % 2) * (np.floor(b) % 2)) * 0.9)
    away = [np.abs((t + 0.5 + 0.5) % 1 - 0.5) * 48 for t in (a, b)]
    lines = np.clip(1.3 - np.minimum(away[0], away[1]), 0, 1) * (np.sin((u + v) * 1.1) > -0.4)
    return _mix(rgb, colours[-1], lines)


def _dots(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    row = np.floor(v / 15)
    x, y = ((u + (row % 2) * 15) / 30 % 1 - 0.5) * 30, (v / 15 % 1 - 0.5) * 15
    return _mix(_rgb(u.shape, colours[0]), colours[1], np.clip(5.6 - np.hypot(x, y), 0, 1))


def _checkers(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    across, down = _band(u, period=48, width=24), _band(v, period=48, width=24)
    return _mix(_rgb(u.shape, colours[0]), colours[1], across * (1 - down) + down * (1 - across))


def _chevron(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    t = v + np.abs((u / 56) % 1 - 0.5) * 56
    rgb, step = _rgb(u.shape, colours[0]), 22.0
    for index, colour in enumerate(colours[1:], start=1):
        rgb = _mix(rgb, colour, _band(t, period=step * len(colours), width=step, at=step * index))
    return rgb


def _circles(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    row = np.floor(v / 46)
    x, y = ((u + (row % 2) * 46) / 92 % 1 - 0.5) * 92, (v / 46 % 1 - 0.5) * 92
    radius, rgb = np.hypot(x, y), _rgb(u.shape, colours[0])
    for index, limit in enumerate((42, 31, 20, 9)):
        rgb = _mix(rgb, colours[(index + 1) % len(colours)], np.clip(limit - radius, 0, 1))
    return rgb


def _waves(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    t, rgb, step = v + np.sin(u * np.pi / 62) * 26, _rgb(u.shape, colours[0]), 20.0
    for index, colour in enumerate(colours[1:], start=1):
        rgb = _mix(rgb, colour, _band(t, period=step * len(colours), width=step, at=step * index))
    return rgb


def _camouflage(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    rgb = _rgb(u.shape, colours[0])
    others = (noise[2], np.roll(noise[2], 41, 1), np.flipud(noise[2]))
    fields = [other + noise[1] * 0.16 for other in others]
    for colour, field, level in zip(colours[1:], fields, (0.12, 0.42, 0.72), strict=False):
        rgb = _mix(rgb, colour, np.clip((field - level) * 7, 0, 1))
    return rgb


def _tie_dye(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    x, y = u, v - 300
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    t = radius / 34 + angle / np.pi * 2 + noise[1] * 0.16 + noise[2] * 0.30
    t += 0.25 * np.sin(angle * 17 + noise[2] * 2)
    index = t % len(colours)
    rgb = _rgb(u.shape, colours[0])
    for number, colour in enumerate(colours):
        away = np.minimum(np.abs(index - number), len(colours) - np.abs(index - number))
        rgb = _mix(rgb, colour, np.clip(1.05 - away, 0, 1) ** 0.8)
    return _mix(rgb, (255, 252, 244), np.clip(np.sin(t * np.pi * 2 + 1) - 0.55, 0, 1) * 0.7)


def _ombre(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    share = np.clip((v - 150) / 380 + noise[2] * 0.05, 0, 1)
    return _mix(_rgb(u.shape, colours[0]), colours[1], share)


def _snake(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    a, b = (u / 9 + v / 13) % 1, (u / 9 - v / 13) % 1
    scale = np.minimum(np.minimum(a, 1 - a), np.minimum(b, 1 - b)) * 2
    rgb = _mix(
        _rgb(u.shape, colours[0]), colours[1], np.clip((noise[2] + noise[1] * 0.3) * 2, 0, 1)
    )
    return _mix(rgb, colours[-1], np.clip(0.32 - scale, 0, 1) * 2)


def _zebra(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    t = v + np.abs(u) * 0.35 + noise[2] * 13 + noise[3] * 18
    width = 13 + noise[2] * 4
    distance = np.abs((t / 26 + 0.5) % 1 - 0.5) * 26
    return _mix(_rgb(u.shape, colours[0]), colours[1], np.clip(width / 2 - distance + 0.5, 0, 1))


def _granny(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    x, y = np.abs((u / 62) % 1 - 0.5) * 2, np.abs((v / 62) % 1 - 0.5) * 2
    ring = np.maximum(x, y) + 0.05 * np.sin(u * 0.8) * np.sin(v * 0.8)
    cell = (np.floor(u / 62) * 3 + np.floor(v / 62) * 5).astype(int)
    rgb = _rgb(u.shape, colours[0])
    for level, shift in ((0.86, 1), (0.62, 2), (0.38, 3)):
        for number in range(len(colours) - 1):
            mine = (ring < level) & ((cell + shift) % (len(colours) - 1) == number)
            rgb = _mix(rgb, colours[number + 1], mine.astype(np.float32))
    return rgb


def _patchwork(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    cell = (np.floor(u / 54) * 3 + np.floor(v / 54) * 5).astype(int) % len(colours)
    rgb = _rgb(u.shape, colours[0])
    for number, colour in enumerate(colours):
        mine = cell == number
        other = colours[(number + 2) % len(colours)]
        kinds = (_gingham, _dots, _vertical_stripes, _solid)
        part = kinds[number % 4](u / 0.8, v / 0.8, (colour, other), noise)
        rgb = np.where(mine[..., None], part, rgb)
    edge = np.maximum(_band(u, period=54, width=1.2), _band(v, period=54, width=1.2))
    return _mix(rgb, (90, 70, 60), edge * 0.5)


def _halves(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    return _mix(_rgb(u.shape, colours[0]), colours[1], np.clip(u + 0.5, 0, 1))


def _blocks(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    rgb = _mix(_rgb(u.shape, colours[0]), colours[1], np.clip(v - 262, 0, 1))
    return _mix(rgb, colours[2 % len(colours)], np.clip(v - 390, 0, 1))


def _slanted(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    t = v + u * 0.62
    rgb = _mix(_rgb(u.shape, colours[0]), colours[1], np.clip(t - 262, 0, 1))
    return _mix(rgb, colours[2 % len(colours)], np.clip(t - 262, 0, 1) * np.clip(300 - t, 0, 1))


def _wash(u: Array, v: Array, colours: Colours, noise: Sequence[Array]) -> Array:
    fade = np.clip(noise[3] * 0.5 + noise[2] * 0.3 + 0.35, 0, 1)
    return _mix(_rgb(u.shape, colours[0]), colours[1 % len(colours)], fade * 0.7)


PRINTS: dict[str, Print] = {
    "solid": _solid,
    "stripes": _stripes,
    "wide_stripes": _wide_stripes,
    "vertical_stripes": _vertical_stripes,
    "awning": _awning,
    "pinstripe": _pinstripe,
    "gingham": _gingham,
    "tartan": _tartan,
    "buffalo": _buffalo,
    "madras": _madras,
    "glen": _glen,
    "houndstooth": _houndstooth,
    "herringbone": _herringbone,
    "argyle": _argyle,
    "dots": _dots,
    "checkers": _checkers,
    "chevron": _chevron,
    "circles": _circles,
    "waves": _waves,
    "camouflage": _camouflage,
    "tie_dye": _tie_dye,
    "ombre": _ombre,
    "snake": _snake,
    "zebra": _zebra,
    "granny": _granny,
    "patchwork": _patchwork,
    "halves": _halves,
    "blocks": _blocks,
    "slanted": _slanted,
    "wash": _wash,
}

PLACED = frozenset({"tie_dye", "ombre", "zebra", "halves", "blocks", "slanted"})
"""Prints that are laid out on the garment, not cut from anywhere in the cloth."""
