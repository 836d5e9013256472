"""Which style, cluster, colour and price a product stands for; for counting and for names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Final

from django.db.models import F, QuerySet
from django.db.models.functions import Mod
from django.utils.text import capfirst

from products.models import ClusterAssignment, Product
from products.money import money
from products.search.candidates import style_mixes
from products.vocabulary import COLOURS_KO, colour_name
from shoppers.insights.models import InterestWeek
from shoppers.taste import in_groups
from shoppers.trends import top_group
from styles.languages import is_korean
from styles.models import Clustering, ModelVersion
from styles.taxonomy import STYLE_GROUPS

Facet = InterestWeek.Facet
Key = tuple[str, str]
"""A facet, and which of its values."""

# Larger catalogues are counted by a sample of about this many products, to 1 % of a share or so.
SAMPLED: Final = 20_000
_CHUNK: Final = 2000
_LONGEST_KEY: Final = 60
_ENGLISH_COLOURS: Final = {korean.casefold(): english for english, korean in COLOURS_KO.items()}


def keys_of(product_ids: Iterable[int], *, version: ModelVersion | None) -> dict[int, list[Key]]:
    """Return what each product stands for; what is not known of it is left out."""
    found: dict[int, list[Key]] = {}
    for part in _parts(sorted(set(product_ids))):
        found |= _keys_of_part(part, version=version)
    return found


def count_products(*, version: ModelVersion | None, before: datetime) -> Counter[Key]:
    """Return how many published products that were there at a moment stand for what."""
    shown = Product.objects.published().filter(created_at__lt=before).order_by()
    step = max(1, shown.count() // SAMPLED)
    sample = shown.annotate(lot=Mod(F("pk"), step)).filter(lot=0) if step > 1 else shown
    counts: Counter[Key] = Counter()
    for part in _parts(sample.values_list("pk", flat=True).iterator(chunk_size=_CHUNK)):
        for keys in _keys_of_part(part, version=version).values():
            counts.update(keys)
    return Counter({key: count * step for key, count in counts.items()})


def colour_key(colour: str) -> str:
    """Return the English word of a colour, the shop's own in lower case where it is unknown."""
    word = colour.strip().casefold()
    return _ENGLISH_COLOURS.get(word, word)[:_LONGEST_KEY]


def price_key(price: Decimal, currency: str) -> str:
    """Return the band of a price, such as ``KRW:20000``: from 1, 2 or 5 times a power of ten."""
    if price < 1:
        return f"{currency}:0"
    power = 10 ** (len(str(int(price))) - 1)
    lower = max(step * power for step in (1, 2, 5) if step * power <= price)
    return f"{currency}:{lower}"


def price_name(key: str) -> str:
    """Return a band of prices as people write it."""
    currency, _, lower = key.partition(":")
    upper = next_band(int(lower))
    return f"{money(Decimal(lower), currency)} \u2013 {money(Decimal(upper), currency)}"


def next_band(lower: int) -> int:
    """Return where the band that begins here ends: 1 -> 2 -> 5 -> 10."""
    if lower == 0:
        return 1
    return lower * 5 // 2 if str(lower)[0] == "2" else lower * 2


def name_of(facet: str, key: str, *, clusters: dict[int, str]) -> str:
    """Return in the active language what a key stands for.

    Args:
        clusters: number -> name of the clusters in force.
    """
    if facet == Facet.PRICE:
        return price_name(key)
    if facet == Facet.COLOUR:
        return capfirst(colour_name(key))
    if facet == Facet.CLUSTER:
        return clusters.get(int(key), f"#{key}")
    return next(
        (
            group.name_ko if is_korean() else group.name_en
            for group in STYLE_GROUPS
            if group.code == key
        ),
        key,
    )


def place_of(facet: str, key: str) -> tuple[float, str]:
    """Return what the keys of a facet are sorted by where pages show them in their own order."""
    if facet == Facet.PRICE:
        currency, _, lower = key.partition(":")
        return float(lower), currency
    if facet == Facet.CLUSTER:
        return float(key), ""
    orders = {group.code: group.order for group in STYLE_GROUPS}
    return float(orders.get(key, len(orders))), key


def _keys_of_part(
    product_ids: Sequence[int], *, version: ModelVersion | None
) -> dict[int, list[Key]]:
    found: dict[int, list[Key]] = {}
    rows = Product.objects.filter(pk__in=product_ids)
    for pk, colour, price, currency in rows.values_list("pk", "colour", "price", "currency"):
        keys: list[Key] = []
        if word := colour_key(colour):
            keys.append((Facet.COLOUR, word))
        if price is not None:
            keys.append((Facet.PRICE, price_key(price, currency)))
        found[pk] = keys
    if version is not None:
        for pk, mix in style_mixes(product_ids, model_version=version).items():
            if pk in found and mix:
                found[pk].append((Facet.STYLE_GROUP, top_group(in_groups(mix))))
    for pk, number in _clusters_of(product_ids).values_list("product_id", "cluster__number"):
        if pk in found:
            found[pk].append((Facet.CLUSTER, str(number)))
    return found


def _clusters_of(product_ids: Sequence[int]) -> QuerySet[ClusterAssignment]:
    return ClusterAssignment.objects.filter(
        product__in=product_ids, clustering__in=Clustering.objects.in_force()
    )


def _parts(keys: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while part := list(islice(rest, _CHUNK)):
        yield part
