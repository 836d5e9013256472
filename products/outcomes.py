"""What page, API and command say of a search: one story, told in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from products import vocabulary
from products.cut_off import Match, match
from products.explanations import Explanation
from products.filters import ProductFilters
from products.models import Calibration, ImageSearch, Product
from products.querysets import ProductQuerySet
from products.search import Hit, Page
from styles import taxonomy
from styles.languages import is_korean
from styles.models import Cluster


@dataclass(frozen=True)
class Share:
    """A named part of a mix; ``probability`` lies in [0, 1]."""

    code: str
    name: str
    probability: float

    @property
    def percent(self) -> int:
        """The probability in whole percent, for people."""
        return round(self.probability * 100)


@dataclass(frozen=True)
class ClusterShare:
    """The cluster a photo most likely belongs to."""

    number: int
    name: str
    probability: float

    @property
    def percent(self) -> int:
        """The probability in whole percent, for people."""
        return round(self.probability * 100)


@dataclass(frozen=True)
class ProductHit:
    """A hit together with its product, ready to be shown.

    Attributes:
        match: how well it matches, in words; None where the version has not been calibrated.
        explanation: why it was found, where that was asked.
    """

    hit: Hit
    product: Product
    match: Match | None = None
    explanation: Explanation | None = None


@dataclass(frozen=True)
class Outcome:
    """What a photo is. A mix is empty where the model version has not learnt it.

    Attributes:
        cluster: the likeliest cluster, None before the first clustering.
        styles: the style mix; the style groups' where only groups have been learnt.
        style_groups: the same over the 10 style groups.
        product_types: what kind of product it shows.
    """

    cluster: ClusterShare | None
    styles: tuple[Share, ...]
    style_groups: tuple[Share, ...]
    product_types: tuple[Share, ...]


def outcome_of(
    probabilities: Mapping[str, Mapping[str, float]],
    *,
    cluster: Cluster | None,
    cluster_probability: float | None,
) -> Outcome:
    """Put a prediction into words.

    Args:
        probabilities: label set -> code -> probability.
        cluster: the likeliest cluster.
        cluster_probability: and how likely it is.
    """
    styles = probabilities.get("style", {})
    groups = taxonomy.group_mix(styles) if styles else probabilities.get("style_group", {})
    return Outcome(
        cluster=(
            ClusterShare(cluster.number, cluster.name, cluster_probability)
            if cluster is not None and cluster_probability is not None
            else None
        ),
        styles=_shares(styles, _STYLES) if styles else _shares(groups, _GROUPS),
        style_groups=_shares(groups, _GROUPS),
        product_types=tuple(
            Share(code, vocabulary.category_name(code), probability)
            for code, probability in _ranked(probabilities.get("product_type", {}))
        ),
    )


def search_outcome(search: ImageSearch) -> Outcome:
    """Return what a finished search found in its photo."""
    cluster = search.cluster
    return outcome_of(
        search.probabilities,
        cluster=cluster,
        cluster_probability=(
            search.cluster_probabilities.get(str(cluster.number)) if cluster else None
        ),
    )


def product_hits(
    page: Page,
    *,
    calibration: Calibration | None = None,
    explained: Mapping[int, Explanation] | None = None,
    products: ProductQuerySet | None = None,
) -> list[ProductHit]:
    """Return the hits with their products, in order; products deleted meanwhile are left out.

    Args:
        calibration: what the distances mean, where that has been learnt.
        explained: product id -> why it was found.
        products: with what is shown of them; all that the API says of a product unless given.
    """
    shown = Product.objects.for_cards() if products is None else products
    found = shown.in_bulk([hit.product_id for hit in page.hits])
    return [
        ProductHit(
            hit,
            found[hit.product_id],
            match=match(hit.distance, calibration) if calibration else None,
            explanation=(explained or {}).get(hit.product_id),
        )
        for hit in page.hits
        if hit.product_id in found
    ]


def search_filters(search: ImageSearch) -> ProductFilters:
    """Return the filters a search was made with.

    Raises:
        ValidationError: they no longer make sense, as when its cluster is gone.
    """
    return ProductFilters.parse(search.filters)


_STYLES: dict[str, taxonomy.Style | taxonomy.StyleGroup] = {
    style.code: style for style in taxonomy.STYLES
}
_GROUPS: dict[str, taxonomy.Style | taxonomy.StyleGroup] = {
    group.code: group for group in taxonomy.STYLE_GROUPS
}


def _shares(
    mix: Mapping[str, float], names: Mapping[str, taxonomy.Style | taxonomy.StyleGroup]
) -> tuple[Share, ...]:
    return tuple(
        Share(code, names[code].name_ko if is_korean() else names[code].name_en, probability)
        for code, probability in _ranked(mix)
    )


def _ranked(mix: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(mix.items(), key=lambda item: (-item[1], item[0]))
