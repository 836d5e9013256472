"""The few colours a photo is made of, its background left out; called by ``styles.appearance``."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Enough to see a print, and a photo takes 2.4 ms; at 64 it would be 4.0.
SIDE = 48
MAX_COLOURS = 5
# What is merged: two colours nearer than this are one cloth in light and shade (CIE76).
MERGED_DISTANCE = 14.0
MIN_SHARE = 0.05
# The white behind products in shops and at the sides of framed photos.
WHITE_LIGHTNESS, WHITE_CHROMA = 94.0, 6.0
# Colours nearer than this to the border's own belong to the background where they touch it.
BORDER_DISTANCE = 16.0
# A border is a background if that much of it is of one colour.
MIN_BORDER_SHARE = 0.4
# Framing adds white to less of a photo than this; where there is more, a shop put it there.
MAX_FRAME_SHARE = 0.3
# Less than this is not a product: it is what was called background.
MIN_FOREGROUND_SHARE = 0.02
# The middle of a photo counts for more: a floor that was not recognised is at its edges.
CENTRE_SPREAD = 0.3
CANDIDATES = 8
# sRGB to XYZ, each relative to the white of daylight (D65): IEC 61966-2-1 and CIE 15.
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175],
     [0.0193339, 0.119192, 0.9503041]], np.float32
) / np.array([[0.95047], [1.0], [1.08883]], np.float32)  # fmt: skip
_LEVELS = np.arange(256, dtype=np.float32) / 255
_LINEAR = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4)


@dataclass(frozen=True)
class PaletteColour:
    """A colour of a photo: ``hex`` such as #1a2b3c, and its ``share`` of what is not background."""

    hex: str
    share: float


def extract_palette(pixels: NDArray[np.uint8]) -> tuple[PaletteColour, ...]:
    """Return the dominant colours of a photo, uint8 RGB (H, W, 3), the largest share first.

    White that touches the border is left out, then a border of one colour; what is left is parted
    by median cut and k-means in CIE L*a*b*, where distances are as the eye sees them. Shares sum
    to 1. A photo that is all background gives the colours of the whole of it.
    """
    lab = to_lab(_shrink(pixels))
    mask = _foreground(lab)
    chosen, weights = lab[mask], _centre()[mask]
    numbers = _part(chosen)
    sums = np.bincount(numbers, weights)
    present = np.flatnonzero(sums)
    means = np.stack([np.bincount(numbers, weights * chosen[:, axis]) for axis in range(3)], axis=1)
    centres, shares = _merge(means[present] / sums[present, None], sums[present] / sums.sum())
    order = np.argsort(-shares, kind="stable")[:MAX_COLOURS]
    kept = order[(shares[order] >= MIN_SHARE) | (np.arange(len(order)) == 0)]
    total = shares[kept].sum()
    return tuple(
        PaletteColour(_to_hex(centres[place]), round(float(shares[place] / total), 3))
        for place in kept
    )


def find_foreground(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where the product is on a photo, uint8 RGB (H, W, 3): bool (SIDE, SIDE)."""
    return _foreground(to_lab(_shrink(pixels)))


def to_lab(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return CIE L*a*b* (..., 3), float32, of sRGB colours (..., 3), uint8."""
    xyz = _LINEAR.astype(np.float32)[rgb] @ TO_XYZ.T
    curved = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = curved[..., 0], curved[..., 1], curved[..., 2]
    lab: NDArray[np.float32] = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
    return lab


def _shrink(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BOX))


def _foreground(lab: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return where the product is, bool (SIDE, SIDE)."""
    everything = np.ones(lab.shape[:2], bool)
    is_white = (lab[..., 0] > WHITE_LIGHTNESS) & (np.hypot(*lab[..., 1:].T).T < WHITE_CHROMA)
    mask = _without_edge(~_touching(is_white, _ring(everything, deep=1)))
    if not mask.any():
        return everything
    if mask.mean() >= 1.0 - MAX_FRAME_SHARE:
        # No white studio: the photo has a background of its own within its frame, if any.
        ring = _ring(mask)
        colour = np.median(lab[ring], axis=0)
        is_alike = np.linalg.norm(lab - colour, axis=-1) < BORDER_DISTANCE
        if is_alike[ring].mean() >= MIN_BORDER_SHARE:
            mask = _without_edge(mask & ~_touching(is_alike & mask, ring))
    if mask.mean() < MIN_FOREGROUND_SHARE:
        return everything
    return mask


def _without_edge(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a mask less its outermost cells, half of whose colour is that of the background.

    What is hardly more than an edge, such as a strap, stays.
    """
    from scipy.ndimage import binary_erosion

    core: NDArray[np.bool_] = binary_erosion(mask, border_value=1)
    return core if 2 * core.sum() >= mask.sum() else mask


def _touching(region: NDArray[np.bool_], ring: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the connected parts of a region that reach into a ring."""
    # Not above: who only names colours, as pages do, needs no SciPy.
    from scipy.ndimage import label

    numbers, _ = label(region)
    reached = np.unique(numbers[ring & region])
    touching: NDArray[np.bool_] = np.isin(numbers, reached[reached > 0])
    return touching


def _ring(mask: NDArray[np.bool_], *, deep: int = 2) -> NDArray[np.bool_]:
    """Return the outermost cells of a mask, so many deep from the box around it."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    ring = np.zeros_like(mask)
    ring[top:bottom, left:right] = True
    ring[top + deep : bottom - deep, left + deep : right - deep] = False
    return ring & mask


def _part(colours: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the number of the group that each colour (N, 3) belongs to."""
    # Pillow parts in C; a and b are stretched to use its 8 bits as L does.
    channels = np.clip(colours * (2.55, 1.0, 1.0) + (0.0, 128.0, 128.0), 0, 255).astype(np.uint8)
    parted = Image.fromarray(channels[np.newaxis]).quantize(
        CANDIDATES, method=Image.Quantize.MEDIANCUT, kmeans=2
    )
    return np.asarray(parted).ravel().astype(np.intp)


def _merge(
    centres: NDArray[np.float64], shares: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Join the nearest two colours until all are further apart than MERGED_DISTANCE."""
    while len(centres) > 1:
        apart = np.linalg.norm(centres[:, None] - centres[None], axis=-1)
        np.fill_diagonal(apart, np.inf)
        one, other = divmod(int(apart.argmin()), len(centres))
        if apart[one, other] >= MERGED_DISTANCE:
            break
        joined = shares[one] + shares[other]
        mean = (centres[one] * shares[one] + centres[other] * shares[other]) / joined
        kept = [place for place in range(len(centres)) if place not in (one, other)]
        centres = np.vstack([centres[kept], mean])
        shares = np.append(shares[kept], joined)
    return centres, shares


def _to_hex(lab: NDArray[np.float64]) -> str:
    """Return the sRGB colour of a CIE L*a*b* one, clipped to what a screen shows."""
    y = (lab[0] + 16) / 116
    curved = np.array([y + lab[1] / 500, y, y - lab[2] / 200])
    xyz = np.where(curved**3 > 0.008856, curved**3, (curved - 16 / 116) / 7.787)
    linear = np.clip(np.linalg.solve(TO_XYZ.astype(float), xyz), 0, 1)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(value) * 255):02x}" for value in srgb)


def _centre() -> NDArray[np.float32]:
    place = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE - 0.5
    along = np.exp(-0.5 * (place / CENTRE_SPREAD) ** 2)
    return np.outer(along, along)
