"""What a shopper would like first, read from the parameters of page, API and command.

Filters leave products out; wishes only reorder the nearest of those that are left. The words:
``mix``, ``prefer_colour``, ``same_palette``, ``prefer_words`` and ``diversity``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from products.filters import read_truth
from products.palette import Palette, palettes_of
from products.search.query_vectors import QueryVector
from products.search.rankers import (
    ColourRanker,
    PaletteRanker,
    Ranker,
    StyleMixRanker,
    WordRanker,
)
from styles.taxonomy import resolve_group, resolve_style

MAX_WORDS = 20
MAX_TEXT = 200


@dataclass(frozen=True)
class Wishes:
    """What comes first among look-alikes; without any, the nearest do.

    Attributes:
        mix: (code of a style or style group, share); shares sum to 1.
        colours: names of colours; any of them will do.
        has_same_palette: whether the colours of the query's own photo are wanted.
        words: for name or brand.
        diversity: 0 for the most alike, 1 for the most different among the nearest.
    """

    mix: tuple[tuple[str, float], ...] = ()
    colours: tuple[str, ...] = ()
    has_same_palette: bool = False
    words: tuple[str, ...] = ()
    diversity: float = 0.0

    @classmethod
    def parse(cls, parameters: Mapping[str, Any]) -> Self:
        """Read wishes; parameters that are missing or empty wish for nothing.

        Raises:
            ValidationError: parameter -> error with a stable code.
        """
        errors: dict[str, ValidationError] = {}
        values: dict[str, Any] = {}
        for parameter, (name, read) in _READERS.items():
            text = str(parameters.get(parameter) or "").strip()
            if not text:
                continue
            try:
                values[name] = read(text)
            except ValidationError as error:
                errors[parameter] = error
        if errors:
            raise ValidationError(errors)
        return cls(**values)

    def __bool__(self) -> bool:
        return self != type(self)()

    def rankers(self, query: QueryVector) -> list[Ranker]:
        """Return a ranker for each wish.

        Raises:
            ValidationError: the query's palette is wanted, but it has none.
        """
        rankers: list[Ranker] = []
        if self.mix:
            rankers.append(StyleMixRanker(self.mix))
        if self.colours:
            rankers.append(ColourRanker(self.colours))
        if self.has_same_palette:
            rankers.append(PaletteRanker(palette_of(query)))
        if self.words:
            rankers.append(WordRanker(self.words))
        return rankers


def palette_of(query: QueryVector) -> Palette:
    """Return the palette of the query's photo, or of the first product it was made of.

    Raises:
        ValidationError: it has none; code ``palette_unknown``.
    """
    palette = query.palette or palettes_of(query.examples[:1]).get(next(iter(query.examples), 0))
    if not palette:
        error = ValidationError(
            _("The colours of this photo are not known yet: leave “same_palette” out."),
            code="palette_unknown",
        )
        raise ValidationError({"same_palette": error})
    return palette


def _mix(text: str) -> tuple[tuple[str, float], ...]:
    """Read ``casual:0.7,street:0.3``. Shares are made to sum to 1; a code alone weighs 1."""
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, separator, share = part.partition(":")
        # A group before a style of the same name: it holds that style.
        found = resolve_group(name.strip()) or resolve_style(name.strip())
        if found is None:
            raise ValidationError(
                _("There is no style “%(value)s”."),
                code="unknown_style",
                params={"value": name.strip()[:40]},
            )
        shares[found.code] = shares.get(found.code, 0.0) + (_share(share) if separator else 1.0)
    total = sum(shares.values())
    if not total > 0:
        raise _invalid_mix(text)
    return tuple(sorted((code, share / total) for code, share in shares.items() if share))


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1000:
        raise _invalid_mix(text)
    return share


def _invalid_mix(text: str) -> ValidationError:
    return ValidationError(
        _("“%(value)s” is not a mix of styles: use one such as casual:0.7,street:0.3."),
        code="invalid_mix",
        params={"value": text[:40]},
    )


def _diversity(text: str) -> float:
    try:
        diversity = float(text)
    except ValueError:
        diversity = -1.0
    if not isfinite(diversity) or not 0 <= diversity <= 1:
        raise ValidationError(
            _("Use a diversity from 0 (most alike) to 1 (most different)."),
            code="invalid_diversity",
        )
    return diversity


def _colours(text: str) -> tuple[str, ...]:
    return _words(text.split(","))


def _text(text: str) -> tuple[str, ...]:
    return _words(text.split())


def _words(parts: list[str]) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if len(words) > MAX_WORDS or any("\x00" in word or len(word) > MAX_TEXT for word in words):
        raise ValidationError(
            _("Use at most %(limit)s ordinary words."),
            code="invalid_words",
            params={"limit": MAX_WORDS},
        )
    return words


_READERS = {
    "mix": ("mix", _mix),
    "prefer_colour": ("colours", _colours),
    "same_palette": ("has_same_palette", read_truth),
    "prefer_words": ("words", _text),
    "diversity": ("diversity", _diversity),
}
