"""Accessories by name; `garments` draws them."""

from collections.abc import Callable

from .bags import shoulder_bag, tote
from .hats import beret, bucket_hat, cap, cowboy_hat, straw_hat
from .sewing import Sewing
from .shoes import boots, sneakers

ACCESSORIES: dict[str, Callable[[Sewing, tuple[str, ...]], None]] = {
    "cap": cap,
    "cowboy_hat": cowboy_hat,
    "straw_hat": straw_hat,
    "bucket_hat": bucket_hat,
    "beret": beret,
    "tote": tote,
    "shoulder_bag": shoulder_bag,
    "boots": boots,
    "sneakers": sneakers,
}
