"""How a list is refined: its address read into filters, wishes, examples and order, and back.

The words are those of the API, so that an address says the same to a page and to an app.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import ValidationError

from products.filters import ProductFilters
from products.search import Examples, Wishes
from products.search.candidates import StyleMix
from products.sorting import Sort
from products.views.mix_sliders import FIELD_PREFIX, read_sliders
from styles.taxonomy import STYLE_GROUPS

Read = TypeVar("Read")
MIX: Final = "mix"
CARRIED: Final = ("exclude", MIX, "prefer_colour", "prefer_words", "like", "unlike")
STYLE_GROUP_CODES: Final = {group.code for group in STYLE_GROUPS}


@dataclass(frozen=True)
class Refinement:
    """What a shopper made of a list.

    Attributes:
        stored: the filters that the list began with, as parameters; those in an address override.
        errors: parameter -> sentences about it; what is wrong refines nothing.
        is_from_sliders: whether the address holds sliders, and not yet the ``mix`` they stand for.
    """

    filters: ProductFilters = field(default_factory=ProductFilters)
    wishes: Wishes = field(default_factory=Wishes)
    examples: Examples = field(default_factory=Examples)
    sort: Sort = Sort.BEST
    stored: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    is_from_sliders: bool = False

    @classmethod
    def parse(
        cls,
        parameters: Mapping[str, str],
        *,
        is_of_look_alikes: bool = True,
        stored: Mapping[str, str] | None = None,
        own_mix: StyleMix | None = None,
    ) -> Self:
        """Read an address, or the form of a page.

        Args:
            parameters: names to texts.
            is_of_look_alikes: whether the list is one, in which wishes and examples make sense.
            stored: filters that the list began with.
            own_mix: the photo's style mix, at which sliders begin.

        Raises:
            ValidationError: a stored filter no longer makes sense, as when its cluster is gone.
        """
        errors: dict[str, list[str]] = {}
        named = dict(parameters.items())
        has_sliders = any(name.startswith(FIELD_PREFIX) for name in named)
        if has_sliders:
            named |= _mix_of_sliders(named, own_mix or {}, errors)
        stored = dict(stored or {})
        filters = _read(ProductFilters.parse, {**stored, **named}, errors, fallback=stored)
        steering = named if is_of_look_alikes else {}
        return cls(
            filters=filters,
            wishes=_read(Wishes.parse, steering, errors),
            examples=_read(Examples.parse, steering, errors),
            sort=_read(Sort.parse, named, errors),
            stored=stored,
            errors=errors,
            is_from_sliders=has_sliders,
        )

    def refused(self, error: ValidationError) -> Self:
        """Return the refinement without what turned out not to be possible, and why."""
        found = error.message_dict
        changes: dict[str, Any] = {"errors": {**self.errors, **found}}
        if {"like", "unlike"} & set(found):
            changes["examples"] = Examples()
        if "same_palette" in found:
            changes["wishes"] = replace(self.wishes, has_same_palette=False)
        return replace(self, **changes)

    @property
    def sentences(self) -> list[str]:
        """What is wrong with the address."""
        return [sentence for sentences in self.errors.values() for sentence in sentences]

    @property
    def is_reordered(self) -> bool:
        """Whether look-alikes come in another order than that of groups and distance."""
        return bool(self.wishes or self.examples or self.sort != Sort.BEST)

    @property
    def single_style(self) -> str:
        """The code of a style that is chosen; empty for a group, which the facets hold."""
        code = self.filters.style or ""
        return "" if code in STYLE_GROUP_CODES else code

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the form has no field for: names and values of its hidden ones."""
        parameters = self.as_parameters()
        return [(name, parameters[name]) for name in CARRIED if name in parameters]

    @property
    def cleared_query(self) -> str:
        """The query of the list with nothing in force; sort stays."""
        return replace(self, filters=ProductFilters(), wishes=Wishes(), examples=Examples()).query()

    def as_parameters(self) -> dict[str, str]:
        """Return the words of an address that ``parse`` reads back."""
        own = self.filters.as_parameters()
        parameters = {name: value for name, value in own.items() if self.stored.get(name) != value}
        # A stored filter that was taken away is named, empty.
        parameters |= {name: "" for name in self.stored if name not in own}
        wishes, examples = self.wishes, self.examples
        wished = {
            MIX: ",".join(f"{code}:{share:.4g}" for code, share in wishes.mix),
            "prefer_colour": ",".join(wishes.colours),
            "same_palette": "true" if wishes.has_same_palette else "",
            "prefer_words": " ".join(wishes.words),
            "diversity": f"{wishes.diversity:g}" if wishes.diversity else "",
            "like": ",".join(examples.liked),
            "unlike": ",".join(examples.disliked),
            "sort": "" if self.sort == Sort.BEST else self.sort.value,
        }
        return parameters | {name: value for name, value in wished.items() if value}

    def query(self, **changes: str) -> str:
        """Return the query of an address, with some words changed; an empty text takes one away."""
        parameters = self.as_parameters()
        for name, value in changes.items():
            if value or name in self.stored:
                parameters[name] = value
            else:
                parameters.pop(name, None)
        return urlencode(parameters, safe=",:")


def _mix_of_sliders(
    named: Mapping[str, str], own: StyleMix, errors: dict[str, list[str]]
) -> dict[str, str]:
    """Return the ``mix`` that sliders stand for, in place of the one that their page had."""
    shown = dict(_read(Wishes.parse, {MIX: named.get(MIX, "")}, errors).mix)
    mix = read_sliders(named, shown=shown or own, own=own)
    return {} if mix is None else {MIX: mix}


def _read(
    read: Callable[[Mapping[str, str]], Read],
    parameters: Mapping[str, str],
    errors: dict[str, list[str]],
    *,
    fallback: Mapping[str, str] | None = None,
) -> Read:
    """Read what can be read; what cannot is told in ``errors`` and left out.

    Args:
        fallback: values for parameters that are left out.
    """
    try:
        return read(parameters)
    except ValidationError as error:
        wrong = error.message_dict
        errors |= wrong
    left = {name: value for name, value in parameters.items() if name not in wrong}
    kept = {name: value for name, value in (fallback or {}).items() if name in wrong}
    if any(parameters[name] == value for name, value in kept.items()):
        raise ValidationError(wrong)
    return read({**kept, **left})
