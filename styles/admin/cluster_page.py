"""What the page of a clustering shows: the curve behind k, and what is in each cluster.

Called by the admin of clusterings; ``styles.cluster_profiles`` knows what is in clusters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from styles.catalogue import ProductPicture, get_catalogue
from styles.charts import Line, draw_lines
from styles.cluster_map import map_clustering
from styles.models import Cluster, Clustering
from styles.report_words import name_label, percent

SHOWN_SHARES = 6
# The style sheet of the map has so many colours, its template a plane of this size.
TONES = 12
MAP_WIDTH, MAP_HEIGHT = 1000, 700


def describe_clustering(clustering: Clustering) -> dict[str, Any]:
    """Return what the page of a clustering shows beside its fields."""
    clusters = list(clustering.clusters.order_by("number"))
    profiles = {profile["number"]: profile for profile in clustering.report.get("clusters", ())}
    names = {cluster.number: cluster.name for cluster in clusters}
    pictures = get_catalogue().pictures(
        {
            mention["sku"]
            for profile in profiles.values()
            for mention in (*profile["typical"], *profile["borderline"])
        }
    )
    classifier = clustering.report.get("classifier")
    return {
        "curves": _draw_curves(clustering.curve, chosen=len(clusters)),
        "choice": clustering.report.get("choice", ""),
        "recognised": percent(classifier["accuracy"]) if classifier else "",
        "held_out": classifier["held_out"] if classifier else 0,
        "clusters": [
            _describe_cluster(cluster, profiles.get(cluster.number, {}), names, pictures)
            for cluster in clusters
        ],
    }


def describe_map(clustering: Clustering) -> dict[str, Any]:
    """Return what the map draws; colours repeat where there are more groups than colours."""
    clusters = list(clustering.clusters.order_by("number"))
    tones = {cluster.pk: place % TONES for place, cluster in enumerate(clusters)}
    numbers = {cluster.pk: cluster.number for cluster in clusters}
    return {
        "points": [
            {
                "sku": point.sku,
                "x": f"{MAP_WIDTH * point.x:.1f}",
                "y": f"{MAP_HEIGHT * (1 - point.y):.1f}",
                "tone": tones[point.cluster_id],
                "number": numbers[point.cluster_id],
            }
            for point in map_clustering(clustering)
        ],
        "groups": [
            {
                "number": cluster.number,
                "name": cluster.name,
                "size": cluster.size,
                "tone": tones[cluster.pk],
            }
            for cluster in clusters
        ],
    }


def _draw_curves(curve: Sequence[Mapping[str, Any]], *, chosen: int) -> list[dict[str, Any]]:
    """Return a chart of silhouettes and one of inertias over the numbers of clusters tried."""
    described = (
        ("silhouette", _("Silhouette"), _("Higher: the groups stand further apart.")),
        ("inertia", _("Inertia"), _("Lower: products lie nearer to the middle of their group.")),
    )
    charts = []
    for number, (key, title, text) in enumerate(described, start=1):
        found = [(float(point["k"]), float(point[key])) for point in curve if point.get(key)]
        if len(found) < 2:
            continue
        drawn = draw_lines(
            [Line(title, found, number)],
            description=_("%(title)s over the number of groups, from %(first)d to %(last)d")
            % {"title": title, "first": found[0][0], "last": found[-1][0]},
            x_title=_("number of groups"),
            percent=False,
            stages=[(float(chosen), "")],
        )
        charts.append(
            {
                "title": title,
                "text": text,
                "svg": mark_safe(drawn),  # noqa: S308 - drawn here, of numbers and escaped words
                "points": [(int(k), f"{value:.4g}") for k, value in found],
            }
        )
    return charts


def _describe_cluster(
    cluster: Cluster,
    profile: Mapping[str, Any],
    names: Mapping[int, str],
    pictures: Mapping[str, ProductPicture],
) -> dict[str, Any]:
    told = cluster.profile
    return {
        "cluster": cluster,
        "shares": [
            (_("Styles"), _rank(told.get("styles", {}), kind="style")),
            (_("Product types"), _rank(told.get("product_types", {}), kind="product_type")),
        ],
        "typical": _mentioned(profile.get("typical", ()), names, pictures),
        "borderline": _mentioned(profile.get("borderline", ()), names, pictures),
    }


def _rank(shares: Mapping[str, float], *, kind: str) -> list[dict[str, str]]:
    """Return the largest shares; codes of styles and of their groups never meet."""
    ranked = sorted(shares.items(), key=lambda share: -share[1])[:SHOWN_SHARES]
    return [
        {"name": _named(code, kind), "share": f"{share:.4f}", "percent": percent(share)}
        for code, share in ranked
    ]


def _named(code: str, kind: str) -> str:
    if kind != "style":
        return name_label(kind, code)
    named = name_label("style", code)
    return named if named != code else name_label("style_group", code)


def _mentioned(
    mentions: Sequence[Mapping[str, Any]],
    names: Mapping[int, str],
    pictures: Mapping[str, ProductPicture],
) -> list[dict[str, Any]]:
    return [
        {"product": pictures[mention["sku"]], "runner_up": names.get(mention["runner_up"], "")}
        for mention in mentions
        if mention["sku"] in pictures
    ]
