"""What an image search found, refined as its address says; for its page and its fragments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from products import conf
from products.cut_off import calibration_of, has_close_match
from products.facets import count_facets
from products.messages import failure_sentence
from products.models import Calibration, ImageSearch, Product
from products.outcomes import product_hits, search_outcome
from products.querysets import ProductQuerySet
from products.search import (
    CursorError,
    HitCursor,
    Page,
    QueryVector,
    look_alikes,
    predicted_group,
    query_of_examples,
    query_of_search,
    see_as_answered,
)
from products.search.candidates import StyleMix
from products.search.sorted_lists import SORTED_MOST
from products.sorting import Sort
from products.views.chips import chips_in_force
from products.views.mix_sliders import mix_sliders
from products.views.price_scale import PriceScale
from products.views.refinement import Refinement
from styles.models import Cluster

LAST_PAGE: Final = 500


def search_context(request: HttpRequest, found: ImageSearch) -> dict[str, Any]:
    """Return what the page of a finished search shows of its result.

    ``failure`` is a sentence in place of all else, where there can be no result.
    """
    if found.model_version is None:
        return {"failure": failure_sentence("model_version_gone")}
    see_as_answered(found)
    outcome = search_outcome(found)
    own_mix = {share.code: share.probability for share in outcome.style_groups}
    try:
        refinement = Refinement.parse(request.GET, stored=found.filters, own_mix=own_mix)
    except ValidationError as error:
        return {"failure": error.messages[0]}
    return {"outcome": outcome, **_list(request, found, refinement, own_mix)}


def part_context(request: HttpRequest, found: ImageSearch) -> dict[str, Any]:
    """Return the part of a list that its cursor leads to.

    Raises:
        CursorError: it leads nowhere: the list is another by now.
        ValidationError: a filter the search began with no longer makes sense.
    """
    cursor = HitCursor.parse(request.GET.get("cursor", ""))
    see_as_answered(found)
    refinement = Refinement.parse(request.GET, stored=found.filters)
    query = _query(found, refinement, list(Cluster.objects.in_force()))
    filters, wishes, sort = refinement.filters, refinement.wishes, refinement.sort
    page = look_alikes(
        query, filters=filters, wishes=wishes, sort=sort, limit=conf.get("PAGE_SIZE"), cursor=cursor
    )
    is_begun = cursor is not None and (cursor.block > 0 or not query.group)
    return {
        **_addresses(found),
        **_entries(page, calibration=calibration_of(query.model_version)),
        "refinement": refinement,
        "is_beyond_begun": is_begun or refinement.is_reordered,
        "page_number": _page_number(request),
    }


def _list(
    request: HttpRequest, found: ImageSearch, refinement: Refinement, own_mix: StyleMix
) -> dict[str, Any]:
    number = _page_number(request)
    # As of the answer, see ``see_as_answered``; groups and facets both read them.
    clusters = list(Cluster.objects.in_force())
    try:
        query, page = _answer(request, found, refinement, clusters, number)
    except ValidationError as error:
        refinement = refinement.refused(error)
        query, page = _answer(request, found, refinement, clusters, number)
    facets = count_facets(refinement.filters, narrow=_narrowing(query), clusters=clusters)
    calibration = calibration_of(query.model_version)
    is_close = has_close_match(page, query, filters=refinement.filters, calibration=calibration)
    return {
        **_addresses(found),
        **_entries(page, calibration=calibration),
        "refinement": refinement,
        "chips": chips_in_force(refinement, facets),
        "facets": facets,
        "sliders": mix_sliders(refinement.wishes, own_mix),
        "price_scale": PriceScale.of(facets, refinement.filters),
        "sorts": Sort,
        "sorted_most": SORTED_MOST,
        "has_palette": bool(found.palette),
        "has_no_close_match": bool(page.hits) and is_close is False,
        "page_number": number,
    }


def _answer(
    request: HttpRequest,
    found: ImageSearch,
    refinement: Refinement,
    clusters: Sequence[Cluster],
    number: int,
) -> tuple[QueryVector, Page]:
    """Return what follows the page before, or, from a number alone, what stands there now."""
    query = _query(found, refinement, clusters)
    size = conf.get("PAGE_SIZE")
    part = partial(
        look_alikes,
        query,
        filters=refinement.filters,
        wishes=refinement.wishes,
        sort=refinement.sort,
        limit=size,
        offset=(number - 1) * size,
    )
    try:
        return query, part(cursor=HitCursor.parse(request.GET.get("cursor", "")))
    except CursorError:
        # Shared addresses outlive their cursors; the number in them still leads somewhere.
        return query, part()


def _query(found: ImageSearch, refinement: Refinement, clusters: Sequence[Cluster]) -> QueryVector:
    query = query_of_search(found, is_grouped=False)
    if refinement.examples:
        examples = refinement.examples
        return query_of_examples(examples, model_version=query.model_version, base=query)
    if refinement.is_reordered or refinement.filters.cluster is not None or not found.cluster:
        return query
    # The predicted group comes first unless the shopper asked for an order, or for a group.
    numbers = predicted_group(found.cluster_probabilities)
    group = sorted(cluster.pk for cluster in clusters if cluster.number in numbers)
    return replace(query, group=tuple(group))


def _entries(page: Page, *, calibration: Calibration | None) -> dict[str, Any]:
    """Return the hits in their sections: the predicted group, then all others, or one list."""
    products = Product.objects.with_photos()
    shown = product_hits(page, calibration=calibration, products=products)
    in_group = [entry for entry in shown if entry.hit.is_in_group]
    return {
        "in_group": in_group,
        "beyond": [entry for entry in shown if not entry.hit.is_in_group],
        "count": page.count,
        "is_count_exact": page.is_count_exact,
        "last_rank": page.hits[-1].rank if page.hits else 0,
        "next_cursor": page.next.encode() if page.next else "",
    }


def _narrowing(query: QueryVector) -> Callable[[ProductQuerySet], ProductQuerySet]:
    """Return what leaves the products that the list is of, whatever the filters."""
    return lambda products: query.narrow(products).embedded_by(query.model_version)


def _addresses(found: ImageSearch) -> dict[str, str]:
    return {
        "page_address": found.get_absolute_url(),
        "found_address": reverse("products:search_found", args=[found.pk]),
    }


def _page_number(request: HttpRequest) -> int:
    number = request.GET.get("page", "1")
    return int(number) if number.isdecimal() and 1 <= int(number) <= LAST_PAGE else 1
