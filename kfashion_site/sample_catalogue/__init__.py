"""The drawn sample catalogue: clothes from a grammar, sold by a fresh clone. See `catalogue`."""

from .catalogue import GRAMMAR_VERSION, draw_catalogue

__all__ = ["GRAMMAR_VERSION", "draw_catalogue"]
