"""Several photos and products as one query: more like these, less like those; for views and API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import UUID

import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pgvector import HalfVector

from products import conf
from products.models import ImageSearch, Product
from products.palette import Palette, from_json
from products.search.query_vectors import QueryVector, first_embeddings, half_vector
from styles.models import ModelVersion

MAX_EXAMPLES: Final = 50
# Shorter than this, what is left of a sum of unit half vectors is mostly rounding.
SHORTEST: Final = 0.05


@dataclass(frozen=True)
class Examples:
    """What a shopper points at: SKUs of products and ids of finished searches, in order."""

    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()

    @classmethod
    def parse(cls, parameters: Mapping[str, Any]) -> Self:
        """Read ``like`` and ``unlike``, each separated by commas.

        Raises:
            ValidationError: parameter -> error with a stable code.
        """
        liked, disliked = (_names(parameters, name) for name in ("like", "unlike"))
        both = [name for name in liked if name in disliked]
        if both:
            raise _error(
                "unlike",
                "example_liked_and_disliked",
                _("“%(value)s” cannot be liked and disliked at once."),
                value=both[0],
            )
        return cls(liked, disliked)

    def __bool__(self) -> bool:
        return bool(self.liked or self.disliked)


@dataclass(frozen=True)
class _Example:
    """Where an example lies; ``product_id`` is None for a photo."""

    vector: np.ndarray
    product_id: int | None = None
    palette: Palette = ()


def query_of_examples(
    examples: Examples,
    *,
    model_version: ModelVersion,
    base: QueryVector | None = None,
    owner: str = "",
) -> QueryVector:
    """Return the query between liked examples and away from disliked ones.

    The mean of the liked, less ``DISLIKE_WEIGHT`` times the mean of the disliked, at unit length
    (Rocchio 1971). The query has no group: one was predicted for a photo alone.

    Args:
        examples: those pointed at.
        model_version: the version whose embeddings are taken.
        base: the photo or product that the list began with; liked as well.
        owner: who asks, as ``products.ownership`` writes it: searches of another app's key are not
            there for them.

    Raises:
        ValidationError: an example cannot be used, or the examples cancel each other out.
    """
    if not examples.liked and base is None:
        raise _error(
            "like", "like_required", _("Name at least one product or search that is liked.")
        )
    liked = _find(examples.liked, "like", model_version, owner)
    disliked = _find(examples.disliked, "unlike", model_version, owner)
    attracting = [example.vector for example in liked]
    if base is not None:
        attracting.insert(0, np.array(base.vector.to_list(), np.float32))
    vector = np.mean(attracting, axis=0)
    if disliked:
        repelling = np.mean([example.vector for example in disliked], axis=0)
        vector = vector - conf.get("DISLIKE_WEIGHT") * repelling
    length = float(np.linalg.norm(vector))
    if length < SHORTEST:
        raise _error(
            "unlike" if disliked else "like",
            "examples_cancel_out",
            _("These examples cancel each other out: take one of them away."),
        )
    products = [example.product_id for example in (*liked, *disliked) if example.product_id]
    return QueryVector(
        HalfVector((vector / length).astype(np.float32)),
        model_version,
        examples=tuple(dict.fromkeys((*(base.examples if base else ()), *products))),
        palette=base.palette if base else liked[0].palette,
        mix=base.mix if base else {},
    )


def _find(
    names: Sequence[str], parameter: str, version: ModelVersion, owner: str
) -> list[_Example]:
    """Return the examples with these names, which are SKUs before they are ids of searches."""
    products = dict(Product.objects.published().filter(sku__in=names).values_list("sku", "pk"))
    vectors = first_embeddings(list(products.values()), model_version=version)
    found = []
    for name in names:
        if name not in products:
            found.append(_photo(name, parameter, version, owner))
        elif products[name] in vectors:
            found.append(_Example(vectors[products[name]], products[name]))
        else:
            raise _error(
                parameter,
                "example_not_embedded",
                _("No photo of “%(value)s” has been looked at yet. Try again shortly."),
                value=name,
            )
    return found


def _photo(name: str, parameter: str, version: ModelVersion, owner: str) -> _Example:
    search = _search(name, owner)
    if search is None:
        raise _error(
            parameter,
            "unknown_example",
            _("There is no product and no search “%(value)s”."),
            value=name,
        )
    if search.status != ImageSearch.Status.DONE or search.embedding is None:
        raise _error(
            parameter,
            "example_unfinished",
            _("The search “%(value)s” has no result to start from."),
            value=name,
        )
    if search.model_version_id != version.pk:
        raise _error(
            parameter,
            "example_of_another_version",
            _("The shop has learnt its products anew since “%(value)s”. Upload that photo again."),
            value=name,
        )
    vector = np.array(half_vector(search.embedding).to_list(), np.float32)
    return _Example(vector, palette=from_json(search.palette))


def _search(name: str, owner: str) -> ImageSearch | None:
    try:
        key = UUID(name)
    except ValueError:
        return None
    return ImageSearch.objects.alive().seen_by(owner).filter(pk=key).first()


def _names(parameters: Mapping[str, Any], parameter: str) -> tuple[str, ...]:
    text = str(parameters.get(parameter) or "")
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if len(names) > MAX_EXAMPLES:
        raise _error(
            parameter,
            "too_many_examples",
            _("At most %(limit)s examples can be given."),
            limit=MAX_EXAMPLES,
        )
    if "\x00" in text:
        raise _error(parameter, "invalid_text", _("Use at most 200 ordinary characters."))
    return names


def _error(parameter: str, code: str, sentence: Any, **params: Any) -> ValidationError:
    if "value" in params:
        params["value"] = params["value"][:64]
    return ValidationError({parameter: ValidationError(sentence, code=code, params=params)})
