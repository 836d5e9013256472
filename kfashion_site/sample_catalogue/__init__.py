"""The drawn sample catalogue: product pictures made by a grammar of clothes; the launcher sells it on a fresh clone."""

from .catalogue import GRAMMAR_VERSION, draw_catalogue

__all__ = ["GRAMMAR_VERSION", "draw_catalogue"]
