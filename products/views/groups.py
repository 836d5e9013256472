"""Pages about style groups and clusters: places to browse, with a story and typical products."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from products.facets import count_facets
from products.filters import ProductFilters
from products.groups import (
    nearest_clusters,
    profile_of,
    typical_of_cluster,
    typical_of_style_group,
)
from products.shelves import shelves
from styles import taxonomy
from styles.exceptions import NoActiveModelVersionError
from styles.languages import is_korean
from styles.models import Cluster, ModelVersion, StyleGroup
from styles.stories import STORIES

TYPICAL_PRODUCTS = 12
PRODUCTS_IN_LIST = 4


@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """Show all style groups that have products, then all clusters."""
    facets = count_facets(ProductFilters())
    counts = {
        (kind, value.value): value.count
        for kind in ("style", "cluster")
        for value in facets.values[kind]
    }
    entries: list[dict[str, Any]] = [
        {
            "shelf": shelf,
            "count": counts.get((shelf.kind, shelf.code), 0),
            "styles": _styles_in(shelf.code) if shelf.kind == "style" else "",
        }
        for shelf in shelves(length=PRODUCTS_IN_LIST)
    ]
    context = {
        "style_groups": [entry for entry in entries if entry["shelf"].kind == "style"],
        "clusters": [entry for entry in entries if entry["shelf"].kind == "cluster"],
        "is_exact": facets.is_exact,
    }
    return render(request, "products/groups.html", context)


@require_safe
def group_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Tell the story of a style group; a single style leads to the group it belongs to."""
    if code not in STORIES:
        style = taxonomy.resolve_style(code)
        if style is None or style.code != code:
            raise Http404
        return redirect("products:group", code=style.group, permanent=True)
    groups = list(StyleGroup.objects.prefetch_related("styles"))
    context = {
        "group": next(group for group in groups if group.code == code),
        "story": STORIES[code],
        "typical": typical_of_style_group(
            code, model_version=_version_in_use(), count=TYPICAL_PRODUCTS
        ),
        "others": [group for group in groups if group.code not in (code, taxonomy.OTHER)],
    }
    return render(request, "products/group.html", context)


@require_safe
def cluster_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show what is in a cluster; one that is no more leads on to those there are."""
    clusters = list(Cluster.objects.in_force().select_related("clustering__model_version"))
    cluster = next((one for one in clusters if one.number == number), None)
    if cluster is None:
        return render(request, "products/cluster_gone.html", {"clusters": clusters}, status=404)
    context = {
        "cluster": cluster,
        "profile": profile_of(cluster),
        "typical": typical_of_cluster(
            cluster, model_version=cluster.clustering.model_version, count=TYPICAL_PRODUCTS
        ),
        "neighbours": nearest_clusters(cluster, clusters),
    }
    return render(request, "products/cluster.html", context)


def _styles_in(code: str) -> str:
    """Return the names of a group's styles, unless the group is but one style."""
    styles = [style for style in taxonomy.STYLES if style.group == code]
    if len(styles) < 2:
        return ""
    return ", ".join(style.name_ko if is_korean() else style.name_en for style in styles)


def _version_in_use() -> ModelVersion | None:
    try:
        return ModelVersion.objects.active()
    except NoActiveModelVersionError:
        return None
